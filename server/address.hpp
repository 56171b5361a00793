#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace framewright::server {

/// Whether the text is an IPv6 address.
bool is_ipv6(std::string_view address);

/// Whether one can listen on it: an IPv4 or IPv6 address, "localhost", or "*".
bool is_listen_address(std::string_view address);

/// Whether the address stands for every interface of the machine.
bool is_every_interface(std::string_view address);

/// The ZeroMQ endpoint to listen on.
std::string listen_endpoint(std::string_view address, std::uint16_t port);

/// The ZeroMQ endpoint on which a client of this machine reaches a server that listens there.
std::string local_endpoint(std::string_view address, std::uint16_t port);

/// The address to tell a person; where every interface is meant, that of the first one other machines can reach.
std::string reachable_address(std::string_view address);

}  // namespace framewright::server
