// Plays the packet editor: adds the instructions of a template to a field as the editor does, with the default value of
// every parameter and the field's shown value as the first one.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

#include "protocol_db/integer.hpp"
#include "tests/rpc/service_under_test.hpp"

namespace framewright::tests {
namespace {

using Stack = std::vector<std::string>;

const json& definitions() {
    static const json all = result_of("get_definitions", json::array({nullptr}));
    return all;
}

/// The layers from Ethernet up to each protocol, the shortest way. What stands on nothing else is a packet of its own.
std::map<std::string, Stack> natural_places() {
    std::map<std::string, Stack> places;
    const json tree = result_of("get_tree", json::array()).at("ALL");
    std::deque<std::pair<Stack, json>> open;
    for (const auto& [id, above] : tree.items()) {
        open.push_back({{id}, above});
    }
    for (; !open.empty(); open.pop_front()) {
        const auto [stack, above] = open.front();
        places.emplace(stack.back(), stack);
        for (const auto& [id, further] : above.items()) {
            Stack higher = stack;
            higher.push_back(id);
            open.emplace_back(std::move(higher), further);
        }
    }
    for (const json& protocol : definitions().at("protocols")) {
        const std::string id = protocol.at("id");
        places.emplace(id, Stack{id});
    }
    return places;
}

json model_of(const Stack& stack) {
    json layers = json::array();
    for (const std::string& id : stack) {
        layers.push_back({{"id", id}, {"fields", json::array()}});
    }
    return layers;
}

/// A field of the packet's last layer in a result, where it is in the bytes; else null.
json last_layer_field(const json& built, const std::string& id) {
    for (const json& field : built.at("data").back().at("fields")) {
        if (field.at("id") == id) {
            const bool is_there = field.at("length") != 0 || field.contains("mask");
            return is_there && !field.value("ignored", false) ? field : json();
        }
    }
    return {};
}

/// Numbers that a field may be given to bring others into the packet.
std::vector<json> telling_values(const json& field) {
    std::vector<json> values{0, 1};
    const json names = field.value("values_dict", json::object());
    values.insert(values.end(), names.begin(), names.end());
    for (const json& bit : field.value("bits", json::array())) {
        values.push_back(bit.at("mask"));
    }
    return values;
}

/// A packet up to the protocol that has the field in its bytes: as it is, or with one other field set.
std::optional<json> packet_with(const json& protocol, const Stack& stack, const std::string& field) {
    json layers = model_of(stack);
    if (!last_layer_field(build(layers), field).is_null()) {
        return layers;
    }
    for (const json& other : protocol.at("fields")) {
        for (const json& value : telling_values(other)) {
            layers.back()["fields"] = json::array({{{"id", other.at("id")}, {"value", value}}});
            const json reply = call("build_pkt", json::array({layers}));
            if (other.at("id") != field && reply.contains("result") &&
                reply.at("result").at("data").size() == stack.size() &&
                !last_layer_field(reply.at("result"), field).is_null()) {
                return layers;
            }
        }
    }
    return std::nullopt;
}

/// The definition whose member has this value.
const json& definition_of(const char* kind, const char* key, const json& value) {
    for (const json& one : definitions().at(kind)) {
        if (one.at(key) == value) {
            return one;
        }
    }
    throw std::invalid_argument(value.dump() + " is not defined");
}

/// What the editor sends for a template on a field of the packet's last layer.
json program_on(const std::string& template_name, const Stack& stack, const std::string& field, const json& shown) {
    const auto number = std::count(stack.begin(), stack.end() - 1, stack.back());
    const std::string layer = stack.back() + (number > 0 ? ":" + std::to_string(number) : "");
    json instructions = json::array();
    for (const json& id : definition_of("feTemplates", "name", template_name).at("instructionIds")) {
        json parameters = json::object();
        for (const json& parameter : definition_of("feInstructions", "id", id).at("parameters")) {
            parameters[parameter.get<std::string>()] =
                definition_of("feInstructionParameters", "id", parameter).at("defaultValue");
        }
        const auto set = [&parameters](const char* parameter, const json& value) {
            if (parameters.contains(parameter)) {
                parameters[parameter] = value;
            }
        };
        set("name", layer + "_" + field);
        set("fv_name", layer + "_" + field);
        set("pkt_offset", layer + "." + field);
        set("init_value", shown);
        instructions.push_back({{"id", id}, {"parameters", parameters}});
    }
    return {{"field_engine", {{"instructions", instructions}, {"global_parameters", {{"cache_size", "1000"}}}}}};
}

Bytes binary_of(const json& packet) {
    return base64_decode(packet.at("binary").get<std::string>()).value();
}

/// Expects two packets to differ in the field, and in nothing else.
void expect_change_of(const json& field, const json& layer, const Bytes& one, const Bytes& other) {
    const std::size_t start = layer.at("offset").get<std::size_t>() + field.at("offset").get<std::size_t>();
    std::size_t size = field.at("length");
    Integer mask = -1;
    if (field.contains("mask")) {
        const double number = field.at("mask");
        size = static_cast<std::size_t>(std::ceil(std::log2(number + 1) / 8));
        // A wider field is whole octets.
        mask = field.at("mask").is_number_float() ? mask : Integer{field.at("mask").get<std::uint64_t>()};
    }
    ASSERT_EQ(one.size(), other.size());
    bool differs = false;
    for (std::size_t index = 0; index < one.size(); ++index) {
        const auto difference = static_cast<std::uint8_t>(one[index] ^ other[index]);
        const bool is_field = index >= start && index < start + size;
        const std::size_t shift = 8 * std::min(start + size - 1 - index, sizeof(Integer) - 1);
        const auto bits = is_field ? static_cast<std::uint8_t>(mask >> shift) : std::uint8_t{0};
        EXPECT_EQ(difference & ~bits, 0) << "byte " << index;
        differs = differs || difference != 0;
    }
    EXPECT_TRUE(differs);
}

/// A field whose value is named None, which means no value to a program.
const std::set<std::string> kLeftOut{"PPTPStopControlConnectionRequest.reason"};

class EditorPrograms : public ::testing::Test {
protected:
    /// Calls `action` with every field that a program may write: its packet, the layers up to its protocol, and the
    /// packet as it is built.
    template <typename Action>
    static void for_each_field(const Action& action) {
        const std::map<std::string, Stack> places = natural_places();
        std::size_t fields = 0;
        // Fields that are there only with several others set, or with other layers.
        std::set<std::string> unreached;
        for (const json& protocol : definitions().at("protocols")) {
            const Stack& stack = places.at(protocol.at("id"));
            const json plain = build(model_of(stack));
            if (plain.at("data").size() != stack.size() || plain.at("data").back().at("id") != stack.back()) {
                continue;  // stands for no layer, or for one of another protocol
            }
            for (const json& id : protocol.at("fieldEngineAwareFields")) {
                const std::string name = stack.back() + "." + id.get<std::string>();
                SCOPED_TRACE(name);
                if (kLeftOut.contains(name)) {
                    continue;
                }
                const std::optional<json> packet = packet_with(protocol, stack, id);
                if (!packet) {
                    unreached.insert(name);
                    continue;
                }
                try {
                    action(*packet, stack, id.get<std::string>(), build(*packet));
                } catch (const std::exception& error) {
                    ADD_FAILURE() << name << ": " << error.what();
                }
                ++fields;
            }
        }
        EXPECT_GT(fields, 800U);
        constexpr std::size_t kMostUnreached = 20;
        EXPECT_LE(unreached.size(), kMostUnreached) << json(unreached);
    }
};

TEST_F(EditorPrograms, ASimpleVariableChangesEveryFieldThatMayVaryAndNothingElse) {
    for_each_field([](const json& packet, const Stack& stack, const std::string& id, const json& built) {
        const json field = last_layer_field(built, id);
        for (const json& one : definitions().at("feTemplates")) {
            const json program = program_on(one.at("name"), stack, id, field.at("hvalue"));
            EXPECT_EQ(result_of("build_pkt_ex", {packet, program}).at("field_engine").at("error"), nullptr) << program;
        }
        const json program = program_on("Simple variable", stack, id, field.at("hvalue"));
        json packets = result_of("run_field_engine", {packet, program, 2}).at("packets");
        // A time of day, which every packet that is built has anew, may be just what the variable gives next.
        for (int attempt = 0; attempt < 3 && packets.at(1).at("changes").empty(); ++attempt) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            packets = result_of("run_field_engine", {packet, program, 2}).at("packets");
        }
        // The first packet holds what the field holds (a checksum of random octets is another one in each packet that
        // is built), the second one something else.
        if (built.at("binary") == build(packet).at("binary")) {
            EXPECT_EQ(packets.at(0).at("changes"), json::array()) << program;
        }
        const json& changes = packets.at(1).at("changes");
        ASSERT_EQ(changes.size(), 1U) << changes;
        EXPECT_EQ(changes.at(0).at("field"), id);
        EXPECT_EQ(changes.at(0).at("layer"), stack.size() - 1);
        expect_change_of(field, built.at("data").back(), binary_of(packets.at(0)), binary_of(packets.at(1)));
    });
}

TEST_F(EditorPrograms, ASecondLayerOfAProtocolIsNamedByItsNumber) {
    const Stack tunnel{"Ether", "IP", "IP", "UDP"};
    const Stack inner{"Ether", "IP", "IP"};
    const json program = program_on("Simple variable", inner, "src", "16.0.0.1");
    const json packets = result_of("run_field_engine", {model_of(tunnel), program, 2}).at("packets");
    EXPECT_EQ(packets.at(1).at("changes").at(0).at("layer"), 2);
    EXPECT_EQ(packets.at(1).at("changes").at(0).at("value"), "16.0.0.2");
}

}  // namespace
}  // namespace framewright::tests
