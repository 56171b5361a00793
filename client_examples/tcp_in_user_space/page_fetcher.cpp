#include "client_examples/tcp_in_user_space/page_fetcher.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace user_space_tcp {
namespace {

using std::chrono::milliseconds;

/// One of the ports for private use (RFC 6335), another one each time, as there is no TIME-WAIT to speak of.
std::uint16_t random_port() {
    std::random_device random;
    return std::uniform_int_distribution<std::uint16_t>(49152, 65535)(random);
}

void require_ipv4(const std::string& ip) {
    in_addr address{};
    if (inet_pton(AF_INET, ip.c_str(), &address) != 1) {
        throw std::runtime_error("'" + ip + "' is not an IPv4 address");
    }
}

/// The checked settings.
const FetchSettings& valid(const FetchSettings& settings) {
    require_ipv4(settings.address);
    if (settings.gateway) {
        require_ipv4(*settings.gateway);
    }
    if (kernel_has_address(settings.address)) {
        throw std::runtime_error("this host has the address " + settings.address +
                                 " itself: its kernel would reset the connection; give an address that is free");
    }
    return settings;
}

std::string filter(const FetchSettings& settings, std::uint16_t port) {
    return fmt::format(
        "(arp dst host {0}) or (tcp and ip dst host {0} and dst port {1} and src host {2} and src port {3})",
        settings.address, port, settings.url.host, settings.url.port);
}

}  // namespace

PageFetcher::PageFetcher(const FetchSettings& settings, PacketClient& packets)
    : settings_(valid(settings)),
      port_(random_port()),
      wire_(settings.interface, filter(settings, port_)),
      packets_(packets),
      own_{wire_.mac_address(), settings.address},
      server_{"", settings.url.host} {}

HttpResponse PageFetcher::fetch() {
    server_.mac = resolve(settings_.gateway.value_or(settings_.url.host));
    TcpConnection connection(settings_.connection, Clock::now());
    const std::string request = get_request(settings_.url);
    connection.send(std::span(reinterpret_cast<const std::uint8_t*>(request.data()), request.size()));
    HttpResponse response(settings_.maximum_page);
    try {
        exchange(connection, response);
    } catch (const HttpError& error) {
        connection.abort();
        send(connection);
        throw failure(error.what());
    }
    statistics_.connection = connection.counts();
    statistics_.dropped_by_kernel = wire_.dropped();
    statistics_.page_size = response.body().size();
    return response;
}

/// Asks who has an address: its MAC address.
std::string PageFetcher::resolve(const std::string& ip) {
    const std::vector<Packet> request{
        ArpPacket{ArpPacket::Operation::kRequest, own_, Address{"00:00:00:00:00:00", ip}}};
    for (int i = 0; i < kArpRequests; ++i) {
        send(request);
        for (const TimePoint deadline = Clock::now() + kArpTimeout; Clock::now() < deadline;) {
            for (const auto& [packet, arrival] : receive(deadline)) {
                const auto* arp = std::get_if<ArpPacket>(&packet);
                if (arp == nullptr) {
                    continue;
                }
                answer(*arp);
                if (arp->operation == ArpPacket::Operation::kReply && arp->sender.ip == ip && arp->target == own_) {
                    return arp->sender.mac;
                }
            }
        }
    }
    throw failure("no answer to ARP requests for " + ip + " on " + settings_.interface);
}

