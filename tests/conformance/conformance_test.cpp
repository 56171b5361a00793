// Replays recorded calls of the public reference server in process, and compares the answers; see DIFFERENCES.md.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <future>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "protocol_db/loader/loader.hpp"
#include "rpc/service.hpp"
#include "tests/conformance/comparison.hpp"
#include "tests/conformance/exact_json.hpp"
#include "tests/conformance/records.hpp"

namespace framewright::conformance {
namespace {

using nlohmann::json;

/// In place of a family: the records of protocols that are not built in.
constexpr std::string_view kNotBuiltIn = "not built in";

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

const model::Database& database() {
    static const auto loaded = loader::load_built_in();
    return *loaded;
}

const DifferencesPage& page() {
    static const DifferencesPage page = differences_page();
    return page;
}

/// A server in this process, with the version handler that it gave.
class Server {
public:
    std::string reply(std::string_view request) const { return service_.handle(request); }

    /// The reply to a call, its handler put first. The parameters are the text of a JSON array.
    std::string call(const std::string& method, const std::string& params) const {
        const std::string rest = params == "[]" ? "]" : "," + params.substr(1);
        return request(method, "[" + handler_ + rest);
    }

    static const Server& instance() {
        static const Server server;
        return server;
    }

private:
    Server() {
        const std::string version = result("get_version", json::array()).at("version");
        const std::size_t dot = version.find('.');
        handler_ = dump_exact(result("get_version_handler", {version.substr(0, dot), version.substr(dot + 1)}));
    }

    std::string request(const std::string& method, const std::string& params) const {
        return reply(R"({"jsonrpc":"2.0","id":"1","method":")" + method + R"(","params":)" + params + "}");
    }

    json result(const std::string& method, const json& params) const {
        return parse_exact(request(method, dump_exact(params))).at("result");
    }

