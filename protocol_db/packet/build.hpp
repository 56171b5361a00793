#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "protocol_db/model/model.hpp"
#include "protocol_db/packet/layer_rules.hpp"

namespace framewright::packet {

/// The most bytes of a packet that is built.
inline constexpr std::size_t kMaximumPacketSize = (1U << 20U) + (64U << 10U);

/// A packet that cannot be built: which layer, field and value, and why.
class BuildError : public std::runtime_error {
public:
    BuildError(std::optional<std::size_t> layer, std::string protocol, std::string field, std::string value,
               const std::string& reason);

    /// The layer's place in the packet, from 0; none for what concerns the whole packet.
    std::optional<std::size_t> layer() const { return layer_; }
    const std::string& protocol() const { return protocol_; }
    const std::string& field() const { return field_; }
    const std::string& value() const { return value_; }

private:
    std::optional<std::size_t> layer_;
    std::string protocol_;
    std::string field_;
    std::string value_;
};

/// A packet's bytes, and where each of its layers begins.
struct BuiltPacket {
    Bytes bytes;
    /// In the order of the layers, in bytes from the packet's start.
    std::vector<std::size_t> offsets;
    /// Where what is the layers' ends, where something follows that is not; empty where all of them go to the end.
    std::vector<std::size_t> ends;
    /// What each field held when the packet was built: set, imposed by the payload, or default.
    std::vector<std::vector<const model::Value*>> values;
    /// Where each field was written; empty for a layer that is written as it was dissected.
    std::vector<std::vector<Place>> places;
};

/// Builds a packet: for each field the value that was set, else what the layer above imposes, else the default; then
/// what is computed: lengths and counts, then checksums from the innermost layer out. A trailer stands behind what
/// its layer carries. A layer that the definition of an earlier one lets follow (`then`) stands behind what that one
/// carries. Padding follows all other layers and counts in none of their lengths. The values refer into `packet` and
/// its protocols. Throws BuildError.
BuiltPacket build(const model::Packet& packet, const model::Database& database);

/// A new layer of a protocol: nothing is set but what its fields make anew or begin with.
model::Layer make_layer(const model::Protocol& protocol);

/// What a field holds that nobody sets: a value made anew where the field has such, else nothing.
model::FieldValue unset_field(const model::Field& field);

}  // namespace framewright::packet
