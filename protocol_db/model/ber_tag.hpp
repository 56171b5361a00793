#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace framewright::model {

/// The classes of tags, in the order of their bits (X.690 section 8.1.2.2).
enum class TagClass : std::uint8_t { kUniversal, kApplication, kContext, kPrivate };

/// The identifier of a BER value (X.690 section 8.1.2).
struct BerTag {
    TagClass tag_class = TagClass::kUniversal;
    std::uint32_t number = 0;
    bool is_constructed = false;

    bool operator==(const BerTag&) const = default;
};

/// Values of BER that fields stand in together: the innermost is constructed (SEQUENCE, SET), those around it are
/// explicit tags, or strings whose octets are the encoding of what they contain.
struct BerGroup {
    /// Of the protocol's fields, from this one on,
    std::size_t first = 0;
    /// up to in front of this one.
    std::size_t end = 0;
    /// The outermost first.
    std::vector<BerTag> tags;
};

}  // namespace framewright::model
