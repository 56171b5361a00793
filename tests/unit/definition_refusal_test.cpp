#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "protocol_db/loader/loader.hpp"

namespace framewright::loader {
namespace {

constexpr std::string_view kBase = R"({"protocols": [
    {"id": "Raw", "role": "unknown_payload", "fields": [{"id": "load", "type": "StrField", "default": ""}]},
    {"id": "Padding", "is_a": "Raw", "role": "padding"}]})";

std::unique_ptr<const model::Database> load_with(std::string_view text) {
    const std::vector<DefinitionFile> files{{"base.json", kBase}, {"mine.json", text}};
    return load(files);
}

/// What is said of a file that holds one protocol "P" with these members.
std::string refusal(const std::string& members) {
    try {
        load_with(R"({"protocols": [{"id": "P", )" + members + "}]}");
        return "";
    } catch (const DefinitionError& error) {
        EXPECT_EQ(error.file(), "mine.json");
        EXPECT_EQ(error.protocol(), "P");
        return error.what();
    }
}

std::string field_refusal(const std::string& members) {
    return refusal(R"("fields": [{"id": "f", )" + members + "}]");
}

void expect_contains(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << "'" << text << "' does not say '" << part << "'";
}

TEST(DefinitionRefusal, NamesFileProtocolFieldAndReason) {
    EXPECT_EQ(field_refusal(R"("type": "NoSuchField")"),
              "mine.json:1: protocol P: field f: there is no field type \"NoSuchField\"");
}

TEST(DefinitionRefusal, OfFields) {
    expect_contains(field_refusal(R"("type": "BitField")"), "\"bits\" is missing");
    expect_contains(field_refusal(R"("type": "ByteField", "bits": 9)"), "has 8 bits");
    expect_contains(field_refusal(R"("type": "FieldLenField", "bits": 12)"), "multiple of 8");
    expect_contains(field_refusal(R"("type": "ByteField", "default": 256)"), "does not fit into 8 bits (0 to 255)");
    expect_contains(field_refusal(R"("type": "ByteField", "colour": 1)"), "unknown key \"colour\"");
    expect_contains(field_refusal(R"("type": "ByteEnumField", "enumeration": "nothing")"),
                    "no enumeration \"nothing\"");
    expect_contains(field_refusal(R"("type": "ByteEnumField", "enumeration": {"x": "y"})"), "not a number with a name");
    expect_contains(field_refusal(R"("type": "FlagsField", "bits": 2, "flags": "ABC")"), "more bits than");
    expect_contains(field_refusal(R"("type": "StrFixedLenField")"), "\"length\" is missing");
    expect_contains(field_refusal(R"("type": "StrLenField", "length": "nope")"), "unknown field 'nope'");
    expect_contains(field_refusal(R"("type": "PacketListField")"), "\"holds\" is missing");
    expect_contains(field_refusal(R"("type": "PacketListField", "holds": "Nope")"), "no protocol \"Nope\"");
    expect_contains(field_refusal(R"("type": "FieldListField")"), "\"element\" is missing");
    expect_contains(field_refusal(R"("type": "MultipleTypeField")"), "\"variants\" is missing");
    expect_contains(field_refusal(R"("type": "ByteField", "kind": "COLOUR")"), "no kind \"COLOUR\"");
    expect_contains(field_refusal(R"("type": "ByteField", "min": 4294967296)"), "not a number from");
    expect_contains(field_refusal(R"("type": "IPField", "default": "999.1.1.1")"), "not an IPv4 address");
    expect_contains(field_refusal(R"("type": "StrField", "computed": "1")"),
                    "only a number or an address can be computed");
    expect_contains(field_refusal(R"("type": "XShortField", "checksum": {"algorithm": "magic"})"), "\"magic\"");
    expect_contains(field_refusal(R"("type": "StrField", "default": {"hex": "abc"})"), "pairs of hexadecimal");
    expect_contains(refusal(R"("fields": [{"id": 5, "type": "ByteField"}])"), "\"id\" is not a text");
    expect_contains(refusal(R"("fields": [{"id": "a\"b", "type": "ByteField"}])"), "letters, digits");
}

TEST(DefinitionRefusal, OfProtocols) {
    expect_contains(refusal(R"("is_a": "P")"), "derived from itself");
    expect_contains(refusal(R"("is_a": "Nope")"), "no protocol \"Nope\"");
    expect_contains(refusal(R"("fields": 5)"), "\"fields\" is not an array");
    expect_contains(refusal(R"("shape": "round")"), "unknown key \"shape\"");
    expect_contains(refusal(R"("under": [{"protocol": "Nope"}])"), "no protocol \"Nope\"");
    expect_contains(refusal(R"("under": [{"protocol": "Raw", "fields": {"nope": 1}}])"), "no field \"nope\"");
    expect_contains(refusal(R"("suggested_payloads": ["Nope"])"), "no protocol \"Nope\"");
    expect_contains(refusal(R"("payload_length": "1 +")"), "unexpected end");
    expect_contains(refusal(R"("dispatch": [{"when": "load", "protocol": "Raw"}])"), "unknown field 'load'");
    expect_contains(refusal(R"("is_a": "Raw", "field_changes": {"nope": {}})"), "which is no field");
}

