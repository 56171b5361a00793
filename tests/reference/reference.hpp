#pragma once

#include <string>
#include <string_view>

namespace framewright::reference {

/// The guide with its tables of field types and their keys made anew, each between a line
/// `<!-- made by ./run reference: NAME -->` and a line `<!-- end -->`. Throws std::runtime_error for a name that is
/// not known, or a mark that does not end.
std::string update_guide(std::string_view guide);

/// The schema with `typeMembers`, `typeNeeds` and `typeRules`, what types say of themselves, made anew. Throws
/// std::runtime_error where there is no place for them.
std::string update_schema(std::string_view schema);

}  // namespace framewright::reference
