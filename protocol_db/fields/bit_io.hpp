#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "protocol_db/bytes.hpp"
#include "protocol_db/fields/errors.hpp"
#include "protocol_db/integer.hpp"

namespace framewright::fields {

/// Appends bits and octets to a buffer, most significant bit first.
class BitWriter {
public:
    explicit BitWriter(Bytes& buffer) : buffer_(buffer) {}

    /// The place where the next bit goes, counted from the buffer's first.
    std::size_t bit_position() const { return buffer_.size() * 8 - unused_bits_; }
    std::size_t byte_position() const { return buffer_.size(); }

    /// Appends the `width` lowest bits of `number`.
    void write_bits(Integer number, std::uint32_t width) {
        for (std::uint32_t left = width; left > 0;) {
            if (unused_bits_ == 0) {
                buffer_.push_back(0);
                unused_bits_ = 8;
            }
            const std::uint32_t take = std::min(left, unused_bits_);
            const auto part = static_cast<std::uint32_t>(number >> (left - take)) & ((1U << take) - 1U);
            unused_bits_ -= take;
            buffer_.back() = static_cast<std::uint8_t>(buffer_.back() | (part << unused_bits_));
            left -= take;
        }
    }

    /// Appends `width` bits of `source` from bit `first` on.
    void copy_bits(ByteView source, std::size_t first, std::size_t width) {
        if (unused_bits_ == 0 && first % 8 == 0 && width % 8 == 0) {
            write_bytes(source.subspan(first / 8, width / 8));
            return;
        }
        for (std::size_t bit = first; bit < first + width; ++bit) {
            write_bits(source[bit / 8] >> (7 - bit % 8), 1);
        }
    }

    /// Appends octets; the bits that are left of a begun octet stay 0.
    void write_bytes(ByteView octets) {
        unused_bits_ = 0;
        buffer_.insert(buffer_.end(), octets.begin(), octets.end());
    }
    void write_zeros(std::size_t count) {
        unused_bits_ = 0;
        buffer_.insert(buffer_.end(), count, 0);
    }
    void align() { unused_bits_ = 0; }

    Bytes& buffer() { return buffer_; }
    /// The octets that are complete.
    ByteView written() const { return ByteView(buffer_).first(bit_position() / 8); }

private:
    Bytes& buffer_;
    std::uint32_t unused_bits_ = 0;
};

/// Overwrites `width` bits of `buffer` from bit `first` on with the lowest bits of `number`.
inline void overwrite_bits(Bytes& buffer, std::size_t first, std::uint32_t width, Integer number) {
    for (std::uint32_t bit = 0; bit < width; ++bit) {
        const std::size_t place = first + bit;
        const auto mask = static_cast<std::uint8_t>(0x80U >> (place % 8));
        const bool is_one = ((number >> (width - 1 - bit)) & 1) != 0;
        std::uint8_t& octet = buffer[place / 8];
        octet = static_cast<std::uint8_t>(is_one ? octet | mask : octet & ~mask);
    }
}

/// Reads bits and octets from a layer's bytes; reading past the end throws DecodeError.
class BitReader {
public:
    explicit BitReader(ByteView data) : data_(data) {}

    std::size_t bit_position() const { return position_; }
    /// The octets not yet read; a begun octet counts as read.
    ByteView rest() const { return data_.subspan(std::min(data_.size(), (position_ + 7) / 8)); }
    bool at_end() const { return position_ >= data_.size() * 8; }
    /// Everything from the layer's first octet.
    ByteView data() const { return data_; }

    void skip_bits(std::size_t width) { position_ += width; }

    /// Ends the octets after `size` of them. Whether there are as many: if not, they end where they did.
    bool bound(std::size_t size) {
        is_bounded_ = size <= data_.size();
        data_ = data_.first(std::min(size, data_.size()));
        return is_bounded_;
    }
    /// Whether the octets end where they should.
    bool is_bounded() const { return is_bounded_; }

    Integer read_bits(std::uint32_t width) {
        if (position_ + width > data_.size() * 8) {
            throw DecodeError("the bytes end within the field");
        }
        Integer number = 0;
        for (std::uint32_t left = width; left > 0;) {
            const auto offset = static_cast<std::uint32_t>(position_ % 8);
            const std::uint32_t take = std::min(left, 8 - offset);
            const std::uint32_t part = (data_[position_ / 8] >> (8 - offset - take)) & ((1U << take) - 1U);
            number = (number << take) | part;
            position_ += take;
            left -= take;
        }
        return number;
    }

    ByteView read_bytes(std::size_t count) {
        position_ = (position_ + 7) / 8 * 8;
        if (count > data_.size() - std::min(data_.size(), position_ / 8)) {
            throw DecodeError("the bytes end within the field");
        }
        const ByteView octets = data_.subspan(position_ / 8, count);
        position_ += count * 8;
        return octets;
    }

private:
    ByteView data_;
    std::size_t position_ = 0;
    bool is_bounded_ = false;
};

}  // namespace framewright::fields
