#pragma once

#include <array>
#include <cstdint>

#include "protocol_db/bytes.hpp"
#include "protocol_db/model/model.hpp"

namespace framewright::packet {

/// The checksum of RFC 1071: the complement of the one's complement sum of 16-bit words. Octets are added in parts.
class InternetChecksum {
public:
    void add(ByteView octets) {
        std::size_t index = 0;
        if (is_odd_ && !octets.empty()) {
            sum_ += octets[index++];
            is_odd_ = false;
        }
        for (; index + 1 < octets.size(); index += 2) {
            sum_ += static_cast<std::uint32_t>(octets[index] << 8 | octets[index + 1]);
        }
        if (index < octets.size()) {
            sum_ += static_cast<std::uint32_t>(octets[index] << 8);
            is_odd_ = true;
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
    /// The last octet that was added is the first of its word.
    bool is_odd_ = false;
};

/// A cyclic redundancy check over octets that are added in parts.
class CrcSum {
public:
    explicit CrcSum(const model::Crc& crc);
    void add(ByteView octets);
    std::uint64_t value() const;

private:
    model::Crc crc_;
    /// The remainder: its highest power is the highest bit, or the lowest one when reflected.
    std::uint64_t remainder_ = 0;
    /// What four bits add to it.
    std::array<std::uint64_t, 16> table_{};
};

/// Fletcher's checksum of two sums modulo 255 (RFC 1146), over octets that are added in parts.
class Fletcher16 {
public:
    void add(ByteView octets);
    /// The second sum and, in the low octet, the first.
    std::uint64_t value() const { return second_ << 8 | first_; }
    /// The two octets that make both sums 0, when so many octets follow them that have been added, and they were 0
    /// (ISO 8473 annex C; neither is 0, which means that there is no checksum).
    std::uint64_t check_octets(std::size_t octets_behind) const;

private:
    std::uint64_t first_ = 0;
    std::uint64_t second_ = 0;
};

/// Adler-32 (RFC 1950 section 8.2), over octets that are added in parts.
class Adler32 {
public:
    void add(ByteView octets);
    std::uint64_t value() const { return second_ << 16 | first_; }

private:
    std::uint64_t first_ = 1;
    std::uint64_t second_ = 0;
};

}  // namespace framewright::packet
