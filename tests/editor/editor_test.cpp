// Plays the TRex packet editor: reads the definitions as it does, opens every template and every recorded capture,
// looks at every field, and requires that this changes nothing.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "protocol_db/base64.hpp"
#include "rpc/service.hpp"
#include "tests/conformance/records.hpp"
#include "tests/editor/definitions.hpp"
#include "tests/editor/editor.hpp"

namespace framewright::editor {
namespace {

using nlohmann::json;

constexpr std::size_t kShownFaults = 40;
constexpr std::size_t kShownCharacters = 160;

const rpc::Service& service() {
    static const rpc::Service instance;
    return instance;
}

/// The reply to a call, as text.
std::string call(const std::string& method, const json& params) {
    return service().handle(json{{"jsonrpc", "2.0"}, {"id", "1"}, {"method", method}, {"params", params}}.dump());
}

json result_of(const std::string& method, const json& params) {
    const json reply = json::parse(call(method, params));
    EXPECT_TRUE(reply.contains("result")) << method << " -> " << reply;
    return reply.value("result", json());
}

const Definitions& definitions() {
    static const Definitions read = read_definitions(result_of("get_definitions", json::array({nullptr})));
    return read;
}

const FieldDefinition* definition_of(const std::string& protocol, const std::string& field) {
    const auto found = definitions().protocols.find(protocol);
    return found == definitions().protocols.end() ? nullptr : found->second.find(field);
}

std::string shortened(const json& value) {
    const std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    return text.size() <= kShownCharacters ? text : text.substr(0, kShownCharacters) + " ...";
}

/// What went wrong, each kind of it once.
class Faults {
public:
    void add(const std::string& what, const std::string& where) {
        ++count_;
        if (kinds_.insert(what).second && kinds_.size() <= kShownFaults) {
            text_ += what + " (" + where + ")\n";
        }
    }
    bool empty() const { return count_ == 0; }
    std::string text() const {
        return std::to_string(count_) + " faults of " + std::to_string(kinds_.size()) + " kinds:\n" + text_;
    }

private:
    std::size_t count_ = 0;
    std::set<std::string> kinds_;
    std::string text_;
};

/// A packet that the editor has open.
struct Opened {
    std::string name;
    /// What the editor builds it from; of a capture's packet, nothing.
    json model;
    json packet;
};

std::vector<Opened> templates() {
    std::vector<Opened> all;
    for (const json& entry : result_of("get_templates", json::array())) {
        const std::string id = entry.at("id");
        const std::string file = result_of("get_template", json::array({{{"id", id}}}));
        const Bytes text = base64_decode(file).value();
        json model = json::parse(text.begin(), text.end()).at("packet");
        json packet = result_of("build_pkt", json::array({model}));
        all.push_back({id, std::move(model), std::move(packet)});
    }
    return all;
}

std::vector<Opened> captured_packets() {
    std::vector<Opened> all;
    for (const json& record : conformance::Records().of_group("read_pcap")) {
        std::size_t number = 0;
        for (const json& packet : result_of("read_pcap", record.at("params"))) {
            all.push_back({record.at("id").get<std::string>() + " " + std::to_string(++number), nullptr, packet});
        }
    }
    return all;
}

/// Calls action(layer index, layer, field) for each field of a packet result.
template <typename Action>
void for_each_field(const json& packet, const Action& action) {
    const json& layers = packet.at("data");
    for (std::size_t index = 0; index < layers.size(); ++index) {
        for (const json& field : layers[index].at("fields")) {
            action(index, layers[index], field);
        }
    }
}

std::string name_of(const json& layer, const json& field) {
    return layer.at("id").get<std::string>() + "." + field.at("id").get<std::string>();
}

std::string fault_text(const json& layer, const json& field, const json& sent, const std::string& reply) {
    const json error = json::parse(reply).value("error", json());
    return name_of(layer, field) + " " + shortened(sent) + ": " +
           (error.is_null() ? "the packet changes" : error.at("message").get<std::string>());
}

/// Whether a reply, which is not parsed as there are many, is a packet of these bytes.
bool builds(const std::string& reply, const json& binary) {
    return reply.find("\"binary\":" + binary.dump()) != std::string::npos;
}

bool has_octets(const json& field) {
    return field.at("value").is_object() && field.at("value").at("vtype") == "BYTES";
}

/// Tells what was seen in an earlier packet, on the same layers: of a field with a number or a text, the same; of
/// others, which may depend on the fields beside them, the same layer.
class SeenFields {
public:
    bool is_new(const json& packet, std::size_t layer, const json& field) {
        std::string key;
        for (std::size_t index = 0; index <= layer; ++index) {
            key += packet.at("data").at(index).at("id").get<std::string>() + "/";
        }
        const json& value = field.at("value");
        key += field.dump();
        if (value.is_object() || value.is_null()) {
            key += packet.at("data").at(layer).dump();
        }
        return seen_.insert(std::move(key)).second;
    }

private:
    std::set<std::string> seen_;
};

TEST(Editor, ReadsTheDefinitions) {
    Faults faults;
    for (const std::string& fault : definitions().faults) {
        faults.add(fault, "get_definitions");
    }
    EXPECT_TRUE(faults.empty()) << faults.text();
    EXPECT_GT(definitions().protocols.size(), 100U);
}

TEST(Editor, KnowsEveryLayerAndFieldOfATemplate) {
    const std::vector<Opened> all = templates();
    EXPECT_FALSE(all.empty());
    for (const Opened& opened : all) {
        for (const json& layer : opened.model) {
            const std::string id = layer.at("id");
            EXPECT_TRUE(definitions().protocols.contains(id)) << opened.name << ": " << id;
            ASSERT_TRUE(layer.contains("fields")) << opened.name << ": " << id;
            for (const json& field : layer.at("fields")) {
                EXPECT_NE(definition_of(id, field.at("id")), nullptr) << opened.name << ": " << id << "." << field;
            }
        }
    }
}

TEST(Editor, ShowsNoRightValueInRed) {
    Faults faults;
    for (const std::vector<Opened>& all : {templates(), captured_packets()}) {
        for (const Opened& opened : all) {
            for_each_field(opened.packet, [&](std::size_t /*index*/, const json& layer, const json& field) {
                const FieldDefinition* const definition = definition_of(layer.at("id"), field.at("id"));
                if (definition != nullptr && !field.at("value").is_null() &&
                    !is_accepted(*definition, field.at("hvalue"))) {
                    faults.add(name_of(layer, field) + " " + shortened(field.at("hvalue")), opened.name);
                }
            });
        }
    }
    EXPECT_TRUE(faults.empty()) << faults.text();
}

TEST(Editor, LooksAtEveryFieldOfATemplateAndChangesNothing) {
    Faults faults;
    for (const Opened& opened : templates()) {
        for_each_field(opened.packet, [&](std::size_t index, const json& layer, const json& field) {
            const std::string id = field.at("id");
            for (const json& sent : shown_values(field, definition_of(layer.at("id"), id))) {
                const std::string reply = call("build_pkt", json::array({with_field(opened.model, index, id, sent)}));
                if (!builds(reply, opened.packet.at("binary"))) {
                    faults.add(fault_text(layer, field, sent, reply), opened.name);
                }
            }
        });
    }
    EXPECT_TRUE(faults.empty()) << faults.text();
}

TEST(Editor, EmptiesEveryFieldOfATemplate) {
    const json no_octets{{"vtype", "BYTES"}, {"base64", ""}};
    Faults faults;
    for (const Opened& opened : templates()) {
        for_each_field(opened.packet, [&](std::size_t index, const json& layer, const json& field) {
            const std::string id = field.at("id");
            const json reset = result_of("build_pkt", json::array({without_field(opened.model, index, id)}));
            const std::string reply = call("build_pkt", json::array({with_field(opened.model, index, id, "")}));
            if (builds(reply, reset.at("binary"))) {
                return;
            }
            // An empty text is a text as well.
            const json empty = with_field(opened.model, index, id, no_octets);
            if (!has_octets(field) || !builds(reply, result_of("build_pkt", json::array({empty})).at("binary"))) {
                faults.add(fault_text(layer, field, "", reply), opened.name);
            }
        });
    }
    EXPECT_TRUE(faults.empty()) << faults.text();
}

TEST(Editor, SavesATemplateWithAllThatItShows) {
    Faults faults;
    for (const Opened& opened : templates()) {
        json model = opened.model;
        for_each_field(opened.packet, [&](std::size_t index, const json& /*layer*/, const json& field) {
            const json& value = field.at("value");
            if (!value.is_null() && !field.value("ignored", false)) {
                model =
                    with_field(std::move(model), index, field.at("id"), value.is_object() ? value : field.at("hvalue"));
            }
        });
        const std::string reply = call("build_pkt", json::array({model}));
        if (!builds(reply, opened.packet.at("binary"))) {
            faults.add(shortened(reply), opened.name);
        }
    }
    EXPECT_TRUE(faults.empty()) << faults.text();
}

TEST(Editor, LooksAtEveryFieldOfACaptureAndChangesNothing) {
    Faults faults;
    SeenFields seen;
    for (const Opened& opened : captured_packets()) {
        const json& binary = opened.packet.at("binary");
        for_each_field(opened.packet, [&](std::size_t index, const json& layer, const json& field) {
            if (!seen.is_new(opened.packet, index, field)) {
                return;
            }
            const std::string id = field.at("id");
            for (const json& sent : shown_values(field, definition_of(layer.at("id"), id))) {
                const std::string reply = call("reconstruct_pkt", {binary, change_of(opened.packet, index, id, sent)});
                if (!builds(reply, binary)) {
                    faults.add(fault_text(layer, field, sent, reply), opened.name);
                }
            }
        });
    }
    EXPECT_TRUE(faults.empty()) << faults.text();
}

TEST(Editor, EmptiesEveryFieldOfACaptureAndLeavesTheOthersAlone) {
    // Names that point to others are written whole when those go.
    const std::set<std::string> pointed_to{"DNS.qd", "DNS.an", "DNS.ns"};
    Faults faults;
    SeenFields seen;
    for (const Opened& opened : captured_packets()) {
        for_each_field(opened.packet, [&](std::size_t index, const json& layer, const json& field) {
            if (!seen.is_new(opened.packet, index, field)) {
                return;
            }
            const json change = change_of(opened.packet, index, field.at("id"), "");
            const std::string reply = call("reconstruct_pkt", {opened.packet.at("binary"), change});
            const json result = json::parse(reply).value("result", json());
            if (result.is_null() || (!pointed_to.contains(name_of(layer, field)) &&
                                     !differ_in_field_alone(opened.packet, bytes_of(result), index, field))) {
                faults.add(fault_text(layer, field, "", reply), opened.name);
            }
        });
    }
    EXPECT_TRUE(faults.empty()) << faults.text();
}

}  // namespace
}  // namespace framewright::editor
