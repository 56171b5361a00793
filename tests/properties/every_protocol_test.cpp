#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "tests/properties/every_protocol.hpp"

// What must hold for every protocol of the database, whatever it is. A protocol that fails is named; the properties
// know no protocol.

namespace framewright::tests {

namespace {

using packet::DissectedLayer;
using packet::Place;

/// How many random headers of each protocol are tried.
constexpr int kRandomHeaders = 20;
/// So many zero octets stand behind a header where its bits are changed: for the fields that a changed one brings in.
constexpr std::size_t kTail = 64;

/// A protocol of which a property does not hold, and why.
struct Exception {
    std::string_view protocol;
    std::string_view reason;
};
using Exceptions = std::vector<Exception>;

/// Labels with a dot in them, and labels of the kinds that RFC 1035 section 4.1.4 reserves.
constexpr std::string_view kNames = "random octets are names that their text does not tell from others";
constexpr std::string_view kMarks = "a text that the bytes cut off is built with its mark";
constexpr std::string_view kBlanks = "its fields' names have blanks, which cannot be written in an expression";
constexpr std::string_view kCutElement = "the last element of a list, which the bytes cut off, is built whole";
constexpr std::string_view kTwice = "two of its fields have one name";
constexpr std::string_view kDnsPort = "UDP from port 53, the default, is DNS";
constexpr std::string_view kNoHeader = "what it stands on has no octets of its own, and is read as what it carries";
constexpr std::string_view kSmb = "all that a NetBIOS session holds is read as a request to negotiate";
constexpr std::string_view kPlainEsp = "how many octets a vector and a check value take is known to those with the key";
constexpr std::string_view kCounts = "counts say how many records there are";
constexpr std::string_view kIdentifiers = "object identifiers say what is held";
constexpr std::string_view kAddresses = "the type of the address says how it is written";

/// Calls `check` for each protocol but the exceptions; what it throws is a failure of that protocol.
template <typename Check>
void for_every_protocol(const Check& check, const Exceptions& exceptions = {}) {
    for (const auto& protocol : database().protocols()) {
        const auto is_meant = [&protocol](const Exception& one) { return one.protocol == protocol->id; };
        if (std::any_of(exceptions.begin(), exceptions.end(), is_meant)) {
            continue;
        }
        SCOPED_TRACE(protocol->id);
        try {
            check(*protocol);
        } catch (const std::exception& error) {
            ADD_FAILURE() << protocol->id << ": " << error.what();
        }
    }
}

/// What the bytes read as: another protocol, if they say so, and nothing if they are none.
std::optional<DissectedLayer> read_back(const model::Protocol& protocol, ByteView bytes) {
    try {
        return packet::Dissector(database()).dissect_layer(protocol, bytes, nullptr);
    } catch (const fields::DecodeError&) {
        return std::nullopt;
    }
}

bool same_places(const DissectedLayer& left, const DissectedLayer& right) {
    if (left.layer.protocol != right.layer.protocol || left.header_length != right.header_length) {
        return false;
    }
    for (std::size_t index = 0; index < left.places.size(); ++index) {
        const Place& one = left.places[index];
        const Place& other = right.places[index];
        if (one.is_present != other.is_present ||
            (one.is_present &&
             (one.first_bit != other.first_bit || one.bits != other.bits || one.padding != other.padding))) {
            return false;
        }
    }
    return true;
}

/// The index of the present field that a bit of the header belongs to, or none.
std::optional<std::size_t> field_at(const DissectedLayer& layer, std::size_t bit) {
    for (std::size_t index = 0; index < layer.places.size(); ++index) {
        const Place& place = layer.places[index];
        const model::Field& field = layer.layer.protocol->fields[index];
        for (std::size_t own = place.first_bit; place.is_present && own < place.first_bit + place.bits; ++own) {
            if (model::bit_in_bytes(field, place, own) == bit) {
                return index;
            }
        }
    }
    return std::nullopt;
}

/// The octets that are the layer's own: its header and, behind what it carries, its trailer.
Bytes own_octets(const DissectedLayer& layer, ByteView bytes) {
    Bytes own(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(layer.header_length));
    const ByteView trailer = bytes.subspan(layer.header_length + layer.payload_length, layer.trailer_length);
    own.insert(own.end(), trailer.begin(), trailer.end());
    return own;
}

/// Whether the bit is one of those that fill up behind a field.
bool is_padding(const Place& place, std::size_t bit) {
    return place.padding != 0 && bit >= place.first_bit + place.value_bits();
}

void flip(Bytes& bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (0x80U >> (bit % 8)));
}

/// A header of the protocol, nothing set, with zero octets behind it.
struct Header {
    Bytes bytes;
    std::optional<DissectedLayer> layer;  ///< Nothing where the bytes are not read.
    std::vector<std::size_t> plain_bits;  ///< Those that say nothing of where the fields lie.
};

const Header& header_of(const model::Protocol& protocol) {
    static std::map<const model::Protocol*, Header> headers;
    const auto [place, is_new] = headers.try_emplace(&protocol);
    Header& header = place->second;
    if (!is_new) {
        return header;
    }
    header.bytes = build(alone(protocol));
    header.bytes.resize(header.bytes.size() + kTail);
    header.layer = read_back(protocol, header.bytes);
    for (std::size_t bit = 0; header.layer && bit < header.layer->header_length * 8; ++bit) {
        Bytes flipped = header.bytes;
        flip(flipped, bit);
        const std::optional<DissectedLayer> read = read_back(protocol, flipped);
        if (read && same_places(*header.layer, *read)) {
            header.plain_bits.push_back(bit);
        }
    }
    return header;
}

/// Whether two numbers of the field have this name, or two of its bits: the name of one is understood as the other.
bool is_ambiguous(const model::Field& field, const model::Value& value, const std::string& shown) {
    const Integer* const number = value.get_if<Integer>();
    if (number == nullptr) {
        return false;
    }
    const fields::NumberNames& names = fields::names_of(field);
    if (names.enumeration != nullptr) {
        const std::optional<Integer> named = names.enumeration->number_of(shown);
        return named && *named != *number;
    }
    return std::set<std::string>(names.flags.begin(), names.flags.end()).size() != names.flags.size();
}

/// The layer built from its fields alone.
Bytes rebuilt(const model::Layer& layer) {
    model::Packet packet;
    packet.layers.push_back(layer);
    forget_octets(packet);
    return build(packet);
}

/// Headers of the protocol with random values in the bits of fields that say nothing of where fields lie. None of a
/// base whose bytes are one of its variants: those have their own.
template <typename Check>
void for_random_headers(const model::Protocol& protocol, const Check& check) {
    const auto& [bytes, layer, plain_bits] = header_of(protocol);
    if (!layer || layer->layer.protocol != &protocol) {
        return;
    }
    std::vector<std::size_t> bits;
    for (const std::size_t bit : plain_bits) {
        const std::optional<std::size_t> field = field_at(*layer, bit);
        if (field && !is_padding(layer->places[*field], bit)) {
            bits.push_back(bit);
        }
    }
    std::mt19937 source(7);
    for (int round = 0; round < kRandomHeaders; ++round) {
        Bytes random = bytes;
        for (const std::size_t bit : bits) {
            if ((source() & 1U) != 0) {
                flip(random, bit);
            }
        }
        // Two bits together may say what neither says alone.
        const std::optional<DissectedLayer> read = read_back(protocol, random);
        if (read && same_places(*layer, *read)) {
            check(*read, own_octets(*read, random));
        }
    }
}

}  // namespace

