#include <gtest/gtest.h>

#include <random>

#include "protocol_db/field_engine/instruction_definitions.hpp"
#include "protocol_db/field_engine/written_field.hpp"
#include "tests/unit/field_engine_helpers.hpp"

namespace framewright::tests {
namespace {

using nlohmann::json;

constexpr const char* kUdp = "Ether()/IP(src='16.0.0.1', dst='48.0.0.1')/UDP()/Raw(load='xxxxxxxxxxxxxxxxxxxx')";

json flow(json parameters) {
    parameters.emplace("name", "v");
    return instruction("STLVmFlowVar", parameters);
}
json write(json parameters) {
    parameters.emplace("fv_name", "v");
    return instruction("STLVmWrFlowVar", parameters);
}
json masked(json parameters) {
    parameters.emplace("fv_name", "v");
    return instruction("STLVmWrMaskFlowVar", parameters);
}

/// Where a write at this place goes.
json offset_of(const LaidOutPacket& packet, const json& place) {
    return compiled(packet, {flow({{"size", 1}}), write({{"pkt_offset", place}})}).at(1).at("pkt_offset");
}

// Offsets are those of the headers' RFCs: 14 bytes of Ethernet, 20 of IPv4, 8 of UDP and VXLAN, 4 of a VLAN tag.
TEST(FieldEnginePlaces, AreFieldsAndNumbers) {
    const LaidOutPacket udp(kUdp);
    EXPECT_EQ(offset_of(udp, "IP.src"), 26);
    EXPECT_EQ(offset_of(udp, "UDP.dport"), 36);
    EXPECT_EQ(offset_of(udp, "Ethernet.src"), 6);  // by its name
    EXPECT_EQ(offset_of(udp, 26), 26);
    EXPECT_EQ(offset_of(udp, "26"), 26);
    EXPECT_EQ(offset_of(udp, "0x1a"), 26);
    EXPECT_EQ(offset_of(udp, "IP.ihl"), 14);
    const LaidOutPacket tunnel("Ether()/IP()/UDP()/VXLAN(vni=5)/Ether()/IP()/TCP()");
    EXPECT_EQ(offset_of(tunnel, "IP:1.src"), 14 + 20 + 8 + 8 + 14 + 12);
    EXPECT_EQ(offset_of(tunnel, "IP:0.src"), 26);
    EXPECT_EQ(offset_of(tunnel, "Ether:1.dst"), 50);
    const LaidOutPacket tagged("Ether()/Dot1Q()/IP()");
    EXPECT_EQ(offset_of(tagged, "Dot1Q.type"), 16);
    EXPECT_EQ(offset_of(tagged, "802|1Q.type"), 16);
    EXPECT_EQ(offset_of(tagged, "IP.ttl"), 26);
    const LaidOutPacket options(
        "Ether()/IP(options=[IPOption_NOP(), IPOption_NOP(), IPOption_NOP(), IPOption_EOL()])/UDP()");
    EXPECT_EQ(offset_of(options, "UDP.sport"), 14 + 24);
    const LaidOutPacket echo("Ether()/IPv6()/ICMPv6EchoRequest()");
    EXPECT_EQ(offset_of(echo, "ICMPv6 Echo Request.id"), 58);
    EXPECT_EQ(offset_of(echo, "ICMPv6EchoRequest.seq"), 60);
}

TEST(FieldEnginePlaces, AreMovedByTheFixup) {
    const LaidOutPacket udp(kUdp);
    const auto fixed = [&udp](const json& fixup) {
        return compiled(udp, {flow({{"size", 1}}), write({{"pkt_offset", "IP.src"}, {"offset_fixup", fixup}})})
            .at(1)
            .at("pkt_offset");
    };
    EXPECT_EQ(fixed("2"), 28);
    EXPECT_EQ(fixed(-2), 24);
    EXPECT_NE(refusal(udp, {flow({}), write({{"pkt_offset", "IP.src"}, {"offset_fixup", "-27"}})}).find("offset_fixup"),
              std::string::npos);
}

// The bits of a field as RFC 791, IEEE 802.1Q and RFC 8200 draw them.
TEST(FieldEngineMasks, FollowFromTheFieldWhereTheyAreLeftOut) {
    const auto of = [](const char* packet, json parameters) {
        return compiled(LaidOutPacket(packet), {flow({}), masked(std::move(parameters))}).at(1);
    };
    const auto expect = [](const json& written, int offset, int size, std::uint64_t mask, int shift) {
        EXPECT_EQ(written.at("pkt_offset"), offset) << written;
        EXPECT_EQ(written.at("pkt_cast_size"), size) << written;
        EXPECT_EQ(written.at("mask"), mask) << written;
        EXPECT_EQ(written.at("shift"), shift) << written;
    };
    expect(of("Ether()/Dot1Q()/IP()", {{"pkt_offset", "Dot1Q.vlan"}}), 14, 2, 0x0fff, 0);
    expect(of("Ether()/Dot1Q()/IP()", {{"pkt_offset", "Dot1Q.prio"}}), 14, 1, 0xe0, 5);
    expect(of("Ether()/IP()", {{"pkt_offset", "IP.version"}}), 14, 1, 0xf0, 4);
    expect(of("Ether()/IP()", {{"pkt_offset", "IP.frag"}}), 20, 2, 0x1fff, 0);
    expect(of("Ether()/IPv6()", {{"pkt_offset", "IPv6.tc"}}), 14, 2, 0x0ff0, 4);
    expect(of("Ether()/IPv6()", {{"pkt_offset", "IPv6.fl"}}), 15, 4, 0x0fffff00, 8);
    expect(of("Ether()/IP()", {{"pkt_offset", "IP.version"}, {"pkt_cast_size", "2"}}), 14, 2, 0xf000, 12);
    // What is given stays; whole bytes have the defaults of the instruction.
    expect(of("Ether()/Dot1Q()/IP()", {{"pkt_offset", "Dot1Q.vlan"}, {"mask", "0xff"}, {"shift", "1"}}), 14, 2, 0xff,
           1);
    expect(of("Ether()/IP()", {{"pkt_offset", "IP.ttl"}}), 22, 1, 0xff, 0);
    expect(of("Ether()/IP()", {{"pkt_offset", "14"}}), 14, 1, 0xff, 0);
}

TEST(FieldEngineMasks, ThatCannotBeFoundAreAskedFor) {
    const LaidOutPacket tagged("Ether()/Dot1Q()/IP()");
    EXPECT_NE(refusal(tagged, {flow({}), masked({{"pkt_offset", "Dot1Q.vlan"}, {"pkt_cast_size", 1}})})
                  .find("mask and shift"),
              std::string::npos);
    EXPECT_NE(
        refusal(tagged, {flow({}), masked({{"pkt_offset", "Dot1Q.vlan"}, {"is_big", "false"}})}).find("mask and shift"),
        std::string::npos);
}

TEST(FieldEngineDefaults, TheByteOrderIsThatOfTheField) {
    const auto order = [](json parameters) {
        return compiled(LaidOutPacket("Ether()/Dot1Q()/IP()"), {flow({{"size", 2}}), write(std::move(parameters))})
            .at(1)
            .at("is_big_endian");
    };

    EXPECT_EQ(order({{"pkt_offset", "IP.id"}}), true);
    EXPECT_EQ(order({{"pkt_offset", 20}}), true);
    EXPECT_EQ(order({{"pkt_offset", 20}, {"is_big", "false"}}), false);
    EXPECT_EQ(order({{"pkt_offset", 20}, {"is_big", "none"}}), true);
}

TEST(FieldEngineDefaults, OfVariables) {
    const LaidOutPacket udp(kUdp);
    const json variable = compiled(udp, {flow({})}).at(0);
    EXPECT_EQ(variable, (json{{"type", "flow_var"},
                              {"name", "v"},
                              {"size", 4},
                              {"op", "inc"},
                              {"init_value", 0},
                              {"min_value", 0},
                              {"max_value", 255},
                              {"step", 1},
                              {"next_var", nullptr},
                              {"split_to_cores", true}}));
    EXPECT_EQ(compiled(udp, {flow({{"op", "dec"}, {"min_value", 3}})}).at(0).at("init_value"), 255);
    EXPECT_EQ(compiled(udp, {flow({{"min_value", 3}})}).at(0).at("init_value"), 3);
    EXPECT_EQ(compiled(udp, {flow({{"min_value", ""}, {"size", ""}})}).at(0), variable);
    const json list = compiled(udp, {flow({{"value_list", "[1, 5]"}, {"min_value", "7"}})}).at(0);
    EXPECT_EQ(list.at("value_list"), (json{1, 5}));
    EXPECT_FALSE(list.contains("min_value") || list.contains("max_value") || list.contains("init_value"));
    for (const auto& [size, most] :
         std::map<int, std::uint64_t>{{1, 0xff}, {2, 0xffff}, {4, 0xffffffff}, {8, UINT64_MAX}}) {
        EXPECT_EQ(compiled(udp, {instruction("STLVmFlowVarRepeatableRandom", {{"name", "r"}, {"size", size}})})
                      .at(0)
                      .at("max_value"),
                  most);
    }
    const json seed = compiled(udp, {instruction("STLVmFlowVarRepeatableRandom", {{"name", "r"}})}).at(0).at("seed");
    EXPECT_GE(seed, 1);
    EXPECT_LE(seed, 32000);
}

TEST(FieldEngineOrder, VariablesFirstAndChainsTogether) {
    const LaidOutPacket udp(kUdp);
    const json order =
        compiled(udp, {write({{"fv_name", "d"}, {"pkt_offset", 0}}), flow({{"name", "c"}}),
                       instruction("STLVmFixIpv4", {{"offset", "IP"}}), flow({{"name", "a"}, {"next_var", "b"}}),
                       instruction("STLVmTupleGen", {{"name", "t"}}), flow({{"name", "b"}, {"next_var", "c"}}),
                       flow({{"name", "d"}})});
    std::string names;
    for (const json& one : order) {
        names += one.value("name", one.at("type").get<std::string>()) + " ";
    }
    EXPECT_EQ(names, "a b c t d d fix_checksum_ipv4 ");
    EXPECT_EQ(order.at(0).at("split_to_cores"), true);
    EXPECT_EQ(order.at(1).at("split_to_cores"), false);
    EXPECT_EQ(order.at(2).at("split_to_cores"), false);
}

/// A program that is refused, and a part of what is said: the instruction, the parameter, the reason.
struct RefusalCase {
    const char* name;
    json instructions;
    std::vector<std::string> parts;
};

void PrintTo(const RefusalCase& refusal, std::ostream* out) {
    *out << refusal.name;
}

class FieldEngineRefusals : public ::testing::TestWithParam<RefusalCase> {};

TEST_P(FieldEngineRefusals, NameInstructionParameterAndReason) {
    const std::string said = refusal(LaidOutPacket(kUdp), GetParam().instructions);
    for (const std::string& part : GetParam().parts) {
        EXPECT_NE(said.find(part), std::string::npos) << part << " is not in: " << said;
    }
}

std::vector<RefusalCase> refusals() {
    const json any = flow({});
    const auto tuple = [](json parameters) {
        parameters["name"] = "t";
        return instruction("STLVmTupleGen", parameters);
    };
    const auto repeatable = [](json parameters) {
        parameters["name"] = "r";
        return instruction("STLVmFlowVarRepeatableRandom", parameters);
    };
    const auto hardware = [](const json& l3, const json& l4, const json& type) {
        return instruction("STLVmFixChecksumHw", {{"l3_offset", l3}, {"l4_offset", l4}, {"l4_type", type}});
    };
    return {
        {"NoObject", {5}, {"instruction 0", "object"}},
        {"NoId", {json::object()}, {"instruction 0", "object"}},
        {"UnknownInstruction",
         {any, instruction("STLVmBogus", {})},
         {"instruction 1 (STLVmBogus)", "no such instruction"}},
        {"ParametersOfNoObject",
         {{{"id", "STLVmFlowVar"}, {"parameters", 5}}},
         {"instruction 0 (STLVmFlowVar)", "no object"}},
        {"UnknownParameter", {flow({{"bogus", 1}})}, {"parameter bogus", "no such parameter", "min_value"}},
        {"NoName", {instruction("STLVmFlowVar", {})}, {"parameter name", "must be given"}},
        {"NameOfNone",
         {instruction("STLVmTrimPktSize", {{"fv_name", "none"}})},
         {"parameter fv_name", "must be given"}},
        {"Size", {flow({{"size", 3}})}, {"parameter size, value 3", "1, 2, 4, 8"}},
        {"Operation", {flow({{"op", "foo"}})}, {"parameter op, value foo", "inc, dec, random"}},
        {"NoNumber", {flow({{"min_value", "x"}})}, {"parameter min_value, value x", "no number"}},
        {"Negative", {flow({{"min_value", "-1"}})}, {"parameter min_value, value -1"}},
        {"AboveItsSize", {flow({{"size", 1}, {"max_value", 300}})}, {"parameter max_value, value 300", "255"}},
        {"RangeTheWrongWayRound",
         {flow({{"min_value", 30}, {"max_value", 20}})},
         {"parameter max_value, value 20", "min_value, 30"}},
        {"FirstValueOutside",
         {flow({{"min_value", 20}, {"init_value", 10}})},
         {"parameter init_value, value 10", "from min_value 20"}},
        {"NoStep", {flow({{"step", 0}})}, {"parameter step, value 0", "at least 1"}},
        {"StepAboveItsSize", {flow({{"size", 1}, {"step", 256}})}, {"parameter step, value 256", "255"}},
        {"ListAboveItsSize",
         {flow({{"size", 2}, {"value_list", {1, 70000}}})},
         {"parameter value_list, value 70000", "65535"}},
        {"ListOfNegatives", {flow({{"value_list", "[-1]"}})}, {"parameter value_list", "negative"}},
        {"NoTruthValue",
         {flow({{"split_to_cores", "yes"}})},
         {"parameter split_to_cores, value yes", "neither true nor false"}},
        {"DoubledVariable", {any, any}, {"instruction 1", "parameter name, value v", "already"}},
        {"DoubledByTuple", {flow({{"name", "t.ip"}}), tuple({})}, {"instruction 1", "t.ip", "already"}},
        {"UnknownVariable",
         {any, write({{"fv_name", "w"}, {"pkt_offset", 0}})},
         {"instruction 1", "parameter fv_name, value w", "no such variable"}},
        {"WholeTuple",
         {tuple({}), write({{"fv_name", "t"}, {"pkt_offset", 0}})},
         {"parameter fv_name, value t", "t.ip"}},
        {"SelfLoop", {flow({{"next_var", "v"}})}, {"parameter next_var, value v", "its own"}},
        {"Loop",
         {flow({{"name", "a"}, {"next_var", "b"}}), flow({{"name", "b"}, {"next_var", "a"}})},
         {"parameter next_var", "loop"}},
        {"LongLoop",
         {flow({{"name", "x"}, {"next_var", "a"}}), flow({{"name", "a"}, {"next_var", "b"}}),
          flow({{"name", "b"}, {"next_var", "c"}}), flow({{"name", "c"}, {"next_var", "b"}})},
         {"next_var", "already"}},
        {"UnknownNext", {flow({{"next_var", "zz"}})}, {"parameter next_var, value zz", "no such variable"}},
        {"NextOfRandom",
         {flow({{"op", "random"}, {"next_var", "b"}}), flow({{"name", "b"}})},
         {"parameter next_var", "never starts again"}},
        {"NextOfRepeatable", {repeatable({{"next_var", "v"}}), any}, {"parameter next_var", "never starts again"}},
        {"NextTwice",
         {flow({{"name", "b"}}), flow({{"name", "a"}, {"next_var", "b"}}), flow({{"name", "c"}, {"next_var", "b"}})},
         {"instruction 2", "parameter next_var, value b", "already"}},
        {"NextOfTuple", {tuple({}), flow({{"next_var", "t.ip"}})}, {"parameter next_var", "tuple"}},
        {"UnknownField",
         {any, write({{"pkt_offset", "IP.bogus"}})},
         {"parameter pkt_offset, value IP.bogus", "IP has no field bogus"}},
        {"UnknownLayer", {any, write({{"pkt_offset", "Bogus.src"}})}, {"parameter pkt_offset", "no layer Bogus"}},
        {"LayerTooFar", {any, write({{"pkt_offset", "IP:2.src"}})}, {"no layer IP:2", "IP:0"}},
        {"NoPlace", {any, write({{"pkt_offset", "IP"}})}, {"parameter pkt_offset, value IP", "LAYER.FIELD"}},
        {"NegativePlace", {any, write({{"pkt_offset", -1}})}, {"parameter pkt_offset, value -1", "outside"}},
        {"BeyondTheEnd", {any, write({{"pkt_offset", 60}})}, {"parameter pkt_offset, value 60", "4 bytes", "62"}},
        {"FarBeyondTheEnd", {any, write({{"pkt_offset", "0xffffffff"}})}, {"parameter pkt_offset", "beyond"}},
        {"AShiftThatHasNoOpposite",
         {any, masked({{"pkt_offset", 0}, {"shift", "-9223372036854775808"}})},
         {"parameter shift, value -9223372036854775808", "-63 to 63"}},
        {"FitsNoField",
         {flow({{"size", "auto"}}), write({{"pkt_offset", 14}})},
         {"parameter size, value auto", "no field"}},
        {"FitsNoMovedField",
         {flow({{"size", "auto"}}), write({{"pkt_offset", "IP.src"}, {"offset_fixup", 1}})},
         {"parameter size, value auto", "no field"}},
        {"FitsFieldsOfOneWidth",
         {flow({{"size", "auto"}}), write({{"pkt_offset", "IP.src"}}), write({{"pkt_offset", "IP.ttl"}})},
         {"parameter size, value auto", "different widths"}},
        {"AboveTheBitsOfTheField",
         {flow({{"size", "auto"}, {"max_value", 8}}), write({{"pkt_offset", "IP.flags"}})},
         {"parameter max_value, value 8", "above 7", "3 bits"}},
        {"NoValueOfTheField",
         {flow({{"size", "auto"}, {"max_value", "auto"}, {"init_value", "bogus"}}),
          write({{"pkt_offset", "IP.proto"}})},
         {"parameter init_value, value bogus"}},
        {"AnotherStartOfTheAddress",
         {flow({{"size", "auto"}, {"max_value", "auto"}, {"init_value", "02:00:00:01:00:00"}}),
          write({{"pkt_offset", "Ether.dst"}})},
         {"parameter init_value, value 02:00:00:01:00:00", "last 4 bytes"}},
        {"TheOtherByteOrderOfBits",
         {flow({{"size", "auto"}, {"max_value", "auto"}}), write({{"pkt_offset", "IP.frag"}, {"is_big", "false"}})},
         {"parameter is_big", "byte order"}},
        {"MaskedBeyondTheEnd",
         {any, masked({{"pkt_offset", 61}, {"pkt_cast_size", 2}})},
         {"parameter pkt_offset, value 61", "2 bytes"}},
        {"CastSize",
         {any, masked({{"pkt_offset", 0}, {"pkt_cast_size", 3}})},
         {"parameter pkt_cast_size, value 3", "1, 2, 4"}},
        {"Mask", {any, masked({{"pkt_offset", 0}, {"mask", "0x100000000"}})}, {"parameter mask", "4294967295"}},
        {"Shift", {any, masked({{"pkt_offset", 0}, {"shift", 64}})}, {"parameter shift, value 64", "-63 to 63"}},
        {"Limit", {repeatable({{"limit", 0}})}, {"parameter limit, value 0", "at least 1"}},
        {"Seed", {repeatable({{"seed", "0x100000000"}})}, {"parameter seed", "4 bytes"}},
        {"RepeatableRange",
         {repeatable({{"min_value", 10}, {"max_value", 5}})},
         {"parameter max_value, value 5", "min_value, 10"}},
        {"TupleRange", {tuple({{"ip_min", "16.0.0.9"}, {"ip_max", "16.0.0.1"}})}, {"parameter ip_max", "ip_min"}},
        {"TuplePort", {tuple({{"port_max", 65536}})}, {"parameter port_max, value 65536", "65535"}},
        {"TupleFlags", {tuple({{"flags", 2}})}, {"parameter flags, value 2", "0, 1"}},
        {"ChecksumOfNoLayer",
         {instruction("STLVmFixIpv4", {{"offset", "IPv6"}})},
         {"parameter offset, value IPv6", "no layer IPv6"}},
        {"ChecksumBeyondTheEnd",
         {instruction("STLVmFixIpv4", {{"offset", 43}})},
         {"parameter offset, value 43", "20 bytes"}},
        {"ChecksumKind", {hardware("IP", "UDP", 99)}, {"parameter l4_type, value 99", "11, 13, 17"}},
        {"ChecksumOrder", {hardware("UDP", "IP", 11)}, {"parameter l4_offset, value IP", "behind"}},
        {"ChecksumLength",
         {instruction("STLVmFixChecksumHw", {{"l3_offset", 14}, {"l4_offset", 34}, {"l4_type", 11}, {"l3_len", 24}})},
         {"parameter l3_len, value 24", "follows 20"}},
        {"Icmpv6OverIpv4",
         {instruction("STLVmFixIcmpv6", {{"l3_offset", "IP"}, {"l4_offset", "UDP"}})},
         {"parameter l4_offset", "40 bytes"}},
    };
}

INSTANTIATE_TEST_SUITE_P(Programs, FieldEngineRefusals, ::testing::ValuesIn(refusals()),
                         [](const auto& refused) { return refused.param.name; });

// Section "The field engine" of the contract: offsets are in bounds up to max(60, size).
TEST(FieldEngineRefusal, BeyondSixtyBytesOfAShorterPacket) {
    const LaidOutPacket arp("Ether()/ARP()");
    EXPECT_EQ(compiled(arp, {flow({}), write({{"pkt_offset", 56}})}).at(1).at("pkt_offset"), 56);
    EXPECT_NE(refusal(arp, {flow({}), write({{"pkt_offset", 57}})}).find("60"), std::string::npos);
}

TEST(FieldEngineRefusal, OfProgramsAsAWhole) {
    const LaidOutPacket udp(kUdp);
    const auto said = [&udp](const json& given) -> std::string {
        try {
            field_engine::compile(given, udp.layout);
        } catch (const field_engine::ProgramError& error) {
            EXPECT_FALSE(error.instruction());
            return error.what();
        }
        ADD_FAILURE() << given;
        return "";
    };
    EXPECT_NE(said(5).find("object"), std::string::npos);
    EXPECT_NE(said({{"instructions", 5}}).find("list"), std::string::npos);
    EXPECT_NE(said({{"global_parameters", 5}}).find("global_parameters"), std::string::npos);
    EXPECT_NE(said({{"global_parameters", {{"bogus", 5}}}}).find("bogus"), std::string::npos);
    for (const json& size : {json("abc"), json(""), json(-1), json(1.5), json("0x100000000")}) {
        EXPECT_NE(said({{"global_parameters", {{"cache_size", size}}}}).find("cache_size"), std::string::npos) << size;
    }
    json many = json::array();
    for (std::size_t count = 0; count <= field_engine::kMaximumInstructions; ++count) {
        many.push_back(flow({{"name", "v" + std::to_string(count)}}));
    }
    EXPECT_NE(said(program(many)).find("1000"), std::string::npos);
    many.erase(0);
    EXPECT_EQ(compiled(udp, many).size(), field_engine::kMaximumInstructions);
}

TEST(FieldEngineCache, IsThereWhenItIsAboveZero) {
    const LaidOutPacket udp(kUdp);
    const auto cache = [&udp](const json& size) {
        return to_json(field_engine::compile({{"global_parameters", {{"cache_size", size}}}}, udp.layout));
    };
    EXPECT_EQ(cache("1000").at("cache"), 1000);
    EXPECT_EQ(cache(500).at("cache"), 500);
    EXPECT_FALSE(cache("0").contains("cache"));
    EXPECT_FALSE(cache(nullptr).contains("cache"));
}

/// Makes valid programs.
class ProgramMaker {
public:
    explicit ProgramMaker(unsigned seed) : random_(seed) {}

