#include "rpc/snapshot.hpp"

#include <algorithm>

#include "protocol_db/loader/definition_directory.hpp"
#include "protocol_db/loader/loader.hpp"
#include "rpc/definition_methods.hpp"
#include "rpc/field_engine_methods.hpp"
#include "rpc/packet_methods.hpp"
#include "rpc/server_methods.hpp"
#include "rpc/template_methods.hpp"

namespace framewright::rpc {

namespace {

/// Reads the built-in definitions and a user's, whose names and texts it appends.
std::unique_ptr<const model::Database> load(const ServiceOptions& options, std::string& texts) {
    const std::vector<loader::UserFile> files = loader::read_user_files(options.protocol_directories);
    for (const loader::UserFile& file : files) {
        texts += file.name + '\n' + file.text + '\n';
    }
    return loader::load_built_in(files);
}

}  // namespace

Snapshot::Snapshot(const ServiceOptions& options)
    : database_(load(options, users_definitions_)),
      replies_(*database_, users_definitions_),
      templates_(options.template_directories) {
    add_server_methods(dispatcher_);
    add_definition_methods(dispatcher_, replies_);
    add_packet_methods(dispatcher_, *database_);
    add_field_engine_methods(dispatcher_, *database_);
    add_template_methods(dispatcher_, templates_);
}

std::size_t Snapshot::users_protocols() const {
    const auto& protocols = database_->protocols();
    return static_cast<std::size_t>(
        std::count_if(protocols.begin(), protocols.end(), [](const auto& protocol) { return protocol->is_users; }));
}

}  // namespace framewright::rpc
