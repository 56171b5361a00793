#include "protocol_db/expression/literal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <type_traits>

#include "protocol_db/expression/unicode_printable.hpp"

namespace framewright::expression {
namespace {

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

// ---- characters ----

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_octal_digit(char c) {
    return c >= '0' && c <= '7';
}
constexpr bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_name_part(char c) {
    return is_name_start(c) || is_digit(c);
}
constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
constexpr bool is_quote(char c) {
    return c == '\'' || c == '"';
}
constexpr bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}
constexpr bool is_surrogate(char32_t code_point) {
    return code_point >= 0xd800 && code_point <= 0xdfff;
}

constexpr char32_t kMaximumCodePoint = 0x10ffff;

struct CodePoint {
    char32_t value;
    std::size_t length;  // of its UTF-8, in bytes
};

/// The code point that a non-empty text begins with; none when that is not UTF-8 (RFC 3629).
std::optional<CodePoint> decode_utf8(std::string_view text) {
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const char32_t lead = octet(0);
    if (lead < 0x80) {
        return CodePoint{lead, 1};
    }
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) {
        return std::nullopt;
    }
    char32_t value = lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((octet(i) & 0xc0) != 0x80) {
            return std::nullopt;
        }
        value = value << 6 | (octet(i) & 0x3fU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    if (overlong || is_surrogate(value) || value > kMaximumCodePoint) {
        return std::nullopt;
    }
    return CodePoint{value, length};
}

void append_utf8(std::string& out, char32_t code_point) {
    const auto append = [&](char32_t octet) { out += static_cast<char>(octet); };
    const auto append_rest = [&](int shift) { append(0x80 | (code_point >> shift & 0x3f)); };
    if (code_point < 0x80) {
        append(code_point);
    } else if (code_point < 0x800) {
        append(0xc0 | code_point >> 6);
        append_rest(0);
    } else if (code_point < 0x10000) {
        append(0xe0 | code_point >> 12);
        append_rest(6);
        append_rest(0);
    } else {
        append(0xf0 | code_point >> 18);
        append_rest(12);
        append_rest(6);
        append_rest(0);
    }
}

// ---- arithmetic ----

std::optional<Integer> checked_add(Integer left, Integer right) {
    Integer sum = 0;
    return __builtin_add_overflow(left, right, &sum) ? std::nullopt : std::optional(sum);
}

std::optional<Integer> checked_subtract(Integer left, Integer right) {
    Integer difference = 0;
    return __builtin_sub_overflow(left, right, &difference) ? std::nullopt : std::optional(difference);
}

// By magnitudes: clang calls a function of its own runtime for a signed 128-bit overflow check.
std::optional<Integer> checked_multiply(Integer left, Integer right) {
    const UnsignedInteger a = magnitude(left);
    const UnsignedInteger b = magnitude(right);
    if (a != 0 && b > ~UnsignedInteger{0} / a) {
        return std::nullopt;
    }
    return from_magnitude(a * b, (left < 0) != (right < 0));
}

std::optional<Integer> checked_shift_left(Integer value, Integer bits) {
    const UnsignedInteger size = magnitude(value);
    const auto count = static_cast<int>(std::min(bits, Integer{127}));
    const bool fits = size == 0 || (bits == count && size << count >> count == size);
    return fits ? from_magnitude(size << count, value < 0) : std::nullopt;
}

// ---- the size of a value ----

struct Size {
    std::size_t nodes = 0;
    std::size_t octets = 0;  // of its texts and bytes
};

void add_size(Size& size, const Literal& literal);

void add_size(Size& size, const std::vector<Literal>& literals) {
    for (const Literal& literal : literals) {
        add_size(size, literal);
    }
}

void add_size(Size& size, const Literal& literal) {
    ++size.nodes;
    std::visit(Overloaded{[&](const Text& text) { size.octets += text.size(); },
                          [&](const Bytes& bytes) { size.octets += bytes.size(); },
                          [&](const List& list) { add_size(size, list.items); },
                          [&](const Tuple& tuple) { add_size(size, tuple.items); },
                          [&](const Stack& stack) { add_size(size, stack.layers); },
                          [&](const Call& call) {
                              size.octets += call.name.size();
                              add_size(size, call.positional);
                              for (const Keyword& keyword : call.keywords) {
                                  size.octets += keyword.name.size();
                                  add_size(size, keyword.value);
                              }
                          },
                          [](const auto&) {}},
               literal.variant());
}

// ---- the parser ----

enum class Operator { kOr, kXor, kAnd, kShiftLeft, kShiftRight, kAdd, kSubtract, kMultiply, kStack };

struct OperatorSpelling {
    std::string_view symbol;
    Operator operation;
    int precedence;
};

constexpr OperatorSpelling kOperators[] = {
    {"|", Operator::kOr, 1},         {"^", Operator::kXor, 2},         {"&", Operator::kAnd, 3},
    {"<<", Operator::kShiftLeft, 4}, {">>", Operator::kShiftRight, 4}, {"+", Operator::kAdd, 5},
    {"-", Operator::kSubtract, 5},   {"*", Operator::kMultiply, 6},    {"/", Operator::kStack, 6},
};

const char* kind_of(const Literal& literal) {
    return std::visit(
        Overloaded{[](const None&) { return "None"; }, [](const Boolean&) { return "a boolean"; },
                   [](const Integer&) { return "an integer"; }, [](const Float&) { return "a float"; },
                   [](const Text&) { return "a text"; }, [](const Bytes&) { return "bytes"; },
                   [](const List&) { return "a list"; }, [](const Tuple&) { return "a tuple"; },
                   [](const Call&) { return "a constructor call"; }, [](const Stack&) { return "a stack of layers"; }},
        literal.variant());
}

std::optional<Float> number_of(const Literal& literal) {
    if (const auto* integer = literal.get_if<Integer>()) {
        return static_cast<Float>(*integer);
    }
    const auto* number = literal.get_if<Float>();
    return number ? std::optional(*number) : std::nullopt;
}

bool is_layer(const Literal& literal) {
    return literal.is<Call>() || literal.is<Stack>();
}

bool is_octets(const Literal& literal) {
    return literal.is<Text>() || literal.is<Bytes>();
}

/// The layer that meets what is put below: the lowest of a stack.
const Literal& lowest_layer(const Literal& literal) {
    const auto* stack = literal.get_if<Stack>();
    return stack ? stack->layers.front() : literal;
}

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Literal parse() {
        if (text_.size() > kMaximumTextLength) {
            fail(kMaximumTextLength, "the text is longer than " + std::to_string(kMaximumTextLength) + " bytes");
        }
        Literal literal = parse_expression();
        if (peek_is(',')) {
            if (deepest_ == kMaximumNesting) {
                fail_nesting(position_);
            }
            ++position_;
            count_node(position_);
            Tuple tuple{parse_items('\0')};
            tuple.items.insert(tuple.items.begin(), std::move(literal));
            literal = std::move(tuple);
        }
        if (!at_end()) {
            fail_unexpected();
        }
        return literal;
    }

private:
    // -- errors --

