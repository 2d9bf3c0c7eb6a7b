// One clock of a platform that a test plays: what is sent, who shares an answer, and what follows when none comes.
package org.scmid.upstream.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.scmid.agent.AgentClient;
import org.scmid.agent.Command;
import org.scmid.agent.PlatformLink;
import org.scmid.config.document.Place;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.remote.RemoteClock;
import org.scmid.protocol.Header;
import org.scmid.protocol.Status;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.clock.ClockVersion;
import org.scmid.testing.HandLoop;
import org.scmid.transport.virtqueue.LittleEndian;
import org.scmid.upstream.AskedPlatform;
import org.scmid.upstream.UpstreamListener;

class ClockClientTest {
    private static final int ID = 7;
    private static final long TIMEOUT_NANOS = 200_000_000;
    private static final long HZ = 24_000_000;

    private final HandLoop loop = new HandLoop();
    private final Platform platform = new Platform();
    private final List<String> told = new ArrayList<>();
    private final Room room = new Room(loop, platform);
    private final ClockClient clock = new ClockClient(room, "gpu", new int[0]);

    ClockClientTest() {
        clock.found(
                new ClockOffer(ID, "gpu", null, List.of(), 0, true, true, true, false, true),
                new int[0],
                ClockVersion.V3_0);
        clock.listen(new RemoteClock.Listener() {
            @Override
            public void hasRate(long hz) {
                told.add("rate " + hz);
            }

            @Override
            public void hasState(boolean on) {
                told.add("state " + on);
            }

            @Override
            public void isBack(boolean apply) {
                throw new AssertionError("it was never away");
            }
        });
    }

    /** Keeps what is sent, and answers when the test says so. */
    private final class Platform implements AskedPlatform, PlatformLink {
        private final AgentClient client = new AgentClient(loop, 10 * TIMEOUT_NANOS, new AgentClient.Listener() {
            @Override
            public void notified(byte[] message, int length) {
                throw new AssertionError("nothing is told");
            }

            @Override
            public void writable() {
                room.writable();
            }

            @Override
            public void lost(String why) {
                throw new AssertionError("it is never lost");
            }
        });
        private final int[] sent = new int[64];
        private final byte[] answer = new byte[64];
        private int count;
        private boolean isFull;
        private UpstreamListener room = new UpstreamListener() {};

        Platform() {
            client.begin(this);
        }

        @Override
        public UpstreamSpec spec() {
            return new UpstreamSpec(
                    "mcu",
                    new UpstreamSpec.Socket(Path.of("mcu.sock")),
                    Duration.ofNanos(TIMEOUT_NANOS),
                    Duration.ofSeconds(1),
                    UpstreamSpec.WhenBack.APPLY,
                    Path.of(""),
                    new Place("board.yaml", 1, 1));
        }

        @Override
        public boolean isUp() {
            return true;
        }

        @Override
        public boolean mayReport() {
            return true;
        }

        @Override
        public Command command(Command.Listener listener) {
            return client.command(listener);
        }

        @Override
        public void listen(UpstreamListener listener) {
            room = listener;
        }

        @Override
        public boolean send(byte[] message, int length) {
            if (isFull) {
                return false;
            }
            sent[count++] = LittleEndian.getInt(message, 0);
            return true;
        }

        @Override
        public void close() {}

        /** The names of the commands that were sent since it was asked last. */
        List<String> taken() {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int id = Header.messageId(sent[i]);
                names.add(String.valueOf(ClockMessage.TABLE.command(id)));
            }
            return names;
        }

