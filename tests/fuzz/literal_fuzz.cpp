#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protocol_db/expression/literal.hpp"

/// Whatever parse_literal accepts must be read back from to_text as the same value, and be written the same again;
/// whatever it refuses must be refused by a SyntaxError within the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace expression = framewright::expression;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    expression::Literal literal;
    try {
        literal = expression::parse_literal(text);
    } catch (const expression::SyntaxError& error) {
        if (error.offset() > size || *error.what() == '\0') {
            std::abort();
        }
        return 0;
    }
    const std::string written = expression::to_text(literal);
    if (written.size() <= expression::kMaximumTextLength) {
        const auto again = expression::parse_literal(written);
        if (!(again == literal) || expression::to_text(again) != written) {
            std::abort();
        }
    }
    return 0;
}
