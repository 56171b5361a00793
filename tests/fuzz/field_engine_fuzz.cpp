// Whatever a program says, it is compiled or refused with an error that says why. One that is compiled comes back from
// decompiling, and runs within its packet.
//
// Input: the JSON text of a program, as a client sends it or compiled.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "protocol_db/field_engine/compile.hpp"
#include "protocol_db/field_engine/field_changes.hpp"
#include "protocol_db/field_engine/program_error.hpp"
#include "protocol_db/field_engine/program_json.hpp"
#include "protocol_db/field_engine/run.hpp"
#include "tests/unit/packet_helpers.hpp"

namespace {

using namespace framewright;
using nlohmann::json;

constexpr int kPackets = 20;
constexpr std::size_t kLongestInput = 16384;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

struct TestPacket {
    model::Packet packet = tests::packet_of("Ether()/Dot1Q()/IP()/UDP()/IPv6()/ICMPv6EchoRequest(data='payload')");
    packet::InspectedPacket inspected = packet::inspect(packet, tests::database());
    field_engine::PacketLayout layout{packet, inspected, tests::database()};
    field_engine::FieldChanges changes{layout, tests::database()};
};

void run(const field_engine::Program& program, const TestPacket& test) {
    field_engine::Runner runner(program, test.inspected.built.bytes);
    for (int count = 0; count < kPackets; ++count) {
        runner.advance();
        const ByteView packet = runner.write();
        require(packet.size() <= test.layout.size());
        test.changes.in(packet);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const TestPacket test;
    const json given = json::parse(data, data + std::min(size, kLongestInput), nullptr, false);
    if (given.is_discarded()) {
        return 0;
    }
    try {
        decompile(field_engine::program_of_json(given));
    } catch (const field_engine::ProgramError&) {
        // Refused, as it should be.
    }
    try {
        const field_engine::Program program = field_engine::compile(given, test.layout);
        const json compiled = to_json(program);
        const json back = decompile(field_engine::program_of_json(compiled));
        require(json(to_json(field_engine::compile(back, test.layout))) == compiled);
        run(program, test);
    } catch (const field_engine::ProgramError& error) {
        require(*error.what() != '\0');
    }
    return 0;
}
