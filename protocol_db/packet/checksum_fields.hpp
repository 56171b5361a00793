#pragma once

#include "protocol_db/packet/built_layers.hpp"

namespace framewright::packet {

/// Computes the checksums of a layer, of which everything else is written, and writes them into the packet's bytes.
/// `offsets` says where the layers begin. Throws BuildError.
void write_checksums(const BuiltLayers& layers, std::size_t index, std::span<const std::size_t> offsets, Bytes& bytes,
                     const model::Database& database);

/// Writes a number into a field of a layer, which begins at byte `start` of `bytes`. Throws BuildError for one that
/// does not fit.
void write_number(const BuiltLayers& layers, std::size_t index, std::size_t field, Integer number, std::size_t start,
                  Bytes& bytes);

}  // namespace framewright::packet
