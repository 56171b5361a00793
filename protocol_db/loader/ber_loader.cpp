#include "protocol_db/loader/ber_loader.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "protocol_db/fields/ber_types.hpp"

namespace framewright::loader {

namespace {

namespace ber = fields::ber;

constexpr std::string_view kSequenceType = "ASN1F_SEQUENCE";
constexpr std::string_view kSetType = "ASN1F_SET";
constexpr std::string_view kLengthsId = "length_octets";

/// The tags of a SEQUENCE or SET, whose definition may say another, and some around it.
std::vector<model::BerTag> read_tags(ObjectReader& reader, std::uint32_t universal_tag) {
    std::vector<model::BerTag> tags;
    model::BerTag own = ber::universal(universal_tag);
    if (const Json* const json = reader.find("implicit_tag")) {
        own = to_ber_tag(*json, "\"implicit_tag\"");
        own.is_constructed = true;
    }
    if (const Json* const json = reader.find("explicit_tag")) {
        tags.push_back(to_ber_tag(*json, "\"explicit_tag\""));
        tags.back().is_constructed = true;
    }
    const std::string inside = reader.text("inside");
    if (inside == "octet_string" || inside == "bit_string") {
        tags.push_back(ber::universal(inside == "octet_string" ? ber::kOctetString : ber::kBitString));
    } else if (!inside.empty()) {
        refuse("\"inside\" is none of octet_string, bit_string");
    }
    tags.push_back(own);
    return tags;
}

class FieldFlattener {
public:
    explicit FieldFlattener(Draft& draft) : draft_(draft) {}

    void add(const Json& fields, const JsonPath& path) {
        for (std::size_t index = 0; index < fields.size(); ++index) {
            JsonPath place = path;
            place.emplace_back(index);
            const Json& json = fields[index];
            if (json.is_object() && json.contains("fields") && !json.contains("id")) {
                add_group(json, place);
            } else {
                flat.push_back(json);
                draft_.paths.push_back(std::move(place));
            }
        }
    }

    Json flat = Json::array();

private:
    void add_group(const Json& json, const JsonPath& path) {
        ObjectReader reader(json, "a SEQUENCE");
        const std::string type = reader.required_text("type");
        if (type != kSequenceType && type != kSetType) {
            refuse("fields stand in a field of type " + std::string(kSequenceType) + " or " + std::string(kSetType));
        }
        const std::size_t place = draft_.ber_groups.size();
        draft_.ber_groups.push_back(
            {flat.size(), 0, read_tags(reader, type == kSequenceType ? ber::kSequence : ber::kSet)});
        const Json* const fields = reader.array("fields");
        reader.finish();
        JsonPath inner = path;
        inner.emplace_back("fields");
        add(*fields, inner);
        draft_.ber_groups[place].end = flat.size();
        if (draft_.ber_groups[place].first == flat.size()) {
            refuse("no field stands in the " + type);
        }
    }

