#include "tests/conformance/comparison.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "tests/conformance/exact_json.hpp"

namespace framewright::conformance {
namespace {

using nlohmann::json;

/// A member of an object, or null without it.
json member(const json& object, const char* name) {
    return object.is_object() && object.contains(name) ? object[name] : json();
}

/// Python's bool() of a member.
bool is_set(const json& object, const char* name) {
    const json value = member(object, name);
    return !value.is_null() && value != false && value != 0;
}

json ids_of(const json& objects) {
    json ids = json::array();
    for (const json& object : objects) {
        ids.push_back(member(object, "id"));
    }
    return ids;
}

/// Whether both are objects of the same members.
bool have_same_members(const json& left, const json& right) {
    const auto has = [](const json& object) {
        return [&object](const auto& item) { return object.contains(item.key()); };
    };
    return left.is_object() && right.is_object() && left.size() == right.size() &&
           std::ranges::all_of(left.items(), has(right));
}

json sorted(json values) {
    std::sort(values.begin(), values.end());
    return values;
}

constexpr std::int64_t kByteBits = 8;

/// Where a field lies, in bits from the start of its layer. Records of broken packets may have negative ones.
struct Extent {
    std::int64_t first = 0;
    std::int64_t bits = 0;
};

/// Whole bytes, rounded down.
std::int64_t bytes_of(std::int64_t bits) {
    return bits >= 0 ? bits / kByteBits : -((kByteBits - 1 - bits) / kByteBits);
}

/// The extents of a layer's fields, of those that the record knows; of two fields with one id, the last.
std::map<std::string, std::optional<Extent>> extents_of(const json& geometry, std::size_t layer) {
    std::map<std::string, std::optional<Extent>> extents;
    if (geometry.is_array() && layer < geometry.size()) {
        for (const json& field : geometry[layer]) {
            extents[field.at(0)] =
                field.at(1).is_null() ? std::nullopt : std::optional(Extent{field.at(1), field.at(2)});
        }
    }
    return extents;
}

/// The bits of a field within the big-endian integer of the bytes that it touches; none for more than 128.
std::optional<Wide> mask_of(const Extent& extent) {
    constexpr std::int64_t kWideBits = kByteBits * sizeof(Wide);
    const std::int64_t end = extent.first + extent.bits;
    const std::int64_t spare = kByteBits * bytes_of(end + kByteBits - 1) - end;
    if (extent.bits <= 0 || extent.bits + spare > kWideBits) {
        return std::nullopt;
    }
    return ~Wide{0} >> (kWideBits - extent.bits) << spare;
}

std::string hexadecimal(std::optional<Wide> value) {
    if (!value) {
        return "no number of 128 bits";
    }
    std::string text;
    do {
        text.insert(text.begin(), "0123456789abcdef"[static_cast<std::size_t>(*value & 0xf)]);
        *value >>= 4;
    } while (*value != 0);
    return "0x" + text;
}

/// Compares the leaves of one record, and collects where they differ.
class Comparison {
public:
    explicit Comparison(const json& record) {
        for (const json& member_path : member(record, "volatile")) {
            const auto path = member_path.get<std::string>();
            constexpr std::string_view kOctets = "/value/base64";
            if (path.ends_with(kOctets)) {
                volatile_.insert(path.substr(0, path.size() - kOctets.size()) + "/hvalue");
            }
            volatile_.insert(path);
        }
    }

    bool is_volatile(const std::string& path) const { return volatile_.contains(path); }

    void leaf(const std::string& path, const json& want, const json& got) {
        if (want == got || is_volatile(path)) {
            return;
        }
        if (!have_same_members(want, got)) {
            note(path, dump_exact(want), dump_exact(got));
            return;
        }
        for (const auto& [name, value] : want.items()) {
            leaf(path + "/" + name, value, got[name]);
        }
    }

