#include "protocol_db/loader/document.hpp"

#include <optional>
#include <utility>

namespace framewright::loader {

namespace {

/// What a parser found wrong, without its own name and place.
std::string reason_of(const Json::exception& error) {
    std::string_view reason = error.what();
    for (const std::string_view prefix : {"] ", ": "}) {
        const std::size_t end = reason.find(prefix);
        reason.remove_prefix(end != std::string_view::npos ? end + prefix.size() : 0);
    }
    std::string shown(reason.substr(0, reason.find("; last read")));
    // Most often it is a comma that is missing; the parser names the end alone.
    for (const std::string_view end : {"expected ']'", "expected '}'"}) {
        if (shown.ends_with(end)) {
            shown.insert(shown.size() - 3, "',' or ");
        }
    }
    return shown;
}

Json parse(const DefinitionFile& file) {
    const auto refused = [&file](std::size_t line, const std::string& reason) {
        return DefinitionError(std::string(file.name), line, "", "", reason);
    };
    if (file.text.size() > kMaximumFileSize) {
        throw refused(0, "the file is larger than " + std::to_string(kMaximumFileSize) + " bytes");
    }
    if (const auto place = find_too_deep(file.text, kMaximumNesting)) {
        throw refused(line_at(file.text, *place), "nested deeper than " + std::to_string(kMaximumNesting) + " levels");
    }
    try {
        return Json::parse(file.text);
    } catch (const Json::parse_error& error) {
        // At a file's end, its last line that holds anything is meant.
        const std::size_t place = file.text.find_last_not_of(" \t\r\n", error.byte > 0 ? error.byte - 1 : 0);
        throw refused(place != std::string_view::npos ? line_at(file.text, place) : 1, "not JSON: " + reason_of(error));
    } catch (const Json::exception& error) {
        throw refused(0, "not JSON: " + reason_of(error));
    }
}

/// The element of the object's array `key` that the path leads to from its step `depth` on, or null.
const Json* element_on_path(const Json& object, std::string_view key, const JsonPath& path, std::size_t depth) {
    if (path.size() < depth + 2 || path[depth] != JsonStep(key) || !object.is_object()) {
        return nullptr;
    }
    const auto array = object.find(key);
    const auto* const index = std::get_if<std::size_t>(&path[depth + 1]);
    const bool is_there = index != nullptr && array != object.end() && array->is_array() && *index < array->size();
    return is_there ? &(*array)[*index] : nullptr;
}

/// A place in a document, with the names of the protocol and the field that it is in.
Place place_in(const Document& document, const JsonPath& path) {
    const Json* const protocol = element_on_path(document.json, "protocols", path, 0);
    const Json* const field = protocol != nullptr ? element_on_path(*protocol, "fields", path, 2) : nullptr;
    return {document.file, protocol != nullptr ? id_of(*protocol) : "", field != nullptr ? id_of(*field) : "", path};
}

/// Refuses a key that an object has twice, of which only the last would be read.
void check_keys_once(const Document& document) {
    if (const std::optional<DuplicateKey> found = find_duplicate_key(document.file.text)) {
        const Place place = place_in(document, found->path);
        throw DefinitionError(std::string(document.file.name), line_at(document.file.text, found->place),
                              place.protocol, place.field,
                              "the key \"" + std::string(found->key) + "\" stands twice in one object");
    }
}

/// Leaves nothing of the comments in a part of a document, to which `path` leads.
void remove_comments(const Document& document, Json& part, JsonPath& path) {
    if (part.is_object()) {
        if (const auto comment = part.find("$comment"); comment != part.end()) {
            if (!comment->is_string()) {
                throw refused_at(place_in(document, path), "\"$comment\" is not a text");
            }
            part.erase(comment);
        }
    }
    std::size_t index = 0;
    for (auto item = part.begin(); part.is_structured() && item != part.end(); ++item) {
        path.push_back(part.is_object() ? JsonStep(std::string_view(item.key())) : JsonStep(index++));
        remove_comments(document, *item, path);
        path.pop_back();
    }
}

}  // namespace

std::string id_of(const Json& json) {
    const auto id = json.is_object() ? json.find("id") : json.end();
    return json.is_object() && id != json.end() && id->is_string() ? id->get<std::string>() : std::string();
}

Document read_document(const DefinitionFile& file) {
    Document document{file, parse(file)};
    check_keys_once(document);
    JsonPath path;
    remove_comments(document, document.json, path);
    return document;
}

std::string where(const Place& place) {
    return place.file.is_users
               ? ", in " + std::string(place.file.name) + ":" + std::to_string(line_of(place.file.text, place.path))
               : ", built in";
}

DefinitionError refused_at(const Place& place, const std::string& reason) {
    return {std::string(place.file.name), line_of(place.file.text, place.path), place.protocol, place.field, reason};
}

}  // namespace framewright::loader
