#include "protocol_db/packet/edit.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "protocol_db/expression/literal.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/packet/build.hpp"
#include "protocol_db/packet/built_layers.hpp"
#include "protocol_db/packet/dissect.hpp"
#include "protocol_db/packet/layer_rules.hpp"

namespace framewright::packet {

namespace {

/// What rules see of a layer whose values are being set: what is set by now, in the packet that the layer is part of.
class LayerInPacket {
public:
    LayerInPacket(const model::Layer& layer, Surroundings around) : rules_(LayerView{&layer, {}}, {}) {
        rules_.set_parent(around.parent);
        const model::Packet* const packet = around.packet;
        // A packet of more layers than there may be is never built.
        if (packet == nullptr || packet->layers.size() > kMaximumLayers) {
            return;
        }
        const auto index = static_cast<std::size_t>(&layer - packet->layers.data());
        const std::vector<LayerSpan> spans = spans_of(*packet);
        values_ = values_of(*packet, index, spans[index]);
        LayerView view_below;
        if (const std::optional<std::size_t> below = spans[index].below) {
            values_below_ = values_of(*packet, *below, spans[*below]);
            view_below = {&packet->layers[*below], values_below_};
        }
        rules_ = LayerRules(LayerView{&layer, values_}, view_below);
        rules_.set_parent(around.parent);
    }
    LayerInPacket(const LayerInPacket&) = delete;
    LayerInPacket& operator=(const LayerInPacket&) = delete;

    const LayerRules& rules() const { return rules_; }

private:
    std::vector<const model::Value*> values_;
    std::vector<const model::Value*> values_below_;
    LayerRules rules_;
};

/// Reads values for one layer.
class LayerContext final : public fields::ParseContext {
public:
    LayerContext(const model::Database& database, const model::Layer& layer, Surroundings around,
                 ExpressionBudget& budget)
        : database_(database), layer_(layer), around_(around), budget_(budget) {}

    const model::Database& database() const override { return database_; }
    const LayerRules& rules() const override {
        // Few types ask.
        if (!rules_) {
            rules_.emplace(layer_, around_);
        }
        return rules_->rules();
    }
    model::Value read_expression(std::string_view text) const override {
        return packet::read_expression(text, database_, budget_, &rules());
    }

private:
    const model::Database& database_;
    const model::Layer& layer_;
    Surroundings around_;
    mutable std::optional<LayerInPacket> rules_;
    ExpressionBudget& budget_;
};

/// Turns parsed literals into values.
class LiteralReader {
public:
    LiteralReader(const model::Database& database, ExpressionBudget& budget, const LayerRules* parent)
        : database_(database), budget_(budget), parent_(parent) {}

    model::Value operator()(const expression::None& /*none*/) const { return {}; }
    model::Value operator()(bool truth) const { return Integer{truth ? 1 : 0}; }
    model::Value operator()(Integer number) const { return number; }
    model::Value operator()(double number) const { return number; }
    model::Value operator()(const std::string& text) const { return text; }
    model::Value operator()(const Bytes& octets) const { return octets; }
    model::Value operator()(const expression::List& list) const { return model::List{items(list.items)}; }
    model::Value operator()(const expression::Tuple& tuple) const { return model::Tuple{items(tuple.items)}; }

    model::Value operator()(const expression::Call& call) const {
        model::Packet packet = layers_of(call);
        set_keywords(packet, 0, call);
        return packet;
    }

    model::Value operator()(const expression::Stack& stack) const {
        model::Packet packet;
        // Values may depend on what the layers around are: these are made first.
        std::vector<std::pair<const expression::Call*, std::size_t>> calls;
        for (const expression::Literal& part : stack.layers) {
            if (const expression::Call* const call = part.get_if<expression::Call>()) {
                model::Packet upper = layers_of(*call);
                calls.emplace_back(call, packet.layers.size());
                packet.layers.insert(packet.layers.end(), std::make_move_iterator(upper.layers.begin()),
                                     std::make_move_iterator(upper.layers.end()));
            } else {
                model::Layer raw = make_layer(database_.raw());
                set_field(raw, 0, read(part), database_, budget_);
                packet.layers.push_back(std::move(raw));
            }
        }
        for (const auto& [call, index] : calls) {
            set_keywords(packet, index, *call);
        }
        return packet;
    }

