// What README.md says is so: its commands are run, its answers compared, its tables checked against the program.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "protocol_db/capture/capture.hpp"
#include "protocol_db/expression/literal.hpp"
#include "protocol_db/field_engine/compile.hpp"
#include "protocol_db/field_engine/parameter_value.hpp"
#include "protocol_db/field_engine/run.hpp"
#include "protocol_db/loader/loader.hpp"
#include "protocol_db/packet/build.hpp"
#include "protocol_db/packet/dissect.hpp"
#include "protocol_db/packet/payload_generator.hpp"
#include "rpc/field_engine_methods.hpp"
#include "rpc/json_rpc.hpp"
#include "rpc/packet_methods.hpp"
#include "rpc/template_store.hpp"
#include "server/command_line.hpp"
#include "tests/documentation/markdown.hpp"
#include "tests/documentation/page_reader.hpp"
#include "tests/documentation/script.hpp"
#include "tests/system/server_process.hpp"

namespace framewright::tests {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

TEST(Readme, DifferenceFindsDifferences) {
    const json real = json::parse(R"({"a": [1, 2, 3, {"b": "text"}]})");
    for (const char* const same : {R"({"a": [1, 2, 3, {"b": "text"}]})", R"({"a": ["…"]})", R"({"a": [1, "…"]})",
                                   R"({"a": ["…", 2, "…", {"b": "te…"}]})"}) {
        EXPECT_EQ(difference(json::parse(same), real), "") << same;
    }
    for (const char* const other :
         {R"({"a": [1, 2, 3]})", R"({"a": [1, "…", 4, "…"]})", R"({})", R"({"a": "…", "b": 1})",
          R"({"a": [1, 2, 3, {"b": "xt…"}]})", R"({"a": [1, 3, "…"]})"}) {
        EXPECT_NE(difference(json::parse(other), real), "") << other;
    }
}

TEST(Readme, CommandsAndAnswers) {
    if (!has_python_module("zmq")) {
        GTEST_SKIP() << "needs the Debian package python3-zmq";
    }
    PageReader reader;
    reader.follow(read_page("README.md"));
    EXPECT_GE(reader.commands(), 12U);
    EXPECT_GE(reader.answers(), 4U);
}

TEST(Readme, PackagesThatItNames) {
    // ./run tests installs what the first request needs.
    EXPECT_NE(read_source("run").find("python3-zmq"), std::string::npos);
}

TEST(Readme, Options) {
    const ScriptResult help = run_script(FRAMEWRIGHT_SERVER_PATH " --help", "/");
    ASSERT_EQ(help.status, 0);
    static const std::regex kOption("(?:^|[\n ,])(--?[a-z][a-z-]*)");
    std::set<std::string> real;
    const std::string options = help.output.substr(help.output.find("Options:"));
    std::istringstream lines(options);
    for (std::string line; std::getline(lines, line);) {
        // A line of an option begins with it, behind two blanks; one of a description has more.
        if (!line.starts_with("  -")) {
            continue;
        }
        const std::string names = line.substr(2, line.find(' ', 2) - 2);
        for (auto match = std::sregex_iterator(names.begin(), names.end(), kOption); match != std::sregex_iterator();
             ++match) {
            real.insert((*match)[1]);
        }
    }
    const std::vector<std::string> names = first_column_names(section_of(read_page("README.md"), "Options"));
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()), real);
}

TEST(Readme, Methods) {
    ServerProcess server;
    std::set<std::string> real;
    const json reply = Client(server.endpoint()).call("supported_methods", {"all"});
    for (const auto& [name, description] : reply["result"].items()) {
        real.insert(name);
    }
    const std::vector<std::string> names = first_column_names(section_of(read_page("README.md"), "Methods"));
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()), real);

    const std::string section = section_of(read_page("README.md"), "Methods");
    for (const auto& [name, description] : reply["result"].items()) {
        std::string parameters;
        for (const json& parameter : description[1]) {
            parameters += (parameters.empty() ? "`" : ", `") + parameter.get<std::string>() + "`";
        }
        const std::string row = "\n| `" + name + "` |" + (parameters.empty() ? "" : " " + parameters) + " | ";
        EXPECT_NE(section.find(row), std::string::npos) << row;
    }
}

