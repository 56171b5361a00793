#include "rpc/packet_model.hpp"

#include <optional>

#include "protocol_db/base64.hpp"
#include "protocol_db/expression/literal.hpp"
#include "protocol_db/fields/errors.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/packet/build.hpp"
#include "protocol_db/packet/dissect.hpp"
#include "protocol_db/packet/edit.hpp"
#include "protocol_db/packet/payload_generator.hpp"
#include "rpc/error.hpp"

namespace framewright::rpc {

namespace {

using nlohmann::json;

/// The frame check sequence, which a frame's size counts and a packet does not hold.
constexpr std::int64_t kFrameCheckSequence = 4;
/// How much of a value an error repeats.
constexpr std::size_t kShownValue = 120;

/// Where in a request a value stands.
struct Place {
    const std::string& parameter;
    std::size_t layer = 0;
    std::string protocol;
    std::string field;
};

std::string shorten(std::string text) {
    if (text.size() > kShownValue) {
        text.resize(kShownValue);
        text += "...";
    }
    return text;
}

json data_of(const Place& place, const json* value) {
    json data{{"parameter", place.parameter}, {"layer", place.layer}};
    if (!place.protocol.empty()) {
        data["id"] = place.protocol;
    }
    if (!place.field.empty()) {
        data["field"] = place.field;
    }
    if (value != nullptr) {
        data["value"] = shorten(value->is_string() ? value->get<std::string>()
                                                   : value->dump(-1, ' ', false, json::error_handler_t::replace));
    }
    return data;
}

std::string text_of(const Place& place, const json* value, const std::string& reason) {
    std::string text = "layer " + std::to_string(place.layer);
    if (!place.protocol.empty()) {
        text += " (" + place.protocol + ")";
    }
    if (!place.field.empty()) {
        text += ", field " + place.field;
    }
    if (value != nullptr) {
        text += ", value " + shorten(value->dump(-1, ' ', false, json::error_handler_t::replace));
    }
    return text + ": " + reason;
}

Error wrong(const Place& place, const json* value, const std::string& reason) {
    return invalid_params(text_of(place, value, reason), data_of(place, value));
}

const json* find(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() ? &*found : nullptr;
}

std::string text_member(const json& object, const char* key) {
    const json* const value = find(object, key);
    if (value == nullptr || !value->is_string()) {
        throw fields::ValueError(std::string("\"") + key + "\" is missing, or no text");
    }
    return value->get<std::string>();
}

/// A number, or a text that holds one.
std::optional<Integer> number_member(const json& object, const char* key) {
    const json* const value = find(object, key);
    if (value == nullptr || value->is_null()) {
        return std::nullopt;
    }
    std::optional<Integer> number;
    if (value->is_number_integer()) {
        number =
            value->is_number_unsigned() ? Integer{value->get<std::uint64_t>()} : Integer{value->get<std::int64_t>()};
    } else if (value->is_string()) {
        number = parse_integer(value->get_ref<const std::string&>());
    }
    if (!number) {
        throw fields::ValueError(std::string("\"") + key + "\" is not a number");
    }
    return number;
}

Bytes base64_member(const json& object, const char* key) {
    const std::optional<Bytes> octets = base64_decode(text_member(object, key));
    if (!octets) {
        throw fields::ValueError(std::string("\"") + key + "\" is not base64");
    }
    return *octets;
}

/// Reads the fields of one layer of a model.
class LayerReader {
public:
    LayerReader(const model::Database& database, packet::ExpressionBudget& budget, model::Packet& packet,
                std::size_t index, Place place)
        : database_(database), budget_(budget), packet_(packet), index_(index), place_(std::move(place)) {}

    void read(const json& fields) {
        if (fields.is_null()) {
            return;
        }
        if (!fields.is_array()) {
            throw wrong(place_, nullptr, "\"fields\" is not an array");
        }
        std::vector<std::string_view> ids;
        ids.reserve(fields.size());
        for (const json& field : fields) {
            const json* const id = field.is_object() ? find(field, "id") : nullptr;
            if (id == nullptr || !id->is_string()) {
                throw wrong(place_, nullptr, "a field is not an object with an \"id\"");
            }
            ids.push_back(id->get_ref<const std::string&>());
        }
        const std::vector<std::optional<packet::Target>> targets = packet::targets_of(*layer().protocol, ids);
        // Fields whose form or names depend on others are read after those.
        std::vector<std::size_t> dependent;
        for (std::size_t index = 0; index < fields.size(); ++index) {
            place_.field = ids[index];
            if (!targets[index]) {
                throw wrong(place_, nullptr, "there is no such field");
            }
            if (packet::depends_on_others(*layer().protocol, *targets[index])) {
                dependent.push_back(index);
            } else {
                read_field(fields[index], *targets[index]);
            }
        }
        for (const std::size_t index : dependent) {
            place_.field = ids[index];
            read_field(fields[index], *targets[index]);
        }
    }

private:
    model::Layer& layer() { return packet_.layers[index_]; }

