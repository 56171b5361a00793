#pragma once

namespace framewright::expression {

/// Whether Python's str.isprintable() holds for a code point (Unicode 14.0): everything but the categories Other and
/// Separator, of which only the space U+0020 is printable. Surrogates and what lies above U+10FFFF are not.
bool is_printable(char32_t code_point);

}  // namespace framewright::expression
