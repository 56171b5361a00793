#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace framewright {

/// An owned run of octets: a packet, a field's wire image, a capture file.
using Bytes = std::vector<std::uint8_t>;

/// A view of octets owned by somebody else.
using ByteView = std::span<const std::uint8_t>;

}  // namespace framewright
