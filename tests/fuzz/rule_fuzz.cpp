// A rule is read or refused with a RuleError; what was read has the same value whenever it is asked, and when it is
// read again from its text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protocol_db/expression/rule.hpp"

namespace {

using framewright::expression::Rule;
using framewright::expression::RuleContext;
using framewright::expression::RuleError;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

constexpr std::int64_t kNumbers[] = {0, 1, -1, INT64_MAX, INT64_MIN, 63, 64, 0x1234};
constexpr std::size_t kFields = 8;

/// Answers with the numbers at which arithmetic may go wrong.
class Context final : public RuleContext {
public:
    std::int64_t field(std::size_t index) const override { return number(index); }
    bool is_defined(std::size_t index) const override { return number(index) != 0; }
    std::int64_t length_of(std::size_t index) const override { return number(index + 1); }
    std::int64_t count_of(std::size_t index) const override { return number(index + 2); }
    std::int64_t element_of(std::size_t index, std::int64_t position) const override {
        require(index < kFields);
        return position;
    }
    std::int64_t header_length() const override { return INT64_MAX; }
    std::int64_t payload_length() const override { return INT64_MIN; }
    std::int64_t remaining() const override { return 7; }
    std::int64_t bytes_at(std::int64_t position, std::size_t width) const override {
        require(width == 1 || width == 2 || width == 4);
        return position;
    }
    bool is_below(std::string_view name) const override { return name.size() % 2 == 0; }
    std::int64_t below_field(std::string_view field) const override { return static_cast<std::int64_t>(field.size()); }
    bool is_parent(std::string_view name) const override { return name.size() % 2 == 0; }
    std::int64_t parent_field(std::string_view field) const override {
        return -static_cast<std::int64_t>(field.size());
    }

private:
    static std::int64_t number(std::size_t index) { return kNumbers[index % kFields]; }
};

/// The fields a to h.
std::optional<std::size_t> resolve(std::string_view name) {
    const bool is_known = name.size() == 1 && name[0] >= 'a' && name[0] < static_cast<char>('a' + kFields);
    return is_known ? std::optional(static_cast<std::size_t>(name[0] - 'a')) : std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Rule rule;
    try {
        rule = Rule::parse(text, resolve);
    } catch (const RuleError& error) {
        require(*error.what() != '\0');
        return 0;
    }
    require(static_cast<bool>(rule) && rule.text() == text && size <= Rule::kMaximumText);
    const Context context;
    const std::int64_t value = rule.evaluate(context);
    require(rule.evaluate(context) == value);
    require(Rule::parse(rule.text(), resolve).evaluate(context) == value);
    return 0;
}