TEST(EveryProtocol, IsBuiltAloneAndReadBackAsWhatItWasBuiltFrom) {
    for_every_protocol(
        [](const model::Protocol& protocol) {
            const model::Packet packet = alone(protocol);
            const packet::BuiltPacket built = packet::build(packet, database());
            if (built.bytes.empty()) {
                return;
            }
            const std::optional<DissectedLayer> read = read_back(protocol, built.bytes);
            ASSERT_TRUE(read) << hex(built.bytes) << " is not read";
            if (read->layer.protocol != &protocol) {
                return;  // A base, whose bytes are one of its variants.
            }
            EXPECT_EQ(read->header_length + read->trailer_length, built.bytes.size()) << hex(built.bytes);
            for (std::size_t index = 0; index < protocol.fields.size(); ++index) {
                const model::Value& value = *built.values.front()[index];
                const Place& written = built.places.front()[index];
                EXPECT_EQ(written.is_present && written.bits != 0,
                          read->places[index].is_present && read->places[index].bits != 0)
                    << protocol.fields[index].id << " of " << hex(built.bytes);
                if (!written.is_present || !read->places[index].is_present) {
                    continue;
                }
                EXPECT_EQ(written.first_bit, read->places[index].first_bit) << protocol.fields[index].id;
                EXPECT_EQ(written.bits, read->places[index].bits) << protocol.fields[index].id;
                if (value.is<Integer>() && read->layer.fields[index].value.is<Integer>()) {
                    EXPECT_EQ(text_of(value), text_of(read->layer.fields[index].value)) << protocol.fields[index].id;
                }
            }
        },
        Exceptions{{"MIP6MH_Generic", "a length of 0, its default, leaves no room for the message"},
                   {"DNSRRTSIG", "a length of 20 without data, its defaults, takes what follows"},
                   {"_ESPPlain", kPlainEsp}});
}

