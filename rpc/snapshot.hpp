#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "protocol_db/model/model.hpp"
#include "rpc/definition_replies.hpp"
#include "rpc/json_rpc.hpp"
#include "rpc/template_store.hpp"

namespace framewright::rpc {

/// What a service is made from.
struct ServiceOptions {
    std::vector<std::filesystem::path> protocol_directories;  ///< A user's own definitions, beside the built-in ones.
    std::vector<std::filesystem::path> template_directories;  ///< A user's own templates, beside the built-in ones.
};

/// All that depends on what was read from files: immutable, and replaced as a whole when they are read again.
class Snapshot {
public:
    /// Throws loader::DefinitionError or TemplateError for files that cannot be used.
    explicit Snapshot(const ServiceOptions& options);

    /// Its methods refer to the snapshot itself. More may be added until it is shared.
    Dispatcher& dispatcher() noexcept { return dispatcher_; }
    const Dispatcher& dispatcher() const noexcept { return dispatcher_; }

    /// How many protocols are from a user's files.
    std::size_t users_protocols() const;
    /// The user's definition files, their names and texts in a row.
    const std::string& users_definitions() const noexcept { return users_definitions_; }

private:
    std::string users_definitions_;
    std::unique_ptr<const model::Database> database_;
    DefinitionReplies replies_;
    TemplateStore templates_;
    Dispatcher dispatcher_;
};

}  // namespace framewright::rpc
