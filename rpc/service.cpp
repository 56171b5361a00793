#include "rpc/service.hpp"

#include "protocol_db/loader/loader.hpp"
#include "rpc/definition_methods.hpp"
#include "rpc/field_engine_methods.hpp"
#include "rpc/json_text.hpp"
#include "rpc/packet_methods.hpp"
#include "rpc/server_methods.hpp"
#include "rpc/template_methods.hpp"

namespace framewright::rpc {

Service::Service(const ServiceOptions& options)
    : database_(loader::load_built_in()), replies_(*database_), templates_(options.template_directories) {
    add_server_methods(dispatcher_);
    add_definition_methods(dispatcher_, replies_);
    add_packet_methods(dispatcher_, *database_);
    add_field_engine_methods(dispatcher_, *database_);
    add_template_methods(dispatcher_, templates_);
}

}  // namespace framewright::rpc
