#include "server/descriptors.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace framewright::server {
namespace {

int checked(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
    return result;
}

sigset_t signal_set(std::initializer_list<int> signals) {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : signals) {
        sigaddset(&set, signal);
    }
    return set;
}

int blocked(const sigset_t& signals) {
    checked(-pthread_sigmask(SIG_BLOCK, &signals, nullptr), "pthread_sigmask");
    return checked(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
}

}  // namespace

Descriptor::~Descriptor() {
    close(descriptor_);
}

EventDescriptor::EventDescriptor() : descriptor_(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {}

void EventDescriptor::signal() noexcept {
    // It can only fail where the counter is full, and then the descriptor is readable.
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(descriptor_.get(), &one, sizeof one);
}

void EventDescriptor::clear() noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read_bytes = read(descriptor_.get(), &count, sizeof count);
}

SignalDescriptor::SignalDescriptor(std::initializer_list<int> signals)
    : signals_(signal_set(signals)), descriptor_(blocked(signals_)) {}

void SignalDescriptor::clear() noexcept {
    signalfd_siginfo info{};
    while (read(descriptor_.get(), &info, sizeof info) > 0) {
    }
}

void SignalDescriptor::restore() noexcept {
    clear();
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

SignalWatch::SignalWatch(SignalDescriptor& signals, std::function<void()> action)
    : thread_([this, &signals, action = std::move(action)] {
          std::array<pollfd, 2> events{pollfd{stop_.get(), POLLIN, 0}, pollfd{signals.get(), POLLIN, 0}};
          while (events[0].revents == 0) {
              if (poll(events.data(), events.size(), -1) > 0 && events[1].revents != 0) {
                  // Taken first: a signal that comes while the action runs is another one.
                  signals.clear();
                  action();
              }
          }
      }) {}

SignalWatch::~SignalWatch() {
    stop_.signal();
}

}  // namespace framewright::server
