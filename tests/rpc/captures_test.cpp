// Captures as clients open them.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/rpc/service_under_test.hpp"

namespace framewright::tests {
namespace {

/// The ids of the layers of each packet of a capture.
std::vector<std::vector<std::string>> layers_of(const json& packets) {
    std::vector<std::vector<std::string>> all;
    for (const json& packet : packets) {
        std::vector<std::string>& ids = all.emplace_back();
        for (const json& layer : packet.at("data")) {
            ids.push_back(layer.at("id"));
        }
    }
    return all;
}

// What mergecap 4.0 of Wireshark makes of an Ethernet capture and one of raw IP with another snap length, compressed by
// gzip 1.12.
constexpr const char* kMerged =
    "H4sIAAAAAAACA+Pi5eXqYGBg8LXRlmIE0v+hgJlBlMEnM6+0QsFMz9BCz8RENy1Zt8zMzBKohoXBjcE3tSg9NTmxQEEjPLMotTgjsShbU8FEz0DP"
    "0FxBwz2zRKEMyilITM5OTE9NUUgshsrrGminpCYZGpUaazKAAch+kN0iUPr/fwRbAYhTgTgBiDmBIpwQLWBxNiA2YEAAJyd+Bn4gDcIMjEzMLKxs"
    "7BycXNw8vHxgdSD1JlBzQYB9imm5CNReV1T1/AKCQsImWOx4kG7KwAekkzHsgKgDAC6gbpBQAQAA";

TEST(ReadCapture, EachPacketBeginsWithWhatItsInterfaceSays) {
    const json packets = result_of("read_pcap", json::array({kMerged}));
    EXPECT_EQ(layers_of(packets), (std::vector<std::vector<std::string>>{{"Ether", "Raw"}, {"IP"}, {"Ether"}}));
    EXPECT_EQ(bytes_of(packets.at(0)), "000102030405060708090a0b0c0d0e");
    EXPECT_EQ(bytes_of(packets.at(1)), "450102030405060708090a0b0c0d0e0f10111213");
    EXPECT_EQ(bytes_of(packets.at(2)), "000102030405060708090a0b0c0d");
}

// Interface 0 has an option that is longer than its block, 1 is of raw IP; the packets are of the interfaces 2, 1 and
// 0.
constexpr const char* kBadInterface =
    "Cg0NChwAAABNPCsaAQAAAP//////////HAAAAAEAAAAYAAAAAQAAAAAAAAAJAMgAGAAAAAEAAAAUAAAAZQAAAAAAAAAUAAAABgAAACQAAAACAAAA"
    "AAAAAAAAAAADAAAAAwAAAGFiYwAkAAAABgAAADQAAAABAAAAAAAAAAAAAAAUAAAAFAAAAEUAABQAAQAAQAAAAMAAAgHAAAICNAAAAAYAAAAwAAAA"
    "AAAAAAAAAAAAAAAADgAAAA4AAAD///////8AAF4AUwIIBgAAMAAAAA==";

TEST(ReadCapture, ABadInterfaceCostsNoPacket) {
    const json packets = result_of("read_pcap", json::array({kBadInterface}));
    EXPECT_EQ(layers_of(packets), (std::vector<std::vector<std::string>>{{"Raw"}, {"IP"}, {"Ether"}}));
    EXPECT_EQ(bytes_of(packets.at(0)), "616263");
}

TEST(ReadCapture, SaysWhatIsWrong) {
    const std::string compressed = kMerged;
    const json error = error_of("read_pcap", json::array({compressed.substr(0, 200)}));
    EXPECT_EQ(error.at("code"), -32098);
    EXPECT_EQ(error.at("message"), "Scapy Server: pcap_base64: the compressed capture cannot be read: it is cut short");
}

}  // namespace
}  // namespace framewright::tests
