#include "tests/editor/editor.hpp"

#include <algorithm>

#include "protocol_db/base64.hpp"

namespace framewright::editor {

using nlohmann::json;

std::vector<json> shown_values(const json& field, const FieldDefinition* definition) {
    const json& value = field.at("value");
    const std::string& shown = field.at("hvalue").get_ref<const std::string&>();
    if (value.is_null()) {
        return {};  // there is nothing to send
    }
    std::vector<json> values{shown};
    if (value.is_string() || value.is_number_integer()) {
        values.push_back(value.is_string() ? value.get<std::string>() : value.dump());
    } else {
        values.push_back(value);
        if (value.is_object() && value.contains("expr")) {
            values.push_back(value.at("expr"));
        }
    }
    if (definition != nullptr && definition->values.contains(shown)) {
        values.push_back(definition->values.at(shown));
    }
    std::vector<json> distinct;
    for (json& one : values) {
        if (std::ranges::find(distinct, one) == distinct.end()) {
            distinct.push_back(std::move(one));
        }
    }
    return distinct;
}

json without_field(json model, std::size_t layer, const std::string& field) {
    json& fields = model.at(layer)["fields"];
    json kept = json::array();
    for (const json& one : fields) {
        if (one.at("id") != field) {
            kept.push_back(one);
        }
    }
    fields = std::move(kept);
    return model;
}

json with_field(json model, std::size_t layer, const std::string& field, const json& value) {
    model = without_field(std::move(model), layer, field);
    model[layer]["fields"].push_back({{"id", field}, {"value", value}});
    return model;
}

json change_of(const json& packet, std::size_t layer, const std::string& field, const json& value) {
    json model = json::array();
    for (std::size_t index = 0; index <= layer; ++index) {
        model.push_back({{"id", packet.at("data").at(index).at("id")}, {"fields", json::array()}});
    }
    return with_field(std::move(model), layer, field, value);
}

Bytes bytes_of(const json& packet) {
    return base64_decode(packet.at("binary").get_ref<const std::string&>()).value();
}

namespace {

/// How many octets the bits of a mask touch.
std::size_t octets_of_mask(std::uint64_t mask) {
    std::size_t octets = 0;
    for (; mask != 0; mask >>= 8) {
        ++octets;
    }
    return octets;
}

bool begins_with(ByteView whole, ByteView part) {
    return whole.size() >= part.size() && std::ranges::equal(whole.first(part.size()), part);
}

bool ends_with(ByteView whole, ByteView part) {
    return whole.size() >= part.size() && std::ranges::equal(whole.last(part.size()), part);
}

bool is_cut_off(const json& layer) {
    return std::ranges::any_of(layer.at("fields"), [](const json& field) { return field.value("ignored", false); });
}

}  // namespace

bool differ_in_field_alone(const json& before, const Bytes& after, std::size_t layer_index, const json& field) {
    const Bytes bytes = bytes_of(before);
    if (field.value("ignored", false)) {
        return bytes == after;
    }
    const json& layer = before.at("data").at(layer_index);
    const std::size_t begin = layer.at("offset").get<std::size_t>() + field.at("offset").get<std::size_t>();
    const std::uint64_t mask = field.value("mask", std::uint64_t{0});
    const std::size_t length = mask != 0 ? octets_of_mask(mask) : field.at("length").get<std::size_t>();
    if (!begins_with(after, ByteView(bytes).first(begin))) {
        return false;
    }
    const ByteView behind = ByteView(bytes).subspan(begin + length);
    if (is_cut_off(layer)) {
        return after.size() >= bytes.size() && begins_with(ByteView(after).subspan(begin + length), behind);
    }
    // Beside the bits of a bit field, its octets stay.
    for (std::size_t octet = 0; mask != 0 && octet < length; ++octet) {
        const auto others = static_cast<std::uint8_t>(~(mask >> (8 * (length - 1 - octet))));
        const std::size_t place = begin + octet;
        if (after.size() != bytes.size() || ((bytes[place] ^ after[place]) & others) != 0) {
            return false;
        }
    }
    return ends_with(ByteView(after).subspan(begin), behind);
}

}  // namespace framewright::editor
