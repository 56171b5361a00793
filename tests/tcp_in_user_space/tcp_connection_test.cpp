// The state machine of the example's TCP, with segments and a clock of the test.
#include "client_examples/tcp_in_user_space/tcp_connection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <string_view>

namespace user_space_tcp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using State = TcpConnection::State;
using Failure = TcpConnection::Failure;

Bytes bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

std::string text(const Bytes& octets) {
    return {octets.begin(), octets.end()};
}

/// A connection and its peer, whose segments the test writes. Numbers of the peer's segments count from its SYN, those
/// of acknowledgements from ours.
class TcpConnectionTest : public testing::Test {
protected:
    static constexpr std::uint32_t kOurStart = 1000;
    static constexpr std::uint32_t kPeerStart = 5000;

    void open(std::uint32_t our_start = kOurStart, std::uint32_t peer_start = kPeerStart,
              std::uint32_t window = 100'000) {
        peer_sequence = SequenceNumber(peer_start);
        our_sequence = SequenceNumber(our_start);
        connection.emplace(TcpConnection::Settings{our_sequence, 1460, window}, now);
    }

    /// Opens and answers the SYN; takes the acknowledgement.
    void connect(std::uint32_t our_start = kOurStart, std::uint32_t peer_start = kPeerStart,
                 std::uint16_t peer_window = 60'000) {
        open(our_start, peer_start);
        sent();
        receive(syn_ack(peer_window));
        sent();
    }

    Segment syn_ack(std::uint16_t window = 60'000) const {
        Segment segment;
        segment.sequence = peer_sequence;
        segment.acknowledgement = our_sequence + 1;
        segment.syn = segment.ack = true;
        segment.window = window;
        segment.maximum_segment_size = 1460;
        segment.window_scale = 0;
        return segment;
    }

    Segment from_peer(std::uint32_t place, std::string_view payload = {}, std::uint32_t acknowledged = 1) const {
        Segment segment;
        segment.sequence = peer_sequence + place;
        segment.acknowledgement = our_sequence + acknowledged;
        segment.ack = true;
        segment.window = 60'000;
        segment.payload = bytes(payload);
        return segment;
    }

    Segment fin_from_peer(std::uint32_t place, std::uint32_t acknowledged = 1) const {
        Segment segment = from_peer(place, {}, acknowledged);
        segment.fin = true;
        return segment;
    }

    Segment rst_from_peer(std::uint32_t place) const {
        Segment segment = from_peer(place);
        segment.rst = true;
        return segment;
    }

    void receive(const Segment& segment) { connection->receive(segment, now); }
    void send(std::string_view payload) { connection->send(bytes(payload)); }
    std::vector<Segment> sent() { return connection->take_segments(now); }
    std::string received() { return text(connection->take_received()); }
    State state() const { return connection->state(); }

    /// The next moment at which the connection wants to do something.
    void wait_for_deadline() {
        ASSERT_TRUE(connection->next_deadline());
        now = std::max(now, *connection->next_deadline());
    }

    /// Of a segment of ours: where it starts, and what it acknowledges.
    std::uint32_t place(const Segment& segment) const { return (segment.sequence.value() - our_sequence.value()); }
    std::uint32_t acknowledged(const Segment& segment) const {
        return segment.acknowledgement.value() - peer_sequence.value();
    }

    /// Expects one segment that carries nothing but an acknowledgement.
    void expect_acknowledgement(std::uint32_t of) {
        const auto segments = sent();
        ASSERT_EQ(segments.size(), 1U);
        EXPECT_TRUE(segments[0].ack);
        EXPECT_FALSE(segments[0].fin || segments[0].syn || segments[0].rst);
        EXPECT_TRUE(segments[0].payload.empty());
        EXPECT_EQ(acknowledged(segments[0]), of);
    }

    TimePoint now{seconds(1'000'000)};
    SequenceNumber our_sequence;
    SequenceNumber peer_sequence;
    std::optional<TcpConnection> connection;
};

