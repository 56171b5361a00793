// The server in this process, over real sockets, with handlers that show when they are called.
#include "server/server.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <future>
#include <latch>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "tests/system/server_process.hpp"

namespace framewright::tests {
namespace {

using namespace std::chrono_literals;

class RunningServer {
public:
    explicit RunningServer(server::Handler handler, server::ServerOptions options = {})
        : server_(local(std::move(options)), std::move(handler),
                  std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>())),
          ended_(std::async(std::launch::async, [this] { return server_.run(); })) {}
    ~RunningServer() { server_.stop(); }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    std::string endpoint() const { return "tcp://127.0.0.1:" + std::to_string(server_.port()); }
    void stop() { server_.stop(); }
    std::future<server::EndReason>& ended() { return ended_; }

private:
    static server::ServerOptions local(server::ServerOptions options) {
        options.address = "127.0.0.1";
        options.port = 0;
        return options;
    }

    server::Server server_;
    std::future<server::EndReason> ended_;
};

std::string echo(std::string_view request, rpc::Outcome&) {
    return std::string(request);
}

/// Answers at once, but "slow", which waits until it is let go.
class SlowHandler {
public:
    std::string operator()(std::string_view request, rpc::Outcome&) {
        if (request.starts_with("slow")) {
            begun_.release();
            go_on_.acquire();
        }
        return std::string(request);
    }
    void wait_for_begin() { ASSERT_TRUE(begun_.try_acquire_for(kPatience)); }
    void let_go(int count = 1) { go_on_.release(count); }
    server::Handler handler() {
        return [this](std::string_view request, rpc::Outcome& outcome) { return (*this)(request, outcome); };
    }

private:
    std::counting_semaphore<> begun_{0};
    std::counting_semaphore<> go_on_{0};
};

TEST(Server, AnswersManyRequestsOfOneClient) {
    RunningServer server(echo);
    Client client(server.endpoint());
    for (int i = 0; i < 2000; ++i) {
        ASSERT_EQ(client.exchange(std::to_string(i)), std::to_string(i));
    }
}

TEST(Server, AnswersAfterAPause) {
    RunningServer server(echo);
    Client client(server.endpoint());
    for (int i = 0; i < 5; ++i) {
        ASSERT_EQ(client.exchange("x"), "x");
        std::this_thread::sleep_for(20 * server::kPatience);
    }
}

TEST(Server, SlowRequestHoldsUpNobodyElse) {
    SlowHandler slow;
    RunningServer server(slow.handler());
    Client waiting(server.endpoint());
    Client quick(server.endpoint());
    EXPECT_EQ(quick.exchange("first"), "first");
    waiting.send("slow");
    slow.wait_for_begin();
    for (int i = 0; i < 500; ++i) {
        ASSERT_EQ(quick.exchange("quick"), "quick");
    }
    slow.let_go();
    EXPECT_EQ(waiting.receive(), "slow");
}

TEST(Server, AllWorkersButOneMayBeBusy) {
    SlowHandler slow;
    RunningServer server(slow.handler(), {.workers = 4});
    std::vector<std::unique_ptr<Client>> waiting;
    for (int i = 0; i < 3; ++i) {
        waiting.push_back(std::make_unique<Client>(server.endpoint()));
        waiting.back()->send("slow" + std::to_string(i));
        slow.wait_for_begin();
    }
    Client quick(server.endpoint());
    EXPECT_EQ(quick.exchange("quick"), "quick");
    slow.let_go(3);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(waiting[static_cast<std::size_t>(i)]->receive(), "slow" + std::to_string(i));
    }
}

TEST(Server, MoreSlowRequestsThanWorkersAreAllAnswered) {
    SlowHandler slow;
    RunningServer server(slow.handler(), {.workers = 2});
    Client dealer(server.endpoint(), zmq::socket_type::dealer);
    for (int i = 0; i < 10; ++i) {
        dealer.send("slow");
    }
    slow.wait_for_begin();
    slow.wait_for_begin();
    slow.let_go(10);
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(dealer.receive(), "slow");
    }
}

TEST(Server, OneWorkerIsEnough) {
    RunningServer server(echo, {.workers = 1});
    Client first(server.endpoint());
    Client second(server.endpoint());
    for (int i = 0; i < 200; ++i) {
        first.send("1");
        second.send("2");
        ASSERT_EQ(first.receive(), "1");
        ASSERT_EQ(second.receive(), "2");
    }
}