    json make() {
        json instructions = json::array();
        const std::size_t variables = pick(1, 6);
        for (std::size_t index = 0; index < variables; ++index) {
            instructions.push_back(variable("v" + std::to_string(index)));
        }
        // Chains lead from lower numbers to higher ones.
        for (std::size_t index = 0; index + 1 < variables; ++index) {
            json& parameters = instructions[index]["parameters"];
            const json& next = instructions[index + 1]["parameters"];
            if (parameters.contains("op") && parameters["op"] != "random" && !next.contains("ip_min") &&
                pick(0, 2) == 0) {
                parameters["next_var"] = next["name"];
            }
        }
        const std::size_t writes = pick(0, 8);
        for (std::size_t index = 0; index < writes; ++index) {
            instructions.push_back(user(instructions[pick(0, variables - 1)]["parameters"]));
        }
        std::shuffle(instructions.begin(), instructions.end(), random_);
        return {{"instructions", instructions}, {"global_parameters", {{"cache_size", pick(0, 1000)}}}};
    }

private:
    std::uint64_t pick(std::uint64_t least, std::uint64_t most) {
        return std::uniform_int_distribution<std::uint64_t>(least, most)(random_);
    }

    json variable(const std::string& name) {
        static constexpr std::array<int, 4> kSizes{1, 2, 4, 8};
        const int size = kSizes.at(pick(0, 3));
        const std::uint64_t most = UINT64_MAX >> (64 - 8 * size);
        const std::uint64_t low = pick(0, most);
        const std::uint64_t high = pick(low, most);
        switch (pick(0, 5)) {
            case 0:
                return instruction("STLVmTupleGen", {{"name", name},
                                                     {"ip_min", pick(0, 1000)},
                                                     {"ip_max", pick(1000, 2000)},
                                                     {"port_min", pick(1, 9)},
                                                     {"port_max", pick(9, 65535)},
                                                     {"limit_flows", pick(0, 9)},
                                                     {"flags", pick(0, 1)}});
            case 1:
                return instruction("STLVmFlowVarRepeatableRandom", {{"name", name},
                                                                    {"size", size},
                                                                    {"limit", pick(1, 100)},
                                                                    {"seed", pick(0, UINT32_MAX)},
                                                                    {"min_value", low},
                                                                    {"max_value", high}});
            case 2:
                return instruction("STLVmFlowVar", {{"name", name},
                                                    {"size", size},
                                                    {"op", operation()},
                                                    {"step", pick(1, 9)},
                                                    {"value_list", {low, high, pick(0, most)}}});
            default:
                return instruction("STLVmFlowVar", {{"name", name},
                                                    {"size", size},
                                                    {"op", operation()},
                                                    {"step", pick(1, most)},
                                                    {"min_value", low},
                                                    {"max_value", high},
                                                    {"init_value", pick(low, high)},
                                                    {"split_to_cores", pick(0, 1) == 1}});
        }
    }

