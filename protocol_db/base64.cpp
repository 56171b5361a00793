#include "protocol_db/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace framewright {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kLineBreak = 64;
constexpr std::uint8_t kInvalid = 65;

/// The six bits of every character; kLineBreak and kInvalid lie above them.
constexpr std::array<std::uint8_t, 256> kSextets = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(kInvalid);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        table[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    }
    table['\n'] = table['\r'] = kLineBreak;
    return table;
}();

constexpr std::uint8_t sextet(char c) {
    return kSextets[static_cast<std::uint8_t>(c)];
}

constexpr char letter(std::uint32_t bits) {
    return kAlphabet[bits & 63];
}

constexpr std::uint8_t octet(std::uint32_t bits) {
    return static_cast<std::uint8_t>(bits & 255);
}

}  // namespace

void append_base64(std::string& out, ByteView bytes) {
    const std::size_t before = out.size();
    out.resize(before + (bytes.size() + 2) / 3 * 4);
    char* to = out.data() + before;
    const std::uint8_t* from = bytes.data();
    for (std::size_t groups = bytes.size() / 3; groups > 0; --groups, from += 3, to += 4) {
        const std::uint32_t bits = std::uint32_t{from[0]} << 16 | std::uint32_t{from[1]} << 8 | from[2];
        to[0] = letter(bits >> 18);
        to[1] = letter(bits >> 12);
        to[2] = letter(bits >> 6);
        to[3] = letter(bits);
    }
    if (const std::size_t rest = bytes.size() % 3; rest != 0) {
        const std::uint32_t bits = std::uint32_t{from[0]} << 16 | (rest == 2 ? std::uint32_t{from[1]} << 8 : 0);
        to[0] = letter(bits >> 18);
        to[1] = letter(bits >> 12);
        to[2] = rest == 2 ? letter(bits >> 6) : '=';
        to[3] = '=';
    }
}

std::string base64_encode(ByteView bytes) {
    std::string out;
    append_base64(out, bytes);
    return out;
}

std::string base64_of_text(std::string_view text) {
    return base64_encode(Bytes(text.begin(), text.end()));
}

std::optional<Bytes> base64_decode(std::string_view text) {
    Bytes out(text.size() / 4 * 3);
    std::uint8_t* to = out.data();
    std::size_t at = 0;
    std::uint32_t bits = 0;   // of the group that is being read
    std::size_t sextets = 0;  // in it
    std::size_t padding = 0;
    while (at < text.size()) {
        if (sextets == 0) {
            for (; text.size() - at >= 4; at += 4, to += 3) {
                const std::uint8_t a = sextet(text[at]), b = sextet(text[at + 1]), c = sextet(text[at + 2]),
                                   d = sextet(text[at + 3]);
                if ((a | b | c | d) > 63) {
                    break;
                }
                bits = std::uint32_t{a} << 18 | std::uint32_t{b} << 12 | std::uint32_t{c} << 6 | d;
                to[0] = octet(bits >> 16);
                to[1] = octet(bits >> 8);
                to[2] = octet(bits);
            }
            if (at == text.size()) {
                break;
            }
        }
        const char c = text[at++];
        const std::uint8_t value = sextet(c);
        if (value == kLineBreak) {
            continue;
        }
        if (c == '=' && sextets >= 2) {
            ++padding;
        } else if (value < 64 && padding == 0) {
            bits = bits << 6 | value;
            if (++sextets == 4) {
                *to++ = octet(bits >> 16);
                *to++ = octet(bits >> 8);
                *to++ = octet(bits);
                sextets = 0;
            }
        } else {
            return std::nullopt;
        }
    }
    if (sextets != 0) {
        if (sextets + padding != 4) {
            return std::nullopt;
        }
        bits <<= 6 * padding;
        *to++ = octet(bits >> 16);
        if (padding == 1) {
            *to++ = octet(bits >> 8);
        }
    }
    out.resize(static_cast<std::size_t>(to - out.data()));
    return out;
}

}  // namespace framewright
