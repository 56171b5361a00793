#pragma once

#include <filesystem>
#include <string>

#include "tests/scratch_directory.hpp"

namespace framewright::tests {

/// What a shell script did.
struct ScriptResult {
    int status = 0;  ///< Its exit status, or minus the signal that ended it.
    std::string output;
    std::string error;
};

/// Runs a script with bash, in a directory. The first python3 that it finds is Debian's, which has the packages that
/// the tests need.
ScriptResult run_script(const std::string& script, const std::filesystem::path& directory);

/// Whether Debian's Python has a module.
bool has_python_module(const std::string& name);

/// Whether a program of this name is on the PATH.
bool is_program_there(const std::string& name);

}  // namespace framewright::tests