    const char* operation() { return pick(0, 2) == 0 ? "inc" : pick(0, 1) == 0 ? "dec" : "random"; }

    json user(const json& variable) {
        std::string name = variable.at("name");
        if (variable.contains("ip_min")) {
            name += pick(0, 1) == 0 ? ".ip" : ".port";
        }
        switch (pick(0, 5)) {
            case 0:
                return instruction("STLVmWrMaskFlowVar", {{"fv_name", name},
                                                          {"pkt_offset", pick(0, 50)},
                                                          {"pkt_cast_size", 1 << pick(0, 2)},
                                                          {"mask", pick(0, UINT32_MAX)},
                                                          {"shift", static_cast<int>(pick(0, 126)) - 63},
                                                          {"add_value", static_cast<int>(pick(0, 20)) - 10},
                                                          {"is_big", pick(0, 1) == 1}});
            case 1:
                return instruction("STLVmTrimPktSize", {{"fv_name", name}});
            case 2:
                return instruction("STLVmFixChecksumHw",
                                   {{"l3_offset", "IP"}, {"l4_offset", "UDP"}, {"l4_type", pick(0, 1) == 0 ? 11 : 17}});
            case 3:
                return instruction("STLVmFixIpv4", {{"offset", pick(0, 1) == 0 ? json("IP") : json(pick(0, 40))}});
            default:
                return instruction("STLVmWrFlowVar", {{"fv_name", name},
                                                      {"pkt_offset", "IP.src"},
                                                      {"offset_fixup", static_cast<int>(pick(0, 40)) - 20},
                                                      {"add_val", static_cast<int>(pick(0, 20)) - 10},
                                                      {"is_big", pick(0, 1) == 1}});
        }
    }