TEST(DefinitionRefusal, OfMoreFields) {
    const std::string more = R"("more_fields": [{"id": "x", "type": "ByteField"}])";
    EXPECT_EQ(refusal(R"("is_a": "Raw", )" + more), "");
    expect_contains(refusal(more), "\"is_a\": there are none");
    expect_contains(refusal(R"("is_a": "Raw", "fields": [], )" + more), "\"is_a\": there are none");
    expect_contains(refusal(R"("is_a": "Raw", "more_fields": {})"), "\"more_fields\" is not an array");
    // Only what was taken over can be changed; what is new is written as it should be.
    expect_contains(refusal(R"("is_a": "Raw", "field_changes": {"x": {"default": 1}}, )" + more), "which is no field");
    expect_contains(refusal(R"("is_a": "Raw", "more_fields": [{"id": "load", "type": "ByteField"}])"),
                    "field load: there is a field of this id already");
}

TEST(DefinitionRefusal, OfCommentsThatAreNoText) {
    EXPECT_EQ(refusal(R"("$comment": "RFC 768",
        "fields": [{"id": "f", "type": "ByteField"}, {"$comment": 1, "id": "g", "type": "ByteField"}])"),
              "mine.json:2: protocol P: field g: \"$comment\" is not a text");
}

TEST(DefinitionRefusal, OfWholeFiles) {
    const auto of_file = [](std::string_view text) -> std::string {
        try {
            load_with(text);
            return "";
        } catch (const DefinitionError& error) {
            return error.what();
        }
    };
    expect_contains(of_file("{"), "mine.json:1: not JSON");
    expect_contains(of_file("{\"protocols\": [1\n2]}"), "unexpected number literal; expected ',' or ']'");
    expect_contains(of_file("{\"a\": 1\n\"b\": 2}"), "unexpected string literal; expected ',' or '}'");
    expect_contains(of_file("[]"), "the file is not an object");
    expect_contains(of_file(R"({"colour": 1})"), "unknown key \"colour\"");
    expect_contains(of_file(R"({"protocols": [{"id": "Raw"}]})"), "already there");
    expect_contains(of_file(R"({"protocols": [{"name": "x"}]})"), "\"id\" is missing");
    expect_contains(of_file(std::string(kMaximumFileSize + 1, ' ')), "larger than");
    expect_contains(of_file(std::string(kMaximumNesting + 2, '[')), "nested deeper");
}

/// Where a file of a user is refused: file, line, protocol and field, as the error's parts and its text say it.
void expect_place(const std::string& text, std::size_t line, const std::string& protocol, const std::string& field) {
    const std::vector<DefinitionFile> files{{"base.json", kBase}, {"mine.json", text, true}};
    try {
        load(files);
        ADD_FAILURE() << "was loaded: " << text;
    } catch (const DefinitionError& error) {
        EXPECT_EQ(error.file(), "mine.json");
        EXPECT_EQ(error.line(), line) << error.what();
        EXPECT_EQ(error.protocol(), protocol);
        EXPECT_EQ(error.field(), field);
        const std::string start = "mine.json:" + (line != 0 ? std::to_string(line) + ":" : "") + " " +
                                  (protocol.empty() ? "" : "protocol " + protocol + ": ") +
                                  (field.empty() ? "" : "field " + field + ": ");
        EXPECT_EQ(error.what(), start + error.reason());
    }
}