TEST_F(TcpConnectionTest, OpensWithThreeSegments) {
    open();
    const auto first = sent();
    ASSERT_EQ(first.size(), 1U);
    EXPECT_TRUE(first[0].syn);
    EXPECT_FALSE(first[0].ack);
    EXPECT_EQ(first[0].sequence, SequenceNumber(kOurStart));
    EXPECT_EQ(first[0].maximum_segment_size, 1460);
    EXPECT_EQ(first[0].window_scale, 1);  // 100000 needs 17 bits
    EXPECT_EQ(first[0].window, 65535);    // in a SYN it is not scaled
    receive(syn_ack());
    EXPECT_EQ(state(), State::kEstablished);
    const auto third = sent();
    ASSERT_EQ(third.size(), 1U);
    EXPECT_EQ(third[0].sequence, SequenceNumber(kOurStart + 1));
    EXPECT_EQ(third[0].acknowledgement, SequenceNumber(kPeerStart + 1));
    EXPECT_EQ(third[0].window, 50'000);  // 100000 / 2
    EXPECT_FALSE(connection->next_deadline());
}

TEST_F(TcpConnectionTest, WindowIsNotScaledForPeerThatDoesNotScale) {
    open();
    sent();
    Segment answer = syn_ack();
    answer.window_scale.reset();
    receive(answer);
    EXPECT_EQ(sent().at(0).window, 65535);
}

TEST_F(TcpConnectionTest, LostSynIsSentAgain) {
    open();
    const auto first = sent();
    wait_for_deadline();
    EXPECT_EQ(sent(), first);
    EXPECT_EQ(connection->counts().retransmissions, 1U);
    receive(syn_ack());
    EXPECT_EQ(state(), State::kEstablished);
}

TEST_F(TcpConnectionTest, GivesUpAfterSynsWithoutAnswer) {
    open();
    EXPECT_EQ(sent().size(), 1U);
    const TimePoint begin = now;
    int again = 0;
    while (state() != State::kClosed) {
        wait_for_deadline();
        again += static_cast<int>(sent().size());
        ASSERT_LE(again, 100);
    }
    EXPECT_EQ(again, TcpConnection::kMaximumRetransmissions);
    EXPECT_EQ(connection->failure(), Failure::kTimedOut);
    EXPECT_EQ(now - begin, seconds(1 + 2 + 4 + 8 + 16 + 32));  // RFC 6298: each timeout is twice the one before
}

TEST_F(TcpConnectionTest, IsRefused) {
    open();
    sent();
    Segment reset;
    reset.rst = reset.ack = true;
    reset.acknowledgement = our_sequence + 1;
    receive(reset);
    EXPECT_EQ(state(), State::kClosed);
    EXPECT_EQ(connection->failure(), Failure::kRefused);
    EXPECT_TRUE(sent().empty());
}

TEST_F(TcpConnectionTest, RstThatAcknowledgesSomethingElseDoesNotRefuse) {
    open();
    sent();
    Segment reset;
    reset.rst = reset.ack = true;
    reset.acknowledgement = our_sequence + 2;
    receive(reset);
    reset.ack = false;
    receive(reset);
    EXPECT_EQ(state(), State::kSynSent);
}

TEST_F(TcpConnectionTest, AnswerToAnotherSynIsReset) {
    open();
    sent();
    Segment other = syn_ack();
    other.acknowledgement = our_sequence + 77;
    receive(other);
    const auto segments = sent();
    ASSERT_EQ(segments.size(), 1U);
    EXPECT_TRUE(segments[0].rst);
    EXPECT_EQ(segments[0].sequence, our_sequence + 77);  // RFC 9293, section 3.10.7.3
    EXPECT_EQ(state(), State::kSynSent);
}

TEST_F(TcpConnectionTest, RequestGoesWithTheHandshakesAcknowledgement) {
    open();
    send("GET");
    EXPECT_TRUE(sent().at(0).payload.empty());
    receive(syn_ack());
    const auto segments = sent();
    ASSERT_EQ(segments.size(), 1U);
    EXPECT_EQ(text(segments[0].payload), "GET");
    EXPECT_TRUE(segments[0].psh);
    EXPECT_EQ(place(segments[0]), 1U);
}

TEST_F(TcpConnectionTest, LostRequestIsSentAgainUntilAcknowledged) {
    connect();
    send("GET");
    const auto first = sent();
    wait_for_deadline();
    const auto second = sent();
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second, first);
    receive(from_peer(1, {}, 4));
    EXPECT_FALSE(connection->next_deadline());
    EXPECT_TRUE(sent().empty());
}

TEST_F(TcpConnectionTest, RequestAcknowledgedInPartIsSentAgainFromThere) {
    connect();
    send("GET page");
    sent();
    receive(from_peer(1, {}, 5));
    wait_for_deadline();
    const auto again = sent();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(text(again[0].payload), "page");
    EXPECT_EQ(place(again[0]), 5U);
}

