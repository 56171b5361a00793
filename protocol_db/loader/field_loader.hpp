#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol_db/loader/database_builder.hpp"
#include "protocol_db/loader/definition_json.hpp"
#include "protocol_db/loader/field_types.hpp"

namespace framewright::loader {

/// A tag of BER: a number, or a text of class and number. `what` names it in a refusal. Throws Refusal.
model::BerTag to_ber_tag(const Json& json, const std::string& what);

/// Turns the definition of a field into the field. All throw Refusal, expression::RuleError or fields::ValueError.
class FieldLoader {
public:
    FieldLoader(const model::Database& database, model::DatabaseBuilder& builder, const FieldTypes& types)
        : database_(database), builder_(builder), types_(types) {}

    /// Defines a field of a protocol whose fields have their ids already.
    void define(const model::Protocol& protocol, model::Field& field, const Json& json) {
        define(protocol, field, json, false);
    }
    /// A default that may be an expression of packets: it is read once all protocols are there.
    struct LateDefault {
        const model::Protocol* protocol;
        model::Field* field;
        std::string text;
    };
    const std::vector<LateDefault>& late_defaults() const { return late_defaults_; }
    /// Gives the field its default. The database must be complete.
    void define(const LateDefault& late) const;
    /// A value of a field, as a client would write it; `what` names it in a refusal.
    model::Value value(const model::Field& field, const Json& json, const std::string& what) const;
    /// A rule about the fields of a protocol.
    static expression::Rule rule(const model::Protocol& protocol, const std::string& text);
    /// The rule about the fields of a protocol that is the member `key`; no member, no rule.
    static expression::Rule rule_at(const model::Protocol& protocol, ObjectReader& reader, std::string_view key);
    /// The same where a number may stand in place of a rule.
    static expression::Rule number_or_rule(const model::Protocol& protocol, ObjectReader& reader, std::string_view key);
    /// Whether a key of a field's definition means something for fields of the type.
    bool has_meaning(std::string_view key, std::string_view type_name) const;
    /// The index of a field that must be there.
    static std::size_t field_index(const model::Protocol& protocol, const std::string& id);
    /// A protocol that must be there.
    const model::Protocol* protocol(const std::string& id);
    /// An object identifier in dotted numbers, which may be written with a name.
    std::string object_identifier(const Json& json) const;

private:
    class TypeKeys;

    /// `is_part`: of another field, as the element of a list or as a variant.
    void define(const model::Protocol& protocol, model::Field& field, const Json& json, bool is_part);
    /// The same once its type is known, and all that the type says for it is among its members.
    void define_members(const model::Protocol& protocol, model::Field& field, const Json& json);
    /// Defines the element of a list or a variant.
    std::shared_ptr<model::Field> part(const model::Protocol& protocol, const model::Field& whole, const Json& json);
    const model::Enumeration* enumeration(const Json& json);
    /// The names of a field's numbers, which must fit.
    const model::Enumeration* names(const model::Field& field, const Json& json);
    static void define_width(model::Field& field, ObjectReader& reader);
    void define_rules(const model::Protocol& protocol, model::Field& field, ObjectReader& reader);
    void define_values(const model::Protocol& protocol, model::Field& field, ObjectReader& reader);

    const model::Database& database_;
    model::DatabaseBuilder& builder_;
    const FieldTypes& types_;
    std::vector<LateDefault> late_defaults_;
};

}  // namespace framewright::loader
