// Bindings: looked up rather than tried, in the documented order; number spaces.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {
namespace {

std::unique_ptr<const model::Database> load_with(const std::string& protocols) {
    const std::vector<loader::UserFile> files{{"mine.json", R"({"protocols": [)" + protocols + "]}"}};
    return loader::load_built_in(files);
}

std::string refusal(const std::string& protocols) {
    try {
        load_with(protocols);
        return "";
    } catch (const loader::DefinitionError& error) {
        return error.protocol() + ": " + error.reason();
    }
}

std::string found_in(const model::Database& database, std::string_view first, std::string_view digits) {
    return ids_of(packet::Dissector(database).dissect(*database.find(first), octets(digits)));
}

std::string built(const model::Database& database, std::string_view expression) {
    packet::ExpressionBudget budget;
    const model::Value value = packet::read_expression(expression, database, budget);
    return hex(packet::build(*value.get_if<model::Packet>(), database).bytes);
}

/// The first binding that holds, by trying one after the other.
std::size_t try_bindings(const packet::LayerRules& layer) {
    const std::vector<model::Binding>& bindings = layer.protocol().bindings;
    const auto holds = [&layer](const model::Binding& binding) {
        return std::all_of(binding.conditions.begin(), binding.conditions.end(), [&layer](const auto& condition) {
            return layer.value(condition.first) == condition.second;
        });
    };
    return static_cast<std::size_t>(std::find_if(bindings.begin(), bindings.end(), holds) - bindings.begin());
}

TEST(Bindings, AreFoundAsIfTheyWereTried) {
    std::mt19937 random(1);
    std::size_t found = 0;
    for (const auto& protocol : database().protocols()) {
        // All values that bindings ask for, by field, and one that none asks for.
        std::vector<std::vector<model::Value>> values(protocol->fields.size());
        for (const model::Binding& binding : protocol->bindings) {
            for (const auto& [field, value] : binding.conditions) {
                values[field].push_back(value);
            }
        }
        for (std::size_t attempt = 0; attempt < 20 * (protocol->bindings.size() + 1); ++attempt) {
            model::Layer layer = packet::make_layer(*protocol);
            for (std::size_t field = 0; field < values.size(); ++field) {
                const std::size_t choice = random() % (values[field].size() + 1);
                if (choice < values[field].size()) {
                    layer.fields[field] = {values[field][choice], true};
                }
            }
            const packet::LayerRules view(packet::LayerView{&layer, {}}, {});
            const std::size_t expected = try_bindings(view);
            ASSERT_EQ(packet::find_binding(view), expected) << protocol->id;
            found += expected < protocol->bindings.size() ? 1 : 0;
        }
    }
    EXPECT_GT(found, 1000U);
}

TEST(Bindings, OfOtherFieldsAreTakenInTheirOrder) {
    // RFC 768: source port 7, destination port 9.
    const std::string udp = "0007 0009 0009 0000 01";
    const auto mine = [](const std::string& id, const std::string& fields) {
        return R"({"id": ")" + id + R"(", "fields": [{"id": "x", "type": "ByteField"}],
                   "under": [{"protocol": "UDP", "fields": )" +
               fields + "}]}";
    };
    const std::string by_source = mine("Source", R"({"sport": 7})");
    const std::string by_target = mine("Target", R"({"dport": 9})");
    const std::string by_both = mine("Both", R"({"dport": 9, "sport": 7})");
    const auto found = [&udp](const std::string& protocols) { return found_in(*load_with(protocols), "UDP", udp); };
    EXPECT_EQ(found(by_source + "," + by_target + "," + by_both), "UDP Source");
    EXPECT_EQ(found(by_target + "," + by_source + "," + by_both), "UDP Target");
    EXPECT_EQ(found(by_both + "," + by_source + "," + by_target), "UDP Both");
    EXPECT_EQ(found(mine("Always", "{}") + "," + by_both), "UDP Always");
    EXPECT_EQ(found(mine("Other", R"({"sport": 8})") + "," + by_target), "UDP Target");
}

TEST(Bindings, AskForTextsAndOctetsToo) {
    const auto database = load_with(R"json(
        {"id": "Low", "fields": [{"id": "a", "type": "IPField"}, {"id": "s", "type": "StrFixedLenField", "length": 2},
                                 {"id": "n", "type": "ByteField"}]},
        {"id": "ByAddress", "fields": [{"id": "x", "type": "ByteField"}],
         "under": [{"protocol": "Low", "fields": {"a": "10.0.0.1"}}]},
        {"id": "ByText", "fields": [{"id": "x", "type": "ByteField"}],
         "under": [{"protocol": "Low", "fields": {"s": "ab", "n": 1}}]})json");
    EXPECT_EQ(found_in(*database, "Low", "0a000001 6162 01 00"), "Low ByAddress");
    EXPECT_EQ(found_in(*database, "Low", "0a000002 6162 01 00"), "Low ByText");
    EXPECT_EQ(found_in(*database, "Low", "0a000002 6163 01 00"), "Low Raw");
}

TEST(Bindings, HaveSoManyFieldsAtMost) {
    std::string fields;
    std::string values;
    for (std::size_t index = 0; index <= model::kMaximumConditions; ++index) {
        fields += (index == 0 ? "" : ",") + (R"({"id": "f)" + std::to_string(index) + R"(", "type": "ByteField"})");
        values += (index == 0 ? "" : ",") + ("\"f" + std::to_string(index) + "\": 1");
    }
    EXPECT_EQ(refusal(R"({"id": "A", "fields": [)" + fields +
                      R"(]}, {"id": "B", "under": [{"protocol": "A", "fields": {)" + values + "}}]}"),
              "B: under A: \"fields\" has more than 16 fields");
}

// IEEE 802 numbers: 0x88b5 is for experiments.
TEST(NumberSpaces, BindToAllWhoReadThem) {
    const auto database = load_with(R"json({"id": "Mine", "fields": [{"id": "x", "type": "ByteField", "default": 7}],
        "under": [{"space": "ether_type", "value": "0x88b5"}, {"space": "ip_protocol", "value": 253},
                  {"space": "udp_port", "value": 4993}]})json");
    EXPECT_EQ(built(*database, "Ether()/Mine()").substr(24), "88b507");
    EXPECT_EQ(built(*database, "Dot1Q()/Mine()"), "000188b507");
    EXPECT_EQ(built(*database, "SNAP()/Mine()"), "00000088b507");
    EXPECT_EQ(built(*database, "GRE()/Mine()"), "000088b507");
    EXPECT_EQ(found_in(*database, "SNAP", "00000088b507"), "SNAP Mine");
    EXPECT_EQ(built(*database, "IPv6()/Mine()").substr(12, 2), "fd");
    EXPECT_EQ(built(*database, "IP()/Mine()").substr(18, 2), "fd");
    // Later fragments do not begin with a header (RFC 791).
    EXPECT_EQ(found_in(*database, "IP", "4500 0015 0001 0000 40fd 0000 7f000001 7f000001 07"), "IP Mine");
    EXPECT_EQ(found_in(*database, "IP", "4500 0015 0001 0001 40fd 0000 7f000001 7f000001 07"), "IP Raw");
    // Either port tells; the destination port is set.
    EXPECT_EQ(built(*database, "UDP(sport=9)/Mine()").substr(0, 8), "00091381");
    EXPECT_EQ(found_in(*database, "UDP", "0009 1381 0009 0000 07"), "UDP Mine");
    EXPECT_EQ(found_in(*database, "UDP", "1381 0009 0009 0000 07"), "UDP Mine");
}

TEST(NumberSpaces, MayBeOnesOwn) {
    const auto database = load_with(R"json(
        {"id": "Upper", "fields": [{"id": "x", "type": "ByteField"}],
         "under": [{"space": "kind", "when": "hello"}, {"space": "kind", "set": 3}]},
        {"id": "First", "reads": {"kind": "k"},
         "fields": [{"id": "k", "type": "ByteEnumField", "enumeration": {"2": "hello"}}]},
        {"id": "Second", "reads": {"kind": {"field": ["b", "a"], "with": {"v": 1}}},
         "fields": [{"id": "v", "type": "ByteField"}, {"id": "a", "type": "ByteEnumField", "enumeration": {"2": "hello"}},
                    {"id": "b", "type": "ByteEnumField", "enumeration": {"2": "hello"}}]})json");
    EXPECT_EQ(found_in(*database, "First", "02 00"), "First Upper");
    EXPECT_EQ(found_in(*database, "First", "03 00"), "First Raw");
    EXPECT_EQ(built(*database, "First()/Upper()"), "0300");
    EXPECT_EQ(built(*database, "Second()/Upper()"), "01000300");
    EXPECT_EQ(found_in(*database, "Second", "01 02 00 00"), "Second Upper");
    EXPECT_EQ(found_in(*database, "Second", "00 02 00 00"), "Second Raw");
}

TEST(NumberSpaces, AreRefusedWhereTheyMeanNothing) {
    const auto joining = [](const std::string& members) {
        return refusal(R"({"id": "P", "under": [{)" + members + "}]}");
    };
    EXPECT_EQ(joining(R"("space": "ether_tipe", "value": 1)"),
              "P: under ether_tipe: no protocol reads the number space \"ether_tipe\"; did you mean \"ether_type\"?");
    EXPECT_EQ(joining(R"("space": "ether_type")"),
              "P: under ether_type: needs a \"value\", or \"when\" and \"set\" in place of it");
    EXPECT_EQ(joining(R"("space": "ether_type", "value": 1, "set": 1)"),
              "P: under ether_type: needs a \"value\", or \"when\" and \"set\" in place of it");
    EXPECT_EQ(joining(R"("space": "ether_type", "value": 65536)"),
              "P: under ether_type: CookedLinux: field proto: value 65536: does not fit into 16 bits (0 to 65535)");
    EXPECT_EQ(joining(R"("space": "ether_type", "value": 1, "protocol": "Ether")"),
              "P: under ether_type: unknown key \"protocol\"");
    const auto reading = [](const std::string& reads) {
        return refusal(R"({"id": "P", "fields": [{"id": "n", "type": "ByteField"}, {"id": "s", "type": "StrField"}],
                           "reads": )" +
                       reads + "}");
    };
    EXPECT_EQ(reading(R"({"mine": "n"})"), "");
    EXPECT_EQ(reading(R"({"mine": "m"})"), "P: reads mine: there is no field \"m\"; did you mean \"n\"?");
    EXPECT_EQ(reading(R"({"mine": "s"})"), "P: reads mine: field s is not a number");
    EXPECT_EQ(reading(R"({"mine": []})"), "P: reads mine: names no field");
    EXPECT_EQ(reading(R"({"mine": {"with": {}}})"), "P: reads mine: \"field\" is missing");
    EXPECT_EQ(reading(R"({"mine": {"field": "n", "with": {"n": 256}}})"),
              "P: reads mine: field n: value 256: does not fit into 8 bits (0 to 255)");
}

}  // namespace
}  // namespace framewright::tests
