#include <map>
#include <memory>

#include "protocol_db/fields/address_types.hpp"
#include "protocol_db/fields/dns_types.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/fields/integer_types.hpp"
#include "protocol_db/fields/list_types.hpp"
#include "protocol_db/fields/node_information_types.hpp"
#include "protocol_db/fields/octet_types.hpp"

namespace framewright::fields {

namespace {

using Table = std::map<std::string_view, std::unique_ptr<const FieldType>>;

void add_integers(Table& table) {
    const auto add = [&table](std::string_view name, std::uint32_t octets, const NumberNotation& notation,
                              bool little_endian = false, bool is_signed = false) {
        table.emplace(name, std::make_unique<IntegerType>(octets, little_endian, notation, is_signed));
    };
    constexpr bool kLittleEndian = true;
    constexpr bool kSigned = true;
    add("ByteField", 1, kDecimal);
    add("XByteField", 1, kHexadecimal);
    add("SignedByteField", 1, kDecimal, !kLittleEndian, kSigned);
    add("ByteEnumField", 1, kNamed);
    add("MultiEnumField", 1, kDecimal);
    add("NIQueryCodeField", 1, kNamed);
    add("_OTypeField", 1, kOptionType);
    add("ShortField", 2, kDecimal);
    add("XShortField", 2, kHexadecimal);
    add("ShortEnumField", 2, kNamed);
    add("XShortEnumField", 2, kNamedHexadecimal);
    add("LEShortField", 2, kDecimal, kLittleEndian);
    add("XLEShortField", 2, kHexadecimal, kLittleEndian);
    add("LEShortEnumField", 2, kNamed, kLittleEndian);
    add("LenField", 2, kDecimal);
    add("DNSRRCountField", 2, kDecimal);
    add("LifetimeField", 2, kLifetime);
    add("ThreeBytesField", 3, kDecimal);
    add("X3BytesField", 3, kHexadecimal);
    add("IntField", 4, kDecimal);
    add("XIntField", 4, kHexadecimal);
    add("IntEnumField", 4, kNamed);
    add("SignedIntField", 4, kDecimal, !kLittleEndian, kSigned);
    add("LEIntField", 4, kDecimal, kLittleEndian);
    add("XLEIntField", 4, kHexadecimal, kLittleEndian);
    add("LEIntEnumField", 4, kNamed, kLittleEndian);
    add("LESignedIntField", 4, kDecimal, kLittleEndian, kSigned);
    add("LoIntEnumField", 4, kNamed, kLittleEndian);
    add("ICMPTimeStampField", 4, kTimeOfDay);
    add("UTCTimeField", 4, kUtcTime);
    add("LongField", 8, kDecimal);
    add("XLongField", 8, kHexadecimal);
    add("LELongField", 8, kDecimal, kLittleEndian);
    add("XLELongField", 8, kHexadecimal, kLittleEndian);
    add("NTPTimestampField", 8, kNtpTime);
    // Numbers of as many octets as their definition says.
    add("FieldLenField", 0, kDecimal);
    add("IP6FieldLenField", 0, kDecimal);
    add("LEFieldLenField", 0, kDecimal, kLittleEndian);
    add("EnumField", 0, kNamed);
    table.emplace("BCDFloatField", std::make_unique<BinaryFractionType>());
    table.emplace("_PhantomAutoPadField", std::make_unique<PhantomType>(kSwitch));
}

void add_bits(Table& table) {
    const auto add = [&table](std::string_view name, const NumberNotation& notation) {
        table.emplace(name, std::make_unique<BitType>(notation));
    };
    add("BitField", kDecimal);
    add("XBitField", kHexadecimal);
    add("BitEnumField", kNamed);
    add("BitFieldLenField", kDecimal);
    add("FlagsField", kFlags);
}

void add_addresses(Table& table) {
    table.emplace("MACField", std::make_unique<MacAddressType>());
    table.emplace("SourceMACField", std::make_unique<MacAddressType>());
    table.emplace("DestMACField", std::make_unique<MacAddressType>());
    table.emplace("LEMACField", std::make_unique<MacAddressType>(true));
    table.emplace("IPField", std::make_unique<Ipv4AddressType>());
    table.emplace("SourceIPField", std::make_unique<Ipv4AddressType>());
    table.emplace("IP6Field", std::make_unique<Ipv6AddressType>());
    table.emplace("SourceIP6Field", std::make_unique<Ipv6AddressType>());
    table.emplace("DestIP6Field", std::make_unique<Ipv6AddressType>());
    table.emplace("_IP6PrefixField", std::make_unique<Ipv6PrefixType>());
}

void add_octets(Table& table) {
    for (const std::string_view name : {"StrField", "XStrField", "StrLenField", "XStrLenField"}) {
        table.emplace(name, std::make_unique<VariableOctetsType>());
    }
    for (const std::string_view name : {"StrFixedLenField", "XStrFixedLenField", "TimeSignedField"}) {
        table.emplace(name, std::make_unique<FixedOctetsType>());
    }
    table.emplace("Field", std::make_unique<FixedOctetsType>(true));
    table.emplace("NonceField", std::make_unique<FixedOctetsType>());
    table.emplace("StrNullField", std::make_unique<StoppedOctetsType>());
    table.emplace("StrStopField", std::make_unique<StoppedOctetsType>());
}

void add_containers(Table& table) {
    for (const std::string_view name : {"PacketListField", "_OptionsField"}) {
        table.emplace(name, std::make_unique<PacketListType>());
    }
    for (const std::string_view name : {"PacketField", "PacketLenField", "TruncPktLenField"}) {
        table.emplace(name, std::make_unique<PacketType>());
    }
    table.emplace("FieldListField", std::make_unique<FieldListType>());
    table.emplace("IP6ListField", std::make_unique<AddressListType>());
    table.emplace("MultipleTypeField", std::make_unique<VariantType>());
    table.emplace("TCPOptionsField", std::make_unique<OptionListType>(OptionListType::Form::kTcp));
    table.emplace("DHCPOptionsField", std::make_unique<OptionListType>(OptionListType::Form::kDhcp));
}

void add_names(Table& table) {
    table.emplace("DNSStrField", std::make_unique<DomainNameType>());
    table.emplace("DomainNameListField", std::make_unique<DomainNameListType>());
    table.emplace("DNSTextField", std::make_unique<CharacterStringsType>());
    table.emplace("RRlistField", std::make_unique<TypeBitmapsType>());
    table.emplace("DNSQRField", std::make_unique<DnsRecordsType>(DnsRecordsType::Form::kQuestions));
    table.emplace("DNSRRField", std::make_unique<DnsRecordsType>(DnsRecordsType::Form::kRecords));
    table.emplace("NIQueryDataField", std::make_unique<NodeInformationQueryType>());
    table.emplace("NIReplyDataField", std::make_unique<NodeInformationReplyType>());
}

Table make_table() {
    Table table;
    add_integers(table);
    add_bits(table);
    add_addresses(table);
    add_octets(table);
    add_containers(table);
    add_names(table);
    return table;
}

}  // namespace

const FieldType* find_field_type(std::string_view name) {
    static const Table table = make_table();
    const auto found = table.find(name);
    return found != table.end() ? found->second.get() : nullptr;
}

}  // namespace framewright::fields
