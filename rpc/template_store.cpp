#include "rpc/template_store.hpp"

#include <nlohmann/json.hpp>

#include "protocol_db/file.hpp"
#include "templates/embedded_templates.hpp"

namespace framewright::rpc {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".trp";

std::string text_member(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The template as it is served: every layer has an array "fields", without which the packet editor stops.
std::string with_fields(std::string text) {
    auto document = nlohmann::ordered_json::parse(text);
    bool is_changed = false;
    for (nlohmann::ordered_json& layer : document.at("packet")) {
        if (layer.is_object() && (!layer.contains("fields") || layer.at("fields").is_null())) {
            layer["fields"] = nlohmann::ordered_json::array();
            is_changed = true;
        }
    }
    constexpr int kIndent = 2;
    return is_changed ? document.dump(kIndent) : std::move(text);
}

std::string read_template(const fs::path& path) {
    try {
        return read_file(path, kMaximumTemplateSize);
    } catch (const FileError& error) {
        throw TemplateError(path.string() + ": " + error.what());
    }
}

}  // namespace

TemplateStore::TemplateStore(const std::vector<fs::path>& directories) {
    for (const EmbeddedFile& file : templates::embedded_templates()) {
        const std::string_view id = file.path.substr(0, file.path.size() - kEnding.size());
        add(std::string(file.path), std::string(id), std::string(file.content));
    }
    for (const fs::path& directory : directories) {
        add_directory(directory);
    }
}

const Template* TemplateStore::find(std::string_view id) const {
    const auto found = templates_.find(id);
    return found != templates_.end() ? &found->second : nullptr;
}

void TemplateStore::add(const std::string& file, std::string id, std::string text) {
    json document = json::parse(text, nullptr, false);
    const auto packet = document.is_object() ? document.find("packet") : document.end();
    if (document.is_discarded() || !document.is_object() || packet == document.end() || !packet->is_array()) {
        throw TemplateError(file + ": not a template: a JSON object with an array \"packet\"");
    }
    const json metadata = document.value("metadata", json::object());
    const std::string caption = metadata.is_object() ? text_member(metadata, "caption") : std::string();
    const std::string description = metadata.is_object() ? text_member(metadata, "description") : std::string();
    const std::string name = caption.empty() ? id.substr(id.rfind('/') + 1) : caption;
    templates_.insert_or_assign(std::move(id), Template{name, description, with_fields(std::move(text))});
}

void TemplateStore::add_directory(const fs::path& directory) {
    try {
        if (!fs::is_directory(directory)) {
            throw TemplateError(directory.string() + ": is not a directory");
        }
        for (auto entry = fs::recursive_directory_iterator(directory); entry != fs::recursive_directory_iterator();
             ++entry) {
            if (entry.depth() >= kMaximumTemplateDepth) {
                entry.disable_recursion_pending();
            }
            // A link may lead out of the directory.
            if (entry->is_symlink() || !entry->is_regular_file() || entry->path().extension() != kEnding) {
                continue;
            }
            if (templates_.size() >= kMaximumTemplates) {
                throw TemplateError(directory.string() + ": more than " + std::to_string(kMaximumTemplates) +
                                    " templates");
            }
            fs::path relative = entry->path().lexically_relative(directory);
            add(entry->path().string(), relative.replace_extension().generic_string(), read_template(entry->path()));
        }
    } catch (const fs::filesystem_error& error) {
        throw TemplateError(error.path1().string() + ": " + error.code().message());
    }
}

}  // namespace framewright::rpc