// Each of these was once accepted, and something in it went unheard.
TEST(DefinitionRefusal, OfKeysThatMeanNothing) {
    for (const std::string key : {R"("flags": "AB")", R"("stop": ";")", R"("count": 2)", R"("length": 2)",
                                  R"("element": {"type": "ByteField"})", R"("holds": "Raw")", R"("options": [])",
                                  R"("padding": {})", R"("compressible": true)", R"("selector": "f")"}) {
        const std::string name = key.substr(0, key.find(':'));
        expect_contains(field_refusal(R"("type": "ShortField", )" + key), name + " means nothing for a ShortField");
    }
    expect_contains(field_refusal(R"("type": "StrField", "enumeration": {"1": "a"})"), "means nothing for a StrField");
    expect_contains(field_refusal(R"("type": "StrLenField", "exact": true)"),
                    "\"exact\" means nothing for a StrLenField");
    expect_contains(field_refusal(R"("type": "XShortField", "computed": 1, "checksum": {"algorithm": "internet"})"),
                    "exclude each other");
    const std::string whole = "is the whole field's";
    for (const std::string key : {R"("default": 1)", R"("initial": 1)", R"("when": "1")", R"("computed": 1)",
                                  R"("label": "x")", R"("min": 1)", R"("generated": "time_of_day")"}) {
        const std::string part = R"({"type": "ByteField", )" + key + "}";
        expect_contains(field_refusal(R"("type": "FieldListField", "element": )" + part), whole);
        expect_contains(field_refusal(R"("type": "MultipleTypeField", "variants": [{"field": )" + part + "}]"), whole);
    }
    EXPECT_EQ(field_refusal(R"("type": "MultipleTypeField", "default": 1,
        "variants": [{"field": {"type": "ByteField", "unset": 1}}])"),
              "");
    expect_contains(field_refusal(R"("type": "FieldListField", "element": {"id": "x", "type": "ByteField"})"),
                    "has no \"id\" of its own");
}

TEST(DefinitionRefusal, OfNotations) {
    EXPECT_EQ(field_refusal(R"("type": "ByteField", "notation": "quantity", "unit": " m")"), "");
    expect_contains(field_refusal(R"("type": "ByteField", "notation": "hexadecmal")"),
                    "\"notation\" is none of decimal, hexadecimal");
    expect_contains(field_refusal(R"("type": "ByteField", "notation": "hexadecmal")"), "did you mean \"hexadecimal\"?");
    expect_contains(field_refusal(R"("type": "ByteField", "unit": " m")"),
                    "\"unit\" means nothing without the notation quantity");
    expect_contains(field_refusal(R"("type": "ByteField", "notation": "decimal", "factor": 2)"),
                    "\"factor\" means nothing");
    expect_contains(field_refusal(R"("type": "ByteField", "notation": "quantity", "factor": 0)"), "from 1 to");
    expect_contains(field_refusal(R"("type": "ByteField", "notation": "fixed_point")"), "\"fraction_bits\" is missing");
    expect_contains(field_refusal(R"("type": "IntField", "epoch": 1)"), "\"epoch\" means nothing");
    expect_contains(field_refusal(R"("type": "IntField", "notation": "ntp_timestamp")"),
                    "the notation ntp_timestamp is not for numbers of 32 bits");
    expect_contains(field_refusal(R"("type": "StrField", "unit": " m")"), "\"unit\" means nothing for a StrField");
}

TEST(DefinitionRefusal, OfOptionLists) {
    const auto of_option = [](const std::string& members, const std::string& list = "") {
        return field_refusal(R"("type": "OptionListField", )" + list + R"("options": [{"name": "x", )" + members +
                             "}]");
    };
    EXPECT_EQ(of_option(R"("single": true, "ends": true)"), "");
    expect_contains(of_option(R"("ends": true)"), "an option: option \"x\" ends the list and is not single");
    expect_contains(of_option(R"("single": true, "format": "B")"), "is single, and has no value");
    expect_contains(of_option(R"("format": "NB")"), "N does not stand alone");
    expect_contains(of_option(R"("code": 256)"), "more than 8 bits");
    EXPECT_EQ(of_option(R"("code": 256)", R"("code_bytes": 2, )"), "");
    expect_contains(of_option(R"("code": 1)", R"("short_bit": 3, )"), "\"short_bit\" is not one bit");
    expect_contains(of_option(R"("code": 1)", R"("short_bit": 256, )"), "\"short_bit\" is not one bit");
    expect_contains(of_option(R"("code": 1)", R"("length_counts": "all", )"), "none of value, option");
}

TEST(DefinitionRefusal, OfKeysOfTypes) {
    expect_contains(field_refusal(R"("type": "VarIntField")"), "\"form\" is missing");
    expect_contains(field_refusal(R"("type": "VarIntField", "form": "quick")"), "did you mean \"quic\"?");
    expect_contains(field_refusal(R"("type": "VarIntField", "form": "quic", "bits": 8)"), "\"bits\" means nothing");
    expect_contains(field_refusal(R"("type": "VarIntField", "form": "mqtt", "default": 268435456)"), "28 bits");
    expect_contains(field_refusal(R"("type": "VarIntField", "form": "mqtt", "enumeration": {"268435456": "x"})"),
                    "28 bits");
    expect_contains(field_refusal(R"("type": "NumberLenField")"), "\"length\" is missing");
    expect_contains(field_refusal(R"("type": "NumberLenField", "length": 2, "notation": "utc_time")"),
                    "several widths");
    expect_contains(field_refusal(R"("type": "BitVarSizeField", "width": "f")"), "not read yet");
    expect_contains(field_refusal(R"("type": "PrefixField", "family": "ipv5")"), "\"family\" is none of ipv4, ipv6");
    expect_contains(field_refusal(R"("type": "BitField", "bits": 4097)"), "from 1 to 4096");
    expect_contains(field_refusal(R"("type": "BitField", "bits": 12, "little_endian": true)"), "whole bytes");
    expect_contains(field_refusal(R"("type": "BitField", "bits": 72, "little_endian": true)"), "at most 8");
    expect_contains(field_refusal(R"("type": "ShortField", "little_endian": true)"), "means nothing for a ShortField");
    expect_contains(field_refusal(R"("type": "BitField", "bits": 128, "computed": 1)"),
                    "at most 126 bits can be computed");
    expect_contains(field_refusal(R"("type": "NetBIOSNameField", "default": "SIXTEEN_LETTERS_")"), "15 characters");
    expect_contains(field_refusal(R"("type": "StrField", "notation": "uuid", "default": "x")"),
                    "not of the notation uuid");
    expect_contains(field_refusal(R"("type": "StrField", "notation": "uuid", "names": {"a": "b"})"),
                    "exclude each other");
}

