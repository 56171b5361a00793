#pragma once

#include <deque>
#include <string>
#include <utility>

#include "protocol_db/loader/document.hpp"
#include "protocol_db/model/model.hpp"

namespace framewright::loader {

/// A definition's protocol on its way into the database.
struct Draft {
    /// Throws Refusal for a definition that is no object.
    Draft(const DefinitionFile& of_file, std::size_t place, const Json& definition)
        : file(&of_file), index(place), json(&definition), reader(definition, "a protocol") {}

    const DefinitionFile* file;
    /// Its place in its file's array of protocols.
    std::size_t index;
    const Json* json;
    /// Knows which of its keys were read.
    ObjectReader reader;
    model::Protocol* protocol = nullptr;
    /// Its fields as they are written, with what is taken over.
    Json fields;
    /// The BER values that fields stand in together, as they are written among the fields, or taken over.
    std::vector<model::BerGroup> ber_groups;
    /// Where each of the fields in "fields" is written within the protocol's definition.
    std::vector<JsonPath> paths;
    /// So many of its fields, from the first on, stand in "fields" or are taken over; the others in "more_fields".
    std::size_t first_more_field = 0;
    enum class State : std::uint8_t { kNew, kBusy, kDone } state = State::kNew;
};

/// Where a protocol is written.
Place place_of(const Draft& draft);
/// Where a field of a protocol is written: among its fields, behind those that it takes over, in the changes to them,
/// or in its trailer.
Place place_of(const Draft& draft, const std::string& field, std::size_t index);

/// The drafts of all protocols, in the order of the database.
class Drafts {
public:
    void add(Draft draft) { drafts_.push_back(std::move(draft)); }
    Draft& of(const model::Protocol& protocol) { return drafts_[protocol.index]; }
    const Draft& of(const model::Protocol& protocol) const { return drafts_[protocol.index]; }
    std::size_t size() const { return drafts_.size(); }
    auto begin() { return drafts_.begin(); }
    auto end() { return drafts_.end(); }

    /// What the nearest definition that has a key says: the draft's own, or that of what it is derived from; or null.
    const Json* find_inherited(Draft& draft, std::string_view key) const;

private:
    std::deque<Draft> drafts_;
};

}  // namespace framewright::loader
