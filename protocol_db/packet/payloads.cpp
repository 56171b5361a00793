#include "protocol_db/packet/payloads.hpp"

#include "protocol_db/packet/build.hpp"
#include "protocol_db/packet/dissect.hpp"

namespace framewright::packet {

namespace {

/// Protocols that bytes may be read as, each once.
class Readings {
public:
    explicit Readings(const model::Database& database) : database_(database), is_in_(database.protocols().size()) {}

    /// Adds a protocol, and those that its bytes may turn out to be.
    void add(const model::Protocol& protocol) {
        if (is_in_[protocol.index]) {
            return;
        }
        is_in_[protocol.index] = true;
        all_.push_back(&protocol);
        for (const model::Protocol* const variant : protocol.selection.known) {
            add(*variant);
        }
        add_chosen(protocol.dispatch);
    }

    /// Adds what may stand on one of those that are in already.
    void add_payloads() {
        const std::vector<const model::Protocol*> lower = all_;
        for (const model::Protocol* const protocol : lower) {
            for (const model::Binding& binding : protocol->bindings) {
                add(*binding.upper);
            }
            add_chosen(protocol->payload_first);
            add_chosen(protocol->payload_default);
            add_chosen(protocol->then);
        }
        add(database_.raw());
        add(database_.padding());
    }

    const std::vector<const model::Protocol*>& all() const { return all_; }

private:
    void add_chosen(const std::vector<model::Choice>& choices) {
        for (const model::Choice& choice : choices) {
            add(*choice.protocol);
        }
    }

    const model::Database& database_;
    std::vector<const model::Protocol*> all_;
    std::vector<bool> is_in_;
};

/// Whether a layer put on top of another is found there again, under the name that a result shows.
bool is_found_on(const model::Protocol& lower, const model::Protocol& upper, const model::Database& database) {
    model::Packet packet;
    packet.layers.push_back(make_layer(lower));
    packet.layers.push_back(make_layer(upper));
    try {
        const BuiltPacket built = build(packet, database);
        const auto layers = Dissector(database).dissect(lower, built.bytes);
        return !layers.empty() && layers.back().layer.protocol->shown_id == upper.id;
    } catch (const BuildError&) {
        return false;
    } catch (const fields::DecodeError&) {
        return false;
    }
}

}  // namespace

std::vector<const model::Protocol*> find_payloads(const model::Protocol& lower, const model::Database& database) {
    // The first bytes of what is put on a layer may be read as one that stands between them.
    Readings readings(database);
    readings.add(lower);
    readings.add_payloads();
    readings.add_payloads();
    std::vector<bool> may_be_found(database.protocols().size());
    for (const model::Protocol* const reading : readings.all()) {
        if (const model::Protocol* const shown = database.find(reading->shown_id)) {
            may_be_found[shown->index] = true;
        }
    }
    std::vector<const model::Protocol*> payloads;
    for (const auto& upper : database.protocols()) {
        const bool is_candidate = may_be_found[upper->index] || upper->imposes_on(lower) != nullptr;
        if (is_candidate && upper->is_offered() && !upper->fields.empty() && is_found_on(lower, *upper, database)) {
            payloads.push_back(upper.get());
        }
    }
    return payloads;
}

}  // namespace framewright::packet
