#include <gtest/gtest.h>

#include <random>

#include "protocol_db/field_engine/field_changes.hpp"
#include "protocol_db/field_engine/run.hpp"
#include "tests/unit/field_engine_helpers.hpp"

namespace framewright::tests {
namespace {

using field_engine::Runner;
using nlohmann::json;

constexpr const char* kUdp =
    "Ether()/IP(src='16.0.0.1', dst='48.0.0.1')/UDP(dport=12)/Raw(load='xxxxxxxxxxxxxxxxxxxx')";

/// A program with its packet, about to run.
struct Stream {
    Stream(const char* expression, const json& instructions, std::uint32_t seed = 1)
        : packet(expression),
          program(field_engine::compile(tests::program(instructions), packet.layout)),
          runner(program, packet.inspected.built.bytes, seed) {}

    /// The packets from the next one on.
    std::vector<Bytes> packets(std::size_t count) {
        std::vector<Bytes> made;
        for (std::size_t index = 0; index < count; ++index) {
            runner.advance();
            const ByteView bytes = runner.write();
            made.emplace_back(bytes.begin(), bytes.end());
        }
        return made;
    }
    /// The values of the first variable, from the next packet on.
    std::vector<std::uint64_t> values(std::size_t count, std::size_t which = 0) {
        std::vector<std::uint64_t> seen;
        for (std::size_t index = 0; index < count; ++index) {
            runner.advance();
            seen.push_back(runner.values().at(which));
        }
        return seen;
    }

    LaidOutPacket packet;
    field_engine::Program program;
    Runner runner;
};

json flow(json parameters) {
    parameters.emplace("name", "v");
    return instruction("STLVmFlowVar", parameters);
}
json write_at(const json& place, json parameters = json::object()) {
    parameters["pkt_offset"] = place;
    parameters.emplace("fv_name", "v");
    return instruction("STLVmWrFlowVar", parameters);
}

using Values = std::vector<std::uint64_t>;

TEST(FieldEngineRun, IncrementAndDecrement) {
    EXPECT_EQ(Stream("Ether()", {flow({{"min_value", 1}, {"max_value", 3}})}).values(5), (Values{1, 2, 3, 1, 2}));
    EXPECT_EQ(Stream("Ether()", {flow({{"min_value", 1}, {"max_value", 3}, {"op", "dec"}})}).values(5),
              (Values{3, 2, 1, 3, 2}));
    EXPECT_EQ(Stream("Ether()", {flow({{"min_value", 1}, {"max_value", 4}, {"init_value", 3}})}).values(4),
              (Values{3, 4, 1, 2}));
    // The step past the end goes on at the other end: the cycle is true.
    EXPECT_EQ(Stream("Ether()", {flow({{"min_value", 0}, {"max_value", 9}, {"step", 4}})}).values(6),
              (Values{0, 4, 8, 2, 6, 0}));
    EXPECT_EQ(Stream("Ether()", {flow({{"min_value", 0}, {"max_value", 9}, {"step", 10}})}).values(3),
              (Values{0, 0, 0}));
}

// An independent model: the k-th value is min + (init - min ± k step) modulo the size of the range.
TEST(FieldEngineRun, AgreesWithModularArithmetic) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 300; ++round) {
        const int size = std::array{1, 2, 4, 8}.at(random() % 4);
        const std::uint64_t most = UINT64_MAX >> (64 - 8 * size);
        const std::uint64_t a = random() & most;
        const std::uint64_t b = random() & most;
        const std::uint64_t low = round % 50 == 0 ? 0 : std::min(a, b);
        const std::uint64_t high = round % 50 == 0 ? most : std::max(a, b);
        const auto range = static_cast<UnsignedInteger>(high - low) + 1;
        const std::uint64_t first = low + static_cast<std::uint64_t>(random() % range);
        const std::uint64_t step = std::max<std::uint64_t>(1, random() & most);
        const bool is_up = random() % 2 == 0;
        Stream run("Ether()", {flow({{"size", size},
                                     {"op", is_up ? "inc" : "dec"},
                                     {"min_value", low},
                                     {"max_value", high},
                                     {"init_value", first},
                                     {"step", step}})});
        const Values values = run.values(40);
        for (std::uint64_t k = 0; k < values.size(); ++k) {
            const UnsignedInteger moved = static_cast<UnsignedInteger>(step) * k % range;
            const UnsignedInteger place = (first - low + (is_up ? moved : range - moved)) % range;
            ASSERT_EQ(values[k], low + static_cast<std::uint64_t>(place))
                << "packet " << k << " of " << low << ".." << high << " from " << first << " by " << step;
        }
    }
}

