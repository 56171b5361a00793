#include "protocol_db/fields/name_types.hpp"

#include <gtest/gtest.h>

#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

std::string digits_of(std::string_view text) {
    return hex(Bytes(text.begin(), text.end()));
}

TEST(NetBiosNames, AreEncodedInHalves) {
    // RFC 1001 section 14.1.
    const FieldUnderTest field(R"("type": "NetBIOSNameField", "characters": 16)");
    const std::string fred = "20" + digits_of("EGFCEFEECACACACACACACACACACACACA");
    EXPECT_EQ(field.bytes("FRED"), fred);
    EXPECT_EQ(field.read(fred), "FRED");
    const FieldUnderTest short_name(R"("type": "NetBIOSNameField")");
    EXPECT_EQ(short_name.bytes("FRED"), fred.substr(0, 62));
    EXPECT_EQ(short_name.bytes(""), "20" + digits_of("CACACACACACACACACACACACACACACA"));
    EXPECT_EQ(short_name.bytes(model::Value(Bytes{0xcc, 0xaf})).substr(0, 10), "20" + digits_of("MMKP"));
    EXPECT_EQ(short_name.read("20" + digits_of("MMKPCACACACACACACACACACACACACA")), "<binary>");
    EXPECT_NE(short_name.refusal("SIXTEEN_LETTERS_").find("15 characters"), std::string::npos);
    EXPECT_NE(short_name.refusal("FRED "), "");
    EXPECT_NE(short_name.decode_refusal("c00c"), "");
    EXPECT_NE(short_name.decode_refusal("21" + fred.substr(2, 60)), "");
    EXPECT_NE(short_name.decode_refusal("20" + digits_of("QAFCEFEECACACACACACACACACACACA")), "");
    EXPECT_NE(short_name.decode_refusal("20" + digits_of("egfcefeecacacacacacacacacacaca")), "");
}

TEST(DomainLabels, EndAsTheNameDoes) {
    // RFC 4704 section 4.2: a partial name is not ended by the root's label.
    const FieldUnderTest field(R"("type": "DomainNameField")");
    struct Case {
        const char* name;
        const char* digits;
    };
    for (const auto& [name, digits] :
         {Case{"host", "04686f7374"}, Case{"a.bc", "0161026263"}, Case{"a.bc.", "016102626300"}, Case{".", "00"},
          Case{R"(a\.b.c)", "03612e620163"}}) {
        EXPECT_EQ(field.bytes(name), digits) << name;
        EXPECT_EQ(field.read(digits), name) << digits;
    }
    EXPECT_EQ(field.bytes(""), "");
    for (const std::string& name : {std::string("a..b"), std::string(".a"), std::string(".."), std::string(64, 'a')}) {
        EXPECT_NE(field.refusal(name.c_str()), "") << name;
    }
    for (const char* const digits : {"0461", "c00c", "0000", "01610001", "40"}) {
        EXPECT_NE(field.decode_refusal(digits), "") << digits;
    }
    const FieldUnderTest bounded(R"("type": "DomainNameField", "length": 2)");
    EXPECT_EQ(bounded.read("01610162"), "a");
}

}  // namespace
}  // namespace framewright::tests
