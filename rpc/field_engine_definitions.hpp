#pragma once

#include <string>

namespace framewright::rpc {

/// The members of get_definitions that describe the field engine (section 4.5 of the specification):
/// `"feInstructionParameters": […], "feInstructions": […], "feParameters": […], "feTemplates": […]`. Made once.
const std::string& field_engine_definitions();

}  // namespace framewright::rpc