    static constexpr std::size_t kLongestNameShown = 40;

    static std::string shown(std::string_view name) { return python_repr_text(name.substr(0, kLongestNameShown)); }

    [[noreturn]] void fail(std::size_t offset, const std::string& message) const {
        const auto is_first_octet = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
        const auto before = text_.substr(0, offset);
        const auto characters = std::count_if(before.begin(), before.end(), is_first_octet);
        throw SyntaxError(message + " at character " + std::to_string(characters + 1), offset);
    }

    [[noreturn]] void fail_unexpected() const {
        if (position_ >= text_.size()) {
            fail(text_.size(), "unexpected end");
        }
        std::size_t length = 1;
        if (is_name_start(text_[position_])) {
            while (length < kLongestNameShown && position_ + length < text_.size() &&
                   is_name_part(text_[position_ + length])) {
                ++length;
            }
        } else if (const auto code_point = decode_utf8(text_.substr(position_))) {
            length = code_point->length;
        }
        fail(position_, "unexpected " + python_repr_text(text_.substr(position_, length)));
    }

    [[noreturn]] void fail_nesting(std::size_t offset) const {
        fail(offset, "nested deeper than " + std::to_string(kMaximumNesting) + " levels");
    }

    [[noreturn]] void fail_range(std::size_t offset) const { fail(offset, "a number that does not fit 128 bits"); }

    [[noreturn]] void fail_nodes(std::size_t offset) const {
        fail(offset, "more than " + std::to_string(kMaximumNodes) + " values");
    }

    // -- limits --

    void count_node(std::size_t offset) {
        if (nodes_ == kMaximumNodes) {
            fail_nodes(offset);
        }
        ++nodes_;
    }

