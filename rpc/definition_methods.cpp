#include "rpc/definition_methods.hpp"

#include "rpc/field_engine_definitions.hpp"

namespace framewright::rpc {

namespace {

using nlohmann::json;

std::string text_param(const json& param, const char* name) {
    if (!param.is_string()) {
        throw invalid_params(std::string(name) + " is not a text", json{{"parameter", name}});
    }
    std::string text = param.get<std::string>();
    while (text.ends_with('\n')) {
        text.pop_back();
    }
    return text;
}

void check_update(const json& params, const DefinitionReplies& replies, std::string& result) {
    const std::string protocols = text_param(params[0], "db_md5");
    const std::string fields = text_param(params[1], "fields_md5");
    if (fields != replies.fields_md5()) {
        throw failure("Fields DB is not up to date");
    }
    if (protocols != replies.protocols_md5()) {
        throw failure("Protocol DB is not up to date");
    }
    result += "true";
}

void definitions(const json& params, const DefinitionReplies& replies, std::string& result) {
    result += "{\"protocols\":[";
    bool is_first = true;
    const auto append = [&](const std::string& definition) {
        result += is_first ? "" : ",";
        is_first = false;
        result += definition;
    };
    if (params.empty() || params[0].is_null()) {
        for (const auto& protocol : replies.database().protocols()) {
            if (protocol->is_offered()) {
                append(*replies.definition(protocol->id));
            }
        }
    } else if (params[0].is_array()) {
        for (const json& id : params[0]) {
            if (!id.is_string()) {
                throw invalid_params("def_ids holds something that is no text", json{{"parameter", "def_ids"}});
            }
            // As the server that we replace does, an id that nobody knows is left out.
            if (const std::string* const definition = replies.definition(id.get_ref<const std::string&>())) {
                append(*definition);
            }
        }
    } else {
        throw invalid_params("def_ids is neither an array of ids nor null", json{{"parameter", "def_ids"}});
    }
    result += "],";
    result += field_engine_definitions();
    result += '}';
}

}  // namespace

void add_definition_methods(Dispatcher& dispatcher, const DefinitionReplies& replies) {
    dispatcher.add_with_handler("get_all", {}, 0,
                                [&replies](const json& /*params*/, std::string& result) { result += replies.all(); });
    for (const char* const name : {"check_update", "check_update_of_dbs"}) {
        dispatcher.add_with_handler(
            name, {"db_md5", "fields_md5"}, 2,
            [&replies](const json& params, std::string& result) { check_update(params, replies, result); });
    }
    dispatcher.add_with_handler("get_definitions", {"def_ids"}, 0, [&replies](const json& params, std::string& result) {
        definitions(params, replies, result);
    });
    dispatcher.add_with_handler("get_tree", {}, 0,
                                [&replies](const json& /*params*/, std::string& result) { result += replies.tree(); });
}

}  // namespace framewright::rpc