/// Moves segments both ways until both sides have closed, or the page is there and the other side is not any more.
void PageFetcher::exchange(TcpConnection& connection, HttpResponse& response) {
    const TimePoint begin = Clock::now();
    TimePoint last_progress = begin;
    std::optional<TimePoint> complete;
    send(connection);
    while (connection.state() != TcpConnection::State::kClosed) {
        TimePoint deadline = last_progress + settings_.patience;
        if (complete && !connection.peer_has_closed()) {
            deadline = std::min(deadline, *complete + kCloseTimeout);
        }
        const auto state = connection.state();
        const std::vector<Arrival> arrivals =
            receive(std::min(deadline, connection.next_deadline().value_or(deadline)));
        for (const auto& [packet, arrival] : arrivals) {
            if (const auto* arp = std::get_if<ArpPacket>(&packet)) {
                answer(*arp);
            } else if (const auto* tcp = std::get_if<TcpPacket>(&packet); tcp != nullptr && is_of_connection(*tcp)) {
                connection.receive(tcp->segment, Clock::now());
            }
        }
        const Bytes received = connection.take_received();
        response.append(received);
        const TimePoint now = Clock::now();
        if (!received.empty() || connection.state() != state) {
            last_progress = now;
        }
        if (!complete && (response.is_complete() || connection.peer_has_closed())) {
            complete = now;
            statistics_.duration = now - begin;
        }
        if (connection.peer_has_closed() || (complete && now >= *complete + kCloseTimeout)) {
            connection.close();
        }
        if (now >= last_progress + settings_.patience) {
            connection.abort();
        }
        send(connection);
        const auto acknowledged = std::chrono::system_clock::now();
        for (const auto& [packet, arrival] : arrivals) {
            if (const auto* tcp = std::get_if<TcpPacket>(&packet); tcp != nullptr && !tcp->segment.payload.empty()) {
                statistics_.acknowledged_after.add(acknowledged - arrival);
            }
        }
    }
    // Once all of the page is there, it does not matter how the connection ends.
    if (connection.failure() && !complete) {
        throw failure(*connection.failure());
    }
    response.end();
}

/// The packets that come before a deadline, as soon as there are some.
std::vector<PageFetcher::Arrival> PageFetcher::receive(TimePoint deadline) {
    const auto patience = std::chrono::ceil<milliseconds>(std::max(deadline - Clock::now(), Clock::duration::zero()));
    std::vector<CapturedFrame> captured = wire_.receive(patience, kFramesAtOnce);
    std::vector<Bytes> frames;
    frames.reserve(captured.size());
    for (CapturedFrame& frame : captured) {
        frames.push_back(std::move(frame.octets));
    }
    std::vector<Packet> packets = packets_.dissect(frames);
    std::vector<Arrival> arrivals;
    arrivals.reserve(packets.size());
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const auto* other = std::get_if<OtherPacket>(&packets[i]);
        statistics_.wrong_checksums += other != nullptr && other->wrong_checksum ? 1 : 0;
        arrivals.push_back({std::move(packets[i]), captured[i].arrival});
    }
    return arrivals;
}

/// Answers a request for our address, as the kernel would if the address were its own.
void PageFetcher::answer(const ArpPacket& request) {
    if (request.operation == ArpPacket::Operation::kRequest && request.target.ip == own_.ip) {
        send(std::vector<Packet>{ArpPacket{ArpPacket::Operation::kReply, own_, request.sender}});
    }
}

void PageFetcher::send(TcpConnection& connection) {
    std::vector<Packet> packets;
    for (Segment& segment : connection.take_segments(Clock::now())) {
        packets.emplace_back(TcpPacket{own_, server_, port_, settings_.url.port, std::move(segment)});
    }
    send(packets);
}

void PageFetcher::send(std::span<const Packet> packets) {
    for (const Bytes& frame : packets_.build(packets)) {
        wire_.send(frame);
    }
}

bool PageFetcher::is_of_connection(const TcpPacket& packet) const {
    return packet.source.ip == server_.ip && packet.destination.ip == own_.ip &&
           packet.source_port == settings_.url.port && packet.destination_port == port_;
}

std::runtime_error PageFetcher::failure(const std::string& what) const {
    const Url& url = settings_.url;
    return std::runtime_error(fmt::format("http://{}:{}{}: {}", url.host, url.port, url.path, what));
}

std::runtime_error PageFetcher::failure(TcpConnection::Failure reason) const {
    switch (reason) {
        case TcpConnection::Failure::kRefused:
            return failure("connection refused");
        case TcpConnection::Failure::kReset:
            return failure("the server reset the connection");
        case TcpConnection::Failure::kTimedOut:
            return failure("the server does not acknowledge what it is sent");
        case TcpConnection::Failure::kAborted:
            break;
    }
    return failure(fmt::format("nothing came for {} s", std::chrono::duration<double>(settings_.patience).count()));
}

}  // namespace user_space_tcp
