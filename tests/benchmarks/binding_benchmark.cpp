// What it costs to find the payload of a protocol that so many others stand on: the same, however many they are.
#include <benchmark/benchmark.h>

#include <string>

#include "protocol_db/loader/loader.hpp"
#include "protocol_db/packet/dissect.hpp"

namespace framewright {
namespace {

constexpr std::int64_t kFirstPort = 20000;
constexpr std::int64_t kPortsOfOne = 10;

/// Protocols of one byte on so many ports of UDP, ten each.
std::string protocols_on_udp(std::int64_t bindings) {
    std::string text = R"({"protocols": [)";
    for (std::int64_t index = 0; index < bindings; ++index) {
        if (index % kPortsOfOne == 0) {
            text += index == 0 ? "" : "]},";
            text += R"({"id": "P)" + std::to_string(index) +
                    R"(", "fields": [{"id": "x", "type": "ByteField"}], "under": [)";
        }
        text += index % kPortsOfOne == 0 ? "" : ",";
        text += R"({"protocol": "UDP", "fields": {"dport": )" + std::to_string(kFirstPort + index) + "}}";
    }
    return text + "]}]}";
}

void BM_DissectWithBindings(benchmark::State& state) {
    const std::string text = protocols_on_udp(state.range(0));
    const std::vector<loader::UserFile> files{{"bindings.json", text}};
    const auto database = loader::load_built_in(files);
    const packet::Dissector dissector(*database);
    // RFC 768: ports, length 9, no checksum, one byte; the last protocol's port.
    const auto port = static_cast<std::uint16_t>(kFirstPort + state.range(0) - 1);
    const Bytes octets{0x75, 0x30, static_cast<std::uint8_t>(port >> 8), static_cast<std::uint8_t>(port), 0, 9, 0,
                       0,    1};
    const model::Protocol& udp = *database->find("UDP");
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(dissector.dissect(udp, octets));
    }
}
BENCHMARK(BM_DissectWithBindings)->Arg(10)->Arg(100)->Arg(10'000);

}  // namespace
}  // namespace framewright
