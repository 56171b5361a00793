#include "protocol_db/field_engine/checksums.hpp"

#include <algorithm>

#include "protocol_db/packet/checksum.hpp"

namespace framewright::field_engine {

namespace {

constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;

std::size_t number_at(ByteView packet, std::size_t place) {
    return static_cast<std::size_t>(packet[place] << 8 | packet[place + 1]);
}

void put(std::span<std::uint8_t> packet, std::size_t place, std::uint16_t number) {
    packet[place] = static_cast<std::uint8_t>(number >> 8);
    packet[place + 1] = static_cast<std::uint8_t>(number);
}

unsigned version_at(ByteView packet, std::size_t l3) {
    return l3 < packet.size() ? packet[l3] >> 4U : 0;
}

}  // namespace

void fix_ipv4_header(std::span<std::uint8_t> packet, std::size_t header) {
    constexpr std::size_t kPlace = 10;
    if (header >= packet.size()) {
        return;
    }
    const std::size_t size = std::size_t{4} * (packet[header] & 0x0fU);
    if (size < kIpv4Header || size > packet.size() - header) {
        return;
    }
    put(packet, header + kPlace, 0);
    packet::InternetChecksum sum;
    sum.add(ByteView(packet).subspan(header, size));
    put(packet, header + kPlace, sum.value());
}

void fix_transport(std::span<std::uint8_t> packet, std::size_t l3, std::size_t l4, const TransportChecksum& checksum) {
    const unsigned version = version_at(packet, l3);
    const std::size_t network_header = version == 4 ? kIpv4Header : kIpv6Header;
    if ((version != 4 && version != 6) || l4 < l3 + network_header || l4 > packet.size()) {
        return;
    }
    const std::size_t said = version == 4 ? number_at(packet, l3 + 2) : number_at(packet, l3 + 4) + kIpv6Header;
    const std::size_t end = std::min(packet.size(), l3 + said);
    if (end < l4 + checksum.header_size) {
        return;
    }
    const ByteView message = ByteView(packet).subspan(l4, end - l4);
    const ByteView addresses =
        version == 4 ? ByteView(packet).subspan(l3 + 12, 8) : ByteView(packet).subspan(l3 + 8, 32);
    put(packet, l4 + checksum.place, 0);
    packet::InternetChecksum sum;
    sum.add(addresses);
    sum.add_number(checksum.protocol);
    sum.add_number(message.size());
    sum.add(message);
    const bool must_not_be_zero = checksum.zero_means_none && sum.value() == 0;
    put(packet, l4 + checksum.place, must_not_be_zero ? 0xffff : sum.value());
}

}  // namespace framewright::field_engine
