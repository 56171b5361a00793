#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {

/// A packet of the protocol alone, nothing set.
inline model::Packet alone(const model::Protocol& protocol) {
    model::Packet packet;
    packet.layers.push_back(packet::make_layer(protocol));
    return packet;
}

/// The shortest stack of protocols, from one that stands on nothing and has octets to this one, each of which says in
/// its definition that it stands on the one below; the protocol alone where it says nothing.
inline std::vector<const model::Protocol*> natural_stack(const model::Protocol& protocol) {
    std::map<const model::Protocol*, const model::Protocol*> above{{&protocol, nullptr}};
    std::vector<const model::Protocol*> reached{&protocol};
    const auto is_first = [](const model::Protocol& candidate) {
        return candidate.impositions.empty() && !packet::build(alone(candidate), database()).bytes.empty();
    };
    for (std::size_t next = 0; next < reached.size(); ++next) {
        if (is_first(*reached[next])) {
            std::vector<const model::Protocol*> stack;
            for (const model::Protocol* layer = reached[next]; layer != nullptr; layer = above[layer]) {
                stack.push_back(layer);
            }
            return stack;
        }
        for (const model::Imposition& imposition : reached[next]->impositions) {
            if (above.emplace(imposition.lower, reached[next]).second) {
                reached.push_back(imposition.lower);
            }
        }
    }
    return {&protocol};
}

/// A packet of the stack, nothing set.
inline model::Packet packet_of_stack(const std::vector<const model::Protocol*>& stack) {
    model::Packet packet;
    for (const model::Protocol* const protocol : stack) {
        packet.layers.push_back(packet::make_layer(*protocol));
    }
    return packet;
}

/// The packet with its fields in place of the octets that it was dissected from, nested packets too.
inline void forget_octets(model::Value& value);
inline void forget_octets(model::Packet& packet) {
    for (model::Layer& layer : packet.layers) {
        layer.forget_original();
        for (model::FieldValue& field : layer.fields) {
            forget_octets(field.value);
        }
    }
}
inline void forget_octets(model::Value& value) {
    if (model::Packet* const packet = value.get_if<model::Packet>()) {
        forget_octets(*packet);
    } else if (model::List* const list = value.get_if<model::List>()) {
        for (model::Value& item : list->items) {
            forget_octets(item);
        }
    } else if (model::Tuple* const tuple = value.get_if<model::Tuple>()) {
        for (model::Value& item : tuple->items) {
            forget_octets(item);
        }
    }
}

/// The value as an expression, for comparison and for messages.
inline std::string text_of(const model::Value& value) {
    std::string text;
    fields::append_expression(value, text);
    return text;
}

}  // namespace framewright::tests
