#include "protocol_db/packet/layer_rules.hpp"

#include <algorithm>

#include "protocol_db/fields/field_type.hpp"

namespace framewright::packet {

namespace {

std::int64_t number_in(const model::Value& value) {
    if (const Integer* const number = value.get_if<Integer>()) {
        return static_cast<std::int64_t>(*number);
    }
    return 0;
}

}  // namespace

const model::Value& LayerView::value(std::size_t index) const {
    if (!effective.empty()) {
        return *effective[index];
    }
    const model::FieldValue& field = layer->fields[index];
    return field.is_set ? field.value : layer->protocol->fields[index].default_value;
}

std::int64_t LayerRules::field(std::size_t index) const {
    const model::Value& value = self_.value(index);
    asked_undefined_ = asked_undefined_ || value.is_none();
    return number_in(value);
}

bool LayerRules::is_defined(std::size_t index) const {
    return !self_.value(index).is_none();
}

std::int64_t LayerRules::length_of(std::size_t index) const {
    return index < places_.size() ? (places_[index].bits + 7) / 8 - places_[index].padding : 0;
}

std::int64_t LayerRules::count_of(std::size_t index) const {
    const model::Value& value = self_.value(index);
    if (const std::vector<model::Value>* const items = items_of(value)) {
        return static_cast<std::int64_t>(items->size());
    }
    if (const model::Packet* const packet = value.get_if<model::Packet>()) {
        return static_cast<std::int64_t>(packet->layers.size());
    }
    // Octets in place of a list count as one element.
    const fields::FieldType& type = *self_.protocol().fields[index].type;
    return value.is<Bytes>() && type.is_list() && !type.shows_given_octets() ? 1 : 0;
}

std::int64_t LayerRules::element_of(std::size_t index, std::int64_t position) const {
    const std::vector<model::Value>* const items = items_of(self_.value(index));
    const bool is_there = items != nullptr && position >= 0 && position < static_cast<std::int64_t>(items->size());
    return is_there ? number_in((*items)[static_cast<std::size_t>(position)]) : 0;
}

std::int64_t LayerRules::bytes_at(std::int64_t position, std::size_t width) const {
    std::int64_t number = 0;
    const Integer start = position;
    for (std::size_t index = 0; index < width; ++index) {
        const Integer place = start + static_cast<Integer>(index);
        const bool is_there = place >= 0 && place < static_cast<Integer>(bytes_.size());
        number = number * 256 + (is_there ? bytes_[static_cast<std::size_t>(place)] : 0);
    }
    return number;
}

bool LayerRules::is_below(std::string_view name) const {
    if (below_.layer == nullptr) {
        return false;
    }
    const model::Protocol& protocol = below_.protocol();
    return protocol.id == name || std::any_of(protocol.ancestors.begin(), protocol.ancestors.end(),
                                              [name](const model::Protocol* ancestor) { return ancestor->id == name; });
}

std::int64_t LayerRules::below_field(std::string_view field) const {
    const auto index = below_.layer != nullptr ? below_.protocol().find_field(field) : std::nullopt;
    return index ? number_in(below_.value(*index)) : 0;
}

}  // namespace framewright::packet
