// What is embedded in the executable is what is in the repository.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "protocol_db/definitions/embedded_definitions.hpp"
#include "templates/embedded_templates.hpp"

namespace framewright::tests {
namespace {

namespace fs = std::filesystem;

void expect_same(std::span<const EmbeddedFile> embedded, const fs::path& directory, const std::string& extension) {
    std::vector<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        const std::string path = fs::relative(entry.path(), directory).generic_string();
        if (entry.path().extension() == extension && !path.ends_with(".schema.json")) {
            paths.push_back(path);
        }
    }
    std::sort(paths.begin(), paths.end());
    ASSERT_EQ(embedded.size(), paths.size());
    for (std::size_t i = 0; i < paths.size(); ++i) {
        EXPECT_EQ(embedded[i].path, paths[i]);
        std::ostringstream content;
        content << std::ifstream(directory / paths[i], std::ios::binary).rdbuf();
        EXPECT_TRUE(embedded[i].content == content.str()) << paths[i];
    }
}

TEST(EmbeddedFiles, Definitions) {
    expect_same(definitions::embedded_definitions(), fs::path(FRAMEWRIGHT_SOURCE_DIRECTORY) / "protocol_db/definitions",
                ".json");
}

TEST(EmbeddedFiles, Templates) {
    expect_same(templates::embedded_templates(), fs::path(FRAMEWRIGHT_SOURCE_DIRECTORY) / "templates", ".trp");
}

}  // namespace
}  // namespace framewright::tests
