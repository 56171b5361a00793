#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "protocol_db/bytes.hpp"
#include "protocol_db/integer.hpp"

namespace framewright::model {

struct Protocol;
struct Layer;
class Value;

/// A stack of layers, lowest first: a whole packet, or one nested in a field (an option, a record).
struct Packet {
    Packet();
    Packet(const Packet&);
    Packet(Packet&&) noexcept;
    Packet& operator=(const Packet&);
    Packet& operator=(Packet&&) noexcept;
    ~Packet();
    std::vector<Layer> layers;
};

/// Several values in order.
struct List {
    std::vector<Value> items;
};

/// A fixed group of values, such as one TCP option: name and argument.
struct Tuple {
    std::vector<Value> items;
};

/// What a field holds. Nothing (monostate) means "not set": the default applies, or what is computed.
class Value {
public:
    using Variant = std::variant<std::monostate, Integer, double, std::string, Bytes, List, Tuple, Packet>;

    Value() = default;
    Value(Integer number);
    Value(double number);
    Value(std::string text) : variant_(std::move(text)) {}
    Value(Bytes bytes);
    Value(List list);
    Value(Tuple tuple);
    Value(Packet packet);

    bool is_none() const { return std::holds_alternative<std::monostate>(variant_); }

    /// The alternative of type T, or null when the value is of another kind.
    template <typename T>
    const T* get_if() const {
        return std::get_if<T>(&variant_);
    }
    template <typename T>
    T* get_if() {
        return std::get_if<T>(&variant_);
    }
    template <typename T>
    bool is() const {
        return std::holds_alternative<T>(variant_);
    }
    const Variant& variant() const { return variant_; }

private:
    Variant variant_;
};

/// Where a field lies in its layer: first bit and number of bits from the layer's first byte.
struct Place {
    std::uint32_t first_bit = 0;
    std::uint32_t bits = 0;
    /// How many bytes at its end only fill it up (`pad_to`).
    std::uint32_t padding = 0;
    /// The field is in the bytes: they did not end before it, and its condition holds.
    bool is_present = false;
    /// The bytes, or the header's own size, ended before the field.
    bool is_beyond = false;
    /// The field is a run of bits within octets.
    bool is_bit_field = false;

    /// The bits that say what the field holds: those that only fill it up left out.
    std::uint32_t value_bits() const { return bits - padding * 8; }
};

/// A field of a layer: its value, and whether somebody (a client, or the bytes) gave it.
struct FieldValue {
    Value value;
    bool is_set = false;
    /// The place in `Layer::original` that the value was read from, if it was: those bits stand for the field.
    Place original = {};
};

/// A value that a client gave for several fields of one id, of which this one cannot hold it: an error only where the
/// field is in the packet.
struct RefusedValue {
    std::size_t field = 0;
    std::string value;
    std::string reason;
};

/// One layer of a packet: its protocol and a value for each field of the protocol, in its order.
struct Layer {
    const Protocol* protocol = nullptr;
    std::vector<FieldValue> fields;
    /// The octets that fields were read from. With `has_original` they are the whole header, as it was dissected, and
    /// behind it the trailer; when a field is changed, they still stand for the others.
    Bytes original;
    std::size_t original_header_length = 0;
    /// At most one a field, which has no value then.
    std::vector<RefusedValue> refused;
    bool has_original = false;
    /// So many layers in front of this one is the one on which it was found, counting one in front of the packet; 0
    /// where nobody read it, and the definitions say on which it stands.
    std::uint32_t distance_below = 0;

    /// Leaves the values alone to say what the layer is.
    void forget_original() {
        has_original = false;
        original.clear();
        for (FieldValue& field : fields) {
            field.original = {};
        }
    }
};

inline Packet::Packet() = default;
inline Packet::Packet(const Packet&) = default;
inline Packet::Packet(Packet&&) noexcept = default;
inline Packet& Packet::operator=(const Packet&) = default;
inline Packet& Packet::operator=(Packet&&) noexcept = default;
inline Packet::~Packet() = default;
inline Value::Value(Integer number) : variant_(number) {}
inline Value::Value(double number) : variant_(number) {}
inline Value::Value(Bytes bytes) : variant_(std::move(bytes)) {}
inline Value::Value(List list) : variant_(std::move(list)) {}
inline Value::Value(Tuple tuple) : variant_(std::move(tuple)) {}
inline Value::Value(Packet packet) : variant_(std::move(packet)) {}

/// The items of a list or tuple, or null for another value.
inline const std::vector<Value>* items_of(const Value& value) {
    if (const List* const list = value.get_if<List>()) {
        return &list->items;
    }
    const Tuple* const tuple = value.get_if<Tuple>();
    return tuple != nullptr ? &tuple->items : nullptr;
}

bool operator==(const Value& left, const Value& right);
bool operator==(const Packet& left, const Packet& right);
inline bool operator==(const List& left, const List& right) {
    return left.items == right.items;
}
inline bool operator==(const Tuple& left, const Tuple& right) {
    return left.items == right.items;
}
inline bool operator==(const FieldValue& left, const FieldValue& right) {
    return left.is_set == right.is_set && left.value == right.value;
}
inline bool operator==(const Layer& left, const Layer& right) {
    return left.protocol == right.protocol && left.fields == right.fields;
}
inline bool operator==(const Packet& left, const Packet& right) {
    return left.layers == right.layers;
}
inline bool operator==(const Value& left, const Value& right) {
    return left.variant() == right.variant();
}

}  // namespace framewright::model
