#include "server/definition_check.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "protocol_db/loader/loader.hpp"

namespace framewright::server {
namespace {

namespace fs = std::filesystem;

/// How many protocols the file holds. Throws loader::DefinitionError.
std::ptrdiff_t count_protocols(const fs::path& path, std::vector<loader::UserFile> files) {
    loader::UserFile file = loader::read_user_file(path);
    const std::string name = file.name;
    const auto same = std::find_if(files.begin(), files.end(), [&path](const loader::UserFile& other) {
        std::error_code ignored;
        return fs::equivalent(other.name, path, ignored);
    });
    // A file of one of the directories is not there twice.
    if (same != files.end()) {
        *same = std::move(file);
    } else {
        files.push_back(std::move(file));
    }
    const auto database = loader::load_built_in(files);
    return std::count_if(database->protocols().begin(), database->protocols().end(),
                         [&name](const auto& protocol) { return protocol->is_users && protocol->file == name; });
}

}  // namespace

bool check_definitions(std::span<const fs::path> files, std::span<const fs::path> directories, std::ostream& out,
                       std::ostream& err) {
    bool is_good = true;
    for (const fs::path& path : files) {
        try {
            const std::ptrdiff_t count = count_protocols(path, loader::read_user_files(directories));
            out << path.string() << ": " << count << (count == 1 ? " protocol" : " protocols") << '\n';
        } catch (const loader::DefinitionError& error) {
            is_good = false;
            err << "framewright-server: " << error.what() << '\n';
        }
    }
    return is_good;
}

}  // namespace framewright::server
