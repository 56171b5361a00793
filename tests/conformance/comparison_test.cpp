#include "tests/conformance/comparison.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/conformance/exact_json.hpp"
#include "tests/conformance/records.hpp"

namespace framewright::conformance {
namespace {

using nlohmann::json;

json record() {
    return json::parse(R"({"method": "build_pkt", "geometry": [[["ver", 0, 4], ["len", 8, 16], ["opt", null, null]]],
        "result": {"binary": "AAAA", "data": [{
            "id": "P", "offset": 0, "real_id": "P", "valid_structure": true,
            "fields": [
                {"id": "ver", "value": 4, "hvalue": 4, "offset": 9, "length": 0},
                {"id": "len", "value": 7, "hvalue": "7", "offset": 9, "length": 9},
                {"id": "opt", "value": 1, "hvalue": null, "offset": 9, "length": 9, "ignored": true}]}]}})");
}

/// The answer that agrees with the record in all that is compared.
json answer() {
    json answer = record();
    json& fields = answer["result"]["data"][0]["fields"];
    fields[0].update({{"hvalue", "4"}, {"offset", 0}, {"length", 0}, {"mask", 0xf0}});
    fields[1].update({{"offset", 1}, {"length", 2}});
    fields[2].update({{"value", nullptr}, {"hvalue", ""}});
    return answer;
}

/// The paths of the differences after the answer's leaf has been given another value.
std::vector<std::string> paths_with(const std::string& pointer, const json& value, const json& wanted = record()) {
    json changed = answer();
    changed[json::json_pointer(pointer)] = value;
    std::vector<std::string> paths;
    for (const Difference& difference : differences(wanted, changed)) {
        paths.push_back(difference.path);
    }
    return paths;
}

using Paths = std::vector<std::string>;

TEST(Comparison, AgreesWithWhatIsRequired) {
    EXPECT_EQ(paths_with("/result/data/0/name", "another title"), Paths{});
    EXPECT_EQ(paths_with("/result/data/0/fields/0/mask", "0xF0"), Paths{});
    EXPECT_EQ(paths_with("/result/data/0/fields/2/offset", 77), Paths{});
}

TEST(Comparison, FindsEveryLeafThatDiffers) {
    EXPECT_EQ(paths_with("/result/binary", "AAAB"), Paths{"binary"});
    EXPECT_EQ(paths_with("/result/data/0/id", "Q"), Paths{"layers"});
    EXPECT_EQ(paths_with("/result/data/0/offset", 1), Paths{"data/0/offset"});
    EXPECT_EQ(paths_with("/result/data/0/real_id", nullptr), Paths{"data/0/real_id"});
    EXPECT_EQ(paths_with("/result/data/0/valid_structure", false), Paths{"data/0/valid_structure"});
    EXPECT_EQ(paths_with("/result/data/0/fields/1/id", "x"), Paths{"data/0/fields"});
    EXPECT_EQ(paths_with("/result/data/0/fields/1/value", "7"), Paths{"data/0/fields/1/value"});
    EXPECT_EQ(paths_with("/result/data/0/fields/1/hvalue", 7), Paths{"data/0/fields/1/hvalue"});
    EXPECT_EQ(paths_with("/result/data/0/fields/1/ignored", true), Paths{"data/0/fields/1/ignored"});
    EXPECT_EQ(paths_with("/result/data/0/fields/1/offset", 2), Paths{"data/0/fields/1/offset"});
    EXPECT_EQ(paths_with("/result/data/0/fields/1/length", 0), Paths{"data/0/fields/1/length"});
    EXPECT_EQ(paths_with("/result/data/0/fields/0/mask", 0x0f), Paths{"data/0/fields/0/mask"});
    EXPECT_EQ(paths_with("/result/data/0/fields/0/mask", nullptr), Paths{"data/0/fields/0/mask"});
    EXPECT_EQ(paths_with("/result/data/0/fields", json::array()), Paths{"data/0/fields"});
    EXPECT_EQ(paths_with("/result/data", json::array()), Paths{"layers"});
    EXPECT_EQ(paths_with("/result", json::object()), Paths{"packet"});
    EXPECT_EQ(paths_with("/result/data/0/fields", 5), (Paths{"data/0/fields", "shape"}));
}

TEST(Comparison, LeavesVolatileLeavesOut) {
    json wanted = record();
    wanted["volatile"] = {"data/0/fields/1/value"};
    EXPECT_EQ(paths_with("/result/data/0/fields/1/value", 99, wanted), Paths{});
    wanted["volatile"] = {"binary"};
    EXPECT_EQ(paths_with("/result/binary", "AAAB", wanted), Paths{});
    EXPECT_EQ(paths_with("/result/data/0/fields/1/offset", 99, wanted), Paths{});
    EXPECT_EQ(paths_with("/result/data/0/fields/1/value", 99, wanted), Paths{"data/0/fields/1/value"});
}

TEST(Comparison, LeavesVolatileMembersOfAValueOut) {
    const json octets{{"vtype", "BYTES"}, {"base64", "AAAA"}};
    json wanted = record();
    wanted["result"]["data"][0]["fields"][1].update({{"value", octets}, {"hvalue", "<binary>"}});
    wanted["volatile"] = {"data/0/fields/1/value/base64"};
    json changed = answer();
    json& field = changed["result"]["data"][0]["fields"][1];
    field.update({{"value", {{"vtype", "BYTES"}, {"base64", "BBBB"}}}, {"hvalue", "abc"}});
    EXPECT_EQ(differences(wanted, changed).size(), 0U);
    field["value"]["vtype"] = "EXPRESSION";
    EXPECT_EQ(differences(wanted, changed).at(0).path, "data/0/fields/1/value/vtype");
    field["value"] = "BBBB";
    EXPECT_EQ(differences(wanted, changed).at(0).path, "data/0/fields/1/value");
}

TEST(Comparison, CountsPayloadsThatTheRecordingServerKnows) {
    const json wanted{{"method", "get_payload_classes"}, {"result", {"IP", "ARP"}}};
    EXPECT_EQ(differences(wanted, {{"result", {"ARP", "IP", "New"}}}, {"IP", "ARP", "TCP"}).size(), 0U);
    EXPECT_EQ(differences(wanted, {{"result", {"ARP", "IP", "TCP"}}}, {"IP", "ARP", "TCP"}).size(), 1U);
    EXPECT_EQ(differences(wanted, {{"result", {"ARP"}}}, {"IP", "ARP", "TCP"}).size(), 1U);
}

TEST(Comparison, IsContentWithAProgramThatIsRefusedWhereItMayBe) {
    json wanted{
        {"method", "build_pkt_ex"},
        {"result",
         {{"binary", ""}, {"data", json::array()}, {"field_engine", {{"error", nullptr}, {"instructions", {}}}}}}};
    json refused = wanted;
    refused["result"]["field_engine"]["error"] = "not within the packet";
    EXPECT_EQ(differences(wanted, refused).size(), 1U);
    wanted["may_fail"] = true;
    EXPECT_EQ(differences(wanted, refused).size(), 0U);
    wanted.erase("may_fail");
    wanted["volatile"] = {"field_engine"};
    EXPECT_EQ(differences(wanted, refused).size(), 0U);
}

TEST(Comparison, KnowsWhichFormsMakeNoRoundTrip) {
    EXPECT_TRUE(requires_round_trip(record(), true));
    const json marked{{"no_round_trip", {"text"}}};
    EXPECT_TRUE(requires_round_trip(marked, false));
    EXPECT_FALSE(requires_round_trip(marked, true));
    EXPECT_FALSE(requires_round_trip({{"no_round_trip", {"value", "text"}}}, false));
}

TEST(Comparison, RequiresErrorsWhereTheRecordDoes) {
    const json failed{{"error", {{"code", -32098}}}};
    const json must_fail{{"method", "build_pkt"}, {"must_fail", true}};
    EXPECT_EQ(differences(must_fail, failed).size(), 0U);
    EXPECT_EQ(differences(must_fail, answer()).size(), 1U);
    EXPECT_EQ(differences({{"method", "build_pkt"}}, answer()).size(), 0U);
    EXPECT_EQ(differences(record(), failed).size(), 1U);
    json may_fail = record();
    may_fail["may_fail"] = true;
    EXPECT_EQ(differences(may_fail, failed).size(), 0U);
}

TEST(Comparison, RequiresTheErrorOfAProgramWhereTheRecordDoes) {
    const auto with_error = [](const json& error) {
        return json{
            {"binary", ""}, {"data", json::array()}, {"field_engine", {{"error", error}, {"instructions", {}}}}};
    };
    json wanted{{"method", "build_pkt_ex"}, {"result", with_error(nullptr)}};
    const json refused{{"result", with_error("no such field")}};
    EXPECT_EQ(differences(wanted, refused).size(), 1U);
    wanted["may_fail"] = true;
    EXPECT_EQ(differences(wanted, refused).size(), 0U);
    EXPECT_EQ(differences({{"method", "build_pkt_ex"}, {"result", with_error("no such field")}},
                          {{"result", with_error(nullptr)}})
                  .size(),
              1U);
    wanted = {{"method", "build_pkt_ex"}, {"result", with_error("x")}, {"volatile", {"field_engine"}}};
    EXPECT_EQ(differences(wanted, {{"result", with_error(nullptr)}}).size(), 0U);
}

TEST(Comparison, ComparesRawReplies) {
    const json code{{"expect", {{"code", -32600}, {"id", 3}}}};
    EXPECT_EQ(raw_differences(code, R"({"id": 3, "error": {"code": -32600}})").size(), 0U);
    EXPECT_EQ(raw_differences(code, R"({"id": 4, "error": {"code": -32600}})").size(), 1U);
    EXPECT_EQ(raw_differences(code, R"({"error": {"code": -32700}})").size(), 2U);
    EXPECT_EQ(raw_differences(code, "{").size(), 1U);
    EXPECT_EQ(raw_differences(code, "").size(), 1U);
    const json result{{"expect", {{"id", nullptr}}}};
    EXPECT_EQ(raw_differences(result, R"({"id": null, "result": 1})").size(), 0U);
    EXPECT_EQ(raw_differences(result, R"({"result": 1})").size(), 1U);
    const json nothing{{"expect", nullptr}};
    EXPECT_EQ(raw_differences(nothing, "").size(), 0U);
    EXPECT_EQ(raw_differences(nothing, "{}").size(), 1U);
}

TEST(ExactJson, KeepsEveryDigit) {
    const std::string text =
        R"({"a":[9673489837707297075440378716,-1000000000000000000000,18446744073709551615,7,1.5],)"
        R"("b":"1000000000000000000000000 \"2000000000000000000000000\""})";
    const json value = parse_exact(text);
    EXPECT_EQ(dump_exact(value), text);
    EXPECT_EQ(python_text(value["a"][0]), "9673489837707297075440378716");
    EXPECT_NE(value["a"][0], parse_exact("9673489837707297075440378717"));
    for (std::size_t blanks = 0; blanks < 20; ++blanks) {
        const std::string digits = "1234567890123456789012";
        EXPECT_EQ(dump_exact(parse_exact("[" + std::string(blanks, ' ') + digits + "]")), "[" + digits + "]") << blanks;
    }
    EXPECT_TRUE(parse_exact("{").is_discarded());
    EXPECT_TRUE(parse_exact("\"\\").is_discarded());
}

