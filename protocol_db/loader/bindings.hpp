#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol_db/loader/choices.hpp"
#include "protocol_db/loader/draft.hpp"

namespace framewright::loader {

/// Turns bindings, in the order in which they are read, into those that dissecting asks and building sets. All throw
/// Refusal or DefinitionError.
class BindingLoader {
public:
    BindingLoader(model::DatabaseBuilder& builder, FieldLoader& fields, BindingCount& count)
        : builder_(builder), fields_(fields), count_(count) {}

    /// Reads in which of a protocol's fields the numbers of number spaces stand, once its fields are defined.
    void read_spaces(Draft& draft);
    /// Reads the bindings of a protocol to those below it and above it, once all spaces are read.
    void read(Draft& draft);
    /// Gives a protocol the bindings of those that it binds as, and the impositions of those that it is derived from;
    /// once all are read.
    void gather(model::Protocol& protocol);

private:
    using FieldValues = std::vector<std::pair<std::size_t, model::Value>>;

    /// What stands in definitions about one protocol.
    struct Own {
        std::vector<model::Binding> bindings;
        std::vector<model::Imposition> impositions;
    };

    /// A protocol that tells by a number of a space what it carries.
    struct SpaceReader {
        model::Protocol* protocol = nullptr;
        /// Any of these fields may hold the number; the first is set.
        std::vector<std::size_t> fields;
        /// What other fields hold, whatever the number is.
        FieldValues with;
    };

    SpaceReader read_space(model::Protocol& protocol, const Json& json);
    void join_space(model::Protocol& upper, const Json& json);
    void add(model::Protocol& lower, model::Protocol& upper, bool is_users, FieldValues conditions);
    void impose(model::Protocol& lower, model::Protocol& upper, FieldValues values);
    void read_each(const Draft& draft, std::string_view key, const Json* bindings);
    void bind(model::Protocol& protocol, const Json& json, bool is_upper);
    Own& own(const model::Protocol& protocol);
    void add_binding(model::Protocol& protocol, model::Binding binding, const model::Protocol& alias);
    void gather_bindings(model::Protocol& protocol);
    static void make_tables(model::Protocol& protocol);
    void gather_impositions(model::Protocol& protocol);
    model::Value value_of(const model::Protocol& protocol, std::size_t index, const Json& json,
                          const std::string& what);
    FieldValues field_values(const model::Protocol& protocol, const Json& json, const std::string& key);

    model::DatabaseBuilder& builder_;
    FieldLoader& fields_;
    BindingCount& count_;
    std::map<std::string, std::vector<SpaceReader>, std::less<>> spaces_;
    /// By the index of the protocol.
    std::vector<Own> own_;
};

}  // namespace framewright::loader
