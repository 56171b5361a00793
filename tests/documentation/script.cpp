#include "tests/documentation/script.hpp"

#include "tests/system/server_process.hpp"

namespace framewright::tests {

namespace fs = std::filesystem;

ScriptResult run_script(const std::string& script, const fs::path& directory) {
    Process process("/bin/bash", {"-euo", "pipefail", "-c",
                                  "cd '" + directory.string() + "'\nexport PATH=\"/usr/bin:/bin:$PATH\"\n" + script});
    ScriptResult result;
    while (const auto line = process.read_line()) {
        result.output += *line + '\n';
    }
    result.status = process.wait().value_or(-1);
    result.output += process.rest_of_output();
    result.error = process.error_output();
    return result;
}

bool is_program_there(const std::string& name) {
    return run_script("command -v " + name, "/").status == 0;
}

bool has_python_module(const std::string& name) {
    return run_script("python3 -c 'import " + name + "'", "/").status == 0;
}

}  // namespace framewright::tests