TEST(DefinitionRefusal, OfValuesThatTheFieldCannotHold) {
    EXPECT_EQ(field_refusal(R"("type": "ByteField", "default": 256)"),
              "mine.json:1: protocol P: field f: \"default\" 256: does not fit into 8 bits (0 to 255)");
    EXPECT_EQ(field_refusal(R"("type": "IPField", "initial": "999.1.1.1")"),
              "mine.json:1: protocol P: field f: \"initial\" \"999.1.1.1\": not an IPv4 address");
    for (const std::string type : {"StrFixedLenField", "XStrFixedLenField", "Field"}) {
        const std::string fixed = R"("type": ")" + type + R"(", "length": 3, "default": )";
        EXPECT_EQ(field_refusal(fixed + R"("abc")"), "") << type;
        expect_contains(field_refusal(fixed + R"("abcd")"),
                        "\"default\" \"abcd\": longer than the 3 bytes of the field");
    }
    expect_contains(field_refusal(R"("type": "StrStopField", "stop": ";", "unset": "a;b")"),
                    "\"unset\" \"a;b\": holds");
    expect_contains(field_refusal(R"("type": "StrNullField", "default": {"hex": "610062"})"), "holds the mark");
    expect_contains(field_refusal(R"("type": "ByteField", "computed": 256)"), "\"computed\" 256: does not fit");
    expect_contains(field_refusal(R"("type": "ByteEnumField", "enumeration": {"300": "a"})"),
                    "the enumeration's number 300 (a): does not fit into 8 bits");
    expect_contains(field_refusal(R"("type": "ByteEnumField",
        "enumeration_by": {"field": "f", "cases": {"1": {"256": "a"}}})"),
                    "number 256 (a)");
    expect_contains(field_refusal(R"("type": "ByteEnumField", "enumeration": {"1": "a", "0x1": "b"})"),
                    "has the number 0x1 twice");
    expect_contains(field_refusal(R"("type": "ByteField", "min": 2, "max": 1)"), "\"min\" is larger than \"max\"");
    expect_contains(field_refusal(R"("type": "StrStopField")"), "\"stop\" is missing");
}

TEST(DefinitionRefusal, OfRangesThatWouldRefuseTheFieldsOwnValues) {
    constexpr const char* kReason = "are for what is always shown as a number in decimal";
    for (const std::string type :
         {R"("type": "XByteField")", R"("type": "FlagsField", "bits": 8, "flags": "ab")",
          R"("type": "ByteEnumField", "enumeration": {"1": "a"})", R"("type": "IPField")",
          R"("type": "ShortField", "notation": "quantity", "unit": " sec")",
          R"("type": "ByteEnumField", "enumeration_by": {"field": "f", "cases": {"1": {"2": "a"}}})",
          R"("type": "ByteField", "default": null)", R"("type": "ByteField", "computed": 1)"}) {
        expect_contains(field_refusal(type + R"(, "min": 0)"), kReason);
        expect_contains(field_refusal(type + R"(, "max": 1)"), kReason);
    }
    EXPECT_EQ(field_refusal(R"("type": "BitField", "bits": 8, "min": 0, "max": 255)"), "");
    EXPECT_EQ(field_refusal(R"("type": "SignedByteField", "min": -128, "max": 127)"), "");
    EXPECT_EQ(field_refusal(R"("type": "IntField", "max": 2147483647)"), "");
    expect_contains(field_refusal(R"("type": "ByteField", "max": 256)"),
                    "256, of \"min\" or \"max\", does not fit into 8 bits");
    expect_contains(field_refusal(R"("type": "ByteField", "min": -1)"), "-1, of \"min\"");
}

