#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "client_examples/tcp_in_user_space/http.hpp"
#include "client_examples/tcp_in_user_space/packet_client.hpp"
#include "client_examples/tcp_in_user_space/statistics.hpp"
#include "client_examples/tcp_in_user_space/wire.hpp"

namespace user_space_tcp {

/// What to fetch, and as whom.
struct FetchSettings {
    std::string interface;
    std::string address;                 ///< Ours: IPv4, and none of the kernel's.
    std::optional<std::string> gateway;  ///< Who takes packets for the server; none: the server itself.
    Url url;
    std::size_t maximum_page = std::size_t{64} * 1024 * 1024;
    std::chrono::milliseconds patience{30'000};  ///< So long may nothing happen.
    TcpConnection::Settings connection;
};

/// Fetches one page over a TCP connection of its own, from an IP address of its own: a host in one class.
class PageFetcher {
public:
    /// Frames that are dissected, and acknowledged, together.
    static constexpr std::size_t kFramesAtOnce = PacketClient::kMaximumBatch;
    static constexpr std::chrono::milliseconds kArpTimeout{1000};
    static constexpr int kArpRequests = 3;
    /// So long is a server waited for that has sent all of the page and does not close the connection.
    static constexpr std::chrono::milliseconds kCloseTimeout{1000};

    /// Throws std::runtime_error if the interface or the server cannot be used.
    PageFetcher(const FetchSettings& settings, PacketClient& packets);

    /// Throws std::runtime_error with what went wrong (HttpError if that was in the answer).
    HttpResponse fetch();

    const Statistics& statistics() const noexcept { return statistics_; }

private:
    struct Arrival {
        Packet packet;
        std::chrono::system_clock::time_point time;
    };

    std::string resolve(const std::string& ip);
    void exchange(TcpConnection& connection, HttpResponse& response);
    std::vector<Arrival> receive(TimePoint deadline);
    void answer(const ArpPacket& request);
    void send(TcpConnection& connection);
    void send(std::span<const Packet> packets);
    bool is_of_connection(const TcpPacket& packet) const;
    std::runtime_error failure(const std::string& what) const;
    std::runtime_error failure(TcpConnection::Failure reason) const;

    FetchSettings settings_;
    std::uint16_t port_;
    Wire wire_;
    PacketClient& packets_;
    Address own_;
    Address server_;  ///< With the MAC address of the next hop.
    Statistics statistics_;
};

}  // namespace user_space_tcp
