#include "server/definition_check.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "protocol_db/loader/loader.hpp"

namespace framewright::server {
namespace {

namespace fs = std::filesystem;

/// The file that a path leads to, however the path is written.
fs::path target_of(const fs::path& path) {
    std::error_code error;
    fs::path target = fs::canonical(path, error);
    return error ? path : target;
}

/// What is found out about files, by the names of the files.
struct Findings {
    std::map<std::string, std::string> mistakes;
    std::map<std::string, std::size_t> protocols;
};

/// Loads the files with the built-in protocols; one with a mistake is left out then, and the others are tried again.
void load_all(std::vector<loader::UserFile> files, Findings& findings) {
    while (true) {
        try {
            const auto database = loader::load_built_in(files);
            for (const auto& protocol : database->protocols()) {
                ++findings.protocols[protocol->file];
            }
            return;
        } catch (const loader::DefinitionError& error) {
            findings.mistakes.emplace(error.file(), error.what());
            if (std::erase_if(files, [&error](const auto& file) { return file.name == error.file(); }) == 0) {
                return;
            }
        }
    }
}

/// Whatever is wrong with one file, all are looked at.
Findings check(std::span<const fs::path> paths, std::span<const fs::path> directories) {
    Findings findings;
    std::vector<loader::UserFile> files;
    const auto note = [&findings](const auto& action) {
        try {
            action();
        } catch (const loader::DefinitionError& error) {
            findings.mistakes.emplace(error.file(), error.what());
        }
    };
    note([&] { files = loader::read_user_files(directories); });
    // A file of one of the directories is not there twice.
    std::set<fs::path> targets;
    std::transform(paths.begin(), paths.end(), std::inserter(targets, targets.end()), target_of);
    std::erase_if(files, [&](const loader::UserFile& file) { return targets.contains(target_of(file.name)); });
    for (const fs::path& path : paths) {
        note([&] { files.push_back(loader::read_user_file(path)); });
    }
    load_all(std::move(files), findings);
    return findings;
}

}  // namespace

bool check_definitions(std::span<const fs::path> files, std::span<const fs::path> directories, std::ostream& out,
                       std::ostream& err) {
    std::vector<fs::path> paths;
    std::set<fs::path> targets;
    for (const fs::path& path : files) {
        if (targets.insert(target_of(path)).second) {
            paths.push_back(path);
        }
    }
    Findings findings = check(paths, directories);
    const bool is_good = findings.mistakes.empty();
    for (const fs::path& path : paths) {
        const auto mistake = findings.mistakes.extract(path.string());
        if (mistake) {
            err << "framewright-server: " << mistake.mapped() << '\n';
        } else {
            const std::size_t count = findings.protocols[path.string()];
            out << path.string() << ": " << count << (count == 1 ? " protocol" : " protocols") << '\n';
        }
    }
    // Those of a directory.
    for (const auto& [name, message] : findings.mistakes) {
        err << "framewright-server: " << message << '\n';
    }
    return is_good;
}

}  // namespace framewright::server