TEST_F(TcpConnectionTest, LongRequestIsDividedByThePeersSegmentSize) {
    open();
    sent();
    Segment answer = syn_ack();
    answer.maximum_segment_size = 100;
    receive(answer);
    send(std::string(250, 'x'));
    const auto segments = sent();
    ASSERT_EQ(segments.size(), 3U);
    EXPECT_EQ(segments[0].payload.size(), 100U);
    EXPECT_EQ(place(segments[1]), 101U);
    EXPECT_EQ(segments[2].payload.size(), 50U);
    EXPECT_FALSE(segments[1].psh);
    EXPECT_TRUE(segments[2].psh);
}

TEST_F(TcpConnectionTest, SegmentsAreNotSmallerThanEveryHostTakes) {
    open();
    sent();
    Segment answer = syn_ack();
    answer.maximum_segment_size = 0;
    receive(answer);
    send(std::string(100, 'x'));
    EXPECT_EQ(sent().at(0).payload.size(), TcpConnection::kMinimumSegmentSize);
}

TEST_F(TcpConnectionTest, ClosedWindowOfThePeerIsProbed) {
    connect(kOurStart, kPeerStart, 0);
    send("GET");
    EXPECT_TRUE(sent().empty());
    wait_for_deadline();
    const auto probe = sent();
    ASSERT_EQ(probe.size(), 1U);
    EXPECT_EQ(text(probe[0].payload), "G");
    receive(from_peer(1, {}, 2));  // acknowledges, and its window is open
    const auto rest = sent();
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(text(rest[0].payload), "ET");
}

TEST_F(TcpConnectionTest, SegmentsInOrderAreAcknowledgedTogether) {
    connect();
    receive(from_peer(1, "abc"));
    receive(from_peer(4, "def"));
    EXPECT_EQ(received(), "abcdef");
    expect_acknowledgement(7);
    EXPECT_TRUE(sent().empty());
}

TEST_F(TcpConnectionTest, DuplicateIsAcknowledgedAndNotDelivered) {
    connect();
    receive(from_peer(1, "abc"));
    received();
    sent();
    receive(from_peer(1, "abc"));
    EXPECT_EQ(received(), "");
    expect_acknowledgement(4);
    EXPECT_EQ(connection->counts().duplicates, 1U);
}

TEST_F(TcpConnectionTest, OnlyWhatIsNewOfAnOverlapIsDelivered) {
    connect();
    receive(from_peer(1, "abc"));
    receive(from_peer(2, "bcde"));
    EXPECT_EQ(received(), "abcde");
    expect_acknowledgement(6);
}

TEST_F(TcpConnectionTest, OutOfOrderSegmentsAreKeptAndAcknowledgedEachAtOnce) {
    connect();
    receive(from_peer(1, "a"));
    receive(from_peer(3, "c"));
    receive(from_peer(4, "d"));
    receive(from_peer(5, "e"));
    // RFC 5681: the acknowledgement of "a", and three duplicates that tell the peer what is missing.
    const auto segments = sent();
    ASSERT_EQ(segments.size(), 4U);
    for (const Segment& segment : segments) {
        EXPECT_EQ(acknowledged(segment), 2U);
        EXPECT_EQ(segment.window, segments[0].window);
    }
    EXPECT_EQ(received(), "a");
    receive(from_peer(2, "b"));
    EXPECT_EQ(received(), "bcde");
    expect_acknowledgement(6);
    EXPECT_EQ(connection->counts().out_of_order, 3U);
}

