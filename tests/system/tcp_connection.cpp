#include "tests/system/tcp_connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "tests/system/server_process.hpp"

namespace framewright::tests {
namespace {

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

int make_socket() {
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        fail("socket");
    }
    return descriptor;
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool has_input(int descriptor) {
    pollfd event{descriptor, POLLIN, 0};
    return poll(&event, 1, static_cast<int>(kPatience.count())) > 0;
}

}  // namespace

TcpConnection TcpConnection::to_port(std::uint16_t port) {
    TcpConnection connection(make_socket());
    const sockaddr_in address = loopback(port);
    const int yes = 1;
    if (connect(connection.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
        setsockopt(connection.descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) != 0) {
        fail("connect");
    }
    return connection;
}

TcpConnection::~TcpConnection() {
    if (descriptor_ >= 0) {
        close(descriptor_);
    }
}

TcpConnection::TcpConnection(TcpConnection&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

void TcpConnection::send(std::string_view octets) const {
    while (!octets.empty()) {
        const ssize_t count = ::send(descriptor_, octets.data(), octets.size(), MSG_NOSIGNAL);
        if (count < 0) {
            fail("send");
        }
        octets.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::string TcpConnection::receive(std::size_t size) const {
    std::string octets(size, '\0');
    std::size_t received = 0;
    while (received < size && has_input(descriptor_)) {
        const ssize_t count = recv(descriptor_, octets.data() + received, size - received, 0);
        if (count <= 0) {
            break;
        }
        received += static_cast<std::size_t>(count);
    }
    octets.resize(received);
    return octets;
}

bool TcpConnection::has_ended() const {
    char octet = 0;
    return has_input(descriptor_) && recv(descriptor_, &octet, 1, 0) == 0;
}

void TcpConnection::reset() {
    const linger at_once{1, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(std::exchange(descriptor_, -1));
}

TcpListener::TcpListener() : descriptor_(make_socket()) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);
    auto* const general = reinterpret_cast<sockaddr*>(&address);
    if (bind(descriptor_, general, size) != 0 || listen(descriptor_, 1) != 0 ||
        getsockname(descriptor_, general, &size) != 0) {
        const int error = errno;
        close(descriptor_);
        throw std::system_error(error, std::generic_category(), "listen");
    }
    port_ = ntohs(address.sin_port);
}

TcpListener::~TcpListener() {
    close(descriptor_);
}

TcpConnection TcpListener::accept() const {
    const int connected = has_input(descriptor_) ? ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC) : -1;
    if (connected < 0) {
        fail("accept");
    }
    return TcpConnection(connected);
}

}  // namespace framewright::tests
