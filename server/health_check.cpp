#include "server/health_check.hpp"

#include <nlohmann/json.hpp>
#include <string_view>
#include <zmq.hpp>

namespace framewright::server {

bool is_healthy(const std::string& endpoint, std::chrono::milliseconds patience) {
    zmq::context_t context;
    zmq::socket_t socket(context, zmq::socket_type::req);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::ipv6, 1);
    socket.set(zmq::sockopt::rcvtimeo, static_cast<int>(patience.count()));
    socket.connect(endpoint);
    socket.send(zmq::str_buffer(R"({"jsonrpc":"2.0","id":1,"method":"get_version","params":[]})"));
    zmq::message_t reply;
    if (!socket.recv(reply)) {
        return false;
    }
    const std::string_view text(reply.data<char>(), reply.size());
    const auto answer = nlohmann::json::parse(text, nullptr, false);
    return answer.is_object() && answer.contains("result");
}

}  // namespace framewright::server