TEST(DefinitionRefusal, OfSharedEnumerationsByAUser) {
    const std::string field = R"("protocols": [{"id": "P",
        "fields": [{"id": "f", "type": "ByteEnumField", "enumeration": "wide"}]}])";
    const std::string names = R"({"enumerations": {"wide": {"300": "a"}})";
    const auto refused = [](const std::vector<DefinitionFile>& files) -> std::string {
        try {
            load(files);
            return "";
        } catch (const DefinitionError& error) {
            return error.what();
        }
    };
    const std::string of_user = names + ", " + field + "}";
    expect_contains(refused({{"base.json", kBase}, {"mine.json", of_user, true}}), "number 300 (a)");
    // A built-in one may be wider than one of its fields, and a user may take it too.
    const std::string built_in = names + "}";
    const std::string mine = "{" + field + "}";
    EXPECT_EQ(refused({{"base.json", kBase}, {"more.json", built_in}, {"mine.json", mine, true}}), "");
    EXPECT_EQ(refused({{"base.json", kBase}, {"a.json", "\n" + built_in, true}, {"b.json", built_in, true}}),
              "b.json:1: the enumeration \"wide\" is already there, in a.json:2");
    expect_contains(refused({{"base.json", kBase}, {"a.json", built_in}, {"b.json", built_in, true}}),
                    "\"wide\" is already there, built in");
}

TEST(DefinitionRefusal, OfRulesThatCannotBeAnswered) {
    const auto with_rule = [](const std::string& field) {
        return refusal(R"("fields": [{"id": "a", "type": "ByteField"}, )" + field +
                       R"(, {"id": "z", "type": "ByteField"}])");
    };
    EXPECT_EQ(with_rule(R"({"id": "f", "type": "ByteField", "when": "a == 1"})"), "");
    for (const std::string rule : {"z == 1", "f == 1", "defined(z)", "length(z)", "count(z)", "element(z, 0)"}) {
        expect_contains(with_rule(R"({"id": "f", "type": "ByteField", "when": ")" + rule + "\"}"), "is not read yet");
        expect_contains(with_rule(R"({"id": "f", "type": "StrLenField", "length": ")" + rule + "\"}"),
                        "field f: \"length\": field ");
        expect_contains(with_rule(R"({"id": "f", "type": "MultipleTypeField", "variants": [{"when": ")" + rule +
                                  R"(", "field": {"type": "ByteField"}}]})"),
                        "is not read yet");
    }
    for (const std::string rule : {"header_length", "payload_length"}) {
        expect_contains(with_rule(R"({"id": "f", "type": "ByteField", "when": ")" + rule + "\"}"),
                        "are not known yet while the header is read");
    }
    EXPECT_EQ(with_rule(R"({"id": "f", "type": "ByteField", "computed": "header_length + z"})"), "");
    expect_contains(with_rule(R"({"id": "f", "type": "IntField", "computed": "remaining"})"),
                    "remaining is known only when a packet is dissected");
    for (const std::string rule : {"byte(0)", "u16(0)", "u32(0)"}) {
        EXPECT_EQ(with_rule(R"({"id": "f", "type": "IntField", "computed": ")" + rule + "\"}"), "");
    }
    expect_contains(refusal(R"("payload_length": "payload_length - 4")"), "known only when a packet is built");
    expect_contains(refusal(R"("payload_default": [{"when": "payload_length", "protocol": "Raw"}])"),
                    "only when a packet");
    EXPECT_EQ(with_rule(R"({"id": "f", "type": "ByteField", "when": "below(Raw) && below.load"})"), "");
    expect_contains(with_rule(R"json({"id": "f", "type": "ByteField", "when": "below(Rew)"})json"),
                    "there is no protocol \"Rew\"; did you mean \"Raw\"?");
    expect_contains(with_rule(R"({"id": "f", "type": "ByteField", "when": "below.laod"})"),
                    "no protocol has a field \"laod\"; did you mean \"load\"?");
    expect_contains(refusal(R"json("message_start": "below(Foo)")json"), "there is no protocol \"Foo\"");
    for (const std::string rule : {R"("")", R"("  ")"}) {
        expect_contains(field_refusal(R"("type": "ByteField", "when": )" + rule), "\"when\" is an empty rule");
        expect_contains(refusal(R"("payload_length": )" + rule), "\"payload_length\" is an empty rule");
    }
    expect_contains(field_refusal(R"("type": "ByteField", "when": 1)"), "\"when\" is not a rule (a text)");
    expect_contains(refusal(R"("payload_length": null)"), "neither a rule (a text) nor a number from 0 on");
    EXPECT_EQ(refusal(R"("payload_length": 0, "message_start": 0, "compressed_length": 0)"), "");
}

