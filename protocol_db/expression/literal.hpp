#pragma once

#include <concepts>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "protocol_db/bytes.hpp"
#include "protocol_db/integer.hpp"

/// The value language of clients: Python-like literals, parsed into values and never executed.
namespace framewright::expression {

/// The longest text that is parsed, in bytes.
inline constexpr std::size_t kMaximumTextLength = std::size_t{1} << 20;
/// How deep brackets and parentheses may nest.
inline constexpr std::size_t kMaximumNesting = 64;
/// The most values that one text may make, those of its intermediate results included.
inline constexpr std::size_t kMaximumNodes = 100'000;
/// The most octets of text and bytes that all repetitions (`*`) of one text may make together.
inline constexpr std::size_t kMaximumRepeatedBytes = std::size_t{1} << 20;

/// A text that is no literal, or exceeds a limit; what() is fit for a user: "unexpected ')' at character 12".
class SyntaxError : public std::runtime_error {
public:
    SyntaxError(const std::string& message, std::size_t offset) : std::runtime_error(message), offset_(offset) {}

    /// Where in the text the mistake is, in bytes from its start. (The message counts characters, from 1.)
    std::size_t offset() const noexcept { return offset_; }

private:
    std::size_t offset_;
};

class Literal;
struct Keyword;

/// None.
struct None {
    bool operator==(const None&) const = default;
};

/// True or False.
using Boolean = bool;
/// A floating-point number.
using Float = double;
/// A str, as UTF-8.
using Text = std::string;

/// [a, b]
struct List {
    std::vector<Literal> items;
};

/// (a, b)
struct Tuple {
    std::vector<Literal> items;
};

/// Name(a, key=b): a protocol or a record, to be made by whoever knows the name.
struct Call {
    std::string name;
    std::vector<Literal> positional;
    std::vector<Keyword> keywords;  ///< in the order written, no name twice
};

/// a / b / c: two or more layers, the lowest first. Each is a Call, a Text or Bytes; one of the first two is a Call.
struct Stack {
    std::vector<Literal> layers;
};

/// T is one of the alternatives, with no conversion (which would make a bool of a pointer).
template <typename T, typename... Alternatives>
concept AnyOf = (std::same_as<T, Alternatives> || ...);

/// A parsed value.
class Literal {
public:
    using Variant = std::variant<None, Boolean, Integer, Float, Text, Bytes, List, Tuple, Call, Stack>;

    Literal() = default;
    template <AnyOf<None, Boolean, Integer, Float, Text, Bytes, List, Tuple, Call, Stack> T>
    Literal(T value) : variant_(std::move(value)) {}

    /// The alternative of type T, or null when the value is of another kind.
    template <typename T>
    const T* get_if() const {
        return std::get_if<T>(&variant_);
    }
    template <typename T>
    T* get_if() {
        return std::get_if<T>(&variant_);
    }
    template <typename T>
    bool is() const {
        return std::holds_alternative<T>(variant_);
    }
    const Variant& variant() const { return variant_; }

private:
    Variant variant_;
};

/// key=value in a Call.
struct Keyword {
    std::string name;
    Literal value;
};

/// Equal in kind and content. Unlike in IEEE 754, a NaN equals a NaN.
bool operator==(const Literal& left, const Literal& right);
inline bool operator==(const List& left, const List& right) {
    return left.items == right.items;
}
inline bool operator==(const Tuple& left, const Tuple& right) {
    return left.items == right.items;
}
inline bool operator==(const Stack& left, const Stack& right) {
    return left.layers == right.layers;
}
inline bool operator==(const Keyword& left, const Keyword& right) {
    return left.name == right.name && left.value == right.value;
}
inline bool operator==(const Call& left, const Call& right) {
    return left.name == right.name && left.positional == right.positional && left.keywords == right.keywords;
}

/// Parses a text of the value language:
/// - None, True, False; integers from -2^127 to 2^127 - 1 (decimal, 0x, 0o, 0b, underscores); floats, with inf and nan
/// - strings with the prefixes b, r, u, br, rb, single and triple quotes, all of Python's escapes but \N{}; adjacent
///   strings are joined
/// - [a, b], (a, b), and a, b at the top; Name(a, key=b)
/// - signs, + - * on numbers, + on two of a kind, * of a text, bytes, list or tuple and an integer; | ^ & << >> on
///   integers; / on layers
/// Operators are folded with Python's precedence and meaning, but numbers are not divided and booleans are no numbers.
/// Takes time linear in the text and in what it makes. Throws SyntaxError.
Literal parse_literal(std::string_view text);

/// Writes a value as Python's repr would, a call as Scapy's command() does: Name(a,key=b). parse_literal reads it back
/// as the same value, within its limits.
std::string to_text(const Literal& literal);
/// Appends what to_text gives.
void append_text(std::string& out, const Literal& literal);

/// Python's repr of a str. An octet that is not UTF-8 is written as \xNN.
std::string python_repr_text(std::string_view utf8);
/// Appends what python_repr_text gives.
void append_python_repr_text(std::string& out, std::string_view utf8);

/// Python's repr of a bytes.
std::string python_repr_bytes(ByteView bytes);
/// Appends what python_repr_bytes gives.
void append_python_repr_bytes(std::string& out, ByteView bytes);

/// Python's repr of a float: the shortest text that reads back as the same number, such as 1.0, 0.1, 1e+16, inf.
std::string python_repr_float(double value);

}  // namespace framewright::expression
