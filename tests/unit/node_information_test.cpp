#include "protocol_db/fields/node_information_types.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "protocol_db/expression/literal.hpp"
#include "protocol_db/fields/integer_types.hpp"
#include "protocol_db/fields/list_types.hpp"
#include "protocol_db/fields/registry.hpp"
#include "tests/unit/packet_helpers.hpp"

namespace framewright::fields {
namespace {

using model::List;
using model::Tuple;
using model::Value;

constexpr std::size_t kCode = 0;
constexpr std::size_t kQtype = 1;
constexpr std::size_t kData = 2;

/// The numbers of a layer's fields, and nothing else.
class Rules final : public expression::EmptyContext {
public:
    explicit Rules(std::vector<std::int64_t> numbers = {}) : numbers_(std::move(numbers)) {}
    std::int64_t field(std::size_t index) const override { return index < numbers_.size() ? numbers_[index] : 0; }
    bool is_defined(std::size_t index) const override { return index < numbers_.size(); }

private:
    std::vector<std::int64_t> numbers_;
};

Value to_value(const expression::Literal& literal) {
    const auto items = [](const std::vector<expression::Literal>& literals) {
        std::vector<Value> values;
        for (const expression::Literal& item : literals) {
            values.push_back(to_value(item));
        }
        return values;
    };
    if (const auto* const number = literal.get_if<Integer>()) {
        return *number;
    }
    if (const auto* const text = literal.get_if<expression::Text>()) {
        return *text;
    }
    if (const auto* const octets = literal.get_if<Bytes>()) {
        return *octets;
    }
    if (const auto* const list = literal.get_if<expression::List>()) {
        return List{items(list->items)};
    }
    if (const auto* const tuple = literal.get_if<expression::Tuple>()) {
        return Tuple{items(tuple->items)};
    }
    return {};
}

class Context final : public ParseContext, public PacketEncoder, public PacketDecoder {
public:
    explicit Context(std::vector<std::int64_t> numbers = {}) : rules_(std::move(numbers)) {}
    const model::Database& database() const override { return database_; }
    const expression::RuleContext& rules() const override { return rules_; }
    Value read_expression(std::string_view text) const override { return to_value(expression::parse_literal(text)); }
    void set_numbers(std::vector<std::int64_t> numbers) { rules_ = Rules(std::move(numbers)); }
    void encode(const model::Packet& /*packet*/, EncodeContext& /*context*/) const override {}
    model::Packet dissect(const model::Protocol& /*protocol*/, ByteView /*data*/, ByteView /*message*/,
                          std::size_t& /*used*/) const override {
        return {};
    }

private:
    model::Database database_;
    Rules rules_;
};

/// A definition that says nothing but the type.
class NoKeys final : public ParameterReader {
public:
    explicit NoKeys(const model::Field& field) : field_(field) {}
    const model::Field& field() const override { return field_; }
    bool has(const Key& /*key*/) const override { return false; }
    std::string text(const Key& /*key*/) override { return {}; }
    std::optional<std::int64_t> number(const Key& /*key*/) override { return std::nullopt; }
    bool boolean(const Key& /*key*/) override { return false; }
    void rule(const Key& /*key*/, Parameters& /*parameters*/, expression::Rule& /*into*/) override {}
    Parameters::ElementRule element_rule(const Key& /*key*/) override { return {}; }
    const model::Protocol* protocol(const Key& /*key*/) override { return nullptr; }
    std::optional<std::size_t> field_index(const Key& /*key*/) override { return std::nullopt; }
    const model::Enumeration* enumeration(const Key& /*key*/) override { return nullptr; }
    std::vector<std::pair<Integer, const model::Enumeration*>> enumerations(const Key& /*key*/) override { return {}; }
    std::pair<std::vector<std::string>, bool> texts(const Key& /*key*/) override { return {}; }
    std::vector<std::pair<std::string, std::string>> text_names(const Key& /*key*/) override { return {}; }
    std::shared_ptr<const model::Field> part(const Key& /*key*/, Parameters& /*parameters*/) override {
        return nullptr;
    }
    std::vector<std::shared_ptr<const model::Field>> parts(const Key& /*key*/, Parameters& /*parameters*/) override {
        return {};
    }
    std::optional<model::BerTag> tag(const Key& /*key*/) override { return std::nullopt; }
    std::size_t index_of(const std::string& /*id*/) const override { return 0; }
    const model::Database& database() const override { return database_; }
    std::unique_ptr<ParameterReader> object(const Key& /*key*/) override { return nullptr; }
    std::vector<std::unique_ptr<ParameterReader>> objects(const Key& /*key*/) override { return {}; }
    [[noreturn]] void refuse(const std::string& reason) const override { throw std::runtime_error(reason); }

private:
    const model::Field& field_;
    model::Database database_;
};

/// A field of one type in a layer whose other fields are "code" and "qtype".
class FieldTester {
public:
    explicit FieldTester(std::string_view type_name, std::int64_t code = 0, std::int64_t qtype = 0)
        : context_({code, qtype}) {
        for (const char* const id : {"code", "qtype", "data"}) {
            model::Field field;
            field.id = id;
            protocol_.fields.push_back(std::move(field));
        }
        field().type_name = type_name;
        field().type = find_field_type(type_name);
        NoKeys keys(field());
        field().parameters = type().read_parameters(keys);
        if (type_name.starts_with("NI")) {
            auto& parameters = set_parameters<NodeInformationParameters>();
            parameters.selector = kQtype;
            parameters.subject_code = kCode;
        }
        layer_.protocol = &protocol_;
    }

