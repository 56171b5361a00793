// A user's definition file is loaded or refused with a DefinitionError that names it; whatever was loaded can be used:
// its layers are built and dissected, or refused as packets are.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "protocol_db/loader/loader.hpp"
#include "protocol_db/packet/inspect.hpp"
#include "rpc/definition_replies.hpp"
#include "rpc/packet_result.hpp"

namespace {

using namespace framewright;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

/// What every database needs, and something to stand on.
constexpr std::string_view kBase = R"({"protocols": [
    {"id": "Padding", "is_a": "Raw", "role": "padding"},
    {"id": "Raw", "role": "unknown_payload", "fields": [{"id": "load", "type": "StrField", "default": ""}]},
    {"id": "Ether", "fields": [{"id": "dst", "type": "MACField"}, {"id": "src", "type": "MACField"},
                               {"id": "type", "type": "XShortField"}]},
    {"id": "UDP", "fields": [{"id": "sport", "type": "ShortField"}, {"id": "dport", "type": "ShortField"},
                             {"id": "len", "type": "ShortField", "computed": "header_length + payload_length"},
                             {"id": "chksum", "type": "XShortField", "checksum": {"algorithm": "internet"}}],
     "under": [{"protocol": "Ether", "fields": {"type": 17}}]}]})";

void use(const model::Protocol& protocol, const model::Database& database) {
    model::Packet packet;
    packet.layers.push_back(packet::make_layer(*database.find("UDP")));
    packet.layers.push_back(packet::make_layer(protocol));
    packet.layers.push_back(packet::make_layer(database.raw()));
    try {
        const packet::InspectedPacket inspected = packet::inspect(packet, database);
        std::string result;
        rpc::append_packet_result(result, packet, inspected);
    } catch (const packet::BuildError&) {
    }
    constexpr std::array<std::uint8_t, 24> kOctets{0x45, 0,    0x80, 7,    0xff, 0xff, 1,    0x10, 0, 0, 2, 3,
                                                   0xc0, 0x0c, 4,    0x7f, 0xfe, 0x80, 0x55, 0xaa, 9, 8, 7, 6};
    try {
        const packet::Dissector dissector(database);
        const model::Packet read = packet::to_packet(dissector.dissect(protocol, kOctets));
        require(packet::build(read, database).bytes == Bytes(kOctets.begin(), kOctets.end()));
    } catch (const fields::DecodeError&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::array<loader::DefinitionFile, 2> files{
        loader::DefinitionFile{"base.json", kBase},
        loader::DefinitionFile{"user.json", std::string_view(reinterpret_cast<const char*>(data), size), true}};
    std::unique_ptr<const model::Database> database;
    try {
        database = loader::load(files);
    } catch (const loader::DefinitionError& error) {
        require(error.file() == "user.json" || error.file() == "base.json");
        require(!error.reason().empty());
        require(error.line() <= size + 1);
        require(std::string_view(error.what()).find('\n') == std::string_view::npos);
        return 0;
    }
    for (const auto& protocol : database->protocols()) {
        use(*protocol, *database);
    }
    const rpc::DefinitionReplies replies(*database);
    require(!replies.all().empty());
    return 0;
}