    void enter(std::size_t offset) {
        if (depth_ == kMaximumNesting) {
            fail_nesting(offset);
        }
        ++depth_;
        deepest_ = std::max(deepest_, depth_);
    }

    void leave() { --depth_; }

    // -- scanning --

    void skip_blanks() {
        while (position_ < text_.size() && is_blank(text_[position_])) {
            ++position_;
        }
    }

    bool at_end() {
        skip_blanks();
        return position_ == text_.size();
    }

    bool peek_is(char c) {
        skip_blanks();
        return current_is(c);
    }

    bool current_is(char c) const { return position_ < text_.size() && text_[position_] == c; }

    template <typename Predicate>
    bool current(Predicate predicate) const {
        return position_ < text_.size() && predicate(text_[position_]);
    }

    bool accept(char c) {
        if (!peek_is(c)) {
            return false;
        }
        ++position_;
        return true;
    }

    void expect(char c) {
        if (!accept(c)) {
            fail_unexpected();
        }
    }

    std::string_view scan_name() {
        const std::size_t begin = position_;
        while (current(is_name_part)) {
            ++position_;
        }
        return text_.substr(begin, position_ - begin);
    }

    // -- operators --

    Literal parse_expression() { return parse_operators(0); }

    const OperatorSpelling* peek_operator() {
        skip_blanks();
        const auto* found = std::find_if(std::begin(kOperators), std::end(kOperators), [&](const auto& candidate) {
            return text_.substr(position_, candidate.symbol.size()) == candidate.symbol;
        });
        return found == std::end(kOperators) ? nullptr : found;
    }

    /// An operand and the operators after it that bind more than `precedence`. Recurs at most once for each precedence.
    Literal parse_operators(int precedence) {
        Literal left = parse_signed();
        for (const auto* next = peek_operator(); next && next->precedence > precedence; next = peek_operator()) {
            const std::size_t at = position_;
            position_ += next->symbol.size();
            Literal right = parse_operators(next->precedence);
            left = fold(*next, at, std::move(left), std::move(right));
        }
        return left;
    }

    Literal parse_signed() {
        skip_blanks();
        const std::size_t begin = position_;
        bool negative = false;
        bool has_sign = false;
        while (peek_is('-') || peek_is('+')) {
            negative ^= current_is('-');
            has_sign = true;
            ++position_;
        }
        if (current(is_digit) || (current_is('.') && position_ + 1 < text_.size() && is_digit(text_[position_ + 1]))) {
            return parse_number(negative);
        }
        Literal operand = parse_operand();
        if (!has_sign) {
            return operand;
        }
        if (const auto* integer = operand.get_if<Integer>()) {
            const auto value = negative ? checked_subtract(0, *integer) : *integer;
            if (!value) {
                fail_range(begin);
            }
            return *value;
        }
        if (const auto* number = operand.get_if<Float>()) {
            return negative ? -*number : *number;
        }
        fail(begin, std::string("cannot apply a sign to ") + kind_of(operand));
    }

    Literal fold(const OperatorSpelling& spelling, std::size_t at, Literal left, Literal right) {
        std::optional<Literal> result;
        switch (spelling.operation) {
            case Operator::kStack:
                result = fold_stack(at, left, right);
                break;
            case Operator::kMultiply:
                result = fold_repetition(at, left, right);
                break;
            case Operator::kAdd:
                result = fold_concatenation(left, right);
                break;
            default:
                break;
        }
        if (!result && spelling.operation != Operator::kStack && left.is<Integer>() && right.is<Integer>()) {
            result = fold_integers(spelling.operation, at, *left.get_if<Integer>(), *right.get_if<Integer>());
        }
        if (const auto a = number_of(left), b = number_of(right); !result && a && b) {
            result = fold_floats(spelling.operation, *a, *b);
        }
        if (!result) {
            fail(at,
                 "cannot apply '" + std::string(spelling.symbol) + "' to " + kind_of(left) + " and " + kind_of(right));
        }
        return std::move(*result);
    }

