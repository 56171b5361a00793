#include "protocol_db/packet/layer_rules.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "protocol_db/fields/address_types.hpp"
#include "protocol_db/fields/field_type.hpp"

namespace framewright::packet {

namespace {

std::int64_t number_in(const model::Value& value) {
    if (const Integer* const number = value.get_if<Integer>()) {
        return static_cast<std::int64_t>(*number);
    }
    return 0;
}

/// The number that a field holds: of an address, its octets as one.
std::int64_t number_in(const model::Field& field, const model::Value& value) {
    const std::string* const text = value.get_if<std::string>();
    return text != nullptr ? fields::address_number(*text, field.bits) : number_in(value);
}

/// Whether a protocol, or one that it is derived from, has the id.
bool is_called(const model::Protocol& protocol, std::string_view id) {
    return protocol.id == id || std::any_of(protocol.ancestors.begin(), protocol.ancestors.end(),
                                            [id](const model::Protocol* ancestor) { return ancestor->id == id; });
}

}  // namespace

const model::Value& LayerView::value(std::size_t index) const {
    if (!effective.empty()) {
        return *effective[index];
    }
    const model::FieldValue& field = layer->fields[index];
    return field.is_set ? field.value : layer->protocol->fields[index].default_value;
}

bool LayerView::is_computed(std::size_t index) const {
    return !numbers.empty() && protocol().fields[index].automatic && value(index).is_none();
}

std::int64_t LayerRules::field(std::size_t field) const {
    const std::size_t index = meant(field);
    const model::Value& value = self_.value(index);
    return value.is_none() ? number_without_value(index) : number_in(self_.protocol().fields[index], value);
}

std::int64_t LayerRules::number_without_value(std::size_t index) const {
    if (self_.is_computed(index)) {
        asked_for_computed_ = index;
        return self_.numbers[index];
    }
    const model::Field& field = self_.protocol().fields[index];
    const bool is_unread = self_.effective.empty() && !self_.layer->fields[index].is_set;
    // A field that cannot be there is not missing. Its condition asks only for fields in front of it.
    if (is_unread && (!field.condition || field.condition.evaluate(*this) != 0)) {
        asked_for_missing_ = true;
    }
    return 0;
}

std::int64_t LayerRules::remaining() const {
    if (header_ == nullptr) {
        return remaining_;
    }
    header_->asked_for_size = true;
    if (header_->last_size) {
        const auto position = static_cast<std::int64_t>((header_->writer.bit_position() + 7) / 8);
        return static_cast<std::int64_t>(*header_->last_size) - position + payload_length_;
    }
    // At first, fields that somebody set are taken to be there.
    const std::vector<model::FieldValue>& fields = self_.layer->fields;
    const auto next = fields.begin() + static_cast<std::ptrdiff_t>(std::min(header_->field, fields.size()));
    const bool is_more = std::any_of(
        next, fields.end(), [](const model::FieldValue& field) { return field.is_set && !field.value.is_none(); });
    return is_more ? std::numeric_limits<std::int32_t>::max() : payload_length_;
}

const model::Field& form_of(const model::Protocol& protocol, std::size_t index, std::size_t meant) {
    const model::Field& own = protocol.fields[index];
    if (index == meant) {
        return own;
    }
    const model::Field& other = protocol.fields[meant];
    return own.type->is_number() && other.type->is_number() ? own : other;
}

std::size_t LayerRules::meant(std::size_t index) const {
    const std::vector<model::Field>& fields = self_.protocol().fields;
    if (!self_.protocol().shares_id(index) || is_present(index)) {
        return index;
    }
    std::size_t candidate = fields[index].first_of_id;
    do {
        if (is_present(candidate)) {
            return candidate;
        }
        candidate = fields[candidate].next_of_id;
    } while (candidate != 0);
    return index;
}

bool LayerRules::is_present(std::size_t index) const {
    if (!places_.empty()) {
        return places_[index].is_present;
    }
    if (self_.layer->has_original) {
        return self_.layer->fields[index].original.is_present;
    }
    if (present_.empty()) {
        find_present();
    }
    return present_[index];
}

/// By the conditions, front to back: each asks for fields in front of its own.
void LayerRules::find_present() const {
    const std::vector<model::Field>& fields = self_.protocol().fields;
    present_.assign(fields.size(), false);
    for (std::size_t index = 0; index < fields.size(); ++index) {
        if (self_.protocol().shares_id(index)) {
            present_[index] = !fields[index].condition || fields[index].condition.evaluate(*this) != 0;
        }
    }
}

bool LayerRules::is_defined(std::size_t index) const {
    return !value(index).is_none();
}

std::int64_t LayerRules::length_of(std::size_t field) const {
    const std::size_t index = meant(field);
    return index < places_.size() ? (places_[index].bits + 7) / 8 - places_[index].padding : 0;
}

std::int64_t LayerRules::count_of(std::size_t index) const {
    const model::Value& value = this->value(index);
    if (const std::vector<model::Value>* const items = items_of(value)) {
        return static_cast<std::int64_t>(items->size());
    }
    if (const model::Packet* const packet = value.get_if<model::Packet>()) {
        return static_cast<std::int64_t>(packet->layers.size());
    }
    // Octets in place of a list count as one element.
    const fields::FieldType& type = *self_.protocol().fields[meant(index)].type;
    return value.is<Bytes>() && type.is_list() && !type.shows_given_octets() ? 1 : 0;
}

std::int64_t LayerRules::element_of(std::size_t index, std::int64_t position) const {
    const std::vector<model::Value>* const items = items_of(value(index));
    const bool is_there = items != nullptr && position >= 0 && position < static_cast<std::int64_t>(items->size());
    return is_there ? number_in((*items)[static_cast<std::size_t>(position)]) : 0;
}

std::int64_t LayerRules::bytes_at(std::int64_t position, std::size_t width) const {
    ByteView bytes = bytes_;
    if (header_ != nullptr) {
        header_->asked_for_octets = true;
        bytes = header_->writer.written();
        const Integer end = static_cast<Integer>(position) + static_cast<Integer>(width);
        if (position < 0 || end > static_cast<Integer>(bytes.size())) {
            throw fields::ValueError("its rule looks at octets from " + std::to_string(position) +
                                     " on, which are not built yet");
        }
    }
    std::int64_t number = 0;
    const Integer start = position;
    for (std::size_t index = 0; index < width; ++index) {
        const Integer place = start + static_cast<Integer>(index);
        const bool is_there = place >= 0 && place < static_cast<Integer>(bytes.size());
        number = number * 256 + (is_there ? bytes[static_cast<std::size_t>(place)] : 0);
    }
    return number;
}

bool LayerRules::is_below(std::string_view name) const {
    return below_.layer != nullptr && is_called(below_.protocol(), name);
}

bool LayerRules::is_parent(std::string_view name) const {
    return parent_ != nullptr && is_called(parent_->protocol(), name);
}

std::int64_t LayerRules::parent_field(std::string_view field) const {
    const auto index = parent_ != nullptr ? parent_->protocol().find_field(field) : std::nullopt;
    return index ? parent_->field(*index) : 0;
}

std::int64_t LayerRules::below_field(std::string_view field) const {
    const auto index = below_.layer != nullptr ? below_.protocol().find_field(field) : std::nullopt;
    if (!index) {
        return 0;
    }
    LayerRules below(below_, {});
    below.set_parent(parent_);
    const std::size_t meant = below.meant(*index);
    asked_for_computed_below_ = asked_for_computed_below_ || below.asked_for_computed_;
    if (below_.is_computed(meant)) {
        asked_for_computed_below_ = true;
        return below_.numbers[meant];
    }
    return number_in(below_.protocol().fields[meant], below_.value(meant));
}

}  // namespace framewright::packet
