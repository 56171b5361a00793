#include "protocol_db/capture/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "protocol_db/capture/captured_packet.hpp"

namespace framewright::capture {
namespace {

/// zlib's state of one file.
class Inflater {
public:
    explicit Inflater(ByteView file) {
        constexpr int kLargestWindowOfGzip = 15 + 16;
        if (inflateInit2(&stream_, kLargestWindowOfGzip) != Z_OK) {
            throw CaptureError("the capture cannot be uncompressed: out of memory");
        }
        stream_.next_in = const_cast<std::uint8_t*>(file.data());  // NOLINT(*-const-cast): zlib only reads it
        rest_ = file.size();
        refill();
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    bool at_end() const { return stream_.avail_in == 0 && rest_ == 0; }

    /// What comes next, empty at the end of a member.
    ByteView read() {
        refill();
        stream_.next_out = output_.data();
        stream_.avail_out = static_cast<uInt>(output_.size());
        const int status = inflate(&stream_, Z_NO_FLUSH);
        is_member_read_ = status == Z_STREAM_END;
        if (status != Z_OK && status != Z_STREAM_END) {
            const bool is_cut = status == Z_BUF_ERROR && at_end();
            const char* const reason = stream_.msg != nullptr ? stream_.msg
                                       : is_cut               ? "it is cut short"
                                                              : "zlib failed";
            throw CaptureError(std::string("the compressed capture cannot be read: ") + reason);
        }
        return ByteView(output_).first(output_.size() - stream_.avail_out);
    }

    bool is_member_read() const { return is_member_read_; }

    void next_member() { inflateReset(&stream_); }

private:
    /// zlib counts what it is given with less than a std::size_t.
    void refill() {
        if (stream_.avail_in == 0) {
            const std::size_t size = std::min<std::size_t>(rest_, std::numeric_limits<uInt>::max());
            stream_.avail_in = static_cast<uInt>(size);
            rest_ -= size;
        }
    }

    z_stream stream_{};
    std::size_t rest_ = 0;
    bool is_member_read_ = false;
    std::array<std::uint8_t, 65'536> output_{};
};

}  // namespace

bool is_gzip(ByteView file) {
    return file.size() >= 2 && file[0] == 0x1f && file[1] == 0x8b;
}

Bytes uncompress_gzip(ByteView file, std::size_t limit) {
    Inflater inflater(file);
    Bytes plain;
    while (true) {
        const ByteView more = inflater.read();
        if (more.size() > limit - plain.size()) {
            throw CaptureError("the capture has more than " + std::to_string(limit) + " bytes when it is uncompressed");
        }
        plain.insert(plain.end(), more.begin(), more.end());
        if (!inflater.is_member_read()) {
            continue;
        }
        if (inflater.at_end()) {
            return plain;
        }
        inflater.next_member();
    }
}

}  // namespace framewright::capture
