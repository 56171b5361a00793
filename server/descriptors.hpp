#pragma once

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

/// SIGINT and SIGTERM as a descriptor. To be made before any thread, so that all threads leave the signals to it.
class TerminationSignals {
public:
    /// Throws std::system_error.
    TerminationSignals();

    /// Readable once a signal has come.
    int get() const noexcept { return descriptor_.get(); }

    /// Gives the signals their usual effect again: a second Ctrl-C ends the process at once. For the thread that made
    /// this.
    void restore() noexcept;

private:
    Descriptor descriptor_;
};

}  // namespace framewright::server
