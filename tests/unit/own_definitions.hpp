#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {

/// Definitions of a test's own beside the built-in ones, and what is built and read with them.
class OwnDefinitions {
public:
    /// The elements of the file's array of protocols.
    explicit OwnDefinitions(const std::string& protocols) : text_(R"({"protocols": [)" + protocols + "]}") {
        const std::vector<loader::UserFile> files{{"mine.json", text_}};
        database_ = loader::load_built_in(files);
    }

    /// Why a file of such protocols is refused; empty when it is not.
    static std::string refusal(const std::string& protocols) {
        try {
            const OwnDefinitions definitions(protocols);
        } catch (const loader::DefinitionError& error) {
            return error.what();
        }
        return "";
    }

    const model::Database& database() const { return *database_; }
    const model::Protocol& protocol(std::string_view id) const { return *database_->find(id); }

    model::Packet packet(std::string_view expression) const {
        packet::ExpressionBudget budget;
        return *packet::read_expression(expression, *database_, budget).get_if<model::Packet>();
    }
    /// The bytes of a constructor expression, in hexadecimal.
    std::string built(std::string_view expression) const {
        return hex(packet::build(packet(expression), *database_).bytes);
    }
    /// Why it cannot be built: "PROTOCOL.FIELD: reason"; empty when it can.
    std::string build_refusal(std::string_view expression) const {
        try {
            built(expression);
        } catch (const packet::BuildError& error) {
            return error.protocol() + "." + error.field() + ": " + error.what();
        }
        return "";
    }

    std::vector<packet::DissectedLayer> dissect(std::string_view first, std::string_view digits) const {
        return packet::Dissector(*database_).dissect(protocol(first), octets(digits));
    }
    /// What is read, as an expression of the fields that are in the bytes.
    std::string read(std::string_view first, std::string_view digits) const {
        return expression_of(dissect(first, digits));
    }
    /// Why the first layer cannot be read; empty when it can.
    std::string read_refusal(std::string_view first, std::string_view digits) const {
        try {
            dissect(first, digits);
        } catch (const fields::DecodeError& error) {
            return error.what();
        }
        return "";
    }
    /// What is built from the expression of what is read.
    std::string rebuilt(std::string_view first, std::string_view digits) const { return built(read(first, digits)); }

private:
    std::string text_;
    std::unique_ptr<const model::Database> database_;
};

}  // namespace framewright::tests