    model::Field& field() { return protocol_.fields[kData]; }
    /// Gives the field parameters of its type's own.
    template <typename Own>
    Own& set_parameters() {
        auto parameters = std::make_shared<Own>();
        Own& own = *parameters;
        field().parameters = std::move(parameters);
        return own;
    }
    /// The other fields that have a value.
    void set_numbers(std::vector<std::int64_t> numbers) { context_.set_numbers(std::move(numbers)); }
    const FieldType& type() { return *field().type; }

    Value parse(const Value& value) { return type().parse(field(), value, context_); }
    Value parse(const char* text) { return parse(Value(std::string(text))); }

    /// As an EXPRESSION is read: in the field's own notation if it is that, else as a literal.
    Value parse_expression(std::string_view text) {
        Value value = type().parse_notation(field(), text);
        return parse(value.is_none() ? context_.read_expression(text) : value);
    }

    Bytes encode(const Value& value) {
        Bytes out;
        BitWriter writer(out);
        EncodeContext context{writer, 0, context_.rules(), context_, layer_};
        type().encode(field(), value, context);
        return out;
    }

    /// Reads the field, and says how many bytes are left.
    Value decode(ByteView octets, std::size_t* left = nullptr) {
        BitReader reader(octets);
        DecodeContext context{reader, context_.rules(), context_, layer_, octets};
        Value value = type().decode(field(), context);
        if (left != nullptr) {
            *left = reader.rest().size();
        }
        return value;
    }

    std::string show(const Value& value) {
        std::string text;
        type().show(field(), value, text);
        return text;
    }

    std::string express(const Value& value) {
        std::string text;
        type().express(field(), value, text);
        return text;
    }

