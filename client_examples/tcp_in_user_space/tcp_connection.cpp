#include "client_examples/tcp_in_user_space/tcp_connection.hpp"

#include <algorithm>
#include <utility>

namespace user_space_tcp {

TcpConnection::TcpConnection(const Settings& settings, TimePoint now)
    : unacknowledged_(settings.initial_sequence),
      own_segment_size_(settings.maximum_segment_size),
      own_window_(std::clamp<std::uint32_t>(settings.window, 1, kMaximumWindow)) {
    while (own_window_ >> own_window_scale_ > 0xffff) {
        ++own_window_scale_;
    }
    // A window that the header can express.
    own_window_ = own_window_ >> own_window_scale_ << own_window_scale_;
    outgoing_.push_back(syn());
    begin_measurement(now);
    timer_.start(now);
}

void TcpConnection::send(std::span<const std::uint8_t> octets) {
    queue_.insert(queue_.end(), octets.begin(), octets.end());
}

void TcpConnection::abort() {
    if (state_ == State::kClosed) {
        return;
    }
    if (has_synchronized()) {
        Segment reset = segment_at(unacknowledged_ + in_flight());
        reset.rst = true;
        outgoing_.push_back(std::move(reset));
    }
    end(Failure::kAborted);
}

void TcpConnection::receive(const Segment& segment, TimePoint now) {
    if (state_ == State::kClosed) {
        return;
    }
    ++counts_.segments_received;
    if (!has_synchronized()) {
        receive_in_syn_sent(segment, now);
        return;
    }
    // The order of the checks is that of RFC 9293, section 3.10.7.4.
    if (!is_acceptable(segment)) {
        if (!segment.rst) {
            if (segment.fin && state_ == State::kTimeWait) {
                enter_time_wait(now);
            }
            const bool brings_something = !segment.payload.empty() || segment.syn || segment.fin;
            counts_.duplicates += brings_something && segment.sequence - next_expected_ < 0 ? 1 : 0;
            acknowledge_at_once();
        }
        return;
    }
    if (segment.rst) {
        receive_reset(segment);
        return;
    }
    if (segment.syn) {
        acknowledge_at_once();  // RFC 5961, section 4: a peer that really starts anew will answer with RST.
        return;
    }
    if (segment.ack && receive_acknowledgement(segment, now) && state_ != State::kClosed) {
        receive_text(segment, now);
    }
}

std::vector<Segment> TcpConnection::take_segments(TimePoint now) {
    if (state_ == State::kTimeWait && now >= *time_wait_end_) {
        end({});
    }
    if (state_ != State::kClosed && timer_.is_due(now)) {
        retransmit(now);
    }
    if (state_ != State::kClosed && has_synchronized()) {
        send_queued(now);
    }
    if (acknowledgement_due_) {
        acknowledgement_due_ = false;
        ++counts_.acknowledgements_sent;
        outgoing_.push_back(segment_at(unacknowledged_ + in_flight()));
    }
    return std::exchange(outgoing_, {});
}

std::optional<TimePoint> TcpConnection::next_deadline() const {
    return state_ == State::kTimeWait ? time_wait_end_ : timer_.deadline();
}

std::uint32_t TcpConnection::in_flight() const noexcept {
    return has_synchronized() ? static_cast<std::uint32_t>(sent_) + (fin_in_flight_ ? 1 : 0) : 1;
}

bool TcpConnection::is_acceptable(const Segment& segment) const noexcept {
    const std::int64_t start = segment.sequence - next_expected_;
    const auto length =
        static_cast<std::int64_t>(segment.payload.size()) + (segment.syn ? 1 : 0) + (segment.fin ? 1 : 0);
    const bool begins_in_window = start < static_cast<std::int64_t>(own_window_);
    return begins_in_window && (length == 0 ? start >= 0 : start + length > 0);
}

void TcpConnection::receive_in_syn_sent(const Segment& segment, TimePoint now) {
    const SequenceNumber after_syn = unacknowledged_ + 1;
    if (segment.ack && segment.acknowledgement != after_syn) {
        if (!segment.rst) {
            Segment reset;
            reset.sequence = segment.acknowledgement;
            reset.rst = true;
            outgoing_.push_back(std::move(reset));
        }
        return;
    }
    if (segment.rst) {
        if (segment.ack) {
            end(Failure::kRefused);
        }
        return;
    }
    if (!segment.syn || !segment.ack) {
        return;
    }
    if (measurement_) {
        timer_.measure(now - measurement_->sent);
    } else {
        timer_.wait_at_least(std::chrono::seconds(3));
    }
    timer_.stop();
    measurement_.reset();
    retransmissions_in_a_row_ = 0;
    unacknowledged_ = after_syn;
    next_expected_ = segment.sequence + 1;
    peer_segment_size_ =
        std::max(segment.maximum_segment_size.value_or(kDefaultSegmentSize), std::uint16_t{kMinimumSegmentSize});
    if (segment.window_scale) {
        peer_window_scale_ = std::min(*segment.window_scale, kMaximumWindowScale);
    } else {
        own_window_scale_ = 0;
        own_window_ = std::min<std::uint32_t>(own_window_, 0xffff);
    }
    peer_window_ = segment.window;  // the window of a SYN is not scaled
    window_sequence_ = segment.sequence;
    window_acknowledgement_ = segment.acknowledgement;
    state_ = State::kEstablished;
    acknowledgement_due_ = true;
}

void TcpConnection::receive_reset(const Segment& segment) {
    // RFC 5961, section 3: only who knows the very next sequence number ends a connection.
    if (segment.sequence != next_expected_) {
        acknowledge_at_once();
        return;
    }
    const bool both_closed = state_ == State::kClosing || state_ == State::kLastAck || state_ == State::kTimeWait;
    end(both_closed ? std::nullopt : std::optional(Failure::kReset));
}

/// False if the segment is not to be looked at any further.
bool TcpConnection::receive_acknowledgement(const Segment& segment, TimePoint now) {
    const std::int32_t acknowledged = segment.acknowledgement - unacknowledged_;
    if (acknowledged > static_cast<std::int64_t>(in_flight())) {
        acknowledge_at_once();  // it acknowledges what was never sent
        return false;
    }
    if (acknowledged < 0) {
        return true;
    }
    receive_window(segment);
    if (acknowledged == 0) {
        return true;
    }
    const std::size_t octets = std::min(static_cast<std::size_t>(acknowledged), sent_);
    const bool fin_acknowledged = static_cast<std::size_t>(acknowledged) > octets;
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(octets));
    sent_ -= octets;
    unacknowledged_ = segment.acknowledgement;
    retransmissions_in_a_row_ = 0;
    if (measurement_ && unacknowledged_ - measurement_->end >= 0) {
        timer_.measure(now - measurement_->sent);
        measurement_.reset();
    }
    if (fin_acknowledged) {
        fin_in_flight_ = false;
        own_close_acknowledged(now);
    }
    if (in_flight() > 0) {
        timer_.start(now);
    } else {
        timer_.stop();
    }
    return true;
}

