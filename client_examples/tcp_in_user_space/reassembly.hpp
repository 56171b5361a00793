#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>

#include "client_examples/tcp_in_user_space/segment.hpp"

namespace user_space_tcp {

/// Puts the octets of a stream in order. What arrives early is kept, within bounds; what arrives again is dropped.
class Reassembly {
public:
    /// So many pieces are kept that cannot be delivered yet; what arrives beyond them has to be sent again.
    static constexpr std::size_t kMaximumPieces = 1024;

    /// Adds octets that start so many octets behind the next one that is missing; negative: that many are known
    /// already. True if octets were delivered.
    bool add(std::int64_t offset, std::span<const std::uint8_t> octets);

    /// Whether something waits for octets before it.
    bool has_gap() const noexcept { return !early_.empty(); }

    /// How many octets of the stream were delivered.
    std::uint64_t delivered() const noexcept { return delivered_; }

    /// What was delivered since the last call.
    Bytes take();

private:
    void deliver(std::span<const std::uint8_t> octets);

    std::map<std::uint64_t, Bytes> early_;  ///< By the place in the stream of their first octet.
    Bytes in_order_;
    std::uint64_t delivered_ = 0;
};

}  // namespace user_space_tcp
