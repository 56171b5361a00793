#include "rpc/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

namespace framewright::rpc {

void append_json_text(std::string& out, std::string_view text) {
    const auto needs_no_escape = [](char c) { return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f; };
    if (std::all_of(text.begin(), text.end(), needs_no_escape)) {
        append_json_name(out, text);
        return;
    }
    out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void append_json_number(std::string& out, Integer number) {
    if (number >= 0 && number < 10) {
        out += static_cast<char>('0' + static_cast<int>(number));
        return;
    }
    constexpr Integer kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr Integer kMost = std::numeric_limits<std::int64_t>::max();
    if (number < kLeast || number > kMost) {
        out += to_string(number);
        return;
    }
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<std::int64_t>(number)).ptr;
    out.append(digits.data(), end);
}

}  // namespace framewright::rpc
