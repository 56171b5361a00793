#include "tests/conformance/records.hpp"

#include <zlib.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <type_traits>

#include "tests/conformance/exact_json.hpp"

namespace framewright::conformance {
namespace {

using nlohmann::json;

constexpr std::array kFiles{"core_packets.jsonl.gz", "captures.jsonl.gz", "bad_input.jsonl.gz",
                            "field_engine.jsonl.gz"};

std::filesystem::path folder() {
    return std::filesystem::path(FRAMEWRIGHT_SOURCE_DIRECTORY) / "tests/conformance";
}

struct GzipCloser {
    void operator()(gzFile file) const noexcept { gzclose(file); }
};

std::string read_gzip(const std::filesystem::path& path) {
    const std::unique_ptr<std::remove_pointer_t<gzFile>, GzipCloser> file(gzopen(path.c_str(), "rb"));
    std::string text;
    std::array<char, 65'536> buffer{};
    int size = file ? 1 : -1;
    while (size > 0) {
        size = gzread(file.get(), buffer.data(), buffer.size());
        text.append(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    if (size < 0) {
        throw std::runtime_error("cannot read " + path.string());
    }
    return text;
}

/// The text value of the first member of this name in a JSON text; it has no escapes.
std::string first_text_member(std::string_view object, const std::string& name) {
    const std::string key = '"' + name + '"';
    const std::size_t begin = object.find('"', object.find(':', object.find(key))) + 1;
    return std::string(object.substr(begin, object.find('"', begin) - begin));
}

/// Python writes a byte that is no UTF-8 as a lone surrogate, U+DC80 to U+DCFF, which nobody else reads.
std::string without_lone_surrogates(std::string line) {
    constexpr std::string_view kLoneSurrogate = "\\udc";
    for (std::size_t i = line.find(kLoneSurrogate); i != std::string::npos; i = line.find(kLoneSurrogate, i)) {
        line.replace(i, kLoneSurrogate.size(), "\\ue0");
    }
    return line;
}

}  // namespace

Records::Records() {
    for (const char* const name : kFiles) {
        std::istringstream lines(read_gzip(folder() / name));
        for (std::string line; std::getline(lines, line);) {
            lines_[first_text_member(line, "group")].push_back(std::move(line));
        }
    }
}

std::vector<std::string> Records::groups() const {
    std::vector<std::string> groups;
    for (const auto& [group, lines] : lines_) {
        groups.push_back(group);
    }
    return groups;
}

std::vector<json> Records::of_group(const std::string& group) const {
    std::vector<json> records;
    for (const std::string& line : lines_.at(group)) {
        json record = parse_exact(line.find("\"raw\"") == std::string::npos ? line : without_lone_surrogates(line));
        if (!record.is_object()) {
            throw std::runtime_error("not a record: " + line.substr(0, 100));
        }
        records.push_back(std::move(record));
    }
    return records;
}

std::set<std::string> recorded_protocols() {
    std::ifstream file(folder() / "recorded_protocols.txt");
    if (!file) {
        throw std::runtime_error("cannot read recorded_protocols.txt");
    }
    return {std::istream_iterator<std::string>(file), {}};
}

std::string raw_request(const json& record) {
    const auto& text = record.at("raw").get_ref<const std::string&>();
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const bool stands_for_byte = text.compare(i, 2, "\xee\x82") == 0 || text.compare(i, 2, "\xee\x83") == 0;
        if (stands_for_byte && i + 2 < text.size()) {
            // U+E0xx in UTF-8 is ee, 10 0000xx, 10 xxxxxx
            bytes.push_back(static_cast<char>((text[i + 1] & 0x03) << 6 | (text[i + 2] & 0x3f)));
            i += 3;
        } else {
            bytes.push_back(text[i++]);
        }
    }
    return bytes;
}

std::vector<KeptDifference> parse_kept_differences(std::string_view markdown) {
    std::vector<KeptDifference> kept;
    bool is_round_trip = false;
    std::string reason;
    std::istringstream lines{std::string(markdown)};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("## ")) {
            is_round_trip = line == "## Round trips";
        } else if (line.starts_with("### ")) {
            reason.clear();
        } else if (!line.starts_with("- ")) {
            reason += line;
        } else {
            for (std::size_t open = line.find('`'); open != std::string::npos;) {
                const std::size_t close = line.find('`', open + 1);
                kept.push_back({line.substr(open + 1, close - open - 1), is_round_trip, reason});
                open = close == std::string::npos ? close : line.find('`', close + 1);
            }
        }
    }
    return kept;
}

std::vector<KeptDifference> kept_differences() {
    std::ifstream file(folder() / "DIFFERENCES.md");
    if (!file) {
        throw std::runtime_error("cannot read DIFFERENCES.md");
    }
    return parse_kept_differences(std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace framewright::conformance
