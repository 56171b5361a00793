#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/fields/text.hpp"

namespace framewright::fields {

inline Bytes copy(ByteView octets) {
    return {octets.begin(), octets.end()};
}

/// Whether a text is meant as an expression: a bracket, or a call of a protocol that there is.
inline bool looks_like_expression(std::string_view text, const model::Database& database) {
    if (text.starts_with('[') || text.starts_with('(')) {
        return true;
    }
    const auto is_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    const auto end = std::find_if_not(text.begin(), text.end(), is_name);
    return end != text.end() && *end == '(' && database.find(std::string_view(text.begin(), end)) != nullptr;
}

/// What a text says of a field that holds packets or lists: nothing where it is empty, what `parse` makes of the value
/// of an expression, what `parse_text` makes of any other text. Throws ValueError, as those do.
template <typename Parse, typename ParseText>
model::Value parse_container_text(const std::string& text, const ParseContext& context, const Parse& parse,
                                  const ParseText& parse_text) {
    const std::string_view word = trim(text);
    if (word.empty()) {
        return {};
    }
    if (!looks_like_expression(word, context.database())) {
        return parse_text();
    }
    const model::Value read = context.read_expression(word);
    return read.is<std::string>() ? model::Value(Bytes{}) : parse(read);
}

/// A packet of one layer, of which nothing is set.
inline model::Packet new_packet(const model::Protocol& protocol) {
    model::Layer layer;
    layer.protocol = &protocol;
    layer.fields.resize(protocol.fields.size());
    model::Packet packet;
    packet.layers.push_back(std::move(layer));
    return packet;
}

/// A packet of octets that no protocol claims.
inline model::Packet raw_packet(const model::Database& database, ByteView octets) {
    model::Packet packet = new_packet(database.raw());
    packet.layers.front().fields.front() = {copy(octets), true};
    return packet;
}

}  // namespace framewright::fields