        /** Answers one of the commands that were sent, by its position. */
        void answer(int position, int status, long value) {
            LittleEndian.putInt(answer, 0, sent[position]);
            LittleEndian.putInt(answer, 4, status);
            LittleEndian.putInt(answer, 8, (int) value);
            LittleEndian.putInt(answer, 12, (int) (value >>> Integer.SIZE));
            LittleEndian.putInt(answer, 16, 0);
            client.received(answer, status == Status.Code.SUCCESS ? 20 : 8);
        }
    }

    private class Noted implements Waiter {
        private final String name;

        Noted(String name) {
            this.name = name;
        }

        @Override
        public void value(long value) {
            told.add(name + " " + value);
        }

        @Override
        public void mayAskAgain() {
            told.add(name + " may ask again");
        }

        @Override
        public void ended(Outcome outcome) {
            told.add(name + " " + outcome);
        }
    }

    private List<String> toldSince() {
        List<String> all = List.copyOf(told);
        told.clear();
        return all;
    }

    private void pass(long nanos) {
        loop.runFor(nanos);
    }

    @Test
    void whoReadsWhileTheSameIsReadSharesTheAnswer() {
        assertEquals(Outcome.STARTED, clock.readRate(new Noted("a")));
        assertEquals(Outcome.STARTED, clock.readRate(new Noted("b")));
        assertEquals(List.of("CLOCK_RATE_GET"), platform.taken());
        platform.answer(0, Status.Code.SUCCESS, HZ);
        assertEquals(List.of("rate " + HZ, "a " + HZ, "a OK", "b " + HZ, "b OK"), toldSince());
    }

    @Test
    void whoReadsAfterAChangeWasSentIsNotToldWhatWasTrueBefore() {
        clock.readRate(new Noted("early"));
        assertEquals(Outcome.STARTED, clock.setRate(HZ, Rounding.NEAREST, new Noted("change")));
        assertEquals(Outcome.BUSY, clock.readRate(new Noted("late")));
        platform.answer(1, Status.Code.SUCCESS, 0);
        platform.answer(0, Status.Code.SUCCESS, 1);
        assertEquals(List.of("rate 1", "early 1", "early OK", "late may ask again"), toldSince());
        // The rate that was reached is asked for behind the old question, and ends the change.
        assertEquals(List.of("CLOCK_RATE_GET", "CLOCK_RATE_SET", "CLOCK_RATE_GET"), platform.taken());
        platform.answer(2, Status.Code.SUCCESS, HZ);
        assertEquals(List.of("rate " + HZ, "change OK"), toldSince());
    }

    @Test
    void oneChangeIsUnderWayAtATime() {
        assertEquals(Outcome.STARTED, clock.setState(true, new Noted("on")));
        assertEquals(Outcome.BUSY, clock.setRate(HZ, Rounding.UP, new Noted("rate")));
        assertEquals(List.of("CLOCK_CONFIG_SET"), platform.taken());
        platform.answer(0, Status.Code.SUCCESS, 0);
        assertEquals(List.of("on OK", "rate may ask again"), toldSince());
    }

    @Test
    void whatIsNotAnsweredFailsInTimeIsNotSentAgainAndIsReadAnew() {
        clock.setRate(HZ, Rounding.DOWN, new Noted("a"));
        pass(TIMEOUT_NANOS + 1);
        assertEquals(List.of("a FAILED"), toldSince());
        assertEquals(List.of("CLOCK_RATE_SET", "CLOCK_RATE_GET"), platform.taken());
        platform.answer(0, Status.Code.SUCCESS, 0); // late: nobody's
        platform.answer(1, Status.Code.SUCCESS, HZ);
        assertEquals(List.of("rate " + HZ), toldSince());
    }

    @Test
    void aRefusalIsToldAsWhatItIs() {
        int[] statuses = {
            Status.Code.INVALID_PARAMETERS, Status.Code.OUT_OF_RANGE, Status.Code.DENIED, Status.Code.BUSY, -77
        };
        for (int i = 0; i < statuses.length; i++) {
            clock.setRate(HZ, Rounding.DOWN, new Noted("a"));
            platform.answer(i, statuses[i], 0);
        }
        assertEquals(
                List.of("a UNSUPPORTED_RATE", "a OUT_OF_LIMITS", "a REFUSED", "a NOT_NOW", "a FAILED"), toldSince());
    }

    @Test
    void aReplyThatIsTooShortIsNoValue() {
        clock.readRate(new Noted("a"));
        platform.answer(0, Status.Code.SUCCESS, HZ);
        toldSince();
        clock.readRate(new Noted("b"));
        LittleEndian.putInt(platform.answer, 0, platform.sent[1]);
        LittleEndian.putInt(platform.answer, 4, 0);
        platform.client.received(platform.answer, 12);
        assertEquals(List.of("b FAILED"), toldSince());
    }

    @Test
    void whoFindsNoRoomMayAskAgainWhenThereIsAndHasFailedIfThereNeverIs() {
        platform.isFull = true;
        assertEquals(Outcome.BUSY, clock.readRate(new Noted("a")));
        platform.isFull = false;
        platform.room.writable();
        assertEquals(List.of("a may ask again"), toldSince());

        platform.isFull = true;
        Noted patient = new Noted("b") {
            @Override
            public void mayAskAgain() {
                told.add("b is " + clock.readRate(this));
            }
        };
        assertEquals(Outcome.BUSY, clock.readRate(patient));
        pass(TIMEOUT_NANOS + 1);
        assertEquals(List.of("b is FAILED"), toldSince());
    }

    /** A clock with a parent that can be chosen, which tells when it is back. */
    private ClockClient child() {
        ClockClient child = new ClockClient(room, "uart", new int[1]);
        child.found(offer(ID + 1, "uart", "gpu"), new int[] {ID}, ClockVersion.V3_0);
        child.listen(new Told("uart"));
        clock.listen(new Told("gpu"));
        return child;
    }

    private static ClockOffer offer(int id, String name, String... parents) {
        return new ClockOffer(id, name, null, List.of(parents), 0, true, true, true, false, true);
    }

    private final class Told implements RemoteClock.Listener {
        private final String name;

        Told(String name) {
            this.name = name;
        }

        @Override
        public void hasRate(long hz) {}

        @Override
        public void hasState(boolean on) {}

        @Override
        public void isBack(boolean apply) {
            told.add(name + " is back");
        }
    }

    /** Answers all that is sent, until nothing is. */
    private void answerAll(int status) {
        for (int i = 0; i < platform.count; i++) {
            platform.answer(i, status, HZ);
        }
    }

    @Test
    void whatWasSetLastIsSetAgainClockByClockAndAParentBeforeARate() {
        ClockClient child = child();
        child.setRate(HZ, Rounding.UP, Waiter.NOBODY);
        answerAll(Status.Code.SUCCESS);
        child.setParent(0, Waiter.NOBODY);
        clock.setRate(HZ, Rounding.DOWN, Waiter.NOBODY);
        platform.answer(2, Status.Code.SUCCESS, 0);
        platform.answer(3, Status.Code.SUCCESS, 0);
        platform.answer(4, Status.Code.SUCCESS, HZ);
        platform.answer(5, Status.Code.SUCCESS, HZ);
        clock.setRate(2 * HZ, Rounding.DOWN, Waiter.NOBODY);
        platform.answer(6, Status.Code.DENIED, 0);
        toldSince();
        platform.count = 0;

        new Restoration(room, List.of(clock, child)).begin();
        assertEquals(List.of("CLOCK_RATE_SET"), platform.taken());
        platform.answer(0, Status.Code.SUCCESS, 0);
        assertEquals(List.of(), toldSince());
        platform.answer(1, Status.Code.SUCCESS, HZ);
        assertEquals(List.of("gpu is back"), toldSince());
        platform.answer(2, Status.Code.SUCCESS, 0);
        platform.answer(3, Status.Code.SUCCESS, HZ);
        platform.answer(4, Status.Code.SUCCESS, 0);
        platform.answer(5, Status.Code.SUCCESS, HZ);
        assertEquals(List.of("uart is back"), toldSince());
        assertEquals(
                List.of(
                        "CLOCK_RATE_SET",
                        "CLOCK_RATE_GET",
                        "CLOCK_PARENT_SET",
                        "CLOCK_RATE_GET",
                        "CLOCK_RATE_SET",
                        "CLOCK_RATE_GET"),
                platform.taken());
    }

    @Test
    void aSettingThatIsNotAnsweredIsAskedForThreeTimesAndOneThatIsRefusedOnce() {
        ClockClient child = child();
        child.setParent(0, Waiter.NOBODY);
        answerAll(Status.Code.SUCCESS);
        clock.setRate(HZ, Rounding.DOWN, Waiter.NOBODY);
        answerAll(Status.Code.SUCCESS);
        toldSince();
        platform.count = 0;

        new Restoration(room, List.of(clock, child)).begin();
        pass(3 * TIMEOUT_NANOS + 3);
        List<String> sent = platform.taken();
        assertEquals(3, sent.stream().filter("CLOCK_RATE_SET"::equals).count(), sent::toString);
        assertEquals("CLOCK_PARENT_SET", sent.getLast());
        assertEquals(List.of("gpu is back"), toldSince());
        platform.answer(sent.size() - 1, Status.Code.DENIED, 0);
        assertEquals(List.of("uart is back"), toldSince());
        assertEquals(sent, platform.taken());
    }

    @Test
    void clocksAreRestoredBehindThoseThatTheyMayRunFrom() {
        List<ClockOffer> offers = List.of(
                offer(0, "leaf", "left", "right"),
                offer(1, "left", "root"),
                offer(2, "right", "left"),
                offer(3, "root"));
        Map<String, ClockClient> all = new HashMap<>();
        for (ClockOffer offer : offers) {
            all.put(
                    offer.name(),
                    new ClockClient(room, offer.name(), new int[offer.parents().size()]));
        }
        assertEquals(List.of("root", "left", "right", "leaf"), names(Restoration.order(offers, all)));
        all.remove("left"); // which nobody here has
        List<ClockOffer> round = List.of(offer(0, "leaf", "right"), offer(1, "right", "leaf"));
        assertEquals(List.of("right", "leaf"), names(Restoration.order(round, all)));
    }

    @Test
    void clocksOfWhichEachRunsFromTheNextAreOrderedHoweverManyTheyAre() {
        int count = 100_000;
        List<ClockOffer> offers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            offers.add(offer(i, "clock" + i, "clock" + (i + 1) % count)); // the last one from the first
        }
        Map<String, ClockClient> two = new HashMap<>();
        for (String name : List.of("clock7", "clock99999")) {
            two.put(name, new ClockClient(room, name, new int[1]));
        }
        assertEquals(List.of("clock99999", "clock7"), names(Restoration.order(offers, two)));
    }

    private static List<String> names(List<ClockClient> clocks) {
        return clocks.stream().map(ClockClient::name).toList();
    }

    @Test
    void nothingIsAllocatedForAMessage() {
        clock.listen(new RemoteClock.Listener() {
            @Override
            public void hasRate(long hz) {}

            @Override
            public void hasState(boolean on) {}

            @Override
            public void isBack(boolean apply) {}
        });
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 200 && least > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                platform.count = 0;
                clock.readRate(Waiter.NOBODY);
                platform.answer(0, Status.Code.SUCCESS, HZ);
                clock.setRate(HZ, Rounding.NEAREST, Waiter.NOBODY);
                platform.answer(1, Status.Code.SUCCESS, 0);
                platform.answer(2, Status.Code.SUCCESS, HZ);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes for 1000 readings and changes");
        assertTrue(platform.count > 0);
    }
}
