#pragma once

#include <filesystem>
#include <ostream>
#include <span>

namespace framewright::server {

/// Checks definition files, together with the built-in protocols and those of the directories: one line for each file,
/// how many protocols it holds to `out`, or what is wrong to `err`. Whether all can be used.
bool check_definitions(std::span<const std::filesystem::path> files, std::span<const std::filesystem::path> directories,
                       std::ostream& out, std::ostream& err);

}  // namespace framewright::server
