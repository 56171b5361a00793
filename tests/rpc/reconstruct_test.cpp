// A change to a dissected packet changes what it names, and leaves all other octets alone.

#include <gtest/gtest.h>

#include <string>

#include "tests/rpc/service_under_test.hpp"

namespace framewright::tests {
namespace {

// RFC 791 section 3.1; the checksum is not looked at.
constexpr const char* kIpv4 = "45000000 00010000 40060000 c0000201 c0000202";
constexpr const char* kEthernet = "00005e005301 00005e005302 ";

// RFC 9293 section 3.1: behind the end of the option list (kind 0) comes what the sender likes.
constexpr const char* kTcp = "0014 0050 00000000 00000000 a002 2000 0000 0000";
constexpr const char* kTcpOptions = "020405b4 00aabbcc dd010203 01010101 0508090a";

// RFC 1035 section 4.1.4: the answer's name points to the question's, at octet 12 of the message.
constexpr const char* kUdp = "0035 0035 0039 0000";
constexpr const char* kDnsHeader = "8180 0001 0001 0000 0000 ";
constexpr const char* kName = "03777777 07657861 6d706c65 03636f6d 00";
constexpr const char* kQuestionTail = "0001 0001";
constexpr const char* kRecordTail = "0001 0001 00000e10 0004 01020304";

std::string packed(const std::string& digits) {
    std::string text;
    for (const char digit : digits) {
        if (digit != ' ') {
            text += digit;
        }
    }
    return text;
}

std::string base64_of(const std::string& digits) {
    const std::string text = packed(digits);
    Bytes bytes;
    for (std::size_t index = 0; index + 1 < text.size(); index += 2) {
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(index, 2), nullptr, 16)));
    }
    return base64_encode(bytes);
}

/// The octets, with blanks left out, of a packet after a change to the last of these layers.
std::string changed(const std::string& digits, std::initializer_list<json> layers) {
    return bytes_of(result_of("reconstruct_pkt", {base64_of(digits), model(layers)}));
}

std::string ip(const std::string& payload) {
    return kEthernet + std::string("0800 ") + kIpv4 + payload;
}

std::string dns(const std::string& message) {
    std::string header = kIpv4;
    header.replace(20, 2, "11");  // UDP
    return kEthernet + std::string("0800 ") + header + kUdp + message;
}

TEST(Reconstruct, AChangedTcpFieldKeepsTheOctetsBehindTheEndOfOptions) {
    const std::string tcp = kTcp;
    EXPECT_EQ(changed(ip(tcp + kTcpOptions), {layer("Ether"), layer("IP"), layer("TCP", "sport", "21")}),
              packed(ip("0015" + tcp.substr(4) + kTcpOptions)));
    EXPECT_EQ(changed(ip(tcp + kTcpOptions + "6162"), {layer("Ether"), layer("IP"), layer("TCP", "flags", "SA")}),
              packed(ip("0014 0050 00000000 00000000 a012 2000 0000 0000" + std::string(kTcpOptions) + "6162")));
}

TEST(Reconstruct, WhatAFieldShowsIsNoChange) {
    const std::string packet = ip(kTcp + std::string(kTcpOptions));
    const json shown = result_of("reconstruct_pkt", json::array({base64_of(packet)}));
    const json options = field_of(shown, 2, "options");
    for (const json& value : {options.at("value"), options.at("hvalue")}) {
        EXPECT_EQ(changed(packet, {layer("Ether"), layer("IP"), layer("TCP", "options", value)}), packed(packet))
            << value;
    }
}

TEST(Reconstruct, NoneForAFieldThatHoldsNothingIsNoChange) {
    const std::string message = std::string("1234 8180 0001 0000 0000 0000") + kName + kQuestionTail;
    std::string packet = dns(message);
    packet.replace(packet.find("0039"), 4, "0029");
    for (const char* const id : {"length", "an", "ns", "ar"}) {
        EXPECT_EQ(changed(packet, {layer("Ether"), layer("IP"), layer("UDP"), layer("DNS", id, "None")}),
                  packed(packet))
            << id;
    }
    EXPECT_EQ(bytes_of(build(model({layer("GRE", "key", "None")}))), bytes_of(build(model({layer("GRE")}))));
    EXPECT_EQ(error_of("build_pkt", json::array({model({layer("IP", "ttl", "None")})})).at("code"), -32603);
    EXPECT_EQ(bytes_of(build(model({layer("Raw", "load", "None")}))), "4e6f6e65");
}

