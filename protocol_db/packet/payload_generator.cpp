#include "protocol_db/packet/payload_generator.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace framewright::packet {
namespace {

/// Seeds std::mt19937 as the generator's authors' init_by_array does, which is what Python uses: the key is the
/// seed's magnitude in 32-bit words, the least significant first (Matsumoto and Nishimura, mt19937ar, 2002).
class KeySequence {
public:
    using result_type = std::uint32_t;

    explicit KeySequence(UnsignedInteger key) {
        do {
            key_.push_back(static_cast<std::uint32_t>(key & 0xffffffffU));
            key >>= 32;
        } while (key != 0);
    }

    /// Fills the engine's state; called by std::mt19937::seed.
    template <typename Iterator>
    void generate(Iterator begin, Iterator end) const {
        const auto length = static_cast<std::size_t>(end - begin);
        std::vector<std::uint32_t> state(length);
        state[0] = 19650218U;
        for (std::size_t i = 1; i < length; ++i) {
            state[i] = 1812433253U * mixed(state[i - 1]) + static_cast<std::uint32_t>(i);
        }
        std::size_t i = 1;
        const auto advance = [&] {
            if (++i == length) {
                state[0] = state[length - 1];
                i = 1;
            }
        };
        for (std::size_t step = 0, j = 0; step < std::max(length, key_.size()); ++step) {
            state[i] = (state[i] ^ mixed(state[i - 1]) * 1664525U) + key_[j] + static_cast<std::uint32_t>(j);
            j = (j + 1) % key_.size();
            advance();
        }
        for (std::size_t step = 1; step < length; ++step) {
            state[i] = (state[i] ^ mixed(state[i - 1]) * 1566083941U) - static_cast<std::uint32_t>(i);
            advance();
        }
        state[0] = 0x80000000U;
        std::copy(state.begin(), state.end(), begin);
    }

private:
    static std::uint32_t mixed(std::uint32_t word) { return word ^ word >> 30; }

    std::vector<std::uint32_t> key_;
};

/// Python's random.Random, seeded with an integer.
class PythonRandom {
public:
    explicit PythonRandom(Integer seed) {
        KeySequence key(magnitude(seed));
        engine_.seed(key);
    }

    /// random(): 53 random bits as a fraction, 0 <= x < 1.
    double operator()() {
        const auto high = static_cast<double>(engine_() >> 5);
        const auto low = static_cast<double>(engine_() >> 6);
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

private:
    std::mt19937 engine_;
};

Bytes random_payload(std::size_t size, Integer seed, std::uint8_t first, int count) {
    PythonRandom random(seed);
    Bytes bytes(size);
    for (auto& octet : bytes) {
        octet = static_cast<std::uint8_t>(first + static_cast<int>(random() * count));
    }
    return bytes;
}

Bytes repeated_template(std::size_t size, const Bytes& pattern) {
    Bytes bytes;
    if (!pattern.empty()) {
        bytes.reserve(size);
        while (bytes.size() < size) {
            const auto part = static_cast<std::ptrdiff_t>(std::min(pattern.size(), size - bytes.size()));
            bytes.insert(bytes.end(), pattern.begin(), pattern.begin() + part);
        }
    }
    return bytes;
}

bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace

Bytes generate_payload(const PayloadRequest& request) {
    if (!request.size && request.kind != PayloadKind::kTemplate) {
        throw PayloadError("a random payload needs a size");
    }
    const Integer wanted = request.size.value_or(static_cast<Integer>(request.template_bytes.size()));
    if (wanted < 0) {
        throw PayloadError("size is negative");
    }
    if (wanted > static_cast<Integer>(kMaximumGeneratedBytes)) {
        throw PayloadError("size is too large: at most " + std::to_string(kMaximumGeneratedBytes) +
                           " bytes can be generated");
    }
    const auto size = static_cast<std::size_t>(wanted);
    const Integer seed = request.seed.value_or(kDefaultPayloadSeed);
    switch (request.kind) {
        case PayloadKind::kRandomBytes:
            return random_payload(size, seed, 0x00, 0x100);
        case PayloadKind::kRandomAscii:
            return random_payload(size, seed, 0x20, 0x7f - 0x20);
        case PayloadKind::kTemplate:
            break;
    }
    return repeated_template(size, request.template_bytes);
}

Bytes parse_template_code(std::string_view code) {
    Bytes bytes;
    bytes.reserve(code.size() / 2);
    bool half = false;
    for (std::size_t at = 0; at < code.size(); ++at) {
        if (is_blank(code[at])) {
            continue;
        }
        if (const auto prefix = code.substr(at, 2); prefix == "0x" || prefix == "0X") {
            ++at;
            continue;
        }
        const auto digit = parse_digits(code.substr(at, 1), 16);
        if (!digit) {
            throw PayloadError("template_code is not hexadecimal at character " + std::to_string(at + 1));
        }
        const auto nibble = static_cast<std::uint8_t>(*digit);
        if (half) {
            bytes.back() = static_cast<std::uint8_t>(bytes.back() << 4 | nibble);
        } else {
            bytes.push_back(nibble);
        }
        half = !half;
    }
    if (half) {
        throw PayloadError("template_code has an odd number of hexadecimal digits");
    }
    return bytes;
}

}  // namespace framewright::packet
