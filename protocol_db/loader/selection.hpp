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
    /// The protocols that one says to be a variant of, beside those that it is derived from; all are defined before it.
    std::vector<const model::Protocol*> bases_of(Draft& draft);
    /// Reads which values of these fields make a protocol.
    void read_variant(Draft& draft);
    /// Gives the fields of a variant, as they are written, the values that make it as their defaults.
    void set_defaults(Draft& draft) const;
    /// Enters a variant into the tables of its bases. A user's goes before a built-in one.
    void connect(const Draft& draft) const;

private:
    using Key = std::vector<model::Value>;
    /// A variant's base, and the values that make it.
    struct Selected {
        const model::Protocol* base = nullptr;
        std::vector<Key> keys;
    };

    Key read_key(const model::Protocol& base, const Json& json) const;
    void set_defaults(Draft& draft, const Selected& selected) const;
    void connect(const Draft& draft, const Selected& selected) const;

    FieldLoader& fields_;
    const Drafts& drafts_;
    /// By variant; one for each of its bases.
    std::unordered_map<const model::Protocol*, std::vector<Selected>> selected_;
};

}  // namespace framewright::loader
