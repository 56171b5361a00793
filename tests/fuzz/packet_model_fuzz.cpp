// Packet models made of any protocols, fields and values are built, or refused with an error that is none of ours.
// Where the bytes are read back as the layers that were asked for, the values that the result shows, sent back as they
// are or as texts (as the packet editor does), build the same bytes.
//
// Input: choices, taken from its end as FuzzedDataProvider does.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "protocol_db/base64.hpp"
#include "protocol_db/fields/list_types.hpp"
#include "protocol_db/fields/node_information_types.hpp"
#include "protocol_db/fields/octet_types.hpp"
#include "protocol_db/loader/loader.hpp"
#include "protocol_db/packet/dissect.hpp"
#include "rpc/service.hpp"

namespace {

using namespace framewright;
using nlohmann::json;

void require(bool holds, const char* what, const json& details) {
    if (!holds) {
        std::fprintf(stderr, "%s: %s\n", what, details.dump(-1, ' ', false, json::error_handler_t::replace).c_str());
        std::abort();
    }
}

const model::Database& database() {
    static const auto loaded = loader::load_built_in();
    return *loaded;
}

const rpc::Service& service() {
    static const rpc::Service instance;
    return instance;
}

class ModelMaker {
    template <typename Container>
    const typename Container::value_type& any(const Container& container) {
        return container[choices_.ConsumeIntegralInRange<std::size_t>(0, container.size() - 1)];
    }

public:
    ModelMaker(const std::uint8_t* data, std::size_t size) : choices_(data, size) {}

    json make() {
        json layers = json::array();
        const auto count = choices_.ConsumeIntegralInRange<std::size_t>(1, kMostLayers);
        for (std::size_t index = 0; index < count; ++index) {
            const model::Protocol& protocol = any_protocol();
            json fields = json::array();
            const auto wanted =
                choices_.ConsumeIntegralInRange<std::size_t>(0, protocol.fields.empty() ? 0 : kMostFields);
            for (std::size_t field = 0; field < wanted; ++field) {
                const model::Field& chosen = any(protocol.fields);
                fields.push_back({{"id", chosen.id}, {"value", value(chosen)}});
            }
            layers.push_back({{"id", protocol.id}, {"fields", std::move(fields)}});
        }
        return layers;
    }

    /// Whether a field that holds other values than octets was given octets, which need not be any such value.
    bool gives_wire_octets() const { return gives_wire_octets_; }

private:
    static constexpr std::size_t kMostLayers = 5;
    static constexpr std::size_t kMostFields = 4;
    static constexpr std::size_t kMostOctets = 48;

    const model::Protocol& any_protocol() { return *any(database().protocols()); }

    Bytes octets() {
        return choices_.ConsumeBytes<std::uint8_t>(choices_.ConsumeIntegralInRange<std::size_t>(0, kMostOctets));
    }

    json number() {
        static constexpr std::array<std::int64_t, 12> kEdges{0,    1,     2,     15, 255,       256,
                                                             1500, 65535, 65536, -1, 1LL << 32, INT64_MAX};
        return choices_.ConsumeBool() ? json(any(kEdges)) : json(choices_.ConsumeIntegral<std::uint16_t>());
    }

    std::string text(const model::Field& field) {
        static const std::array<std::string, 16> kTexts{
            "",           "0x10",   "fe80::1", "10.0.0.1", "00:11:22:33:44:55",
            "a.example.", "On",     "--",      "1:2:3",    "[ ::1, ::2 ]",
            "[]",         "[1, 2]", "DNSRR()", "8 sec",    "('MSS', 1460)",
            "None"};
        const fields::NumberNames& names = fields::names_of(field);
        if (names.enumeration != nullptr && !names.enumeration->entries().empty() && choices_.ConsumeBool()) {
            return any(names.enumeration->entries()).second;
        }
        if (!names.flags.empty() && choices_.ConsumeBool()) {
            return any(names.flags);
        }
        if (choices_.ConsumeBool()) {
            return any(kTexts);
        }
        std::string ascii = choices_.ConsumeRandomLengthString(kMostOctets);
        for (char& letter : ascii) {
            letter = static_cast<char>(letter & 0x7f);
        }
        return ascii;
    }

