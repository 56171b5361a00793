#include "server/server.hpp"

#include <poll.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <thread>
#include <utility>

#include "server/address.hpp"
#include "server/log.hpp"

namespace framewright::server {
namespace {

/// Where the handler itself fails: it should not.
constexpr std::string_view kUnknownErrorReply =
    R"({"jsonrpc":"2.0","id":null,"error":{"code":-32096,"message":"Scapy Server: Unknown Error","data":{}}})";

/// Connections that wait to be accepted; the kernel has a limit of its own.
constexpr int kBacklog = 1024;

// A connection whose other end is silent for so long (seconds) is tried, and dropped when nothing comes back.
constexpr int kKeepAliveIdle = 60;
constexpr int kKeepAliveInterval = 15;
constexpr int kKeepAliveCount = 4;

std::string_view view(const zmq::message_t& message) {
    return {message.data<char>(), message.size()};
}

/// The text as a message, without a copy.
zmq::message_t to_message(std::string text) {
    auto owner = std::make_unique<std::string>(std::move(text));
    zmq::message_t message(
        owner->data(), owner->size(), [](void*, void* hint) { delete static_cast<std::string*>(hint); }, owner.get());
    static_cast<void>(owner.release());
    return message;
}

/// The address that the request came from; empty where it is not known.
std::string_view client_of(const zmq::message_t& request) {
    const char* address = zmq_msg_gets(request.handle(), "Peer-Address");
    return address == nullptr ? std::string_view() : address;
}

std::uint16_t port_of(std::string_view endpoint) {
    std::uint16_t port = 0;
    endpoint.remove_prefix(endpoint.rfind(':') + 1);
    std::from_chars(endpoint.data(), endpoint.data() + endpoint.size(), port);
    return port;
}

}  // namespace

unsigned default_workers() {
    return std::clamp(std::thread::hardware_concurrency(), 4U, kMaximumWorkers);
}

Server::Server(const ServerOptions& options, Handler handler, std::shared_ptr<spdlog::logger> log)
    : options_(options),
      handler_(std::move(handler)),
      log_(std::move(log)),
      front_(context_, zmq::socket_type::router) {
    options_.workers = std::clamp(options_.workers, 1U, kMaximumWorkers);
    front_.set(zmq::sockopt::linger, static_cast<int>(std::chrono::milliseconds(kLinger).count()));
    front_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(options_.maximum_message));
    front_.set(zmq::sockopt::ipv6, is_ipv6(options_.address));
    front_.set(zmq::sockopt::backlog, kBacklog);
    front_.set(zmq::sockopt::tcp_keepalive, 1);
    front_.set(zmq::sockopt::tcp_keepalive_idle, kKeepAliveIdle);
    front_.set(zmq::sockopt::tcp_keepalive_intvl, kKeepAliveInterval);
    front_.set(zmq::sockopt::tcp_keepalive_cnt, kKeepAliveCount);
    try {
        front_.bind(listen_endpoint(options_.address, options_.port));
    } catch (const zmq::error_t& error) {
        throw ListenError("cannot listen on " + options_.address + ", port " + std::to_string(options_.port) + ": " +
                          error.what());
    }
    port_ = port_of(front_.get(zmq::sockopt::last_endpoint));
}

Server::~Server() = default;

EndReason Server::run(std::optional<int> end_descriptor, const std::function<void(EndReason)>& on_end) {
    working_ = options_.workers;
    {
        std::vector<std::jthread> workers;
        workers.reserve(options_.workers);
        for (unsigned i = 0; i < options_.workers; ++i) {
            try {
                workers.emplace_back([this] { work(); });
            } catch (const std::system_error& error) {
                if (workers.empty()) {
                    throw;
                }
                log_->warn("{} workers instead of {}: {}", i, options_.workers, error.what());
                const std::lock_guard lock(mutex_);
                working_ -= options_.workers - i;
                break;
            }
        }
        watch(end_descriptor, on_end);
    }
    front_.close();
    context_.close();
    return *ending_;
}

/// Sees to the end, and to a new leader when the last one is busy with a request for longer than kPatience.
void Server::watch(std::optional<int> end_descriptor, const std::function<void(EndReason)>& on_end) {
    std::array<pollfd, 3> events{pollfd{watch_wanted_.get(), POLLIN, 0}, pollfd{stop_.get(), POLLIN, 0},
                                 pollfd{end_descriptor.value_or(-1), POLLIN, 0}};
    bool has_told = false;
    std::uint64_t seen = 0;
    int timeout = -1;
    for (;;) {
        // Once it has ended the server, a descriptor that stays readable is looked at no more.
        const bool is_ready = poll(events.data(), has_told ? 1 : events.size(), timeout) > 0;
        if (is_ready && events[0].revents != 0) {
            watch_wanted_.clear();
        }
        std::unique_lock lock(mutex_);
        if (is_ready && !has_told && (events[1].revents != 0 || events[2].revents != 0)) {
            begin_end(EndReason::kStopped);
        }
        if (ending_ && !has_told) {
            has_told = true;
            leader_wanted_.signal();
            if (on_end) {
                lock.unlock();
                on_end(*ending_);
                lock.lock();
            }
        }
        if (working_ == 0) {
            return;
        }
        if (received_ == seen) {
            if (has_leader_) {
                watched_ = false;
            } else {
                leader_missing_.notify_one();
            }
        }
        seen = received_;
        timeout = watched_ ? static_cast<int>(kPatience.count()) : -1;
    }
}

