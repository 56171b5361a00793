// What the example's README.md says is so: its commands are run, and its measurement.
#include <gtest/gtest.h>
#include <unistd.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/documentation/markdown.hpp"
#include "tests/tcp_in_user_space/two_hosts.hpp"

namespace user_space_tcp {
namespace {

using framewright::tests::run_script;
using framewright::tests::ScriptResult;

const std::string kFolder = "client_examples/tcp_in_user_space";

class FetchPageReadmeTest : public testing::Test {
protected:
    void SetUp() override {
        if (const auto obstacle = TwoHosts::obstacle()) {
            GTEST_SKIP() << *obstacle;
        }
    }
};

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
        text.replace(at, what.size(), by);
    }
    return text;
}

TEST_F(FetchPageReadmeTest, PageIsFetchedByHand) {
    const framewright::tests::ScratchDirectory directory;
    const std::string name = "framewright-tcp-" + std::to_string(getpid()) + "-readme";
    std::string commands;
    for (const auto& block : framewright::tests::read_page(kFolder + "/README.md").blocks) {
        if (block.text.find("two_hosts.sh up demo") != std::string::npos) {
            commands = replaced(block.text, "demo", name);
        }
    }
    ASSERT_NE(commands, "");
    commands = replaced(commands, "$PWD/build/release/bin", FRAMEWRIGHT_BINARY_DIRECTORY);
    commands = replaced(commands, "/tmp/pages", directory.path().string());
    const ScriptResult result = run_script(commands, FRAMEWRIGHT_SOURCE_DIRECTORY);
    run_script(kFolder + "/two_hosts.sh down " + name, FRAMEWRIGHT_SOURCE_DIRECTORY);
    EXPECT_EQ(result.status, 0) << result.error;
    EXPECT_NE(result.output.find("Hello, this is a page.\n"), std::string::npos) << result.output << result.error;
    EXPECT_NE(result.error.find("bytes=23 "), std::string::npos) << result.error;
}

TEST_F(FetchPageReadmeTest, MeasurementPrintsItsTable) {
    const std::string page = framewright::tests::read_page(kFolder + "/README.md").text;
    const ScriptResult result =
        run_script(kFolder + "/measure.sh " FRAMEWRIGHT_BINARY_DIRECTORY, FRAMEWRIGHT_SOURCE_DIRECTORY);
    ASSERT_EQ(result.status, 0) << result.error;
    std::istringstream lines(result.output);
    std::vector<std::string> rows;
    for (std::string line; std::getline(lines, line);) {
        rows.push_back(line);
    }
    ASSERT_EQ(rows.size(), 6U) << result.output;
    EXPECT_NE(page.find(rows[0] + "\n" + rows[1] + "\n"), std::string::npos) << "the page has another table";
    EXPECT_TRUE(rows[2].starts_with("| 1kB | 0 % | ") && rows[2].ends_with(" | 0 | 0 |")) << rows[2];
    EXPECT_TRUE(rows[3].starts_with("| 10MB | 0 % | ") && rows[3].ends_with(" | 0 | 0 |")) << rows[3];
    EXPECT_TRUE(rows[4].starts_with("| 1kB | 1 % | ")) << rows[4];
    EXPECT_TRUE(rows[5].starts_with("| 10MB | 1 % | ")) << rows[5];
}

}  // namespace
}  // namespace user_space_tcp
