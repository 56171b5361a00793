#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "tests/documentation/markdown.hpp"

namespace framewright::tests {

/// Layers that the guide builds with a definition, and, where it shows them, the bytes in hexadecimal.
struct PacketExample {
    std::string text;
    std::string bytes;
    std::size_t line = 0;
};

/// A definition file of the guide: an object with "protocols". What follows it, up to the next one, belongs to it.
struct DefinitionExample {
    std::string file_name;
    std::string text;
    std::size_t line = 0;
    std::vector<PacketExample> packets;
    std::string error;  ///< Why it cannot be used, where the guide says so.
};

/// The definitions of the guide, with the packets that are built with each: arrays of layers, and requests in shell
/// commands. An example that is wrong on purpose has no packet, and leaves those behind it to the one before it.
std::vector<DefinitionExample> definition_examples(const Page& guide);

/// The guide as somebody follows it who saves each definition, but those that are wrong, as a file: its commands, and
/// what they print.
Page commands_of(const Page& guide);

/// The keys that the loader reads from definition files: those in its source, and those that field types declare.
std::set<std::string> keys_of_loader();

}  // namespace framewright::tests