TEST(DefinitionRefusal, OfWhatIsNeverReached) {
    expect_contains(field_refusal(R"("type": "MultipleTypeField",
        "variants": [{"field": {"type": "ByteField"}}, {"when": "1", "field": {"type": "IntField"}}])"),
                    "a variant stands behind one without \"when\"");
    expect_contains(refusal(R"("payload_default": [{"protocol": "Raw"}, {"when": "1", "protocol": "Raw"}])"),
                    "a choice stands behind one without \"when\"");
    expect_contains(refusal(R"("under": [{"protocol": "Padding", "fields": {}, "when": {}, "set": {}}])"),
                    "under Padding: \"when\" and \"set\" stand in place of \"fields\"");
    EXPECT_EQ(refusal(R"("under": [{"protocol": "Padding", "fields": {}, "set": {}}])"), "");
}

TEST(DefinitionRefusal, OfFieldsThatShareAnId) {
    const auto two = [](const std::string& first, const std::string& second) {
        return refusal(R"("fields": [{"id": "a", "type": "ByteField"}, {"id": "f", "type": "ByteField")" + first +
                       R"(}, {"id": "f", "type": "IntField")" + second + "}]");
    };
    EXPECT_EQ(two(R"(, "when": "a")", R"(, "when": "!a")"), "");
    expect_contains(two("", ""), "field f: there is a field of this id already");
    expect_contains(two("", R"(, "when": "a")"), "only if both have a \"when\"");
    expect_contains(two(R"(, "when": "a")", ""), "only if both have a \"when\"");
}

TEST(DefinitionRefusal, OfBitsThatAreNoWholeBytes) {
    const std::string bits = R"("fields": [{"id": "a", "type": "BitField", "bits": 3}, )";
    expect_contains(refusal(bits + R"({"id": "b", "type": "ByteField"}])"),
                    "field a: the bit fields up to here have 3 bits together");
    expect_contains(refusal(bits + R"({"id": "b", "type": "BitField", "bits": 4}])"),
                    "field b: the bit fields up to here have 7");
    EXPECT_EQ(refusal(bits + R"({"id": "b", "type": "FlagsField", "bits": 5}, {"id": "c", "type": "ByteField"}])"), "");
    // With a condition it depends.
    EXPECT_EQ(refusal(bits + R"({"id": "b", "type": "BitField", "bits": 5, "when": "a"}])"), "");
}

TEST(DefinitionRefusal, OfDuplicateKeys) {
    expect_place("{\n\"protocols\": [],\n\"protocols\": []}", 3, "", "");
    expect_place("{\"protocols\": [{\"id\": \"A\"}, {\n\"id\": \"B\",\n\"name\": \"x\",\n\"name\": \"y\"}]}", 4, "B",
                 "");
    expect_place(
        "{\"protocols\": [{\"id\": \"A\", \"fields\": [{\"id\": \"f\", \"type\": \"ByteField\", \"default\": 1,\n"
        "\"default\": 2}]}]}",
        2, "A", "f");
    expect_place("{\"enumerations\": {\"e\": {\"1\": \"a\",\n\"2\": \"b\",\n\"1\": \"c\"}}}", 3, "", "");
    // What stands twice may be of different kinds.
    expect_place("{\"protocols\": [{\"id\": \"A\", \"id\": \"B\"}], \"protocols\": 5}", 1, "", "");
    expect_place("[[{\"a\": 1,\n\"a\": 2}]]", 2, "", "");
    expect_place("{\"protocols\": {\"\": {\"a\": 1,\n\"a\": 2}}}", 2, "", "");
    try {
        load_with(
            R"({"protocols": [{"id": "a", "name": "id", "help": "\"id\": {", "fields": [{"id": "b", "type": "ByteField"}]}],
            "enumerations": {"a": {}, "b": {"1": ["1", "1"]}}})");
    } catch (const DefinitionError& error) {
        ADD_FAILURE() << error.what();
    }
}

TEST(DefinitionRefusal, OfBindingsNamesTheOtherProtocolAndTheField) {
    const auto with_lower = [](const std::string& binding) -> std::string {
        try {
            load_with(R"({"protocols": [{"id": "P", )" + binding + R"(}, {"id": "Lower",
                "fields": [{"id": "dport", "type": "ShortField"}]}]})");
            return "";
        } catch (const DefinitionError& error) {
            return error.reason();
        }
    };
    EXPECT_EQ(with_lower(R"("under": [{"protocol": "Lower", "fields": {"dport": 70000}}])"),
              "under Lower: field dport: value 70000: does not fit into 16 bits (0 to 65535)");
    EXPECT_EQ(with_lower(R"("under": [{"protocol": "Lower", "fields": {"dprt": 1}}])"),
              "under Lower: there is no field \"dprt\"; did you mean \"dport\"?");
    EXPECT_EQ(with_lower(R"("under": [{"protocol": "Lower", "when": "dport == 1"}])"),
              "under Lower: \"when\" (fields and their values) is not an object");
    EXPECT_EQ(with_lower(R"("over": [{"protocol": "Lower", "set": {"x": 1}}])"), "over Lower: there is no field \"x\"");
}

