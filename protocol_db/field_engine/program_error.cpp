#include "protocol_db/field_engine/program_error.hpp"

#include <utility>

namespace framewright::field_engine {

namespace {

/// The most bytes of a client's value that a message repeats.
constexpr std::size_t kMaximumQuoted = 100;

std::string quote(const std::string& value) {
    return value.size() <= kMaximumQuoted ? value : value.substr(0, kMaximumQuoted) + "…";
}

std::string parameter_text(const std::string& parameter, const std::string& value) {
    std::string text = parameter.empty() ? "" : "parameter " + parameter;
    if (!value.empty()) {
        text += (text.empty() ? "value " : ", value ") + quote(value);
    }
    return text;
}

std::string message(std::size_t index, const std::string& id, const std::string& place, const std::string& reason) {
    return "instruction " + std::to_string(index) + (id.empty() ? "" : " (" + quote(id) + ")") +
           (place.empty() ? "" : ", " + place) + ": " + reason;
}

}  // namespace

ProgramError::ProgramError(std::size_t index, std::string id, std::string parameter, std::string value,
                           const std::string& reason)
    : std::runtime_error(message(index, id, parameter_text(parameter, value), reason)),
      instruction_(index),
      id_(std::move(id)),
      parameter_(std::move(parameter)),
      value_(std::move(value)) {}

ProgramError::ProgramError(std::string parameter, std::string value, const std::string& reason)
    : std::runtime_error("global " + parameter_text(parameter, value) + ": " + reason),
      parameter_(std::move(parameter)),
      value_(std::move(value)) {}

}  // namespace framewright::field_engine
