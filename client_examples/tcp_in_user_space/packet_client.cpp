#include "client_examples/tcp_in_user_space/packet_client.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "protocol_db/base64.hpp"

namespace user_space_tcp {
namespace {

using nlohmann::json;

// Bits of the field `flags` of TCP.
constexpr unsigned kFin = 0x01;
constexpr unsigned kSyn = 0x02;
constexpr unsigned kRst = 0x04;
constexpr unsigned kPsh = 0x08;
constexpr unsigned kAck = 0x10;

/// Asks for the checksums that the packet should have: if they are those that it has, it comes back as it was sent.
constexpr std::string_view kComputeChecksums =
    R"([{"id":"Ether"},)"
    R"({"id":"IP","fields":[{"id":"chksum","value":{"vtype":"UNDEFINED"}}]},)"
    R"({"id":"TCP","fields":[{"id":"chksum","value":{"vtype":"UNDEFINED"}}]}])";
constexpr std::string_view kNoChange = "null";

json field(const char* id, json value) {
    return {{"id", id}, {"value", std::move(value)}};
}

json model_of(const ArpPacket& packet) {
    const bool is_request = packet.operation == ArpPacket::Operation::kRequest;
    return json::array({
        {{"id", "Ether"},
         {"fields",
          {field("src", packet.sender.mac), field("dst", is_request ? "ff:ff:ff:ff:ff:ff" : packet.target.mac)}}},
        {{"id", "ARP"},
         {"fields",
          {field("op", static_cast<int>(packet.operation)), field("hwsrc", packet.sender.mac),
           field("psrc", packet.sender.ip), field("hwdst", packet.target.mac), field("pdst", packet.target.ip)}}},
    });
}

unsigned flags_of(const Segment& segment) {
    return (segment.fin ? kFin : 0) | (segment.syn ? kSyn : 0) | (segment.rst ? kRst : 0) | (segment.psh ? kPsh : 0) |
           (segment.ack ? kAck : 0);
}

json model_of(const TcpPacket& packet) {
    const Segment& segment = packet.segment;
    json tcp = json::array({field("sport", packet.source_port), field("dport", packet.destination_port),
                            field("seq", segment.sequence.value()), field("ack", segment.acknowledgement.value()),
                            field("flags", flags_of(segment)), field("window", segment.window)});
    std::string options;
    if (segment.maximum_segment_size) {
        options += "('MSS', " + std::to_string(*segment.maximum_segment_size) + "),";
    }
    if (segment.window_scale) {
        options += "('NOP', None),('WScale', " + std::to_string(*segment.window_scale) + "),";
    }
    if (!options.empty()) {
        tcp.push_back(field("options", {{"vtype", "EXPRESSION"}, {"expr", "[" + options + "]"}}));
    }
    json model = json::array({
        {{"id", "Ether"}, {"fields", {field("src", packet.source.mac), field("dst", packet.destination.mac)}}},
        {{"id", "IP"},
         {"fields", {field("src", packet.source.ip), field("dst", packet.destination.ip), field("flags", "DF")}}},
        {{"id", "TCP"}, {"fields", std::move(tcp)}},
    });
    if (!segment.payload.empty()) {
        const json load{{"vtype", "BYTES"}, {"base64", framewright::base64_encode(segment.payload)}};
        model.push_back({{"id", "Raw"}, {"fields", {field("load", load)}}});
    }
    return model;
}

json model_of(const OtherPacket&) {
    throw std::invalid_argument("only ARP and TCP packets are built");
}

/// A frame ends within a layer: a field is not there, or its value is only the octets that are.
struct CutOff {};

/// The fields of a layer of a result. Where one is not what it should be, CutOff is thrown.
class Layer {
public:
    explicit Layer(const json& layer) : layer_(layer) {}

    std::size_t offset() const { return layer_.at("offset").get<std::size_t>(); }

    const json& value(std::string_view id) const {
        for (const json& each : layer_.at("fields")) {
            if (each.at("id").get_ref<const std::string&>() == id) {
                return each.at("value");
            }
        }
        throw CutOff{};
    }

    template <typename Number>
    Number number(std::string_view id) const {
        const json& found = value(id);
        return found.is_number_unsigned() ? found.get<Number>() : throw CutOff{};
    }