TEST(EveryProtocol, IsFoundInItsNaturalStack) {
    for_every_protocol(
        [](const model::Protocol& protocol) {
            const std::vector<const model::Protocol*> stack = natural_stack(protocol);
            const model::Packet packet = packet_of_stack(stack);
            const packet::InspectedPacket inspected = packet::inspect(packet, database());
            for (std::size_t index = 0; index < stack.size(); ++index) {
                const packet::InspectedLayer& layer = inspected.layers[index];
                if (inspected.built.offsets[index] == inspected.built.bytes.size()) {
                    continue;  // Nothing is left to be found.
                }
                EXPECT_TRUE(layer.is_valid) << stack[index]->id << " at " << index << " is read as "
                                            << (layer.real_protocol != nullptr ? layer.real_protocol->id : "nothing")
                                            << " in " << hex(inspected.built.bytes);
            }
        },
        Exceptions{{"HBHOptUnknown", "its default type is that of PadN"},
                   {"ICMPv6MLReportV2", "one of two names of the same message"},
                   {"ICMPv6Unknown", "its default type is nobody's"},
                   {"MIP6MH_Generic", "its default type is that of a binding refresh request"},
                   {"MIP6OptUnknown", "its default type is that of a mobile network prefix"},
                   {"ISAKMP_payload", "its number is that of no payload"},
                   {"NTPPrivate", "its default mode is that of no message"},
                   {"ZEP1", "its default version is nobody's"},
                   {"SCTPChunkParam", "its default type is nobody's"},
                   {"ZigbeeAppCommandPayload", "secured by default, so that a security header follows"},
                   {"SMBNegociate_Protocol_Response_Advanced_Security", kSmb},
                   {"SMBNegociate_Protocol_Response_No_Security", kSmb},
                   {"SMBNegociate_Protocol_Response_No_Security_No_Key", kSmb},
                   {"SMBSession_Setup_AndX_Request", kSmb},
                   {"SMBSession_Setup_AndX_Response", kSmb},
                   {"LoWPANFragmentationFirst", kNoHeader},
                   {"LoWPANFragmentationSubsequent", kNoHeader},
                   {"LoWPANMesh", kNoHeader},
                   {"LoWPAN_IPHC", kNoHeader},
                   {"BIER", "stands on BIFT"},
                   {"BIFT", kDnsPort},
                   {"Radius", kDnsPort},
                   {"TFTP", kDnsPort},
                   {"TFTP_RRQ", kDnsPort},
                   {"TFTP_WRQ", kDnsPort},
                   {"TFTP_DATA", kDnsPort},
                   {"TFTP_ACK", kDnsPort},
                   {"TFTP_ERROR", kDnsPort},
                   {"TFTP_OACK", kDnsPort},
                   {"TFTP_Options", kDnsPort},
                   {"NBNSNodeStatusResponse", kDnsPort},
                   {"NBNSNodeStatusResponseEnd", kDnsPort},
                   {"NBNSNodeStatusResponseService", kDnsPort},
                   {"NBNSQueryRequest", kDnsPort},
                   {"NBNSQueryResponse", kDnsPort},
                   {"NBNSQueryResponseNegative", kDnsPort},
                   {"NBNSRequest", kDnsPort},
                   {"NBNSWackResponse", kDnsPort},
                   {"NBTDatagram", kDnsPort}});
}

TEST(EveryProtocol, HasEveryBitOfItsHeaderInOneFieldOrInPadding) {
    for_every_protocol([](const model::Protocol& protocol) {
        const Bytes bytes = build(alone(protocol));
        const std::optional<DissectedLayer> layer = read_back(protocol, bytes);
        if (!layer) {
            return;
        }
        std::vector<int> fields_of_bit(layer->length() * 8, 0);
        for (std::size_t index = 0; index < layer->places.size(); ++index) {
            const Place& place = layer->places[index];
            for (std::size_t bit = place.first_bit; place.is_present && bit < place.first_bit + place.bits; ++bit) {
                ASSERT_LT(bit, fields_of_bit.size())
                    << layer->layer.protocol->fields[index].id << " reaches beyond the header";
                ++fields_of_bit[bit];
            }
        }
        // Tags and lengths of what is around several BER values belong to none of them.
        const int least = protocol.ber_groups.empty() ? 1 : 0;
        for (std::size_t bit = 0; bit < fields_of_bit.size(); ++bit) {
            if (bit / 8 >= layer->header_length && bit / 8 < layer->header_length + layer->payload_length) {
                continue;
            }
            ASSERT_TRUE(fields_of_bit[bit] == 1 || fields_of_bit[bit] == least)
                << "bit " << bit << " of " << hex(bytes);
        }
    });
}