TEST_F(TcpConnectionTest, NothingBeyondTheWindowIsTaken) {
    connect();
    receive(from_peer(1 + 100'000, "x"));
    expect_acknowledgement(1);
    receive(from_peer(1 + 99'999, "yz"));  // its first octet is the last of the window
    expect_acknowledgement(1);
    receive(from_peer(1, std::string(99'999, '.')));
    EXPECT_EQ(received(), std::string(99'999, '.') + "y");
    expect_acknowledgement(1 + 100'000);
}

TEST_F(TcpConnectionTest, SequenceNumbersWrapAround) {
    connect(0xffff'fffe, 0xffff'fffd);
    send("GET");  // takes the numbers 2^32 - 1, 0 and 1
    ASSERT_EQ(sent().size(), 1U);
    receive(from_peer(5, "ef", 4));
    receive(from_peer(1, "abcd", 4));  // 2^32 - 2 to 1
    EXPECT_EQ(received(), "abcdef");
    const auto segments = sent();
    ASSERT_EQ(segments.size(), 2U);
    EXPECT_EQ(segments[1].sequence, SequenceNumber(2));
    EXPECT_EQ(segments[1].acknowledgement, SequenceNumber(4));
    EXPECT_FALSE(connection->next_deadline());  // the request was acknowledged
    receive(from_peer(1, "abcd", 4));
    EXPECT_EQ(received(), "");
}

TEST_F(TcpConnectionTest, BothSidesClosePeerFirst) {
    connect();
    receive(from_peer(1, "page"));
    receive(fin_from_peer(5));
    EXPECT_TRUE(connection->peer_has_closed());
    EXPECT_EQ(state(), State::kCloseWait);
    connection->close();
    const auto segments = sent();
    ASSERT_EQ(segments.size(), 1U);
    EXPECT_TRUE(segments[0].fin);
    EXPECT_EQ(acknowledged(segments[0]), 6U);  // "page" and FIN
    EXPECT_EQ(state(), State::kLastAck);
    receive(from_peer(6, {}, 2));
    EXPECT_EQ(state(), State::kClosed);
    EXPECT_FALSE(connection->failure());
    EXPECT_EQ(received(), "page");
}

TEST_F(TcpConnectionTest, BothSidesCloseOursFirst) {
    connect();
    connection->close();
    EXPECT_TRUE(sent().at(0).fin);
    EXPECT_EQ(state(), State::kFinWait1);
    receive(from_peer(1, {}, 2));
    EXPECT_EQ(state(), State::kFinWait2);
    receive(from_peer(1, "late", 2));
    EXPECT_EQ(received(), "late");
    receive(fin_from_peer(5, 2));
    EXPECT_EQ(state(), State::kTimeWait);
    expect_acknowledgement(6);
    receive(fin_from_peer(5, 2));  // the acknowledgement was lost
    expect_acknowledgement(6);
    wait_for_deadline();
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(state(), State::kClosed);
    EXPECT_FALSE(connection->failure());
}

TEST_F(TcpConnectionTest, BothSidesCloseAtTheSameTime) {
    connect();
    connection->close();
    sent();
    receive(fin_from_peer(1));
    EXPECT_EQ(state(), State::kClosing);
    expect_acknowledgement(2);
    receive(from_peer(2, {}, 2));
    EXPECT_EQ(state(), State::kTimeWait);
}

TEST_F(TcpConnectionTest, LostFinIsSentAgain) {
    connect();
    receive(fin_from_peer(1));
    connection->close();
    const auto first = sent();
    wait_for_deadline();
    EXPECT_EQ(sent(), first);
    receive(fin_from_peer(1));  // the peer did not hear our acknowledgement either
    EXPECT_EQ(state(), State::kLastAck);
    EXPECT_EQ(acknowledged(sent().at(0)), 2U);
    receive(from_peer(2, {}, 2));
    EXPECT_EQ(state(), State::kClosed);
}

TEST_F(TcpConnectionTest, FinFollowsWhatIsQueued) {
    connect();
    send("bye");
    connection->close();
    const auto segments = sent();
    ASSERT_EQ(segments.size(), 2U);
    EXPECT_EQ(text(segments[0].payload), "bye");
    EXPECT_TRUE(segments[1].fin);
    EXPECT_EQ(place(segments[1]), 4U);
    wait_for_deadline();
    const auto again = sent();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(text(again[0].payload), "bye");
    EXPECT_TRUE(again[0].fin);
}

TEST_F(TcpConnectionTest, FinOutOfOrderWaitsForWhatIsMissing) {
    connect();
    receive(fin_from_peer(4));
    EXPECT_FALSE(connection->peer_has_closed());
    receive(from_peer(1, "abcdef"));  // the end is behind "abc": nothing can follow it
    EXPECT_EQ(received(), "abc");
    EXPECT_TRUE(connection->peer_has_closed());
}

TEST_F(TcpConnectionTest, IsReset) {
    connect();
    receive(rst_from_peer(1));
    EXPECT_EQ(connection->failure(), Failure::kReset);
    EXPECT_TRUE(sent().empty());
}

TEST_F(TcpConnectionTest, RstThatOnlyGuessesTheWindowIsChallenged) {
    connect();
    receive(rst_from_peer(2));
    EXPECT_EQ(state(), State::kEstablished);
    expect_acknowledgement(1);  // RFC 5961, section 3
    receive(rst_from_peer(200'000));
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(state(), State::kEstablished);
}

TEST_F(TcpConnectionTest, SynWithinTheConnectionIsChallenged) {
    connect();
    Segment syn = from_peer(1);
    syn.syn = true;
    receive(syn);
    EXPECT_EQ(state(), State::kEstablished);
    expect_acknowledgement(1);  // RFC 5961, section 4
}

TEST_F(TcpConnectionTest, AcknowledgementOfTheUnsentIsNotBelieved) {
    connect();
    receive(from_peer(1, "lie", 2));
    EXPECT_EQ(received(), "");
    expect_acknowledgement(1);
}

TEST_F(TcpConnectionTest, SegmentWithoutAcknowledgementIsDropped) {
    connect();
    Segment segment = from_peer(1, "abc");
    segment.ack = false;
    receive(segment);
    EXPECT_EQ(received(), "");
    EXPECT_TRUE(sent().empty());
}

TEST_F(TcpConnectionTest, AbortSendsRst) {
    connect();
    connection->abort();
    const auto segments = sent();
    ASSERT_EQ(segments.size(), 1U);
    EXPECT_TRUE(segments[0].rst);
    EXPECT_EQ(place(segments[0]), 1U);
    EXPECT_EQ(connection->failure(), Failure::kAborted);
}

TEST_F(TcpConnectionTest, AnySegmentAtAnyTimeIsSurvived) {
    std::mt19937 random(4507);
    const auto number = [&random](std::uint32_t from, std::uint32_t to) {
        return std::uniform_int_distribution<std::uint32_t>(from, to)(random);
    };
    for (int run = 0; run < 300; ++run) {
        open(number(0, 0xffff'ffff), number(0, 0xffff'ffff), number(0, 0xffff'ffff));
        send("GET");
        std::size_t delivered = 0;
        for (int i = 0; i < 100; ++i) {
            Segment segment =
                number(0, 9) == 0 ? syn_ack() : from_peer(number(0, 9) == 0 ? number(0, 0xffff'ffff) : number(0, 50));
            segment.acknowledgement = our_sequence + (number(0, 3) == 0 ? number(0, 0xffff'ffff) : number(0, 6));
            segment.ack = number(0, 9) != 0;
            segment.fin = number(0, 9) == 0;
            segment.rst = number(0, 49) == 0;
            segment.window = static_cast<std::uint16_t>(number(0, 0xffff));
            segment.window_scale = static_cast<std::uint8_t>(number(0, 0xff));
            segment.maximum_segment_size = static_cast<std::uint16_t>(number(0, 0xffff));
            segment.payload.assign(number(0, 3) == 0 ? number(0, 65'000) : number(0, 20), 'x');
            receive(segment);
            delivered += connection->take_received().size();
            now += milliseconds(number(0, 1000));
            if (number(0, 20) == 0) {
                connection->close();
            }
            for (const Segment& each : sent()) {
                EXPECT_LE(each.payload.size(), 3U);
            }
        }
        EXPECT_LE(delivered, std::size_t{100} * 65'000);
    }
}

/// A server that sends a page in segments of 10 octets and then closes; it sends again what is not acknowledged.
class PageServer {
public:
    explicit PageServer(std::string page, std::uint32_t start) : page_(std::move(page)), next_(SequenceNumber(start)) {}

    std::optional<Segment> receive(const Segment& segment) {
        if (segment.syn) {
            Segment answer;
            answer.sequence = next_;
            answer.syn = answer.ack = true;
            answer.acknowledgement = expected_ = segment.sequence + 1;
            answer.window = 1000;
            start_ = next_ + 1;
            return answer;
        }
        if (segment.sequence == expected_) {
            expected_ += static_cast<std::uint32_t>(segment.payload.size()) + (segment.fin ? 1 : 0);
            client_closed_ = client_closed_ || segment.fin;
            asked_ = asked_ || !segment.payload.empty();
        }
        acknowledged_ = std::max<std::int64_t>(acknowledged_, segment.acknowledgement - start_);
        return segment.payload.empty() && !segment.fin ? std::nullopt : std::optional(at(page_.size() + 1));
    }

    /// The next segments, from the first that was not acknowledged.
    std::vector<Segment> window() const {
        std::vector<Segment> segments;
        auto place = static_cast<std::size_t>(std::max<std::int64_t>(acknowledged_, 0));
        for (int i = 0; asked_ && i < 8 && place <= page_.size(); ++i, place += 10) {
            Segment segment = at(place);
            const std::string part = page_.substr(place, 10);
            segment.payload = bytes(part);
            segment.fin = place + part.size() == page_.size();
            segments.push_back(segment);
        }
        return segments;
    }

    bool client_closed() const { return client_closed_; }

private:
    Segment at(std::size_t place) const {
        Segment segment;
        segment.sequence = start_ + static_cast<std::uint32_t>(place);
        segment.ack = true;
        segment.acknowledgement = expected_;
        segment.window = 1000;
        return segment;
    }

    std::string page_;
    SequenceNumber next_;
    SequenceNumber start_;
    SequenceNumber expected_;
    std::int64_t acknowledged_ = 0;
    bool asked_ = false;
    bool client_closed_ = false;
};

TEST_F(TcpConnectionTest, PageArrivesOverAWireThatLosesRepeatsAndReorders) {
    std::string page;
    for (int i = 0; i < 1000; ++i) {
        page += std::to_string(i) + ' ';
    }
    for (unsigned seed = 0; seed < 50; ++seed) {
        std::mt19937 random(seed);
        const auto chance = [&random](int percent) { return std::uniform_int_distribution(1, 100)(random) <= percent; };
        PageServer server(page, 0xffff'ff00);  // the numbers wrap around within the page
        open(0xffff'ffff);
        send("GET");
        std::string delivered;
        std::vector<Segment> wire;
        int rounds = 0;
        for (; state() != State::kClosed && rounds < 20'000; ++rounds) {
            for (const Segment& segment : sent()) {
                if (!chance(20)) {
                    if (const auto answer = server.receive(segment)) {
                        wire.push_back(*answer);
                    }
                }
            }
            const auto more = server.window();
            wire.insert(wire.end(), more.begin(), more.end());
            std::shuffle(wire.begin(), wire.end(), random);
            std::vector<Segment> late;
            for (const Segment& segment : wire) {
                if (chance(20)) {
                    continue;
                }
                if (chance(20)) {
                    late.push_back(segment);
                }
                receive(segment);
                delivered += received();
            }
            wire = late;
            if (connection->peer_has_closed()) {
                connection->close();
            }
            now += milliseconds(100);
        }
        EXPECT_EQ(state(), State::kClosed) << "seed " << seed;
        EXPECT_FALSE(connection->failure()) << "seed " << seed;
        EXPECT_TRUE(server.client_closed()) << "seed " << seed;
        EXPECT_EQ(delivered, page) << "seed " << seed;
    }
}

TEST(RetransmissionTimerTest, FollowsRfc6298) {
    RetransmissionTimer timer;
    EXPECT_EQ(timer.timeout(), seconds(1));
    timer.measure(seconds(2));  // SRTT 2, RTTVAR 1
    EXPECT_EQ(timer.timeout(), seconds(6));
    timer.measure(seconds(4));  // RTTVAR 0.75 + 0.5 = 1.25, SRTT 1.75 + 0.5 = 2.25
    EXPECT_EQ(timer.timeout(), milliseconds(7250));
    for (int i = 0; i < 10; ++i) {
        timer.back_off(TimePoint{});
    }
    EXPECT_EQ(timer.timeout(), seconds(60));
    timer.measure(milliseconds(1));
    for (int i = 0; i < 100; ++i) {
        timer.measure(milliseconds(1));
    }
    EXPECT_EQ(timer.timeout(), seconds(1));
}

TEST(ReassemblyTest, KeepsABoundedNumberOfPieces) {
    Reassembly reassembly;
    const Bytes octet{'x'};
    for (std::size_t i = 0; i < 2 * Reassembly::kMaximumPieces; ++i) {
        EXPECT_FALSE(reassembly.add(static_cast<std::int64_t>(2 * i + 1), octet));
    }
    for (std::size_t i = 0; i < Reassembly::kMaximumPieces; ++i) {
        EXPECT_TRUE(reassembly.add(0, octet));
    }
    EXPECT_FALSE(reassembly.has_gap());
    EXPECT_EQ(reassembly.delivered(), 2 * Reassembly::kMaximumPieces);
}

TEST(ReassemblyTest, LongerOfTwoPiecesAtOnePlaceIsKept) {
    Reassembly reassembly;
    reassembly.add(1, bytes("bc"));
    reassembly.add(1, bytes("bcd"));
    reassembly.add(1, bytes("b"));
    EXPECT_TRUE(reassembly.has_gap());
    EXPECT_TRUE(reassembly.add(0, bytes("a")));
    EXPECT_EQ(text(reassembly.take()), "abcd");
    EXPECT_FALSE(reassembly.add(-4, bytes("abcd")));
    EXPECT_TRUE(reassembly.take().empty());
}

}  // namespace
}  // namespace user_space_tcp
