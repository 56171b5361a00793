#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace framewright::conformance {

/// Where an answer is not what a record requires. The values are JSON texts, or words.
struct Difference {
    std::string path;
    std::string want;
    std::string got;
};

using Differences = std::vector<Difference>;

/// What must agree between a recorded call and the reply to it (both from parse_exact). For a packet: the binary; each
/// layer's id, offset, real_id and valid_structure; each field's id, value, hvalue and ignored, in order; and where the
/// field lies: `geometry` has its first bit in the layer and its number of bits, from which offset, length and, for a
/// bit field, the mask follow. A leaf named in `volatile` is not compared; of an object the members are leaves, and
/// where the octets of a value are not compared, its text is not either. A record with `must_fail` requires an error,
/// one with `may_fail` is content with an error, and one without a result requires nothing. Of suggested payloads,
/// those count that the record has, or that are of `known` protocols: the others are beyond what the recording server
/// knows.
Differences differences(const nlohmann::json& record, const nlohmann::json& answer,
                        const std::set<std::string>& known = {});

/// Whether what a result prints must build the same bytes again, sent back as values or as the texts that are shown: a
/// record's `no_round_trip` names the forms, `value` and `text`, of which that is not required.
bool requires_round_trip(const nlohmann::json& record, bool as_text);

/// The same for a record whose `raw` was sent as it stands: the reply must carry the code or have the result, and have
/// the id, that `expect` names; there must be no reply where `expect` is null.
Differences raw_differences(const nlohmann::json& record, std::string_view reply);

}  // namespace framewright::conformance