TEST(Readme, Limits) {
    struct Limit {
        const char* what;
        std::size_t value;
    };
    constexpr std::size_t kMebi = std::size_t{1} << 20;
    const std::array<Limit, 24> limits{{
        {"a request", server::kDefaultMaximumMessage},
        {"arrays and objects within each other", rpc::kMaximumNesting},
        {"values in a request", rpc::kMaximumValues},
        {"requests in a batch", rpc::kMaximumBatch},
        {"reply to a batch", rpc::kMaximumBatchReply},
        {"layers of a packet", packet::kMaximumLayers},
        {"bytes of a packet that is built", packet::kMaximumPacketSize},
        {"bytes of a generated payload", packet::kMaximumGeneratedBytes},
        {"packets within fields of each other", packet::kMaximumNesting},
        {"characters of an expression", expression::kMaximumTextLength},
        {"packets of a capture", capture::kMaxPackets},
        {"packet bytes of a capture", capture::kMaxTotalBytes},
        {"bytes of a packet of a capture", capture::kMaxPacketBytes},
        {"bytes of a compressed capture when uncompressed", capture::kMaxUncompressedBytes},
        {"reply to `read_pcap` and `run_field_engine`", rpc::kMaximumCaptureReply},
        {"instructions of a field engine program", field_engine::kMaximumInstructions},
        {"values of a value list", field_engine::kMaximumValues},
        {"packets of one `run_field_engine`", rpc::kMaximumRunPackets},
        {"instructions that it executes, skipped packets included", field_engine::kMaximumExecutions},
        {"a file of protocols of your own", loader::kMaximumFileSize},
        {"such files", loader::kMaximumUserFiles},
        {"bytes of all such files", loader::kMaximumUserBytes},
        {"a template file", rpc::kMaximumTemplateSize},
        {"templates", rpc::kMaximumTemplates},
    }};
    const std::string section = section_of(read_page("README.md"), "Limits");
    for (const Limit& limit : limits) {
        const std::string row = "| " + std::string(limit.what) + " | ";
        const std::size_t start = section.find(row);
        ASSERT_NE(start, std::string::npos) << row;
        std::string shown =
            section.substr(start + row.size(), section.find(" |", start + row.size()) - start - row.size());
        const bool is_mebi = shown.find(" MiB") != std::string::npos;
        shown = replace_all(shown, ",", "");
        EXPECT_EQ(std::stoull(shown) * (is_mebi ? kMebi : 1), limit.value) << limit.what;
    }
    const auto rows = std::count(section.begin(), section.end(), '\n');
    EXPECT_EQ(static_cast<std::size_t>(rows), limits.size() + 6) << "a limit is not tested";
}

TEST(Readme, Defaults) {
    const std::string section = section_of(read_page("README.md"), "Options");
    const server::CommandLine line;
    EXPECT_NE(section.find("| " + std::to_string(line.server.port) + " |"), std::string::npos);
    EXPECT_NE(section.find("| " + line.server.address + " "), std::string::npos);
    EXPECT_NE(section.find("| " + std::to_string(line.server.maximum_message) + " "), std::string::npos);
    EXPECT_NE(section.find("1 to " + std::to_string(server::kMaximumWorkers)), std::string::npos);
    EXPECT_NE(section.find("`" + std::string(server::kDefaultLogFile) + "`"), std::string::npos);
}

class Links : public testing::TestWithParam<const char*> {};

TEST_P(Links, LeadSomewhere) {
    const Page page = read_page(GetParam());
    const std::vector<std::string> anchors = anchors_of(page);
    for (const std::string& link : links_of(page)) {
        if (link.starts_with("#")) {
            EXPECT_NE(std::find(anchors.begin(), anchors.end(), link.substr(1)), anchors.end()) << link;
        } else if (!link.starts_with("https://")) {
            EXPECT_TRUE(fs::exists(page.path.parent_path() / link.substr(0, link.find('#')))) << link;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Documentation, Links,
                         testing::Values("README.md", "protocol_db/README.md", "protocol_db/field_engine/README.md",
                                         "client_examples/escp/README.md", "client_examples/key_value/README.md"));

}  // namespace
}  // namespace framewright::tests
