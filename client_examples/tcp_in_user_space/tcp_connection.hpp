#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "client_examples/tcp_in_user_space/clock.hpp"
#include "client_examples/tcp_in_user_space/reassembly.hpp"
#include "client_examples/tcp_in_user_space/retransmission_timer.hpp"
#include "client_examples/tcp_in_user_space/segment.hpp"

namespace user_space_tcp {

/// The active side of one TCP connection (RFC 9293) as a state machine: segments in, segments out. It knows no socket,
/// no packet and no clock of its own.
///
/// Use: give it what arrives with receive(), take what it delivers with take_received(), send what take_segments()
/// gives; call take_segments() again when next_deadline() has come. What arrived since the last take_segments() is
/// acknowledged once, as a host with receive offload does; what is out of order is acknowledged at once, each time
/// (RFC 5681, section 4.2). The window is always all of the buffer, as who uses it takes what was delivered before the
/// acknowledgement goes out.
///
/// Left out: simultaneous open, urgent data, selective acknowledgements, timestamps, and congestion control beyond an
/// initial window that never grows (its own side sends little).
class TcpConnection {
public:
    enum class State {
        kSynSent,
        kEstablished,
        kFinWait1,
        kFinWait2,
        kClosing,
        kTimeWait,
        kCloseWait,
        kLastAck,
        kClosed,
    };

    /// Why a connection ended that was not closed by both sides.
    enum class Failure {
        kRefused,   ///< The peer answered the SYN with RST.
        kReset,     ///< The peer sent RST later.
        kTimedOut,  ///< No acknowledgement, however often it was sent.
        kAborted,   ///< abort() was called.
    };

    struct Settings {
        SequenceNumber initial_sequence;
        std::uint16_t maximum_segment_size = 1460;  ///< The largest payload that it takes.
        std::uint32_t window = 64 * 1024;           ///< Octets; at most kMaximumWindow.
    };

    struct Counts {
        std::uint64_t segments_received = 0;
        std::uint64_t acknowledgements_sent = 0;  ///< Segments that carry nothing else.
        std::uint64_t retransmissions = 0;        ///< By this side.
        std::uint64_t duplicates = 0;             ///< Segments that brought only what was there before.
        std::uint64_t out_of_order = 0;           ///< Segments that came before others that were missing.
    };

    /// RFC 7323, section 2.3: 65535 shifted by at most 14.
    static constexpr std::uint8_t kMaximumWindowScale = 14;
    static constexpr std::uint32_t kMaximumWindow = 0xffffU << kMaximumWindowScale;
    /// RFC 9293, section 3.7.1: what a peer takes that says nothing.
    static constexpr std::uint16_t kDefaultSegmentSize = 536;
    /// However little a peer says that it takes, it is sent segments of this size: every IPv4 host takes more
    /// (RFC 791: 68 octets with headers), and a few octets each would be a way to make us send many packets.
    static constexpr std::uint16_t kMinimumSegmentSize = 48;
    /// The octets in flight, in segments: RFC 6928.
    static constexpr std::size_t kInitialWindow = 10;
    /// So often is the same sent again, at most: with the first timeout of 1 s, that is 63 s in all.
    static constexpr int kMaximumRetransmissions = 5;
    /// What is left of 2 MSL: long enough to acknowledge a FIN that is sent again. The port is not used again.
    static constexpr Clock::duration kTimeWait = std::chrono::seconds(1);

    /// Opens the connection: the SYN is among the first segments to send.
    TcpConnection(const Settings& settings, TimePoint now);

    State state() const noexcept { return state_; }
    std::optional<Failure> failure() const noexcept { return failure_; }
    /// Whether all that the peer sends was received: its FIN too.
    bool peer_has_closed() const noexcept { return peer_has_closed_; }
    const Counts& counts() const noexcept { return counts_; }

    /// Queues octets to be sent, once the connection is there; not after close().
    void send(std::span<const std::uint8_t> octets);
    /// Nothing more will be sent: a FIN follows what is queued.
    void close() noexcept { close_requested_ = true; }
    /// Ends the connection with RST.
    void abort();

    void receive(const Segment& segment, TimePoint now);

    /// What was received in order since the last call.
    Bytes take_received() { return reassembly_.take(); }

    /// What is to be sent now, in this order.
    std::vector<Segment> take_segments(TimePoint now);

    /// When take_segments() has something to send even if nothing arrives.
    std::optional<TimePoint> next_deadline() const;

private:
    bool has_synchronized() const noexcept { return state_ != State::kSynSent; }
    std::uint32_t in_flight() const noexcept;
    bool is_acceptable(const Segment& segment) const noexcept;

    void receive_in_syn_sent(const Segment& segment, TimePoint now);
    void receive_reset(const Segment& segment);
    bool receive_acknowledgement(const Segment& segment, TimePoint now);
    void receive_window(const Segment& segment);
    void receive_text(const Segment& segment, TimePoint now);
    void peer_closed(TimePoint now);
    void own_close_acknowledged(TimePoint now);
    void enter_time_wait(TimePoint now);
    void end(std::optional<Failure> failure);

    Segment syn() const;
    Segment segment_at(SequenceNumber sequence) const;
    Segment segment_from_queue(std::size_t from, std::size_t size) const;
    void acknowledge_at_once();
    void send_queued(TimePoint now);
    void retransmit(TimePoint now);
    void begin_measurement(TimePoint now);

    State state_ = State::kSynSent;
    std::optional<Failure> failure_;
    Counts counts_;

    // What is sent. The queue starts with the first octet that is not acknowledged.
    SequenceNumber unacknowledged_;
    Bytes queue_;
    std::size_t sent_ = 0;  ///< That many octets of the queue were sent.
    bool close_requested_ = false;
    bool fin_in_flight_ = false;
    std::uint32_t peer_window_ = 0;
    std::uint8_t peer_window_scale_ = 0;
    SequenceNumber window_sequence_;         ///< RFC 9293: SND.WL1
    SequenceNumber window_acknowledgement_;  ///< RFC 9293: SND.WL2
    std::size_t peer_segment_size_ = kDefaultSegmentSize;

    // What is received.
    std::uint16_t own_segment_size_;
    std::uint32_t own_window_;
    std::uint8_t own_window_scale_ = 0;
    SequenceNumber next_expected_;
    std::optional<SequenceNumber> peer_fin_;
    bool peer_has_closed_ = false;
    Reassembly reassembly_;
    bool acknowledgement_due_ = false;

    RetransmissionTimer timer_;
    int retransmissions_in_a_row_ = 0;
    struct Measurement {
        SequenceNumber end;
        TimePoint sent;
    };
    std::optional<Measurement> measurement_;
    std::optional<TimePoint> time_wait_end_;
    std::vector<Segment> outgoing_;
};

}  // namespace user_space_tcp