    std::string text(std::string_view id) const {
        const json& found = value(id);
        return found.is_string() ? found.get<std::string>() : throw CutOff{};
    }

private:
    const json& layer_;
};

/// The number of an option in a text like "[('MSS', 1460), ('NOP', None), ('WScale', 7)]".
std::optional<std::uint32_t> option_number(std::string_view options, std::string_view name) {
    const std::string start = "('" + std::string(name) + "', ";
    const auto found = options.find(start);
    if (found == std::string_view::npos) {
        return {};
    }
    const std::string_view text = options.substr(found + start.size());
    std::uint32_t number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    return result.ec == std::errc{} ? std::optional(number) : std::nullopt;
}

Packet arp_packet(const Layer& arp) {
    const auto operation = arp.number<unsigned>("op");
    if (arp.number<unsigned>("hwtype") != 1 || arp.number<unsigned>("ptype") != 0x0800 || operation < 1 ||
        operation > 2) {
        return OtherPacket{};
    }
    return ArpPacket{static_cast<ArpPacket::Operation>(operation),
                     {arp.text("hwsrc"), arp.text("psrc")},
                     {arp.text("hwdst"), arp.text("pdst")}};
}

Packet tcp_packet(const Layer& ether, const Layer& ip, const Layer& tcp, const Bytes& frame) {
    constexpr unsigned kMoreFragments = 1;
    if (ip.number<unsigned>("frag") != 0 || (ip.number<unsigned>("flags") & kMoreFragments) != 0) {
        return OtherPacket{};
    }
    // Not the length of the frame: what follows the packet is padding.
    const std::size_t end = ip.offset() + ip.number<std::size_t>("len");
    const std::size_t start = tcp.offset() + tcp.number<std::size_t>("dataofs") * 4;
    if (start > end || end > frame.size()) {
        return OtherPacket{};
    }
    TcpPacket packet{{ether.text("src"), ip.text("src")},
                     {ether.text("dst"), ip.text("dst")},
                     tcp.number<std::uint16_t>("sport"),
                     tcp.number<std::uint16_t>("dport"),
                     {}};
    Segment& segment = packet.segment;
    const auto flags = tcp.number<unsigned>("flags");
    segment.sequence = SequenceNumber(tcp.number<std::uint32_t>("seq"));
    segment.acknowledgement = SequenceNumber(tcp.number<std::uint32_t>("ack"));
    segment.fin = (flags & kFin) != 0;
    segment.syn = (flags & kSyn) != 0;
    segment.rst = (flags & kRst) != 0;
    segment.psh = (flags & kPsh) != 0;
    segment.ack = (flags & kAck) != 0;
    segment.window = tcp.number<std::uint16_t>("window");
    if (const json& options = tcp.value("options"); segment.syn && options.contains("expr")) {
        const auto& text = options["expr"].get_ref<const std::string&>();
        if (const auto size = option_number(text, "MSS"); size && *size <= 0xffff) {
            segment.maximum_segment_size = static_cast<std::uint16_t>(*size);
        }
        if (const auto scale = option_number(text, "WScale"); scale && *scale <= 0xff) {
            segment.window_scale = static_cast<std::uint8_t>(*scale);
        }
    }
    segment.payload.assign(frame.begin() + static_cast<std::ptrdiff_t>(start),
                           frame.begin() + static_cast<std::ptrdiff_t>(end));
    return packet;
}

Packet packet_of(const json& result, const Bytes& frame) {
    const json& layers = result.at("data");
    const auto is = [&layers](std::size_t index, const char* id) {
        return index < layers.size() && layers[index].at("real_id") == id;
    };
    try {
        if (is(0, "Ether") && is(1, "ARP")) {
            return arp_packet(Layer(layers[1]));
        }
        if (is(0, "Ether") && is(1, "IP") && is(2, "TCP")) {
            return tcp_packet(Layer(layers[0]), Layer(layers[1]), Layer(layers[2]), frame);
        }
    } catch (const CutOff&) {
        return OtherPacket{};
    }
    return OtherPacket{};
}

}  // namespace

PacketClient::PacketClient(const std::string& endpoint, Checksums checksums)
    : checksums_(checksums), endpoint_(endpoint) {
    constexpr auto kMilliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience).count();
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::rcvtimeo, static_cast<int>(kMilliseconds));
    socket_.set(zmq::sockopt::sndtimeo, static_cast<int>(kMilliseconds));
    try {
        socket_.connect(endpoint);
    } catch (const zmq::error_t& error) {
        throw std::runtime_error(endpoint + ": " + error.what() + "; give the server as tcp://ADDRESS:PORT");
    }
}