TEST(EveryProtocol, ChangesOneFieldWithEachBit) {
    for_every_protocol(
        [](const model::Protocol& protocol) {
            const auto& [bytes, layer, plain_bits] = header_of(protocol);
            if (!layer) {
                return;
            }
            std::vector<std::string> values;
            for (const model::FieldValue& field : layer->layer.fields) {
                values.push_back(text_of(field.value));
            }
            for (const std::size_t bit : plain_bits) {
                Bytes flipped = bytes;
                flip(flipped, bit);
                const std::optional<DissectedLayer> read = read_back(protocol, flipped);
                const std::optional<std::size_t> changed = field_at(*layer, bit);
                if (!changed) {
                    continue;
                }
                const Place& place = layer->places[*changed];
                for (std::size_t index = 0; index < layer->places.size(); ++index) {
                    const bool is_same = values[index] == text_of(read->layer.fields[index].value);
                    const bool must_differ = index == *changed && !is_padding(place, bit);
                    ASSERT_EQ(!is_same, must_differ)
                        << "bit " << bit << " of " << hex(bytes) << ", field "
                        << layer->layer.protocol->fields[index].id << ": " << text_of(read->layer.fields[index].value);
                }
            }
        },
        Exceptions{{"ARP", "the types of the addresses say how these are written"},
                   {"ATT_Read_By_Type_Response", "the length says how long the values of the list are"},
                   {"OCSP_ResponseBytes", kIdentifiers},
                   {"X509_CRL", kIdentifiers},
                   {"X509_Cert", kIdentifiers},
                   {"X509_Extension", kIdentifiers},
                   {"X509_SubjectPublicKeyInfo", kIdentifiers},
                   {"DNS", kCounts},
                   {"_LLMNR", kCounts},
                   {"LLMNRQuery", kCounts},
                   {"LLMNRResponse", kCounts},
                   {"SCTPChunkParamAddIPAddr", kAddresses},
                   {"SCTPChunkParamDelIPAddr", kAddresses},
                   {"SCTPChunkParamSetPrimaryAddr", kAddresses},
                   {"DNSRR", "the type says what the data are"},
                   {"ICMPv6NIQueryIPv4", "the question says what the data are"},
                   {"ICMPv6NIQueryIPv6", "the question says what the data are"},
                   {"ICMPv6NIQueryNOOP", "the question says what the data are"},
                   {"ICMPv6NIQueryName", "the question says what the data are"},
                   {"ICMPv6NIReplyIPv4", "the question says what the data are"},
                   {"ICMPv6NIReplyIPv6", "the question says what the data are"},
                   {"ICMPv6NIReplyNOOP", "the question says what the data are"},
                   {"ICMPv6NIReplyName", "the question says what the data are"},
                   {"ICMPv6NIReplyRefuse", "the question says what the data are"},
                   {"ICMPv6NIReplyUnknown", "the question says what the data are"}});
}

TEST(EveryProtocol, IsBuiltAgainFromTheFieldsOfRandomHeaders) {
    for_every_protocol(
        [](const model::Protocol& protocol) {
            for_random_headers(protocol, [](const DissectedLayer& layer, ByteView bytes) {
                EXPECT_EQ(hex(rebuilt(layer.layer)), hex(bytes));
            });
        },
        Exceptions{{"DNSQR", kNames},
                   {"DNSRRTSIG", kNames},
                   {"_ESPPlain", kPlainEsp},
                   {"BTLE_ADV_IND", kCutElement},
                   {"BTLE_ADV_NONCONN_IND", kCutElement},
                   {"BTLE_ADV_SCAN_IND", kCutElement},
                   {"BTLE_SCAN_RSP", kCutElement},
                   {"HCI_Cmd_Write_Extended_Inquiry_Response", kCutElement},
                   {"TFTP_Options", kMarks}});
}

