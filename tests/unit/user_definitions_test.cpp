// A user's definitions beside the built-in ones: files, order of the bindings, where they show up.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/scratch_directory.hpp"
#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<const model::Database> load_with(const std::string& protocols) {
    const std::vector<loader::UserFile> files{{"mine.json", R"({"protocols": [)" + protocols + "]}"}};
    return loader::load_built_in(files);
}

/// A user's protocol of one byte, bound as the members say.
std::string mine(const std::string& members) {
    return R"({"id": "Mine", "fields": [{"id": "x", "type": "ByteField"}], )" + members + "}";
}

std::string found_in(const model::Database& database, std::string_view first, std::string_view digits) {
    return ids_of(packet::Dissector(database).dissect(*database.find(first), octets(digits)));
}

// RFC 768: source and destination port, length, checksum; and a DNS header (RFC 1035, section 4.1.1).
const std::string kDnsHeader = "0001 0000 0000 0000 0000 0000";
const std::string kUdpFrom53To1337 = "0035 0539 0014 0000" + kDnsHeader;
// RFC 791: an IPv4 header with protocol 253 and no payload.
const std::string kIpv4 = "4500 0014 0001 0000 40fd 0000 7f000001 7f000001";

TEST(UserDefinitions, AreAskedBeforeBuiltInBindings) {
    EXPECT_EQ(found_in(database(), "UDP", kUdpFrom53To1337), "UDP DNS");
    const auto with_mine = load_with(mine(R"("under": [{"protocol": "UDP", "fields": {"dport": 1337}}])"));
    EXPECT_EQ(found_in(*with_mine, "UDP", kUdpFrom53To1337), "UDP Mine Raw");
    // All else stays what it is.
    EXPECT_EQ(found_in(*with_mine, "UDP", "0035 0538 0014 0000" + kDnsHeader), "UDP DNS");
}

TEST(UserDefinitions, BuiltDefaultsAreFoundAgain) {
    const auto with_mine = load_with(mine(R"("under": [{"protocol": "UDP", "fields": {"dport": 1337}}])"));
    model::Packet packet;
    packet.layers.push_back(packet::make_layer(*with_mine->find("UDP")));
    packet.layers.push_back(packet::make_layer(*with_mine->find("Mine")));
    const packet::InspectedPacket inspected = packet::inspect(packet, *with_mine);
    EXPECT_EQ(hex(inspected.built.bytes).substr(0, 8), "00350539");
    EXPECT_EQ(inspected.layers[1].real_protocol, with_mine->find("Mine"));
}

TEST(UserDefinitions, AreAskedFirstWhereAProtocolBindsAsAnother) {
    // Dot1Q takes over what stands on Ether, behind its own bindings.
    const auto with_mine = load_with(mine(R"("under": [{"protocol": "Ether", "fields": {"type": 2048}}])"));
    EXPECT_EQ(found_in(database(), "Dot1Q", "0001 0800" + kIpv4), "Dot1Q IP");
    EXPECT_EQ(found_in(*with_mine, "Dot1Q", "0001 0800" + kIpv4), "Dot1Q Mine Raw");
}

TEST(UserDefinitions, OfABuiltInProtocolItselfAreAskedBeforeItsChoices) {
    // MPLS (RFC 3032): label 100, bottom of stack; what follows looks like IPv4.
    const std::string label_100 = "00064140" + kIpv4;
    const auto with_mine = load_with(mine(R"("under": [{"protocol": "MPLS", "fields": {"label": 100}}])"));
    EXPECT_EQ(found_in(database(), "MPLS", label_100), "MPLS IP");
    EXPECT_EQ(found_in(*with_mine, "MPLS", label_100), "MPLS Mine Raw");
    // A fragment behind the first (RFC 8200, section 4.5) is no layer, whatever stands on IPv6.
    const auto on_ipv6 = load_with(mine(R"("under": [{"protocol": "IPv6", "fields": {"nh": 253}}])"));
    EXPECT_EQ(found_in(*on_ipv6, "IPv6ExtHdrFragment", "fd00 0008 00000001 2a"), "IPv6ExtHdrFragment Raw");
    EXPECT_EQ(found_in(*on_ipv6, "IPv6ExtHdrFragment", "fd00 0001 00000001 2a"), "IPv6ExtHdrFragment Mine");
}

TEST(UserDefinitions, StandUnderBuiltInProtocols) {
    const auto with_mine = load_with(
        mine(R"("under": [{"protocol": "Ether", "fields": {"type": "0x88b5"}}], "over": [{"protocol": "IP"}])"));
    EXPECT_EQ(found_in(*with_mine, "Mine", "01" + kIpv4), "Mine IP");
    EXPECT_EQ(found_in(*with_mine, "Ether", "ffffffffffff 000000000001 88b5 01" + kIpv4), "Ether Mine IP");
}

