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

private:
    std::map<std::string, std::vector<std::string>> lines_;
};

/// The ids of the protocols that the recording server knows (recorded_protocols.txt). Throws std::runtime_error.
std::set<std::string> recorded_protocols();

/// The bytes that a record's `raw` text stands for: bytes that are no UTF-8 are recorded as U+E080 to U+E0FF.
std::string raw_request(const nlohmann::json& record);

/// A record that is listed in DIFFERENCES.md.
struct KeptDifference {
    std::string id;
    /// Of the answer itself, or of the round trip of what it printed.
    bool is_round_trip = false;
    std::string reason;
};

/// The records of a Markdown text of the form of DIFFERENCES.md: list items name ids in backticks; what stands between
/// a heading of the third level and its list is their reason.
std::vector<KeptDifference> parse_kept_differences(std::string_view markdown);

/// The items of DIFFERENCES.md. Throws std::runtime_error when it cannot be read.
std::vector<KeptDifference> kept_differences();

}  // namespace framewright::conformance