TEST(DefinitionRefusal, SuggestsWhatIsNearest) {
    expect_contains(field_refusal(R"("type": "Bytefield")"), "\"Bytefield\"; did you mean \"ByteField\"?");
    expect_contains(field_refusal(R"("type": "ByteField", "defualt": 1)"), "\"defualt\"; did you mean \"default\"?");
    expect_contains(field_refusal(R"("type": "PacketField", "holds": "Rawx")"), "\"Rawx\"; did you mean \"Raw\"?");
    EXPECT_TRUE(field_refusal(R"("type": "ByteField", "colour": 1)").ends_with("unknown key \"colour\""));
}

TEST(DefinitionRefusal, OfChangesOfFields) {
    const std::string changes = R"("is_a": "Raw", "field_changes": {"load": )";
    expect_contains(refusal(changes + R"({"id": "other"}})"), "cannot change the id of \"load\"");
    expect_contains(refusal(changes + "5}"), "the change of \"load\" in \"field_changes\" is not an object");
    expect_contains(refusal(R"("is_a": "Raw", "field_changes": {"laod": {}})"), "did you mean \"load\"?");
    // What means nothing for another type goes; what is said along with it has to mean something.
    const auto with_type = [](const std::string& change) {
        return refusal(R"("is_a": "Q", "field_changes": {"f": )" + change + R"(}}, {"id": "Q",
            "fields": [{"id": "f", "type": "StrFixedLenField", "length": 4}])");
    };
    EXPECT_EQ(with_type(R"({"type": "IPField"})"), "");
    expect_contains(with_type(R"({"type": "IPField", "length": 4})"), "\"length\" means nothing for a IPField");
}

TEST(DefinitionRefusal, NamesTheLine) {
    const std::string start = "{\n\"protocols\": [\n";
    // A field, a protocol, a binding: where each begins. Braces within texts do not count.
    expect_place(start + R"({"id": "A", "name": "}]{\"", "fields": [)"
                         "\n"
                         R"({"id": "x", "type": "ByteField"},)"
                         "\n"
                         R"({"id": "y",)"
                         "\n"
                         R"("type": "Nope"}]}]})",
                 5, "A", "y");
    expect_place(start + R"({"id": "A"},)"
                         "\n\n"
                         R"({"id": "B", "shape": "round"}]})",
                 5, "B", "");
    expect_place(start + R"({"id": "A"},)"
                         "\n"
                         R"({"id": "A"}]})",
                 4, "A", "");
    expect_place(start + R"({"id": "A"}, {"id": "B",)"
                         "\n"
                         R"("under": [{"protocol": "A"},)"
                         "\n"
                         R"({"protocol": "Nope"}]}]})",
                 5, "B", "");
    // What was taken over and changed: the change.
    expect_place(start + R"({"id": "A", "fields": [{"id": "x", "type": "ByteField"}]},)"
                         "\n"
                         R"({"id": "B", "is_a": "A", "field_changes": {)"
                         "\n"
                         R"("x": {"default": 256}}}]})",
                 5, "B", "x");
    expect_place("{\n\"enumerations\": {\n\"a\": {},\n\"b\": 5}}", 4, "", "");
    expect_place("{\n\n\"choices\": 5}", 3, "", "");
    // No JSON: the line of the mistake, or the last that holds anything.
    expect_place("{\n\"protocols\": [\n}\n]}\n", 3, "", "");
    expect_place("{\n\"protocols\": [\n\n\n", 2, "", "");
    expect_place("", 1, "", "");
    expect_place("{\n\"protocols\":\n" + std::string(kMaximumNesting, '['), 3, "", "");
    expect_place("\xef\xbb\xbf\n" + start + R"({"id": 5}]})", 4, "", "");
    expect_place(std::string(kMaximumFileSize + 1, '\n'), 0, "", "");
}

TEST(DefinitionRefusal, IsOneLineOfBoundedLength) {
    try {
        load_with(R"({"protocols": [{"id": "A", "two\nlines\u001b)" + std::string(10'000, 'x') + R"(": 1}]})");
        ADD_FAILURE() << "was loaded";
    } catch (const DefinitionError& error) {
        const std::string text = error.what();
        EXPECT_NE(text.find("two lines xxx"), std::string::npos) << text;
        EXPECT_LT(text.size(), kMaximumReason + 100);
    }
}

