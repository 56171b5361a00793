#include "protocol_db/packet/payload_generator.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "protocol_db/base64.hpp"

namespace framewright::packet {
namespace {

Bytes octets(std::string_view text) {
    return {text.begin(), text.end()};
}

Bytes random_payload(PayloadKind kind, Integer size, std::optional<Integer> seed = {}) {
    return generate_payload({.kind = kind, .size = size, .seed = seed});
}

Bytes template_payload(Bytes bytes, std::optional<Integer> size = {}) {
    return generate_payload({.kind = PayloadKind::kTemplate, .size = size, .template_bytes = std::move(bytes)});
}

std::string error_of(const PayloadRequest& request) {
    try {
        generate_payload(request);
    } catch (const PayloadError& error) {
        return error.what();
    }
    return "";
}

std::string code_error(std::string_view code) {
    try {
        parse_template_code(code);
    } catch (const PayloadError& error) {
        return error.what();
    }
    return "";
}

// The payloads of the recorded vectors payload/Ether/0 to /3.
TEST(PayloadGenerator, RecordedRandomPayloads) {
    EXPECT_EQ(random_payload(PayloadKind::kRandomBytes, 12, 123), *base64_decode("DRZoG+YJiVXaKFZV"));
    EXPECT_EQ(
        random_payload(PayloadKind::kRandomBytes, 64),
        *base64_decode("agLTTF4xkCkfbo8sjVr1F/ppgSW4MFcGVvf6vgDw3sUtGWrik7w7hrXTzjvfN82OL5aE9Qoq+9UmOoooUgy2FA=="));
    EXPECT_EQ(random_payload(PayloadKind::kRandomAscii, 14), octets("G n<B2U/+IU0TA"));
    EXPECT_EQ(random_payload(PayloadKind::kRandomAscii, 100, 77),
              octets("k>6n*MTZ-[Op\"z0mPo1>(iR32'3UIb'o}ffp)K'jS*JiT+y%p|gyR4LfiDy#O#B}+}ua%La)<(pvwgV%Mhg\" "
                     "(w*EMs,8i(/\"{6O"));
}

// The payload of payload/Ether/12: 1500 characters.
TEST(PayloadGenerator, RecordedLongRandomPayload) {
    const Bytes bytes = random_payload(PayloadKind::kRandomAscii, 1500);
    EXPECT_EQ(Bytes(bytes.end() - 16, bytes.end()), octets(".np38Z;NRE+:mk)a"));
    EXPECT_EQ(std::accumulate(bytes.begin(), bytes.end(), 0), 117127);
}

// The payloads of payload/Ether/4 to /8 and /11.
TEST(PayloadGenerator, RecordedTemplates) {
    EXPECT_EQ(template_payload(octets("hi"), 5), octets("hihih"));
    EXPECT_EQ(template_payload({}, 5), Bytes{});
    EXPECT_EQ(template_payload(parse_template_code("DE AD BE EF"), 2), (Bytes{0xde, 0xad}));
    EXPECT_EQ(template_payload(parse_template_code("0xDEAD 0xBEEF"), 6), (Bytes{0xde, 0xad, 0xbe, 0xef, 0xde, 0xad}));
    EXPECT_EQ(template_payload(parse_template_code("BE EF")), (Bytes{0xbe, 0xef}));
    EXPECT_EQ(template_payload(octets("abc"), 46), octets("abcabcabcabcabcabcabcabcabcabcabcabcabcabcabca"));
}

// Expected bytes: Python's random.Random(), seed(n, version=1), int(random() * 256) and 32 + int(random() * 95).
TEST(PayloadGenerator, SeedsOfEverySizeAndSign) {
    struct Vector {
        Integer seed;
        const char* bytes;
        const char* ascii;
    };
    const Integer one = 1;
    const Vector vectors[] = {
        {0, "d8c26b428267c84d", "phG8PFj<"},
        {1, "22d8c3417e73a6c9", ",ph8OJ]j"},
        {-1, "22d8c3417e73a6c9", ",ph8OJ]j"},
        {-123, "0d16681be6098955", "$(F*u#R?"},
        {one << 31, "5681e3291cb15458", "@Ot/*a?@"},
        {(one << 32) - 1, "a2349b4a5761b0e0", "\\3Y;@Das"},
        {one << 32, "1c6a049cce548b73", "*G!Zl?SJ"},
        {(one << 32) + 1, "3b836a179aafb721", "5PG(Yac,"},
        {(one << 64) - 1, "0556369deb5ebbbe", "\"@4ZwCef"},
        {one << 64, "fa5f7f9f9f186f9a", "|CO[[)IY"},
        {-(one << 64) - 5, "82e183c1b850afa4", "PsPgd=a]"},
        {(one << 96) + 12345, "06681d354f599070", "\"F+3=AUI"},
        {kMaximumInteger, "e8f43e44285516ba", "vz79.?(e"},
        {kMinimumInteger, "dc20f3a23b6f0644", "q+z\\6I\"9"},
    };
    for (const Vector& vector : vectors) {
        SCOPED_TRACE(to_string(vector.seed));
        EXPECT_EQ(random_payload(PayloadKind::kRandomBytes, 8, vector.seed), parse_template_code(vector.bytes));
        EXPECT_EQ(random_payload(PayloadKind::kRandomAscii, 8, vector.seed), octets(vector.ascii));
    }
}

TEST(PayloadGenerator, LargestSize) {
    const Bytes bytes = random_payload(PayloadKind::kRandomBytes, static_cast<Integer>(kMaximumGeneratedBytes));
    ASSERT_EQ(bytes.size(), kMaximumGeneratedBytes);
    EXPECT_EQ(std::accumulate(bytes.begin(), bytes.end(), 0L), 133701031L);
    EXPECT_EQ(Bytes(bytes.end() - 8, bytes.end()), parse_template_code("d5374503f77c2d70"));
    const Bytes ascii = random_payload(PayloadKind::kRandomAscii, static_cast<Integer>(kMaximumGeneratedBytes));
    EXPECT_EQ(std::accumulate(ascii.begin(), ascii.end(), 0L), 82840411L);
    EXPECT_EQ(template_payload({0x55}, static_cast<Integer>(kMaximumGeneratedBytes)),
              Bytes(kMaximumGeneratedBytes, 0x55));
}

TEST(PayloadGenerator, SizesThatAreRefused) {
    const Integer above = static_cast<Integer>(kMaximumGeneratedBytes) + 1;
    for (const auto kind : {PayloadKind::kRandomBytes, PayloadKind::kRandomAscii, PayloadKind::kTemplate}) {
        for (const Integer size : {above, Integer{2'000'000}, kMaximumInteger}) {
            EXPECT_EQ(error_of({.kind = kind, .size = size}),
                      "size is too large: at most 1048576 bytes can be generated");
        }
        EXPECT_EQ(error_of({.kind = kind, .size = -5}), "size is negative");
        EXPECT_EQ(generate_payload({.kind = kind, .size = 0, .template_bytes = {1}}), Bytes{});
    }
    EXPECT_EQ(error_of({.kind = PayloadKind::kRandomBytes}), "a random payload needs a size");
    EXPECT_EQ(error_of({.kind = PayloadKind::kRandomAscii}), "a random payload needs a size");
    EXPECT_NE(error_of({.kind = PayloadKind::kTemplate, .template_bytes = Bytes(kMaximumGeneratedBytes + 1)}), "");
}

TEST(PayloadGenerator, TemplateCode) {
    EXPECT_EQ(parse_template_code(""), Bytes{});
    EXPECT_EQ(parse_template_code(" \t\r\n0x "), Bytes{});
    EXPECT_EQ(parse_template_code("0x01 0X2f\nAa"), (Bytes{0x01, 0x2f, 0xaa}));
    EXPECT_EQ(parse_template_code("0x10x20x30x4"), (Bytes{0x12, 0x34}));
    EXPECT_EQ(parse_template_code("D E"), Bytes{0xde});
    EXPECT_EQ(code_error("XYZ"), "template_code is not hexadecimal at character 1");
    EXPECT_EQ(code_error("0xde, 0xad"), "template_code is not hexadecimal at character 5");
    EXPECT_EQ(code_error("de x1"), "template_code is not hexadecimal at character 4");
    EXPECT_EQ(code_error("ABC"), "template_code has an odd number of hexadecimal digits");
}

}  // namespace
}  // namespace framewright::packet