    std::optional<Literal> fold_stack(std::size_t at, Literal& left, Literal& right) {
        const bool is_stack =
            is_layer(left) ? is_layer(right) || is_octets(right) : is_octets(left) && lowest_layer(right).is<Call>();
        if (!is_stack) {
            return std::nullopt;
        }
        if (!left.is<Stack>()) {
            count_node(at);
            Stack stack;
            stack.layers.push_back(std::move(left));
            left = std::move(stack);
        }
        auto& layers = left.get_if<Stack>()->layers;
        if (auto* upper = right.get_if<Stack>()) {
            std::move(upper->layers.begin(), upper->layers.end(), std::back_inserter(layers));
        } else {
            layers.push_back(std::move(right));
        }
        return std::move(left);
    }

    static std::optional<Literal> fold_concatenation(Literal& left, Literal& right) {
        const auto append = [&]<typename T>(std::type_identity<T>, auto member) {
            T* first = left.get_if<T>();
            T* second = right.get_if<T>();
            if (first && second) {
                auto& from = member(*second);
                auto& to = member(*first);
                to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
            }
            return first && second;
        };
        const auto itself = [](auto& value) -> auto& {
            return value;
        };
        const auto items = [](auto& value) -> auto& {
            return value.items;
        };
        if (append(std::type_identity<Text>{}, itself) || append(std::type_identity<Bytes>{}, itself) ||
            append(std::type_identity<List>{}, items) || append(std::type_identity<Tuple>{}, items)) {
            return std::move(left);
        }
        return std::nullopt;
    }

    std::optional<Literal> fold_repetition(std::size_t at, Literal& left, Literal& right) {
        const bool count_is_left = left.is<Integer>();
        Literal& unit = count_is_left ? right : left;
        const auto* count = (count_is_left ? left : right).get_if<Integer>();
        if (!count) {
            return std::nullopt;
        }
        const Integer times = std::max(*count, Integer{0});
        if (auto* text = unit.get_if<Text>()) {
            repeat(*text, times, {0, text->size()}, at);
        } else if (auto* bytes = unit.get_if<Bytes>()) {
            repeat(*bytes, times, {0, bytes->size()}, at);
        } else if (auto* list = unit.get_if<List>()) {
            repeat(list->items, times, size_of(list->items), at);
        } else if (auto* tuple = unit.get_if<Tuple>()) {
            repeat(tuple->items, times, size_of(tuple->items), at);
        } else {
            return std::nullopt;
        }
        return std::move(unit);
    }

    static Size size_of(const std::vector<Literal>& items) {
        Size size;
        add_size(size, items);
        return size;
    }

    template <typename Sequence>
    void repeat(Sequence& sequence, Integer times, Size unit, std::size_t at) {
        const auto fits = [&](std::size_t& used, std::size_t limit, std::size_t each) {
            if (each != 0 && times > static_cast<Integer>((limit - used) / each)) {
                return false;
            }
            used += each == 0 ? 0 : each * static_cast<std::size_t>(times);
            return true;
        };
        if (!fits(repeated_octets_, kMaximumRepeatedBytes, unit.octets)) {
            fail(at, "a repetition that makes more than " + std::to_string(kMaximumRepeatedBytes) + " bytes");
        }
        if (!fits(nodes_, kMaximumNodes, unit.nodes)) {
            fail_nodes(at);
        }
        const std::size_t period = sequence.size();
        if (times == 0) {
            sequence.clear();
        } else if (period != 0) {
            const std::size_t length = period * static_cast<std::size_t>(times);
            sequence.reserve(length);
            while (sequence.size() < length) {
                sequence.push_back(sequence[sequence.size() - period]);
            }
        }
    }

    Literal fold_integers(Operator operation, std::size_t at, Integer left, Integer right) const {
        std::optional<Integer> result;
        switch (operation) {
            case Operator::kOr:
                return left | right;
            case Operator::kXor:
                return left ^ right;
            case Operator::kAnd:
                return left & right;
            case Operator::kShiftLeft:
            case Operator::kShiftRight:
                if (right < 0) {
                    fail(at, "a shift by a negative number");
                }
                result = operation == Operator::kShiftLeft ? checked_shift_left(left, right)
                                                           : left >> static_cast<int>(std::min(right, Integer{127}));
                break;
            case Operator::kAdd:
                result = checked_add(left, right);
                break;
            case Operator::kSubtract:
                result = checked_subtract(left, right);
                break;
            case Operator::kMultiply:
                result = checked_multiply(left, right);
                break;
            case Operator::kStack:
                break;
        }
        if (!result) {
            fail_range(at);
        }
        return *result;
    }

