#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "protocol_db/model/model.hpp"

namespace framewright::rpc {

/// What is told about the database: the JSON texts of get_all, get_tree and get_definitions, each made once, when it is
/// first asked for. Any number of threads may ask.
class DefinitionReplies {
public:
    /// `database` and `edition` outlive the replies. The edition tells databases apart that get_all shows alike, as
    /// where only a binding differs: it enters the checksum of the protocols.
    explicit DefinitionReplies(const model::Database& database, std::string_view edition = {})
        : database_(database), edition_(edition) {}

    /// The result of get_all.
    const std::string& all() const { return catalogue().text; }
    /// The checksums that get_all gives, in base64.
    const std::string& protocols_md5() const { return catalogue().protocols_md5; }
    const std::string& fields_md5() const { return catalogue().fields_md5; }
    /// The result of get_tree.
    const std::string& tree() const;
    /// The definition of one protocol, or null.
    const std::string* definition(std::string_view id) const;
    const model::Database& database() const { return database_; }

private:
    struct Catalogue {
        std::string text;
        std::string protocols_md5;
        std::string fields_md5;
    };
    const Catalogue& catalogue() const;
    const std::vector<std::string>& definitions() const;

    const model::Database& database_;
    std::string_view edition_;
    mutable std::once_flag catalogue_made_;
    mutable Catalogue catalogue_;
    mutable std::once_flag tree_made_;
    mutable std::string tree_;
    mutable std::once_flag definitions_made_;
    /// By the protocol's index.
    mutable std::vector<std::string> definitions_;
};

}  // namespace framewright::rpc
