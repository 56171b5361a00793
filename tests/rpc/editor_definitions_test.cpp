// What get_definitions tells the packet editor of each field: that no right value is refused, and none changed by being
// looked at.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <regex>
#include <set>

#include "tests/rpc/service_under_test.hpp"

namespace framewright::tests {
namespace {

const json& definitions() {
    static const json protocols = result_of("get_definitions", json::array({nullptr})).at("protocols");
    return protocols;
}

/// The definition of one protocol, which need not be in the list of all.
json definition(const std::string& protocol) {
    return result_of("get_definitions", json::array({json::array({protocol})})).at("protocols").at(0);
}

/// The definition of the first field of that name.
json definition(const std::string& protocol, const std::string& field) {
    const json fields = definition(protocol).at("fields");
    for (const json& described : fields) {
        if (described.at("id") == field) {
            return described;
        }
    }
    ADD_FAILURE() << protocol << " has no field " << field;
    return {};
}

/// A text as Java's Integer.valueOf reads it: a sign, decimal digits, 32 bits; else nothing.
std::optional<std::int32_t> java_integer(std::string_view text) {
    if (text.starts_with('+') && text.size() > 1 && text[1] != '-') {
        text.remove_prefix(1);
    }
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// Whether the editor takes a text for a field that it is to check; an empty one counts as 0.
bool takes(const json& field, const std::string& text) {
    if (field.contains("min") && field.contains("max")) {
        const std::optional<std::int32_t> number = text.empty() ? 0 : java_integer(text);
        return number && *number >= field.at("min") && *number <= field.at("max");
    }
    return !field.contains("regex") || std::regex_match(text, std::regex(field.at("regex").get<std::string>()));
}

TEST(Kinds, OnlyThePayloadIsEditedAsOctets) {
    std::set<std::string> with_octets;
    for (const json& protocol : definitions()) {
        for (const json& field : protocol.at("fields")) {
            if (field.value("type", "") == "BYTES") {
                with_octets.insert(protocol.at("id").get<std::string>() + "." + field.at("id").get<std::string>());
            }
        }
    }
    EXPECT_EQ(with_octets, (std::set<std::string>{"Raw.load"}));
}

TEST(Kinds, OctetsAndFieldsOfSeveralFormsHaveNone) {
    using Place = std::pair<const char*, const char*>;
    for (const auto& [protocol, field] :
         {Place{"ARP", "hwsrc"}, Place{"ARP", "psrc"}, Place{"ARP", "hwdst"}, Place{"ARP", "pdst"},
          Place{"DNSRR", "rdata"}, Place{"BOOTP", "chaddr"}, Place{"BOOTP", "sname"}, Place{"BOOTP", "file"},
          Place{"DNSQR", "qname"}, Place{"ICMPv6EchoRequest", "data"}, Place{"ICMPv6NIQueryName", "data"},
          Place{"IPOption", "value"}, Place{"CookedLinux", "src"}}) {
        EXPECT_FALSE(definition(protocol, field).contains("type")) << protocol << " " << field;
    }
}

TEST(Kinds, OfAllOtherFieldsAreNamed) {
    EXPECT_EQ(definition("UDP", "sport").at("type"), "NUMBER");
    EXPECT_EQ(definition("Ether", "type").at("type"), "ENUM");
    EXPECT_EQ(definition("TCP", "flags").at("type"), "BITMASK");
    EXPECT_EQ(definition("TCP", "options").at("type"), "TCP_OPTIONS");
    EXPECT_EQ(definition("IP", "options").at("type"), "IP_OPTIONS");
    EXPECT_EQ(definition("IPv6", "src").at("type"), "STRING");
    EXPECT_EQ(definition("STP", "rootmac").at("type"), "MAC_ADDRESS");
    EXPECT_EQ(definition("IGMP", "gaddr").at("type"), "IP_ADDRESS");
    EXPECT_EQ(definition("DHCP", "options").at("type"), "EXPRESSION");
    EXPECT_EQ(definition("DNS", "qd").at("type"), "EXPRESSION");
}

TEST(Ranges, TakeWhateverTheirFieldsShow) {
    std::size_t ranges = 0;
    for (const json& protocol : definitions()) {
        const std::string id = protocol.at("id");
        const json shown = build(model({layer(id)}));
        for (const json& field : protocol.at("fields")) {
            const std::string name = id + "." + field.at("id").get<std::string>();
            for (const json& value : shown.at("data").at(0).at("fields")) {
                if (value.at("id") == field.at("id")) {
                    EXPECT_TRUE(takes(field, value.at("hvalue"))) << name << " shows " << value.at("hvalue");
                }
            }
            if (!field.contains("min") || !field.contains("max")) {
                continue;
            }
            ++ranges;
            EXPECT_TRUE(takes(field, "")) << name << ": an empty text resets a field";
            EXPECT_EQ(field.at("type"), "NUMBER") << name;
            for (const char* const bound : {"min", "max"}) {
                const std::string text = field.at(bound).dump();
                EXPECT_EQ(java_integer(text), field.at(bound).get<std::int64_t>()) << name;
                const json with = build(model({layer(id, field.at("id"), text)}));
                EXPECT_EQ(field_of(with, 0, field.at("id")).at("hvalue"), text) << name;
            }
            // They are the true ones: beyond them is nothing.
            for (const std::int64_t beyond :
                 {field.at("min").get<std::int64_t>() - 1, field.at("max").get<std::int64_t>() + 1}) {
                EXPECT_TRUE(call("build_pkt", json::array({model({layer(id, field.at("id"), std::to_string(beyond))})}))
                                .contains("error"))
                    << name << " " << beyond;
            }
        }
    }
    EXPECT_GT(ranges, 300U);
}

TEST(Ranges, AreOfPlainDecimalNumbersAlone) {
    const auto range = [](const char* protocol, const char* field) {
        const json described = definition(protocol, field);
        return std::pair(described.value("min", json()), described.value("max", json()));
    };
    EXPECT_EQ(range("UDP", "dport"), std::pair(json(0), json(65535)));
    EXPECT_EQ(range("TCP", "window"), std::pair(json(0), json(65535)));
    EXPECT_EQ(range("IP", "ttl"), std::pair(json(0), json(255)));
    EXPECT_EQ(range("IP", "frag"), std::pair(json(0), json(8191)));
    EXPECT_EQ(range("Dot1Q", "vlan"), std::pair(json(0), json(4095)));
    using Place = std::pair<const char*, const char*>;
    // Flags; hexadecimal; names, also those that depend on another field; a unit; computed; left open; 32 bits; two
    // fields of one id.
    for (const auto& [protocol, field] :
         {Place{"IP", "flags"}, Place{"IP", "tos"}, Place{"ARP", "hwtype"}, Place{"IP", "proto"}, Place{"ICMP", "code"},
          Place{"MIP6MH_BU", "mhtime"}, Place{"UDP", "len"}, Place{"DNS", "length"}, Place{"GRE", "key"},
          Place{"GRE_PPTP", "call_id"}, Place{"TCP", "seq"}, Place{"ICMP", "unused"}}) {
        EXPECT_EQ(range(protocol, field), std::pair(json(), json())) << protocol << " " << field;
    }
}

TEST(Bits, HaveARowWhereTheyHaveAName) {
    const auto rows = [](const char* protocol, const char* field) {
        std::map<std::string, std::int64_t> masks;
        const json bits = definition(protocol, field).at("bits");
        for (const json& row : bits) {
            masks.emplace(row.at("name"), row.at("mask"));
        }
        return masks;
    };
    using Rows = std::map<std::string, std::int64_t>;
    // RFC 2131 section 2: one flag, and fifteen bits that must be zero.
    EXPECT_EQ(rows("BOOTP", "flags"), (Rows{{"B", 1 << 15}}));
    // draft-smith-vxlan-group-policy: D and A, the others are reserved.
    EXPECT_EQ(rows("VXLAN", "gpflags"), (Rows{{"A", 8}, {"D", 64}}));
    EXPECT_EQ(rows("TCP", "flags").at("SYN"), 2);
    EXPECT_EQ(rows("TCP", "flags").size(), 9U);
    for (const json& protocol : definitions()) {
        for (const json& field : protocol.at("fields")) {
            std::set<std::string> names;
            for (const json& row : field.value("bits", json::array())) {
                const std::string name = row.at("name");
                EXPECT_TRUE(names.insert(name).second) << protocol.at("id") << " " << field.at("id") << " " << name;
                EXPECT_TRUE(std::any_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0; }))
                    << protocol.at("id") << " " << field.at("id") << " " << name;
            }
            EXPECT_EQ(field.value("type", "") == "BITMASK", !names.empty()) << protocol.at("id") << field.at("id");
        }
    }
}

}  // namespace
}  // namespace framewright::tests
