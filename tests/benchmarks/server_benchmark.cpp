// Requests over TCP loopback to a server that is a process of its own. Targets: build_pkt of Ether/IP/TCP at most 1.5
// times an echo of the same request and reply sizes over the same kind of socket (ROUTER, from a REQ client) in the
// same run; from the start of the process to its first answer at most 100 ms.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <zmq.hpp>

#include "tests/benchmarks/requests.hpp"
#include "tests/benchmarks/server_process.hpp"

namespace framewright::benchmarks {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Answers every message with the same text, from a ROUTER socket in a thread of its own.
class EchoServer {
public:
    explicit EchoServer(std::string reply) : reply_(std::move(reply)), socket_(context_, zmq::socket_type::router) {
        socket_.set(zmq::sockopt::linger, 0);
        socket_.bind("tcp://127.0.0.1:*");
        endpoint_ = socket_.get(zmq::sockopt::last_endpoint);
        thread_ = std::jthread([this] { run(); });
    }
    ~EchoServer() { context_.shutdown(); }
    EchoServer(const EchoServer&) = delete;
    EchoServer& operator=(const EchoServer&) = delete;

    const std::string& endpoint() const { return endpoint_; }

private:
    void run() {
        try {
            for (;;) {
                // The client's identity, the delimiter, the request.
                std::array<zmq::message_t, 3> frames;
                for (zmq::message_t& frame : frames) {
                    static_cast<void>(socket_.recv(frame));
                }
                socket_.send(frames[0], zmq::send_flags::sndmore);
                socket_.send(frames[1], zmq::send_flags::sndmore);
                socket_.send(zmq::buffer(reply_));
            }
        } catch (const zmq::error_t&) {
            socket_.close();
        }
    }

    std::string reply_;
    zmq::context_t context_;
    zmq::socket_t socket_;
    std::string endpoint_;
    std::jthread thread_;
};

class Client {
public:
    explicit Client(const std::string& endpoint) : socket_(context_, zmq::socket_type::req) {
        constexpr int kPatience = 10'000;
        socket_.set(zmq::sockopt::linger, 0);
        socket_.set(zmq::sockopt::rcvtimeo, kPatience);
        socket_.connect(endpoint);
    }

    std::string exchange(const std::string& request) {
        zmq::message_t reply;
        socket_.send(zmq::buffer(request));
        if (!socket_.recv(reply)) {
            throw std::runtime_error("no reply");
        }
        return reply.to_string();
    }

private:
    zmq::context_t context_;
    zmq::socket_t socket_;
};

double median(std::vector<double>& samples) {
    const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
    std::nth_element(samples.begin(), middle, samples.end());
    return *middle;
}

/// One request and one echo in turn, so that whatever disturbs the machine meets both. The time is the request's.
void against_echo(benchmark::State& state, const std::string& request) {
    const ServerProcess server;
    Client client(server.endpoint());
    const std::string reply = client.exchange(request);
    const EchoServer echo(reply);
    Client echo_client(echo.endpoint());
    std::vector<double> request_times;
    std::vector<double> echo_times;
    echo_client.exchange(request);
    for ([[maybe_unused]] auto _ : state) {
        auto begin = Clock::now();
        benchmark::DoNotOptimize(echo_client.exchange(request));
        echo_times.push_back(seconds_since(begin));
        begin = Clock::now();
        benchmark::DoNotOptimize(client.exchange(request));
        request_times.push_back(seconds_since(begin));
        state.SetIterationTime(request_times.back());
    }
    const double request_median = median(request_times);
    const double echo_median = median(echo_times);
    state.counters["request_us"] = request_median * 1e6;
    state.counters["echo_us"] = echo_median * 1e6;
    state.counters["ratio"] = request_median / echo_median;
    state.counters["request_bytes"] = static_cast<double>(request.size());
    state.counters["reply_bytes"] = static_cast<double>(reply.size());
}

void BM_BuildOverTcp(benchmark::State& state) {
    against_echo(state, build_request());
}
BENCHMARK(BM_BuildOverTcp)->UseManualTime()->MinTime(2)->Unit(benchmark::kMicrosecond);

void BM_GetVersionOverTcp(benchmark::State& state) {
    against_echo(state, request("get_version", nlohmann::json::array()));
}
BENCHMARK(BM_GetVersionOverTcp)->UseManualTime()->MinTime(1)->Unit(benchmark::kMicrosecond);

/// From the start of the process until its first answer has arrived.
void BM_StartToFirstAnswer(benchmark::State& state) {
    const std::string first = request("get_version", nlohmann::json::array());
    std::vector<double> times;
    for ([[maybe_unused]] auto _ : state) {
        const auto begin = Clock::now();
        const ServerProcess server;
        Client(server.endpoint()).exchange(first);
        times.push_back(seconds_since(begin));
        state.SetIterationTime(times.back());
    }
    state.counters["slowest_ms"] = *std::max_element(times.begin(), times.end()) * 1e3;
    state.counters["median_ms"] = median(times) * 1e3;
}
BENCHMARK(BM_StartToFirstAnswer)->UseManualTime()->Iterations(20)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace framewright::benchmarks
