#include "protocol_db/capture/link_type.hpp"

#include <pcap/dlt.h>

#include <algorithm>
#include <array>

namespace framewright::capture {
namespace {

struct LinkTypeNumber {
    int link_type;
    int file_link_type;
};

/// Those that have different numbers in memory and in a file; memory's differ from system to system.
constexpr std::array kDifferent{
    LinkTypeNumber{DLT_ATM_RFC1483, 100}, LinkTypeNumber{DLT_RAW, 101},      LinkTypeNumber{DLT_SLIP_BSDOS, 102},
    LinkTypeNumber{DLT_PPP_BSDOS, 103},   LinkTypeNumber{DLT_ATM_CLIP, 106},
};

}  // namespace

int file_link_type(int link_type) {
    const auto* const found = std::ranges::find(kDifferent, link_type, &LinkTypeNumber::link_type);
    return found == kDifferent.end() ? link_type : found->file_link_type;
}

int link_type_of_file(int file_link_type) {
    const auto* const found = std::ranges::find(kDifferent, file_link_type, &LinkTypeNumber::file_link_type);
    return found == kDifferent.end() ? file_link_type : found->link_type;
}

}  // namespace framewright::capture