TEST(Server, ManyClientsGetTheirOwnReplies) {
    std::atomic<int> calls = 0;
    RunningServer server([&](std::string_view request, rpc::Outcome&) {
        // Some are quick, some outlast the patience of the watch.
        if (++calls % 50 == 0) {
            std::this_thread::sleep_for(3 * server::kPatience);
        }
        return std::string(request);
    });
    constexpr int kClients = 16;
    constexpr int kRequests = 200;
    std::vector<std::future<int>> clients;
    for (int i = 0; i < kClients; ++i) {
        clients.push_back(std::async(std::launch::async, [&server, i] {
            Client client(server.endpoint());
            int right = 0;
            for (int j = 0; j < kRequests; ++j) {
                const std::string text = std::to_string(i) + "/" + std::to_string(j);
                right += client.exchange(text) == text ? 1 : 0;
            }
            return right;
        }));
    }
    for (auto& client : clients) {
        EXPECT_EQ(client.get(), kRequests);
    }
    EXPECT_EQ(calls, kClients * kRequests);
}

TEST(Server, DealerClientsWithAndWithoutDelimiter) {
    RunningServer server(echo);
    Client dealer(server.endpoint(), zmq::socket_type::dealer);
    for (int i = 0; i < 100; ++i) {
        dealer.send(std::to_string(i));
    }
    std::vector<bool> seen(100);
    for (int i = 0; i < 100; ++i) {
        const auto reply = dealer.receive();
        ASSERT_TRUE(reply);
        seen.at(static_cast<std::size_t>(std::stoi(*reply))) = true;
        EXPECT_FALSE(dealer.socket().get(zmq::sockopt::rcvmore));
    }
    EXPECT_EQ(seen, std::vector<bool>(100, true));

    dealer.socket().send(zmq::str_buffer(""), zmq::send_flags::sndmore);
    dealer.socket().send(zmq::str_buffer("delimited"));
    EXPECT_EQ(dealer.receive(), "");
    EXPECT_TRUE(dealer.socket().get(zmq::sockopt::rcvmore));
    EXPECT_EQ(dealer.receive(), "delimited");
}

