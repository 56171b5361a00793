// Builds an Ethernet/IPv4/TCP packet and prints its bytes and the fields of each layer.
//
// g++ -std=c++20 cpp_client.cpp -o cpp_client -lzmq     (needs cppzmq-dev, libzmq3-dev and nlohmann-json3-dev)
// ./cpp_client HOST PORT
#include <cstdint>
#include <exception>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>
#include <zmq.hpp>

namespace {

using nlohmann::json;

class Server {
public:
    Server(const std::string& host, const std::string& port) {
        socket_.set(zmq::sockopt::linger, 0);       // do not wait at exit for a server that is not there
        socket_.set(zmq::sockopt::rcvtimeo, 5000);  // milliseconds
        socket_.connect("tcp://" + host + ":" + port);
    }

    json call(const std::string& method, json params = json::array()) {
        const json request{{"jsonrpc", "2.0"}, {"id", ++id_}, {"method", method}, {"params", std::move(params)}};
        socket_.send(zmq::buffer(request.dump()));
        zmq::message_t message;
        if (!socket_.recv(message)) {
            throw std::runtime_error("no answer");
        }
        const json reply = json::parse(message.to_string_view());
        if (reply.contains("error")) {
            throw std::runtime_error(reply["error"]["message"].get<std::string>());
        }
        return reply["result"];
    }

private:
    zmq::context_t context_;
    zmq::socket_t socket_{context_, zmq::socket_type::req};
    int id_ = 0;
};

/// Bytes from base64 as the server writes it: the standard alphabet, padded, no line breaks.
std::vector<std::uint8_t> decode_base64(const std::string& text) {
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::vector<std::uint8_t> bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char letter : text.substr(0, text.find('='))) {
        bits = bits << 6U | static_cast<std::uint32_t>(alphabet.find(letter));
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<std::uint8_t>(bits >> count));
        }
    }
    return bytes;
}

void run(const std::string& host, const std::string& port) {
    Server server(host, port);
    const std::string version = server.call("get_version")["version"];
    const auto dot = version.find('.');
    const json handler = server.call("get_version_handler", {version.substr(0, dot), version.substr(dot + 1)});
    const json model = json::parse(R"([
        {"id": "Ether"},
        {"id": "IP", "fields": [{"id": "src", "value": "10.0.0.1"}, {"id": "dst", "value": "10.0.0.2"}]},
        {"id": "TCP", "fields": [{"id": "dport", "value": 443}, {"id": "flags", "value": "S"}]}
    ])");
    const json packet = server.call("build_pkt", json::array({handler, model}));

    std::cout << "API version " << version << '\n' << std::hex << std::setfill('0');
    for (const std::uint8_t byte : decode_base64(packet["binary"])) {
        std::cout << std::setw(2) << static_cast<unsigned>(byte);
    }
    std::cout << std::dec << '\n';
    for (const json& layer : packet["data"]) {
        std::cout << layer["id"].get<std::string>() << " at byte " << layer["offset"] << '\n';
        for (const json& field : layer["fields"]) {
            std::cout << "  " << field["id"].get<std::string>() << " = " << field["hvalue"].get<std::string>() << '\n';
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "Usage: cpp_client HOST PORT\n";
        return 1;
    }
    try {
        run(argv[1], argv[2]);
    } catch (const std::exception& error) {
        std::cerr << argv[1] << ':' << argv[2] << ": " << error.what() << '\n';
        return 1;
    }
    return 0;
}
