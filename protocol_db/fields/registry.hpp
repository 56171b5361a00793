#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol_db/fields/field_type.hpp"

namespace framewright::fields {

/// The tables of types in the guide.
enum class TypeGroup : std::uint8_t { kNumbers, kBits, kAddresses, kOctets, kContainers, kNames, kBer };

/// A field type as definitions name it (Scapy's field vocabulary).
struct TypeEntry {
    std::string_view name;
    std::shared_ptr<const FieldType> type;
    TypeGroup group;
    /// What the guide says of it: of a number, how it is shown.
    std::string_view documentation;
};

/// The types, in the order of the guide.
class TypeTable {
public:
    void add(std::string_view name, TypeGroup group, std::string_view documentation,
             std::shared_ptr<const FieldType> type) {
        entries_.push_back({name, std::move(type), group, documentation});
    }
    const std::vector<TypeEntry>& entries() const { return entries_; }

private:
    std::vector<TypeEntry> entries_;
};

/// Each adds the types of one file.
void add_integer_types(TypeTable& table);
void add_sized_number_types(TypeTable& table);
void add_address_types(TypeTable& table);
void add_name_types(TypeTable& table);
void add_octet_types(TypeTable& table);
void add_list_types(TypeTable& table);
void add_option_list_types(TypeTable& table);
void add_dns_types(TypeTable& table);
void add_node_information_types(TypeTable& table);
void add_ber_types(TypeTable& table);

/// All types that are built in.
const std::vector<TypeEntry>& field_types();
/// The type of a name, or null.
const FieldType* find_field_type(std::string_view name);
/// Whether some type has a key of the name.
bool is_type_key(std::string_view name);

}  // namespace framewright::fields
