#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>

namespace framewright::field_engine {

/// A program that cannot be compiled or run: which instruction and parameter is wrong, and why.
class ProgramError : public std::runtime_error {
public:
    /// What is wrong with a parameter of the instruction at `index`, from 0.
    ProgramError(std::size_t index, std::string id, std::string parameter, std::string value,
                 const std::string& reason);
    /// What is wrong with a global parameter.
    ProgramError(std::string parameter, std::string value, const std::string& reason);
    /// What is wrong with the program as a whole.
    explicit ProgramError(const std::string& reason) : std::runtime_error(reason) {}

    /// The instruction's place in the program, from 0; none where it is not one of them that is wrong.
    std::optional<std::size_t> instruction() const { return instruction_; }
    /// The instruction's id, empty where there is none.
    const std::string& id() const { return id_; }
    /// Empty where the instruction as a whole is wrong.
    const std::string& parameter() const { return parameter_; }
    const std::string& value() const { return value_; }

private:
    std::optional<std::size_t> instruction_;
    std::string id_;
    std::string parameter_;
    std::string value_;
};

/// A program of the wrong shape: something of it is no object, list or text where one belongs.
class MalformedProgram : public ProgramError {
public:
    using ProgramError::ProgramError;
};

/// Why a value cannot be used; the place is added where it is known.
class ValueRefusal : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace framewright::field_engine
