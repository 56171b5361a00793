// Replays recorded calls of the public reference server in process, and compares the answers; see DIFFERENCES.md.

#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rpc/service.hpp"
#include "tests/conformance/comparison.hpp"
#include "tests/conformance/exact_json.hpp"
#include "tests/conformance/records.hpp"

namespace framewright::conformance {
namespace {

using nlohmann::json;

constexpr std::size_t kShownRecords = 5;
constexpr std::size_t kShownDifferences = 12;
constexpr std::size_t kShownRequestCharacters = 600;
constexpr std::size_t kShownValueCharacters = 200;

const std::vector<std::string>& tested_groups() {
    static const std::vector<std::string> groups{"bad_input",       "binding",     "default",   "definitions",
                                                 "delete",          "edit",        "expr",      "exprback",
                                                 "field",           "json_rpc",    "mutate",    "payload",
                                                 "payload_classes", "random",      "read_pcap", "reconstruct",
                                                 "stack",           "stackfield",  "truncate",  "decompile",
                                                 "field_engine",    "param_values"};
    return groups;
}

const Records& records() {
    static const Records records;
    return records;
}

/// The ids of the records whose difference is kept, of the answer or of the round trip.
std::set<std::string> kept_ids(bool is_round_trip) {
    std::set<std::string> listed;
    for (const KeptDifference& kept : kept_differences()) {
        if (kept.is_round_trip == is_round_trip) {
            listed.insert(kept.id);
        }
    }
    return listed;
}

/// A server in this process, with the version handler that it gave.
class Server {
public:
    std::string reply(std::string_view request) const { return service_.handle(request); }

    /// The answer to a call, its handler put first.
    json call(const std::string& method, json params) const {
        params.insert(params.begin(), handler_);
        return request(method, params);
    }

    static const Server& instance() {
        static const Server server;
        return server;
    }

private:
    Server() {
        const std::string version = request("get_version", json::array()).at("result").at("version");
        const std::size_t dot = version.find('.');
        handler_ = request("get_version_handler", {version.substr(0, dot), version.substr(dot + 1)}).at("result");
    }

    json request(const std::string& method, const json& params) const {
        json answer =
            parse_exact(reply(dump_exact({{"jsonrpc", "2.0"}, {"id", "1"}, {"method", method}, {"params", params}})));
        return answer.is_object() ? answer : json{{"error", "a reply that is no JSON object"}};
    }

    rpc::Service service_{rpc::ServiceOptions{}};
    json handler_;
};

Differences replay(const json& record) {
    try {
        const Server& server = Server::instance();
        if (record.contains("raw")) {
            return raw_differences(record, server.reply(raw_request(record)));
        }
        static const std::set<std::string> known = recorded_protocols();
        return differences(record, server.call(record.at("method"), record.at("params")), known);
    } catch (const std::exception& error) {
        return {{"reply", "an answer", error.what()}};
    }
}

std::string shortened(const std::string& text, std::size_t characters) {
    return text.size() <= characters ? text : text.substr(0, characters) + " ...";
}

/// The first records that differ, for a person, and how many there are.
class Report {
public:
    void add(const json& record, const Differences& differences) {
        if (++records_ > kShownRecords) {
            return;
        }
        const std::string request =
            record.contains("raw") ? record.at("raw").get<std::string>()
                                   : record.at("method").get<std::string>() + ' ' + dump_exact(record.at("params"));
        text_ << "--- " << record.at("id").get<std::string>() << ": " << shortened(request, kShownRequestCharacters)
              << '\n';
        for (std::size_t i = 0; i < std::min(differences.size(), kShownDifferences); ++i) {
            text_ << "    " << differences[i].path << ": want " << shortened(differences[i].want, kShownValueCharacters)
                  << ", got " << shortened(differences[i].got, kShownValueCharacters) << '\n';
        }
    }

    bool empty() const { return records_ == 0; }