    void packet(const std::string& path, const json& want, const json& got, const json& geometry) {
        if (!got.is_object() || !got.contains("data") || !got.contains("binary")) {
            note(path + "packet", "a packet", dump_exact(got));
            return;
        }
        leaf(path + "binary", want.at("binary"), got.at("binary"));
        leaf(path + "layers", ids_of(want.at("data")), ids_of(got.at("data")));
        const bool lies_there = !is_volatile(path + "binary");
        const std::size_t layers = std::min(want.at("data").size(), got.at("data").size());
        for (std::size_t i = 0; i < layers; ++i) {
            layer(path + "data/" + std::to_string(i) + "/", want.at("data")[i], got.at("data").at(i),
                  lies_there ? extents_of(geometry, i) : std::map<std::string, std::optional<Extent>>{});
        }
    }

    void definitions(const json& want, const json& got) {
        if (want.at("protocols").empty()) {
            return;
        }
        const json& want_protocol = want.at("protocols").at(0);
        const json& got_protocol = got.at("protocols").at(0);
        const json& want_fields = want_protocol.at("fields");
        const json& got_fields = got_protocol.at("fields");
        leaf("id", want_protocol.at("id"), got_protocol.at("id"));
        leaf("fields", ids_of(want_fields), ids_of(got_fields));
        for (std::size_t i = 0; i < std::min(want_fields.size(), got_fields.size()); ++i) {
            const json values = member(want_fields[i], "values_dict");
            if (!values.empty()) {
                leaf(want_fields[i].at("id").get<std::string>() + "/values_dict", values,
                     member(got_fields[i], "values_dict"));
            }
        }
    }

    void program(const json& want, const json& got, bool may_fail) {
        const bool fails = is_set(got, "error");
        if (volatile_.contains("field_engine") || (may_fail && fails)) {
            return;
        }
        if (is_set(want, "error") != fails) {
            note("field_engine/error", dump_exact(want.at("error")), dump_exact(member(got, "error")));
        } else if (!fails) {
            leaf("cache", member(want.at("instructions"), "cache"), member(member(got, "instructions"), "cache"));
            leaf("instructions", member(want.at("instructions"), "instructions"),
                 member(member(got, "instructions"), "instructions"));
        }
    }

    void decompiled(const json& want, const json& got) {
        leaf("global_parameters", member(want, "global_parameters"), member(got, "global_parameters"));
        const json& wanted = want.at("instructions");
        const json& given = got.at("instructions");
        leaf("ids", ids_of(wanted), ids_of(given));
        for (std::size_t i = 0; i < std::min(wanted.size(), given.size()); ++i) {
            for (const auto& [parameter, value] : wanted[i].at("parameters").items()) {
                leaf(std::to_string(i) + "/" + parameter, value, member(given[i].at("parameters"), parameter.c_str()));
            }
        }
    }

    void note(const std::string& path, std::string want, std::string got) {
        if (!is_volatile(path)) {
            differences_.push_back({path, std::move(want), std::move(got)});
        }
    }

    Differences take() { return std::move(differences_); }

private:
    void layer(const std::string& path, const json& want, const json& got,
               const std::map<std::string, std::optional<Extent>>& extents) {
        for (const char* name : {"offset", "real_id", "valid_structure"}) {
            leaf(path + name, want.at(name), member(got, name));
        }
        const json& want_fields = want.at("fields");
        const json got_fields = member(got, "fields");
        leaf(path + "fields", ids_of(want_fields), ids_of(got_fields));
        for (std::size_t i = 0; i < std::min(want_fields.size(), got_fields.size()); ++i) {
            const auto extent = extents.find(want_fields[i].at("id").get_ref<const std::string&>());
            field(path + "fields/" + std::to_string(i) + "/", want_fields[i], got_fields.at(i),
                  extent == extents.end() ? std::nullopt : extent->second);
        }
    }

    void field(const std::string& path, const json& want, const json& got, const std::optional<Extent>& extent) {
        if (!want.at("hvalue").is_null()) {  // else the recording server had nothing to show
            leaf(path + "value", want.at("value"), member(got, "value"));
            leaf(path + "hvalue", python_text(want.at("hvalue")), member(got, "hvalue"));
        }
        leaf(path + "ignored", is_set(want, "ignored"), is_set(got, "ignored"));
        if (!extent) {
            return;
        }
        leaf(path + "offset", bytes_of(extent->first), member(got, "offset"));
        const bool is_bit_field = want.at("length") == 0 && extent->bits > 0 && want.at("id") != "load";
        leaf(path + "length", is_bit_field ? 0 : bytes_of(extent->bits), member(got, "length"));
        if (is_bit_field) {
            const std::optional<Wide> mask = mask_of(*extent);
            const json got_mask = member(got, "mask");
            if (!mask || mask != to_wide(got_mask)) {
                note(path + "mask", hexadecimal(mask), dump_exact(got_mask));
            }
        }
    }

