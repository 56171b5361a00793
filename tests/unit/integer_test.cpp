#include "protocol_db/integer.hpp"

#include <gtest/gtest.h>

namespace framewright {
namespace {

TEST(Integer, DecimalText) {
    for (const char* text : {"0", "7", "-1", "18446744073709551615", "18446744073709551616", "-99999999999999999999",
                             "170141183460469231731687303715884105727", "-170141183460469231731687303715884105728"}) {
        const auto value = parse_integer(text);
        ASSERT_TRUE(value) << text;
        EXPECT_EQ(to_string(*value), text);
    }
    EXPECT_EQ(to_string(kMaximumInteger), "170141183460469231731687303715884105727");
    EXPECT_EQ(to_string(kMinimumInteger), "-170141183460469231731687303715884105728");
}

TEST(Integer, HexadecimalText) {
    EXPECT_EQ(to_hex_string(0), "0x0");
    EXPECT_EQ(to_hex_string(0x86dd), "0x86dd");
    EXPECT_EQ(to_hex_string(-31), "-0x1f");
    EXPECT_EQ(to_hex_string(kMaximumInteger), "0x7fffffffffffffffffffffffffffffff");
    EXPECT_EQ(to_hex_string(kMinimumInteger), "-0x80000000000000000000000000000000");
    EXPECT_TRUE(parse_integer("0X86Dd") == 0x86dd);
    EXPECT_TRUE(parse_integer("-0x10") == -16);
    EXPECT_TRUE(parse_integer("-0x80000000000000000000000000000000") == kMinimumInteger);
}

TEST(Integer, SignsAndLeadingZeros) {
    EXPECT_TRUE(parse_integer("+12") == 12);
    EXPECT_TRUE(parse_integer("-0") == 0);
    EXPECT_TRUE(parse_integer("007") == 7);
    EXPECT_TRUE(parse_integer("0000000000000000000000000000000000000000000000000000000000001") == 1);
}

TEST(Integer, RefusesWhatIsNoInteger) {
    for (const char* text : {"",
                             "-",
                             "+",
                             "0x",
                             "-0x",
                             "0xg",
                             "x1",
                             "1 ",
                             " 1",
                             "--1",
                             "+-1",
                             "1_0",
                             "1.0",
                             "0b1",
                             "12a",
                             "0x0x1",
                             "170141183460469231731687303715884105728",
                             "-170141183460469231731687303715884105729",
                             "340282366920938463463374607431768211455",
                             "340282366920938463463374607431768211456",
                             "0x80000000000000000000000000000000",
                             "0x100000000000000000000000000000000",
                             "99999999999999999999999999999999999999999999999999999999999999999999"}) {
        EXPECT_FALSE(parse_integer(text)) << text;
    }
}

TEST(Integer, DigitsOfEveryBase) {
    for (unsigned base = 2; base <= 16; ++base) {
        const UnsignedInteger all = ~UnsignedInteger{0};
        for (const UnsignedInteger value : {UnsignedInteger{0}, UnsignedInteger{1}, all / 3, all - 1, all}) {
            EXPECT_TRUE(parse_digits(to_digits(value, base), base) == value) << base;
        }
        EXPECT_FALSE(parse_digits(to_digits(all, base) + "0", base)) << base;
    }
    EXPECT_FALSE(parse_digits("2", 2));
    EXPECT_FALSE(parse_digits("8", 8));
    EXPECT_FALSE(parse_digits("a", 10));
}

TEST(Integer, Magnitude) {
    EXPECT_TRUE(magnitude(-5) == 5);
    EXPECT_TRUE(magnitude(kMinimumInteger) == UnsignedInteger{1} << 127);
    EXPECT_TRUE(from_magnitude(UnsignedInteger{1} << 127, true) == kMinimumInteger);
    EXPECT_FALSE(from_magnitude(UnsignedInteger{1} << 127, false));
    EXPECT_FALSE(from_magnitude((UnsignedInteger{1} << 127) + 1, true));
}

}  // namespace
}  // namespace framewright