    std::mt19937 random_;
};

TEST(FieldEngineDecompile, GivesBackWhatWasCompiled) {
    const LaidOutPacket udp(kUdp);
    for (unsigned seed = 0; seed < 500; ++seed) {
        const json given = ProgramMaker(seed).make();
        const json once = to_json(field_engine::compile(given, udp.layout));
        const json back = decompile(field_engine::program_of_json(once));
        EXPECT_EQ(json(to_json(field_engine::compile(back, udp.layout))), once) << given;
        // Every parameter that was given is given back, places in bytes.
        for (const json& wanted : given.at("instructions")) {
            const auto same =
                std::find_if(back.at("instructions").begin(), back.at("instructions").end(), [&](const json& one) {
                    if (one.at("id") != wanted.at("id")) {
                        return false;
                    }
                    for (const auto& [id, value] : wanted.at("parameters").items()) {
                        const bool is_place = id == "pkt_offset" || id == "offset_fixup" || id.ends_with("offset") ||
                                              id == "split_to_cores";
                        if (!is_place && one.at("parameters").at(id) != value) {
                            return false;
                        }
                    }
                    return true;
                });
            EXPECT_NE(same, back.at("instructions").end()) << wanted << " is not in " << back;
        }
    }
}

TEST(FieldEngineDecompile, RefusesWhatIsNoCompiledProgram) {
    const json write{
        {"type", "write_flow_var"}, {"name", "v"}, {"pkt_offset", 1}, {"add_value", 0}, {"is_big_endian", true}};
    const auto said = [](const json& instructions) -> std::string {
        try {
            field_engine::program_of_json(tests::program(instructions));
        } catch (const field_engine::ProgramError& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(said({write}), "");
    for (const char* const member : {"name", "pkt_offset", "add_value"}) {
        json without = write;
        without.erase(member);
        EXPECT_NE(said({write, without}).find(std::string("instruction 1 (write_flow_var), parameter ") + member),
                  std::string::npos);
        json wrong = write;
        wrong[member] = json::array();
        EXPECT_NE(said({wrong}).find(member), std::string::npos);
    }
    EXPECT_NE(said({{{"type", "bogus"}}}).find("no such instruction"), std::string::npos);
    EXPECT_NE(said(json::array({5})).find("instruction 0"), std::string::npos);
    EXPECT_NE(said(5).find("no list"), std::string::npos);
    json large = write;
    large["pkt_offset"] = 1ULL << 32;
    EXPECT_NE(said({large}).find("4 bytes"), std::string::npos);
    EXPECT_THROW(field_engine::program_of_json({{"cache", "x"}}), field_engine::ProgramError);
}

/// How a variable of size `auto` is compiled that is written to a field: its definition, and what writes it.
json fitted(const LaidOutPacket& packet, const std::string& place, json variable = json::object(),
            const char* id = "STLVmWrFlowVar") {
    variable.update({{"size", "auto"}, {"max_value", "auto"}});
    return compiled(packet, {flow(variable), instruction(id, {{"fv_name", "v"}, {"pkt_offset", place}})});
}

json plain_write(std::uint32_t offset) {
    return {
        {"type", "write_flow_var"}, {"name", "v"}, {"pkt_offset", offset}, {"add_value", 0}, {"is_big_endian", true}};
}

json mask_write(std::uint32_t offset, std::uint32_t cast_size, std::uint32_t mask, std::int32_t shift) {
    return {{"type", "write_mask_flow_var"},
            {"name", "v"},
            {"pkt_offset", offset},
            {"pkt_cast_size", cast_size},
            {"mask", mask},
            {"shift", shift},
            {"add_value", 0},
            {"is_big_endian", true}};
}

// Places and widths as RFC 791, RFC 768, RFC 9293, RFC 8200, RFC 7348 and IEEE 802.1Q draw them.
TEST(FieldEngineFit, IsTheFieldAndNothingBesideIt) {
    struct Case {
        const char* packet;
        const char* place;
        std::uint32_t size;
        std::uint64_t largest;
        json write;
    };
    const std::vector<Case> cases{
        {kUdp, "IP.ttl", 1, 0xff, plain_write(22)},
        {kUdp, "UDP.dport", 2, 0xffff, plain_write(36)},
        {kUdp, "IP.src", 4, 0xffffffff, plain_write(26)},
        {kUdp, "IP.version", 1, 0xf, mask_write(14, 1, 0xf0, 4)},
        {kUdp, "IP.flags", 1, 7, mask_write(20, 1, 0xe0, 5)},
        {kUdp, "IP.frag", 2, 0x1fff, mask_write(20, 2, 0x1fff, 0)},
        // The last 4 of 6 bytes, the last 8 of 16.
        {kUdp, "Ether.src", 4, 0xffffffff, plain_write(8)},
        {"Ether()/IPv6()/TCP()", "IPv6.dst", 8, 0xfffffffffffffffe, plain_write(46)},
        {"Ether()/IPv6()/TCP()", "IPv6.fl", 4, 0xfffff, mask_write(15, 4, 0xfffff00, 8)},
        {"Ether()/Dot1Q()/IP()", "Dot1Q.vlan", 2, 0xfff, mask_write(14, 2, 0xfff, 0)},
        {"Ether()/IP()/UDP()/VXLAN()/Ether()", "VXLAN.vni", 4, 0xffffff, mask_write(46, 4, 0xffffff00, 8)},
    };
    for (const Case& one : cases) {
        const LaidOutPacket packet(one.packet);
        for (const char* const id : {"STLVmWrFlowVar", "STLVmWrMaskFlowVar"}) {
            const json program = fitted(packet, one.place, json::object(), id);
            EXPECT_EQ(program.at(0).at("size"), one.size) << one.place;
            EXPECT_EQ(program.at(0).at("min_value"), 0) << one.place;
            EXPECT_EQ(program.at(0).at("max_value"), one.largest) << one.place;
            EXPECT_EQ(program.at(1), one.write) << one.place;
        }
    }
}

TEST(FieldEngineFit, StaysWithinThePacketAndKeepsTheByteOrder) {
    const LaidOutPacket udp(kUdp);  // 62 bytes
    const auto fit = [&udp](const field_engine::PacketOffset& place) {
        return field_engine::WrittenField(udp.layout, place).fit();
    };
    // Four bytes around the last three of the packet.
    const field_engine::FieldFit last = fit({.bytes = 59, .bits = 24});
    EXPECT_EQ(last.offset, 58U);
    EXPECT_EQ(last.cast_size, 4U);
    EXPECT_EQ(last.shift, 0U);
    EXPECT_EQ(last.largest(), 0xffffffU);
    const field_engine::FieldFit little = fit({.bytes = 59, .bits = 24, .is_little_endian = true});
    EXPECT_EQ(little.offset, 58U);
    EXPECT_EQ(little.shift, 8U);
    // The lowest bytes of a little endian number are its first ones.
    EXPECT_EQ(fit({.bytes = 20, .bits = 48, .is_little_endian = true}).offset, 20U);
    // In a little endian word, bits are counted from the lowest.
    const field_engine::FieldFit shared = fit({.bytes = 20, .first_bit = 4, .bits = 12, .is_little_endian = true});
    EXPECT_EQ(shared.offset, 20U);
    EXPECT_EQ(shared.cast_size, 2U);
    EXPECT_EQ(shared.shift, 4U);
    EXPECT_EQ(shared.bits, 12U);
    EXPECT_EQ(fit({.bytes = 20, .bits = 48}).offset, 22U);
    // Of 36 bits over five bytes, those within the last four.
    const field_engine::FieldFit wide = fit({.bytes = 20, .first_bit = 2, .bits = 36});
    EXPECT_EQ(wide.offset, 21U);
    EXPECT_EQ(wide.bits, 30U);
    EXPECT_EQ(wide.shift, 2U);
}

TEST(FieldEngineFit, ReadsValuesAsTheFieldDoes) {
    const LaidOutPacket udp(kUdp);
    const LaidOutPacket tcp("Ether()/IPv6(src='2001:db8::1')/TCP(flags='S')");
    const auto initial = [](const LaidOutPacket& packet, const char* place, const json& value) {
        return fitted(packet, place, {{"init_value", value}}).at(0).at("init_value");
    };
    EXPECT_EQ(initial(udp, "IP.proto", "tcp"), 6);
    EXPECT_EQ(initial(udp, "IP.proto", "0x11"), 17);
    EXPECT_EQ(initial(udp, "IP.flags", "DF"), 2);
    EXPECT_EQ(initial(udp, "IP.flags", ""), 0);
    EXPECT_EQ(initial(udp, "Ether.type", "ARP"), 0x806);
    EXPECT_EQ(initial(udp, "IP.src", "16.0.0.1"), 0x10000001);
    EXPECT_EQ(initial(tcp, "TCP.flags", "SA"), 0x12);
    EXPECT_EQ(initial(tcp, "TCP.flags", "S"), 2);
    EXPECT_EQ(initial(tcp, "IPv6.src", "2001:db8::1"), 1);
    EXPECT_EQ(initial(tcp, "IPv6.src", "2001:db8::2:0"), 0x20000);
    EXPECT_EQ(initial(tcp, "Ether.src", "00:00:00:02:00:07"), 0x20007);
    // Lists, and variables of a size of their own.
    EXPECT_EQ(fitted(udp, "IP.proto", {{"value_list", "udp, tcp"}}).at(0).at("value_list"), json({17, 6}));
    const json sized = compiled(udp, {flow({{"size", 1}, {"init_value", "udp"}}), write({{"pkt_offset", "IP.proto"}})});
    EXPECT_EQ(sized.at(0).at("init_value"), 17);
    EXPECT_EQ(sized.at(1).at("type"), "write_flow_var");
}

// What is wrong with the place is said, not that the value cannot be read without it.
TEST(FieldEngineFit, AFieldThatIsNotThereIsSaidToBeSo) {
    const json variable = flow({{"size", "auto"}, {"max_value", "auto"}, {"init_value", "ARP"}});
    EXPECT_NE(refusal(LaidOutPacket(kUdp), {variable, write({{"pkt_offset", "ICMP.type"}})}).find("no layer ICMP"),
              std::string::npos);
}

TEST(FieldEngineFit, SeveralFieldsOfOneWidthShareAVariable) {
    const json program =
        compiled(LaidOutPacket(kUdp), {flow({{"size", "auto"}, {"max_value", "auto"}}),
                                       write({{"pkt_offset", "UDP.sport"}}), write({{"pkt_offset", "UDP.dport"}})});
    EXPECT_EQ(program.at(0).at("size"), 2);
    EXPECT_EQ(program.at(1), plain_write(34));
    EXPECT_EQ(program.at(2), plain_write(36));
}

TEST(FieldEngineFit, AVariableThatIsWrittenNowhereHasFourBytes) {
    const json program = compiled(LaidOutPacket(kUdp), {flow({{"size", "auto"}, {"max_value", "auto"}})});
    EXPECT_EQ(program.at(0).at("size"), 4);
    EXPECT_EQ(program.at(0).at("max_value"), 0xffffffffU);
    const json sized = compiled(LaidOutPacket(kUdp), {flow({{"size", 2}, {"max_value", "auto"}})});
    EXPECT_EQ(sized.at(0).at("max_value"), 0xffff);
}

// A GUI adds the instructions of a template to a field with the default values that it is told.
TEST(FieldEngineTemplates, CompileOnEveryFieldAsTheyStand) {
    const auto& definitions = field_engine::instruction_definitions();
    for (const char* const expression : {"Ether()", kUdp, "Ether()/IPv6()/TCP()", "Ether()/Dot1Q()/ARP()"}) {
        const LaidOutPacket packet(expression);
        for (const std::string& place : packet.layout.field_names(".", true)) {
            try {
                if (!packet.layout.field_offset(place).is_field()) {
                    continue;  // without bytes
                }
            } catch (const field_engine::ValueRefusal&) {
                continue;  // not in the bytes
            }
            for (const field_engine::InstructionTemplate& one : definitions.templates()) {
                json instructions = json::array();
                for (const std::string& id : one.instruction_ids) {
                    json parameters = json::object();
                    for (const field_engine::InstructionParameter& parameter : definitions.find(id)->parameters) {
                        if (!parameter.is_hidden) {
                            parameters[parameter.definition->id] =
                                parameter.definition->id == "pkt_offset" ? place : parameter.definition->default_value;
                        }
                    }
                    instructions.push_back(instruction(id, parameters));
                }
                EXPECT_EQ(compiled(packet, instructions).size(), instructions.size()) << one.id << " " << place;
            }
        }
    }
}

}  // namespace
}  // namespace framewright::tests
