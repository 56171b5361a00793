#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "rpc/json_rpc.hpp"
#include "server/descriptors.hpp"

namespace spdlog {
class logger;
}

namespace framewright::server {

inline constexpr std::uint16_t kDefaultPort = 4507;
inline constexpr std::size_t kDefaultMaximumMessage = 16U << 20U;
inline constexpr unsigned kMaximumWorkers = 256;

/// Frames of one message: routing identities, the empty delimiter, the request.
inline constexpr std::size_t kMaximumFrames = 64;

/// Bytes of a message beyond its request's.
inline constexpr std::size_t kMaximumIdentity = 256;

/// So long may a request keep the front socket from the other workers.
inline constexpr std::chrono::milliseconds kPatience{1};

/// So long does an ending server still take up the requests that have arrived.
inline constexpr std::chrono::seconds kDrainTime{2};

/// So long does an ended server wait until its last replies are on their way.
inline constexpr std::chrono::seconds kLinger{2};

/// Four at least, so that a few slow requests at once leave a worker to the quick ones; one a hardware thread.
unsigned default_workers();

struct ServerOptions {
    std::string address = "0.0.0.0";    ///< An IPv4 or IPv6 address of this machine, or "localhost", or "*".
    std::uint16_t port = kDefaultPort;  ///< 0: any free port.
    unsigned workers = default_workers();
    std::size_t maximum_message = kDefaultMaximumMessage;  ///< Bytes; a client that sends more is disconnected.
};

/// The server cannot listen where it was told to.
class ListenError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Turns a request into its reply (empty where none is due) and notes what became of it. Several threads call it.
using Handler = std::function<std::string(std::string_view request, rpc::Outcome& outcome)>;

enum class EndReason {
    kStopped,   ///< stop(), or the descriptor given to run().
    kShutDown,  ///< A request asked for it.
};

/// Answers requests on a ZeroMQ ROUTER socket, over which REQ and DEALER clients (with or without the empty delimiter)
/// get one reply for each message.
///
/// The workers are leader and followers: one of them, the leader, waits at the socket; when a request comes it gives
/// the socket up and answers it, then takes the socket again and sends the reply. So a request is answered without a
/// change of threads, which would cost as much as an echo. Another worker takes over at the socket when more requests
/// wait, or when the answer takes longer than kPatience.
class Server {
public:
    /// Listens at once; requests are answered in run(). Throws ListenError.
    Server(const ServerOptions& options, Handler handler, std::shared_ptr<spdlog::logger> log);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// The port that is listened on.
    std::uint16_t port() const noexcept { return port_; }

    /// Answers requests until stop(), until end_descriptor (if there is one) can be read, or until a request shuts the
    /// server down; then calls on_end, answers the requests that have arrived, sends the replies and returns. May be
    /// called once.
    EndReason run(std::optional<int> end_descriptor = {}, const std::function<void(EndReason)>& on_end = {});

    /// Ends run(), from any thread.
    void stop() noexcept { stop_.signal(); }

private:
    using Clock = std::chrono::steady_clock;

    /// A request or its reply: the frames that lead to the client, and the text.
    struct Message {
        std::vector<zmq::message_t> envelope;
        zmq::message_t body;
    };

    void work();
    std::optional<Message> lead(std::vector<Message> replies);
    std::optional<Message> receive();
    bool has_more();
    void send(std::vector<Message> replies);
    std::vector<Message> take_outbox();
    void begin_end(EndReason reason);
    bool is_receiving();
    bool is_finished();
    Message answer(Message request, bool& shut_down);
    void watch(std::optional<int> end_descriptor, const std::function<void(EndReason)>& on_end);

    ServerOptions options_;
    Handler handler_;
    std::shared_ptr<spdlog::logger> log_;

    EventDescriptor stop_;
    EventDescriptor leader_wanted_;  ///< The outbox has replies, or the end has come.
    EventDescriptor watch_wanted_;   ///< watched_ was set, the end has come, or the last worker is done.

    // The leader's.
    zmq::context_t context_{1};
    zmq::socket_t front_;
    std::uint16_t port_ = 0;

    // Everybody's, under the mutex.
    std::mutex mutex_;
    std::condition_variable leader_missing_;
    bool has_leader_ = false;
    bool watched_ = false;         ///< The watch looks after kPatience; so it is whenever there is no leader.
    std::uint64_t received_ = 0;   ///< Requests so far.
    std::size_t answering_ = 0;    ///< Requests whose reply is not in the outbox yet.
    std::vector<Message> outbox_;  ///< For the leader to send.
    std::size_t working_ = 0;      ///< Threads in work().
    std::optional<EndReason> ending_;
    Clock::time_point drain_until_;  ///< When ending: no further requests are taken up.
    bool finished_ = false;          ///< Ending, and nothing is left to answer or to send.
};

}  // namespace framewright::server