TEST(DefinitionRefusal, OfAnIdThatIsTaken) {
    const auto refused = [](std::vector<DefinitionFile> files) -> std::string {
        files.insert(files.begin(), {"base.json", kBase});
        try {
            load(files);
            return "";
        } catch (const DefinitionError& error) {
            return error.what();
        }
    };
    EXPECT_EQ(refused({{"mine.json", R"({"protocols": [{"id": "Raw"}]})", true}}),
              "mine.json:1: protocol Raw: a protocol of this id is already there, built in");
    EXPECT_EQ(refused({{"a.json", "{\"protocols\":\n[{\"id\": \"A\"}]}", true},
                       {"b.json", R"({"protocols": [{"id": "A"}]})", true}}),
              "b.json:1: protocol A: a protocol of this id is already there, in a.json:2");
}

TEST(DefinitionRefusal, OfWhatIsBeyondALimit) {
    const auto refused = [](const std::string& protocols) -> std::string {
        try {
            load_with(R"({"protocols": [)" + protocols + "]}");
            return "";
        } catch (const DefinitionError& error) {
            return error.what();
        }
    };
    const auto chain = [](std::size_t ancestors, bool is_reversed) {
        std::vector<std::string> protocols{R"({"id": "P0"})"};
        for (std::size_t index = 1; index <= ancestors; ++index) {
            protocols.push_back(R"({"id": "P)" + std::to_string(index) + R"(", "is_a": "P)" +
                                std::to_string(index - 1) + R"("})");
        }
        if (is_reversed) {
            std::reverse(protocols.begin(), protocols.end());
        }
        std::string text;
        for (const std::string& protocol : protocols) {
            text += (text.empty() ? "" : ",") + protocol;
        }
        return text;
    };
    for (const bool is_reversed : {false, true}) {
        EXPECT_EQ(refused(chain(kMaximumAncestors, is_reversed)), "");
        expect_contains(refused(chain(kMaximumAncestors + 1, is_reversed)), "is derived from more than 32 protocols");
    }
    expect_contains(refused(chain(9000, true)), "is derived from more than 32 protocols");

    std::string protocols;
    for (std::size_t index = 2; index < kMaximumProtocols; ++index) {
        protocols += (index == 2 ? "" : ",") + (R"({"id": "P)" + std::to_string(index)) + R"("})";
    }
    EXPECT_EQ(refused(protocols), "");
    expect_contains(refused(protocols + R"(,{"id": "Q"})"), "more than 10000 protocols");

    // One protocol with many bindings on it, and others that take them over.
    std::string bound = R"({"id": "P", "over": [{"protocol": "Raw"})";
    for (std::size_t index = 1; index < kMaximumAllBindings / 100; ++index) {
        bound += R"(,{"protocol": "Raw"})";
    }
    bound += "]}";
    for (int index = 1; index < 99; ++index) {
        bound += R"(,{"id": "P)" + std::to_string(index) + R"(", "binds_as": ["P"]})";
    }
    EXPECT_EQ(refused(bound), "");
    expect_contains(refused(bound + R"(,{"id": "Q", "binds_as": ["P"]})"), "more than 200000 bindings");
    std::string choices = R"({"id": "P", "payload_default": [{"protocol": "Raw"})";
    for (std::size_t index = 0; index < kMaximumAllBindings; ++index) {
        choices += R"(,{"protocol": "Raw"})";
    }
    expect_contains(refused(choices + "]}"), "more than 200000 bindings and choices");

    std::string fields = R"({"id": "P", "fields": [{"id": "f", "type": "ByteField"})";
    for (std::size_t index = 1; index < kMaximumFields; ++index) {
        fields += R"(,{"id": "f)" + std::to_string(index) + R"(", "type": "ByteField"})";
    }
    fields += "]}";
    std::string many = fields;
    for (std::size_t index = 0; index <= kMaximumAllFields / kMaximumFields; ++index) {
        many += R"(,{"id": "Q)" + std::to_string(index) + R"(", "is_a": "P"})";
    }
    EXPECT_EQ(refused(fields), "");
    expect_contains(refused(many), "more than 100000 fields in all protocols");
}

TEST(Definitions, InheritFieldsAndChangeDefaults) {
    const auto database = load_with(R"({"protocols": [
        {"id": "A", "fields": [{"id": "x", "type": "ByteField", "default": 1}, {"id": "y", "type": "ShortField"}]},
        {"id": "B", "is_a": "A", "field_changes": {"x": {"default": 9}}}]})");
    const model::Protocol* const derived = database->find("B");
    ASSERT_NE(derived, nullptr);
    ASSERT_EQ(derived->fields.size(), 2U);
    EXPECT_EQ(derived->fields[0].default_value, model::Value(Integer{9}));
    EXPECT_TRUE(derived->is_a(*database->find("A")));
    EXPECT_FALSE(database->find("A")->is_a(*derived));
}

}  // namespace
}  // namespace framewright::loader