    static std::optional<Literal> fold_floats(Operator operation, Float left, Float right) {
        switch (operation) {
            case Operator::kAdd:
                return left + right;
            case Operator::kSubtract:
                return left - right;
            case Operator::kMultiply:
                return left * right;
            default:
                return std::nullopt;
        }
    }

    // -- operands --

    Literal parse_operand() {
        if (at_end()) {
            fail_unexpected();
        }
        if (starts_string()) {
            return parse_strings();
        }
        if (current(is_name_start)) {
            return parse_name();
        }
        if (current_is('[')) {
            return parse_list();
        }
        if (current_is('(')) {
            return parse_parentheses();
        }
        fail_unexpected();
    }

    /// Expressions with commas between them, and maybe one behind, up to `close`, which is left there.
    std::vector<Literal> parse_items(char close) {
        std::vector<Literal> items;
        const auto is_closed = [&] { return close == '\0' ? at_end() : peek_is(close); };
        while (!is_closed()) {
            items.push_back(parse_expression());
            if (!is_closed()) {
                expect(',');
            }
        }
        return items;
    }

    Literal parse_list() {
        count_node(position_);
        enter(position_++);
        List list{parse_items(']')};
        expect(']');
        leave();
        return list;
    }

    /// A parenthesised expression, or a tuple when there is a comma or nothing inside.
    Literal parse_parentheses() {
        enter(position_++);
        Tuple tuple;
        bool is_tuple = peek_is(')');
        if (!is_tuple) {
            tuple.items.push_back(parse_expression());
            is_tuple = accept(',');
        }
        if (is_tuple) {
            count_node(position_);
            auto rest = parse_items(')');
            std::move(rest.begin(), rest.end(), std::back_inserter(tuple.items));
        }
        expect(')');
        leave();
        return is_tuple ? Literal(std::move(tuple)) : std::move(tuple.items.front());
    }

    Literal parse_name() {
        count_node(position_);
        const std::size_t begin = position_;
        const std::string_view name = scan_name();
        if (name == "None") {
            return None{};
        }
        if (name == "True" || name == "False") {
            return name == "True";
        }
        if (peek_is('(')) {
            return parse_call(name);
        }
        if (name == "inf") {
            return std::numeric_limits<Float>::infinity();
        }
        if (name == "nan") {
            return std::numeric_limits<Float>::quiet_NaN();
        }
        fail(begin, "unknown name " + shown(name));
    }

    Literal parse_call(std::string_view name) {
        enter(position_++);
        Call call{std::string(name), {}, {}};
        while (!peek_is(')')) {
            const std::size_t begin = position_;
            if (const auto key = scan_key()) {
                call.keywords.push_back({std::string(*key), parse_expression()});
            } else {
                call.positional.push_back(parse_expression());
                if (!call.keywords.empty()) {
                    fail(begin, "an argument without a name after one with a name");
                }
            }
            if (!peek_is(')')) {
                expect(',');
            }
        }
        ++position_;
        leave();
        return call;
    }

    /// The name of `name =`, which is passed over; none and nothing passed over when the argument has no name.
    std::optional<std::string_view> scan_key() {
        const std::size_t begin = position_;
        if (current(is_name_start)) {
            const auto name = scan_name();
            if (accept('=')) {
                return name;
            }
            position_ = begin;
        }
        return std::nullopt;
    }

    // -- numbers --

