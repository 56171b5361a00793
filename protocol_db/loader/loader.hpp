#pragma once

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "protocol_db/loader/definition_directory.hpp"
#include "protocol_db/model/model.hpp"

namespace framewright::loader {

/// One definition file: its name for messages, and its text.
struct DefinitionFile {
    std::string_view name;
    std::string_view text;
    /// Whether it is a user's, whose bindings are asked before all others.
    bool is_users = false;
};

/// A definition that cannot be used: says in which file, line, protocol and field, and why. The message is one line.
class DefinitionError : public std::runtime_error {
public:
    DefinitionError(std::string file, std::size_t line, std::string protocol, std::string field,
                    const std::string& reason);

    const std::string& file() const { return file_; }
    /// From 1; 0 where the file as a whole is meant.
    std::size_t line() const { return line_; }
    const std::string& protocol() const { return protocol_; }
    const std::string& field() const { return field_; }
    const std::string& reason() const { return reason_; }

private:
    std::string file_;
    std::size_t line_;
    std::string protocol_;
    std::string field_;
    std::string reason_;
};

/// Largest definition file in bytes, deepest nesting within one, and most fields of a protocol.
inline constexpr std::size_t kMaximumFileSize = 8U << 20U;
inline constexpr std::size_t kMaximumNesting = 32;
inline constexpr std::size_t kMaximumFields = 512;
/// Most protocols; most fields of all of them together, and most bindings and choices, what they take over included.
inline constexpr std::size_t kMaximumProtocols = 10'000;
inline constexpr std::size_t kMaximumAllFields = 100'000;
inline constexpr std::size_t kMaximumAllBindings = 200'000;
/// Most protocols that one is derived from, over each other.
inline constexpr std::size_t kMaximumAncestors = 32;
/// Most field types that files make, and most that one says of its fields, in bytes.
inline constexpr std::size_t kMaximumTypes = 1000;
inline constexpr std::uint64_t kMaximumLinkType = 65535;
inline constexpr std::size_t kMaximumTypeSize = 64U << 10U;
/// Longest id of a protocol or field, in characters.
inline constexpr std::size_t kMaximumId = 128;
/// So much of a reason is told, in bytes.
inline constexpr std::size_t kMaximumReason = 500;

/// Reads definition files into a database. Bindings are asked in the order of the files and within them, a user's
/// before all others. The keys are described in protocol_db/README.md. Throws DefinitionError.
std::unique_ptr<const model::Database> load(std::span<const DefinitionFile> files);

/// The database of the built-in definitions and, behind them, those of a user. Throws DefinitionError.
std::unique_ptr<const model::Database> load_built_in(std::span<const UserFile> users = {});

}  // namespace framewright::loader
