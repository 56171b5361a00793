// What it costs to start: the definitions (target: 50 ms), and all that a service makes of them.
#include <benchmark/benchmark.h>

#include "protocol_db/loader/loader.hpp"
#include "rpc/service.hpp"

namespace framewright {
namespace {

void BM_LoadDefinitions(benchmark::State& state) {
    std::size_t protocols = 0;
    for ([[maybe_unused]] auto _ : state) {
        const auto database = loader::load_built_in();
        protocols = database->protocols().size();
        benchmark::DoNotOptimize(database.get());
    }
    state.counters["protocols"] = static_cast<double>(protocols);
}
BENCHMARK(BM_LoadDefinitions)->Unit(benchmark::kMillisecond);

void BM_MakeService(benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) {
        const rpc::Service service;
        benchmark::DoNotOptimize(&service);
    }
}
BENCHMARK(BM_MakeService)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace framewright
