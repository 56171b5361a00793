#include "client_examples/tcp_in_user_space/wire.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace user_space_tcp {
namespace {

void keep(u_char* frames, const pcap_pkthdr* header, const u_char* octets) {
    if (header->caplen < header->len) {
        return;  // it cannot be acknowledged when some of it is missing
    }
    // With nanosecond precision the field of the microseconds has nanoseconds.
    const auto since_epoch = std::chrono::seconds(header->ts.tv_sec) + std::chrono::nanoseconds(header->ts.tv_usec);
    reinterpret_cast<std::vector<CapturedFrame>*>(frames)->push_back(
        {std::chrono::system_clock::time_point(since_epoch), Bytes(octets, octets + header->caplen)});
}

/// The hardware address of an interface; empty if it has none of Ethernet's kind.
std::string hardware_address(const std::string& interface) {
    ifreq request{};
    interface.copy(request.ifr_name, sizeof(request.ifr_name) - 1);
    const int any_socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const bool found = any_socket >= 0 && ioctl(any_socket, SIOCGIFHWADDR, &request) == 0;
    if (any_socket >= 0) {
        close(any_socket);
    }
    if (!found || request.ifr_hwaddr.sa_family != ARPHRD_ETHER) {
        return {};
    }
    std::array<std::uint8_t, 6> octets{};
    std::memcpy(octets.data(), request.ifr_hwaddr.sa_data, octets.size());
    return fmt::format("{:02x}", fmt::join(octets, ":"));
}

}  // namespace

void Wire::Close::operator()(pcap* handle) const noexcept {
    pcap_close(handle);
}

Wire::Wire(const std::string& interface, const std::string& filter) : interface_(interface) {
    std::array<char, PCAP_ERRBUF_SIZE> error{};
    handle_.reset(pcap_create(interface.c_str(), error.data()));
    if (!handle_) {
        throw std::runtime_error(interface + ": " + error.data());
    }
    pcap_set_snaplen(handle_.get(), kMaximumFrame);
    pcap_set_buffer_size(handle_.get(), kBufferSize);
    pcap_set_immediate_mode(handle_.get(), 1);
    pcap_set_tstamp_precision(handle_.get(), PCAP_TSTAMP_PRECISION_NANO);
    if (const int status = pcap_activate(handle_.get()); status < 0) {
        fail(pcap_statustostr(status) +
             std::string(status == PCAP_ERROR_PERM_DENIED ? " (raw packets need root or CAP_NET_RAW)" : ""));
    }
    mac_address_ = hardware_address(interface);
    if (pcap_datalink(handle_.get()) != DLT_EN10MB || mac_address_.empty()) {
        fail("not an Ethernet interface");
    }
    bpf_program program{};
    if (pcap_compile(handle_.get(), &program, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
        fail(pcap_geterr(handle_.get()));
    }
    const int status = pcap_setfilter(handle_.get(), &program);
    pcap_freecode(&program);
    if (status != 0 || pcap_setdirection(handle_.get(), PCAP_D_IN) != 0 ||
        pcap_setnonblock(handle_.get(), 1, error.data()) != 0) {
        fail(pcap_geterr(handle_.get()));
    }
    descriptor_ = pcap_get_selectable_fd(handle_.get());
}

void Wire::send(std::span<const std::uint8_t> frame) {
    while (pcap_inject(handle_.get(), frame.data(), frame.size()) < 0) {
        // A full queue is a lost packet, which is sent again.
        if (errno == ENOBUFS || errno == EAGAIN) {
            return;
        }
        if (errno != EINTR) {
            fail(pcap_geterr(handle_.get()));
        }
    }
}

std::vector<CapturedFrame> Wire::receive(std::chrono::milliseconds patience, std::size_t maximum) {
    std::vector<CapturedFrame> frames;
    pollfd event{descriptor_, POLLIN, 0};
    if (poll(&event, 1, static_cast<int>(patience.count())) < 0 && errno != EINTR) {
        fail(std::generic_category().message(errno));
    }
    if (pcap_dispatch(handle_.get(), static_cast<int>(maximum), keep, reinterpret_cast<u_char*>(&frames)) < 0) {
        fail(pcap_geterr(handle_.get()));
    }
    return frames;
}

std::uint64_t Wire::dropped() const {
    pcap_stat counts{};
    return pcap_stats(handle_.get(), &counts) == 0 ? counts.ps_drop : 0;
}

void Wire::fail(const std::string& what) const {
    throw std::runtime_error(interface_ + ": " + what);
}

bool kernel_has_address(const std::string& ip) {
    in_addr wanted{};
    ifaddrs* first = nullptr;
    if (inet_pton(AF_INET, ip.c_str(), &wanted) != 1 || getifaddrs(&first) != 0) {
        return false;
    }
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(first, &freeifaddrs);
    for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
        if (each->ifa_addr != nullptr && each->ifa_addr->sa_family == AF_INET) {
            sockaddr_in address{};
            std::memcpy(&address, each->ifa_addr, sizeof(address));
            if (address.sin_addr.s_addr == wanted.s_addr) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace user_space_tcp
