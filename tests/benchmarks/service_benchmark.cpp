// Requests in process: from the text of a request to that of its reply. Targets: build_pkt of Ether/IP/TCP 30 us,
// read_pcap of 8,000 small packets 1 s, run_field_engine of 100,000 packets 1 s.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "protocol_db/capture/capture.hpp"
#include "tests/benchmarks/requests.hpp"

namespace framewright::benchmarks {
namespace {

using nlohmann::json;

const rpc::Service& service() {
    static const rpc::Service instance;
    return instance;
}

/// Times handle() for one request; its reply must be a success.
void answer(benchmark::State& state, const std::string& request) {
    rpc::Outcome outcome;
    const std::string first = service().handle(request, &outcome);
    if (outcome.error_code) {
        state.SkipWithError(outcome.error_message.c_str());
        return;
    }
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(service().handle(request));
    }
    state.counters["request_bytes"] = static_cast<double>(request.size());
    state.counters["reply_bytes"] = static_cast<double>(first.size());
}

json layers(std::initializer_list<const char*> ids) {
    json model = json::array();
    for (const char* const id : ids) {
        model.push_back({{"id", id}});
    }
    return model;
}

void BM_BuildEtherIpTcp(benchmark::State& state) {
    answer(state, build_request());
}
BENCHMARK(BM_BuildEtherIpTcp)->Unit(benchmark::kMicrosecond);

void BM_BuildEtherIpv6Udp(benchmark::State& state) {
    answer(state, request("build_pkt", json::array({layers({"Ether", "IPv6", "UDP"})})));
}
BENCHMARK(BM_BuildEtherIpv6Udp)->Unit(benchmark::kMicrosecond);

void BM_BuildTcpOptions(benchmark::State& state) {
    json model = tcp_model();
    model[2]["fields"].push_back(
        {{"id", "options"},
         {"value",
          {{"vtype", "EXPRESSION"}, {"expr", "[('MSS', 1460), ('NOP', None), ('NOP', None), ('SAckOK', b'')]"}}}});
    answer(state, request("build_pkt", json::array({model})));
}
BENCHMARK(BM_BuildTcpOptions)->Unit(benchmark::kMicrosecond);

void BM_BuildDnsResponse(benchmark::State& state) {
    json model = layers({"Ether", "IP", "UDP", "DNS"});
    model[3]["fields"] = {
        {{"id", "qd"}, {"value", {{"vtype", "EXPRESSION"}, {"expr", "DNSQR(qname='example.com')"}}}},
        {{"id", "an"},
         {"value", {{"vtype", "EXPRESSION"}, {"expr", "DNSRR(rrname='example.com', rdata='192.0.2.1')"}}}}};
    answer(state, request("build_pkt", json::array({model})));
}
BENCHMARK(BM_BuildDnsResponse)->Unit(benchmark::kMicrosecond);

/// A payload of so many bytes.
void BM_BuildPayload(benchmark::State& state) {
    json model = layers({"Ether", "Raw"});
    model[1]["fields"] = {
        {{"id", "load"},
         {"value",
          {{"vtype", "BYTES"}, {"base64", base64_encode(Bytes(static_cast<std::size_t>(state.range(0)), 42))}}}}};
    answer(state, request("build_pkt", json::array({model})));
}
BENCHMARK(BM_BuildPayload)->Arg(64)->Arg(1400)->Arg(9000)->Arg(1 << 20)->Unit(benchmark::kMicrosecond);

void BM_ReconstructEtherIpTcp(benchmark::State& state) {
    const std::string packet = base64_encode(built_packet(service(), tcp_model()));
    answer(state, request("reconstruct_pkt", json::array({packet})));
}
BENCHMARK(BM_ReconstructEtherIpTcp)->Unit(benchmark::kMicrosecond);

void BM_ReconstructAndChange(benchmark::State& state) {
    const std::string packet = base64_encode(built_packet(service(), tcp_model()));
    const json change = json::parse(R"([{"id": "Ether"}, {"id": "IP", "fields": [{"id": "ttl", "value": "5"}]}])");
    answer(state, request("reconstruct_pkt", json::array({packet, change})));
}
BENCHMARK(BM_ReconstructAndChange)->Unit(benchmark::kMicrosecond);

/// A capture of so many small packets: TCP segments, UDP datagrams and ARP requests in turn.
void BM_ReadPcap(benchmark::State& state) {
    const std::vector<Bytes> kinds{built_packet(service(), tcp_model()),
                                   built_packet(service(), layers({"Ether", "IP", "UDP", "Raw"})),
                                   built_packet(service(), layers({"Ether", "ARP"}))};
    std::vector<Bytes> packets;
    for (std::int64_t index = 0; index < state.range(0); ++index) {
        packets.push_back(kinds[static_cast<std::size_t>(index) % kinds.size()]);
    }
    const Bytes file = capture::write_capture(packets, capture::kLinkTypeEthernet);
    answer(state, request("read_pcap", json::array({base64_encode(file)})));
    state.counters["packets_per_second"] =
        benchmark::Counter(static_cast<double>(packets.size()), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_ReadPcap)->Arg(100)->Arg(2000)->Arg(8000)->Unit(benchmark::kMillisecond);

void BM_WritePcap(benchmark::State& state) {
    const std::string packet = base64_encode(built_packet(service(), tcp_model()));
    answer(state, request("write_pcap", json::array({std::vector<std::string>(8000, packet)})));
}
BENCHMARK(BM_WritePcap)->Unit(benchmark::kMillisecond);

/// So many packets of a program with three variables, and their checksums.
void BM_RunFieldEngine(benchmark::State& state) {
    const json program = json::parse(R"({"field_engine": {"instructions": [
        {"id": "STLVmFlowVar", "parameters": {"name": "source", "min_value": "16.0.0.1", "max_value": "16.0.255.254"}},
        {"id": "STLVmWrFlowVar", "parameters": {"fv_name": "source", "pkt_offset": "IP.src"}},
        {"id": "STLVmFlowVar", "parameters": {"name": "port", "size": 2, "op": "random", "max_value": 65535}},
        {"id": "STLVmWrFlowVar", "parameters": {"fv_name": "port", "pkt_offset": "UDP.dport"}},
        {"id": "STLVmFlowVar", "parameters": {"name": "vlan", "size": 2, "op": "dec", "min_value": 1, "max_value": 4094}},
        {"id": "STLVmWrMaskFlowVar", "parameters": {"fv_name": "vlan", "pkt_offset": "Dot1Q.vlan"}},
        {"id": "STLVmFixChecksumHw", "parameters": {"l3_offset": "IP", "l4_offset": "UDP", "l4_type": 11}}]}})");
    answer(state,
           request("run_field_engine", {layers({"Ether", "Dot1Q", "IP", "UDP", "Raw"}), program, state.range(0)}));
    state.counters["packets_per_second"] =
        benchmark::Counter(static_cast<double>(state.range(0)), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_RunFieldEngine)->Arg(100)->Arg(100'000)->Unit(benchmark::kMillisecond);

/// The protocols on top of one whose definition has a suggestion, and of others for which those are tried that its
/// definition, and theirs, lead to.
void BM_GetPayloadClasses(benchmark::State& state, const char* protocol) {
    answer(state, request("get_payload_classes", json::array({layers({protocol})})));
}
BENCHMARK_CAPTURE(BM_GetPayloadClasses, Ether, "Ether")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_GetPayloadClasses, IP, "IP")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_GetPayloadClasses, UDP, "UDP")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_GetPayloadClasses, IPv6, "IPv6")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_GetPayloadClasses, DNS, "DNS")->Unit(benchmark::kMicrosecond);

