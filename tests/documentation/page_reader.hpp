#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/documentation/markdown.hpp"
#include "tests/scratch_directory.hpp"
#include "tests/system/server_process.hpp"

namespace framewright::tests {

std::string replace_all(std::string text, const std::string& what, const std::string& with);

/// Where a reply differs from what the page shows of it; empty if nowhere. "…" stands for any elements of an array, and
/// at a text's end for the rest of the text.
std::string difference(const nlohmann::json& shown, const nlohmann::json& real, const std::string& place = "");

/// Follows a page from its first command to its last, in a directory that looks like the repository: runs its commands,
/// and compares its answers with theirs. `./run server` would build, which takes minutes: the executable under test is
/// started in its place, on a free port.
class PageReader {
public:
    PageReader();

    /// Fails the test where the page is not right.
    void follow(const Page& page);

    std::size_t answers() const { return answers_; }
    std::size_t commands() const { return commands_; }

private:
    void follow(const CodeBlock& block);
    void run(std::string script);
    void follow_task(const std::vector<std::string>& words);
    void start_server(const std::vector<std::string>& given);
    void start_key_value_server(const std::string& command);
    void check_json(const CodeBlock& block);
    void check_text(const CodeBlock& block);
    void check_log_line(const std::string& shown);

    ScratchDirectory directory_;
    std::optional<Process> server_;
    std::string start_lines_;
    int port_ = 0;
    std::optional<Process> key_value_server_;
    int key_value_port_ = 0;
    std::optional<std::string> output_;
    std::size_t answers_ = 0;
    std::size_t commands_ = 0;
};

}  // namespace framewright::tests
