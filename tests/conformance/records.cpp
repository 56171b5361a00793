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

constexpr std::array kFiles{"packets.jsonl.gz", "captures.jsonl.gz", "bad_input.jsonl.gz", "field_engine.jsonl.gz"};

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
    for (const std::string& line : lines_of_group(group)) {
        records.push_back(parse_record(line));
    }
    return records;
}

const std::vector<std::string>& Records::lines_of_group(const std::string& group) const {
    return lines_.at(group);
}

json parse_record(const std::string& line) {
    json record = parse_exact(line.find("\"raw\"") == std::string::npos ? line : without_lone_surrogates(line));
    if (!record.is_object()) {
        throw std::runtime_error("not a record: " + line.substr(0, 100));
    }
    return record;
}

std::set<std::string> protocols_of(const json& record) {
    std::set<std::string> ids;
    const auto add = [&ids](const json& id) {
        if (id.is_string() && id != "") {
            ids.insert(id.get<std::string>());
        }
    };
    const auto add_layers = [&add](const json& layers) {
        for (const json& layer : layers) {
            for (const char* const name : {"id", "real_id"}) {
                if (layer.is_object() && layer.contains(name)) {
                    add(layer[name]);
                }
            }
        }
    };
    const auto add_packet = [&add_layers](const json& packet) {
        if (packet.is_object() && packet.contains("data")) {
            add_layers(packet["data"]);
        }
    };
    const bool names_protocols = record.contains("method") &&
                                 (record["method"] == "get_definitions" || record["method"] == "get_payload_classes");
    for (const char* const member : {"params", "result"}) {
        if (!record.contains(member)) {
            continue;
        }
        add_packet(record[member]);
        for (const json& part : record[member].is_array() ? record[member] : json::array()) {
            add_packet(part);
            if (part.is_array()) {
                add_layers(part);
            }
            for (const json& id : names_protocols && !part.is_object() ? part : json::array()) {
                add(id);
            }
        }
    }
    return ids;
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

namespace {

/// Adds what a list item names.
void add_items(std::string_view line, bool is_round_trip, const std::string& reason, std::vector<KeptDifference>& to) {
    for (std::size_t open = line.find('`'); open != std::string_view::npos;) {
        const std::size_t close = line.find('`', open + 1);
        if (close == std::string_view::npos) {
            throw std::runtime_error("a backtick is missing: " + std::string(line));
        }
        KeptDifference kept{std::string(line.substr(open + 1, close - open - 1)), 1, is_round_trip, reason};
        if (line.substr(close + 1).starts_with(" (")) {
            kept.count = std::stoul(std::string(line.substr(close + 3)));
        }
        to.push_back(std::move(kept));
        open = line.find('`', close + 1);
    }
}

}  // namespace

DifferencesPage parse_differences_page(std::string_view markdown) {
    constexpr std::string_view kRoundTrips = "Round trips";
    DifferencesPage page;
    std::vector<KeptDifference>* to = &page.kept;
    bool is_round_trip = false;
    std::string reason;
    std::istringstream lines{std::string(markdown)};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("## ")) {
            to = line == "## Not yet agreed" ? &page.not_yet_agreed : &page.kept;
            is_round_trip = std::string_view(line).substr(3) == kRoundTrips;
        } else if (line.starts_with("### ")) {
            is_round_trip =
                to == &page.not_yet_agreed ? std::string_view(line).substr(4) == kRoundTrips : is_round_trip;
            reason.clear();
        } else if (line.starts_with("- ")) {
            add_items(line, is_round_trip, reason, *to);
        } else {
            reason += line;
        }
    }
    return page;
}

DifferencesPage differences_page() {
    std::ifstream file(folder() / "DIFFERENCES.md");
    if (!file) {
        throw std::runtime_error("cannot read DIFFERENCES.md");
    }
    return parse_differences_page(std::string(std::istreambuf_iterator<char>(file), {}));
}

bool names(std::string_view pattern, std::string_view id) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) {
        return pattern == id;
    }
    if (!id.starts_with(pattern.substr(0, star))) {
        return false;
    }
    for (std::size_t begin = star; begin <= id.size(); ++begin) {
        if (names(pattern.substr(star + 1), id.substr(begin))) {
            return true;
        }
    }
    return false;
}

}  // namespace framewright::conformance