TEST(EveryProtocol, IsBuiltAgainFromWhatIsPrintedOfRandomHeaders) {
    for_every_protocol(
        [](const model::Protocol& protocol) {
            for_random_headers(protocol, [](const DissectedLayer& layer, ByteView bytes) {
                model::Packet packet;
                packet.layers.push_back(layer.layer);
                std::string text;
                fields::append_expression(packet, text);
                EXPECT_EQ(hex(build(text)), hex(bytes)) << text;
            });
        },
        Exceptions{{"DNSQR", kNames},
                   {"DNSRRTSIG", kNames},
                   {"_ESPPlain", kPlainEsp},
                   {"BTLE_ADV_IND", kCutElement},
                   {"BTLE_ADV_NONCONN_IND", kCutElement},
                   {"BTLE_ADV_SCAN_IND", kCutElement},
                   {"BTLE_SCAN_RSP", kCutElement},
                   {"HCI_Cmd_Write_Extended_Inquiry_Response", kCutElement},
                   {"TFTP_Options", kMarks},
                   {"ZigbeeNWKCommandPayload", kTwice},
                   {"ZigbeeNWKStub", kTwice},
                   {"IrLAPCommand", kBlanks},
                   {"IrLMP", kBlanks}});
}

TEST(EveryProtocol, IsTheSameInItsNaturalStackWithRandomValues) {
    for_every_protocol(
        [](const model::Protocol& protocol) {
            const model::Packet below = packet_of_stack(natural_stack(protocol));
            for_random_headers(protocol, [&below](const DissectedLayer& layer, ByteView bytes) {
                model::Packet packet = below;
                packet.layers.back() = layer.layer;
                forget_octets(packet);
                const packet::BuiltPacket built = packet::build(packet, database());
                const ByteView own = ByteView(built.bytes).subspan(built.offsets.back());
                EXPECT_EQ(hex(own.first(std::min(own.size(), bytes.size()))), hex(bytes)) << hex(built.bytes);
            });
        },
        Exceptions{{"DNS", "has its length in front on TCP"},
                   {"Dot15d4Beacon", "the header below says which addresses it has"},
                   {"DNSQR", kNames},
                   {"DNSRRTSIG", kNames},
                   {"_ESPPlain", kPlainEsp},
                   {"BTLE_ADV_IND", kCutElement},
                   {"BTLE_ADV_NONCONN_IND", kCutElement},
                   {"BTLE_ADV_SCAN_IND", kCutElement},
                   {"BTLE_SCAN_RSP", kCutElement},
                   {"HCI_Cmd_Write_Extended_Inquiry_Response", kCutElement},
                   {"TFTP_Options", kMarks}});
}

TEST(EveryProtocol, ReadsWhatItShowsOfEachField) {
    for_every_protocol(
        [](const model::Protocol& protocol) {
            for_random_headers(protocol, [](const DissectedLayer& layer, ByteView bytes) {
                model::Packet packet;
                packet.layers.push_back(layer.layer);
                forget_octets(packet);
                model::Layer& own = packet.layers.front();
                packet::ExpressionBudget budget;
                for (std::size_t index = 0; index < own.fields.size(); ++index) {
                    const model::Value& value = layer.layer.fields[index].value;
                    if (!layer.places[index].is_present ||
                        !(value.is<Integer>() || value.is<std::string>() || value.is<double>())) {
                        continue;
                    }
                    const model::Field& field = own.protocol->fields[index];
                    std::string shown;
                    field.type->show(field, value, shown);
                    if (is_ambiguous(field, value, shown)) {
                        continue;
                    }
                    packet::set_field(own, index, shown, database(), budget);
                    EXPECT_EQ(hex(build(packet)), hex(bytes)) << field.id << " as '" << shown << "'";
                }
            });
        },
        Exceptions{{"DNSQR", kNames},
                   {"DNSRRTSIG", kNames},
                   {"_ESPPlain", kPlainEsp},
                   {"BTLE_ADV_IND", kCutElement},
                   {"BTLE_ADV_NONCONN_IND", kCutElement},
                   {"BTLE_ADV_SCAN_IND", kCutElement},
                   {"BTLE_SCAN_RSP", kCutElement},
                   {"HCI_Cmd_Write_Extended_Inquiry_Response", kCutElement},
                   {"TFTP_Options", kMarks},
                   {"NBTDatagram", kTwice},
                   {"ZigbeeNWKCommandPayload", kTwice},
                   {"ZigbeeNWKStub", kTwice}});
}

}  // namespace framewright::tests