// RFC 7348 section 5: all bits of the flags but one are reserved, and have one name.
TEST(Reconstruct, ANameThatSeveralBitsHaveIsNoChange) {
    for (const char* const octet : {"0a", "48"}) {
        std::string packet = dns(octet + std::string("000000 00000100"));
        packet.replace(packet.find(kUdp), 9, "1234 12b5");
        const json result = result_of("reconstruct_pkt", {base64_of(packet)});
        const json& vxlan = result.at("data").at(3);
        ASSERT_EQ(vxlan.at("id"), "VXLAN");
        const json& flags = vxlan.at("fields").at(0);
        EXPECT_EQ(flags.at("value"), std::stoi(octet, nullptr, 16));
        EXPECT_EQ(
            changed(packet, {layer("Ether"), layer("IP"), layer("UDP"), layer("VXLAN", "flags", flags.at("hvalue"))}),
            packed(packet));
    }
}

TEST(Reconstruct, NewOptionsReplaceTheOldOnesWhole) {
    const std::string tcp = kTcp;
    EXPECT_EQ(changed(ip(tcp + kTcpOptions), {layer("Ether"), layer("IP"), layer("TCP", "options", "[('NOP', None)]")}),
              packed(ip(tcp + "01000000")));
}

TEST(Reconstruct, AChangedIpFieldKeepsThePaddingOfOptions) {
    // RFC 791 section 3.1: what fills the header up is zero; here it is not.
    const std::string before = "47000000 00010000 ";
    const std::string after = "00000000 c0000201 c0000202 94040000 00aabbcc";
    const std::string front = kEthernet + std::string("0800 ");
    EXPECT_EQ(changed(front + before + "40" + after, {layer("Ether"), layer("IP", "ttl", "7")}),
              packed(front + before + "07" + after));
}

TEST(Reconstruct, AChangedNumberKeepsCompressedNames) {
    const std::string message = std::string(kDnsHeader) + kName + kQuestionTail + "c00c" + kRecordTail;
    EXPECT_EQ(changed(dns("1234" + message), {layer("Ether"), layer("IP"), layer("UDP"), layer("DNS", "id", "7")}),
              packed(dns("0007" + message)));
    // What the header says of the number of records is no reason either.
    EXPECT_EQ(changed(dns("1234" + message), {layer("Ether"), layer("IP"), layer("UDP"), layer("DNS", "qdcount", "0")}),
              packed(dns("1234 8180 0000 0001 0000 0000" + std::string(kName) + kQuestionTail + "c00c" + kRecordTail)));
}

TEST(Reconstruct, ANameThatWouldPointToSomethingElseIsWrittenWhole) {
    const std::string head = std::string("1234") + kDnsHeader;
    const json question = "DNSQR(qname='a.b')";
    EXPECT_EQ(changed(dns(head + kName + kQuestionTail + "c00c" + kRecordTail),
                      {layer("Ether"), layer("IP"), layer("UDP"), layer("DNS", "qd", question)}),
              packed(dns(head + "0161 0162 00" + kQuestionTail + kName + kRecordTail)));
}

TEST(Reconstruct, FieldsWhoseFormDependsOnTheChangedOneKeepTheirOctets) {
    const std::string front = kEthernet + std::string("0806 ");
    const std::string after = "0800 0604 0001 001122334455 0a000001 000000000000 0a000002";
    EXPECT_EQ(changed(front + "0001" + after, {layer("Ether"), layer("ARP", "hwtype", "7")}),
              packed(front + "0007" + after));
}

TEST(Reconstruct, ResettingWhatIsNotInTheBytesChangesNothing) {
    const std::string cut = kEthernet + std::string("0800 45000000 0001");
    EXPECT_EQ(changed(cut, {layer("Ether"), layer("IP", "options", "")}), packed(cut));
    EXPECT_EQ(changed(cut, {layer("Ether"), layer("IP", "dst", {{"vtype", "UNDEFINED"}})}), packed(cut));
}

TEST(Reconstruct, WireBytesAreWrittenAsTheyAre) {
    const json machine{{"vtype", "MACHINE"}, {"base64", base64_of("00aabbcc")}};
    EXPECT_EQ(changed(ip(kTcp), {layer("Ether"), layer("IP"), layer("TCP", "options", machine)}),
              packed(ip(kTcp + std::string("00aabbcc"))));
    EXPECT_EQ(bytes_of(build(model({layer("TCP", "options", machine)}))).substr(40), "00aabbcc");
    const std::string question = kName + std::string(kQuestionTail);
    const json records{{"vtype", "MACHINE"}, {"base64", base64_of(question)}};
    EXPECT_EQ(bytes_of(build(model({layer("DNS", "qd", records)}))).substr(24), packed(question));
}

}  // namespace
}  // namespace framewright::tests