    void read_field(const json& json_field, packet::Target target) {
        const json* const value = find(json_field, "value");
        if (value == nullptr) {
            throw wrong(place_, nullptr, "the field has no \"value\"");
        }
        try {
            set(target, *value);
        } catch (const fields::ValueError& error) {
            throw wrong(place_, value, error.what());
        } catch (const fields::DecodeError& error) {
            throw wrong(place_, value, error.what());
        } catch (const packet::PayloadError& error) {
            throw wrong(place_, value, error.what());
        } catch (const expression::SyntaxError& error) {
            throw syntax_error(text_of(place_, value, error.what()), data_of(place_, value));
        }
    }

    void set(packet::Target target, const json& value) {
        if (value.is_object()) {
            set_object(target, value);
            return;
        }
        const std::string* const text = value.get_ptr<const std::string*>();
        if (value.is_null() || (text != nullptr && text->empty())) {
            packet::reset_field(layer(), target);
        } else if (text == nullptr ||
                   !packet::keep_what_is_held(layer(), target, *text, database_, budget_, &packet_)) {
            packet::set_field(layer(), target, plain_value(value), database_, budget_, &packet_);
        }
    }

    static model::Value plain_value(const json& value) {
        if (value.is_number_unsigned()) {
            return Integer{value.get<std::uint64_t>()};
        }
        if (value.is_number_integer()) {
            return Integer{value.get<std::int64_t>()};
        }
        if (value.is_number_float()) {
            return value.get<double>();
        }
        if (value.is_boolean()) {
            return Integer{value.get<bool>() ? 1 : 0};
        }
        if (value.is_string()) {
            return value.get<std::string>();
        }
        if (value.is_array()) {
            model::List list;
            for (const json& item : value) {
                list.items.push_back(plain_value(item));
            }
            return list;
        }
        if (value.is_object()) {
            if (value.value("vtype", "") == "BYTES" && value.contains("base64")) {
                return base64_member(value, "base64");
            }
            throw fields::ValueError("an object cannot stand here");
        }
        return {};
    }

    void set_object(packet::Target target, const json& value) {
        const std::string vtype = text_member(value, "vtype");
        if (vtype == "UNDEFINED") {
            packet::reset_field(layer(), target);
        } else if (vtype == "RANDOM") {
            packet::set_random(layer(), target, database_, &packet_);
        } else if (vtype == "BYTES") {
            packet::set_field(layer(), target, octets(value), database_, budget_, &packet_);
        } else if (vtype == "MACHINE") {
            packet::set_wire_octets(layer(), target, base64_member(value, "base64"), database_, &packet_);
        } else if (vtype == "OBJECT") {
            const json* const object = find(value, "value");
            if (object == nullptr) {
                throw fields::ValueError("an OBJECT has no \"value\"");
            }
            set(target, *object);
        } else if (vtype == "EXPRESSION") {
            set_expression(target, value);
        } else {
            throw fields::ValueError("there is no vtype " + shorten(vtype));
        }
    }

    void set_expression(packet::Target target, const json& value) {
        const json* const expression = find(value, "expr");
        if (expression != nullptr && expression->is_null()) {
            packet::reset_field(layer(), target);
            return;
        }
        std::string text;
        if (expression != nullptr && expression->is_object()) {
            const Bytes octets = base64_member(*expression, "base64");
            text.assign(octets.begin(), octets.end());
        } else {
            text = text_member(value, "expr");
        }
        packet::set_expression(layer(), target, text, database_, budget_, &packet_);
    }

    model::Value octets(const json& value) {
        const json* const generator = find(value, "generate");
        if (generator == nullptr) {
            return base64_member(value, "base64");
        }
        packet::PayloadRequest request;
        request.size = number_member(value, "size");
        request.seed = number_member(value, "seed");
        if (const std::optional<Integer> total = number_member(value, "total_size")) {
            request.size = std::max<Integer>(*total - kFrameCheckSequence - size_so_far(), 0);
        }
        const std::string kind = generator->is_string() ? generator->get<std::string>() : std::string();
        if (kind == "random_bytes") {
            request.kind = packet::PayloadKind::kRandomBytes;
        } else if (kind == "random_ascii") {
            request.kind = packet::PayloadKind::kRandomAscii;
        } else if (kind == "template") {
            request.kind = packet::PayloadKind::kTemplate;
            request.template_bytes = base64_member(value, "template_base64");
        } else if (kind == "template_code") {
            request.kind = packet::PayloadKind::kTemplate;
            request.template_bytes = packet::parse_template_code(text_member(value, "template_code"));
        } else {
            throw fields::ValueError("\"generate\" is none of random_bytes, random_ascii, template, template_code");
        }
        return packet::generate_payload(request);
    }