    Literal parse_number(bool negative) {
        count_node(position_);
        const std::size_t begin = position_;
        if (const unsigned base = scan_base_prefix(); base != 0) {
            if (current_is('_')) {
                ++position_;
            }
            return make_integer(begin, scan_digits(base), base, negative);
        }
        std::string digits = is_digit(text_[begin]) ? scan_digits(10) : "0";
        if (!current_is('.') && !current_is('e') && !current_is('E')) {
            if (digits.front() == '0' && digits.find_first_not_of('0') != std::string::npos) {
                fail(begin, "a decimal number with a leading zero");
            }
            return make_integer(begin, digits, 10, negative);
        }
        if (current_is('.')) {
            ++position_;
            digits += '.';
            digits += current(is_digit) ? scan_digits(10) : "0";
        }
        if (current_is('e') || current_is('E')) {
            ++position_;
            digits += 'e';
            if (current_is('-') || current_is('+')) {
                digits += text_[position_++];
            }
            digits += scan_digits(10);
        }
        Float value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc{}) {
            fail(begin, "a float out of range");
        }
        return negative ? -value : value;
    }

    Literal make_integer(std::size_t begin, std::string_view digits, unsigned base, bool negative) const {
        const auto size = parse_digits(digits, base);
        const auto value = size ? from_magnitude(*size, negative) : std::nullopt;
        if (!value) {
            fail_range(begin);
        }
        return *value;
    }

    unsigned scan_base_prefix() {
        const auto prefix = text_.substr(position_, 2);
        const unsigned base = prefix == "0x" || prefix == "0X"   ? 16
                              : prefix == "0o" || prefix == "0O" ? 8
                              : prefix == "0b" || prefix == "0B" ? 2
                                                                 : 0;
        position_ += base == 0 ? 0 : 2;
        return base;
    }

    /// At least one digit, with single underscores between digits; the underscores are left out.
    std::string scan_digits(unsigned base) {
        const auto is_digit_of_base = [&](char c) { return parse_digits({&c, 1}, base).has_value(); };
        std::string digits;
        for (;;) {
            if (!current(is_digit_of_base)) {
                fail_unexpected();
            }
            while (current(is_digit_of_base)) {
                digits += text_[position_++];
            }
            if (!current_is('_')) {
                return digits;
            }
            ++position_;
        }
    }

    // -- strings --

    struct StringPrefix {
        std::string_view letters;
        bool is_bytes;
        bool is_raw;
    };

    static constexpr StringPrefix kStringPrefixes[] = {{"", false, false},  {"b", true, false}, {"r", false, true},
                                                       {"u", false, false}, {"br", true, true}, {"rb", true, true}};

    /// The prefix of the string that begins here; null when no string does.
    const StringPrefix* starts_string() const {
        char letters[2] = {};
        std::size_t length = 0;
        while (length < std::size(letters) && position_ + length < text_.size() &&
               is_name_start(text_[position_ + length])) {
            letters[length] = static_cast<char>(text_[position_ + length] | 0x20);
            ++length;
        }
        if (position_ + length >= text_.size() || !is_quote(text_[position_ + length])) {
            return nullptr;
        }
        const auto* found =
            std::find_if(std::begin(kStringPrefixes), std::end(kStringPrefixes),
                         [&](const auto& prefix) { return prefix.letters == std::string_view(letters, length); });
        return found == std::end(kStringPrefixes) ? nullptr : found;
    }

    /// A string and those that follow it directly: Python joins them.
    Literal parse_strings() {
        count_node(position_);
        const bool is_bytes = starts_string()->is_bytes;
        std::string joined;
        while (const auto* prefix = starts_string()) {
            if (prefix->is_bytes != is_bytes) {
                fail(position_, "a text and bytes side by side");
            }
            parse_string(joined, *prefix);
            skip_blanks();
        }
        return is_bytes ? Literal(Bytes(joined.begin(), joined.end())) : Literal(std::move(joined));
    }

    void parse_string(std::string& out, const StringPrefix& prefix) {
        const std::size_t begin = position_;
        position_ += prefix.letters.size();
        const std::string_view triple = text_.substr(position_, 3);
        const bool is_triple = triple == "'''" || triple == "\"\"\"";
        const std::string_view quotes = triple.substr(0, is_triple ? 3 : 1);
        position_ += quotes.size();
        while (text_.substr(position_, quotes.size()) != quotes) {
            const bool is_line_end = current_is('\n') || current_is('\r');
            if (position_ == text_.size() || (is_line_end && !is_triple)) {
                fail(begin, "a string that is not closed");
            }
            if (is_line_end) {
                scan_line_end();
                out += '\n';
            } else if (!current_is('\\')) {
                scan_characters(out, prefix.is_bytes);
            } else if (prefix.is_raw) {
                scan_raw_backslash(out);
            } else {
                scan_escape(out, prefix.is_bytes);
            }
        }
        position_ += quotes.size();
    }

    /// Passes over \n, \r or \r\n, which are all one line end.
    void scan_line_end() { position_ += text_.substr(position_, 2) == "\r\n" ? 2 : 1; }

    /// One character that stands for itself, or a run of them.
    void scan_characters(std::string& out, bool is_bytes) {
        const auto is_plain = [](char c) { return c >= ' ' && c < 0x7f && !is_quote(c) && c != '\\'; };
        const auto rest = text_.substr(position_);
        auto length = static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_plain) - rest.begin());
        if (length == 0 && is_ascii(rest.front())) {
            length = 1;
        } else if (length == 0) {
            if (is_bytes) {
                fail(position_, "a character in bytes that is not ASCII (write it as \\xNN)");
            }
            const auto code_point = decode_utf8(rest);
            if (!code_point) {
                fail(position_, "invalid UTF-8");
            }
            length = code_point->length;
        }
        out += rest.substr(0, length);
        position_ += length;
    }

    /// A backslash of a raw string stays, and a quote after it ends nothing.
    void scan_raw_backslash(std::string& out) {
        out += text_[position_++];
        if (current([](char c) { return is_quote(c) || c == '\\'; })) {
            out += text_[position_++];
        } else if (current_is('\n') || current_is('\r')) {
            scan_line_end();
            out += '\n';
        }
    }

    void scan_escape(std::string& out, bool is_bytes) {
        constexpr std::string_view kLetters = "\\'\"abfnrtv";
        constexpr std::string_view kMeanings = "\\'\"\a\b\f\n\r\t\v";
        const std::size_t begin = position_++;
        if (position_ == text_.size()) {
            return;
        }
        const char letter = text_[position_];
        if (letter == '\n' || letter == '\r') {
            scan_line_end();
        } else if (const auto simple = kLetters.find(letter); simple != std::string_view::npos) {
            out += kMeanings[simple];
            ++position_;
        } else if (is_octal_digit(letter)) {
            std::size_t length = 1;
            while (length < 3 && position_ + length < text_.size() && is_octal_digit(text_[position_ + length])) {
                ++length;
            }
            append_escaped(out, begin, length, 8, is_bytes);
        } else if (letter == 'x') {
            ++position_;
            append_escaped(out, begin, 2, 16, is_bytes);
        } else if ((letter == 'u' || letter == 'U') && !is_bytes) {
            ++position_;
            append_escaped(out, begin, letter == 'u' ? 4 : 8, 16, is_bytes);
        } else if (letter == 'N' && !is_bytes) {
            fail(begin, "an unsupported \\N escape");
        } else {
            out += '\\';  // Python leaves an escape that it does not know as it stands
        }
    }

    void append_escaped(std::string& out, std::size_t begin, std::size_t length, unsigned base, bool is_bytes) {
        const auto digits = text_.substr(position_, length);
        const auto parsed = digits.size() == length ? parse_digits(digits, base) : std::nullopt;
        if (!parsed) {
            fail(begin, "an escape that lacks digits");
        }
        if (*parsed > (is_bytes ? 0xff : kMaximumCodePoint) ||
            (!is_bytes && is_surrogate(static_cast<char32_t>(*parsed)))) {
            fail(begin, is_bytes ? "an escape above 255" : "an escape that is no character");
        }
        if (is_bytes) {
            out += static_cast<char>(static_cast<unsigned char>(*parsed));
        } else {
            append_utf8(out, static_cast<char32_t>(*parsed));
        }
        position_ += length;
    }

    std::string_view text_;
    std::size_t position_ = 0;
    std::size_t depth_ = 0;
    std::size_t deepest_ = 0;
    std::size_t nodes_ = 0;
    std::size_t repeated_octets_ = 0;
};

