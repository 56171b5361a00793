#include "rpc/reload_methods.hpp"

#include <utility>

#include "protocol_db/loader/loader.hpp"

namespace framewright::rpc {

namespace {

using nlohmann::json;

json where(const loader::DefinitionError& error) {
    json data{{"file", error.file()}, {"reason", error.reason()}};
    if (error.line() != 0) {
        data["line"] = error.line();
    }
    if (!error.protocol().empty()) {
        data["protocol"] = error.protocol();
    }
    if (!error.field().empty()) {
        data["field"] = error.field();
    }
    return data;
}

}  // namespace

void add_reload_methods(Dispatcher& dispatcher, std::function<Reloaded()> reload) {
    dispatcher.add_with_handler(
        "reload_protocols", {}, 0, [reload = std::move(reload)](const json& /*params*/, std::string& result) {
            try {
                const Reloaded reloaded = reload();
                result += json{{"protocols", reloaded.protocols}, {"changed", reloaded.changed}}.dump();
            } catch (const loader::DefinitionError& error) {
                throw failure(error.what(), where(error));
            } catch (const TemplateError& error) {
                throw failure(error.what());
            }
        });
}

}  // namespace framewright::rpc
