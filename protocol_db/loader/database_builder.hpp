#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "protocol_db/model/model.hpp"

namespace framewright::model {

/// Fills a database while it is loaded.
class DatabaseBuilder {
public:
    explicit DatabaseBuilder(Database& database) : database_(database) {}

    Protocol& add(std::unique_ptr<Protocol> protocol) {
        Protocol& added = *protocol;
        added.index = static_cast<std::uint32_t>(database_.protocols_.size());
        database_.protocols_.push_back(std::move(protocol));
        database_.by_id_.emplace(added.id, &added);
        return added;
    }
    bool has_enumeration(std::string_view name) const { return database_.enumerations_.contains(name); }
    /// Adds an enumeration that may be told from others as a user's.
    void add_enumeration(std::string name, std::unique_ptr<Enumeration> enumeration, bool is_users) {
        if (is_users) {
            users_enumerations_.insert(enumeration.get());
        }
        database_.enumerations_.emplace(std::move(name), std::move(enumeration));
    }
    bool is_users(const Enumeration* enumeration) const { return users_enumerations_.contains(enumeration); }
    const Enumeration* find_enumeration(std::string_view name) const {
        const auto found = database_.enumerations_.find(name);
        return found != database_.enumerations_.end() ? found->second.get() : nullptr;
    }
    const Enumeration* add_inline(std::unique_ptr<Enumeration> enumeration) {
        return database_.inline_enumerations_.emplace_back(std::move(enumeration)).get();
    }
    /// Names an object identifier in dotted numbers. False where it, or the name, is there already.
    bool add_object_identifier(const std::string& dotted, const std::string& name) {
        return database_.names_of_object_identifiers_.emplace(dotted, name).second &&
               database_.object_identifiers_.emplace(name, dotted).second;
    }
    void add_type(NamedType type) { database_.types_.push_back(std::move(type)); }
    Protocol* find(std::string_view id) {
        const auto found = database_.by_id_.find(id);
        return found != database_.by_id_.end() ? database_.protocols_[found->second->index].get() : nullptr;
    }
    std::vector<std::unique_ptr<Protocol>>& protocols() { return database_.protocols_; }
    void set(Role role, const Protocol& protocol) { database_.roles_[static_cast<std::size_t>(role)] = &protocol; }
    void set_link_type(int link_type, const Protocol& protocol) { database_.by_link_type_[link_type] = &protocol; }

private:
    Database& database_;
    std::unordered_set<const Enumeration*> users_enumerations_;
};

}  // namespace framewright::model