TEST(ExactJson, ReadsMasksAsNumbersOrTexts) {
    EXPECT_EQ(to_wide(240), Wide{240});
    EXPECT_EQ(to_wide("0xF0"), Wide{240});
    EXPECT_EQ(to_wide(parse_exact("79228162514264337593543950335")), (Wide{1} << 96) - 1);
    EXPECT_EQ(to_wide(nullptr), std::nullopt);
    EXPECT_EQ(to_wide("0x"), std::nullopt);
    EXPECT_EQ(to_wide("f0"), std::nullopt);
    EXPECT_EQ(to_wide(-1), std::nullopt);
    EXPECT_EQ(to_wide("0x" + std::string(33, 'f')), std::nullopt);
}

TEST(DifferencesPage, ListsPatternsAndCounts) {
    const DifferencesPage page = parse_differences_page(
        "# Title\n\nProse with `ticks`.\n\n## Answers\n\n### One\n\nA reason\nin two lines.\n\n"
        "- `field/A/*` (12) `field/B/c/1`\n- `x`\n\n## Round trips\n\n### Two\n\nAnother.\n\n- `x`\n\n"
        "## Not yet agreed\n\n### Answers\n\n- `a.json` (3)\n\n### Round trips\n\n- `a.json` (2)\n");
    ASSERT_EQ(page.kept.size(), 4U);
    EXPECT_EQ(page.kept[0].pattern, "field/A/*");
    EXPECT_EQ(page.kept[0].count, 12U);
    EXPECT_EQ(page.kept[0].reason, "A reasonin two lines.");
    EXPECT_FALSE(page.kept[0].is_round_trip);
    EXPECT_EQ(page.kept[1].pattern, "field/B/c/1");
    EXPECT_EQ(page.kept[1].count, 1U);
    EXPECT_EQ(page.kept[2].pattern, "x");
    EXPECT_EQ(page.kept[3].pattern, "x");
    EXPECT_EQ(page.kept[3].reason, "Another.");
    EXPECT_TRUE(page.kept[3].is_round_trip);
    ASSERT_EQ(page.not_yet_agreed.size(), 2U);
    EXPECT_EQ(page.not_yet_agreed[0].count, 3U);
    EXPECT_FALSE(page.not_yet_agreed[0].is_round_trip);
    EXPECT_EQ(page.not_yet_agreed[1].pattern, "a.json");
    EXPECT_TRUE(page.not_yet_agreed[1].is_round_trip);
    EXPECT_THROW(parse_differences_page("- `x"), std::runtime_error);
}

