#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "protocol_db/field_engine/compile.hpp"
#include "protocol_db/field_engine/program_error.hpp"
#include "protocol_db/field_engine/program_json.hpp"
#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {

/// A packet with its bytes and the places of its fields.
struct LaidOutPacket {
    explicit LaidOutPacket(std::string_view expression)
        : packet(packet_of(expression)),
          inspected(packet::inspect(packet, database())),
          layout(packet, inspected, database()) {}

    model::Packet packet;
    packet::InspectedPacket inspected;
    field_engine::PacketLayout layout;
};

/// An instruction of a client's program.
inline nlohmann::json instruction(const std::string& id, const nlohmann::json& parameters) {
    return {{"id", id}, {"parameters", parameters}};
}

/// A program of a list of instructions, or of one.
inline nlohmann::json program(const nlohmann::json& instructions) {
    return {{"instructions", instructions.is_object() ? nlohmann::json::array({instructions}) : instructions},
            {"global_parameters", nlohmann::json::object()}};
}

/// The instructions that a program compiles to.
inline nlohmann::json compiled(const LaidOutPacket& packet, const nlohmann::json& instructions) {
    return to_json(field_engine::compile(program(instructions), packet.layout)).at("instructions");
}

/// What is wrong with a program; the test fails where nothing is.
inline std::string refusal(const LaidOutPacket& packet, const nlohmann::json& instructions) {
    try {
        field_engine::compile(program(instructions), packet.layout);
    } catch (const field_engine::ProgramError& error) {
        return error.what();
    }
    ADD_FAILURE() << "compiled: " << instructions;
    return "";
}

}  // namespace framewright::tests