// ---- writing ----

void append_hex(std::string& out, char letter, char32_t value, std::size_t digits) {
    char escape[2 + 8] = {'\\', letter};
    for (std::size_t i = digits + 1; i > 1; --i, value >>= 4) {
        escape[i] = "0123456789abcdef"[value & 15];
    }
    out.append(escape, digits + 2);
}

/// The quote that Python's repr takes: single, unless there are single ones and no double ones inside.
template <typename Characters>
char quote_for(const Characters& characters) {
    const auto has = [&](char quote) {
        return std::find(characters.begin(), characters.end(), quote) != characters.end();
    };
    return has('\'') && !has('"') ? '"' : '\'';
}

/// The escapes that repr has for texts and bytes alike: false when the ASCII character needs none of them.
bool append_escape(std::string& out, char c, char quote) {
    if (c == quote || c == '\\') {
        out += '\\';
        out += c;
    } else if (c == '\n') {
        out += "\\n";
    } else if (c == '\r') {
        out += "\\r";
    } else if (c == '\t') {
        out += "\\t";
    } else if (c < 0x20 || c == 0x7f) {
        append_hex(out, 'x', static_cast<unsigned char>(c), 2);
    } else {
        return false;
    }
    return true;
}

void append_items(std::string& out, const std::vector<Literal>& items, std::string_view separator) {
    std::string_view before;
    for (const Literal& item : items) {
        out += before;
        append_text(out, item);
        before = separator;
    }
}