TEST(DifferencesPage, NamesRecordsByPatterns) {
    EXPECT_TRUE(names("field/A/b/0", "field/A/b/0"));
    EXPECT_FALSE(names("field/A/b/0", "field/A/b/01"));
    EXPECT_TRUE(names("field/*/b/*", "field/A/b/0"));
    EXPECT_TRUE(names("*", ""));
    EXPECT_FALSE(names("field/*/b/*", "field/A/c/0"));
    EXPECT_FALSE(names("a*a", "a"));
    EXPECT_TRUE(names("a*a", "aa"));
}

TEST(Records, NameProtocols) {
    EXPECT_EQ(protocols_of(json::parse(R"({"method": "build_pkt", "params": [[{"id": "A"}]],
                  "result": {"data": [{"id": "A", "real_id": "B"}, {"id": "C", "real_id": null}]}})")),
              (std::set<std::string>{"A", "B", "C"}));
    EXPECT_EQ(protocols_of(
                  json::parse(R"({"method": "get_payload_classes", "params": [[{"id": "A"}]], "result": ["B", "C"]})")),
              (std::set<std::string>{"A", "B", "C"}));
    EXPECT_EQ(protocols_of(json::parse(R"({"method": "get_definitions", "params": [["A"]], "result": {}})")),
              (std::set<std::string>{"A"}));
    EXPECT_EQ(protocols_of(json::parse(R"({"method": "reconstruct_pkt", "params": ["AAAA", null], "error": {}})")),
              (std::set<std::string>{}));
}

TEST(Records, GiveRawRequestsAsBytes) {
    EXPECT_EQ(raw_request({{"raw", "a\xee\x83\xbf\xc3\xa9"}}), "a\xff\xc3\xa9");
}

}  // namespace
}  // namespace framewright::conformance
