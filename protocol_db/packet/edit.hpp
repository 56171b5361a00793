#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "protocol_db/model/model.hpp"
#include "protocol_db/packet/layer_rules.hpp"

namespace framewright::packet {

/// How many layers the expressions of one request may make, all together: a short text can name many.
inline constexpr std::size_t kMaximumExpressionLayers = 20000;

/// What is left of that bound while a request is read.
struct ExpressionBudget {
    std::size_t layers = kMaximumExpressionLayers;
};

/// The fields that a value is for: one, and unless it is alone, those behind it that share its id. The value must suit
/// the one of them that is in the packet.
struct Target {
    Target(std::size_t index, bool alone = false) : field(index), is_alone(alone) {}

    std::size_t field;
    bool is_alone;
};

/// The targets of values that are given for these ids together, or nothing for an id that no field has. Of several
/// values for one id, each is for the next of the fields that share it, the last one for those behind it as well.
std::vector<std::optional<Target>> targets_of(const model::Protocol& protocol, std::span<const std::string_view> ids);

/// Whether what a value for the target means depends on other fields of the layer, which are to be set before.
bool depends_on_others(const model::Protocol& protocol, Target target);

/// Where a layer whose values are set stands: in a packet, which may be held by a field of another layer.
struct Surroundings {
    Surroundings(const model::Packet* packet_of_layer = nullptr, const LayerRules* rules_of_parent = nullptr)
        : packet(packet_of_layer), parent(rules_of_parent) {}

    const model::Packet* packet;
    const LayerRules* parent;
};

/// Reads a text of the value language into a value: calls become packets of the protocols that they name.
/// `parent` are the rules of the layer whose field is to hold the value.
/// Throws expression::SyntaxError for a text that is no expression, fields::ValueError for an unknown protocol or
/// field, a value that a field cannot take, or more layers than the budget has.
model::Value read_expression(std::string_view text, const model::Database& database, ExpressionBudget& budget,
                             const LayerRules* parent = nullptr);

/// Sets a field to what a client sent, in whatever form the field's type reads. The form may depend on the layer below,
/// and on the layer that holds the packet which the layer is part of; without surroundings there are none. Where only
/// some of several fields of one id can hold the value, it is an error to build a packet that has another one. Throws
/// fields::ValueError or expression::SyntaxError.
void set_field(model::Layer& layer, Target target, const model::Value& value, const model::Database& database,
               ExpressionBudget& budget, Surroundings around = {});

/// As set_field, for the text of an expression: the field's own notation is understood as well.
void set_expression(model::Layer& layer, Target target, std::string_view text, const model::Database& database,
                    ExpressionBudget& budget, Surroundings around = {});

/// Whether a text says what the field holds already, rather than a new value: what is shown in place of octets that are
/// no text, or of nothing at all, or the name of a number that others have as well. A client that sends it back changes
/// nothing. A field that is not in the layer shows what another one of its id holds, and is given that.
bool keep_what_is_held(model::Layer& layer, Target target, std::string_view text, const model::Database& database,
                       ExpressionBudget& budget, Surroundings around = {});

/// Sets a field to what its octets on the wire say. Throws fields::DecodeError or fields::ValueError.
void set_wire_octets(model::Layer& layer, Target target, ByteView octets, const model::Database& database,
                     Surroundings around = {});

/// Sets a field to a random value of its type. Throws fields::ValueError for a type that has none.
void set_random(model::Layer& layer, Target target, const model::Database& database, Surroundings around = {});

/// Leaves a field to its default, or to what is computed.
void reset_field(model::Layer& layer, Target target);

}  // namespace framewright::packet
