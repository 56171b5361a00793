#pragma once

#include "rpc/definition_replies.hpp"
#include "rpc/json_rpc.hpp"

namespace framewright::rpc {

/// Adds get_all, check_update, check_update_of_dbs, get_definitions and get_tree.
void add_definition_methods(Dispatcher& dispatcher, const DefinitionReplies& replies);

}  // namespace framewright::rpc