    std::string literal(int depth = 0) {
        switch (choices_.ConsumeIntegralInRange(0, depth < kDeepest ? 7 : 3)) {
            case 0:
                return number().dump();
            case 1:
                return "None";
            case 2:
                has_strangers_ = has_strangers_ || calls_ == 0;
                return "b'" + hexadecimal() + "'";
            case 3:
                has_strangers_ = has_strangers_ || calls_ == 0;
                return "'" + hexadecimal() + "'";
            case 4:
                return "[" + literals(depth) + "]";
            case 5:
                return "(" + literals(depth) + ",)";
            case 6:
                return call(depth) + "/" + call(depth);
            default:
                return call(depth);
        }
    }

    std::string hexadecimal() {
        std::string out;
        for (const std::uint8_t octet : octets()) {
            out += "\\x";
            out += "0123456789abcdef"[octet >> 4];
            out += "0123456789abcdef"[octet & 15];
        }
        return out;
    }

    std::string literals(int depth) {
        std::string out = literal(depth + 1);
        for (int more = choices_.ConsumeIntegralInRange(0, 2); more > 0; --more) {
            out += ", " + literal(depth + 1);
        }
        return out;
    }

    std::string call(int depth) {
        const bool is_held = calls_ == 0 && holds_ != nullptr && choices_.ConsumeBool();
        const model::Protocol& protocol = is_held ? *holds_ : any_protocol();
        has_strangers_ = has_strangers_ || (calls_ == 0 && (holds_ == nullptr || !protocol.is_a(*holds_)));
        ++calls_;
        std::string out = protocol.id + "(";
        const int most = protocol.fields.empty() ? 0 : 2;
        for (int more = choices_.ConsumeIntegralInRange(0, most); more > 0; --more) {
            out += any(protocol.fields).id + "=" + literal(depth + 1) + ", ";
        }
        --calls_;
        return out + ")";
    }

    json value(const model::Field& field) {
        const int kind = choices_.ConsumeIntegralInRange(0, 9);
        const fields::Parameters* const parameters = field.parameters.get();
        const bool holds_octets = field.type->is_number() || field.type->fixed_bits() != 0 ||
                                  dynamic_cast<const fields::OctetsType*>(field.type) != nullptr;
        const bool holds_values =
            field.type->is_container() || dynamic_cast<const fields::NodeInformationParameters*>(parameters) != nullptr;
        const auto* const packets = dynamic_cast<const fields::PacketParameters*>(parameters);
        const auto set_octets = [&](bool are_octets) {
            gives_wire_octets_ = gives_wire_octets_ || (holds_values && are_octets);
        };
        // Options that stand where their alignment does not want them are read, but not written again, as such.
        set_octets(kind <= 3 || kind == 8 || (packets != nullptr && packets->padding));
        // So may names, which are read as far as they go, be they a client's octets or random ones.
        gives_wire_octets_ = gives_wire_octets_ || ((kind == 3 || kind == 5) && !holds_octets);
        switch (kind) {
            case 0:
                return number();
            case 1:
                return text(field);
            case 2:
                return {{"vtype", "BYTES"}, {"base64", base64_encode(octets())}};
            case 3:
                return {{"vtype", "MACHINE"}, {"base64", base64_encode(octets())}};
            case 4:
                return {{"vtype", "UNDEFINED"}};
            case 5:
                return {{"vtype", "RANDOM"}};
            case 6:
                return {{"vtype", "OBJECT"}, {"value", number()}};
            case 7:
                return json::array({number(), text(field)});
            case 8:
                return {{"vtype", "EXPRESSION"}, {"expr", text(field)}};
            default: {
                has_strangers_ = false;
                holds_ = fields::held_protocol(field);
                const std::string expression = literal();
                set_octets(has_strangers_);
                return {{"vtype", "EXPRESSION"}, {"expr", expression}};
            }
        }
    }

