// Bytes are dissected or refused with a DecodeError. A dissected packet accounts for every byte once, is built again
// as the same bytes, and is shown as well-formed JSON, from which no value leads out of the packet.
//
// Input: two octets that choose the first layer's protocol, then the packet.
#include <algorithm>
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

/// Every byte belongs to one layer, to its header or to its trailer, and every field to its layer's bytes.
void check_places(const std::vector<packet::DissectedLayer>& layers, std::size_t size) {
    std::vector<bool> is_taken(size);
    const auto take = [&is_taken, size](std::size_t first, std::size_t length) {
        require(first <= size && length <= size - first);
        for (std::size_t byte = first; byte < first + length; ++byte) {
            require(!is_taken[byte]);
            is_taken[byte] = true;
        }
    };
    for (const packet::DissectedLayer& layer : layers) {
        take(layer.offset, layer.header_length);
        take(layer.offset + layer.header_length + layer.payload_length, layer.trailer_length);
        const model::Protocol& protocol = *layer.layer.protocol;
        require(layer.places.size() == protocol.fields.size());
        for (std::size_t index = 0; index < layer.places.size(); ++index) {
            const packet::Place& place = layer.places[index];
            const bool is_in_header = index < protocol.header_fields;
            const std::size_t end = is_in_header ? layer.header_length : layer.length();
            const std::size_t begin = is_in_header ? 0 : layer.header_length + layer.payload_length;
            require(!place.is_present ||
                    (place.first_bit >= begin * 8 && place.first_bit + std::size_t{place.bits} <= end * 8));
        }
    }
    require(std::find(is_taken.begin(), is_taken.end(), false) == is_taken.end());
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
