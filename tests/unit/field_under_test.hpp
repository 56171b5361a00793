#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "protocol_db/expression/literal.hpp"
#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {

/// A protocol "P" of our own, and its last field, which the test is about.
class FieldUnderTest {
public:
    /// The field's members, such as `"type": "ByteField"`; `before` are whole fields that stand in front of it, and
    /// `others` whole protocols that it may need.
    explicit FieldUnderTest(const std::string& members, const std::string& before = "", const std::string& others = "")
        : text_(R"({"protocols": [)" + others + (others.empty() ? "" : ",") + R"({"id": "P", "fields": [)" + before +
                (before.empty() ? "" : ",") + R"({"id": "f", )" + members + "}]}]}") {
        constexpr std::string_view kBase = R"({"types": {
            "TCPOptionsField": {"type": "OptionListField", "length_counts": "option"},
            "DHCPOptionsField": {"type": "OptionListField", "style": "words"}}, "protocols": [
            {"id": "Raw", "role": "unknown_payload", "fields": [{"id": "load", "type": "StrField", "default": ""}]},
            {"id": "Padding", "is_a": "Raw", "role": "padding"}]})";
        const std::array<loader::DefinitionFile, 2> files{loader::DefinitionFile{"base.json", kBase},
                                                          loader::DefinitionFile{"test.json", text_}};
        database_ = loader::load(files);
        index_ = owner().find_field("f").value();
    }

    const model::Database& database() const { return *database_; }
    const model::Protocol& owner() const { return *database_->find("P"); }
    const model::Field& field() const { return owner().fields[index_]; }

    /// A new layer with the field set to what a client sent. Throws fields::ValueError.
    model::Layer layer(const model::Value& value) const {
        model::Layer layer = packet::make_layer(owner());
        packet::ExpressionBudget budget;
        packet::set_field(layer, index_, value, *database_, budget);
        return layer;
    }
    model::Layer layer(const char* text) const { return layer(model::Value(std::string(text))); }
    model::Layer layer(long long number) const { return layer(model::Value(Integer{number})); }

    /// The bytes of a layer, in hexadecimal.
    std::string bytes_of(const model::Layer& layer) const {
        model::Packet packet;
        packet.layers.push_back(layer);
        return hex(packet::build(packet, *database_).bytes);
    }

    /// The layer's bytes when the field is set to a value.
    template <typename Given>
    std::string bytes(const Given& value) const {
        return bytes_of(layer(value));
    }
    std::string default_bytes() const { return bytes_of(packet::make_layer(owner())); }

    /// As bytes(), for the text of an expression.
    std::string expression_bytes(std::string_view text) const {
        model::Layer layer = packet::make_layer(owner());
        packet::ExpressionBudget budget;
        packet::set_expression(layer, index_, text, *database_, budget);
        return bytes_of(layer);
    }

    /// What a client's value becomes.
    template <typename Given>
    std::string parsed(const Given& value) const {
        return shown_value(layer(value).fields[index_].value);
    }

    /// What the layer's bytes say of the field: as a person reads it, and as an expression.
    std::string read(std::string_view digits) const { return shown_value(read_value(digits)); }
    std::string expressed(std::string_view digits) const {
        std::string text;
        field().type->express(field(), read_value(digits), text);
        return text;
    }
    model::Value read_value(std::string_view digits) const {
        return packet::Dissector(*database_).dissect_layer(owner(), octets(digits), nullptr).layer.fields[index_].value;
    }

    /// Why the field does not take a value; empty when it does.
    template <typename Given>
    std::string refusal(const Given& value) const {
        return reason_of([&] { bytes(value); });
    }
    std::string expression_refusal(std::string_view text) const {
        return reason_of([&] { expression_bytes(text); });
    }

    /// Why bytes cannot be read; empty when they can.
    std::string decode_refusal(std::string_view digits) const {
        return reason_of([&] { read_value(digits); });
    }

private:
    template <typename Action>
    static std::string reason_of(const Action& action) {
        try {
            action();
        } catch (const fields::ValueError& error) {
            return error.what();
        } catch (const packet::BuildError& error) {
            return error.what();
        } catch (const expression::SyntaxError& error) {
            return error.what();
        } catch (const fields::DecodeError& error) {
            return error.what();
        }
        return "";
    }

    std::string shown_value(const model::Value& value) const {
        std::string text;
        field().type->show(field(), value, text);
        return text;
    }

    std::string text_;
    std::unique_ptr<const model::Database> database_;
    std::size_t index_ = 0;
};

/// A list of values.
inline model::Value list(std::vector<model::Value> items) {
    return model::List{std::move(items)};
}
inline model::Value bytes_value(std::string_view text) {
    return Bytes(text.begin(), text.end());
}

}  // namespace framewright::tests
