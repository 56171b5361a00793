#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace user_space_tcp {

using Bytes = std::vector<std::uint8_t>;

/// A place in the stream of octets of one direction, modulo 2^32 (RFC 9293, section 3.4).
class SequenceNumber {
public:
    constexpr SequenceNumber() = default;
    constexpr explicit SequenceNumber(std::uint32_t value) : value_(value) {}

    constexpr std::uint32_t value() const noexcept { return value_; }

    constexpr SequenceNumber& operator+=(std::uint32_t octets) noexcept {
        value_ += octets;
        return *this;
    }
    friend constexpr SequenceNumber operator+(SequenceNumber from, std::uint32_t octets) noexcept {
        return from += octets;
    }

    /// The octets from `from` to `to`; negative if `to` comes first. Right for places less than 2^31 apart.
    friend constexpr std::int32_t operator-(SequenceNumber to, SequenceNumber from) noexcept {
        return static_cast<std::int32_t>(to.value_ - from.value_);
    }

    friend constexpr bool operator==(SequenceNumber, SequenceNumber) = default;

private:
    std::uint32_t value_ = 0;
};

/// What TCP says to its other side: a header (RFC 9293, section 3.1) without ports and checksum, and data.
struct Segment {
    SequenceNumber sequence;
    SequenceNumber acknowledgement;  ///< Means something only with `ack`.
    bool syn = false;
    bool ack = false;
    bool fin = false;
    bool rst = false;
    bool psh = false;
    std::uint16_t window = 0;                           ///< As it stands in the header: not scaled.
    std::optional<std::uint16_t> maximum_segment_size;  ///< An option: the largest payload that its sender takes.
    std::optional<std::uint8_t> window_scale;           ///< An option: RFC 7323, section 2.
    Bytes payload;

    friend bool operator==(const Segment&, const Segment&) = default;
};

}  // namespace user_space_tcp