std::vector<Bytes> PacketClient::build(std::span<const Packet> packets) {
    std::vector<std::string> requests;
    requests.reserve(packets.size());
    for (const Packet& packet : packets) {
        const json model = std::visit([](const auto& each) { return model_of(each); }, packet);
        requests.push_back(R"("method":"build_pkt","params":[)" + model.dump() + "]");
    }
    std::vector<Bytes> frames;
    frames.reserve(packets.size());
    for (const json& reply : call(requests)) {
        if (const auto error = reply.find("error"); error != reply.end()) {
            throw std::runtime_error("Framewright cannot build a packet: " + error->at("message").get<std::string>());
        }
        auto frame = framewright::base64_decode(reply.at("result").at("binary").get_ref<const std::string&>());
        if (!frame) {
            throw std::runtime_error("Framewright's answer has a packet that is not base64");
        }
        frames.push_back(std::move(*frame));
    }
    return frames;
}

std::vector<Packet> PacketClient::dissect(std::span<const Bytes> frames) {
    std::vector<std::string> texts;
    texts.reserve(frames.size());
    for (const Bytes& frame : frames) {
        texts.push_back(framewright::base64_encode(frame));
    }
    std::vector<Packet> packets(frames.size());
    std::vector<std::size_t> no_tcp;
    const bool verify = checksums_ == Checksums::kVerify;
    const std::vector<json> replies = reconstruct(texts, std::string(verify ? kComputeChecksums : kNoChange));
    for (std::size_t i = 0; i < replies.size(); ++i) {
        const auto result = replies[i].find("result");
        if (result == replies[i].end()) {
            no_tcp.push_back(i);
            continue;
        }
        packets[i] = packet_of(*result, frames[i]);
        if (verify && std::holds_alternative<TcpPacket>(packets[i]) && result->at("binary") != texts[i]) {
            packets[i] = OtherPacket{.wrong_checksum = true};
        }
    }
    // Where the layers are not those of the checksums (ARP), the packet is dissected as it is.
    if (!verify || no_tcp.empty()) {
        return packets;
    }
    std::vector<std::string> again;
    for (const std::size_t index : no_tcp) {
        again.push_back(texts[index]);
    }
    const std::vector<json> others = reconstruct(again, std::string(kNoChange));
    for (std::size_t i = 0; i < others.size(); ++i) {
        if (const auto result = others[i].find("result"); result != others[i].end()) {
            Packet packet = packet_of(*result, frames[no_tcp[i]]);
            if (std::holds_alternative<ArpPacket>(packet)) {
                packets[no_tcp[i]] = std::move(packet);
            }
        }
    }
    return packets;
}

zmq::message_t PacketClient::exchange(const std::string& batch) {
    zmq::message_t reply;
    if (!socket_.send(zmq::buffer(batch)) || !socket_.recv(reply)) {
        throw std::runtime_error("no Framewright server answers at " + endpoint_ + " within " +
                                 std::to_string(kPatience.count()) + " s");
    }
    return reply;
}

/// Sends requests, each but for `jsonrpc` and `id`: the replies in their order.
std::vector<json> PacketClient::call(const std::vector<std::string>& requests) {
    std::vector<json> replies(requests.size());
    for (std::size_t first = 0; first < requests.size(); first += kMaximumBatch) {
        const std::size_t end = std::min(first + kMaximumBatch, requests.size());
        std::string batch = "[";
        for (std::size_t i = first; i < end; ++i) {
            batch +=
                (i == first ? "" : ",") + (R"({"jsonrpc":"2.0","id":)" + std::to_string(i)) + "," + requests[i] + "}";
        }
        batch += "]";
        const zmq::message_t text = exchange(batch);
        json answer = json::parse(text.data<char>(), text.data<char>() + text.size());
        if (!answer.is_array() || answer.size() != end - first) {
            throw std::runtime_error("Framewright refuses a batch: " + answer.dump().substr(0, 200));
        }
        for (json& reply : answer) {
            const auto id = reply.at("id").get<std::size_t>();
            replies.at(id) = std::move(reply);
        }
    }
    return replies;
}

std::vector<json> PacketClient::reconstruct(const std::vector<std::string>& frames, const std::string& model) {
    std::vector<std::string> requests;
    requests.reserve(frames.size());
    for (const std::string& frame : frames) {
        requests.push_back(R"("method":"reconstruct_pkt","params":[")" + frame + "\"," + model + "]");
    }
    return call(requests);
}

}  // namespace user_space_tcp