    static constexpr int kDeepest = 3;
    FuzzedDataProvider choices_;
    /// Of the expression that is being made: calls that are open, what the field holds, and whether there is else in
    /// it.
    int calls_ = 0;
    const model::Protocol* holds_ = nullptr;
    bool has_strangers_ = false;
    bool gives_wire_octets_ = false;
};

/// The result of build_pkt, or nothing where it is an error that a client may be given.
std::optional<json> build(const json& model) {
    const std::string reply =
        service().handle(json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", "build_pkt"}, {"params", {model}}}.dump());
    json parsed = json::parse(reply);
    if (parsed.contains("result")) {
        return parsed["result"];
    }
    const json& error = parsed.at("error");
    require(error.at("code") == rpc::kInvalidParams || error.at("code") == rpc::kSyntaxError, "error", parsed);
    return {};
}

/// Whether a field's text may stand for another number as well: several numbers, or bits, have one name.
bool is_ambiguous(const std::string& protocol_id, const json& shown) {
    const model::Protocol& protocol = *database().find(protocol_id);
    const auto index = protocol.find_field(shown.at("id").get<std::string>());
    if (!index) {
        return true;
    }
    const model::Field& field = protocol.fields[*index];
    const fields::NumberNames& names = fields::names_of(field);
    const std::set<std::string> flags(names.flags.begin(), names.flags.end());
    const auto number = names.enumeration != nullptr
                            ? names.enumeration->number_of(shown.at("hvalue").get<std::string>())
                            : std::nullopt;
    return flags.size() != names.flags.size() || (number && to_string(*number) != shown.at("value").dump());
}

/// The values of a result as a model; numbers and texts as their hvalue where `as_texts`.
json shown(const json& result, bool as_texts) {
    json layers = json::array();
    for (const json& layer : result.at("data")) {
        json fields = json::array();
        for (const json& field : layer.at("fields")) {
            if (field.contains("ignored") || field.at("value").is_null()) {
                continue;
            }
            const bool is_text = as_texts && !field["value"].is_object() && !is_ambiguous(layer["id"], field);
            fields.push_back({{"id", field["id"]}, {"value", field[is_text ? "hvalue" : "value"]}});
        }
        layers.push_back({{"id", layer["id"]}, {"fields", std::move(fields)}});
    }
    return layers;
}

/// Whether the bytes are read back as what was asked for. Where they are not, fields show what their bytes are read as,
/// which may be those of another layer.
bool is_read_back(const json& model, const json& result) {
    const json& layers = result.at("data");
    const Bytes bytes = base64_decode(result.at("binary").get<std::string>()).value();
    std::vector<packet::DissectedLayer> found;
    try {
        const model::Protocol& first = *database().find(layers.at(0).at("id").get<std::string>());
        found = packet::Dissector(database()).dissect(first, bytes);
    } catch (const fields::DecodeError&) {
        return false;
    }
    if (found.size() != layers.size()) {
        return false;
    }
    std::size_t index = 0;
    for (const json& asked : model) {
        const model::Protocol& protocol = *database().find(asked.at("id").get<std::string>());
        if (protocol.is_no_payload) {
            continue;
        }
        const json& layer = layers[index];
        // Padding is shown as Raw, and so loses its place after all layers.
        if (found[index].layer.protocol != &protocol || found[index].offset != layer.at("offset") ||
            protocol.is_padding) {
            return false;
        }
        for (const json& field : layer.at("fields")) {
            const auto is_the_same = [&field](const json& set) { return set.at("id") == field.at("id"); };
            if (field.contains("ignored") && std::any_of(asked["fields"].begin(), asked["fields"].end(), is_the_same)) {
                return false;
            }
        }
        ++index;
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ModelMaker maker(data, size);
    const json model = maker.make();
    const std::optional<json> result = build(model);
    if (!result || result->at("data").empty() || maker.gives_wire_octets() || !is_read_back(model, *result)) {
        return 0;
    }
    for (const bool as_texts : {false, true}) {
        const json back = shown(*result, as_texts);
        const std::optional<json> again = build(back);
        if (again) {
            require(
                again->at("binary") == result->at("binary"), as_texts ? "round trip of texts" : "round trip",
                {{"model", model}, {"sent back", back}, {"want", result->at("binary")}, {"got", again->at("binary")}});
        }
    }
    return 0;
}
