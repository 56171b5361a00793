#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace user_space_tcp {

/// A page that is not as HTTP wants it, or not as we want it; the text says which.
class HttpError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What `http://ADDRESS[:PORT][/PATH]` names. There is no name service here: the host is an IPv4 address.
struct Url {
    std::string host;
    std::uint16_t port = 80;
    std::string path = "/";  ///< With its query, without its fragment.

    /// Reads one. Throws HttpError.
    static Url parse(std::string_view text);
};

/// The request for a page: HTTP/1.0, so that the answer ends with the connection or has a length, and is not chunked.
std::string get_request(const Url& url);

/// The answer to a request, piece by piece as it arrives (RFC 9112). Every limit and every mistake is an HttpError.
class HttpResponse {
public:
    /// Octets of status line and headers.
    static constexpr std::size_t kMaximumHead = std::size_t{64} * 1024;

    /// Takes pages of so many octets at most.
    explicit HttpResponse(std::size_t maximum_body) : maximum_body_(maximum_body) {}

    void append(std::span<const std::uint8_t> octets);

    /// Whether all that the headers announced is there; never true for a page that ends with the connection.
    bool is_complete() const noexcept { return head_complete_ && length_ && body_.size() == *length_; }

    /// To be called when nothing more will come. Throws HttpError if something is missing.
    void end() const;

    int status() const noexcept { return status_; }
    /// What the server says about the status: printable ASCII.
    const std::string& reason() const noexcept { return reason_; }
    const std::string& body() const noexcept { return body_; }

private:
    void parse_head(std::string_view head);
    void parse_header(std::string_view line);
    void append_body(std::string_view octets);

    std::size_t maximum_body_;
    bool head_complete_ = false;
    std::string head_;
    int status_ = 0;
    std::string reason_;
    std::optional<std::uint64_t> length_;
    std::string body_;
};

}  // namespace user_space_tcp
