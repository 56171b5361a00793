#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/properties/every_protocol.hpp"
#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {

/// A field of a layer that is read from the bytes; or of packets in it: "tbsCertificate.validity".
inline model::Value value_at(const model::Layer& layer, std::string_view path) {
    const std::size_t dot = path.find('.');
    const model::Value& value = layer.fields[layer.protocol->find_field(path.substr(0, dot)).value()].value;
    if (dot == std::string_view::npos) {
        return value;
    }
    return value_at(value.get_if<model::Packet>()->layers.front(), path.substr(dot + 1));
}

/// The protocol that the bytes are read as, and nothing behind it; and what is read builds them again, every octet of
/// every packet in them from its fields alone.
inline std::string read_as(std::string_view first, const Bytes& bytes) {
    const std::vector<packet::DissectedLayer> layers = dissect(first, bytes);
    const std::string text = expression_of(layers);
    EXPECT_EQ(hex(build(text)), hex(bytes)) << text;
    model::Packet packet = packet::to_packet(layers);
    forget_octets(packet);
    EXPECT_EQ(hex(build(packet)), hex(bytes)) << text;
    EXPECT_EQ(text.find("Raw("), std::string::npos) << text;
    return ids_of(layers);
}

inline std::string shown_at(const model::Layer& layer, std::string_view path, std::string_view field_id) {
    const model::Value value = value_at(layer, path);
    const model::Layer& inner = value.get_if<model::Packet>()->layers.front();
    const std::size_t index = inner.protocol->find_field(field_id).value();
    std::string text;
    inner.protocol->fields[index].type->show(inner.protocol->fields[index], inner.fields[index].value, text);
    return text;
}

}  // namespace framewright::tests