void append_call(std::string& out, const Call& call) {
    out += call.name;
    out += '(';
    append_items(out, call.positional, ",");
    std::string_view before = call.positional.empty() ? "" : ",";
    for (const Keyword& keyword : call.keywords) {
        out += before;
        out += keyword.name;
        out += '=';
        append_text(out, keyword.value);
        before = ",";
    }
    out += ')';
}

}  // namespace

bool operator==(const Literal& left, const Literal& right) {
    const auto* a = left.get_if<Float>();
    const auto* b = right.get_if<Float>();
    return left.variant() == right.variant() || (a && b && std::isnan(*a) && std::isnan(*b));
}

Literal parse_literal(std::string_view text) {
    return Parser(text).parse();
}

void append_text(std::string& out, const Literal& literal) {
    std::visit(
        Overloaded{[&](const None&) { out += "None"; }, [&](const Boolean& value) { out += value ? "True" : "False"; },
                   [&](const Integer& value) { out += to_string(value); },
                   [&](const Float& value) { out += python_repr_float(value); },
                   [&](const Text& value) { append_python_repr_text(out, value); },
                   [&](const Bytes& value) { append_python_repr_bytes(out, value); },
                   [&](const List& list) {
                       out += '[';
                       append_items(out, list.items, ", ");
                       out += ']';
                   },
                   [&](const Tuple& tuple) {
                       out += '(';
                       append_items(out, tuple.items, ", ");
                       out += tuple.items.size() == 1 ? ",)" : ")";
                   },
                   [&](const Call& call) { append_call(out, call); },
                   [&](const Stack& stack) { append_items(out, stack.layers, "/"); }},
        literal.variant());
}

std::string to_text(const Literal& literal) {
    std::string out;
    append_text(out, literal);
    return out;
}

void append_python_repr_text(std::string& out, std::string_view utf8) {
    const char quote = quote_for(utf8);
    out += quote;
    while (!utf8.empty()) {
        std::size_t length = 1;
        if (is_ascii(utf8.front())) {
            if (!append_escape(out, utf8.front(), quote)) {
                out += utf8.front();
            }
        } else if (const auto code_point = decode_utf8(utf8); !code_point) {
            append_hex(out, 'x', static_cast<unsigned char>(utf8.front()), 2);
        } else {
            length = code_point->length;
            const char32_t value = code_point->value;
            if (is_printable(value)) {
                out += utf8.substr(0, length);
            } else if (value < 0x100) {
                append_hex(out, 'x', value, 2);
            } else if (value < 0x10000) {
                append_hex(out, 'u', value, 4);
            } else {
                append_hex(out, 'U', value, 8);
            }
        }
        utf8.remove_prefix(length);
    }
    out += quote;
}

std::string python_repr_text(std::string_view utf8) {
    std::string out;
    append_python_repr_text(out, utf8);
    return out;
}

void append_python_repr_bytes(std::string& out, ByteView bytes) {
    const char quote = quote_for(bytes);
    out += 'b';
    out += quote;
    for (const std::uint8_t octet : bytes) {
        if (octet >= 0x80) {
            append_hex(out, 'x', octet, 2);
        } else if (const char c = static_cast<char>(octet); !append_escape(out, c, quote)) {
            out += c;
        }
    }
    out += quote;
}

std::string python_repr_bytes(ByteView bytes) {
    std::string out;
    append_python_repr_bytes(out, bytes);
    return out;
}

std::string python_repr_float(double value) {
    if (std::isnan(value)) {
        return "nan";
    }
    if (std::isinf(value)) {
        return value < 0 ? "-inf" : "inf";
    }
    // Python writes an exponent below 1e-4 and from 1e16 on; to_chars has its own idea, and leaves ".0" out.
    const double size = std::abs(value);
    const bool has_exponent = size != 0 && (size < 1e-4 || size >= 1e16);
    char buffer[32];
    const auto format = has_exponent ? std::chars_format::scientific : std::chars_format::fixed;
    const auto [end, error] = std::to_chars(std::begin(buffer), std::end(buffer), value, format);
    std::string out(buffer, end);
    if (!has_exponent && out.find('.') == std::string::npos) {
        out += ".0";
    }
    return out;
}

}  // namespace framewright::expression
