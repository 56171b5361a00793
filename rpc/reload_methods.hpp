#pragma once

#include <functional>

#include "rpc/json_rpc.hpp"
#include "rpc/service.hpp"

namespace framewright::rpc {

/// Adds reload_protocols. `reload` may throw loader::DefinitionError or TemplateError.
void add_reload_methods(Dispatcher& dispatcher, std::function<Reloaded()> reload);

}  // namespace framewright::rpc
