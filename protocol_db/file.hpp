#pragma once

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace framewright {

/// A file that cannot be read: the message is the reason alone, without the file's name.
class FileError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The content of a regular file. Throws FileError for what cannot be read, is no regular file, or has more than
/// `maximum` bytes.
std::string read_file(const std::filesystem::path& path, std::size_t maximum);

}  // namespace framewright
