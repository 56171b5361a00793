#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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

/// Families that are not held to these properties yet.
constexpr std::array<std::string_view, 27> kNotHeldYet{
    "eap.json",   "radius.json", "isakmp.json",    "ipsec.json", "l2tp.json",     "rip.json",       "hsrp.json",
    "vrrp.json",  "llmnr.json",  "tftp.json",      "rtp.json",   "mobileip.json", "dhcp6.json",     "pptp.json",
    "ppp.json",   "sctp.json",   "netbios.json",   "smb.json",   "netflow.json",  "ntp.json",       "dot15d4.json",
    "dot11.json", "zigbee.json", "sixlowpan.json", "ir.json",    "skinny.json",   "asn1packet.json"};

/// Calls `check` for each protocol but the exceptions; what it throws is a failure of that protocol.
template <typename Check>
void for_every_protocol(const Check& check, const Exceptions& exceptions = {}) {
    for (const auto& protocol : database().protocols()) {
        const auto is_meant = [&protocol](const Exception& one) { return one.protocol == protocol->id; };
        const bool is_held = std::find(kNotHeldYet.begin(), kNotHeldYet.end(), protocol->file) == kNotHeldYet.end();
        if (!is_held || std::any_of(exceptions.begin(), exceptions.end(), is_meant)) {
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
            (one.is_present && (one.first_bit != other.first_bit || one.bits != other.bits))) {
            return false;
        }
    }
    return true;
}

/// The index of the present field that a bit of the header belongs to, or none.
std::optional<std::size_t> field_at(const DissectedLayer& layer, std::size_t bit) {
    for (std::size_t index = 0; index < layer.places.size(); ++index) {
        const Place& place = layer.places[index];
        if (place.is_present && bit >= place.first_bit && bit < place.first_bit + place.bits) {
            return index;
        }
    }
    return std::nullopt;
}

void flip(Bytes& bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (0x80U >> (bit % 8)));
}

/// The bits of a header that say nothing of where its fields lie.
std::vector<std::size_t> plain_bits(const model::Protocol& protocol, const DissectedLayer& layer, const Bytes& bytes) {
    std::vector<std::size_t> plain;
    for (std::size_t bit = 0; bit < layer.header_length * 8; ++bit) {
        Bytes flipped = bytes;
        flip(flipped, bit);
        const std::optional<DissectedLayer> read = read_back(protocol, flipped);
        if (read && same_places(layer, *read)) {
            plain.push_back(bit);
        }
    }
    return plain;
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

/// Headers of the protocol with random values in the bits that say nothing of where fields lie.
template <typename Check>
void for_random_headers(const model::Protocol& protocol, const Check& check) {
    Bytes bytes = build(alone(protocol));
    bytes.resize(bytes.size() + kTail);
    const std::optional<DissectedLayer> layer = read_back(protocol, bytes);
    if (!layer) {
        return;
    }
    const std::vector<std::size_t> bits = plain_bits(protocol, *layer, bytes);
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
            check(*read, ByteView(random).first(read->header_length));
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
            EXPECT_EQ(read->header_length, built.bytes.size()) << hex(built.bytes);
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
                   {"DNSRRTSIG", "a length of 20 without data, its defaults, takes what follows"}});
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
                   {"BIER", "stands on BIFT"},
                   {"BIFT", "UDP from port 53, the default, is DNS"}});
}

TEST(EveryProtocol, HasEveryBitOfItsHeaderInOneFieldOrInPadding) {
    for_every_protocol([](const model::Protocol& protocol) {
        const Bytes bytes = build(alone(protocol));
        const std::optional<DissectedLayer> layer = read_back(protocol, bytes);
        if (!layer) {
            return;
        }
        std::vector<int> fields_of_bit(layer->header_length * 8, 0);
        for (std::size_t index = 0; index < layer->places.size(); ++index) {
            const Place& place = layer->places[index];
            for (std::size_t bit = place.first_bit; place.is_present && bit < place.first_bit + place.bits; ++bit) {
                ASSERT_LT(bit, fields_of_bit.size())
                    << layer->layer.protocol->fields[index].id << " reaches beyond the header";
                ++fields_of_bit[bit];
            }
        }
        for (std::size_t bit = 0; bit < fields_of_bit.size(); ++bit) {
            ASSERT_EQ(fields_of_bit[bit], 1) << "bit " << bit << " of " << hex(bytes);
        }
    });
}

TEST(EveryProtocol, ChangesOneFieldWithEachBit) {
    for_every_protocol(
        [](const model::Protocol& protocol) {
            Bytes bytes = build(alone(protocol));
            bytes.resize(bytes.size() + kTail);
            const std::optional<DissectedLayer> layer = read_back(protocol, bytes);
            if (!layer) {
                return;
            }
            for (const std::size_t bit : plain_bits(protocol, *layer, bytes)) {
                Bytes flipped = bytes;
                flip(flipped, bit);
                const std::optional<DissectedLayer> read = read_back(protocol, flipped);
                const std::optional<std::size_t> changed = field_at(*layer, bit);
                if (!changed) {
                    continue;
                }
                const Place& place = layer->places[*changed];
                const bool is_padding = bit >= place.first_bit + place.bits - place.padding * 8;
                for (std::size_t index = 0; index < layer->places.size(); ++index) {
                    const bool is_same =
                        text_of(layer->layer.fields[index].value) == text_of(read->layer.fields[index].value);
                    const bool must_differ = index == *changed && !is_padding;
                    ASSERT_EQ(!is_same, must_differ)
                        << "bit " << bit << " of " << hex(bytes) << ", field "
                        << layer->layer.protocol->fields[index].id << ": " << text_of(read->layer.fields[index].value);
                }
            }
        },
        Exceptions{{"ARP", "the types of the addresses say how these are written"},
                   {"DNS", "counts say how many records there are"},
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
        Exceptions{{"DNSQR", kNames}, {"DNSRRTSIG", kNames}});
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
        Exceptions{{"DNSQR", kNames}, {"DNSRRTSIG", kNames}});
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
        Exceptions{{"DNSQR", kNames}, {"DNSRRTSIG", kNames}});
}

}  // namespace framewright::tests