    Draft& draft_;
};

void add_lengths_field(model::Protocol& protocol) {
    static const fields::BerLengthsType kType;
    if (protocol.find_field(kLengthsId)) {
        refuse("the id " + std::string(kLengthsId) + " is that of a field which all protocols with BER values have");
    }
    if (protocol.header_fields != protocol.fields.size()) {
        refuse("a protocol with BER values has no \"trailer\"");
    }
    model::Field field;
    field.id = kLengthsId;
    field.type_name = "BerLengths";
    field.type = &kType;
    field.default_value = model::List{};
    field.first_of_id = static_cast<std::uint32_t>(protocol.fields.size());
    protocol.lengths_field = protocol.fields.size();
    protocol.fields.push_back(std::move(field));
    protocol.header_fields = protocol.fields.size();
}

void finish(const model::Field& field) {
    if (field.parameters != nullptr) {
        for (const auto& part : field.parameters->parts()) {
            finish(*part);
        }
    }
    field.type->finish(field);
}

}  // namespace

Json flat_fields(const Json& fields, Draft& draft) {
    FieldFlattener flattener(draft);
    flattener.add(fields, {"fields"});
    return std::move(flattener.flat);
}

void define_encoding(Draft& draft, const Drafts& drafts) {
    model::Protocol& protocol = *draft.protocol;
    const Json* const json = drafts.find_inherited(draft, "encoding");
    if (json != nullptr) {
        std::string rules;
        std::string within = "sequence";
        std::vector<model::BerTag> tags{ber::universal(ber::kSequence)};
        if (json->is_string()) {
            rules = json->get<std::string>();
        } else {
            ObjectReader reader(*json, "\"encoding\"");
            rules = reader.required_text("rules");
            within = reader.text("within", within);
            tags = read_tags(reader, within == "set" ? ber::kSet : ber::kSequence);
            const bool has_tags = json->contains("implicit_tag") || json->contains("explicit_tag");
            if (within == "nothing" && has_tags) {
                refuse("\"encoding\": without a SEQUENCE around the field the tags are the field's");
            }
            reader.finish();
        }
        if (rules != "ber") {
            refuse("\"encoding\": there are no rules \"" + rules + "\"; there is ber");
        }
        if (within != "sequence" && within != "set" && within != "nothing") {
            refuse("\"encoding\": \"within\" is none of sequence, set, nothing");
        }
        if (within == "nothing" && (protocol.fields.size() != 1 || !draft.ber_groups.empty())) {
            refuse("\"encoding\": within nothing stands one field, which is the whole value");
        }
        for (const model::Field& field : protocol.fields) {
            if (!field.type->is_ber()) {
                refuse("\"encoding\": field " + field.id + ", a " + field.type_name + ", is no BER value");
            }
        }
        if (protocol.size) {
            refuse("\"encoding\": BER values know their size themselves, without a \"size\"");
        }
        protocol.is_ber = true;
        if (within != "nothing") {
            protocol.ber_groups.push_back({0, protocol.fields.size(), std::move(tags)});
        }
    } else if (!draft.ber_groups.empty()) {
        refuse("a SEQUENCE among the fields means nothing without an \"encoding\"");
    }
    protocol.ber_groups.insert(protocol.ber_groups.end(), draft.ber_groups.begin(), draft.ber_groups.end());
    const bool has_values = std::any_of(protocol.fields.begin(), protocol.fields.end(),
                                        [](const model::Field& field) { return field.type->is_ber(); });
    if (has_values || protocol.is_ber) {
        add_lengths_field(protocol);
    }
}

void connect_object_identifiers(Draft& draft, Drafts& drafts, FieldLoader& fields) {
    const Json* const json = draft.reader.find("known_by");
    if (json == nullptr) {
        return;
    }
    for (const auto& [id, identifiers] : object_items(*json, "\"known_by\"")) {
        model::Protocol& base = *drafts.of(*fields.protocol(id)).protocol;
        for (const Json& each : identifiers.is_array() ? identifiers : Json::array({identifiers})) {
            const std::string dotted = fields.object_identifier(each);
            auto [known, is_new] = base.known_by_object_identifier.emplace(dotted, draft.protocol);
            if (is_new || known->second == draft.protocol) {
                continue;
            }
            const model::Protocol& other = *known->second;
            if (other.is_users == draft.protocol->is_users) {
                refuse("\"known_by\": in " + base.id + ", " + dotted + " is " + other.id + " already" +
                       where(place_of(drafts.of(other))));
            }
            if (draft.protocol->is_users) {
                known->second = draft.protocol;
            }
        }
    }
}

void check_object_identifier(const std::string& dotted, const Json& name) {
    const auto contents = ber::object_identifier_contents(dotted);
    if (!contents || ber::object_identifier_text(*contents) != dotted) {
        refuse("\"" + dotted + "\" is no object identifier in dotted numbers");
    }
    const std::string text = name.is_string() ? name.get<std::string>() : std::string();
    const auto is_allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
    if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) != 0 ||
        !std::all_of(text.begin(), text.end(), is_allowed)) {
        refuse("the name of an object identifier is not made of letters, digits, - and _, or begins with a digit");
    }
}

void finish_fields(Draft& draft) {
    const std::vector<model::Field>& own = draft.protocol->fields;
    for (std::size_t index = 0; index < own.size(); ++index) {
        at(place_of(draft, own[index].id, index), [&] {
            try {
                finish(own[index]);
            } catch (const fields::ValueError& error) {
                refuse(error.what());
            }
        });
    }
}

}  // namespace framewright::loader
