#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "rpc/json_rpc.hpp"
#include "rpc/snapshot.hpp"

namespace framewright::rpc {

/// What became of reading the files again.
struct Reloaded {
    std::size_t protocols = 0;  ///< How many protocols are from a user's files now.
    bool changed = false;       ///< Whether the user's definition files differ from those that were in force.
};

/// All methods of the server. Once made, any number of threads may call handle() and reload().
class Service {
public:
    /// Throws loader::DefinitionError or TemplateError for files that cannot be used.
    explicit Service(ServiceOptions options = {});
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// The reply to a message, empty where none is due: see Dispatcher::handle. The message is answered from the
    /// definitions that are in force when it comes, to its end.
    std::string handle(std::string_view message, Outcome* outcome = nullptr) const;

    /// Reads the definition files and templates of the user again. All or nothing: throws loader::DefinitionError or
    /// TemplateError for files that cannot be used, and leaves in force what was.
    Reloaded reload();

private:
    std::shared_ptr<const Snapshot> make_snapshot();
    std::shared_ptr<const Snapshot> current() const;

    ServiceOptions options_;
    /// For reload(): one at a time, so that the last one to begin is the one that stays.
    std::mutex reloading_;
    /// Held for as long as it takes to copy or swap the pointer.
    mutable std::mutex mutex_;
    std::shared_ptr<const Snapshot> current_;
};

}  // namespace framewright::rpc
