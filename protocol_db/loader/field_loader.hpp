#pragma once

#include <string>
#include <string_view>

#include "protocol_db/loader/database_builder.hpp"
#include "protocol_db/loader/definition_json.hpp"

namespace framewright::loader {

/// Turns the definition of a field into the field. All throw Refusal, expression::RuleError or fields::ValueError.
class FieldLoader {
public:
    FieldLoader(const model::Database& database, model::DatabaseBuilder& builder)
        : database_(database), builder_(builder) {}

    /// Defines a field of a protocol whose fields have their ids already.
    void define(const model::Protocol& protocol, model::Field& field, const Json& json);
    /// A value of a field, as a client would write it.
    model::Value value(const model::Field& field, const Json& json) const;
    /// A rule about the fields of a protocol; no text, no rule.
    static expression::Rule rule(const model::Protocol& protocol, const std::string& text);
    /// The index of a field that must be there.
    static std::size_t field_index(const model::Protocol& protocol, const std::string& id);
    /// A protocol that must be there.
    const model::Protocol* protocol(const std::string& id);

private:
    const model::Enumeration* enumeration(const Json& json);
    void define_width(model::Field& field, ObjectReader& reader) const;
    void define_names(const model::Protocol& protocol, model::Field& field, ObjectReader& reader);
    void define_rules(const model::Protocol& protocol, model::Field& field, ObjectReader& reader);
    void define_nested(const model::Protocol& protocol, model::Field& field, ObjectReader& reader);
    void define_values(model::Field& field, ObjectReader& reader) const;

    const model::Database& database_;
    model::DatabaseBuilder& builder_;
};

}  // namespace framewright::loader
