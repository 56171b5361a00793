#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace framewright::tests {

/// A fenced block of a Markdown page.
struct CodeBlock {
    std::string language;  ///< As it stands behind the fence; may be empty.
    std::string text;
    std::size_t line = 0;  ///< Of its first line, from 1.
};

/// A Markdown page, as far as the tests of the documentation look at it.
struct Page {
    std::filesystem::path path;
    std::string text;
    std::vector<CodeBlock> blocks;
};

/// Reads a page of the repository. Throws std::runtime_error for one that is not there or ends within a block.
Page read_page(const std::string& path);

/// The text of a file of the repository. Throws std::runtime_error.
std::string read_source(const std::string& path);

/// The targets of the links of a page, outside of its blocks.
std::vector<std::string> links_of(const Page& page);

/// The anchors that the headings of a page make, as the usual web views do.
std::vector<std::string> anchors_of(const Page& page);

/// What stands between backquotes on the lines of a page's tables, in the first column.
std::vector<std::string> first_column_names(std::string_view markdown);

/// The part of a page from the heading with this text to the next heading of the same or a higher level.
std::string section_of(const Page& page, std::string_view heading);

}  // namespace framewright::tests
