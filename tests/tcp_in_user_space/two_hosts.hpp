#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tests/documentation/script.hpp"
#include "tests/system/server_process.hpp"

namespace user_space_tcp {

/// Two network namespaces with a virtual cable (see two_hosts.sh) and a Framewright server in the client's; their names
/// have the number of this process in them. They are removed with their owner; what a process left behind that was
/// killed is removed by the next.
class TwoHosts {
public:
    /// Why there cannot be any on this machine; nothing if there can.
    static std::optional<std::string> obstacle();

    /// Throws std::runtime_error. On the cable that percentage of the packets gets lost, in either direction.
    explicit TwoHosts(int loss = 0);
    ~TwoHosts();
    TwoHosts(const TwoHosts&) = delete;
    TwoHosts& operator=(const TwoHosts&) = delete;

    /// Runs a command line on one of the hosts.
    framewright::tests::ScriptResult on_client(const std::string& command) const;
    framewright::tests::ScriptResult on_server(const std::string& command) const;

    /// Starts Python on the server; returns when it has printed its first line.
    std::unique_ptr<framewright::tests::Process> start_python(std::vector<std::string> arguments) const;

    /// A counter of the server's TCP, as in /proc/net/snmp: RetransSegs, EstabResets, …
    std::uint64_t server_count(const std::string& name) const;

    /// What loses the packets: netem or nftables.
    const std::string& loss_by() const noexcept { return loss_by_; }

    const framewright::tests::ScratchDirectory& directory() const noexcept { return directory_; }

private:
    framewright::tests::ScriptResult run(const std::string& host, const std::string& command) const;

    framewright::tests::ScratchDirectory directory_;
    std::string name_;
    std::string loss_by_;
    std::unique_ptr<framewright::tests::Process> framewright_;
};

}  // namespace user_space_tcp
