#pragma once

#include <csignal>
#include <functional>
#include <initializer_list>
#include <thread>

namespace framewright::server {

/// A file descriptor that is closed with its owner.
class Descriptor {
public:
    explicit Descriptor(int descriptor) noexcept : descriptor_(descriptor) {}
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int get() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

/// Something that one thread waits for in poll() and others signal.
class EventDescriptor {
public:
    /// Throws std::system_error.
    EventDescriptor();

    int get() const noexcept { return descriptor_.get(); }

    /// Makes the descriptor readable; also from a signal handler.
    void signal() noexcept;

    /// Makes it unreadable again.
    void clear() noexcept;

private:
    Descriptor descriptor_;
};

/// Signals as a descriptor. To be made before any thread, so that all threads leave the signals to it.
class SignalDescriptor {
public:
    /// Throws std::system_error.
    explicit SignalDescriptor(std::initializer_list<int> signals);

    /// Readable once a signal has come.
    int get() const noexcept { return descriptor_.get(); }

    /// Makes it unreadable again: all signals that have come are taken.
    void clear() noexcept;

    /// Gives the signals their usual effect again: a second Ctrl-C ends the process at once. For the thread that made
    /// this.
    void restore() noexcept;

private:
    sigset_t signals_;
    Descriptor descriptor_;
};

/// Does something each time that a signal has come, on a thread of its own.
class SignalWatch {
public:
    /// `signals` outlives this. The action throws nothing. Throws std::system_error.
    SignalWatch(SignalDescriptor& signals, std::function<void()> action);
    ~SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

private:
    EventDescriptor stop_;
    std::jthread thread_;
};

}  // namespace framewright::server
