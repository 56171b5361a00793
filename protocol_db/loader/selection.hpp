#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocol_db/loader/draft.hpp"
#include "protocol_db/loader/field_loader.hpp"

namespace framewright::loader {

/// Connects the variants of a protocol with it: "selected_by" and "selects". All throw Refusal or DefinitionError.
class SelectionLoader {
public:
    SelectionLoader(FieldLoader& fields, const Drafts& drafts) : fields_(fields), drafts_(drafts) {}

    /// Reads by which fields the variants of a protocol are known, once its fields are defined.
    void read_base(Draft& draft);
    /// Reads which values of these fields make a protocol, once what it is derived from is defined.
    void read_variant(Draft& draft);
    /// Gives the fields of a variant, as they are written, the values that make it as their defaults.
    void set_defaults(Draft& draft) const;
    /// Enters a variant into the table of its base. A user's goes before a built-in one.
    void connect(const Draft& draft) const;

private:
    using Key = std::vector<model::Value>;
    /// A variant's base, and the values that make it.
    struct Selected {
        const model::Protocol* base = nullptr;
        std::vector<Key> keys;
    };

    Key read_key(const model::Protocol& base, const Json& json) const;
    static const model::Protocol* base_of(const model::Protocol& protocol);

    FieldLoader& fields_;
    const Drafts& drafts_;
    std::unordered_map<const model::Protocol*, Selected> selected_;
};

}  // namespace framewright::loader
