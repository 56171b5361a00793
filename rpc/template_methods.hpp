#pragma once

#include "rpc/json_rpc.hpp"
#include "rpc/template_store.hpp"

namespace framewright::rpc {

/// Adds get_templates and get_template.
void add_template_methods(Dispatcher& dispatcher, const TemplateStore& templates);

}  // namespace framewright::rpc
