#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace framewright::loader {

/// Bounds on a user's definition files, all directories together: how many, and their size in bytes.
inline constexpr std::size_t kMaximumUserFiles = 1000;
inline constexpr std::size_t kMaximumUserBytes = 64U << 20U;

/// A user's definition file with its text.
struct UserFile {
    std::string name;  ///< Its path, as messages show it.
    std::string text;
};

/// Reads one definition file. Throws DefinitionError.
UserFile read_user_file(const std::filesystem::path& path);

/// Reads the files *.json of each directory, in the order of their names; those whose name begins with a dot, as
/// editors write them, are left out, and so are directories within. A link may lead to a file of the directory only.
/// Throws DefinitionError for what cannot be read.
std::vector<UserFile> read_user_files(std::span<const std::filesystem::path> directories);

}  // namespace framewright::loader
