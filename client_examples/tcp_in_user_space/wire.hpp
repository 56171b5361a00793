#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "client_examples/tcp_in_user_space/segment.hpp"

struct pcap;

namespace user_space_tcp {

/// A frame and when the kernel took it from the interface.
struct CapturedFrame {
    std::chrono::system_clock::time_point arrival;
    Bytes octets;
};

/// An Ethernet interface, past the kernel's TCP/IP: libpcap sends frames and captures those that come in.
/// Everything throws std::runtime_error with the interface's name and the reason.
class Wire {
public:
    /// The longest frame: an IPv4 packet and its Ethernet header. Longer than the MTU are those that a virtual
    /// interface leaves in one piece (segmentation offload).
    static constexpr int kMaximumFrame = 14 + 65535;
    /// The kernel keeps so many octets of frames for us while we are busy.
    static constexpr int kBufferSize = 32 * 1024 * 1024;

    /// Captures what a pcap filter (pcap-filter(7)) lets pass.
    Wire(const std::string& interface, const std::string& filter);

    /// The interface's own address.
    const std::string& mac_address() const noexcept { return mac_address_; }

    void send(std::span<const std::uint8_t> frame);

    /// Waits for frames and gives those that are there, at most so many; none when patience ends.
    std::vector<CapturedFrame> receive(std::chrono::milliseconds patience, std::size_t maximum);

    /// The frames that came in when the kernel's buffer was full.
    std::uint64_t dropped() const;

private:
    struct Close {
        void operator()(pcap* handle) const noexcept;
    };

    [[noreturn]] void fail(const std::string& what) const;

    std::string interface_;
    std::unique_ptr<pcap, Close> handle_;
    int descriptor_ = -1;
    std::string mac_address_;
};

/// Whether this host's kernel has an IPv4 address on one of its interfaces: it would then answer for it, too.
bool kernel_has_address(const std::string& ip);

}  // namespace user_space_tcp