/// The same of every protocol in turn. Target: 2 ms for the slowest. `ratio`: that, in times of building Ether/IP/TCP.
void BM_GetPayloadClassesOfEveryProtocol(benchmark::State& state) {
    using Clock = std::chrono::steady_clock;
    const auto seconds_for = [](const std::string& request) {
        constexpr int kTimes = 3;
        double least = std::numeric_limits<double>::max();
        for (int time = 0; time < kTimes; ++time) {
            const auto begin = Clock::now();
            benchmark::DoNotOptimize(service().handle(request));
            least = std::min(least, std::chrono::duration<double>(Clock::now() - begin).count());
        }
        return least;
    };
    const json all = json::parse(service().handle(request("get_definitions", json::array({nullptr}))));
    double slowest = 0;
    for ([[maybe_unused]] auto _ : state) {
        for (const json& protocol : all.at("result").at("protocols")) {
            const json model = json::array({json{{"id", protocol.at("id")}}});
            const double seconds = seconds_for(request("get_payload_classes", json::array({model})));
            if (seconds > slowest) {
                slowest = seconds;
                state.SetLabel("slowest: " + protocol.at("id").get<std::string>());
            }
        }
    }
    state.counters["slowest_us"] = slowest * 1e6;
    state.counters["ratio"] = slowest / seconds_for(build_request());
}
BENCHMARK(BM_GetPayloadClassesOfEveryProtocol)->Unit(benchmark::kMillisecond);

void BM_GetDefinitionsOfAll(benchmark::State& state) {
    answer(state, request("get_definitions", json::array({nullptr})));
}
BENCHMARK(BM_GetDefinitionsOfAll)->Unit(benchmark::kMicrosecond);

void BM_GetAll(benchmark::State& state) {
    answer(state, request("get_all", json::array()));
}
BENCHMARK(BM_GetAll)->Unit(benchmark::kMicrosecond);

void BM_GetTree(benchmark::State& state) {
    answer(state, request("get_tree", json::array()));
}
BENCHMARK(BM_GetTree)->Unit(benchmark::kMicrosecond);

void BM_GetVersion(benchmark::State& state) {
    answer(state, request("get_version", json::array()));
}
BENCHMARK(BM_GetVersion)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace framewright::benchmarks
