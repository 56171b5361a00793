#include "protocol_db/file.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

namespace framewright {

std::string read_file(const std::filesystem::path& path, std::size_t maximum) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    if (!std::filesystem::is_regular_file(status)) {
        // A file that is not there is no error of status().
        throw FileError(error ? error.message() : "is not a regular file");
    }
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string text;
    constexpr std::size_t kPart = 64U << 10U;
    while (file && text.size() <= maximum) {
        const std::size_t size = text.size();
        text.resize(size + kPart);
        file.read(text.data() + size, kPart);
        text.resize(size + static_cast<std::size_t>(file.gcount()));
    }
    if (text.size() > maximum) {
        throw FileError("the file is larger than " + std::to_string(maximum) + " bytes");
    }
    if (!file.eof()) {
        throw FileError(errno != 0 ? std::generic_category().message(errno) : "cannot be read");
    }
    return text;
}

}  // namespace framewright
