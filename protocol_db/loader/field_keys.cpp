#include "protocol_db/loader/field_keys.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "protocol_db/fields/field_type.hpp"

namespace framewright::loader {

namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 22> kWithLength{
    "StrField",       "XStrField",          "StrLenField",     "XStrLenField",     "StrFixedLenField",
    "DNSTextField",   "XStrFixedLenField",  "TimeSignedField", "NonceField",       "Field",
    "FieldListField", "IP6ListField",       "PacketListField", "_OptionsField",    "PacketField",
    "PacketLenField", "TruncPktLenField",   "TCPOptionsField", "DHCPOptionsField", "_IP6PrefixField",
    "DNSStrField",    "DomainNameListField"};
constexpr std::array<std::string_view, 6> kWithCount{"FieldListField", "IP6ListField", "PacketListField",
                                                     "_OptionsField",  "DNSQRField",   "DNSRRField"};
constexpr std::array<std::string_view, 7> kWithHolds{"PacketListField", "_OptionsField",    "PacketField",
                                                     "PacketLenField",  "TruncPktLenField", "DNSQRField",
                                                     "DNSRRField"};
constexpr std::array<std::string_view, 1> kWithFlags{"FlagsField"};
constexpr std::array<std::string_view, 2> kWithStop{"StrStopField", "StrNullField"};
constexpr std::array<std::string_view, 1> kWithElement{"FieldListField"};
constexpr std::array<std::string_view, 1> kWithVariants{"MultipleTypeField"};
constexpr std::array<std::string_view, 2> kWithOptions{"TCPOptionsField", "DHCPOptionsField"};
constexpr std::array<std::string_view, 2> kWithPadding{"PacketListField", "_OptionsField"};
constexpr std::array<std::string_view, 1> kCompressible{"DNSStrField"};
constexpr std::array<std::string_view, 2> kWithSelector{"NIQueryDataField", "NIReplyDataField"};

struct TypesOfKey {
    std::string_view key;
    Names types;
};

/// The keys that not every type has.
constexpr std::array<TypesOfKey, 11> kTypesOfKeys{{
    {"length", kWithLength},
    {"count", kWithCount},
    {"holds", kWithHolds},
    {"flags", kWithFlags},
    {"stop", kWithStop},
    {"element", kWithElement},
    {"variants", kWithVariants},
    {"options", kWithOptions},
    {"padding", kWithPadding},
    {"compressible", kCompressible},
    {"selector", kWithSelector},
}};

/// What is asked of the whole field only. (`unset` is what a variant is written as.)
constexpr std::array<std::string_view, 14> kOfWholeField{"when",      "default", "initial", "computed", "checksum",
                                                         "generated", "label",   "help",    "kind",     "regex",
                                                         "min",       "max",     "auto",    "choices"};

bool contains(Names names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool has_meaning(std::string_view key, std::string_view type_name) {
    if (key == "enumeration" || key == "enumeration_by") {
        const fields::FieldType* const type = fields::find_field_type(type_name);
        return type == nullptr || type->is_number();
    }
    const auto* const found = std::find_if(kTypesOfKeys.begin(), kTypesOfKeys.end(),
                                           [key](const TypesOfKey& entry) { return entry.key == key; });
    return found == kTypesOfKeys.end() || contains(found->types, type_name);
}

void check_keys(const Json& field, std::string_view type_name, bool is_part) {
    for (const auto& [key, value] : field.items()) {
        if (!has_meaning(key, type_name)) {
            refuse("\"" + key + "\" means nothing for a " + std::string(type_name));
        }
        if (is_part && contains(kOfWholeField, key)) {
            refuse("\"" + key + "\" is the whole field's: it is not read in an element or a variant");
        }
    }
    if (field.contains("computed") && field.contains("checksum")) {
        refuse("\"computed\" and \"checksum\" exclude each other");
    }
}

}  // namespace framewright::loader
