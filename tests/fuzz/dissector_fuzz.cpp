// Bytes are dissected or refused with a DecodeError. A dissected packet accounts for every byte once, is built again
// as the same bytes, and is shown as well-formed JSON, from which no value leads out of the packet.
//
// Input: two octets that choose the first layer's protocol, then the packet.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "protocol_db/loader/loader.hpp"
#include "protocol_db/packet/inspect.hpp"
#include "rpc/packet_result.hpp"

namespace {

using namespace framewright;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

const model::Database& database() {
    static const auto loaded = loader::load_built_in();
    return *loaded;
}

/// Every byte belongs to one layer, and every field to its layer's bytes.
void check_places(const std::vector<packet::DissectedLayer>& layers, std::size_t size) {
    std::size_t next = 0;
    for (const packet::DissectedLayer& layer : layers) {
        require(layer.offset == next);
        require(layer.places.size() == layer.layer.protocol->fields.size());
        for (const packet::Place& place : layer.places) {
            require(!place.is_present || place.first_bit + place.bits <= layer.header_length * 8);
        }
        next += layer.header_length;
    }
    require(next == size);
}

void check_result(const nlohmann::json& result, std::size_t size) {
    require(result.at("binary").is_string());
    for (const auto& layer : result.at("data")) {
        const auto offset = layer.at("offset").get<std::size_t>();
        require(offset <= size);
        require(layer.at("id").is_string() && layer.at("name").is_string() && layer.at("valid_structure").is_boolean());
        for (const auto& field : layer.at("fields")) {
            require(field.at("hvalue").is_string());
            require(field.at("value").is_object() || field.at("value").is_primitive());
            require(offset + field.at("offset").get<std::size_t>() + field.at("length").get<std::size_t>() <= size ||
                    field.contains("ignored"));
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kChoice = 2;
    if (size < kChoice) {
        return 0;
    }
    const auto& protocols = database().protocols();
    const std::size_t choice = static_cast<std::size_t>(data[0] << 8 | data[1]);
    const model::Protocol& first = *protocols[choice % protocols.size()];
    const ByteView bytes(data + kChoice, size - kChoice);
    std::vector<packet::DissectedLayer> layers;
    try {
        layers = packet::Dissector(database()).dissect(first, bytes);
    } catch (const fields::DecodeError& error) {
        require(*error.what() != '\0');
        return 0;
    }
    check_places(layers, bytes.size());
    const model::Packet packet = packet::to_packet(std::move(layers));
    const packet::InspectedPacket inspected = packet::inspect(packet, database());
    require(inspected.built.bytes == Bytes(bytes.begin(), bytes.end()));
    std::string result;
    rpc::append_packet_result(result, packet, inspected);
    check_result(nlohmann::json::parse(result), bytes.size());
    return 0;
}
