#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace framewright::rpc {

/// Bounds on a directory of templates: size of one file in bytes, number of files, depth of folders.
inline constexpr std::size_t kMaximumTemplateSize = 1U << 20U;
inline constexpr std::size_t kMaximumTemplates = 10000;
inline constexpr int kMaximumTemplateDepth = 16;

/// A template that cannot be used; the message names the file and the reason.
class TemplateError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A predefined packet.
struct Template {
    std::string name;
    std::string description;
    std::string text;
};

/// The predefined packets, by id: the path of their file below its directory without the ending ".trp", parts joined
/// by "/". All are read when the store is made; afterwards no file is touched, so no id can lead out of a directory.
class TemplateStore {
public:
    /// The built-in templates and those of the directories, a later one in place of an earlier one of the same id.
    /// Throws TemplateError.
    explicit TemplateStore(const std::vector<std::filesystem::path>& directories);

    /// A template, or null.
    const Template* find(std::string_view id) const;
    const std::map<std::string, Template, std::less<>>& templates() const { return templates_; }

private:
    void add(const std::string& file, std::string id, std::string text);
    void add_directory(const std::filesystem::path& directory);

    std::map<std::string, Template, std::less<>> templates_;
};

}  // namespace framewright::rpc
