// Protocols are data: no source file of the product knows one by its name.

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {
namespace {

/// A protocol that a source file may name.
struct Exception {
    std::string_view file;
    std::string_view id;
    std::string_view reason;
};

constexpr std::array<Exception, 0> kExceptions{};

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The string literals of a source file, as they are written: what stands between the quotation marks.
std::vector<std::string> string_literals(std::string_view source) {
    std::vector<std::string> literals;
    const auto skip_to = [&source](std::size_t from, std::string_view mark) {
        return std::min(source.find(mark, from), source.size());
    };
    const auto end_of_quoted = [&source](std::size_t place) {
        const char quote = source[place];
        for (++place; place < source.size() && source[place] != quote && source[place] != '\n'; ++place) {
            place += source[place] == '\\' ? 1 : 0;
        }
        return std::min(place, source.size());
    };
    const auto is_in_word = [](char letter) { return std::isalnum(static_cast<unsigned char>(letter)) != 0; };
    for (std::size_t place = 0; place < source.size(); ++place) {
        const std::string_view rest = source.substr(place);
        if (rest.starts_with("//")) {
            place = skip_to(place, "\n");
        } else if (rest.starts_with("/*")) {
            place = skip_to(place, "*/");
        } else if (rest.starts_with("R\"")) {
            const std::size_t bracket = skip_to(place, "(");
            const std::string end = ")" + std::string(source.substr(place + 2, bracket - place - 2)) + "\"";
            const std::size_t behind = skip_to(bracket, end);
            literals.emplace_back(source.substr(bracket + 1, behind - bracket - 1));
            place = behind + end.size() - 1;
        } else if (rest.front() == '"') {
            const std::size_t end = end_of_quoted(place);
            literals.emplace_back(source.substr(place + 1, end - place - 1));
            place = end;
        } else if (rest.front() == '\'' && (place == 0 || !is_in_word(source[place - 1]))) {
            // Between digits the mark only groups them.
            place = end_of_quoted(place);
        }
    }
    return literals;
}

/// The protocols that a literal names: by being an id, or by an id in quotation marks within it.
std::vector<std::string> named_in(const std::string& literal) {
    std::vector<std::string> names;
    const auto add = [&names](const std::string& word) {
        if (database().find(word) != nullptr) {
            names.push_back(word);
        }
    };
    add(literal);
    for (std::size_t open = literal.find_first_of("\"'"); open != std::string::npos;) {
        const std::size_t close = literal.find_first_of("\"'\\", open + 1);
        if (close != std::string::npos) {
            add(literal.substr(open + 1, close - open - 1));
        }
        open = literal.find_first_of("\"'", open + 1);
    }
    return names;
}

TEST(ProtocolNames, LiteralsAreFound) {
    constexpr std::string_view kSource = R"--(// "A"
        /* "B" */ f("C", 'x', '"', "D\"E", 1'000); g(R"({"F": "G"})"); h("" "H");)--";
    EXPECT_EQ(string_literals(kSource), (std::vector<std::string>{"C", "D\\\"E", R"({"F": "G"})", "", "H"}));
    EXPECT_EQ(named_in("Ether"), std::vector<std::string>{"Ether"});
    EXPECT_EQ(named_in(R"({"id": "UDP", "IP": 1})"), (std::vector<std::string>{"UDP", "IP"}));
    EXPECT_EQ(named_in("not an IPv6 address"), std::vector<std::string>{});
}

TEST(ProtocolNames, StandInNoSourceFile) {
    const std::filesystem::path top = FRAMEWRIGHT_SOURCE_DIRECTORY;
    std::array<bool, kExceptions.size()> needed{};
    std::size_t literals = 0;
    for (const char* const folder : {"protocol_db", "rpc", "server"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(top / folder)) {
            if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") {
                continue;
            }
            const std::string file = entry.path().lexically_relative(top).generic_string();
            for (const std::string& literal : string_literals(text_of(entry.path()))) {
                ++literals;
                for (const std::string& name : named_in(literal)) {
                    const auto excused = std::ranges::find_if(kExceptions, [&](const Exception& exception) {
                        return exception.file == file && exception.id == name;
                    });
                    if (excused == kExceptions.end()) {
                        ADD_FAILURE() << file << " names the protocol " << name << " in \"" << literal << '"';
                    } else {
                        needed.at(static_cast<std::size_t>(excused - kExceptions.begin())) = true;
                    }
                }
            }
        }
    }
    EXPECT_GT(literals, 1000U);
    for (std::size_t index = 0; index < needed.size(); ++index) {
        EXPECT_TRUE(needed.at(index)) << kExceptions.at(index).file << " does not name " << kExceptions.at(index).id;
    }
}

}  // namespace
}  // namespace framewright::tests
