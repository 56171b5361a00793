#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "protocol_db/bytes.hpp"
#include "protocol_db/integer.hpp"

namespace framewright::packet {

/// The largest payload that is generated, in bytes.
inline constexpr std::size_t kMaximumGeneratedBytes = std::size_t{1} << 20;

/// The seed of a random payload that names none.
inline constexpr Integer kDefaultPayloadSeed = 12345;

/// A payload that cannot be generated; what() is fit for a user.
class PayloadError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Where a generated payload takes its bytes from.
enum class PayloadKind {
    kRandomBytes,  ///< every octet from 0x00 to 0xff
    kRandomAscii,  ///< printable ASCII, 0x20 to 0x7e
    kTemplate,     ///< the template over and over
};

/// What a BYTES value with "generate" asks for.
struct PayloadRequest {
    PayloadKind kind = PayloadKind::kRandomBytes;
    std::optional<Integer> size{};  ///< in bytes; a template may leave it out and is then taken once, whole
    std::optional<Integer> seed{};  ///< of the random kinds; kDefaultPayloadSeed when absent
    Bytes template_bytes{};         ///< of kTemplate; an empty template gives an empty payload
};

/// Generates the payload. The random kinds give the bytes that Python's random.Random, seeded with the same integer
/// (version=1), gives with one random() for each byte. Throws PayloadError when the size is missing, negative or above
/// kMaximumGeneratedBytes.
Bytes generate_payload(const PayloadRequest& request);

/// Reads a template_code: hexadecimal digits in which blanks and 0x do not count. Throws PayloadError naming the
/// character that is none (counted from 1), or for an odd number of digits.
Bytes parse_template_code(std::string_view code);

}  // namespace framewright::packet