/// What each worker does, until the server has finished.
void Server::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        leader_missing_.wait(lock, [this] { return !has_leader_ || finished_; });
        if (finished_) {
            break;
        }
        has_leader_ = true;
        auto replies = std::exchange(outbox_, {});
        lock.unlock();
        auto request = lead(std::move(replies));
        const bool more = request && has_more();
        lock.lock();
        while (!outbox_.empty()) {
            replies = std::exchange(outbox_, {});
            lock.unlock();
            send(std::move(replies));
            lock.lock();
        }
        has_leader_ = false;
        if (!request) {
            finished_ = true;
            leader_missing_.notify_all();
            break;
        }
        ++received_;
        ++answering_;
        if (more) {
            leader_missing_.notify_one();
        }
        if (!watched_) {
            watched_ = true;
            watch_wanted_.signal();
        }
        lock.unlock();
        bool shut_down = false;
        Message reply = answer(std::move(*request), shut_down);
        lock.lock();
        --answering_;
        outbox_.push_back(std::move(reply));
        if (shut_down) {
            begin_end(EndReason::kShutDown);
            watch_wanted_.signal();
        }
        if (has_leader_) {
            leader_wanted_.signal();
        }
    }
    if (--working_ == 0) {
        watch_wanted_.signal();
    }
}

/// Sends the replies, and those that come, until there is a request; none when the server has finished.
std::optional<Server::Message> Server::lead(std::vector<Message> replies) {
    send(std::move(replies));
    for (;;) {
        const bool receiving = is_receiving();
        if (receiving) {
            if (auto request = receive()) {
                return request;
            }
        }
        if (is_finished()) {
            return {};
        }
        std::array<zmq::pollitem_t, 2> events{
            zmq::pollitem_t{nullptr, leader_wanted_.get(), ZMQ_POLLIN, 0},
            zmq::pollitem_t{front_.handle(), 0, ZMQ_POLLIN, 0},
        };
        try {
            zmq::poll(events.data(), receiving ? 2 : 1, std::chrono::milliseconds{-1});
        } catch (const zmq::error_t& error) {
            if (error.num() != EINTR) {
                throw;
            }
        }
        if (events[0].revents != 0) {
            leader_wanted_.clear();
            send(take_outbox());
        }
    }
}

/// Called with the mutex locked. The socket stays bound: without its listener it would drop the clients' connections.
void Server::begin_end(EndReason reason) {
    if (!ending_) {
        ending_ = reason;
        drain_until_ = Clock::now() + kDrainTime;
    }
}

/// Whether requests are still taken up.
bool Server::is_receiving() {
    const std::lock_guard lock(mutex_);
    return !ending_ || Clock::now() < drain_until_;
}

/// Whether the server is ending and has nothing left to answer or to send. For the leader, when no request waits.
bool Server::is_finished() {
    const std::lock_guard lock(mutex_);
    return ending_ && answering_ == 0 && outbox_.empty();
}

std::vector<Server::Message> Server::take_outbox() {
    const std::lock_guard lock(mutex_);
    return std::exchange(outbox_, {});
}

/// The next request that has arrived, if any. Its envelope goes up to the first empty frame, as a REP socket has it;
/// without an empty frame it is the identity alone, as of a DEALER client that sends nothing but the request. A body in
/// several frames is joined. What is out of bounds is dropped.
std::optional<Server::Message> Server::receive() {
    for (;;) {
        std::vector<zmq::message_t> frames;
        frames.reserve(4);
        std::size_t size = 0;
        bool is_dropped = false;
        for (bool more = true; more;) {
            zmq::message_t frame;
            if (!front_.recv(frame, zmq::recv_flags::dontwait)) {
                return {};
            }
            more = frame.more();
            size += frame.size();
            is_dropped =
                is_dropped || frames.size() == kMaximumFrames || size > options_.maximum_message + kMaximumIdentity;
            if (!is_dropped) {
                frames.push_back(std::move(frame));
            }
        }
        if (is_dropped || frames.size() < 2) {
            log_->warn("dropped a message in too many or too large frames");
            continue;
        }
        const auto delimiter =
            std::find_if(frames.begin() + 1, frames.end() - 1, [](const auto& frame) { return frame.size() == 0; });
        const auto body = delimiter == frames.end() - 1 ? frames.begin() + 1 : delimiter + 1;
        Message request;
        if (body == frames.end() - 1) {
            request.body = std::move(*body);
        } else {
            std::string joined;
            std::for_each(body, frames.end(), [&](const auto& frame) { joined += view(frame); });
            request.body = to_message(std::move(joined));
        }
        frames.erase(body, frames.end());
        request.envelope = std::move(frames);
        return request;
    }
}

/// Whether another request has arrived.
bool Server::has_more() {
    return (front_.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0;
}

/// Hands the replies to their clients' connections; a client that is gone is none of our business.
void Server::send(std::vector<Message> replies) {
    for (Message& reply : replies) {
        try {
            for (zmq::message_t& frame : reply.envelope) {
                front_.send(frame, zmq::send_flags::sndmore | zmq::send_flags::dontwait);
            }
            front_.send(reply.body, zmq::send_flags::dontwait);
        } catch (const zmq::error_t& error) {
            log_->warn("a reply could not be sent: {}", error.what());
        }
    }
}

/// The reply to the request; says whether the server is to end after it.
Server::Message Server::answer(Message request, bool& shut_down) {
    const auto begin = Clock::now();
    rpc::Outcome outcome;
    std::string reply;
    try {
        reply = handler_(view(request.body), outcome);
    } catch (const std::exception& error) {
        outcome.error_code = rpc::kUnknownError;
        outcome.error_message = error.what();
        reply = kUnknownErrorReply;
    }
    log_request(*log_,
                RequestRecord{.client = client_of(request.body),
                              .request = view(request.body),
                              .reply = reply,
                              .outcome = outcome,
                              .time = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin)});
    shut_down = outcome.shut_down;
    return {std::move(request.envelope), to_message(std::move(reply))};
}

}  // namespace framewright::server
