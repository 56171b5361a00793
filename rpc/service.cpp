#include "rpc/service.hpp"

#include <utility>

#include "rpc/reload_methods.hpp"

namespace framewright::rpc {

Service::Service(ServiceOptions options) : options_(std::move(options)), current_(make_snapshot()) {}

std::string Service::handle(std::string_view message, Outcome* outcome) const {
    return current()->dispatcher().handle(message, outcome);
}

Reloaded Service::reload() {
    const std::lock_guard reloading(reloading_);
    std::shared_ptr<const Snapshot> fresh = make_snapshot();
    const Reloaded result{.protocols = fresh->users_protocols(),
                          .changed = fresh->users_definitions() != current()->users_definitions()};
    // What is swapped out is destroyed behind the lock, or with the last request that is answered from it.
    const std::lock_guard lock(mutex_);
    current_.swap(fresh);
    return result;
}

std::shared_ptr<const Snapshot> Service::make_snapshot() {
    auto snapshot = std::make_shared<Snapshot>(options_);
    add_reload_methods(snapshot->dispatcher(), [this] { return reload(); });
    return snapshot;
}

std::shared_ptr<const Snapshot> Service::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

}  // namespace framewright::rpc
