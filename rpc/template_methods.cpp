#include "rpc/template_methods.hpp"

#include "protocol_db/base64.hpp"

namespace framewright::rpc {

namespace {

using nlohmann::json;

void list_templates(const TemplateStore& templates, std::string& result) {
    json list = json::array();
    for (const auto& [id, entry] : templates.templates()) {
        list.push_back({{"id", id}, {"meta", {{"name", entry.name}, {"description", entry.description}}}});
    }
    result += list.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool leaves_directory(const std::string& id) {
    const std::string path = "/" + id + "/";
    return id.starts_with('/') || path.find("/../") != std::string::npos || id.find('\\') != std::string::npos ||
           id.find('\0') != std::string::npos;
}

void get_template(const json& params, const TemplateStore& templates, std::string& result) {
    const auto id = params[0].is_object() ? params[0].find("id") : params[0].end();
    if (!params[0].is_object() || id == params[0].end() || !id->is_string()) {
        throw invalid_params("template is not an object with an \"id\"", json{{"parameter", "template"}});
    }
    const std::string& name = id->get_ref<const std::string&>();
    const Template* const found = templates.find(name);
    if (found == nullptr && leaves_directory(name)) {
        result += "\"\"";
        return;
    }
    if (found == nullptr) {
        throw failure("there is no template " + name, json{{"parameter", "template"}, {"id", name}});
    }
    result += '"';
    append_base64(result, Bytes(found->text.begin(), found->text.end()));
    result += '"';
}

}  // namespace

void add_template_methods(Dispatcher& dispatcher, const TemplateStore& templates) {
    dispatcher.add_with_handler("get_templates", {}, 0, [&templates](const json& /*params*/, std::string& result) {
        list_templates(templates, result);
    });
    dispatcher.add_with_handler("get_template", {"template"}, 1, [&templates](const json& params, std::string& result) {
        get_template(params, templates, result);
    });
}

}  // namespace framewright::rpc
