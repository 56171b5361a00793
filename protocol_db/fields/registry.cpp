#include "protocol_db/fields/registry.hpp"

#include <unordered_map>
#include <unordered_set>

namespace framewright::fields {

const std::vector<TypeEntry>& field_types() {
    static const TypeTable kTable = [] {
        TypeTable table;
        add_integer_types(table);
        add_sized_number_types(table);
        add_address_types(table);
        add_octet_types(table);
        add_list_types(table);
        add_option_list_types(table);
        add_dns_types(table);
        add_name_types(table);
        add_node_information_types(table);
        add_ber_types(table);
        return table;
    }();
    return kTable.entries();
}

const FieldType* find_field_type(std::string_view name) {
    static const std::unordered_map<std::string_view, const FieldType*> kTypes = [] {
        std::unordered_map<std::string_view, const FieldType*> types;
        for (const TypeEntry& entry : field_types()) {
            types.emplace(entry.name, entry.type.get());
        }
        return types;
    }();
    const auto found = kTypes.find(name);
    return found != kTypes.end() ? found->second : nullptr;
}

bool is_type_key(std::string_view name) {
    static const std::unordered_set<std::string_view> kKeys = [] {
        std::unordered_set<std::string_view> keys;
        for (const TypeEntry& entry : field_types()) {
            for (const Key& key : entry.type->keys()) {
                keys.insert(key.name);
            }
        }
        return keys;
    }();
    return kKeys.contains(name);
}

}  // namespace framewright::fields
