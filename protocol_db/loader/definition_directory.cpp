#include "protocol_db/loader/definition_directory.hpp"

#include <algorithm>
#include <system_error>

#include "protocol_db/file.hpp"
#include "protocol_db/loader/loader.hpp"

namespace framewright::loader {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_file(const fs::path& path, const std::string& reason) {
    throw DefinitionError(path.string(), 0, "", "", reason);
}

/// The definition files of a directory, in the order of their names.
std::vector<fs::path> list_files(const fs::path& directory) {
    std::vector<fs::path> paths;
    std::error_code error;
    auto entry = fs::directory_iterator(directory, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        const fs::path name = entry->path().filename();
        if (name.extension() != ".json" || name.string().starts_with('.')) {
            continue;
        }
        if (paths.size() == kMaximumUserFiles) {
            refuse_file(directory, "more than " + std::to_string(kMaximumUserFiles) + " files");
        }
        paths.push_back(entry->path());
    }
    if (error) {
        refuse_file(directory, error.message());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

/// Throws DefinitionError for a link that leads elsewhere.
void check_is_inside(const fs::path& directory, const fs::path& path) {
    std::error_code error;
    if (!fs::is_symlink(path, error)) {
        return;
    }
    const fs::path root = fs::canonical(directory, error);
    const fs::path target = error ? fs::path() : fs::canonical(path, error);
    if (error) {
        refuse_file(path, error.message());
    }
    if (std::mismatch(root.begin(), root.end(), target.begin(), target.end()).first != root.end()) {
        refuse_file(path, "a link that leads out of the directory");
    }
}

}  // namespace

UserFile read_user_file(const fs::path& path) {
    try {
        return {path.string(), read_file(path, kMaximumFileSize)};
    } catch (const FileError& error) {
        refuse_file(path, error.what());
    }
}

std::vector<UserFile> read_user_files(std::span<const fs::path> directories) {
    std::vector<UserFile> files;
    std::size_t bytes = 0;
    for (const fs::path& directory : directories) {
        for (const fs::path& path : list_files(directory)) {
            check_is_inside(directory, path);
            files.push_back(read_user_file(path));
            bytes += files.back().text.size();
            if (files.size() > kMaximumUserFiles || bytes > kMaximumUserBytes) {
                refuse_file(directory, "with its files there are more than " + std::to_string(kMaximumUserFiles) +
                                           " definition files, or more than " + std::to_string(kMaximumUserBytes) +
                                           " bytes in them");
            }
        }
    }
    return files;
}

}  // namespace framewright::loader
