#pragma once

#include <string>
#include <string_view>

#include "protocol_db/fields/errors.hpp"
#include "protocol_db/loader/definition_json.hpp"
#include "protocol_db/loader/json_place.hpp"
#include "protocol_db/loader/loader.hpp"

namespace framewright::loader {

/// A definition file that was parsed; its comments are gone.
struct Document {
    DefinitionFile file;
    Json json;
};

/// What a refusal is about; `path` leads to it within the document.
struct Place {
    const DefinitionFile& file;
    std::string protocol;
    std::string field;
    JsonPath path;
};

/// The id of a protocol's or field's definition, as far as there is one.
std::string id_of(const Json& json);

/// Parses a file. Throws DefinitionError for what is too large, too deep or no JSON, for keys that stand twice, and for
/// comments that are no text.
Document read_document(const DefinitionFile& file);

/// The end of a message that something is already there.
std::string where(const Place& place);

/// A refusal, with the place that it is about.
DefinitionError refused_at(const Place& place, const std::string& reason);

/// Does something whose refusals are about a place.
template <typename Action>
void at(const Place& place, const Action& action) {
    try {
        action();
    } catch (const Refusal& refusal) {
        throw refused_at(place, refusal.what());
    } catch (const expression::RuleError& error) {
        throw refused_at(place, error.what());
    } catch (const fields::ValueError& error) {
        throw refused_at(place, std::string("value ") + error.what());
    }
}

}  // namespace framewright::loader