void TcpConnection::receive_window(const Segment& segment) {
    const std::int32_t newer = segment.sequence - window_sequence_;
    if (newer > 0 || (newer == 0 && segment.acknowledgement - window_acknowledgement_ >= 0)) {
        peer_window_ = std::uint32_t{segment.window} << peer_window_scale_;
        window_sequence_ = segment.sequence;
        window_acknowledgement_ = segment.acknowledgement;
    }
}

void TcpConnection::receive_text(const Segment& segment, TimePoint now) {
    if (peer_has_closed_ || (segment.payload.empty() && !segment.fin)) {
        return;
    }
    const std::int64_t start = segment.sequence - next_expected_;
    const auto size = static_cast<std::int64_t>(segment.payload.size());
    const auto window = static_cast<std::int64_t>(own_window_);
    if (segment.fin && start + size < window && !peer_fin_) {
        peer_fin_ = segment.sequence + static_cast<std::uint32_t>(size);
    }
    // Nothing behind the window, and nothing behind the end.
    std::int64_t limit = std::min(size, window - start);
    if (peer_fin_) {
        limit = std::clamp<std::int64_t>(*peer_fin_ - segment.sequence, 0, limit);
    }
    const std::uint64_t before = reassembly_.delivered();
    reassembly_.add(start, std::span(segment.payload).first(static_cast<std::size_t>(limit)));
    next_expected_ += static_cast<std::uint32_t>(reassembly_.delivered() - before);
    const bool all_is_here = peer_fin_ && *peer_fin_ == next_expected_;
    if (all_is_here) {
        next_expected_ += 1;
        peer_closed(now);
    }
    if (all_is_here || reassembly_.delivered() != before) {
        acknowledgement_due_ = true;
    } else {
        counts_.out_of_order += 1;
        acknowledge_at_once();
    }
}

void TcpConnection::peer_closed(TimePoint now) {
    peer_has_closed_ = true;
    if (state_ == State::kEstablished) {
        state_ = State::kCloseWait;
    } else if (state_ == State::kFinWait1) {
        state_ = State::kClosing;
    } else if (state_ == State::kFinWait2) {
        enter_time_wait(now);
    }
}