TEST(FieldEngineRun, ListsOfValues) {
    EXPECT_EQ(Stream("Ether()", {flow({{"value_list", {5, 1, 9}}})}).values(5), (Values{5, 1, 9, 5, 1}));
    EXPECT_EQ(Stream("Ether()", {flow({{"value_list", {5, 1, 9}}, {"op", "dec"}})}).values(5), (Values{9, 1, 5, 9, 1}));
    EXPECT_EQ(Stream("Ether()", {flow({{"value_list", {5, 1, 9}}, {"step", 2}})}).values(5), (Values{5, 9, 1, 5, 9}));
}

// The first numbers of this generator for the seed 1 are widely known: 41, 18467, 6334, 26500, 19169.
TEST(FieldEngineRun, RandomNumbers) {
    EXPECT_EQ(Stream("Ether()", {flow({{"op", "random"}, {"size", 2}, {"max_value", 65535}})}).values(5),
              (Values{41, 18467, 6334, 26500, 19169}));
    EXPECT_EQ(
        Stream("Ether()", {flow({{"op", "random"}, {"size", 1}, {"min_value", 10}, {"max_value", 109}})}).values(3),
        (Values{10 + 41, 10 + 67, 10 + 34}));
    EXPECT_EQ(Stream("Ether()", {flow({{"op", "random"}, {"size", 4}, {"max_value", "0xffffffff"}})}).values(2),
              (Values{(41ULL << 16) + 18467, (6334ULL << 16) + 26500}));
    EXPECT_EQ(Stream("Ether()", {flow({{"op", "random"}, {"size", 8}, {"max_value", "0xffffffffffffffff"}})}).values(1),
              (Values{(((41ULL << 16) + 18467) << 32) + ((6334ULL << 16) + 26500)}));
    // One source for all of them, in the program's order.
    Stream two("Ether()", {flow({{"name", "a"}, {"op", "random"}, {"size", 2}, {"max_value", 65535}}),
                           flow({{"name", "b"}, {"op", "random"}, {"size", 2}, {"max_value", 65535}})});
    EXPECT_EQ(two.values(2, 1), (Values{18467, 26500}));
}

TEST(FieldEngineRun, SeedsMakeItRepeatable) {
    const json random = {flow({{"op", "random"}, {"size", 4}, {"max_value", "0xffffffff"}})};
    const Values values = Stream("Ether()", random, 77).values(20);
    EXPECT_EQ(Stream("Ether()", random, 77).values(20), values);
    EXPECT_NE(Stream("Ether()", random, 78).values(20), values);
}

TEST(FieldEngineRun, RepeatableRandomBeginsAgain) {
    Stream run("Ether()",
               {instruction("STLVmFlowVarRepeatableRandom",
                            {{"name", "r"}, {"size", 2}, {"limit", 3}, {"seed", 1}, {"max_value", 65535}})},
               99);
    EXPECT_EQ(run.values(7), (Values{41, 18467, 6334, 41, 18467, 6334, 41}));
}

TEST(FieldEngineRun, ChainsMoveWhenTheOneBeforeStartsAgain) {
    const json program{flow({{"name", "low"}, {"min_value", 0}, {"max_value", 2}, {"next_var", "high"}}),
                       flow({{"name", "high"}, {"min_value", 7}, {"max_value", 8}, {"next_var", "top"}}),
                       flow({{"name", "top"}, {"min_value", 0}, {"max_value", 9}})};
    Stream run("Ether()", program);
    std::string seen;
    for (int index = 0; index < 8; ++index) {
        run.runner.advance();
        for (const std::uint64_t value : run.runner.values()) {
            seen += std::to_string(value);
        }
        seen += " ";
    }
    EXPECT_EQ(seen, "070 170 270 080 180 280 071 171 ");
}