    model::Value read(const expression::Literal& literal) const { return std::visit(*this, literal.variant()); }

private:
    /// What an expression does not name is unset: it is all that the packet holds.
    static model::Layer unset_layer(const model::Protocol& protocol) {
        model::Layer layer;
        layer.protocol = &protocol;
        for (const model::Field& field : protocol.fields) {
            layer.fields.push_back(unset_field(field));
        }
        return layer;
    }

    std::vector<model::Value> items(const std::vector<expression::Literal>& literals) const {
        std::vector<model::Value> values;
        values.reserve(literals.size());
        for (const expression::Literal& literal : literals) {
            values.push_back(read(literal));
        }
        return values;
    }

    /// The octets that a call begins with: the packet on the wire.
    static Bytes wire_octets(const expression::Call& call) {
        const expression::Literal& argument = call.positional.front();
        std::optional<Bytes> octets;
        if (const Bytes* const given = argument.get_if<Bytes>()) {
            octets = *given;
        } else if (const std::string* const text = argument.get_if<std::string>()) {
            octets = latin1_octets(*text);
        }
        if (!octets || call.positional.size() > 1) {
            throw fields::ValueError(call.name + " takes its octets, or its fields by name");
        }
        return *octets;
    }

    /// A text stands for the octets of its characters, which are in UTF-8; none when one is beyond U+00FF.
    static std::optional<Bytes> latin1_octets(std::string_view text) {
        Bytes octets;
        for (std::size_t index = 0; index < text.size(); ++index) {
            const auto octet = static_cast<std::uint8_t>(text[index]);
            if ((octet & 0xfcU) == 0xc0U && index + 1 < text.size()) {
                octets.push_back(static_cast<std::uint8_t>(((octet & 3U) << 6) | ((text[++index] & 0x3f))));
            } else if (octet < 0x80) {
                octets.push_back(octet);
            } else {
                return std::nullopt;
            }
        }
        return octets;
    }

    /// The layers that a call makes, of which the first has its fields still to be set.
    model::Packet layers_of(const expression::Call& call) const {
        const model::Protocol* const protocol = database_.find(call.name);
        if (protocol == nullptr) {
            throw fields::ValueError("there is no protocol " + call.name);
        }
        model::Packet packet;
        if (call.positional.empty()) {
            packet.layers.push_back(unset_layer(*protocol));
        } else {
            try {
                for (DissectedLayer& layer : Dissector(database_).dissect(*protocol, wire_octets(call))) {
                    packet.layers.push_back(std::move(layer.layer));
                }
            } catch (const fields::DecodeError& error) {
                throw fields::ValueError(call.name + ": " + error.what());
            }
        }
        spend(packet.layers.size());
        return packet;
    }

    void set_keywords(model::Packet& packet, std::size_t layer, const expression::Call& call) const {
        model::Layer& made = packet.layers[layer];
        const model::Protocol& protocol = *made.protocol;
        std::vector<std::string_view> ids;
        ids.reserve(call.keywords.size());
        for (const expression::Keyword& keyword : call.keywords) {
            ids.push_back(keyword.name);
        }
        const std::vector<std::optional<Target>> targets = targets_of(protocol, ids);
        std::set<std::size_t> given;
        for (const std::optional<Target>& target : targets) {
            if (target && !given.insert(target->field).second) {
                throw fields::ValueError(call.name + ": the argument " + protocol.fields[target->field].id +
                                         " is given more often than there are fields of this id");
            }
        }
        // Fields whose form depends on others are read after those.
        for (const bool is_dependent : {false, true}) {
            for (std::size_t place = 0; place < targets.size(); ++place) {
                const expression::Keyword& keyword = call.keywords[place];
                const std::optional<Target>& target = targets[place];
                if (!target) {
                    throw fields::ValueError(call.name + " has no field " + keyword.name);
                }
                if (depends_on_others(protocol, *target) != is_dependent) {
                    continue;
                }
                try {
                    const LayerInPacket seen(made, {&packet, parent_});
                    const model::Value value = LiteralReader(database_, budget_, &seen.rules()).read(keyword.value);
                    set_field(made, *target, value, database_, budget_, {&packet, parent_});
                } catch (const fields::ValueError& error) {
                    throw fields::ValueError(call.name + "." + keyword.name + ": " + error.what());
                }
            }
        }
    }

