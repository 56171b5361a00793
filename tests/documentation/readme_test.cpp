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
#include "protocol_db/loader/loader.hpp"
#include "protocol_db/packet/build.hpp"
#include "protocol_db/packet/dissect.hpp"
#include "protocol_db/packet/payload_generator.hpp"
#include "rpc/json_rpc.hpp"
#include "rpc/packet_methods.hpp"
#include "rpc/template_store.hpp"
#include "server/command_line.hpp"
#include "tests/documentation/markdown.hpp"
#include "tests/documentation/script.hpp"
#include "tests/system/server_process.hpp"

namespace framewright::tests {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::string_view kOmission = "…";
constexpr const char* kBuiltServer = "build/release/bin/framewright-server";

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

std::string replace_all(std::string text, const std::string& what, const std::string& with) {
    for (std::size_t place = 0; (place = text.find(what, place)) != std::string::npos; place += with.size()) {
        text.replace(place, what.size(), with);
    }
    return text;
}

bool is_omission(const json& value) {
    return value.is_string() && value == kOmission;
}

/// Where a reply differs from what the page shows of it; empty if nowhere. "…" stands for any elements of an array, and
/// at a text's end for the rest of the text.
std::string difference(const json& shown, const json& real, const std::string& place = "") {
    const std::string here = (place.empty() ? "/" : place) + ": shown " + shown.dump() + ", really " + real.dump();
    if (shown.is_object() && real.is_object()) {
        for (const auto& [key, value] : real.items()) {
            if (!shown.contains(key)) {
                return place + "/" + key + ": not shown";
            }
        }
        for (const auto& [key, value] : shown.items()) {
            if (!real.contains(key)) {
                return place + "/" + key + ": not there";
            }
            if (std::string found = difference(value, real[key], place + "/" + key); !found.empty()) {
                return found;
            }
        }
        return "";
    }
    if (shown.is_array() && real.is_array()) {
        std::size_t next = 0;
        bool may_skip = false;
        for (const json& item : shown) {
            if (is_omission(item)) {
                may_skip = true;
                continue;
            }
            while (may_skip && next < real.size() && !difference(item, real[next]).empty()) {
                ++next;
            }
            if (next >= real.size()) {
                return place + ": " + item.dump() + " is not there";
            }
            if (std::string found = difference(item, real[next], place + "/" + std::to_string(next)); !found.empty()) {
                return found;
            }
            ++next;
            may_skip = false;
        }
        return next < real.size() && !may_skip ? place + ": more elements than shown" : "";
    }
    if (shown.is_string() && real.is_string()) {
        const std::string text = shown;
        if (text.ends_with(kOmission)) {
            const std::string start = text.substr(0, text.size() - kOmission.size());
            return real.get<std::string>().starts_with(start) ? "" : here;
        }
    }
    return shown == real ? "" : here;
}

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

/// What an output must be like: line by line, where a line of "…" stands for all that follow.
void expect_output(const std::string& shown, const std::string& real) {
    std::istringstream shown_lines(shown);
    std::istringstream real_lines(real);
    for (std::string line; std::getline(shown_lines, line);) {
        if (line == kOmission) {
            return;
        }
        std::string really;
        ASSERT_TRUE(std::getline(real_lines, really)) << "the output ends before: " << line;
        EXPECT_EQ(really, line);
    }
    std::string rest;
    EXPECT_FALSE(std::getline(real_lines, rest)) << "the output goes on: " << rest;
}

/// Follows the page from its first command to its last, in a directory that looks like the repository. `./run server`
/// would build, which takes minutes: the executable under test is started in its place, on a free port.
class Reader {
public:
    Reader() {
        for (const auto& entry : fs::directory_iterator(FRAMEWRIGHT_SOURCE_DIRECTORY)) {
            const std::string name = entry.path().filename();
            if (name != "build" && !name.starts_with(".")) {
                fs::create_symlink(entry.path(), directory_.path() / name);
            }
        }
    }

    void follow(const Page& page) {
        for (std::size_t index = 0; index < page.blocks.size(); ++index) {
            const CodeBlock& block = page.blocks[index];
            SCOPED_TRACE(page.path.filename().string() + ", line " + std::to_string(block.line));
            if (block.language == "sh") {
                follow(block);
            } else if (block.language == "json") {
                check_json(block);
            } else if (block.language == "text") {
                check_text(block);
            } else {
                ADD_FAILURE() << "a block is sh, json or text";
            }
        }
    }

    std::size_t answers() const { return answers_; }
    std::size_t commands() const { return commands_; }

private:
    void follow(const CodeBlock& block) {
        ++commands_;
        output_.reset();
        const std::vector<std::string> words = words_of(block.text);
        ASSERT_FALSE(words.empty());
        if (words[0] == "docker") {
            check_docker(block.text);
        } else if (words[0] == "./run" && words.size() > 1) {
            follow_task({words.begin() + 1, words.end()});
        } else {
            run(block.text);
        }
    }

    void run(std::string script) {
        // The health check is the only command that knows the port without being told.
        script = replace_all(script, std::string(kBuiltServer) + " --health-check",
                             std::string(FRAMEWRIGHT_SERVER_PATH) + " --health-check -p 4507");
        script = replace_all(script, "4507", std::to_string(port_));
        const ScriptResult result = run_script(script, directory_.path());
        EXPECT_EQ(result.status, 0) << script << '\n' << result.error;
        EXPECT_EQ(result.error, "") << script;
        output_ = result.output;
    }

