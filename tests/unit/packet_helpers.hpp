#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "protocol_db/loader/loader.hpp"
#include "protocol_db/packet/build.hpp"
#include "protocol_db/packet/dissect.hpp"
#include "protocol_db/packet/edit.hpp"
#include "protocol_db/packet/inspect.hpp"

namespace framewright::tests {

/// The built-in database, loaded once.
inline const model::Database& database() {
    static const std::unique_ptr<const model::Database> loaded = loader::load_built_in();
    return *loaded;
}

/// A built-in protocol; the test fails where there is none.
inline const model::Protocol& protocol(std::string_view id) {
    const model::Protocol* const found = database().find(id);
    if (found == nullptr) {
        throw std::invalid_argument("there is no protocol " + std::string(id));
    }
    return *found;
}

/// The packet of a constructor expression.
inline model::Packet packet_of(std::string_view expression) {
    packet::ExpressionBudget budget;
    const model::Value value = packet::read_expression(expression, database(), budget);
    const model::Packet* const packet = value.get_if<model::Packet>();
    if (packet == nullptr) {
        throw std::invalid_argument(std::string(expression) + " is no packet");
    }
    return *packet;
}

/// Two hexadecimal digits an octet.
inline std::string hex(ByteView octets) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t octet : octets) {
        text += kDigits[octet >> 4];
        text += kDigits[octet & 15U];
    }
    return text;
}

/// The octets of hexadecimal digits; blanks do not count.
inline Bytes octets(std::string_view digits) {
    std::string packed;
    for (const char digit : digits) {
        if (digit != ' ') {
            packed += digit;
        }
    }
    Bytes bytes;
    for (std::size_t index = 0; index + 1 < packed.size(); index += 2) {
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(packed.substr(index, 2), nullptr, 16)));
    }
    return bytes;
}

inline Bytes build(const model::Packet& packet) {
    return packet::build(packet, database()).bytes;
}
inline Bytes build(std::string_view expression) {
    return build(packet_of(expression));
}

inline std::vector<packet::DissectedLayer> dissect(std::string_view first, ByteView bytes) {
    return packet::Dissector(database()).dissect(protocol(first), bytes);
}

/// The ids of layers, with blanks between them.
inline std::string ids_of(const std::vector<packet::DissectedLayer>& layers) {
    std::string ids;
    for (const packet::DissectedLayer& layer : layers) {
        ids += (ids.empty() ? "" : " ") + layer.layer.protocol->id;
    }
    return ids;
}

/// A dissected packet as constructor calls, every field named.
inline std::string expression_of(const std::vector<packet::DissectedLayer>& layers) {
    std::string text;
    fields::append_expression(packet::to_packet(layers), text);
    return text;
}

/// A field of a dissected layer, as it is shown to a person.
inline std::string shown(const packet::DissectedLayer& layer, std::string_view field_id) {
    const model::Protocol& owner = *layer.layer.protocol;
    const std::size_t index = owner.find_field(field_id).value();
    std::string text;
    owner.fields[index].type->show(owner.fields[index], layer.layer.fields[index].value, text);
    return text;
}

}  // namespace framewright::tests
