#include "tests/documentation/page_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>

#include "server/command_line.hpp"
#include "tests/documentation/script.hpp"

namespace framewright::tests {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::string_view kOmission = "…";
constexpr const char* kBuiltServer = "build/release/bin/framewright-server";
constexpr const char* kKeyValueServer = "client_examples/key_value/server.py";
constexpr const char* kKeyValueClient = "client_examples/key_value/client.py";

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

bool is_omission(const json& value) {
    return value.is_string() && value == kOmission;
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

/// Docker needs a daemon, the network and minutes: what the commands rely on is looked up in the Dockerfile.
void check_docker(const std::string& script) {
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
            // The directories are only there in the container.
            arguments.push_back(*word == "/templates" || *word == "/protocols" ? "/" : word->c_str());
        }
        EXPECT_TRUE(std::holds_alternative<server::CommandLine>(server::parse_command_line(arguments))) << line;
    }
}

}  // namespace

std::string replace_all(std::string text, const std::string& what, const std::string& with) {
    for (std::size_t place = 0; (place = text.find(what, place)) != std::string::npos; place += with.size()) {
        text.replace(place, what.size(), with);
    }
    return text;
}

std::string difference(const json& shown, const json& real, const std::string& place) {
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

PageReader::PageReader() {
    for (const auto& entry : fs::directory_iterator(FRAMEWRIGHT_SOURCE_DIRECTORY)) {
        const std::string name = entry.path().filename();
        if (name != "build" && !name.starts_with(".")) {
            fs::create_symlink(entry.path(), directory_.path() / name);
        }
    }
}

void PageReader::follow(const Page& page) {
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

void PageReader::follow(const CodeBlock& block) {
    ++commands_;
    output_.reset();
    const std::vector<std::string> words = words_of(block.text);
    ASSERT_FALSE(words.empty());
    if (words[0] == "docker") {
        check_docker(block.text);
    } else if (words[0] == "./run" && words.size() > 1) {
        follow_task({words.begin() + 1, words.end()});
    } else if (words[0] == kKeyValueServer) {
        start_key_value_server(block.text);
    } else {
        run(block.text);
    }
}

void PageReader::run(std::string script) {
    // The health check and an example know the port without being told.
    script = replace_all(script, std::string(kBuiltServer) + " --health-check",
                         std::string(kBuiltServer) + " --health-check -p 4507");
    script = replace_all(script, kBuiltServer, FRAMEWRIGHT_SERVER_PATH);
    script = replace_all(script, "4507", std::to_string(port_));
    script = replace_all(script, kKeyValueClient,
                         std::string(kKeyValueClient) + " --port " + std::to_string(key_value_port_) +
                             " --framewright localhost " + std::to_string(port_));
    const ScriptResult result = run_script(script, directory_.path());
    EXPECT_EQ(result.status, 0) << script << '\n' << result.error;
    EXPECT_EQ(result.error, "") << script;
    output_ = result.output;
}

void PageReader::follow_task(const std::vector<std::string>& words) {
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
    ASSERT_TRUE(std::holds_alternative<server::CommandLine>(parsed)) << std::get<server::CommandLineExit>(parsed).text;
    start_server({words.begin() + 1, words.end()});
}

void PageReader::start_server(const std::vector<std::string>& given) {
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

/// The server of an example, on a free port.
void PageReader::start_key_value_server(const std::string& command) {
    const std::string script = "cd '" + directory_.path().string() + "' && exec /usr/bin/python3 " +
                               command.substr(0, command.find('\n')) + " --port 0 --framewright localhost " +
                               std::to_string(port_);
    key_value_server_.emplace("/bin/bash", std::vector<std::string>{"-c", script});
    const std::string line = key_value_server_->read_line().value_or("");
    std::smatch found;
    ASSERT_TRUE(std::regex_match(line, found, std::regex("Listening on 127.0.0.1:([0-9]+)"))) << line;
    key_value_port_ = std::stoi(found[1]);
    output_ = replace_all(line, found[1], "65432") + '\n';
}

void PageReader::check_json(const CodeBlock& block) {
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

void PageReader::check_text(const CodeBlock& block) {
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
void PageReader::check_log_line(const std::string& shown) {
    ASSERT_TRUE(Client("tcp://127.0.0.1:" + std::to_string(port_)).call("build_pkt", {json::array()}).is_object());
    const ScriptResult log = run_script("tail -n 1 requests.log", directory_.path());
    static const std::regex kNumber("[0-9]+");
    EXPECT_EQ(std::regex_replace(log.output, kNumber, "0"), std::regex_replace(shown, kNumber, "0"));
}

}  // namespace framewright::tests
