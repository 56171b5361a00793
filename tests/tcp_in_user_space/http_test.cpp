#include "client_examples/tcp_in_user_space/http.hpp"

#include <gtest/gtest.h>

#include <random>

namespace user_space_tcp {
namespace {

constexpr std::size_t kMaximumBody = 1000;

std::span<const std::uint8_t> octets(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The answer, in pieces of so many octets.
HttpResponse response(const std::string& text, std::size_t piece = 1000) {
    HttpResponse response(kMaximumBody);
    for (std::size_t at = 0; at < text.size(); at += piece) {
        response.append(octets(text.substr(at, piece)));
    }
    return response;
}

/// What is wrong with an answer that ends like this.
std::string mistake(const std::string& text) {
    try {
        response(text).end();
    } catch (const HttpError& error) {
        return error.what();
    }
    return "";
}

TEST(UrlTest, IsDivided) {
    const Url url = Url::parse("http://10.0.0.1:8000/a/b?c=d#e");
    EXPECT_EQ(url.host, "10.0.0.1");
    EXPECT_EQ(url.port, 8000);
    EXPECT_EQ(url.path, "/a/b?c=d");
    EXPECT_EQ(Url::parse("http://10.0.0.1").port, 80);
    EXPECT_EQ(Url::parse("http://10.0.0.1").path, "/");
    EXPECT_EQ(Url::parse("http://10.0.0.1?c").path, "/?c");
}

TEST(UrlTest, RefusesWhatItCannotUse) {
    for (const char* text : {"", "10.0.0.1", "https://10.0.0.1/", "http://", "http://example.com/", "http://10.0.0.1:/",
                             "http://10.0.0.1:0/", "http://10.0.0.1:65536/", "http://10.0.0.1:+8/",
                             "http://10.0.0.1/a b", "http://10.0.0.1/\r\nX: y", "http://10.0.0.1 or arp/"}) {
        EXPECT_THROW(Url::parse(text), HttpError) << text;
    }
}

TEST(HttpRequestTest, AsksForAConnectionThatIsClosed) {
    EXPECT_EQ(get_request({"10.0.0.1", 8000, "/page"}),
              "GET /page HTTP/1.0\r\nHost: 10.0.0.1:8000\r\nUser-Agent: framewright-fetch-page\r\n"
              "Connection: close\r\n\r\n");
}

TEST(HttpResponseTest, IsReadInPiecesOfAnySize) {
    const std::string text = "HTTP/1.1 200 OK\r\nServer: x\r\ncontent-LENGTH:  5 \r\n\r\nhello";
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        const HttpResponse read = response(text, piece);
        EXPECT_EQ(read.status(), 200);
        EXPECT_EQ(read.reason(), "OK");
        EXPECT_EQ(read.body(), "hello");
        EXPECT_TRUE(read.is_complete());
        EXPECT_NO_THROW(read.end());
    }
}

TEST(HttpResponseTest, WithoutLengthEndsWithTheConnection) {
    const HttpResponse read = response("HTTP/1.0 200\r\n\r\nhello");
    EXPECT_FALSE(read.is_complete());
    EXPECT_NO_THROW(read.end());
    EXPECT_EQ(read.body(), "hello");
}

TEST(HttpResponseTest, WhatWasNotAnnouncedIsNotPartOfThePage) {
    EXPECT_EQ(response("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhello").body(), "he");
}

TEST(HttpResponseTest, ErrorIsNamedInPrintableCharacters) {
    const HttpResponse read = response("HTTP/1.0 404 Not\x1b[2JFound\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(read.status(), 404);
    EXPECT_EQ(read.reason(), "Not?[2JFound");
    EXPECT_TRUE(read.is_complete());
}

TEST(HttpResponseTest, MistakesAreNamed) {
    EXPECT_EQ(mistake(""), "the server closed the connection without an answer");
    EXPECT_EQ(mistake("HTTP/1.0 200 OK\r\n"), "the server closed the connection within the headers");
    EXPECT_EQ(mistake("HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nhello"),
              "the server closed the connection after 5 of 9 bytes");
    EXPECT_EQ(mistake("SSH-2.0-OpenSSH_9.2\r\n\r\n"), "not an HTTP/1 answer: SSH-2.0-OpenSSH_9.2");
    EXPECT_EQ(mistake("HTTP/1.0 2x0 OK\r\n\r\n"), "not an HTTP/1 answer: HTTP/1.0 2x0 OK");
    EXPECT_EQ(mistake("HTTP/1.0 -20 OK\r\n\r\n"), "not an HTTP/1 answer: HTTP/1.0 -20 OK");
    EXPECT_EQ(mistake("HTTP/1.0 200 OK\r\nnothing\r\n\r\n"), "not a header: nothing");
    EXPECT_EQ(mistake("HTTP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n"), "not a content length: -1");
    EXPECT_EQ(mistake("HTTP/1.0 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n"),
              "not a content length: 99999999999999999999");
    EXPECT_EQ(mistake("HTTP/1.0 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), "not a content length: 2");
    EXPECT_EQ(mistake("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
              "the answer has the transfer encoding chunked, which HTTP/1.0 does not have");
}

TEST(HttpResponseTest, LimitsHold) {
    const std::string head = "HTTP/1.0 200 OK\r\n\r\n";
    EXPECT_EQ(response(head + std::string(kMaximumBody, 'x')).body().size(), kMaximumBody);
    EXPECT_EQ(mistake(head + std::string(kMaximumBody + 1, 'x')), "the page has more bytes than the limit of 1000");
    EXPECT_EQ(mistake("HTTP/1.0 200 OK\r\nContent-Length: 1001\r\n\r\n"),
              "the page has 1001 bytes, more than the limit of 1000");
    const std::string start = "HTTP/1.0 200 OK\r\nX: ";
    const std::string filler(HttpResponse::kMaximumHead - start.size(), 'x');
    EXPECT_EQ(mistake(start + filler + "\r\n\r\n"), "");
    EXPECT_EQ(mistake(start + filler + "x\r\n\r\n"), "the headers are longer than 65536 bytes");
    EXPECT_EQ(mistake(start + filler + "xxxxxx"), "the headers are longer than 65536 bytes");
}

TEST(HttpResponseTest, AnyTextIsSurvived) {
    std::mt19937 random(80);
    const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\n\r\nhello";
    for (int i = 0; i < 20'000; ++i) {
        std::string text = good;
        for (int change = 0; change < 3; ++change) {
            text[random() % text.size()] = static_cast<char>(random() % 256);
        }
        text.resize(random() % text.size());
        mistake(text);
    }
}

}  // namespace
}  // namespace user_space_tcp