TEST(UserDefinitions, JoinWhatABuiltInProtocolSuggests) {
    const auto with_mine = load_with(mine(R"("under": [{"protocol": "IP", "fields": {"proto": 253}}])"));
    std::vector<std::string> suggested = with_mine->find("IP")->suggested_payloads;
    EXPECT_EQ(std::erase(suggested, "Mine"), 1U);
    EXPECT_EQ(suggested, database().find("IP")->suggested_payloads);
    EXPECT_EQ(with_mine->find("Ether")->suggested_payloads, database().find("Ether")->suggested_payloads);
    const auto internal =
        load_with(mine(R"("is_abstract": true, "under": [{"protocol": "IP", "fields": {"proto": 253}}])"));
    EXPECT_EQ(internal->find("IP")->suggested_payloads, database().find("IP")->suggested_payloads);
}

TEST(UserDefinitions, BindingsForAFieldThatIsNotThereDoNotHold) {
    // What stands on Mine where x is 1 does not stand on a protocol that binds as Mine and has no x.
    const auto with_mine =
        load_with(mine(R"("over": [{"protocol": "IP", "fields": {"x": 1}}])") +
                  R"(,{"id": "Other", "binds_as": ["Mine"], "fields": [{"id": "y", "type": "ByteField"}]})" +
                  R"(,{"id": "Same", "binds_as": ["Mine"], "fields": [{"id": "y", "type": "ByteField"},)" +
                  R"({"id": "x", "type": "ByteField"}]})");
    EXPECT_EQ(found_in(*with_mine, "Mine", "01" + kIpv4), "Mine IP");
    EXPECT_EQ(found_in(*with_mine, "Other", "01" + kIpv4), "Other Raw");
    EXPECT_EQ(found_in(*with_mine, "Same", "00 01" + kIpv4), "Same IP");
    EXPECT_EQ(found_in(*with_mine, "Same", "01 00" + kIpv4), "Same Raw");
}

TEST(UserFiles, AreReadInTheOrderOfTheirNames) {
    const ScratchDirectory directory;
    directory.write("b.json", "2");
    directory.write("a.json", "1");
    directory.write("c.txt", "no");
    directory.write(".hidden.json", "no");
    directory.write("below/d.json", "no");
    fs::create_symlink("b.json", directory.path() / "link.json");
    const std::vector<fs::path> paths{directory.path()};
    const std::vector<loader::UserFile> files = loader::read_user_files(paths);
    ASSERT_EQ(files.size(), 3U);
    EXPECT_EQ(files[0].name, (directory.path() / "a.json").string());
    EXPECT_EQ(files[0].text, "1");
    EXPECT_EQ(files[1].text, "2");
    EXPECT_EQ(files[2].text, "2") << "a link within the directory";
}

std::string refusal(const fs::path& directory) {
    const std::vector<fs::path> paths{directory};
    try {
        loader::read_user_files(paths);
        return "";
    } catch (const loader::DefinitionError& error) {
        EXPECT_EQ(error.line(), 0U);
        return error.what();
    }
}

TEST(UserFiles, NeverLieOutsideOfTheDirectory) {
    const ScratchDirectory directory;
    const ScratchDirectory elsewhere;
    const fs::path secret = elsewhere.write("secret.json", "{}");
    const fs::path link = directory.path() / "link.json";
    fs::create_symlink(secret, link);
    EXPECT_EQ(refusal(directory.path()), link.string() + ": a link that leads out of the directory");
    fs::remove(link);
    fs::create_symlink("nothing", link);
    EXPECT_EQ(refusal(directory.path()), link.string() + ": No such file or directory");
}

TEST(UserFiles, ThatCannotBeReadAreNamed) {
    const ScratchDirectory directory;
    EXPECT_EQ(refusal(directory.path() / "none"), (directory.path() / "none").string() + ": No such file or directory");
    const fs::path file = directory.write("file.txt", "");
    EXPECT_EQ(refusal(file), file.string() + ": Not a directory");
    const fs::path inner = directory.path() / "inner.json";
    fs::create_directory(inner);
    EXPECT_EQ(refusal(directory.path()), inner.string() + ": is not a regular file");
}

TEST(UserFiles, HaveLimits) {
    const ScratchDirectory directory;
    const fs::path file = directory.write("a.json", std::string(loader::kMaximumFileSize, ' '));
    EXPECT_EQ(refusal(directory.path()), "");
    directory.write("a.json", std::string(loader::kMaximumFileSize + 1, ' '));
    EXPECT_EQ(refusal(directory.path()), file.string() + ": the file is larger than 8388608 bytes");
    directory.write("a.json", "{}");
    for (std::size_t index = 1; index < loader::kMaximumUserFiles; ++index) {
        directory.write(std::to_string(index) + ".json", "{}");
    }
    EXPECT_EQ(refusal(directory.path()), "");
    directory.write("one-more.json", "{}");
    EXPECT_EQ(refusal(directory.path()), directory.path().string() + ": more than 1000 files");

    // All files together: links to one large file take no room.
    const ScratchDirectory large;
    large.write("0.json", std::string(loader::kMaximumFileSize, ' '));
    for (std::size_t index = 1; index < loader::kMaximumUserBytes / loader::kMaximumFileSize; ++index) {
        fs::create_symlink("0.json", large.path() / (std::to_string(index) + ".json"));
    }
    EXPECT_EQ(refusal(large.path()), "");
    fs::create_symlink("0.json", large.path() / "z.json");
    EXPECT_NE(refusal(large.path()).find("more than 67108864 bytes"), std::string::npos);
}

}  // namespace
}  // namespace framewright::tests
