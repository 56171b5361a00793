#pragma once

#include <cstddef>
#include <string_view>

#include "protocol_db/model/model.hpp"

namespace framewright::packet {

/// How many layers the expressions of one request may make, all together: a short text can name many.
inline constexpr std::size_t kMaximumExpressionLayers = 20000;

/// What is left of that bound while a request is read.
struct ExpressionBudget {
    std::size_t layers = kMaximumExpressionLayers;
};

/// Reads a text of the value language into a value: calls become packets of the protocols that they name.
/// Throws expression::SyntaxError for a text that is no expression, fields::ValueError for an unknown protocol or
/// field, a value that a field cannot take, or more layers than the budget has.
model::Value read_expression(std::string_view text, const model::Database& database, ExpressionBudget& budget);

/// Sets field `index` of a layer to what a client sent, in whatever form the field's type reads. The form may depend on
/// the layer below, in the packet that the layer is part of; without one, nothing is below.
/// Throws fields::ValueError or expression::SyntaxError.
void set_field(model::Layer& layer, std::size_t index, const model::Value& value, const model::Database& database,
               ExpressionBudget& budget, const model::Packet* packet = nullptr);

/// As set_field, for the text of an expression: the field's own notation is understood as well.
void set_expression(model::Layer& layer, std::size_t index, std::string_view text, const model::Database& database,
                    ExpressionBudget& budget, const model::Packet* packet = nullptr);

/// Whether a text says what the field holds already, rather than a new value: what is shown in place of octets that are
/// no text, or of nothing at all, or the name of a number that others have as well. A client that sends it back changes
/// nothing.
bool stands_for_what_is_held(const model::Layer& layer, std::size_t index, std::string_view text);

/// Sets a field to what its octets on the wire say. Throws fields::DecodeError or fields::ValueError.
void set_wire_octets(model::Layer& layer, std::size_t index, ByteView octets, const model::Database& database,
                     const model::Packet* packet = nullptr);

/// Sets a field to a random value of its type. Throws fields::ValueError for a type that has none.
void set_random(model::Layer& layer, std::size_t index, const model::Database& database,
                const model::Packet* packet = nullptr);

/// Leaves a field to its default, or to what is computed.
void reset_field(model::Layer& layer, std::size_t index);

}  // namespace framewright::packet
