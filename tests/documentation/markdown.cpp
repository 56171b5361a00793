#include "tests/documentation/markdown.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace framewright::tests {
namespace {

constexpr std::string_view kFence = "```";

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    std::istringstream stream{std::string(text)};
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// The lines outside of blocks; those within are empty.
std::vector<std::string> prose_of(std::string_view text) {
    std::vector<std::string> lines = lines_of(text);
    bool is_code = false;
    for (std::string& line : lines) {
        const bool is_fence = line.starts_with(kFence);
        if (is_fence || is_code) {
            line.clear();
        }
        is_code = is_code != is_fence;
    }
    return lines;
}

std::size_t level_of(std::string_view line) {
    const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
    return level > 0 && level < line.size() && line[level] == ' ' ? level : 0;
}

std::vector<std::string> matches_of(const std::string& line, const std::regex& pattern) {
    std::vector<std::string> found;
    for (auto match = std::sregex_iterator(line.begin(), line.end(), pattern); match != std::sregex_iterator();
         ++match) {
        found.push_back((*match)[1].str());
    }
    return found;
}

}  // namespace

std::string read_source(const std::string& path) {
    const std::filesystem::path full = std::filesystem::path(FRAMEWRIGHT_SOURCE_DIRECTORY) / path;
    std::ifstream file(full, std::ios::binary);
    if (!file) {
        throw std::runtime_error(full.string() + " cannot be read");
    }
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

Page read_page(const std::string& path) {
    Page page{std::filesystem::path(FRAMEWRIGHT_SOURCE_DIRECTORY) / path, read_source(path), {}};
    const std::vector<std::string> lines = lines_of(page.text);
    bool is_code = false;
    for (std::size_t index = 0; index < lines.size(); ++index) {
        if (lines[index].starts_with(kFence)) {
            is_code = !is_code;
            if (is_code) {
                page.blocks.push_back({lines[index].substr(kFence.size()), "", index + 2});
            }
        } else if (is_code) {
            page.blocks.back().text += lines[index] + '\n';
        }
    }
    if (is_code) {
        throw std::runtime_error(path + " ends within a block");
    }
    return page;
}

std::vector<std::string> links_of(const Page& page) {
    static const std::regex kLink(R"(\]\(([^)\s]+)\))");
    std::vector<std::string> links;
    for (const std::string& line : prose_of(page.text)) {
        const std::vector<std::string> found = matches_of(line, kLink);
        links.insert(links.end(), found.begin(), found.end());
    }
    return links;
}

std::vector<std::string> anchors_of(const Page& page) {
    std::vector<std::string> anchors;
    for (const std::string& line : prose_of(page.text)) {
        const std::size_t level = level_of(line);
        if (level == 0) {
            continue;
        }
        std::string anchor;
        for (const char character : line.substr(level + 1)) {
            const auto letter = static_cast<unsigned char>(character);
            if (character == ' ') {
                anchor += '-';
            } else if (std::isalnum(letter) != 0 || character == '-' || character == '_') {
                anchor += static_cast<char>(std::tolower(letter));
            }
        }
        anchors.push_back(anchor);
    }
    return anchors;
}

std::vector<std::string> first_column_names(std::string_view markdown) {
    static const std::regex kName("`([^`]+)`");
    std::vector<std::string> names;
    for (const std::string& line : prose_of(markdown)) {
        if (!line.starts_with("| ")) {
            continue;
        }
        std::size_t end = line.find('|', 1);
        while (end != std::string::npos && line[end - 1] == '\\') {
            end = line.find('|', end + 1);
        }
        const std::vector<std::string> found = matches_of(line.substr(0, end), kName);
        names.insert(names.end(), found.begin(), found.end());
    }
    return names;
}

std::string section_of(const Page& page, std::string_view heading) {
    const std::vector<std::string> lines = lines_of(page.text);
    const std::vector<std::string> prose = prose_of(page.text);
    std::string section;
    std::size_t level = 0;
    for (std::size_t index = 0; index < lines.size(); ++index) {
        const std::size_t here = level_of(prose[index]);
        if (level == 0) {
            level = here != 0 && prose[index].substr(here + 1) == heading ? here : 0;
        } else if (here != 0 && here <= level) {
            break;
        } else {
            section += lines[index] + '\n';
        }
    }
    if (level == 0) {
        throw std::runtime_error(page.path.string() + " has no heading " + std::string(heading));
    }
    return section;
}

}  // namespace framewright::tests