    void follow_task(const std::vector<std::string>& words) {
        // All but the server would build or test within this test.
        const std::string usage = run_script("./run", directory_.path()).output;
        EXPECT_NE(usage.find("./run " + words[0] + " "), std::string::npos) << words[0] << " is no task of ./run";
        if (words[0] != "server") {
            return;
        }
        std::vector<const char*> arguments{"framewright-server"};
        for (std::size_t index = 1; index < words.size(); ++index) {
            arguments.push_back(words[index].c_str());
        }
        // Directories are looked for from here.
        const fs::path before = fs::current_path();
        fs::current_path(directory_.path());
        const auto parsed = server::parse_command_line(arguments);
        fs::current_path(before);
        ASSERT_TRUE(std::holds_alternative<server::CommandLine>(parsed))
            << std::get<server::CommandLineExit>(parsed).text;
        start_server({words.begin() + 1, words.end()});
    }

    void start_server(const std::vector<std::string>& given) {
        std::string command = "cd '" + directory_.path().string() + "' && exec '" FRAMEWRIGHT_SERVER_PATH "'";
        for (std::size_t index = 0; index < given.size(); ++index) {
            // The test has a port and an address of its own.
            if (given[index] == "-p" || given[index] == "--listen") {
                ++index;
            } else {
                command += " '" + given[index] + "'";
            }
        }
        server_.reset();
        server_.emplace("/bin/bash", std::vector<std::string>{"-c", command + " --listen 127.0.0.1 --port 0"});
        start_lines_.clear();
        for (int line = 0; line < 3; ++line) {
            const auto text = server_->read_line();
            ASSERT_TRUE(text) << "the server did not start: " << command;
            start_lines_ += *text + '\n';
        }
        std::smatch found;
        ASSERT_TRUE(std::regex_search(start_lines_, found, std::regex("port: ([0-9]+)")));
        port_ = std::stoi(found[1]);
    }

    /// Docker needs a daemon, the network and minutes: what the commands rely on is looked up in the Dockerfile.
    static void check_docker(const std::string& script) {
        const std::string dockerfile = read_source("Dockerfile");
        EXPECT_NE(dockerfile.find("EXPOSE 4507"), std::string::npos);
        EXPECT_NE(dockerfile.find("HEALTHCHECK"), std::string::npos);
        EXPECT_NE(dockerfile.find("USER framewright"), std::string::npos);
        EXPECT_NE(dockerfile.find("ENTRYPOINT [\"framewright-server\"]"), std::string::npos);
        std::istringstream lines(script);
        for (std::string line; std::getline(lines, line);) {
            const std::vector<std::string> words = words_of(line);
            ASSERT_GT(words.size(), 2U);
            EXPECT_EQ(words[0], "docker");
            if (words[1] == "build") {
                EXPECT_EQ(line, "docker build --tag framewright .");
                continue;
            }
            EXPECT_EQ(words[1], "run");
            EXPECT_NE(line.find("--publish 4507:4507"), std::string::npos);
            const auto image = std::find(words.begin(), words.end(), "framewright");
            ASSERT_NE(image, words.end());
            std::vector<const char*> arguments;
            for (auto word = image; word != words.end(); ++word) {
                // The directory is only there in the container.
                arguments.push_back(*word == "/templates" ? "/" : word->c_str());
            }
            EXPECT_TRUE(std::holds_alternative<server::CommandLine>(server::parse_command_line(arguments))) << line;
        }
    }

    void check_json(const CodeBlock& block) {
        const json shown = json::parse(block.text, nullptr, false);
        ASSERT_FALSE(shown.is_discarded());
        if (shown.contains("method")) {
            EXPECT_EQ(shown, json::parse(read_source("client_examples/requests/build_pkt.json")));
            return;
        }
        ASSERT_TRUE(output_) << "no command gives this answer";
        const json real = json::parse(*output_, nullptr, false);
        ASSERT_FALSE(real.is_discarded()) << *output_;
        EXPECT_EQ(difference(shown, real), "");
        ++answers_;
    }

    void check_text(const CodeBlock& block) {
        if (block.text.starts_with("***Scapy Server Started***")) {
            std::string shown = replace_all(block.text, "4507", std::to_string(port_));
            expect_output(replace_all(shown, "192.0.2.10", "127.0.0.1"), start_lines_);
            return;
        }
        if (block.text.find(" client=") != std::string::npos) {
            check_log_line(block.text);
            return;
        }
        ASSERT_TRUE(output_) << "no command gives this output";
        expect_output(block.text, *output_);
        ++answers_;
    }

    /// The server that was started last logs to the file that the page names.
    void check_log_line(const std::string& shown) {
        ASSERT_TRUE(Client("tcp://127.0.0.1:" + std::to_string(port_)).call("build_pkt", {json::array()}).is_object());
        const ScriptResult log = run_script("tail -n 1 requests.log", directory_.path());
        static const std::regex kNumber("[0-9]+");
        EXPECT_EQ(std::regex_replace(log.output, kNumber, "0"), std::regex_replace(shown, kNumber, "0"));
    }

    ScratchDirectory directory_;
    std::optional<Process> server_;
    std::string start_lines_;
    int port_ = 0;
    std::optional<std::string> output_;
    std::size_t answers_ = 0;
    std::size_t commands_ = 0;
};

TEST(Readme, CommandsAndAnswers) {
    if (!has_python_module("zmq")) {
        GTEST_SKIP() << "needs the Debian package python3-zmq";
    }
    Reader reader;
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
}

TEST(Readme, Limits) {
    struct Limit {
        const char* what;
        std::size_t value;
    };
    constexpr std::size_t kMebi = std::size_t{1} << 20;
    const std::array<Limit, 18> limits{{
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
        {"reply to `read_pcap`", rpc::kMaximumCaptureReply},
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

INSTANTIATE_TEST_SUITE_P(Documentation, Links, testing::Values("README.md", "protocol_db/README.md"));

}  // namespace
}  // namespace framewright::tests