TEST(FieldEngineRun, TuplesStepAddressThenPort) {
    const auto pairs = [](json parameters, int count) {
        parameters["name"] = "t";
        Stream run("Ether()", {instruction("STLVmTupleGen", parameters)});
        std::string seen;
        for (int index = 0; index < count; ++index) {
            run.runner.advance();
            seen += std::to_string(run.runner.values()[0]) + ":" + std::to_string(run.runner.values()[1]) + " ";
        }
        return seen;
    };
    const json range{{"ip_min", 1}, {"ip_max", 2}, {"port_min", 10}, {"port_max", 11}, {"limit_flows", 0}};
    EXPECT_EQ(pairs(range, 6), "1:10 2:10 1:11 2:11 1:10 2:10 ");
    json limited = range;
    limited["limit_flows"] = 3;
    EXPECT_EQ(pairs(limited, 5), "1:10 2:10 1:11 1:10 2:10 ");
    json unlimited = limited;
    unlimited["flags"] = 1;
    EXPECT_EQ(pairs(unlimited, 5), "1:1025 2:1025 1:1026 2:1026 1:1027 ");
    EXPECT_EQ(pairs({{"ip_min", 7}, {"ip_max", 7}, {"port_min", 10}, {"port_max", 12}}, 4), "7:10 7:11 7:12 7:10 ");
}

TEST(FieldEngineRun, Writes) {
    const auto written = [](const json& variable, const json& write, std::size_t from, std::size_t size) {
        Stream run("Ether()/Raw(load='........')", {variable, write});
        return hex(ByteView(run.packets(1).front()).subspan(from, size));
    };
    const json v = flow({{"size", 4}, {"min_value", "0x01020304"}, {"max_value", "0xffffffff"}});
    EXPECT_EQ(written(v, write_at(14), 13, 6), "00010203042e");  // 2e: the dot behind it
    EXPECT_EQ(written(v, write_at(14, {{"is_big", false}}), 14, 4), "04030201");
    EXPECT_EQ(written(v, write_at(14, {{"add_val", 2}}), 14, 4), "01020306");
    EXPECT_EQ(written(v, write_at(14, {{"add_val", "-5"}}), 14, 4), "010202ff");
    // In its own size.
    EXPECT_EQ(
        written(flow({{"size", 2}, {"min_value", 65535}, {"max_value", 65535}}), write_at(14, {{"add_val", 2}}), 14, 3),
        "00012e");
}

// Section "The field engine" of the contract: TRex pads a packet of less than 60 bytes with zeros to 60.
TEST(FieldEngineRun, ShortPacketsAreFilledUpToSixtyBytes) {
    const json v = flow({{"size", 4}, {"min_value", "0x01020304"}, {"max_value", "0xffffffff"}});
    Stream run("Ether()/Raw(load='....')", {v, write_at(56)});
    EXPECT_EQ(hex(ByteView(run.packets(1).front()).subspan(14)), "2e2e2e2e" + std::string(2 * 38, '0') + "01020304");
    Stream longer(kUdp, {v, write_at(58)});
    EXPECT_EQ(longer.packets(1).front().size(), 62U);
}

TEST(FieldEngineRun, MaskedWrites) {
    const auto written = [](std::uint64_t value, json parameters) {
        parameters["fv_name"] = "v";
        parameters["pkt_offset"] = 14;
        Stream run("Ether()/Raw(load=b'\\xaa\\xaa\\xaa\\xaa')",
                   {flow({{"size", 4}, {"min_value", value}, {"max_value", "0xffffffff"}}),
                    instruction("STLVmWrMaskFlowVar", parameters)});
        return hex(ByteView(run.packets(1).front()).subspan(14, 4));
    };
    EXPECT_EQ(written(0x5, {{"mask", "0x0f"}}), "a5aaaaaa");
    EXPECT_EQ(written(0x5, {{"mask", "0xf0"}, {"shift", 4}}), "5aaaaaaa");
    EXPECT_EQ(written(0x123, {{"pkt_cast_size", 2}, {"mask", "0x0fff"}}), "a123aaaa");
    EXPECT_EQ(written(0x123, {{"pkt_cast_size", 2}, {"mask", "0x0fff"}, {"is_big", false}}), "23a1aaaa");
    EXPECT_EQ(written(0x1234, {{"pkt_cast_size", 2}, {"mask", "0x00ff"}, {"shift", -8}}), "aa12aaaa");
    EXPECT_EQ(written(0x1, {{"pkt_cast_size", 4}, {"mask", "0xffffffff"}, {"add_value", -2}}), "ffffffff");
    EXPECT_EQ(written(0x5, {{"mask", "0xff0f"}}), "a5aaaaaa");  // bits beyond the byte do not count
}

