#include "server/descriptors.hpp"

#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>

namespace framewright::server {
namespace {

int checked(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
    return result;
}

sigset_t termination_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

int blocked_termination_signals() {
    const sigset_t signals = termination_signals();
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

TerminationSignals::TerminationSignals() : descriptor_(blocked_termination_signals()) {}

void TerminationSignals::restore() noexcept {
    signalfd_siginfo info{};
    while (read(descriptor_.get(), &info, sizeof info) > 0) {
    }
    const sigset_t signals = termination_signals();
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace framewright::server
