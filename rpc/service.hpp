#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol_db/model/model.hpp"
#include "rpc/definition_replies.hpp"
#include "rpc/json_rpc.hpp"
#include "rpc/template_store.hpp"

namespace framewright::rpc {

/// What a service is made from.
struct ServiceOptions {
    std::vector<std::filesystem::path> template_directories;  ///< A user's own templates, beside the built-in ones.
};

/// All methods of the server. Once made, any number of threads may call handle().
class Service {
public:
    /// Throws loader::DefinitionError or TemplateError for files that cannot be used.
    explicit Service(const ServiceOptions& options = {});

    /// The reply to a message, empty where none is due: see Dispatcher::handle.
    std::string handle(std::string_view message, Outcome* outcome = nullptr) const {
        return dispatcher_.handle(message, outcome);
    }

private:
    std::unique_ptr<const model::Database> database_;
    DefinitionReplies replies_;
    TemplateStore templates_;
    Dispatcher dispatcher_;
};

}  // namespace framewright::rpc