    std::string text(std::size_t of) const {
        return std::to_string(records_) + " of " + std::to_string(of) + " records differ; the first ones:\n" +
               text_.str();
    }

private:
    std::size_t records_ = 0;
    std::ostringstream text_;
};

class Conformance : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Group, Conformance, ::testing::ValuesIn(tested_groups()),
                         [](const auto& group) { return group.param; });

TEST_P(Conformance, AnswersAsRecorded) {
    const std::vector<json> group = records().of_group(GetParam());
    const std::set<std::string> known = kept_ids(false);
    Report report;
    std::map<std::string, bool> kept;  // those of this group: whether they differ
    for (const json& record : group) {
        const std::string id = record.at("id");
        const Differences found = replay(record);
        if (known.contains(id)) {
            kept[id] = kept[id] || !found.empty();
        } else if (!found.empty()) {
            report.add(record, found);
        }
    }
    EXPECT_TRUE(report.empty()) << report.text(group.size());
    for (const auto& [id, differs] : kept) {
        EXPECT_TRUE(differs) << id << " no longer differs: take it out of DIFFERENCES.md";
    }
}

bool has_packets(const json& record) {
    const json method = record.value("method", json());
    return method == "build_pkt" || method == "reconstruct_pkt" || method == "read_pcap";
}

/// The model that a client sends back: each printed value, or numbers and texts as they are shown.
json model_of(const json& packet, bool as_text) {
    json model = json::array();
    for (const json& layer : packet.at("data")) {
        json fields = json::array();
        for (const json& field : layer.at("fields")) {
            const json& value = field.at("value");
            if (!value.is_null() && !field.value("ignored", false)) {
                const bool shown = as_text && !value.is_object();
                fields.push_back({{"id", field.at("id")}, {"value", shown ? field.at("hvalue") : value}});
            }
        }
        model.push_back({{"id", layer.at("id")}, {"fields", std::move(fields)}});
    }
    return model;
}

/// Where the values that a call printed, sent back, do not build its bytes again.
Differences round_trip(const json& record, bool as_text) {
    try {
        const Server& server = Server::instance();
        const json answer = server.call(record.at("method"), record.at("params"));
        if (!answer.contains("result")) {
            return {};  // whether there must be a result is the other test's business
        }
        const json& result = answer.at("result");
        const json packets = record.at("method") == "read_pcap" ? result : json::array({result});
        for (const json& packet : packets) {
            const json model = model_of(packet, as_text);
            if (model.empty()) {
                continue;
            }
            const json again = server.call("build_pkt", json::array({model}));
            const json built = again.contains("result") ? again.at("result").at("binary") : again.at("error");
            if (built != packet.at("binary")) {
                return {{"round trip of " + shortened(dump_exact(model), kShownRequestCharacters),
                         dump_exact(packet.at("binary")), dump_exact(built)}};
            }
        }
        return {};
    } catch (const std::exception& error) {
        return {{"round trip", "an answer", error.what()}};
    }
}

TEST(RoundTrip, PrintedValuesAndShownTextsBuildTheSameBytes) {
    const std::set<std::string> known = kept_ids(true);
    std::set<std::string> differing;
    Report report;
    std::size_t count = 0;
    for (const std::string& group : records().groups()) {
        for (const json& record : records().of_group(group)) {
            if (!has_packets(record)) {
                continue;
            }
            ++count;
            for (const bool as_text : {false, true}) {
                if (!requires_round_trip(record, as_text)) {
                    continue;
                }
                const Differences found = round_trip(record, as_text);
                const std::string id = record.at("id");
                if (!found.empty() && known.contains(id)) {
                    differing.insert(id);
                } else if (!found.empty()) {
                    report.add(record, found);
                }
            }
        }
    }
    EXPECT_TRUE(report.empty()) << report.text(count);
    for (const std::string& id : known) {
        EXPECT_TRUE(differing.contains(id)) << id << " makes its round trip now: take it out of DIFFERENCES.md";
    }
}

TEST(ConformanceRecords, EveryGroupIsTested) {
    std::vector<std::string> tested = tested_groups();
    std::ranges::sort(tested);
    EXPECT_EQ(records().groups(), tested);
}

TEST(ConformanceRecords, EveryKeptDifferenceNamesARecordAndAReason) {
    std::set<std::string> ids;
    for (const std::string& group : records().groups()) {
        for (const json& record : records().of_group(group)) {
            ids.insert(record.at("id").get<std::string>());
        }
    }
    std::set<std::pair<std::string, bool>> listed;
    for (const KeptDifference& kept : kept_differences()) {
        EXPECT_TRUE(ids.contains(kept.id)) << kept.id;
        EXPECT_NE(kept.reason, "") << kept.id;
        EXPECT_TRUE(listed.insert({kept.id, kept.is_round_trip}).second) << kept.id << " is listed twice";
    }
}

}  // namespace
}  // namespace framewright::conformance
