#pragma once

#include "protocol_db/model/model.hpp"

namespace framewright::fields {

/// Whether all that the field ever shows is a number in decimal. What has names, a unit or another base shows other
/// texts; what is computed or left open may show "None".
bool is_plain_number(const model::Field& field);

}  // namespace framewright::fields
