#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "client_examples/tcp_in_user_space/packet.hpp"

namespace user_space_tcp {

/// Builds and dissects packets by Framewright, as many at once as there are: one JSON-RPC batch, one reply.
/// Everything throws std::exception if the server does not answer, or refuses what it is asked for.
class PacketClient {
public:
    /// More than this is not waited for an answer.
    static constexpr std::chrono::seconds kPatience{5};
    /// Requests in one message; the server takes 1000.
    static constexpr std::size_t kMaximumBatch = 64;

    /// What becomes of the checksums of packets that are dissected. A network card that computes them itself is given
    /// unfinished ones by its driver; on a virtual interface they arrive like that.
    enum class Checksums { kVerify, kIgnore };

    explicit PacketClient(const std::string& endpoint, Checksums checksums = Checksums::kVerify);

    /// The frames of packets: a TcpPacket or an ArpPacket each.
    std::vector<Bytes> build(std::span<const Packet> packets);

    /// The packets of frames that start with Ethernet. What cannot be dissected, is a fragment, or has a wrong
    /// checksum is an OtherPacket.
    std::vector<Packet> dissect(std::span<const Bytes> frames);

private:
    zmq::message_t exchange(const std::string& batch);
    std::vector<nlohmann::json> call(const std::vector<std::string>& requests);
    std::vector<nlohmann::json> reconstruct(const std::vector<std::string>& frames, const std::string& model);

    Checksums checksums_;
    zmq::context_t context_;
    zmq::socket_t socket_{context_, zmq::socket_type::req};
    std::string endpoint_;
};

}  // namespace user_space_tcp
