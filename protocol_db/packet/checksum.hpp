#pragma once

#include <cstdint>

#include "protocol_db/bytes.hpp"

namespace framewright::packet {

/// The checksum of RFC 1071: the complement of the one's complement sum of 16-bit words. Octets are added in parts,
/// each of which begins a new word.
class InternetChecksum {
public:
    void add(ByteView octets) {
        std::size_t index = 0;
        for (; index + 1 < octets.size(); index += 2) {
            sum_ += static_cast<std::uint32_t>(octets[index] << 8 | octets[index + 1]);
        }
        if (index < octets.size()) {
            sum_ += static_cast<std::uint32_t>(octets[index] << 8);
        }
    }

    /// Adds a number as it would stand in 32 bits.
    void add_number(std::uint64_t number) { sum_ += (number & 0xffffU) + ((number >> 16) & 0xffffU); }

    std::uint16_t value() const {
        std::uint64_t sum = sum_;
        while (sum >> 16 != 0) {
            sum = (sum & 0xffffU) + (sum >> 16);
        }
        return static_cast<std::uint16_t>(~sum);
    }

private:
    std::uint64_t sum_ = 0;
};

}  // namespace framewright::packet
