#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewright::tests {

/// A TCP connection over the loopback interface, as a peer that does what the test wants.
class TcpConnection {
public:
    /// Connects to a port. Throws std::system_error.
    static TcpConnection to_port(std::uint16_t port);

    ~TcpConnection();
    TcpConnection(TcpConnection&& other) noexcept;
    TcpConnection(const TcpConnection&) = delete;
    TcpConnection& operator=(const TcpConnection&) = delete;

    /// Sends bytes. Throws std::system_error.
    void send(std::string_view octets) const;

    /// So many bytes; fewer where the stream ends, or patience does.
    std::string receive(std::size_t size) const;

    /// Whether the peer has closed the connection and sent nothing more; waits for it.
    bool has_ended() const;

    /// Ends the connection with a reset in place of a proper close.
    void reset();

private:
    friend class TcpListener;
    explicit TcpConnection(int descriptor) noexcept : descriptor_(descriptor) {}

    int descriptor_ = -1;
};

/// Waits for connections on a free port of the loopback interface.
class TcpListener {
public:
    /// Throws std::system_error.
    TcpListener();
    ~TcpListener();
    TcpListener(const TcpListener&) = delete;
    TcpListener& operator=(const TcpListener&) = delete;

    std::uint16_t port() const noexcept { return port_; }

    /// The next connection. Throws std::system_error, also where patience ends.
    TcpConnection accept() const;

private:
    int descriptor_ = -1;
    std::uint16_t port_ = 0;
};

}  // namespace framewright::tests
