#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace framewright::conformance {

/// The recorded calls of the *.jsonl.gz files of this folder, one JSON object a line, by their group.
class Records {
public:
    /// Throws std::runtime_error for a file that cannot be read.
    Records();

    std::vector<std::string> groups() const;

    /// The records of a group, in the files' order; see parse_exact for their long integers.
    std::vector<nlohmann::json> of_group(const std::string& group) const;

    /// The same as texts, for parse_record().
    const std::vector<std::string>& lines_of_group(const std::string& group) const;

private:
    std::map<std::string, std::vector<std::string>> lines_;
};

/// The record of a line. Throws std::runtime_error.
nlohmann::json parse_record(const std::string& line);

/// The ids of the protocols that a record's request or result names.
std::set<std::string> protocols_of(const nlohmann::json& record);

/// The ids of the protocols that the recording server knows (recorded_protocols.txt). Throws std::runtime_error.
std::set<std::string> recorded_protocols();

/// The bytes that a record's `raw` text stands for: bytes that are no UTF-8 are recorded as U+E080 to U+E0FF.
std::string raw_request(const nlohmann::json& record);

/// Records that are listed in DIFFERENCES.md.
struct KeptDifference {
    /// Their ids: `*` stands for any characters.
    std::string pattern;
    /// How many of them differ: exactly so many, or of a family that is not yet agreed, at most.
    std::size_t count = 1;
    /// Of the answer itself, or of the round trip of what it printed.
    bool is_round_trip = false;
    std::string reason;
};

/// DIFFERENCES.md.
struct DifferencesPage {
    std::vector<KeptDifference> kept;
    /// Families that are being worked on; a pattern is the name of a definition file.
    std::vector<KeptDifference> not_yet_agreed;
};

/// A Markdown text of the form of DIFFERENCES.md. List items name patterns in backticks, each with its count in
/// parentheses behind it, if that is not 1. What stands between a heading of the third level and its list is their
/// reason. Round trips are those below a heading of the second or third level that begins so.
DifferencesPage parse_differences_page(std::string_view markdown);

/// Throws std::runtime_error when DIFFERENCES.md cannot be read.
DifferencesPage differences_page();

/// Whether the pattern, in which `*` stands for any characters, names the id.
bool names(std::string_view pattern, std::string_view id);

}  // namespace framewright::conformance
