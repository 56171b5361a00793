#pragma once

#include <vector>

#include "protocol_db/model/model.hpp"

namespace framewright::packet {

/// The protocols that are offered to a user and that may stand on top of a layer of `lower`: put there with default
/// values, each is found again when the bytes are dissected. In the order of the database.
std::vector<const model::Protocol*> find_payloads(const model::Protocol& lower, const model::Database& database);

}  // namespace framewright::packet
