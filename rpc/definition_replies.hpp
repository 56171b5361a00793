#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocol_db/model/model.hpp"

namespace framewright::rpc {

/// What is told about the database, made once: the JSON texts of get_all, get_tree and get_definitions.
class DefinitionReplies {
public:
    explicit DefinitionReplies(const model::Database& database);

    /// The result of get_all.
    const std::string& all() const { return all_; }
    /// The result of get_tree.
    const std::string& tree() const { return tree_; }
    /// The definition of one protocol, or null.
    const std::string* definition(std::string_view id) const;
    /// The ids of all definitions, in the order of the database.
    const std::vector<std::string>& ids() const { return ids_; }
    /// The checksums that get_all gives, in base64.
    const std::string& protocols_md5() const { return protocols_md5_; }
    const std::string& fields_md5() const { return fields_md5_; }

private:
    std::string all_;
    std::string tree_;
    std::string protocols_md5_;
    std::string fields_md5_;
    std::vector<std::string> ids_;
    std::map<std::string, std::string, std::less<>> definitions_;
};

}  // namespace framewright::rpc
