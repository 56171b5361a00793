#pragma once

#include <span>
#include <vector>

#include "protocol_db/expression/rule.hpp"
#include "protocol_db/model/model.hpp"

namespace framewright::packet {

using model::Place;

/// A layer with the values that count: those of `effective` where given, else what is set, else the defaults.
struct LayerView {
    const model::Layer* layer = nullptr;
    std::span<const model::Value* const> effective;

    const model::Value& value(std::size_t index) const;
    const model::Protocol& protocol() const { return *layer->protocol; }
};

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
    std::int64_t remaining() const override { return remaining_; }
    std::int64_t bytes_at(std::int64_t position, std::size_t width) const override;
    bool is_below(std::string_view name) const override;
    std::int64_t below_field(std::string_view field) const override;

    /// The places of the fields that are built or dissected so far.
    void set_places(std::span<const Place> places) { places_ = places; }
    void set_header_length(std::size_t length) { header_length_ = static_cast<std::int64_t>(length); }
    void set_payload_length(std::size_t length) { payload_length_ = static_cast<std::int64_t>(length); }
    void set_remaining(std::size_t length) { remaining_ = static_cast<std::int64_t>(length); }
    /// Whether a rule asked for the number of a field that has none.
    bool asked_undefined() const { return asked_undefined_; }
    /// What byte(), u16() and u32() look at.
    void set_bytes(ByteView bytes) { bytes_ = bytes; }

private:
    LayerView self_;
    LayerView below_;
    std::span<const Place> places_;
    ByteView bytes_;
    std::int64_t header_length_ = 0;
    std::int64_t payload_length_ = 0;
    std::int64_t remaining_ = 0;
    mutable bool asked_undefined_ = false;
};

}  // namespace framewright::packet