    rpc::Service service_{rpc::ServiceOptions{}};
    std::string handler_;
};

std::string shortened(const std::string& text, std::size_t characters) {
    return text.size() <= characters ? text : text.substr(0, characters) + " ...";
}

std::string described(const json& record, const Differences& differences) {
    std::ostringstream text;
    const std::string request = record.contains("raw")
                                    ? record.at("raw").get<std::string>()
                                    : record.at("method").get<std::string>() + ' ' + dump_exact(record.at("params"));
    text << "--- " << record.at("id").get<std::string>() << ": " << shortened(request, kShownRequestCharacters) << '\n';
    for (std::size_t i = 0; i < std::min(differences.size(), kShownDifferences); ++i) {
        text << "    " << differences[i].path << ": want " << shortened(differences[i].want, kShownValueCharacters)
             << ", got " << shortened(differences[i].got, kShownValueCharacters) << '\n';
    }
    return text.str();
}

/// What became of a record.
struct Replayed {
    std::string id;
    bool is_built_in = true;                 ///< Whether all protocols that it names are.
    std::string answer_differs;              ///< How, for a person; empty where it does not.
    std::string round_trip_differs;          ///< The same of the round trip of what the answer printed.
    std::set<std::string> definition_files;  ///< Those of the protocols that it names, where it differs.
};

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

/// The JSON text of a packet result's bytes, or of the whole reply when it is none.
std::string built_bytes(const std::string& reply) {
    constexpr std::string_view kName = "\"binary\":";  // within a text, the quotes would be escaped
    const std::size_t name = reply.find(kName);
    if (name == std::string::npos) {
        return reply;
    }
    const std::size_t begin = name + kName.size();
    return reply.substr(begin, reply.find_first_of(",}", begin) - begin);
}

/// Where the values that an answer printed, sent back, do not build its bytes again.
Differences round_trip(const json& record, const json& answer) {
    if (!answer.contains("result")) {
        return {};  // whether there must be a result is said elsewhere
    }
    const json& result = answer.at("result");
    const json packets = record.at("method") == "read_pcap" ? result : json::array({result});
    for (const bool as_text : {false, true}) {
        for (const json& packet : requires_round_trip(record, as_text) ? packets : json::array()) {
            const json model = model_of(packet, as_text);
            if (model.empty()) {
                continue;
            }
            const std::string text = dump_exact(model);
            const std::string built = built_bytes(Server::instance().call("build_pkt", "[" + text + "]"));
            if (built != dump_exact(packet.at("binary"))) {
                return {{"round trip of " + shortened(text, kShownRequestCharacters), dump_exact(packet.at("binary")),
                         built}};
            }
        }
    }
    return {};
}

void replay(const json& record, Replayed& replayed) {
    static const std::set<std::string> known = recorded_protocols();
    const Server& server = Server::instance();
    Differences answer_differs;
    Differences round_trip_differs;
    try {
        if (record.contains("raw")) {
            answer_differs = raw_differences(record, server.reply(raw_request(record)));
        } else {
            const json answer = parse_exact(server.call(record.at("method"), dump_exact(record.at("params"))));
            answer_differs = differences(record, answer, known);
            round_trip_differs = has_packets(record) ? round_trip(record, answer) : Differences{};
        }
    } catch (const std::exception& error) {
        answer_differs = {{"reply", "an answer", error.what()}};
    }
    replayed.answer_differs = answer_differs.empty() ? "" : described(record, answer_differs);
    replayed.round_trip_differs = round_trip_differs.empty() ? "" : described(record, round_trip_differs);
}

Replayed replay(const std::string& line) {
    const json record = parse_record(line);
    Replayed replayed;
    replayed.id = record.at("id");
    std::set<std::string> files;
    for (const std::string& id : protocols_of(record)) {
        const model::Protocol* const protocol = database().find(id);
        replayed.is_built_in = replayed.is_built_in && (protocol != nullptr || record.contains("raw"));
        files.insert(protocol != nullptr ? protocol->file : "");
    }
    if (replayed.is_built_in) {
        replay(record, replayed);
    }
    if (!replayed.answer_differs.empty() || !replayed.round_trip_differs.empty()) {
        replayed.definition_files = std::move(files);
    }
    return replayed;
}

/// A group of records, in their order, replayed by as many threads as the machine has.
const std::vector<Replayed>& replayed(const std::string& group) {
    static std::map<std::string, std::vector<Replayed>> groups;
    std::vector<Replayed>& all = groups[group];
    if (all.empty()) {
        const std::vector<std::string>& lines = records().lines_of_group(group);
        all.resize(lines.size());
        std::atomic<std::size_t> next = 0;
        const auto work = [&lines, &all, &next] {
            for (std::size_t i = next++; i < lines.size(); i = next++) {
                all[i] = replay(lines[i]);
            }
        };
        std::vector<std::future<void>> threads;
        for (unsigned thread = 0; thread < std::max(1U, std::thread::hardware_concurrency()); ++thread) {
            threads.push_back(std::async(std::launch::async, work));
        }
        for (std::future<void>& thread : threads) {
            thread.get();
        }
    }
    return all;
}

const std::string& difference(const Replayed& replayed, bool is_round_trip) {
    return is_round_trip ? replayed.round_trip_differs : replayed.answer_differs;
}

/// Whether the page lists this difference of the record.
bool is_listed(const Replayed& replayed, const KeptDifference& listed, bool is_round_trip) {
    return listed.is_round_trip == is_round_trip &&
           (names(listed.pattern, replayed.id) || replayed.definition_files.contains(listed.pattern));
}

/// Fails for the records of the group that differ and that the page does not list.
void expect_listed(const std::string& group, bool is_round_trip) {
    std::size_t count = 0;
    std::string first;
    std::map<std::string, std::size_t> files;
    for (const Replayed& record : replayed(group)) {
        const auto lists = [&](const KeptDifference& listed) { return is_listed(record, listed, is_round_trip); };
        if (difference(record, is_round_trip).empty() || std::ranges::any_of(page().kept, lists) ||
            std::ranges::any_of(page().not_yet_agreed, lists)) {
            continue;
        }
        first += ++count <= kShownRecords ? difference(record, is_round_trip) : "";
        for (const std::string& file : record.definition_files) {
            ++files[file];
        }
    }
    std::string table;
    for (const auto& [file, records] : files) {
        table += "    " + file + " (" + std::to_string(records) + ")\n";
    }
    EXPECT_EQ(count, 0U) << "so many of " << replayed(group).size() << " records differ; the first ones:\n"
                         << first << "By the files that define their protocols:\n"
                         << table;
}

class Conformance : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Group, Conformance, ::testing::ValuesIn(tested_groups()),
                         [](const auto& group) { return group.param; });

TEST_P(Conformance, AnswersAsRecorded) {
    expect_listed(GetParam(), false);
}

TEST_P(Conformance, BuildsTheSameBytesFromPrintedValuesAndShownTexts) {
    expect_listed(GetParam(), true);
}

TEST(DifferencesPage, HasAPatternForEachRecordThatDiffersAndItsCount) {
    for (const bool is_round_trip : {false, true}) {
        std::map<std::string, std::size_t> differing;
        std::map<std::string, std::size_t> not_built_in;
        for (const std::string& group : tested_groups()) {
            for (const Replayed& record : replayed(group)) {
                const KeptDifference* first = nullptr;
                for (const KeptDifference& kept : page().kept) {
                    if (!is_listed(record, kept, is_round_trip)) {
                        continue;
                    }
                    not_built_in[kept.pattern] += record.is_built_in ? 0 : 1;
                    if (!difference(record, is_round_trip).empty()) {
                        EXPECT_EQ(first, nullptr) << record.id << " has two patterns: " << kept.pattern << " as well";
                        first = &kept;
                        ++differing[kept.pattern];
                    }
                }
            }
        }
        for (const KeptDifference& kept : page().kept) {
            if (kept.is_round_trip == is_round_trip) {
                const std::string named = kept.pattern + (is_round_trip ? " in its round trip" : "");
                EXPECT_LE(differing[kept.pattern], kept.count) << named;
                EXPECT_GE(differing[kept.pattern] + not_built_in[kept.pattern], kept.count) << named;
            }
        }
    }
}

TEST(DifferencesPage, HasAReasonForEachPattern) {
    for (const KeptDifference& kept : page().kept) {
        EXPECT_NE(kept.reason, "") << kept.pattern;
    }
}

/// How many records of a family that is not yet agreed differ, each counted for the first such family that it names.
TEST(DifferencesPage, AgreesMoreAndMore) {
    std::size_t missing = 0;
    std::map<const KeptDifference*, std::size_t> counts;
    for (const std::string& group : tested_groups()) {
        for (const Replayed& record : replayed(group)) {
            missing += record.is_built_in ? 0 : 1;
            for (const bool is_round_trip : {false, true}) {
                const auto lists = [&](const KeptDifference& one) { return is_listed(record, one, is_round_trip); };
                const auto family = std::ranges::find_if(page().not_yet_agreed, lists);
                if (!difference(record, is_round_trip).empty() && family != page().not_yet_agreed.end() &&
                    std::ranges::none_of(page().kept, lists)) {
                    ++counts[&*family];
                }
            }
        }
    }
    for (const KeptDifference& family : page().not_yet_agreed) {
        const std::size_t count = family.pattern == kNotBuiltIn ? missing : counts[&family];
        EXPECT_LE(count, family.count) << "records of " << family.pattern
                                       << (family.is_round_trip ? " in their round trip" : "");
        RecordProperty(family.pattern + (family.is_round_trip ? " round trips" : ""), std::to_string(count));
    }
}

TEST(ConformanceRecords, EveryGroupIsTested) {
    std::vector<std::string> tested = tested_groups();
    std::ranges::sort(tested);
    EXPECT_EQ(records().groups(), tested);
}

}  // namespace
}  // namespace framewright::conformance
