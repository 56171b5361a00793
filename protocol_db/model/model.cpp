#include "protocol_db/model/model.hpp"

#include <algorithm>

namespace framewright::model {

Enumeration::Enumeration(std::vector<std::pair<Integer, std::string>> entries) : entries_(std::move(entries)) {
    for (std::uint32_t index = 0; index < entries_.size(); ++index) {
        by_number_.emplace_back(entries_[index].first, index);
        by_name_.insert_or_assign(entries_[index].second, entries_[index].first);
    }
    std::sort(by_number_.begin(), by_number_.end());
}

const std::string* Enumeration::name_of(Integer number) const {
    const auto found =
        std::lower_bound(by_number_.begin(), by_number_.end(), std::pair<Integer, std::uint32_t>(number, 0));
    return found != by_number_.end() && found->first == number ? &entries_[found->second].second : nullptr;
}

std::optional<Integer> Enumeration::number_of(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found != by_name_.end() ? std::optional(found->second) : std::nullopt;
}

std::optional<std::size_t> Protocol::find_field(std::string_view field_id) const {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [field_id](const Field& field) { return field.id == field_id; });
    return found != fields.end() ? std::optional(static_cast<std::size_t>(found - fields.begin())) : std::nullopt;
}

bool Protocol::is_a(const Protocol& other) const {
    return this == &other || std::find(ancestors.begin(), ancestors.end(), &other) != ancestors.end();
}

const Imposition* Protocol::imposes_on(const Protocol& lower) const {
    for (const Protocol* alias : lower.binds_as) {
        for (const Imposition& imposition : impositions) {
            if (imposition.lower == alias) {
                return &imposition;
            }
        }
    }
    return nullptr;
}

const Protocol* Protocol::find_by_object_identifier(std::string_view dotted) const {
    const auto find = [dotted](const Protocol& protocol) {
        const auto found = protocol.known_by_object_identifier.find(dotted);
        return found != protocol.known_by_object_identifier.end() ? found->second : nullptr;
    };
    const Protocol* found = find(*this);
    for (auto ancestor = ancestors.begin(); found == nullptr && ancestor != ancestors.end(); ++ancestor) {
        found = find(**ancestor);
    }
    return found;
}

const std::string* Database::name_of_object_identifier(std::string_view dotted) const {
    const auto found = names_of_object_identifiers_.find(dotted);
    return found != names_of_object_identifiers_.end() ? &found->second : nullptr;
}

const std::string* Database::object_identifier_of(std::string_view name) const {
    const auto found = object_identifiers_.find(name);
    return found != object_identifiers_.end() ? &found->second : nullptr;
}

const Protocol* Database::find_by_link_type(int link_type) const {
    const auto found = by_link_type_.find(link_type);
    return found != by_link_type_.end() ? found->second : nullptr;
}

const Protocol* Database::find(std::string_view id) const {
    const auto found = by_id_.find(id);
    return found != by_id_.end() ? found->second : nullptr;
}

}  // namespace framewright::model
