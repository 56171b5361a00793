#include "protocol_db/packet/ber_layer.hpp"

#include <algorithm>

namespace framewright::packet {

namespace ber = fields::ber;

namespace {

bool is_bit_string(const model::BerTag& tag) {
    return tag == ber::universal(ber::kBitString);
}

}  // namespace

void BerLayerReader::advance(std::size_t field) {
    while (!open_.empty() && open_.back().group->end == field) {
        end_value();
    }
    lengths_.begin_groups();
    for (; next_group_ < protocol_.ber_groups.size() && protocol_.ber_groups[next_group_].first == field;
         ++next_group_) {
        begin(protocol_.ber_groups[next_group_]);
    }
    while (!open_.empty() && open_.back().group->end == field) {
        end_value();
    }
    lengths_.begin_field(field);
}

void BerLayerReader::begin(const model::BerGroup& group) {
    for (const model::BerTag& tag : group.tags) {
        const ber::Header header = ber::read_header(reader_.rest());
        if (header.tag != tag) {
            throw fields::DecodeError("a value has the tag " + ber::to_text(header.tag) + ", not " + ber::to_text(tag));
        }
        lengths_.note(header.length_octets);
        reader_.read_bytes(header.size);
        const std::size_t end = reader_.bit_position() / 8 + header.length;
        open_.push_back({&group, end});
        end_at(end);
        if (is_bit_string(tag) && reader_.read_bits(8) != 0) {
            throw fields::DecodeError("a bit string that holds a value is not whole octets");
        }
    }
}

void BerLayerReader::end_value() {
    if (!reader_.at_end()) {
        throw fields::DecodeError("more stands in a value than its fields");
    }
    open_.pop_back();
    end_at(open_.empty() ? bytes_.size() : open_.back().end);
}

void BerLayerReader::end_at(std::size_t end) {
    const std::size_t position = reader_.bit_position();
    reader_ = fields::BitReader(bytes_.first(end));
    reader_.skip_bits(position);
}

void BerLayerWriter::advance(std::size_t field) {
    const auto end_all = [&] {
        while (!open_.empty() && open_.back().group->end == field) {
            const Open ended = std::move(open_.back());
            open_.pop_back();
            end(ended);
        }
    };
    end_all();
    for (; next_group_ < protocol_.ber_groups.size() && protocol_.ber_groups[next_group_].first == field;
         ++next_group_) {
        Open open{&protocol_.ber_groups[next_group_], buffer_.size(), {}};
        std::generate_n(std::back_inserter(open.length_octets), open.group->tags.size(),
                        [this] { return lengths_.next_of_groups(); });
        open_.push_back(std::move(open));
    }
    end_all();
    lengths_.begin_field(field);
}

void BerLayerWriter::end(const Open& open) {
    const std::vector<model::BerTag>& tags = open.group->tags;
    for (std::size_t index = tags.size(); index-- > 0;) {
        Bytes head;
        const std::size_t in_front = is_bit_string(tags[index]) ? 1 : 0;
        ber::write_header(head, tags[index], buffer_.size() - open.start + in_front, open.length_octets[index]);
        head.resize(head.size() + in_front);
        buffer_.insert(buffer_.begin() + static_cast<std::ptrdiff_t>(open.start), head.begin(), head.end());
        for (std::size_t field = open.group->first; field < open.group->end; ++field) {
            places_[field].first_bit += static_cast<std::uint32_t>(head.size() * 8);
        }
    }
}

}  // namespace framewright::packet