    /// The size of the layers below, as they are built by now.
    std::int64_t size_so_far() const {
        model::Packet below;
        below.layers.assign(packet_.layers.begin(), packet_.layers.begin() + static_cast<std::ptrdiff_t>(index_));
        return static_cast<std::int64_t>(packet::build(below, database_).bytes.size());
    }

    const model::Database& database_;
    packet::ExpressionBudget& budget_;
    model::Packet& packet_;
    std::size_t index_;
    Place place_;
};

const json& check_layers(const json& layers, const std::string& parameter) {
    if (!layers.is_array()) {
        throw invalid_params(parameter + " is not an array of layers", json{{"parameter", parameter}});
    }
    if (layers.size() > packet::kMaximumLayers) {
        throw invalid_params(parameter + " has more than " + std::to_string(packet::kMaximumLayers) + " layers",
                             json{{"parameter", parameter}});
    }
    return layers;
}

std::string layer_id(const json& layer, const Place& place) {
    const json* const id = layer.is_object() ? find(layer, "id") : nullptr;
    if (id == nullptr || !id->is_string()) {
        throw wrong(place, nullptr, "a layer is not an object with an \"id\"");
    }
    return id->get<std::string>();
}

/// Adds a layer to the packet, whose fields are set when all layers are there. False for one that has no bytes.
bool append_layer(model::Packet& packet, const json& layer, const model::Database& database, Place& place) {
    place.protocol = layer_id(layer, place);
    const model::Protocol* const protocol = database.find(place.protocol);
    if (protocol == nullptr) {
        throw wrong(place, nullptr, "there is no such protocol");
    }
    if (!protocol->is_no_payload) {
        packet.layers.push_back(packet::make_layer(packet::Dissector(database).dispatch(*protocol, {})));
    }
    return !protocol->is_no_payload;
}

/// The fields that a model gives a layer of the packet. A value may depend on the layers around, so all of these are
/// made before any is read.
struct GivenFields {
    std::size_t layer;
    const json* fields;
    Place place;
};

void set_fields(model::Packet& packet, const std::vector<GivenFields>& given, const model::Database& database) {
    packet::ExpressionBudget budget;
    for (const GivenFields& layer : given) {
        if (layer.fields != nullptr) {
            LayerReader(database, budget, packet, layer.layer, layer.place).read(*layer.fields);
        }
    }
}

}  // namespace

model::Packet read_packet_model(const json& layers, const model::Database& database, const std::string& parameter) {
    model::Packet packet;
    packet.layers.reserve(check_layers(layers, parameter).size());
    std::vector<GivenFields> given;
    given.reserve(layers.size());
    for (std::size_t index = 0; index < layers.size(); ++index) {
        Place place{parameter, index, {}, {}};
        if (append_layer(packet, layers[index], database, place)) {
            given.push_back({packet.layers.size() - 1, find(layers[index], "fields"), std::move(place)});
        }
    }
    set_fields(packet, given, database);
    return packet;
}

void apply_packet_model(model::Packet& packet, const json& layers, const model::Database& database,
                        const std::string& parameter) {
    check_layers(layers, parameter);
    std::vector<GivenFields> given;
    for (std::size_t index = 0; index < layers.size(); ++index) {
        const json& layer = layers[index];
        Place place{parameter, index, {}, {}};
        place.protocol = layer_id(layer, place);
        const bool is_there = index < packet.layers.size();
        const json* const is_deleted = find(layer, "delete");
        if (is_deleted != nullptr && !is_deleted->is_boolean()) {
            throw wrong(place, is_deleted, "\"delete\" is neither true nor false");
        }
        if (is_deleted != nullptr && is_deleted->get<bool>()) {
            if (!is_there) {
                throw wrong(place, nullptr, "there is no layer to delete");
            }
            packet.layers.resize(index);
            break;
        }
        if (!is_there) {
            if (append_layer(packet, layer, database, place)) {
                given.push_back({packet.layers.size() - 1, find(layer, "fields"), std::move(place)});
            }
            continue;
        }
        const model::Protocol& found = *packet.layers[index].protocol;
        if (place.protocol != found.id && place.protocol != found.shown_id) {
            throw wrong(place, nullptr, "the packet has " + found.id + " there");
        }
        given.push_back({index, find(layer, "fields"), std::move(place)});
    }
    set_fields(packet, given, database);
}

}  // namespace framewright::rpc