void TcpConnection::own_close_acknowledged(TimePoint now) {
    if (state_ == State::kFinWait1) {
        state_ = State::kFinWait2;
    } else if (state_ == State::kClosing) {
        enter_time_wait(now);
    } else if (state_ == State::kLastAck) {
        end({});
    }
}

void TcpConnection::enter_time_wait(TimePoint now) {
    state_ = State::kTimeWait;
    time_wait_end_ = now + kTimeWait;
}

void TcpConnection::end(std::optional<Failure> failure) {
    state_ = State::kClosed;
    failure_ = failure;
    acknowledgement_due_ = false;
    timer_.stop();
}

Segment TcpConnection::syn() const {
    Segment segment;
    segment.sequence = unacknowledged_;
    segment.syn = true;
    segment.window = static_cast<std::uint16_t>(std::min<std::uint32_t>(own_window_, 0xffff));
    segment.maximum_segment_size = own_segment_size_;
    segment.window_scale = own_window_scale_;
    return segment;
}

Segment TcpConnection::segment_at(SequenceNumber sequence) const {
    Segment segment;
    segment.sequence = sequence;
    segment.acknowledgement = next_expected_;
    segment.ack = true;
    segment.window = static_cast<std::uint16_t>(own_window_ >> own_window_scale_);
    return segment;
}

Segment TcpConnection::segment_from_queue(std::size_t from, std::size_t size) const {
    Segment segment = segment_at(unacknowledged_ + static_cast<std::uint32_t>(from));
    const auto first = queue_.begin() + static_cast<std::ptrdiff_t>(from);
    segment.payload.assign(first, first + static_cast<std::ptrdiff_t>(size));
    segment.psh = size > 0 && from + size == queue_.size();
    return segment;
}

void TcpConnection::acknowledge_at_once() {
    // What is due comes first, or the peer would take this one for it and miss a duplicate.
    const int count = std::exchange(acknowledgement_due_, false) ? 2 : 1;
    for (int i = 0; i < count; ++i) {
        ++counts_.acknowledgements_sent;
        outgoing_.push_back(segment_at(unacknowledged_ + in_flight()));
    }
}

void TcpConnection::send_queued(TimePoint now) {
    const std::size_t usable = std::min<std::size_t>(peer_window_, kInitialWindow * peer_segment_size_);
    const auto sent_something = [this, now] {
        acknowledgement_due_ = false;
        if (!measurement_) {
            begin_measurement(now);
        }
        if (!timer_.deadline()) {
            timer_.start(now);
        }
    };
    while (sent_ < queue_.size() && sent_ < usable) {
        const std::size_t size = std::min({queue_.size() - sent_, usable - sent_, peer_segment_size_});
        outgoing_.push_back(segment_from_queue(sent_, size));
        sent_ += size;
        sent_something();
    }
    const bool may_close = state_ == State::kEstablished || state_ == State::kCloseWait;
    if (close_requested_ && may_close && sent_ == queue_.size()) {
        Segment fin = segment_at(unacknowledged_ + in_flight());
        fin.fin = true;
        outgoing_.push_back(std::move(fin));
        fin_in_flight_ = true;
        state_ = state_ == State::kEstablished ? State::kFinWait1 : State::kLastAck;
        sent_something();
    }
    if (!queue_.empty() && in_flight() == 0 && !timer_.deadline()) {
        timer_.start(now);  // the peer's window is closed: ask again later whether it still is
    }
}

void TcpConnection::retransmit(TimePoint now) {
    if (retransmissions_in_a_row_ == kMaximumRetransmissions) {
        end(Failure::kTimedOut);
        return;
    }
    ++retransmissions_in_a_row_;
    timer_.back_off(now);
    measurement_.reset();
    if (!has_synchronized()) {
        ++counts_.retransmissions;
        outgoing_.push_back(syn());
        return;
    }
    if (in_flight() == 0) {
        sent_ = 1;  // one octet finds out whether the window is still closed
    } else {
        ++counts_.retransmissions;
    }
    const std::size_t size = std::min(sent_, peer_segment_size_);
    Segment again = segment_from_queue(0, size);
    again.fin = fin_in_flight_ && size == sent_;
    outgoing_.push_back(std::move(again));
    acknowledgement_due_ = false;
}

void TcpConnection::begin_measurement(TimePoint now) {
    measurement_ = Measurement{unacknowledged_ + in_flight(), now};
}

}  // namespace user_space_tcp