/// Sends the frames as one message.
void send_frames(Client& client, const std::vector<std::string>& frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
        client.socket().send(zmq::buffer(frames[i]),
                             i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
}

/// The frames of the next message.
std::vector<std::string> receive_frames(Client& client) {
    std::vector<std::string> frames;
    do {
        frames.push_back(client.receive().value_or("nothing came"));
    } while (client.socket().get(zmq::sockopt::rcvmore));
    return frames;
}

TEST(Server, OddFrames) {
    using Frames = std::vector<std::string>;
    RunningServer server(echo);
    Client dealer(server.endpoint(), zmq::socket_type::dealer);
    // A route through other sockets comes back; a request in parts is one request; an empty one is one too.
    send_frames(dealer, {"route", "further", "", "request"});
    EXPECT_EQ(receive_frames(dealer), (Frames{"route", "further", "", "request"}));
    send_frames(dealer, {"", "re", "quest"});
    EXPECT_EQ(receive_frames(dealer), (Frames{"", "request"}));
    send_frames(dealer, {"re", "quest"});
    EXPECT_EQ(receive_frames(dealer), (Frames{"request"}));
    send_frames(dealer, {""});
    EXPECT_EQ(receive_frames(dealer), (Frames{""}));
    send_frames(dealer, {"", ""});
    EXPECT_EQ(receive_frames(dealer), (Frames{"", ""}));
    send_frames(dealer, {"", "", "request"});
    EXPECT_EQ(receive_frames(dealer), (Frames{"", "request"}));
    // Too many frames are dropped, with the connection as good as before; the server adds one, the identity.
    send_frames(dealer, Frames(server::kMaximumFrames, "x"));
    send_frames(dealer, Frames(server::kMaximumFrames - 1, "x"));
    EXPECT_EQ(receive_frames(dealer), (Frames{std::string(server::kMaximumFrames - 1, 'x')}));
}

TEST(Server, OversizedMessageCostsOnlyItsConnection) {
    RunningServer server(echo, {.maximum_message = 10'000});
    Client good(server.endpoint());
    EXPECT_EQ(good.exchange(std::string(10'000, 'x')).size(), 10'000U);
    Client bad(server.endpoint(), zmq::socket_type::req, 300ms);
    bad.send(std::string(10'001, 'x'));
    EXPECT_FALSE(bad.receive());
    // In frames that are each allowed, the sum is not.
    Client sly(server.endpoint(), zmq::socket_type::dealer, 300ms);
    send_frames(sly, {std::string(9'000, 'x'), std::string(9'000, 'x')});
    EXPECT_FALSE(sly.receive());
    EXPECT_EQ(good.exchange("still here"), "still here");
}

TEST(Server, ClientsThatLeaveCostNothing) {
    SlowHandler slow;
    RunningServer server(slow.handler());
    for (int i = 0; i < 20; ++i) {
        Client leaving(server.endpoint());
        leaving.send("slow");
        slow.wait_for_begin();
        if (i % 2 == 0) {
            slow.let_go();
        } else {
            std::thread([&slow] { slow.let_go(); }).join();
        }
    }
    Client client(server.endpoint());
    EXPECT_EQ(client.exchange("here"), "here");
}

TEST(Server, HandlerThatThrowsIsAnswered) {
    RunningServer server([](std::string_view, rpc::Outcome&) -> std::string { throw std::runtime_error("a bug"); });
    Client client(server.endpoint());
    const auto reply = nlohmann::json::parse(client.exchange("x"));
    EXPECT_EQ(reply["error"]["code"], rpc::kUnknownError);
    EXPECT_EQ(reply["error"]["message"], "Scapy Server: Unknown Error");
}

TEST(Server, StopsWhenIdle) {
    RunningServer server(echo);
    server.stop();
    ASSERT_EQ(server.ended().wait_for(kPatience), std::future_status::ready);
    EXPECT_EQ(server.ended().get(), server::EndReason::kStopped);
}

TEST(Server, StopAnswersWhatHasArrived) {
    SlowHandler slow;
    RunningServer server(slow.handler(), {.workers = 2});
    Client first(server.endpoint());
    Client dealer(server.endpoint(), zmq::socket_type::dealer);
    first.send("slow first");
    slow.wait_for_begin();
    for (int i = 0; i < 5; ++i) {
        dealer.send("slow" + std::to_string(i));
    }
    slow.wait_for_begin();
    std::this_thread::sleep_for(100ms);  // The requests that no worker is free for are at the socket by now.
    server.stop();
    EXPECT_EQ(server.ended().wait_for(50ms), std::future_status::timeout);
    slow.let_go(6);
    EXPECT_EQ(first.receive(), "slow first");
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(dealer.receive()) << i;
    }
    ASSERT_EQ(server.ended().wait_for(kPatience), std::future_status::ready);
}

TEST(Server, StopsUnderLoad) {
    RunningServer server(echo);
    std::atomic<bool> done = false;
    std::vector<std::jthread> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&] {
            Client client(server.endpoint(), zmq::socket_type::dealer, 100ms);
            while (!done) {
                client.send("x");
                client.receive();
            }
        });
    }
    std::this_thread::sleep_for(100ms);
    server.stop();
    EXPECT_EQ(server.ended().wait_for(server::kDrainTime + server::kLinger + 5s), std::future_status::ready);
    done = true;
}

TEST(Server, ShutDownIsAnsweredFirst) {
    RunningServer server([](std::string_view request, rpc::Outcome& outcome) {
        outcome.shut_down = request == "end";
        return std::string(request);
    });
    Client client(server.endpoint());
    EXPECT_EQ(client.exchange("x"), "x");
    EXPECT_EQ(client.exchange("end"), "end");
    ASSERT_EQ(server.ended().wait_for(kPatience), std::future_status::ready);
    EXPECT_EQ(server.ended().get(), server::EndReason::kShutDown);
}

TEST(Server, LargeRepliesInFlightAreDelivered) {
    RunningServer server([](std::string_view, rpc::Outcome& outcome) {
        outcome.shut_down = true;
        return std::string(64U << 20U, 'x');
    });
    Client client(server.endpoint());
    EXPECT_EQ(client.exchange("x").size(), 64U << 20U);
    ASSERT_EQ(server.ended().wait_for(kPatience), std::future_status::ready);
}

TEST(Server, PortInUse) {
    RunningServer server(echo);
    server::ServerOptions options{.address = "127.0.0.1"};
    options.port = static_cast<std::uint16_t>(std::stoi(server.endpoint().substr(server.endpoint().rfind(':') + 1)));
    EXPECT_THROW(server::Server(options, echo, spdlog::default_logger()), server::ListenError);
}

}  // namespace
}  // namespace framewright::tests
