#include "server/address.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <memory>

namespace framewright::server {
namespace {

constexpr std::string_view kEveryIpv4 = "0.0.0.0";
constexpr std::string_view kLoopback = "127.0.0.1";

bool is_numeric(int family, std::string_view address) {
    std::array<unsigned char, sizeof(in6_addr)> parsed{};
    return inet_pton(family, std::string(address).c_str(), parsed.data()) == 1;
}

std::string_view numeric(std::string_view address) {
    return address == "localhost" ? kLoopback : address == "*" ? kEveryIpv4 : address;
}

std::string endpoint(std::string_view address, std::uint16_t port) {
    const bool bracketed = is_ipv6(address);
    return "tcp://" + (bracketed ? "[" + std::string(address) + "]" : std::string(address)) + ":" +
           std::to_string(port);
}

}  // namespace

bool is_ipv6(std::string_view address) {
    return is_numeric(AF_INET6, address);
}

bool is_listen_address(std::string_view address) {
    return is_numeric(AF_INET, numeric(address)) || is_ipv6(address);
}

bool is_every_interface(std::string_view address) {
    in6_addr parsed{};
    return numeric(address) == kEveryIpv4 ||
           (inet_pton(AF_INET6, std::string(address).c_str(), &parsed) == 1 && IN6_IS_ADDR_UNSPECIFIED(&parsed));
}

std::string listen_endpoint(std::string_view address, std::uint16_t port) {
    return endpoint(numeric(address), port);
}

std::string local_endpoint(std::string_view address, std::uint16_t port) {
    if (is_every_interface(address)) {
        return endpoint(is_ipv6(address) ? "::1" : kLoopback, port);
    }
    return endpoint(numeric(address), port);
}

std::string reachable_address(std::string_view address) {
    if (!is_every_interface(address)) {
        return std::string(numeric(address));
    }
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0) {
        return std::string(kLoopback);
    }
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> interfaces(first, &freeifaddrs);
    for (const ifaddrs* interface = first; interface != nullptr; interface = interface->ifa_next) {
        const bool is_usable = (interface->ifa_flags & IFF_UP) != 0 && (interface->ifa_flags & IFF_LOOPBACK) == 0;
        if (!is_usable || interface->ifa_addr == nullptr || interface->ifa_addr->sa_family != AF_INET) {
            continue;
        }
        std::array<char, INET_ADDRSTRLEN> text{};
        const auto* ipv4 = reinterpret_cast<const sockaddr_in*>(interface->ifa_addr);
        if (inet_ntop(AF_INET, &ipv4->sin_addr, text.data(), text.size()) != nullptr) {
            return text.data();
        }
    }
    return std::string(kLoopback);
}

}  // namespace framewright::server
