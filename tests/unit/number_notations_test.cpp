#include "protocol_db/fields/number_notations.hpp"

#include <gtest/gtest.h>

#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

TEST(NumberNotations, Quantities) {
    // RFC 8415 section 21.9: hundredths of a second.
    const FieldUnderTest elapsed(R"("type": "ShortField", "notation": "quantity", "decimals": 2, "unit": " sec")");
    EXPECT_EQ(elapsed.read("7367"), "295.43 sec");
    EXPECT_EQ(elapsed.read("0005"), "0.05 sec");
    for (const char* const text : {"295.43 sec", "295.43", "29543", "0x7367"}) {
        EXPECT_EQ(elapsed.bytes(text), "7367") << text;
    }
    EXPECT_EQ(elapsed.bytes("3 sec"), "012c");
    EXPECT_EQ(elapsed.bytes(29543), "7367");
    EXPECT_NE(elapsed.refusal("295.435 sec"), "");
    EXPECT_NE(elapsed.refusal("655.36 sec").find("16 bits"), std::string::npos);
    EXPECT_NE(elapsed.refusal("-1 sec"), "");
    EXPECT_NE(elapsed.refusal("1.2.3 sec"), "");

    // RFC 6275 section 6.1.7: one time unit is 4 seconds.
    const FieldUnderTest lifetime(R"("type": "ShortField", "notation": "quantity", "factor": 4, "unit": " sec")");
    EXPECT_EQ(lifetime.read("0003"), "12 sec");
    EXPECT_EQ(lifetime.bytes("12 sec"), "0003");
    EXPECT_NE(lifetime.refusal("13 sec"), "");

    const FieldUnderTest degrees(R"("type": "SignedByteField", "notation": "quantity", "decimals": 1, "unit": "C")");
    EXPECT_EQ(degrees.read("fb"), "-0.5C");
    EXPECT_EQ(degrees.bytes("-0.5C"), "fb");
    EXPECT_EQ(degrees.read("80"), "-12.8C");

    const FieldUnderTest price(
        R"("type": "SignedByteField", "notation": "quantity", "decimals": 2, "in_front": "EUR ", "unit": " each")");
    EXPECT_EQ(price.read("fb"), "EUR -0.05 each");
    for (const char* const text : {"EUR -0.05 each", "-0.05 each", "-0.05", "EUR -0.05", "-5"}) {
        EXPECT_EQ(price.bytes(text), "fb") << text;
    }
}

TEST(NumberNotations, FixedPoint) {
    // RFC 5905 section 6: NTP short format, 16 bits in front of the point and 16 behind it.
    const FieldUnderTest field(R"("type": "BitField", "bits": 32, "notation": "fixed_point", "fraction_bits": 16)");
    EXPECT_EQ(field.read("00000000"), "0.0");
    EXPECT_EQ(field.read("00018000"), "1.5");
    EXPECT_EQ(field.bytes("1.5"), "00018000");
    EXPECT_EQ(field.bytes("5"), "00050000");
    // A number is what the packet holds.
    EXPECT_EQ(field.bytes(98304), "00018000");
    EXPECT_EQ(field.bytes("0x18000"), "00018000");
    // The nearest that there is.
    EXPECT_EQ(field.bytes("0.1"), "0000199a");
    for (const char* const digits : {"00000001", "0000ffff", "00010001", "7fffffff", "80000000", "ffffffff"}) {
        EXPECT_EQ(field.bytes(field.read(digits).c_str()), digits) << field.read(digits);
    }
    for (const char* const text : {"65536", "-1", "1e5", "1.5 s", "1.2.3", "", "99999999999999999999999999999999"}) {
        if (*text != '\0') {
            EXPECT_NE(field.refusal(text), "") << text;
        }
    }
    const FieldUnderTest wide(R"("type": "BitField", "bits": 64, "notation": "fixed_point", "fraction_bits": 32)");
    EXPECT_EQ(wide.read("0000000180000000"), "1.5");
    for (const char* const digits : {"ffffffffffffffff", "fffffffffffffffe", "8000000000000001", "0020000000000001"}) {
        EXPECT_EQ(wide.bytes(wide.read(digits).c_str()), digits) << wide.read(digits);
    }
}

TEST(NumberNotations, NtpTimestamps) {
    const FieldUnderTest field(R"("type": "BitField", "bits": 64, "notation": "ntp_timestamp")");
    EXPECT_EQ(field.read("0000000000000000"), "0.0");
    // RFC 868: 2,208,988,800 corresponds to 00:00 1 Jan 1970 GMT.
    EXPECT_EQ(field.read("83aa7e8000000000"), "Thu, 01 Jan 1970 00:00:00 +0000");
    EXPECT_EQ(field.bytes("Thu, 01 Jan 1970 00:00:00 +0000"), "83aa7e8000000000");
    EXPECT_EQ(field.read("83aa7e8080000000"), "Thu, 01 Jan 1970 00:00:00.5 +0000");
    // date -u -d @1795249123
    EXPECT_EQ(field.read("eeabd26300000000"), "Sat, 21 Nov 2026 08:18:43 +0000");
    EXPECT_EQ(field.bytes("2208988800.5"), "83aa7e8080000000");
    EXPECT_EQ(field.bytes(1), "0000000000000001");
    for (const char* const digits :
         {"eeabd263456b5000", "0000000000000001", "00000001ffffffff", "ffffffffffffffff", "83aa7e7fffffffff"}) {
        EXPECT_EQ(field.bytes(field.read(digits).c_str()), digits) << field.read(digits);
    }
    for (const char* const text :
         {"Thu, 01 Foo 1970 00:00:00 +0000", "Thu, 31 Feb 1970 00:00:00 +0000", "Thu, 01 Jan 1970 24:00:00 +0000",
          "Thu, 01 Jan 1970 00:00:00", "4294967296", "Thu, 01 Jan 1899 00:00:00 +0000", "yesterday"}) {
        EXPECT_NE(field.refusal(text), "") << text;
    }
}

TEST(NumberNotations, TimesSinceAnotherYear) {
    // RFC 8415 section 11.2: seconds since midnight (UTC), January 1, 2000.
    const FieldUnderTest field(R"("type": "UTCTimeField", "epoch": 946684800)");
    EXPECT_EQ(field.read("00000000"), "Sat, 01 Jan 2000 00:00:00 +0000 (946684800)");
    EXPECT_EQ(field.bytes("Sat, 01 Jan 2000 00:00:00 +0000 (946684800)"), "00000000");
    // date -u -d @3344211298
    EXPECT_EQ(field.read("8ee759e2"), "Sun, 22 Dec 2075 03:34:58 +0000 (3344211298)");
    EXPECT_EQ(field.bytes(field.read("ffffffff").c_str()), "ffffffff");
    EXPECT_NE(field.refusal("Fri, 31 Dec 1999 23:59:59 +0000 (946684799)"), "");
}

TEST(NumberNotations, InPlaceOfTheTypesOwn) {
    const FieldUnderTest map(R"("type": "LEFieldLenField", "bits": 40, "notation": "hexadecimal")");
    EXPECT_EQ(map.read("1e296dee57"), "0x57ee6d291e");
    EXPECT_EQ(map.bytes("0x57ee6d291e"), "1e296dee57");
    const FieldUnderTest named(R"("type": "XByteField", "notation": "name", "enumeration": {"1": "one"})");
    EXPECT_EQ(named.read("01"), "one");
    EXPECT_EQ(named.read("10"), "16");
}

}  // namespace
}  // namespace framewright::tests
