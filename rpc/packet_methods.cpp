#include "rpc/packet_methods.hpp"

#include "protocol_db/base64.hpp"
#include "protocol_db/capture/capture.hpp"
#include "protocol_db/packet/inspect.hpp"
#include "protocol_db/packet/payloads.hpp"
#include "rpc/json_text.hpp"
#include "rpc/packet_model.hpp"
#include "rpc/packet_result.hpp"

namespace framewright::rpc {

namespace {

using nlohmann::json;

void build_packet(const json& params, const model::Database& database, std::string& result) {
    const model::Packet packet = read_packet_model(params[0], database, "model_descriptor");
    append_packet_result(result, packet, inspect_or_fail(packet, database));
}

/// Dissects the packet of the parameter binary_pkt. Throws Error.
model::Packet dissect_or_fail(const json& param, const model::Protocol& first, const model::Database& database) {
    const Bytes octets = base64_param(param, "binary_pkt");
    try {
        return packet::to_packet(packet::Dissector(database).dissect(first, octets));
    } catch (const fields::DecodeError& error) {
        throw failure("binary_pkt: " + first.id + ": " + error.what(),
                      json{{"parameter", "binary_pkt"}, {"layer", 0}, {"id", first.id}});
    }
}

/// What packets begin with unless something else is said.
const model::Protocol& ethernet(const model::Database& database) {
    return *database.find("Ether");
}

void reconstruct_packet(const json& params, const model::Database& database, std::string& result) {
    model::Packet packet = dissect_or_fail(params[0], ethernet(database), database);
    if (params.size() > 1 && !params[1].is_null()) {
        apply_packet_model(packet, params[1], database, "model_descriptor");
    }
    if (packet.layers.empty()) {
        result += R"({"binary":null,"data":[]})";
        return;
    }
    append_packet_result(result, packet, inspect_or_fail(packet, database));
}

/// The protocol of the parameter first_layer. Throws Error.
const model::Protocol& first_layer_param(const json& param, const model::Database& database) {
    if (!param.is_string()) {
        throw invalid_params("first_layer is not a text", json{{"parameter", "first_layer"}});
    }
    const std::string& id = param.get_ref<const std::string&>();
    const model::Protocol* const found = database.find(id);
    if (found == nullptr) {
        throw invalid_params("first_layer: there is no protocol \"" + id + "\"",
                             json{{"parameter", "first_layer"}, {"id", id}});
    }
    if (found->is_no_payload) {
        throw invalid_params("first_layer: " + id + " is no layer of a packet",
                             json{{"parameter", "first_layer"}, {"id", id}});
    }
    return *found;
}

void dissect_packet(const json& params, const model::Database& database, std::string& result) {
    const bool is_named = params.size() > 1 && !params[1].is_null();
    const model::Protocol& first = is_named ? first_layer_param(params[1], database) : ethernet(database);
    const model::Packet packet = dissect_or_fail(params[0], first, database);
    append_packet_result(result, packet, inspect_or_fail(packet, database), AbsentFields::kIgnored);
}

/// A captured packet as a result; one that is not what its capture says is shown as plain bytes.
void append_captured(std::string& result, const capture::CapturedPacket& captured, const model::Database& database) {
    const model::Protocol* first = database.find(capture::first_protocol(captured.link_type, captured.data));
    if (first == nullptr) {
        first = &database.raw();
    }
    const packet::Dissector dissector(database);
    model::Packet packet;
    try {
        packet = packet::to_packet(dissector.dissect(*first, captured.data));
    } catch (const fields::DecodeError&) {
        packet = packet::to_packet(dissector.dissect(database.raw(), captured.data));
    }
    append_packet_result(result, packet, inspect_or_fail(packet, database));
}

void read_capture(const json& params, const model::Database& database, std::string& result) {
    const Bytes file = base64_param(params[0], "pcap_base64");
    std::vector<capture::CapturedPacket> packets;
    try {
        packets = capture::read_capture(file);
    } catch (const capture::CaptureError& error) {
        throw failure(std::string("pcap_base64: ") + error.what(), json{{"parameter", "pcap_base64"}});
    }
    result += '[';
    for (std::size_t index = 0; index < packets.size(); ++index) {
        result += index == 0 ? "" : ",";
        append_captured(result, packets[index], database);
        if (result.size() > kMaximumCaptureReply) {
            throw failure("pcap_base64: the capture is too large to show: after " + std::to_string(index + 1) + " of " +
                              std::to_string(packets.size()) + " packets the reply has more than " +
                              std::to_string(kMaximumCaptureReply) + " bytes; send it in parts",
                          json{{"parameter", "pcap_base64"}});
        }
    }
    result += ']';
}

void write_capture(const json& params, std::string& result) {
    const json& list = params[0];
    if (!list.is_array()) {
        throw invalid_params("packets_base64 is not an array", json{{"parameter", "packets_base64"}});
    }
    std::vector<Bytes> packets;
    packets.reserve(list.size());
    for (std::size_t index = 0; index < list.size(); ++index) {
        packets.push_back(base64_param(list[index], "packets_base64[" + std::to_string(index) + "]"));
    }
    try {
        result += '"';
        append_base64(result, capture::write_capture(packets, capture::kLinkTypeEthernet));
        result += '"';
    } catch (const capture::CaptureError& error) {
        throw failure(std::string("packets_base64: ") + error.what(), json{{"parameter", "packets_base64"}});
    }
}

void payload_classes(const json& params, const model::Database& database, std::string& result) {
    const model::Packet packet = read_packet_model(params[0], database, "model_descriptor");
    std::vector<std::string> ids;
    if (!packet.layers.empty()) {
        const model::Protocol& lower = *packet.layers.back().protocol;
        if (lower.has_suggested_payloads) {
            ids = lower.suggested_payloads;
        } else {
            for (const model::Protocol* const upper : packet::find_payloads(lower, database)) {
                ids.push_back(upper->id);
            }
        }
    }
    result += json(ids).dump();
}

}  // namespace

packet::InspectedPacket inspect_or_fail(const model::Packet& packet, const model::Database& database) {
    try {
        return packet::inspect(packet, database);
    } catch (const packet::BuildError& error) {
        std::string text;
        json data = json::object();
        if (error.layer()) {
            text = "layer " + std::to_string(*error.layer()) + " (" + error.protocol() + "), field " + error.field() +
                   ", value " + error.value() + ": ";
            data = {{"layer", *error.layer()},
                    {"id", error.protocol()},
                    {"field", error.field()},
                    {"value", error.value()}};
        }
        throw invalid_params(text + error.what(), std::move(data));
    }
}

Bytes base64_param(const json& param, const std::string& name) {
    const std::optional<Bytes> octets =
        param.is_string() ? base64_decode(param.get_ref<const std::string&>()) : std::nullopt;
    if (!octets) {
        throw invalid_params(name + " is not base64", json{{"parameter", name}});
    }
    return *octets;
}

void add_packet_methods(Dispatcher& dispatcher, const model::Database& database) {
    dispatcher.add_with_handler(
        "build_pkt", {"model_descriptor"}, 1,
        [&database](const json& params, std::string& result) { build_packet(params, database, result); });
    dispatcher.add_with_handler(
        "reconstruct_pkt", {"binary_pkt", "model_descriptor"}, 1,
        [&database](const json& params, std::string& result) { reconstruct_packet(params, database, result); });
    dispatcher.add_with_handler(
        "dissect", {"binary_pkt", "first_layer"}, 1,
        [&database](const json& params, std::string& result) { dissect_packet(params, database, result); });
    dispatcher.add_with_handler("read_pcap", {"pcap_base64"}, 1, [&database](const json& params, std::string& result) {
        read_capture(params, database, result);
    });
    dispatcher.add_with_handler("write_pcap", {"packets_base64"}, 1,
                                [](const json& params, std::string& result) { write_capture(params, result); });
    dispatcher.add_with_handler(
        "get_payload_classes", {"model_descriptor"}, 1,
        [&database](const json& params, std::string& result) { payload_classes(params, database, result); });
}

}  // namespace framewright::rpc
