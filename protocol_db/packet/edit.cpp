#include "protocol_db/packet/edit.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <random>

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
    LayerInPacket(const model::Layer& layer, const model::Packet* packet) : rules_(LayerView{&layer, {}}, {}) {
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
    LayerContext(const model::Database& database, const model::Layer& layer, const model::Packet* packet,
                 ExpressionBudget& budget)
        : database_(database), layer_(layer), packet_(packet), budget_(budget) {}

    const model::Database& database() const override { return database_; }
    const expression::RuleContext& rules() const override {
        // Few types ask.
        if (!rules_) {
            rules_.emplace(layer_, packet_);
        }
        return rules_->rules();
    }
    model::Value read_expression(std::string_view text) const override {
        return packet::read_expression(text, database_, budget_);
    }

private:
    const model::Database& database_;
    const model::Layer& layer_;
    const model::Packet* packet_;
    mutable std::optional<LayerInPacket> rules_;
    ExpressionBudget& budget_;
};

/// Turns parsed literals into values.
class LiteralReader {
public:
    LiteralReader(const model::Database& database, ExpressionBudget& budget) : database_(database), budget_(budget) {}

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
            packet.layers.push_back(make_layer(*protocol));
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
        const model::Protocol* const protocol = made.protocol;
        // Fields whose form depends on others are read after those.
        for (const bool is_dependent : {false, true}) {
            for (const expression::Keyword& keyword : call.keywords) {
                const std::optional<std::size_t> index = protocol->find_field(keyword.name);
                if (!index) {
                    throw fields::ValueError(call.name + " has no field " + keyword.name);
                }
                if (fields::depends_on_others(protocol->fields[*index]) != is_dependent) {
                    continue;
                }
                try {
                    set_field(made, *index, read(keyword.value), database_, budget_, &packet);
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

/// A name may stand twice in a protocol, for fields of which only one is in a packet.
template <typename Action>
void for_each_of_the_name(const model::Layer& layer, std::size_t index, const Action& action) {
    const std::string& id = layer.protocol->fields[index].id;
    for (std::size_t other = index; other < layer.fields.size(); ++other) {
        if (layer.protocol->fields[other].id == id) {
            action(other);
        }
    }
}

/// Gives a field a value. One that it has already changes nothing: the octets that it was read from still stand for it.
void assign(model::Layer& layer, std::size_t index, model::FieldValue value) {
    // Nothing is what a field has that the octets end before.
    const bool stays_nothing = layer.has_original && !layer.fields[index].is_set && value.value.is_none();
    if (stays_nothing || layer.fields[index] == value) {
        return;
    }
    layer.fields[index] = std::move(value);
    layer.has_original = false;
}

}  // namespace

model::Value read_expression(std::string_view text, const model::Database& database, ExpressionBudget& budget) {
    return LiteralReader(database, budget).read(expression::parse_literal(text));
}

void set_field(model::Layer& layer, std::size_t index, const model::Value& value, const model::Database& database,
               ExpressionBudget& budget, const model::Packet* packet) {
    const LayerContext context(database, layer, packet, budget);
    std::optional<model::Value> parsed;
    std::optional<fields::ValueError> refusal;
    // Of several fields of one name, the value must suit the one that will be in the packet; the others have it too.
    for_each_of_the_name(layer, index, [&](std::size_t other) {
        const model::Field& field = layer.protocol->fields[other];
        try {
            parsed = field.type->parse(field, value, context);
        } catch (const fields::ValueError& error) {
            refusal = error;
        }
    });
    if (!parsed) {
        throw fields::ValueError(*refusal);
    }
    // An empty text, or None, leaves the field to its default.
    if (parsed->is_none() && value.is<std::string>()) {
        reset_field(layer, index);
        return;
    }
    for_each_of_the_name(layer, index, [&](std::size_t other) { assign(layer, other, {*parsed, true}); });
}

void set_expression(model::Layer& layer, std::size_t index, std::string_view text, const model::Database& database,
                    ExpressionBudget& budget, const model::Packet* packet) {
    const model::Field& field = layer.protocol->fields[index];
    model::Value value = field.type->parse_notation(field, text);
    if (value.is_none()) {
        value = read_expression(text, database, budget);
    }
    set_field(layer, index, value, database, budget, packet);
}

bool stands_for_what_is_held(const model::Layer& layer, std::size_t index, std::string_view text) {
    bool stands = false;
    for_each_of_the_name(layer, index, [&](std::size_t other) {
        const model::Field& field = layer.protocol->fields[other];
        const model::FieldValue& given = layer.fields[other];
        // Random octets that the client saw were others: whether these happen to be a text says nothing.
        const bool is_random = field.generated == model::Generated::kRandomBytes;
        const model::Value& held = given.is_set ? given.value : field.default_value;
        stands = stands || is_shown_as(field, given, text) ||
                 text_in_place_of(field, is_random ? Bytes{0x80} : held) == text;
    });
    return stands;
}

void set_wire_octets(model::Layer& layer, std::size_t index, ByteView octets, const model::Database& database,
                     const model::Packet* packet) {
    // A packet of just these octets, read as this field alone.
    const model::Field& field = layer.protocol->fields[index];
    const std::size_t bits = field.bits;
    if (bits != 0 && (bits + 7) / 8 != octets.size()) {
        throw fields::ValueError("the field has " + std::to_string(bits) + " bits");
    }
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
    const model::Value value =
        Dissector(database).read_field(field, layer, aligned, LayerInPacket(layer, packet).rules());
    // Just these octets are written, even where the value would be written otherwise.
    const std::size_t size = bits != 0 ? bits : octets.size() * 8;
    const std::size_t first_bit = (layer.original.size() + octets.size()) * 8 - size;
    layer.original.insert(layer.original.end(), octets.begin(), octets.end());
    layer.has_original = false;
    const model::Place place{static_cast<std::uint32_t>(first_bit), static_cast<std::uint32_t>(size), 0, true};
    for_each_of_the_name(layer, index, [&](std::size_t other) { layer.fields[other] = {value, true, place}; });
}

void set_random(model::Layer& layer, std::size_t index, const model::Database& database, const model::Packet* packet) {
    const model::Field& field = layer.protocol->fields[index];
    constexpr std::size_t kOctetsOfNoFixedSize = 8;
    thread_local std::mt19937 source{std::random_device{}()};
    Bytes octets(field.bits != 0 ? (field.bits + 7) / 8 : kOctetsOfNoFixedSize);
    for (std::uint8_t& octet : octets) {
        octet = static_cast<std::uint8_t>(source());
    }
    if (field.bits != 0) {
        set_wire_octets(layer, index, octets, database, packet);
        return;
    }
    if (field.type->is_container()) {
        throw fields::ValueError("a " + field.type_name + " has no random value");
    }
    if (const expression::Rule* const rule = fields::length_rule(field)) {
        const LayerInPacket whole(layer, packet);
        const std::int64_t length = rule->evaluate(whole.rules());
        octets.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(length, 0, kOctetsOfNoFixedSize)));
    }
    ExpressionBudget budget;
    set_field(layer, index, octets, database, budget, packet);
}

void reset_field(model::Layer& layer, std::size_t index) {
    for_each_of_the_name(layer, index,
                         [&](std::size_t other) { assign(layer, other, unset_field(layer.protocol->fields[other])); });
}

}  // namespace framewright::packet
