#include "protocol_db/packet/checksum.hpp"

namespace framewright::packet {

namespace {

constexpr std::uint32_t kRegisterBits = 64;

std::uint64_t reversed(std::uint64_t number, std::uint32_t width) {
    std::uint64_t result = 0;
    for (std::uint32_t bit = 0; bit < width; ++bit) {
        result = result << 1 | ((number >> bit) & 1U);
    }
    return result;
}

}  // namespace

CrcSum::CrcSum(const model::Crc& crc) : crc_(crc) {
    const std::uint32_t spare = kRegisterBits - crc.width;
    const std::uint64_t polynomial = crc.is_reflected ? reversed(crc.polynomial, crc.width) : crc.polynomial << spare;
    remainder_ = crc.is_reflected ? reversed(crc.initial, crc.width) : crc.initial << spare;
    for (std::size_t index = 0; index < table_.size(); ++index) {
        std::uint64_t entry = crc.is_reflected ? index : static_cast<std::uint64_t>(index) << (kRegisterBits - 4);
        for (int bit = 0; bit < 4; ++bit) {
            const bool has_highest = (crc.is_reflected ? entry & 1U : entry >> (kRegisterBits - 1)) != 0;
            entry = (crc.is_reflected ? entry >> 1 : entry << 1) ^ (has_highest ? polynomial : 0);
        }
        table_.at(index) = entry;
    }
}

void CrcSum::add(ByteView octets) {
    const auto add_low_first = [this](unsigned bits) {
        remainder_ = (remainder_ >> 4) ^ table_[(remainder_ ^ bits) & 0xfU];
    };
    const auto add_high_first = [this](unsigned bits) {
        remainder_ = (remainder_ << 4) ^ table_[((remainder_ >> (kRegisterBits - 4)) ^ bits) & 0xfU];
    };
    for (const std::uint8_t octet : octets) {
        if (crc_.is_reflected) {
            add_low_first(octet & 0xfU);
            add_low_first(octet >> 4U);
        } else {
            add_high_first(octet >> 4U);
            add_high_first(octet & 0xfU);
        }
    }
}

std::uint64_t CrcSum::value() const {
    const std::uint64_t number = crc_.is_reflected ? remainder_ : remainder_ >> (kRegisterBits - crc_.width);
    return number ^ crc_.final_xor;
}

void Fletcher16::add(ByteView octets) {
    for (const std::uint8_t octet : octets) {
        first_ = (first_ + octet) % 255;
        second_ = (second_ + first_) % 255;
    }
}

std::uint64_t Fletcher16::check_octets(std::size_t octets_behind) const {
    // With x and y as the octets, the sums are first + x + y and second + (behind + 2) * x + (behind + 1) * y.
    const std::uint64_t behind = octets_behind % 255;
    const std::uint64_t x = ((behind + 1) * first_ + 255 - second_) % 255;
    const std::uint64_t y = (510 - first_ - x) % 255;
    const auto not_zero = [](std::uint64_t octet) { return octet == 0 ? 255 : octet; };
    return not_zero(x) << 8 | not_zero(y);
}

void Adler32::add(ByteView octets) {
    constexpr std::uint64_t kModulus = 65521;
    for (const std::uint8_t octet : octets) {
        first_ = (first_ + octet) % kModulus;
        second_ = (second_ + first_) % kModulus;
    }
}

}  // namespace framewright::packet
