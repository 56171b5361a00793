#pragma once

#include "rpc/json_rpc.hpp"

namespace framewright::rpc {

/// Adds get_version, get_version_handler, supported_methods and shut_down.
void add_server_methods(Dispatcher& dispatcher);

}  // namespace framewright::rpc