    /// Whatever is printed builds the same bytes, as a plain text and as an expression.
    void expect_reads_back(const Value& value) {
        const std::string text = show(value);
        SCOPED_TRACE(text);
        EXPECT_EQ(encode(parse(Value(text))), encode(value));
        EXPECT_EQ(show(parse(Value(text))), text);
        EXPECT_EQ(encode(parse_expression(express(value))), encode(value));
    }

private:
    Context context_;
    model::Protocol protocol_;
    model::Layer layer_;
};

Bytes octets(std::string_view text) {
    return {text.begin(), text.end()};
}

template <std::size_t size>
Bytes wire(const char (&text)[size]) {
    return octets(std::string_view(text, size - 1));
}

FieldTester query(std::int64_t code = 1, std::int64_t qtype = 2) {
    return FieldTester("NIQueryDataField", code, qtype);
}
FieldTester reply(std::int64_t qtype, std::int64_t code = 0) {
    return FieldTester("NIReplyDataField", code, qtype);
}

const Bytes kEmptyName{0, 0, 0};
const Bytes kLinkLocal{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

TEST(NodeInformationQuery, TextIsNameOrAddress) {
    FieldTester tester = query();
    EXPECT_EQ(tester.encode(tester.parse("host")), wire("\4host\0\0"));
    EXPECT_EQ(tester.encode(tester.parse("www.example.com")), wire("\3www\7example\3com\0"));
    EXPECT_EQ(tester.encode(tester.parse("www.example.com.")), wire("\3www\7example\3com\0"));
    EXPECT_EQ(tester.encode(tester.parse("host.")), wire("\4host\0"));
    EXPECT_EQ(tester.encode(tester.parse(".")), wire("\0"));
    EXPECT_EQ(tester.encode(tester.parse("")), kEmptyName);
    EXPECT_EQ(tester.encode(tester.parse(" fe80::1 ")), kLinkLocal);
    EXPECT_EQ(tester.encode(tester.parse("192.0.2.1")), (Bytes{192, 0, 2, 1}));
    EXPECT_EQ(tester.encode(tester.parse("12")), wire("\2"
                                                      "12\0\0"));
    EXPECT_EQ(tester.encode(tester.parse("999.0.2.1")), wire("\3"
                                                             "999\1"
                                                             "0\1"
                                                             "2\1"
                                                             "1\0"));
}

TEST(NodeInformationQuery, BytesAreName) {
    FieldTester tester = query();
    EXPECT_EQ(tester.encode(tester.parse(octets("::1"))), wire("\3::1\0\0"));
    EXPECT_EQ(tester.encode(tester.parse(wire("\x18\xdb\xf1"))), wire("\3\x18\xdb\xf1\0\0"));
}

TEST(NodeInformationQuery, ValueBeginsWithCode) {
    FieldTester tester = query();
    EXPECT_EQ(tester.parse("::1"), Value(Tuple{{Integer{0}, std::string("::1")}}));
    EXPECT_EQ(tester.parse("a"), Value(Tuple{{Integer{1}, std::string("a")}}));
    EXPECT_EQ(tester.parse("192.0.2.1"), Value(Tuple{{Integer{2}, std::string("192.0.2.1")}}));
}

TEST(NodeInformationQuery, ShowsText) {
    FieldTester tester = query();
    for (const char* const text : {"", "text49", "www.example.com", "host.", ".", "::1", "fe80::1", "192.0.2.1", "A\tv",
                                   "R{\x16", "two words", "a:b", "a=b", "IP(", "b", "ttl:0 x"}) {
        EXPECT_EQ(tester.show(tester.parse(text)), text);
        EXPECT_EQ(tester.express(tester.parse(text)), text);
        tester.expect_reads_back(tester.parse(text));
    }
}

TEST(NodeInformationQuery, ShowsPairWhereTextWouldBeReadOtherwise) {
    FieldTester tester = query();
    const auto name = [](const char* text) { return Value(Tuple{{Integer{1}, std::string(text)}}); };
    for (const char* const text : {"::1", "192.0.2.1", "None", "5", "nan", "(a", "[a]", "b'a'", "'a'", " a", "a ",
                                   "IP()", "IP()/UDP()", "\"", ",.a"}) {
        const Value value = tester.parse(name(text));
        EXPECT_EQ(value, name(text));
        tester.expect_reads_back(value);
    }
    EXPECT_EQ(tester.show(name("::1")), "(1, '::1')");
    EXPECT_EQ(tester.show(name("None")), "(1, 'None')");
}

TEST(NodeInformationQuery, ShowsOctetsThatNoTextStandsFor) {
    FieldTester tester = query();
    const Value value = tester.parse(wire("\x18\xdb\xf1\xc3\xbe"));
    EXPECT_EQ(tester.show(value), R"((1, b'\x05\x18\xdb\xf1\xc3\xbe\x00\x00'))");
    tester.expect_reads_back(value);
    for (const Bytes& name : {wire("\4host"), wire("\4ho"), wire("\xc0\x0c"), wire("\1.\0\0"), wire("\2\xc3\xbe\0\0"),
                              Bytes(), Bytes(70, 'a')}) {
        const Value decoded = tester.decode(name);
        EXPECT_EQ(decoded, Value(Tuple{{Integer{1}, name}}));
        tester.expect_reads_back(decoded);
    }
}

TEST(NodeInformationQuery, DecodesByCode) {
    Bytes data = kLinkLocal;
    data.push_back(7);
    std::size_t left = 0;
    EXPECT_EQ(query(0).decode(data, &left), Value(Tuple{{Integer{0}, std::string("fe80::1")}}));
    EXPECT_EQ(left, 1U);
    EXPECT_EQ(query(2).decode(data, &left), Value(Tuple{{Integer{2}, std::string("254.128.0.0")}}));
    EXPECT_EQ(left, 13U);
    EXPECT_EQ(query(1).decode(wire("\4host\0\0"), &left), Value(Tuple{{Integer{1}, std::string("host")}}));
    EXPECT_EQ(left, 0U);
    EXPECT_EQ(query(154).decode(wire("\4host\0\0")), Value(Tuple{{Integer{1}, std::string("host")}}));
    EXPECT_EQ(query(154).decode(kLinkLocal), Value(Tuple{{Integer{154}, kLinkLocal}}));
    EXPECT_EQ(query(1).decode(wire("\1a\0\0\1b\0\0"), &left), Value(Tuple{{Integer{1}, std::string("a")}}));
    EXPECT_EQ(left, 4U);
    EXPECT_EQ(query(1).decode(wire("\0\0"), &left), Value(Tuple{{Integer{1}, std::string(".")}}));
    EXPECT_EQ(left, 1U);
    EXPECT_EQ(query(1).decode(wire("\1.\0\0\1"), &left), Value(Tuple{{Integer{1}, wire("\1.\0\0")}}));
    EXPECT_EQ(left, 1U);
}

TEST(NodeInformationQuery, ShortAddressIsOctets) {
    FieldTester tester = query(0);
    EXPECT_EQ(tester.decode(kEmptyName), Value(Tuple{{Integer{0}, kEmptyName}}));
    tester.expect_reads_back(tester.decode(kEmptyName));
    EXPECT_EQ(query(2).decode(kEmptyName), Value(Tuple{{Integer{2}, kEmptyName}}));
}

TEST(NodeInformationQuery, EmptyNameOfNoOperation) {
    FieldTester tester = query(1, 0);
    EXPECT_EQ(tester.show(tester.decode(kEmptyName)), "b''");
    EXPECT_EQ(tester.show(tester.parse_expression("b''")), "b''");
    EXPECT_EQ(tester.encode(tester.parse_expression("b''")), kEmptyName);
    EXPECT_EQ(tester.show(tester.parse(Value(Tuple{{Integer{1}, kEmptyName}}))), "b''");
    tester.expect_reads_back(tester.decode(kEmptyName));
    EXPECT_EQ(query(0, 0).show(query(0, 0).decode(kEmptyName)), "b''");
    EXPECT_EQ(tester.show(tester.parse("text17")), "text17");
    EXPECT_EQ(query().show(query().decode(kEmptyName)), "");
    EXPECT_EQ(query().show(query().parse_expression("b''")), "");
}

TEST(NodeInformationQuery, DecodesBySubjectWithoutCode) {
    FieldTester tester("NIQueryDataField");
    tester.set_numbers({});
    EXPECT_EQ(tester.show(tester.decode(wire("\4host\0\0"))), "host");
    EXPECT_EQ(tester.show(tester.decode(kLinkLocal)), "fe80::1");
    EXPECT_EQ(tester.show(tester.decode(Bytes{192, 0, 2, 1})), "192.0.2.1");
    EXPECT_EQ(tester.show(tester.decode(octets("abcde"))), "(1, b'abcde')");
}

TEST(NodeInformationQuery, NoneIsTheDefault) {
    FieldTester tester = query();
    EXPECT_TRUE(tester.parse("None").is_none());
    EXPECT_EQ(tester.encode({}), Bytes());
    EXPECT_EQ(tester.show({}), "None");
    tester.field().default_value = tester.parse("");
    EXPECT_EQ(tester.parse("None"), tester.parse(""));
    EXPECT_EQ(tester.parse(Value()), tester.parse(""));
}

TEST(NodeInformationQuery, RefusesWhatIsNoSubject) {
    FieldTester tester = query();
    EXPECT_THROW(tester.parse(Integer{5}), ValueError);
    EXPECT_THROW(tester.parse(List{}), ValueError);
    EXPECT_THROW(tester.parse(Tuple{}), ValueError);
    EXPECT_THROW(tester.parse("a..b"), ValueError);
    EXPECT_THROW(tester.parse(Value(std::string(64, 'a'))), ValueError);
    EXPECT_THROW(tester.parse("(0, 'host')"), ValueError);
    EXPECT_THROW(tester.parse("(2, '::1')"), ValueError);
    EXPECT_THROW(tester.parse("(2, '5')"), ValueError);
    EXPECT_THROW(tester.parse("(3, 'a')"), ValueError);
    EXPECT_THROW(tester.parse("(1, 5)"), ValueError);
    EXPECT_THROW(tester.parse("(-1, b'')"), ValueError);
    EXPECT_THROW(tester.parse("(256, b'')"), ValueError);
    EXPECT_THROW(tester.parse("(1, b'', 2)"), ValueError);
    EXPECT_THROW(tester.parse(Value(Tuple{{Integer{0}, Bytes(17)}})), ValueError);
    EXPECT_THROW(tester.parse(Value(Tuple{{Integer{2}, Bytes(5)}})), ValueError);
    EXPECT_THROW(tester.parse(Value(Tuple{{Integer{1}, Bytes(4)}})), ValueError);
    EXPECT_THROW(tester.parse("(1, "), expression::SyntaxError);
    EXPECT_EQ(tester.encode(tester.parse("(255, b'ab')")), octets("ab"));
    EXPECT_EQ(tester.encode(tester.parse("(1, None)")), Bytes());
}

TEST(NodeInformationReply, NamesHaveTimeToLive) {
    FieldTester tester = reply(2);
    const Value value = tester.parse("text38");
    EXPECT_EQ(tester.encode(value), wire("\0\0\0\0\6text38\0\0"));
    EXPECT_EQ(tester.show(value), "ttl:0 text38");
    EXPECT_EQ(tester.express(value), "ttl:0 text38");
    EXPECT_EQ(tester.decode(tester.encode(value)), value);
    EXPECT_EQ(tester.parse_expression("ttl:0 text38"), value);
    tester.expect_reads_back(value);

    const Value two = tester.parse("ttl:4294967295 host, www.example.com");
    EXPECT_EQ(tester.encode(two), wire("\xff\xff\xff\xff\4host\0\0\3www\7example\3com\0"));
    EXPECT_EQ(tester.show(two), "ttl:4294967295 host, www.example.com");
    EXPECT_EQ(tester.parse_expression("[4294967295, 'host', b'www.example.com']"), two);
    EXPECT_EQ(tester.parse_expression("(2, [4294967295, 'host', 'www.example.com.'])"), two);
    tester.expect_reads_back(two);
    EXPECT_EQ(tester.show(tester.parse_expression("['a', 'b']")), "ttl:0 a, b");
    EXPECT_EQ(tester.show(tester.parse(octets("A\tv"))), "ttl:0 A\tv");
}

TEST(NodeInformationReply, NamesThatTextCannotTell) {
    FieldTester tester = reply(2);
    for (const char* const name : {"", " a", "a, b", "a,.b", ",", "ttl:1 a"}) {
        const Value value = tester.parse(Value(List{{Integer{7}, std::string(name)}}));
        tester.expect_reads_back(value);
    }
    EXPECT_EQ(tester.show(tester.parse("[7, 'a,b']")), "(2, [7, 'a,b'])");
    EXPECT_EQ(tester.show(tester.parse("[7, 'ttl:1 a']")), "ttl:7 ttl:1 a");
    EXPECT_EQ(tester.show(tester.parse("[7]")), "ttl:7");
    const Value value = tester.parse(wire("\x41\x09\x76\xfd\x8d\x81"));
    EXPECT_EQ(tester.encode(value), wire("\0\0\0\0\6\x41\x09\x76\xfd\x8d\x81\0\0"));
    EXPECT_EQ(tester.show(value), R"((2, b'\x00\x00\x00\x00\x06A\tv\xfd\x8d\x81\x00\x00'))");
    tester.expect_reads_back(value);
    tester.expect_reads_back(tester.decode(wire("\0\0\0")));
    tester.expect_reads_back(tester.decode(wire("\0\0\0\5\xc0\x0c")));
}

TEST(NodeInformationReply, AddressesHaveTimesToLive) {
    FieldTester tester = reply(3);
    Bytes data{0, 0, 0, 5};
    data.insert(data.end(), kLinkLocal.begin(), kLinkLocal.end());
    data.insert(data.end(), {0x80, 0, 0, 6});
    data.insert(data.end(), kLinkLocal.begin(), kLinkLocal.end());
    const Value value = tester.decode(data);
    EXPECT_EQ(tester.show(value), "[(5, 'fe80::1'), (2147483654, 'fe80::1')]");
    EXPECT_EQ(tester.encode(value), data);
    tester.expect_reads_back(value);
    EXPECT_EQ(tester.show(tester.parse("::1")), "[(0, '::1')]");
    EXPECT_EQ(tester.show(tester.parse("['::1', (3, 'fe80::1')]")), "[(0, '::1'), (3, 'fe80::1')]");
    EXPECT_EQ(tester.show(tester.parse("(3, [(3, '::1')])")), "[(3, '::1')]");

    FieldTester old = reply(4);
    EXPECT_EQ(old.encode(old.parse("192.0.2.1")), (Bytes{0, 0, 0, 0, 192, 0, 2, 1}));
    EXPECT_EQ(old.show(old.decode(Bytes{0, 0, 0, 1, 192, 0, 2, 1})), "[(1, '192.0.2.1')]");
    EXPECT_EQ(old.show(old.decode(wire("\0\0\0\1abcd\t"))), R"((4, b'\x00\x00\x00\x01abcd\t'))");
    EXPECT_EQ(old.show(List{}), "[]");
    // Which addresses they are says their text, whatever the message's qtype is.
    FieldTester other = reply(2);
    EXPECT_EQ(other.encode(other.parse(Value(tester.show(value)))), data);
    tester.expect_reads_back(tester.parse(octets("abc")));
}

TEST(NodeInformationReply, OtherDataIsOctets) {
    for (const std::int64_t qtype : {0, 1, 5, 65535}) {
        FieldTester tester = reply(qtype);
        const Value value = tester.parse("text83");
        EXPECT_EQ(tester.encode(value), octets("text83"));
        EXPECT_EQ(tester.show(value), "(" + std::to_string(qtype) + ", b'text83')");
        EXPECT_EQ(tester.encode(tester.parse(wire("\xc8\"\x87"))), wire("\xc8\"\x87"));
        tester.expect_reads_back(value);
        tester.expect_reads_back(tester.parse(Bytes()));
    }
    EXPECT_EQ(reply(9).show(reply(9).decode(octets("ab"))), "(9, b'ab')");
}

TEST(NodeInformationReply, DataThatShouldNotBeThereIsShown) {
    EXPECT_EQ(reply(0).show(reply(0).decode(octets("abc"))), "(0, b'abc')");
    FieldTester refused = reply(2, 1);
    EXPECT_EQ(refused.show(refused.decode(octets("abc"))), "(2, b'abc')");
    EXPECT_EQ(refused.show(refused.decode(wire("\0\0\0\0\1a\0\0"))), "ttl:0 a");
}

TEST(NodeInformationReply, NothingIsNone) {
    FieldTester tester = reply(2);
    EXPECT_TRUE(tester.decode({}).is_none());
    EXPECT_EQ(tester.show({}), "None");
    EXPECT_TRUE(tester.parse("None").is_none());
    EXPECT_TRUE(tester.parse("").is_none());
    EXPECT_TRUE(tester.parse_expression("None").is_none());
    EXPECT_EQ(tester.encode({}), Bytes());
}

TEST(NodeInformationReply, RefusesWhatIsNoData) {
    FieldTester tester = reply(2);
    EXPECT_THROW(tester.parse(Integer{5}), ValueError);
    EXPECT_THROW(tester.parse("ttl:4294967296 a"), ValueError);
    EXPECT_THROW(tester.parse("ttl:-1 a"), ValueError);
    EXPECT_THROW(tester.parse("a..b"), ValueError);
    EXPECT_THROW(tester.parse("[5, 5]"), ValueError);
    EXPECT_THROW(tester.parse("[5, ('a', 'b')]"), ValueError);
    EXPECT_THROW(tester.parse("[(5, 'host')]"), ValueError);
    EXPECT_THROW(tester.parse("[()]"), ValueError);
    EXPECT_THROW(tester.parse("[(1, 2, 3)]"), ValueError);
    EXPECT_THROW(tester.parse("[(5, '::1'), (5, '192.0.2.1')]"), ValueError);
    EXPECT_THROW(tester.parse("(65536, b'')"), ValueError);
    EXPECT_THROW(tester.parse("(2, 5)"), ValueError);
    EXPECT_THROW(tester.parse("(1, 2, 3)"), ValueError);
    EXPECT_THROW(reply(3).parse("host"), ValueError);
    EXPECT_THROW(reply(3).parse("5"), ValueError);
}

TEST(NodeInformation, AnythingDecodedReadsBack) {
    std::mt19937 source(4620);
    const Bytes letters = wire("\0\0\0\0\1\1\2\3abcx.,: ('\"\x80");
    for (int round = 0; round < 4000; ++round) {
        Bytes data(source() % 24 + 1);
        for (std::uint8_t& octet : data) {
            octet = letters[source() % letters.size()];
        }
        const auto code = static_cast<std::int64_t>(source() % 4);
        const auto qtype = static_cast<std::int64_t>(source() % 6);
        const auto expect_reads_back = [&data](FieldTester&& tester) {
            SCOPED_TRACE(tester.field().type_name);
            std::size_t left = 0;
            const Value value = tester.decode(data, &left);
            EXPECT_EQ(tester.encode(value), Bytes(data.begin(), data.end() - static_cast<std::ptrdiff_t>(left)));
            tester.expect_reads_back(value);
        };
        expect_reads_back(query(code, qtype));
        expect_reads_back(reply(qtype, code / 3));
    }
}

TEST(AddressList, Notation) {
    FieldTester tester("IP6ListField");
    const Value value = tester.parse("[ ::1, fe80::1 ]");
    EXPECT_EQ(value, Value(List{{std::string("::1"), std::string("fe80::1")}}));
    EXPECT_EQ(tester.show(value), "[ ::1, fe80::1 ]");
    EXPECT_EQ(tester.express(value), "[ ::1, fe80::1 ]");
    EXPECT_EQ(tester.encode(value).size(), 32U);
    EXPECT_EQ(tester.decode(tester.encode(value)), value);
    EXPECT_EQ(tester.parse_expression("['::1', 'FE80:0::1']"), value);
    EXPECT_EQ(tester.parse("['::1', \"fe80::1\"]"), value);
    EXPECT_EQ(tester.parse("[::1,fe80::1]"), value);
    EXPECT_EQ(tester.show(tester.parse(" ::1 ")), "[ ::1 ]");
    tester.expect_reads_back(value);
}

TEST(AddressList, Empty) {
    FieldTester tester("IP6ListField");
    for (const char* const text : {"[]", " [ ] "}) {
        EXPECT_EQ(tester.parse(text), Value(List{}));
        EXPECT_EQ(tester.parse_expression(text), Value(List{}));
    }
    EXPECT_EQ(tester.show(List{}), "[]");
    EXPECT_EQ(tester.express(List{}), "[]");
    EXPECT_TRUE(tester.parse("").is_none());
    EXPECT_EQ(tester.encode(List{}), Bytes());
    EXPECT_TRUE(tester.type().is_list());
}

TEST(AddressList, Octets) {
    FieldTester tester("IP6ListField");
    EXPECT_EQ(tester.show(tester.parse(kLinkLocal)), "[ fe80::1 ]");
    EXPECT_EQ(tester.encode(tester.parse(Bytes(32))), Bytes(32));
    EXPECT_EQ(tester.parse(Bytes()), Value(List{}));
}

TEST(AddressList, LengthAndCount) {
    const auto no_names = [](std::string_view) { return std::nullopt; };
    FieldTester tester("IP6ListField");
    const auto element = parameters_of<ListParameters>(tester.field()).element;
    ListParameters& parameters = tester.set_parameters<ListParameters>();
    parameters.element = element;
    const Bytes data(40);
    EXPECT_THROW(tester.decode(data), DecodeError);
    std::size_t left = 0;
    parameters.length = expression::Rule::parse("32", no_names);
    EXPECT_EQ(tester.show(tester.decode(data, &left)), "[ ::, :: ]");
    EXPECT_EQ(left, 8U);
    parameters.length = {};
    parameters.count = expression::Rule::parse("1", no_names);
    EXPECT_EQ(tester.show(tester.decode(data, &left)), "[ :: ]");
    EXPECT_EQ(left, 24U);
}

TEST(AddressList, RefusesWhatIsNoAddress) {
    FieldTester tester("IP6ListField");
    EXPECT_THROW(tester.parse("text82"), ValueError);
    EXPECT_THROW(tester.parse(Bytes(17)), ValueError);
    EXPECT_THROW(tester.parse("['host']"), ValueError);
    EXPECT_THROW(tester.parse("['']"), ValueError);
    EXPECT_THROW(tester.parse("[None]"), ValueError);
    EXPECT_THROW(tester.parse("[5]"), ValueError);
    EXPECT_THROW(tester.parse("[ ::1, host ]"), expression::SyntaxError);
    EXPECT_THROW(tester.parse("[ ::1"), expression::SyntaxError);
    EXPECT_THROW(tester.parse(Integer{5}), ValueError);
}

TEST(OptionType, NameAndMeaning) {
    const model::Enumeration names({{0, "Pad1"}, {1, "PadN"}, {201, "Home Address Option"}});
    FieldTester tester("ByteEnumField");
    tester.field().bits = 8;
    tester.field().presentation = tests::protocol("HBHOptUnknown").fields.front().presentation;
    auto& parameters = tester.set_parameters<NumberParameters>();
    parameters.number_names.enumeration = &names;
    parameters.number_notation.notation = &kNameAndChoices;
    EXPECT_EQ(tester.show(Integer{1}), "PadN [00: skip, 0: Don't change en-route]");
    EXPECT_EQ(tester.show(Integer{49}), "49 [00: skip, 1: May change en-route]");
    EXPECT_EQ(tester.show(Integer{118}), "118 [01: discard, 1: May change en-route]");
    EXPECT_EQ(tester.show(Integer{147}), "147 [10: discard+ICMP, 0: Don't change en-route]");
    EXPECT_EQ(tester.show(Integer{201}), "Home Address Option [11: discard+ICMP not mcast, 0: Don't change en-route]");
    for (Integer type = 0; type < 256; ++type) {
        EXPECT_EQ(tester.parse(Value(tester.show(type))), Value(type));
    }
    EXPECT_EQ(tester.parse("PadN"), Value(Integer{1}));
    EXPECT_EQ(tester.parse("0xc9"), Value(Integer{201}));
    EXPECT_THROW(tester.parse("PadX [00: skip, 0: Don't change en-route]"), ValueError);
    EXPECT_THROW(tester.parse("[]"), ValueError);
}

TEST(TimeOfDay, ReadsBack) {
    FieldTester tester("IntField");
    tester.field().bits = 32;
    tester.set_parameters<NumberParameters>().number_notation.notation = &kTimeOfDay;
    EXPECT_EQ(tester.show(Integer{29920273}), "8:18:40.273");
    EXPECT_EQ(tester.show(Integer{0xffffffff}), "1193:2:47.295");
    for (const std::uint32_t time : {0U, 1U, 12U, 999U, 61001U, 86399999U, 90061001U, 2147483648U, 4294967295U}) {
        EXPECT_EQ(tester.parse(Value(tester.show(Integer{time}))), Value(Integer{time}));
    }
    EXPECT_EQ(tester.parse("10:20:30"), Value(Integer{37230000}));
    EXPECT_EQ(tester.parse("3904955857"), Value(Integer{3904955857}));
    for (const char* const text : {"1:2", "1:2:3.4.5", "1:2:3:4", ":::", "a:b:c", "1:-2:3.4", "1193:2:47.296"}) {
        EXPECT_THROW(tester.parse(text), ValueError) << text;
    }
}

TEST(TimeOfDay, NoneIsDashes) {
    FieldTester tester("IntField");
    tester.field().bits = 32;
    tester.set_parameters<NumberParameters>().number_notation.notation = &kTimeOfDay;
    EXPECT_EQ(tester.show({}), "--");
    EXPECT_EQ(tester.express({}), "--");
    EXPECT_TRUE(tester.parse("--").is_none());
    EXPECT_TRUE(tester.parse_expression("--").is_none());
    EXPECT_THROW(FieldTester("IntField").parse("--"), ValueError);
    tester.field().unset_value = Integer{1};
    EXPECT_EQ(tester.show({}), "0:0:0.1");
}

}  // namespace
}  // namespace framewright::fields
