#pragma once

#include "protocol_db/loader/draft.hpp"
#include "protocol_db/loader/field_loader.hpp"

namespace framewright::loader {

/// The fields of a protocol as they are written: its own, or those of what it is derived from with changes, and more
/// behind them. What it is derived from is defined already. Throws Refusal.
Json written_fields(Draft& draft, const Drafts& drafts, const FieldLoader& types);

}  // namespace framewright::loader
