#pragma once

#include <optional>
#include <span>
#include <vector>

#include "protocol_db/expression/rule.hpp"
#include "protocol_db/fields/bit_io.hpp"
#include "protocol_db/model/model.hpp"

namespace framewright::packet {

using model::Place;

/// A layer with the values that count: those of `effective` where given, else what is set, else the defaults.
struct LayerView {
    const model::Layer* layer = nullptr;
    std::span<const model::Value* const> effective = {};
    /// While a packet is built, what its computed fields hold by now, by field.
    std::span<const std::int64_t> numbers = {};

    const model::Value& value(std::size_t index) const;
    const model::Protocol& protocol() const { return *layer->protocol; }
    /// Whether the field is computed, as nobody gave a value.
    bool is_computed(std::size_t index) const;
};

/// A header that is being built, for rules that look at it. What they asked is kept in mind: their answers may change
/// while numbers are computed.
struct HeaderInProgress {
    const fields::BitWriter& writer;
    /// The field that comes next.
    std::size_t field = 0;
    /// The size that the header had when it was written before; nothing the first time.
    std::optional<std::size_t> last_size;
    bool asked_for_octets = false;
    bool asked_for_size = false;
};

/// The form in which field `index` is shown where `meant` stands for it, another field of its id that is in the layer:
/// that one's, unless both hold numbers.
const model::Field& form_of(const model::Protocol& protocol, std::size_t index, std::size_t meant);

/// Answers the questions of rules about a layer that is being built or dissected.
class LayerRules final : public expression::RuleContext {
public:
    LayerRules(LayerView self, LayerView below) : self_(self), below_(below) {}

    std::int64_t field(std::size_t index) const override;
    bool is_defined(std::size_t index) const override;
    std::int64_t length_of(std::size_t index) const override;
    std::int64_t count_of(std::size_t index) const override;
    std::int64_t element_of(std::size_t index, std::int64_t position) const override;
    std::int64_t header_length() const override { return header_length_; }
    std::int64_t payload_length() const override { return payload_length_; }
    std::int64_t remaining() const override;
    /// Throws fields::ValueError for octets that are not built yet.
    std::int64_t bytes_at(std::int64_t position, std::size_t width) const override;
    bool is_below(std::string_view name) const override;
    const model::Protocol& protocol() const { return self_.protocol(); }
    /// The field that is meant by a field: itself, or where it is not in the layer, the first of its id that is.
    std::size_t meant(std::size_t index) const;
    /// The value of the field that is meant.
    const model::Value& value(std::size_t index) const { return self_.value(meant(index)); }
    std::int64_t below_field(std::string_view field) const override;
    bool is_parent(std::string_view name) const override;
    std::int64_t parent_field(std::string_view field) const override;

    /// The places of the fields that are built or dissected so far.
    void set_places(std::span<const Place> places) { places_ = places; }
    void set_header_length(std::size_t length) { header_length_ = static_cast<std::int64_t>(length); }
    void set_payload_length(std::size_t length) { payload_length_ = static_cast<std::int64_t>(length); }
    void set_remaining(std::size_t length) { remaining_ = static_cast<std::int64_t>(length); }
    /// What byte(), u16() and u32() look at.
    void set_bytes(ByteView bytes) { bytes_ = bytes; }
    /// The header that byte(), u16(), u32() and `remaining` look at.
    void set_header(HeaderInProgress& header) { header_ = &header; }
    /// The rules of the layer whose field holds this layer's packet, or null.
    void set_parent(const LayerRules* parent) { parent_ = parent; }

    /// Whether a rule asked for the number of a field that the bytes ended before.
    bool asked_for_missing() const { return asked_for_missing_; }
    /// The computed field of this layer that a rule asked for last.
    std::optional<std::size_t> asked_for_computed() const { return asked_for_computed_; }
    /// Whether a rule asked for a computed field of the layer below.
    bool asked_for_computed_below() const { return asked_for_computed_below_; }

private:
    std::int64_t number_without_value(std::size_t index) const;
    bool is_present(std::size_t index) const;
    void find_present() const;

    LayerView self_;
    LayerView below_;
    const LayerRules* parent_ = nullptr;
    std::span<const Place> places_;
    ByteView bytes_;
    HeaderInProgress* header_ = nullptr;
    std::int64_t header_length_ = 0;
    std::int64_t payload_length_ = 0;
    std::int64_t remaining_ = 0;
    mutable bool asked_for_missing_ = false;
    mutable bool asked_for_computed_below_ = false;
    mutable std::optional<std::size_t> asked_for_computed_;
    /// Which fields of those that share their id are in the layer, as far as that is known by now.
    mutable std::vector<bool> present_;
};

}  // namespace framewright::packet