    std::set<std::string> volatile_;
    Differences differences_;
};

/// The classes that a recorded answer can have.
json comparable_classes(const json& want, const json& got, const std::set<std::string>& known) {
    json classes = json::array();
    for (const json& protocol : got) {
        if (known.contains(protocol) || std::find(want.begin(), want.end(), protocol) != want.end()) {
            classes.push_back(protocol);
        }
    }
    return sorted(classes);
}

void compare_results(Comparison& comparison, const json& record, const json& got, const std::set<std::string>& known) {
    const json& want = record.at("result");
    const json geometry = member(record, "geometry");
    const auto& method = record.at("method").get_ref<const std::string&>();
    if (method == "build_pkt" || method == "reconstruct_pkt") {
        comparison.packet("", want, got, geometry);
    } else if (method == "read_pcap") {
        comparison.leaf("packets", want.size(), got.size());
        for (std::size_t i = 0; i < std::min(want.size(), got.size()); ++i) {
            comparison.packet(std::to_string(i) + "/", want.at(i), got.at(i),
                              geometry.empty() ? json() : geometry.at(i));
        }
    } else if (method == "build_pkt_ex") {
        comparison.packet("", want, got, json());
        if (!comparison.is_volatile("field_engine")) {
            comparison.program(want.at("field_engine"), member(got, "field_engine"), is_set(record, "may_fail"));
        }
    } else if (method == "decompile_vm_raw") {
        comparison.decompiled(want, got);
    } else if (method == "get_definitions") {
        comparison.definitions(want, got);
    } else if (method == "get_payload_classes") {
        comparison.leaf("classes", sorted(want), comparable_classes(want, got, known));
    } else {
        comparison.leaf("result", want, got);
    }
}

}  // namespace

Differences differences(const json& record, const json& answer, const std::set<std::string>& known) {
    Comparison comparison(record);
    if (!record.contains("result")) {
        if (is_set(record, "must_fail") && !answer.contains("error")) {
            comparison.note("error", "an error", dump_exact(member(answer, "result")));
        }
    } else if (!answer.contains("result")) {
        if (!is_set(record, "may_fail")) {
            comparison.note("result", "a result", dump_exact(member(answer, "error")));
        }
    } else {
        try {
            compare_results(comparison, record, answer.at("result"), known);
        } catch (const json::exception& error) {
            comparison.note("shape", "a well-formed result", error.what());
        }
    }
    return comparison.take();
}

bool requires_round_trip(const json& record, bool as_text) {
    const json forms = member(record, "no_round_trip");
    return std::find(forms.begin(), forms.end(), as_text ? "text" : "value") == forms.end();
}

Differences raw_differences(const json& record, std::string_view reply) {
    Comparison comparison(record);
    const json& want = record.at("expect");
    const json answer = reply.empty() ? json() : parse_exact(reply);
    if (answer.is_discarded()) {
        comparison.note("reply", "JSON", std::string(reply));
    } else if (want.is_null()) {
        comparison.leaf("reply", want, answer);
    } else {
        if (want.contains("code")) {
            const json code = member(member(answer, "error"), "code");
            if (code != want.at("code")) {
                comparison.note("error/code", dump_exact(want.at("code")), dump_exact(answer));
            }
        } else if (!answer.is_object() || !answer.contains("result")) {
            comparison.note("result", "a result", dump_exact(answer));
        }
        if (want.contains("id") && answer.is_object() && (!answer.contains("id") || answer.at("id") != want.at("id"))) {
            comparison.note("id", dump_exact(want.at("id")), dump_exact(member(answer, "id")));
        }
    }
    return comparison.take();
}

}  // namespace framewright::conformance
