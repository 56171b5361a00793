#include "client_examples/tcp_in_user_space/reassembly.hpp"

#include <utility>

namespace user_space_tcp {

bool Reassembly::add(std::int64_t offset, std::span<const std::uint8_t> octets) {
    if (offset > 0) {
        const std::uint64_t place = delivered_ + static_cast<std::uint64_t>(offset);
        const auto known = early_.find(place);
        if (known != early_.end()) {
            if (octets.size() > known->second.size()) {
                known->second.assign(octets.begin(), octets.end());
            }
        } else if (!octets.empty() && early_.size() < kMaximumPieces) {
            early_.emplace(place, Bytes(octets.begin(), octets.end()));
        }
        return false;
    }
    const auto known = static_cast<std::uint64_t>(-offset);
    if (known >= octets.size()) {
        return false;
    }
    deliver(octets.subspan(known));
    while (!early_.empty() && early_.begin()->first <= delivered_) {
        const auto piece = early_.extract(early_.begin());
        const std::uint64_t overlap = delivered_ - piece.key();
        if (overlap < piece.mapped().size()) {
            deliver(std::span(piece.mapped()).subspan(overlap));
        }
    }
    return true;
}

Bytes Reassembly::take() {
    return std::exchange(in_order_, {});
}

void Reassembly::deliver(std::span<const std::uint8_t> octets) {
    in_order_.insert(in_order_.end(), octets.begin(), octets.end());
    delivered_ += octets.size();
}

}  // namespace user_space_tcp