TEST(FieldEngineRun, TrimsAndLeavesShorterPacketsWhole) {
    Stream run(kUdp, {flow({{"size", 2}, {"min_value", 60}, {"max_value", 64}}),
                      instruction("STLVmTrimPktSize", {{"fv_name", "v"}})});
    std::vector<std::size_t> sizes;
    for (const Bytes& packet : run.packets(6)) {
        sizes.push_back(packet.size());
    }
    EXPECT_EQ(sizes, (std::vector<std::size_t>{60, 61, 62, 62, 62, 60}));
}

/// The one's complement sum of RFC 1071 over octets, as a plain loop; 0xffff where a checksum in them is right.
std::uint32_t ones_complement_sum(std::initializer_list<ByteView> parts, std::uint32_t sum) {
    Bytes all;
    for (const ByteView part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    all.resize((all.size() + 1) / 2 * 2);
    for (std::size_t index = 0; index < all.size(); index += 2) {
        sum += all[index] * 256U + all[index + 1];
        sum = (sum & 0xffffU) + (sum >> 16U);
    }
    return sum;
}

void expect_right_checksums(ByteView packet, std::size_t l3, std::size_t l3_size, unsigned protocol) {
    const bool is_v4 = packet[l3] >> 4U == 4;
    // What follows the datagram fills the frame up, and is not covered.
    const std::size_t datagram =
        is_v4 ? packet[l3 + 2] * 256U + packet[l3 + 3] : l3_size + packet[l3 + 4] * 256U + packet[l3 + 5];
    const ByteView message = packet.subspan(l3, datagram).subspan(l3_size);
    const ByteView addresses = is_v4 ? packet.subspan(l3 + 12, 8) : packet.subspan(l3 + 8, 32);
    if (is_v4) {
        EXPECT_EQ(ones_complement_sum({packet.subspan(l3, l3_size)}, 0), 0xffffU) << hex(packet);
    }
    EXPECT_EQ(ones_complement_sum({addresses, message}, protocol + static_cast<unsigned>(message.size())), 0xffffU)
        << hex(packet);
}

TEST(FieldEngineRun, ChecksumsVerify) {
    const json number = flow({{"size", 2}, {"min_value", 1}, {"max_value", 60000}, {"step", 777}});
    const auto hardware = [](const char* l3, const char* l4, int type) {
        return instruction("STLVmFixChecksumHw", {{"l3_offset", l3}, {"l4_offset", l4}, {"l4_type", type}});
    };
    for (const Bytes& packet :
         Stream(kUdp, {number, write_at("IP.src"), write_at("UDP.sport"), hardware("IP", "UDP", 11)}).packets(100)) {
        expect_right_checksums(packet, 14, 20, 17);
    }
    for (const Bytes& packet : Stream("Ether()/IP()/TCP()/Raw(load='odd')",
                                      {number, write_at("IP.dst"), write_at("TCP.window"), hardware("IP", "TCP", 13)})
                                   .packets(100)) {
        expect_right_checksums(packet, 14, 20, 6);
    }
    for (const Bytes& packet :
         Stream("Ether()/IPv6()/UDP()/Raw(load='odd')",
                {number, write_at("IPv6.src", {{"offset_fixup", 14}}), hardware("IPv6", "UDP", 11)})
             .packets(100)) {
        expect_right_checksums(packet, 14, 40, 17);
    }
    for (const Bytes& packet :
         Stream("Ether()/IPv6()/ICMPv6EchoRequest(data='ping')",
                {number, write_at("ICMPv6EchoRequest.seq"),
                 instruction("STLVmFixIcmpv6", {{"l3_offset", "IPv6"}, {"l4_offset", "ICMPv6EchoRequest"}})})
             .packets(100)) {
        expect_right_checksums(packet, 14, 40, 58);
    }
    for (const Bytes& packet :
         Stream(kUdp, {number, write_at("IP.id"), instruction("STLVmFixIpv4", {{"offset", "IP"}})}).packets(100)) {
        EXPECT_EQ(ones_complement_sum({ByteView(packet).subspan(14, 20)}, 0), 0xffffU);
    }
}

TEST(FieldEngineRun, AZeroUdpChecksumIsSentAsOnes) {
    // Over all values of one word the sum is zero once.
    Stream run(kUdp, {flow({{"size", 2}, {"max_value", 65535}}), write_at("Raw.load"),
                      instruction("STLVmFixChecksumHw", {{"l3_offset", "IP"}, {"l4_offset", "UDP"}, {"l4_type", 11}})});
    std::size_t ones = 0;
    for (const Bytes& packet : run.packets(65536)) {
        const unsigned checksum = packet[40] * 256U + packet[41];
        ASSERT_NE(checksum, 0U);
        ones += checksum == 0xffff ? 1 : 0;
    }
    EXPECT_EQ(ones, 1U);
}

TEST(FieldEngineRun, HeadersThatDoNotLieInThePacketAreLeft) {
    // The packet is cut within its UDP header; and a header length of 60 bytes reaches beyond the end.
    Stream cut(kUdp, {flow({{"size", 1}, {"min_value", 0}, {"max_value", 61}}),
                      instruction("STLVmTrimPktSize", {{"fv_name", "v"}}),
                      instruction("STLVmFixChecksumHw", {{"l3_offset", "IP"}, {"l4_offset", "UDP"}, {"l4_type", 11}})});
    for (const Bytes& packet : cut.packets(62)) {
        const bool is_whole = packet.size() >= 34;
        EXPECT_TRUE(!is_whole || ones_complement_sum({ByteView(packet).subspan(14, 20)}, 0) == 0xffffU);
    }
    Stream longest("Ether()/IP()/UDP()",
                   {flow({{"size", 1}, {"max_value", 15}}),
                    instruction("STLVmWrMaskFlowVar", {{"fv_name", "v"}, {"pkt_offset", "IP.ihl"}}),
                    instruction("STLVmFixIpv4", {{"offset", "IP"}})});
    EXPECT_EQ(longest.packets(16).size(), 16U);
}

TEST(FieldEngineRun, OrderOfInstructionsCounts) {
    const json number = flow({{"size", 2}, {"min_value", 5}, {"max_value", 5}});
    const json fix = instruction("STLVmFixIpv4", {{"offset", "IP"}});
    const Bytes after = Stream(kUdp, {number, write_at("IP.id"), fix}).packets(1).front();
    const Bytes before = Stream(kUdp, {number, fix, write_at("IP.id")}).packets(1).front();
    EXPECT_EQ(ones_complement_sum({ByteView(after).subspan(14, 20)}, 0), 0xffffU);
    EXPECT_NE(ones_complement_sum({ByteView(before).subspan(14, 20)}, 0), 0xffffU);
}

TEST(FieldChanges, NameTheFieldsThatDiffer) {
    Stream run("Ether()/Dot1Q(vlan=1)/IP(src='16.0.0.1')/UDP()",
               {flow({{"size", 2}, {"min_value", 1}, {"max_value", 4000}}),
                instruction("STLVmWrMaskFlowVar", {{"fv_name", "v"}, {"pkt_offset", "Dot1Q.vlan"}}),
                write_at("IP.src", {{"offset_fixup", 2}})});
    const field_engine::FieldChanges changes(run.packet.layout, database());
    const std::vector<Bytes> packets = run.packets(2);
    EXPECT_TRUE(changes.in(packets[0]).empty());
    const std::vector<field_engine::FieldChange> found = changes.in(packets[1]);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].layer, 1U);
    EXPECT_EQ(found[0].field->id, "vlan");
    EXPECT_EQ(found[0].offset, 14U);
    EXPECT_EQ(found[0].value, model::Value(Integer{2}));
    EXPECT_EQ(found[1].layer, 2U);
    EXPECT_EQ(found[1].field->id, "src");
    EXPECT_EQ(found[1].offset, 30U);
    EXPECT_EQ(found[1].value, model::Value(std::string("16.0.0.2")));
    // What was cut off is no change.
    EXPECT_EQ(changes.in(ByteView(packets[1]).first(20)).size(), 1U);
}

}  // namespace
}  // namespace framewright::tests
