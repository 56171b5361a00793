#pragma once

#include <cstddef>
#include <vector>

#include "protocol_db/fields/ber.hpp"
#include "protocol_db/fields/bit_io.hpp"
#include "protocol_db/model/model.hpp"

namespace framewright::packet {

/// Reads the values of BER that the fields of a layer stand in together (model::BerGroup).
class BerLayerReader {
public:
    /// `reader` reads the layer's fields from `bytes`; it ends where the value does that is being read.
    BerLayerReader(const model::Protocol& protocol, ByteView bytes, fields::BitReader& reader)
        : protocol_(protocol), bytes_(bytes), reader_(reader) {}

    /// Ends the values that end in front of a field, and begins those that begin with it. Throws fields::DecodeError.
    void advance(std::size_t field);
    /// How the lengths that were read are written.
    fields::ber::Lengths& lengths() { return lengths_; }

private:
    struct Open {
        const model::BerGroup* group;
        std::size_t end;
    };
    void begin(const model::BerGroup& group);
    void end_value();
    void end_at(std::size_t end);

    const model::Protocol& protocol_;
    ByteView bytes_;
    fields::BitReader& reader_;
    fields::ber::Lengths lengths_;
    /// One for each tag of the groups that have begun, the innermost last.
    std::vector<Open> open_;
    std::size_t next_group_ = 0;
};

/// Writes them: identifiers and lengths are put in front of the fields when these are there.
class BerLayerWriter {
public:
    /// The buffer holds the layer's fields, and `places` where they lie.
    BerLayerWriter(const model::Protocol& protocol, fields::ber::Lengths lengths, Bytes& buffer,
                   std::vector<model::Place>& places)
        : protocol_(protocol), lengths_(std::move(lengths)), buffer_(buffer), places_(places) {}

    void advance(std::size_t field);
    fields::ber::Lengths& lengths() { return lengths_; }

private:
    struct Open {
        const model::BerGroup* group;
        std::size_t start;
        /// Of each of its tags.
        std::vector<std::size_t> length_octets;
    };
    void end(const Open& open);

    const model::Protocol& protocol_;
    fields::ber::Lengths lengths_;
    Bytes& buffer_;
    std::vector<model::Place>& places_;
    std::vector<Open> open_;
    std::size_t next_group_ = 0;
};

}  // namespace framewright::packet
