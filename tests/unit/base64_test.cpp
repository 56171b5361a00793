#include "protocol_db/base64.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace framewright {
namespace {

Bytes octets(std::string_view text) {
    return {text.begin(), text.end()};
}

TEST(Base64, Rfc4648Vectors) {
    const std::pair<const char*, const char*> vectors[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (const auto& [plain, encoded] : vectors) {
        EXPECT_EQ(base64_encode(octets(plain)), encoded);
        EXPECT_EQ(base64_decode(encoded), octets(plain));
    }
}

TEST(Base64, WholeAlphabet) {
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto bytes = base64_decode(alphabet);
    ASSERT_TRUE(bytes);
    EXPECT_EQ((*bytes)[0], 0x00);
    EXPECT_EQ((*bytes)[1], 0x10);
    EXPECT_EQ((*bytes)[2], 0x83);
    EXPECT_EQ(bytes->back(), 0xbf);
    EXPECT_EQ(base64_encode(*bytes), alphabet);
}

TEST(Base64, AppendKeepsWhatIsThere) {
    std::string text = "binary: ";
    append_base64(text, octets("hi"));
    append_base64(text, {});
    EXPECT_EQ(text, "binary: aGk=");
}

TEST(Base64, EveryLengthComesBackWithAndWithoutLineBreaks) {
    std::mt19937 random(7);
    for (std::size_t length = 0; length < 300; ++length) {
        Bytes bytes(length);
        for (auto& octet : bytes) {
            octet = static_cast<std::uint8_t>(random() & 255);
        }
        std::string text = base64_encode(bytes);
        EXPECT_EQ(text.size(), (length + 2) / 3 * 4);
        EXPECT_EQ(base64_decode(text), bytes);
        for (std::size_t width : {1U, 3U, 7U, 76U}) {
            std::string lines;
            for (std::size_t at = 0; at < text.size(); at += width) {
                lines += text.substr(at, width) + (width == 76 ? "\n" : "\r\n");
            }
            EXPECT_EQ(base64_decode(lines), bytes);
        }
    }
}

TEST(Base64, RefusesWhatIsNotBase64) {
    for (const char* text :
         {"Z",    "Zg",   "Zg=",       "Zm8",    "Zg===", "Zg==Zg==", "Zm9v=", "Zm9v====",    "=",       "====",
          "Z===", "Zm=v", "Zm9v Zm9v", "Zm9v\t", "Zm-v",  "Zm_v",     "Zm9v!", "Z\xc3\xa9m9", "Zg==\nZ", "Zm9vY"}) {
        EXPECT_EQ(base64_decode(text), std::nullopt) << text;
    }
    EXPECT_EQ(base64_decode(std::string_view("Zm9\0", 4)), std::nullopt);
}

TEST(Base64, LineBreaksMayStandInsideThePadding) {
    EXPECT_EQ(base64_decode("\nZg=\r\n=\n"), octets("f"));
    EXPECT_EQ(base64_decode("\r\n"), Bytes{});
}

TEST(Base64, UnusedBitsOfTheLastGroupAreIgnored) {
    EXPECT_EQ(base64_decode("Zh=="), octets("f"));
}

}  // namespace
}  // namespace framewright
