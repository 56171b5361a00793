// write_reference: writes what the field types say of themselves into the guide and the schema.
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "tests/reference/reference.hpp"

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void update(const std::filesystem::path& path, std::string (*change)(std::string_view)) {
    const std::string old_text = read(path);
    const std::string new_text = change(old_text);
    if (new_text != old_text) {
        std::ofstream(path, std::ios::binary) << new_text;
        std::cout << path.string() << " is changed\n";
    }
}

}  // namespace

int main() {
    try {
        const std::filesystem::path directory = std::filesystem::path(FRAMEWRIGHT_SOURCE_DIRECTORY) / "protocol_db";
        update(directory / "README.md", framewright::reference::update_guide);
        update(directory / "definitions.schema.json", framewright::reference::update_schema);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "write_reference: " << error.what() << '\n';
        return 1;
    }
}
