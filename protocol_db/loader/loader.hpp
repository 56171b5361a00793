#pragma once

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "protocol_db/model/model.hpp"

namespace framewright::loader {

/// One definition file: its name for messages, and its text.
struct DefinitionFile {
    std::string_view name;
    std::string_view text;
};

/// A definition that cannot be used: says in which file, protocol and field, and why.
class DefinitionError : public std::runtime_error {
public:
    DefinitionError(std::string file, std::string protocol, std::string field, std::string reason);

    const std::string& file() const { return file_; }
    const std::string& protocol() const { return protocol_; }
    const std::string& field() const { return field_; }
    const std::string& reason() const { return reason_; }

private:
    std::string file_;
    std::string protocol_;
    std::string field_;
    std::string reason_;
};

/// Largest definition file, deepest nesting within one, and most fields of a protocol.
inline constexpr std::size_t kMaximumFileSize = 8U << 20U;
inline constexpr std::size_t kMaximumNesting = 32;
inline constexpr std::size_t kMaximumFields = 512;
/// Longest id of a protocol or field, in characters.
inline constexpr std::size_t kMaximumId = 128;

/// Reads definition files into a database. Bindings are asked in the order of the files and within them. The keys
/// are described in protocol_db/README.md. Throws DefinitionError.
std::unique_ptr<const model::Database> load(std::span<const DefinitionFile> files);

/// The database of the built-in definitions.
std::unique_ptr<const model::Database> load_built_in();

}  // namespace framewright::loader