    void spend(std::size_t layers) const {
        if (layers > budget_.layers) {
            throw fields::ValueError("the expressions of the request make more than " +
                                     std::to_string(kMaximumExpressionLayers) + " layers");
        }
        budget_.layers -= layers;
    }

    const model::Database& database_;
    ExpressionBudget& budget_;
    /// The rules of the layer whose field holds what is read, or null.
    const LayerRules* parent_;
};

/// The text that is shown in place of nothing, or of octets that are not shown as their own characters; none for other
/// values, whose text means them.
std::optional<std::string> text_in_place_of(const model::Field& field, const model::Value& value) {
    const Bytes* const octets = value.get_if<Bytes>();
    if (octets == nullptr && (!value.is_none() || !field.unset_value.is_none())) {
        return std::nullopt;
    }
    std::string text;
    field.type->show(field, value, text);
    const bool is_itself = octets != nullptr && Bytes(text.begin(), text.end()) == *octets;
    return is_itself ? std::nullopt : std::optional(text);
}

/// Whether the text is how the number is shown that somebody gave the field: two numbers may have one name.
bool is_shown_as(const model::Field& field, const model::FieldValue& given, std::string_view text) {
    if (!given.is_set || !given.value.is<Integer>()) {
        return false;
    }
    std::string shown;
    field.type->show(field, given.value, shown);
    return shown == text;
}

/// Calls `action` with each field that a value is for.
template <typename Action>
void for_each_field(const model::Protocol& protocol, Target target, const Action& action) {
    std::size_t index = target.field;
    do {
        action(index);
        index = target.is_alone ? 0 : protocol.fields[index].next_of_id;
    } while (index != 0);
}

/// Gives a field a value. One that it has already changes nothing: the octets that it was read from still stand for it.
void assign(model::Layer& layer, std::size_t index, model::FieldValue value) {
    const auto removed = std::erase_if(layer.refused, [index](const auto& refused) { return refused.field == index; });
    // Nothing is what a field has that the octets end before.
    const bool stays_nothing = layer.has_original && !layer.fields[index].is_set && value.value.is_none();
    const bool is_new = removed != 0 || value.original.is_present;
    if (!is_new && (stays_nothing || layer.fields[index] == value)) {
        return;
    }
    layer.fields[index] = std::move(value);
    layer.has_original = false;
}

/// What a field holds once a client has sent the value.
model::FieldValue read_value(const model::Field& field, const model::Value& value, const LayerContext& context) {
    model::Value parsed = field.type->parse(field, value, context);
    // An empty text, or None, leaves the field to its default.
    const bool is_reset = parsed.is_none() && value.is<std::string>();
    return is_reset ? unset_field(field) : model::FieldValue{std::move(parsed), true};
}

/// Gives each field that a value is for what `read` makes of it in the field's own form. Of several fields of one id
/// the value must suit the one that will be in the packet, which is known when that is built. `describe` shows the
/// value for errors.
template <typename Read, typename Describe>
void set_each(model::Layer& layer, Target target, Surroundings around, const Describe& describe, const Read& read) {
    const model::Protocol& protocol = *layer.protocol;
    if (!protocol.shares_id(target.field)) {
        assign(layer, target.field, read(target.field));
        return;
    }
    bool is_taken = target.is_alone || protocol.fields[target.field].first_of_id != target.field;
    const std::size_t meant = LayerInPacket(layer, around).rules().meant(target.field);
    std::vector<std::pair<std::size_t, model::FieldValue>> values;
    std::vector<model::RefusedValue> refused;
    std::exception_ptr error_of_meant;
    for_each_field(protocol, target, [&](std::size_t index) {
        try {
            values.emplace_back(index, read(index));
            is_taken = true;
        } catch (const std::runtime_error& error) {
            refused.push_back({index, describe(), error.what()});
            error_of_meant = index == meant ? std::current_exception() : error_of_meant;
        }
    });
    if (!is_taken) {
        std::rethrow_exception(error_of_meant);
    }
    for (auto& [index, value] : values) {
        assign(layer, index, std::move(value));
    }
    for (model::RefusedValue& refusal : refused) {
        assign(layer, refusal.field, {{}, true});
        layer.has_original = false;
        layer.refused.push_back(std::move(refusal));
    }
}

}  // namespace

std::vector<std::optional<Target>> targets_of(const model::Protocol& protocol, std::span<const std::string_view> ids) {
    std::vector<std::optional<Target>> targets(ids.size());
    // By the first field of an id: the value that was given last.
    std::map<std::size_t, std::size_t> last;
    for (std::size_t place = 0; place < ids.size(); ++place) {
        const std::optional<std::size_t> field = protocol.find_field(ids[place]);
        if (!field) {
            continue;
        }
        targets[place] = *field;
        if (!protocol.shares_id(*field)) {
            continue;
        }
        const auto [entry, is_first] = last.try_emplace(*field, place);
        if (!is_first) {
            Target& before = *targets[entry->second];
            const std::size_t next = protocol.fields[before.field].next_of_id;
            before.is_alone = true;
            targets[place]->field = next != 0 ? next : before.field;
            entry->second = place;
        }
    }
    return targets;
}

bool depends_on_others(const model::Protocol& protocol, Target target) {
    bool depends = false;
    for_each_field(protocol, target,
                   [&](std::size_t index) { depends = depends || fields::depends_on_others(protocol.fields[index]); });
    return depends;
}

model::Value read_expression(std::string_view text, const model::Database& database, ExpressionBudget& budget,
                             const LayerRules* parent) {
    return LiteralReader(database, budget, parent).read(expression::parse_literal(text));
}

void set_field(model::Layer& layer, Target target, const model::Value& value, const model::Database& database,
               ExpressionBudget& budget, Surroundings around) {
    const LayerContext context(database, layer, around, budget);
    set_each(
        layer, target, around, [&value] { return fields::describe(value); },
        [&](std::size_t index) { return read_value(layer.protocol->fields[index], value, context); });
}

void set_expression(model::Layer& layer, Target target, std::string_view text, const model::Database& database,
                    ExpressionBudget& budget, Surroundings around) {
    std::optional<model::Value> read;
    const LayerContext context(database, layer, around, budget);
    const auto describe = [text] { return std::string(text); };
    set_each(layer, target, around, describe, [&](std::size_t index) {
        const model::Field& field = layer.protocol->fields[index];
        model::Value notation = field.type->parse_notation(field, text);
        if (notation.is_none() && !read) {
            read = context.read_expression(text);
        }
        return read_value(field, notation.is_none() ? *read : notation, context);
    });
}

bool keep_what_is_held(model::Layer& layer, Target target, std::string_view text, const model::Database& database,
                       ExpressionBudget& budget, Surroundings around) {
    const model::Protocol& protocol = *layer.protocol;
    // Random octets that the client saw were others: whether these happen to be a text says nothing.
    static const model::Value kNoText{Bytes{0x80}};
    std::optional<LayerInPacket> seen;
    if (protocol.shares_id(target.field)) {
        seen.emplace(layer, around);
    }
    std::vector<std::pair<std::size_t, std::size_t>> others;
    bool is_held = true;
    for_each_field(protocol, target, [&](std::size_t index) {
        const std::size_t meant = seen ? seen->rules().meant(index) : index;
        const model::Field& field = form_of(protocol, index, meant);
        const model::FieldValue& given = layer.fields[meant];
        const bool is_random = field.generated == model::Generated::kRandomBytes;
        const model::Value& own = given.is_set ? given.value : field.default_value;
        const model::Value& held = is_random ? kNoText : own;
        is_held = is_held && (is_shown_as(field, given, text) || text_in_place_of(field, held) == text);
        if (meant != index) {
            others.emplace_back(index, meant);
        }
    });
    // A field that is not in the layer shows, and now gets, what another one of its id holds.
    for (std::size_t place = 0; is_held && place < others.size(); ++place) {
        const auto [index, meant] = others[place];
        const model::FieldValue held = layer.fields[meant];
        if (held.is_set) {
            set_field(layer, {index, true}, held.value, database, budget, around);
        } else {
            reset_field(layer, {index, true});
        }
    }
    return is_held;
}

namespace {

/// What octets on the wire say of a field: a packet of just these octets, read as this field alone. The layer keeps
/// them: just they are written, even where the value would be written otherwise.
model::FieldValue read_wire_octets(model::Layer& layer, std::size_t index, ByteView octets,
                                   const model::Database& database, const LayerRules& rules) {
    const model::Field& field = layer.protocol->fields[index];
    const std::size_t bits = field.bits;
    if (bits != 0 && (bits + 7) / 8 != octets.size()) {
        throw fields::ValueError("the field has " + std::to_string(bits) + " bits");
    }
    field.type->check_octets(field, octets);
    Bytes aligned(octets.begin(), octets.end());
    if (bits % 8 != 0) {
        // Bits are given as a number, the spare ones in front.
        fields::BitReader reader(octets);
        reader.read_bits(static_cast<std::uint32_t>(8 - bits % 8));
        Bytes shifted;
        fields::BitWriter writer(shifted);
        writer.write_bits(reader.read_bits(static_cast<std::uint32_t>(bits)), static_cast<std::uint32_t>(bits));
        aligned = std::move(shifted);
    }
    model::Value value = Dissector(database).read_field(field, layer, aligned, rules);
    const std::size_t size = bits != 0 ? bits : octets.size() * 8;
    const std::size_t first_bit = (layer.original.size() + octets.size()) * 8 - size;
    layer.original.insert(layer.original.end(), octets.begin(), octets.end());
    const model::Place place{static_cast<std::uint32_t>(first_bit), static_cast<std::uint32_t>(size), 0, true};
    return {std::move(value), true, place};
}

}  // namespace

void set_wire_octets(model::Layer& layer, Target target, ByteView octets, const model::Database& database,
                     Surroundings around) {
    const LayerInPacket seen(layer, around);
    set_each(
        layer, target, around, [octets] { return fields::describe(Bytes(octets.begin(), octets.end())); },
        [&](std::size_t index) { return read_wire_octets(layer, index, octets, database, seen.rules()); });
}

void set_random(model::Layer& layer, Target target, const model::Database& database, Surroundings around) {
    thread_local std::mt19937 source{std::random_device{}()};
    constexpr std::size_t kOctetsOfNoFixedSize = 8;
    ExpressionBudget budget;
    const LayerContext context(database, layer, around, budget);
    const LayerInPacket seen(layer, around);
    const auto describe = [] { return "RANDOM"; };
    set_each(layer, target, around, describe, [&](std::size_t index) {
        const model::Field& field = layer.protocol->fields[index];
        Bytes octets(field.bits != 0 ? (field.bits + 7) / 8 : kOctetsOfNoFixedSize);
        for (std::uint8_t& octet : octets) {
            octet = static_cast<std::uint8_t>(source());
        }
        if (field.bits != 0) {
            return read_wire_octets(layer, index, octets, database, seen.rules());
        }
        if (field.type->is_container()) {
            throw fields::ValueError("a " + field.type_name + " has no random value");
        }
        if (const expression::Rule* const rule = fields::length_rule(field)) {
            const std::int64_t length = rule->evaluate(context.rules());
            octets.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(length, 0, kOctetsOfNoFixedSize)));
        }
        return read_value(field, octets, context);
    });
}

void reset_field(model::Layer& layer, Target target) {
    for_each_field(*layer.protocol, target,
                   [&](std::size_t index) { assign(layer, index, unset_field(layer.protocol->fields[index])); });
}

}  // namespace framewright::packet
