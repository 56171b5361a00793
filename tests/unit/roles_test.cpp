// What protocols are to the server and to captures, as their definitions say.

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "protocol_db/loader/loader.hpp"
#include "tests/unit/own_definitions.hpp"

namespace framewright::tests {
namespace {

TEST(Roles, AreSaidInDefinitions) {
    const model::Database& built_in = database();
    EXPECT_EQ(built_in.first_layer().id, "Ether");
    EXPECT_EQ(built_in.raw().id, "Raw");
    EXPECT_EQ(built_in.padding().id, "Padding");
    EXPECT_EQ(built_in.find(model::Role::kNoPayload), built_in.find("NoPayload"));
}

TEST(Roles, WithoutAFirstLayerPacketsAreBytesOfWhichNothingIsKnown) {
    const loader::DefinitionFile file{"only.json", R"({"protocols": [
        {"id": "Bytes", "role": "unknown_payload", "fields": [{"id": "x", "type": "StrField"}]},
        {"id": "Behind", "role": "padding", "is_a": "Bytes"}]})"};
    const auto database = loader::load(std::span(&file, 1));
    EXPECT_EQ(database->first_layer().id, "Bytes");
    EXPECT_TRUE(database->find("Behind")->is_padding);
}

// https://www.tcpdump.org/linktypes.html
TEST(LinkTypes, TellWhatPacketsBeginWith) {
    const std::map<int, std::string> first{
        {0, "Loopback"},       {1, "Ether"},     {9, "PPP"},        {50, "HDLC"},         {51, "PPPoE"},
        {101, "_IPv46"},       {105, "Dot11"},   {108, "Loopback"}, {113, "CookedLinux"}, {119, "PrismHeader"},
        {127, "RadioTap"},     {166, "DIR_PPP"}, {187, "HCI_Hdr"},  {192, "PPI"},         {195, "Dot15d4FCS"},
        {201, "HCI_PHDR_Hdr"}, {204, "DIR_PPP"}, {219, "MPLS"},     {228, "IP"},          {229, "IPv6"},
        {230, "Dot15d4"},      {248, "SCTP"},    {251, "BTLE"},     {256, "BTLE_RF"}};
    for (const auto& [link_type, id] : first) {
        const model::Protocol* const found = database().find_by_link_type(link_type);
        EXPECT_EQ(found != nullptr ? found->id : "", id) << link_type;
    }
    EXPECT_EQ(database().find_by_link_type(147), nullptr);
    EXPECT_EQ(database().find_by_link_type(-1), nullptr);
}

TEST(LinkTypes, AUsersGoBeforeThoseBuiltIn) {
    const OwnDefinitions own(R"({"id": "Mine", "link_types": [1, 147], "fields": [{"id": "x", "type": "ByteField"}]})");
    EXPECT_EQ(own.database().find_by_link_type(1), own.database().find("Mine"));
    EXPECT_EQ(own.database().find_by_link_type(147), own.database().find("Mine"));
    EXPECT_EQ(own.database().first_layer().id, "Ether");
    EXPECT_EQ(OwnDefinitions::refusal(R"({"id": "A", "link_types": [147]}, {"id": "B", "link_types": [147]})"),
              "mine.json:1: protocol B: the link type 147 is that of A, in mine.json:1");
}

}  // namespace
}  // namespace framewright::tests
