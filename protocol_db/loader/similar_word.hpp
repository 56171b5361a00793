#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace framewright::loader {

/// A hint for the end of a message about an unknown word: the known one that is a slip of the keyboard away (one
/// character too many, missing, another, or swapped with the next), `; did you mean "bits"?`. Empty if there is none.
std::string did_you_mean(std::string_view word, const std::function<bool(std::string_view)>& is_known);

}  // namespace framewright::loader
