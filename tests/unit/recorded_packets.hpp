#pragma once

#include <fstream>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace framewright::tests {

/// A packet as Scapy 2.5.0 (Debian's python3-scapy) built and dissected it; tshark 4.0 found its checksums right.
struct RecordedPacket {
    std::string expression;  ///< The packet, as constructor calls.
    std::string bytes;       ///< Its bytes in hexadecimal.
    std::string layers;      ///< The ids of the layers that are found in them, with blanks between.
};

inline void PrintTo(const RecordedPacket& packet, std::ostream* out) {
    *out << packet.expression;
}

/// The recorded packets: one a line, its parts separated by tabulators.
inline std::vector<RecordedPacket> recorded_packets() {
    std::ifstream file(FRAMEWRIGHT_SOURCE_DIRECTORY "/tests/unit/data/built_packets.txt");
    std::vector<RecordedPacket> packets;
    for (std::string line; std::getline(file, line);) {
        std::istringstream parts(line);
        RecordedPacket packet;
        std::getline(parts, packet.expression, '\t');
        std::getline(parts, packet.bytes, '\t');
        std::getline(parts, packet.layers, '\t');
        packets.push_back(packet);
    }
    return packets;
}

}  // namespace framewright::tests
