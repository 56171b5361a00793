#include "client_examples/tcp_in_user_space/http.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace user_space_tcp {
namespace {

/// A decimal number of digits alone.
template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = error == std::errc{} && end == text.data() + text.size() && !text.starts_with('-');
    return is_number ? std::optional(number) : std::nullopt;
}

/// What a terminal can be given of a text from elsewhere.
std::string printable(std::string_view text) {
    constexpr std::size_t kLongest = 200;
    std::string shown(text.substr(0, kLongest));
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return shown;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    const auto last = text.find_last_not_of(" \t");
    return first == std::string_view::npos ? std::string_view{} : text.substr(first, last - first + 1);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

Url Url::parse(std::string_view text) {
    constexpr std::string_view kScheme = "http://";
    const auto fail = [text](const std::string& reason) {
        return HttpError("'" + printable(text) + "': " + reason + "; give http://IPV4_ADDRESS[:PORT][/PATH]");
    };
    if (!text.starts_with(kScheme)) {
        throw fail("not an http:// address");
    }
    if (std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c > '~'; })) {
        throw fail("blanks and characters beyond ASCII must be written as %XX");
    }
    std::string_view rest = text.substr(kScheme.size());
    rest = rest.substr(0, rest.find('#'));
    Url url;
    const auto path = rest.find_first_of("/?");
    if (path != std::string_view::npos) {
        url.path = (rest[path] == '?' ? "/" : "") + std::string(rest.substr(path));
    }
    const std::string_view authority = rest.substr(0, path);
    const auto colon = authority.find(':');
    url.host = authority.substr(0, colon);
    in_addr address{};
    if (inet_pton(AF_INET, url.host.c_str(), &address) != 1) {
        throw fail("the host is not an IPv4 address");
    }
    if (colon != std::string_view::npos) {
        const auto port = parse_number<std::uint16_t>(authority.substr(colon + 1));
        if (!port || *port == 0) {
            throw fail("the port is not a number from 1 to 65535");
        }
        url.port = *port;
    }
    return url;
}

std::string get_request(const Url& url) {
    const std::string port = url.port == 80 ? "" : ":" + std::to_string(url.port);
    return "GET " + url.path + " HTTP/1.0\r\nHost: " + url.host + port +
           "\r\nUser-Agent: framewright-fetch-page\r\nConnection: close\r\n\r\n";
}

void HttpResponse::append(std::span<const std::uint8_t> octets) {
    const std::string_view text(reinterpret_cast<const char*>(octets.data()), octets.size());
    if (head_complete_) {
        append_body(text);
        return;
    }
    constexpr std::string_view kEnd = "\r\n\r\n";
    const std::size_t searched = head_.size() < kEnd.size() ? 0 : head_.size() - kEnd.size() + 1;
    head_ += text;
    const auto end = head_.find(kEnd, searched);
    if (std::min(end, head_.size()) > kMaximumHead) {
        throw HttpError("the headers are longer than " + std::to_string(kMaximumHead) + " bytes");
    }
    if (end == std::string::npos) {
        return;
    }
    parse_head(std::string_view(head_).substr(0, end));
    head_complete_ = true;
    append_body(std::string_view(head_).substr(end + kEnd.size()));
    head_.clear();
}

void HttpResponse::end() const {
    if (!head_complete_) {
        throw HttpError(head_.empty() ? "the server closed the connection without an answer"
                                      : "the server closed the connection within the headers");
    }
    if (length_ && body_.size() < *length_) {
        throw HttpError("the server closed the connection after " + std::to_string(body_.size()) + " of " +
                        std::to_string(*length_) + " bytes");
    }
}

void HttpResponse::parse_head(std::string_view head) {
    // HTTP/1.1 200 OK
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const auto status = line.size() >= 12 ? parse_number<int>(line.substr(9, 3)) : std::nullopt;
    const bool is_status_line = line.starts_with("HTTP/1.") && line.size() >= 12 && line[8] == ' ' &&
                                (line.size() == 12 || line[12] == ' ') && status && *status >= 100;
    if (!is_status_line) {
        throw HttpError("not an HTTP/1 answer: " + printable(line));
    }
    status_ = *status;
    reason_ = printable(trimmed(line.substr(12)));
    for (std::size_t at = line.size(); at < head.size();) {
        at += 2;
        const auto end = std::min(head.find("\r\n", at), head.size());
        parse_header(head.substr(at, end - at));
        at = end;
    }
}

void HttpResponse::parse_header(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos) {
        throw HttpError("not a header: " + printable(line));
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (equal_ignoring_case(name, "Transfer-Encoding")) {
        throw HttpError("the answer has the transfer encoding " + printable(value) + ", which HTTP/1.0 does not have");
    }
    if (equal_ignoring_case(name, "Content-Length")) {
        const auto length = parse_number<std::uint64_t>(value);
        if (!length || (length_ && *length_ != *length)) {
            throw HttpError("not a content length: " + printable(value));
        }
        if (*length > maximum_body_) {
            throw HttpError("the page has " + std::to_string(*length) + " bytes, more than the limit of " +
                            std::to_string(maximum_body_));
        }
        length_ = length;
    }
}

void HttpResponse::append_body(std::string_view octets) {
    if (length_) {
        octets = octets.substr(0, *length_ - body_.size());  // what is beyond was not announced
    }
    if (octets.size() > maximum_body_ - body_.size()) {
        throw HttpError("the page has more bytes than the limit of " + std::to_string(maximum_body_));
    }
    body_ += octets;
}

}  // namespace user_space_tcp
