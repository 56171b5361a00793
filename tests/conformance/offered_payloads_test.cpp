// What a capture holds can be put together by hand: each of its layers is offered on top of the one below.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "rpc/service.hpp"
#include "tests/conformance/exact_json.hpp"
#include "tests/conformance/records.hpp"

namespace framewright::conformance {
namespace {

using nlohmann::json;

json result_of(const rpc::Service& service, const std::string& method, const json& params) {
    const json request{{"jsonrpc", "2.0"}, {"id", "1"}, {"method", method}, {"params", params}};
    return parse_exact(service.handle(dump_exact(request))).value("result", json::array());
}

TEST(OfferedPayloads, HoldTheLayersOfEveryCapture) {
    const rpc::Service service{rpc::ServiceOptions{}};
    std::map<std::string, std::set<std::string>> stacks;
    for (const json& record : Records().of_group("read_pcap")) {
        for (const json& packet : result_of(service, "read_pcap", record.at("params"))) {
            const json& layers = packet.at("data");
            for (std::size_t index = 1; index < layers.size(); ++index) {
                stacks[layers[index - 1].at("id")].insert(layers[index].at("id").get<std::string>());
            }
        }
    }
    EXPECT_GE(stacks.size(), 8U);
    for (const auto& [lower, uppers] : stacks) {
        const json offered =
            result_of(service, "get_payload_classes", json::array({json::array({json{{"id", lower}}})}));
        const std::set<std::string> ids = offered;
        for (const std::string& upper : uppers) {
            EXPECT_TRUE(ids.contains(upper)) << upper << " on " << lower;
        }
    }
}

}  // namespace
}  // namespace framewright::conformance
