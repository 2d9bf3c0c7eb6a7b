// The Sensor protocol, message by message, in bytes: layouts, behaviour, errors.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.Grant;
import org.scmid.platform.register.Windows;
import org.scmid.platform.sensor.Sensor;
import org.scmid.protocol.Status;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.state.AgentStateStore;

class SensorProtocolTest {
    static final int SENSOR = 0x15;

    private static final int NOT_FOUND = Status.Code.NOT_FOUND;
    private static final int DENIED = Status.Code.DENIED;
    private static final int NOT_SUPPORTED = Status.Code.NOT_SUPPORTED;
    private static final int INVALID = Status.Code.INVALID_PARAMETERS;
    private static final int OUT_OF_RANGE = Status.Code.OUT_OF_RANGE;
    private static final int PROTOCOL_ERROR = Status.Code.PROTOCOL_ERROR;
    private static final int HARDWARE_ERROR = Status.Code.HARDWARE_ERROR;

    private static final int V1 = 0x10000;
    private static final int V2 = 0x20000;
    private static final int V3 = 0x30000;

    private static final String SLOW_NAME = "a-slow-sensor-with-a-long-name";
    private static final String AXIS_NAME = "an-axis-with-a-long-name_Z";

    static final String BOARD = """
            board: bench
            registers:
              cru: { at: 0x1000, size: 4 KiB, access: simulated, initial: { 0x0: 4200, 0x4: 0x030201, 0x8: 77 } }
            clocks: {}
            sensors:
              temp:
                unit: degC
                scale: -3
                source: { register: cru+0x0, bits: 15..0, signed: true, multiply: 10 }
                range: { min: -40 degC, max: 125 degC }
                trip-points: 3
                intervals: [100 ms, 1 s, 10 s]
                interval: 1 s
                timestamps: true
                timestamp-scale: -6
              accel:
                unit: m/s^2
                scale: -3
                axes:
                  a_X: { source: { register: cru+0x4, bits: 7..0 } }
                  a_Y: { source: { register: cru+0x4, bits: 15..8 } }
                  an-axis-with-a-long-name_Z: { source: { register: cru+0x4, bits: 23..16 } }
                intervals: { min: 10 ms, max: 100 ms, step: 10 ms }
                timestamps: true
              a-slow-sensor-with-a-long-name:
                unit: V
                source: { simulated: { start: 5, max: 1000, step: 1, every: 100 ms, takes: 20 ms } }
                trip-points: 1
                intervals: [50 ms]
                continuous-updates: false
                asynchronous: true
              off:
                unit: rpm
                source: { register: cru+0x8, bits: 31..0 }
                enabled: false
            """;

    // linux's ids
    private static final int TEMP = 0;
    private static final int ACCEL = 1;
    private static final int SLOW = 2;
    private static final int OFF = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    /** Has events, and controls everything. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer linux;

    /** Has events; temp is its sensor 0, off 1. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer zephyr;

    /** Has events; temp read, off read, accel notify, slow hidden. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer reader;

    /** Has no events; temp and slow. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer tool;

    @BeforeEach
    void fourAgents() throws Exception {
        bench = new Bench(Bench.board(directory, BOARD));
        linux = agent("linux", "temp", "accel", SLOW_NAME, "off").withEvents();
        zephyr = agent("zephyr", "temp", "off").withEvents();
        reader = agent("reader", "temp: read", "off: read", "accel: notify", SLOW_NAME + ": none")
                .withEvents();
        tool = agent("tool", "temp", SLOW_NAME).withoutEvents();
    }

    private static Map<ResourceKind, List<Grant>> sensors(String... grants) {
        return Map.of(ResourceKind.SENSOR, Bench.grants(grants));
    }

    private Bench.Peer agent(String name, String... grants) throws Exception {
        return bench.agent(name, sensors(grants));
    }

    private Sensor sensor(String name) {
        return bench.hardware.sensors().get(name);
    }

    /** The temperature's raw value: 10 millidegrees each. */
    private void temperature(int raw) {
        bench.cru.write(0, raw & 0xFFFF);
    }

    /** The words of a name in 16 or 64 bytes. */
    private static int[] name(String name, int bytes) {
        int[] words = new int[bytes / 4];
        for (int i = 0; i < name.length(); i++) {
            words[i / 4] |= name.charAt(i) << (8 * (i % 4));
        }
        return words;
    }

    private static int[] join(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    private static int[] words(int... words) {
        return words;
    }

    // ---- What there is.

    @Test
    void protocolAttributesCountSensorsAndPendingReadings() {
        assertArrayEquals(words(0, 0x00080004, 0, 0, 0), linux.call(SENSOR, 1));
        assertArrayEquals(words(0, 0x00000002, 0, 0, 0), zephyr.call(SENSOR, 1), "nothing asynchronous");
        assertArrayEquals(words(0, 0x00000004, 0, 0, 0), reader.call(SENSOR, 1), "it is hidden");
        assertArrayEquals(words(0, 0x00000002, 0, 0, 0), tool.call(SENSOR, 1), "no channel, nothing asynchronous");
    }

    @Test
    void descriptorsWordForWord() {
        int[] expected = join(
                words(0, 4),
                words(0, 0x40006B03, 0x0000E802),
                name("temp", 16),
                words(0, 0xE800000A, 0xFFFF63C0, -1, 125_000, 0),
                words(1, 0x40005F00, 0x00030100),
                name("accel", 16),
                words(0),
                words(2, 0xA0000101, 0x00000005),
                name("a-slow-sensor-w", 16),
                words(0, 1, 5, 0, 1000, 0),
                words(3, 0x40000100, 0x00000013),
                name("off", 16),
                words(0, 1, 0, 0, -1, 0));
        assertArrayEquals(expected, linux.call(SENSOR, 3, 0));
    }

    @Test
    void attributeBitsFollowThePermissionAndTheChannel() {
        assertEquals(0x00006B00, reader.call(SENSOR, 3, 0)[3], "read: no trip points, no updates");
        assertEquals(0x40005F00, reader.call(SENSOR, 3, 2)[3], "notify: updates");
        assertEquals(0x00006B00, tool.call(SENSOR, 3, 0)[3], "no channel");
        assertEquals(0x20000100, tool.call(SENSOR, 3, 1)[3], "no channel, nothing asynchronous");
    }

    @Test
    void aHiddenSensorHasAPlaceInTheListAndNothingElse() {
        int[] expected = join(words(0, 1, 3, 0x00000100, 0), name("hidden-3", 16), words(0, 0, 0, 0, 0, 0));
        assertArrayEquals(expected, reader.call(SENSOR, 3, 3));
        for (int message : new int[] {9, 0xC}) {
            assertEquals(NOT_FOUND, reader.status(SENSOR, message, 3));
        }
    }

    @Test
    void version1HasBareDescriptorsWithTheInterval() {
        negotiate(V1);
        int[] expected = join(
                words(0, 4),
                words(0, 0x00000003, 0x0800E802),
                name("temp", 16),
                words(1, 0, 1 << 27 | 0x1E << 22 | 0x0000E859),
                name("accel", 16),
                words(2, 0x80000001, 5 << 27 | 0x1E << 22 | 0x00000005),
                name("a-slow-sensor-w", 16),
                words(3, 0, 0x08000013),
                name("off", 16));
        assertArrayEquals(expected, linux.call(SENSOR, 3, 0));
    }

    @Test
    void version2HasNoExtendedNames() {
        negotiate(V2);
        assertEquals(0x80000101, linux.call(SENSOR, 3, 2)[3]);
        assertEquals(0x100, linux.call(SENSOR, 7, ACCEL, 2)[3]);
        negotiate(V3);
        assertEquals(0xA0000101, linux.call(SENSOR, 3, 2)[3]);
        assertEquals(0x300, linux.call(SENSOR, 7, ACCEL, 2)[3]);
    }

    private void negotiate(int version) {
        assertEquals(0, linux.status(SENSOR, 0x10, version));
    }

    @Test
    void messagesYoungerThanTheNegotiatedVersionAreNotFound() {
        assertEquals(NOT_SUPPORTED, linux.status(SENSOR, 0x10, 0x40000));
        assertEquals(0, linux.status(SENSOR, 2, 0x10));
        negotiate(V3);
        assertEquals(0, linux.status(SENSOR, 2, 0x10), "it may choose again");
        negotiate(V2);
        assertEquals(0, linux.status(SENSOR, 9, TEMP));
        assertEquals(NOT_FOUND, linux.status(SENSOR, 0xC, SLOW));
        assertEquals(NOT_FOUND, linux.status(SENSOR, 0xD, ACCEL, 0));
        negotiate(V1);
        for (int message : new int[] {7, 8, 9, 0xA, 0xB, 0xC, 0xD}) {
            assertEquals(NOT_FOUND, linux.status(SENSOR, message, TEMP, 0), "message " + message);
            assertEquals(NOT_FOUND, linux.status(SENSOR, 2, message), "attributes of message " + message);
        }
        assertArrayEquals(words(0, 0x30001), linux.call(SENSOR, 0));
    }

    @Test
    void messageAttributesAgreeWithWhatIsThere() {
        for (int message : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xA, 0xB, 0xC, 0xD, 0x10}) {
            assertArrayEquals(words(0, 0), linux.call(SENSOR, 2, message), "message " + message);
        }
        for (int message : new int[] {0xE, 0xF, 0x11, 0xFF, -1}) {
            assertEquals(NOT_FOUND, linux.status(SENSOR, 2, message), "message " + message);
            assertEquals(NOT_FOUND, linux.status(SENSOR, message & 0xFF), "message " + message);
        }
        for (int message : new int[] {4, 5, 0xB}) {
            assertEquals(NOT_FOUND, tool.status(SENSOR, 2, message), "no channel: message " + message);
        }
    }

    @Test
    void everyRequestOfTheWrongLengthIsAProtocolError() {
        int[][] lengths = {
            {0, 0}, {1, 0}, {2, 1}, {3, 1}, {4, 2}, {5, 4}, {6, 2}, {7, 2}, {8, 2}, {9, 1}, {0xA, 2}, {0xB, 2},
            {0xC, 1}, {0xD, 2}, {0x10, 1}
        };
        for (int[] length : lengths) {
            for (int words = 0; words < 6; words++) {
                if (words != length[1]) {
                    assertEquals(
                            PROTOCOL_ERROR,
                            linux.status(SENSOR, length[0], new int[words]),
                            words + " words of message " + length[0]);
                }
            }
        }
    }

    @Test
    void everyCommandForASensorThatIsNotThereIsNotFound() {
        int[][] commands = {{4, 2}, {5, 4}, {6, 2}, {7, 2}, {8, 2}, {9, 1}, {0xA, 2}, {0xB, 2}, {0xC, 1}, {0xD, 2}};
        for (int[] command : commands) {
            for (int id : new int[] {4, 5, -1, Integer.MIN_VALUE}) {
                int[] payload = new int[command[1]];
                payload[0] = id;
                assertEquals(NOT_FOUND, linux.status(SENSOR, command[0], payload), "message " + command[0]);
            }
        }
    }

    @Test
    void whatAnAgentMayNotDoIsDenied() {
        assertEquals(DENIED, reader.status(SENSOR, 4, 0, 1), "read: no trip point events");
        assertEquals(DENIED, reader.status(SENSOR, 5, 0, 1, 0, 0));
        assertEquals(DENIED, reader.status(SENSOR, 0xB, 0, 1));
        assertEquals(DENIED, reader.status(SENSOR, 0xA, 0, 1));
        assertEquals(DENIED, reader.status(SENSOR, 0xA, 2, 1), "notify does not control");
        assertEquals(0, reader.status(SENSOR, 0xB, 2, 1));
        assertEquals(0, reader.status(SENSOR, 6, 0, 0));
        for (int message : new int[] {4, 0xB}) {
            assertEquals(NOT_SUPPORTED, tool.status(SENSOR, message, 0, 1), "no channel: message " + message);
        }
        assertEquals(NOT_SUPPORTED, tool.status(SENSOR, 5, 0, 1, 0, 0));
    }

    // ---- Lists.

    @Test
    void indexesBeyondTheEnd() {
        assertEquals(INVALID, linux.status(SENSOR, 3, 4));
        assertEquals(INVALID, linux.status(SENSOR, 3, -1));
        for (int message : new int[] {7, 0xD}) {
            assertEquals(OUT_OF_RANGE, linux.status(SENSOR, message, ACCEL, 3));
            assertEquals(OUT_OF_RANGE, linux.status(SENSOR, message, ACCEL, -1));
            assertArrayEquals(words(0, 0), linux.call(SENSOR, message, TEMP, 0), "no axes");
            assertEquals(OUT_OF_RANGE, linux.status(SENSOR, message, TEMP, 1));
        }
        assertEquals(OUT_OF_RANGE, linux.status(SENSOR, 8, TEMP, 3));
        assertEquals(OUT_OF_RANGE, linux.status(SENSOR, 8, TEMP, -1));
        assertEquals(OUT_OF_RANGE, linux.status(SENSOR, 8, ACCEL, 1), "a range begins at 0");
    }

    @Test
    void axesWordForWord() {
        int[] expected = join(
                words(0, 3),
                words(0, 0x100, 0xE859),
                name("a_X", 16),
                words(0xE8000001, 0, 0, 255, 0),
                words(1, 0x100, 0xE859),
                name("a_Y", 16),
                words(0xE8000001, 0, 0, 255, 0),
                words(2, 0x300, 0xE859),
                name("an-axis-with-a-", 16),
                words(0xE8000001, 0, 0, 255, 0));
        assertArrayEquals(expected, linux.call(SENSOR, 7, ACCEL, 0));
        int[] names = join(words(0, 2, 1), name("a_Y", 64), words(2), name(AXIS_NAME, 64));
        assertArrayEquals(names, linux.call(SENSOR, 0xD, ACCEL, 1));
    }

    @Test
    void intervalsAsAListAndAsARange() {
        assertArrayEquals(words(0, 3, 1 << 5 | 0x1F, 1 << 5, 10 << 5), linux.call(SENSOR, 8, TEMP, 0));
        assertArrayEquals(words(0, 1, 10 << 5), linux.call(SENSOR, 8, TEMP, 2));
        assertArrayEquals(
                words(0, 0x1003, 1 << 5 | 0x1E, 1 << 5 | 0x1F, 1 << 5 | 0x1E), linux.call(SENSOR, 8, ACCEL, 0));
        assertArrayEquals(words(PROTOCOL_ERROR), linux.callWithin(8 + 4 + 8, SENSOR, 8, ACCEL, 0), "no half range");
    }

    @Test
    void namesAreWholeWhereTheDescriptorsAreNot() {
        assertArrayEquals(join(words(0, 0), name(SLOW_NAME, 64)), linux.call(SENSOR, 0xC, SLOW));
        assertEquals(NOT_SUPPORTED, linux.status(SENSOR, 0xC, TEMP));
    }

    /** Items of a list, each as its words, for any buffer and start; null if not one fits. */
    private interface Splitter {
        List<int[]> items(int[] reply);
    }

    @Test
    void listsArePagedRightForEveryBufferAndEveryStart() {
        walk(3, words(), 0xFFFF, SensorProtocolTest::descriptors);
        walk(7, words(ACCEL), 0x3F, reply -> equal(reply, 12));
        walk(0xD, words(ACCEL), 0x3F, reply -> equal(reply, 17));
        walk(8, words(TEMP), 0xFFFF, reply -> equal(reply, 1));
        negotiate(V1);
        walk(3, words(), 0xFFFF, reply -> equal(reply, 7));
    }

    private void walk(int message, int[] before, int mostRemaining, Splitter splitter) {
        List<int[]> all = splitter.items(linux.call(SENSOR, message, join(before, words(0))));
        int shift = mostRemaining == 0x3F ? 26 : 16;
        for (int capacity = 8; capacity < 300; capacity++) {
            for (int start = 0; start < all.size(); start++) {
                int[] reply = linux.callWithin(capacity, SENSOR, message, join(before, words(start)));
                boolean fits = capacity >= 12 + 4 * all.get(start).length;
                assertEquals(fits ? 0 : PROTOCOL_ERROR, reply[0], message + " from " + start + " in " + capacity);
                if (!fits) {
                    assertEquals(1, reply.length);
                    continue;
                }
                List<int[]> items = splitter.items(reply);
                assertEquals(reply[1] & mostRemaining & 0xFFF, items.size());
                assertEquals(all.size() - start - items.size(), reply[1] >>> shift, "remaining");
                int bytes = 12;
                for (int i = 0; i < items.size(); i++) {
                    assertArrayEquals(all.get(start + i), items.get(i));
                    bytes += 4 * items.get(i).length;
                }
                boolean isFull = start + items.size() == all.size()
                        || bytes + 4 * all.get(start + items.size()).length > capacity;
                assertTrue(isFull, "one more fits from " + start + " in " + capacity);
            }
        }
    }

    private static List<int[]> descriptors(int[] reply) {
        List<int[]> items = new ArrayList<>();
        for (int at = 2; at < reply.length; ) {
            int words = (reply[at + 2] & 0x100) != 0 ? 8 : 13;
            items.add(Arrays.copyOfRange(reply, at, at + words));
            at += words;
        }
        return items;
    }

    private static List<int[]> equal(int[] reply, int words) {
        List<int[]> items = new ArrayList<>();
        for (int at = 2; at < reply.length; at += words) {
            items.add(Arrays.copyOfRange(reply, at, at + words));
        }
        return items;
    }

    // ---- Reading.

    @Test
    void aReadingHasAValueAndATimestampForEachAxis() {
        assertArrayEquals(words(0, 42_000, 0, 0, 0), linux.call(SENSOR, 6, TEMP, 0));
        temperature(-4000);
        assertArrayEquals(words(0, -40_000, -1, 0, 0), linux.call(SENSOR, 6, TEMP, 0));
        assertArrayEquals(words(0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0), linux.call(SENSOR, 6, ACCEL, 0));
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 3));
        bench.loop.passMillis(7);
        assertArrayEquals(words(0, -40_000, -1, 7001, 0), linux.call(SENSOR, 6, TEMP, 0), "in microseconds");
        assertArrayEquals(words(0, -40_000, -1, 0, 0), zephyr.call(SENSOR, 6, 0, 0), "each agent's own affair");
    }

    @Test
    void version1ReadsABareValue() {
        negotiate(V1);
        temperature(-4000);
        assertArrayEquals(words(0, -40_000, -1), linux.call(SENSOR, 6, TEMP, 0));
        assertArrayEquals(words(0, 1, 0), linux.call(SENSOR, 6, ACCEL, 0), "the first axis");
        linux.call(SENSOR, 6, SLOW, 1);
        bench.loop.passMillis(20);
        assertEquals(List.of("5606 0 2 5 0"), withoutTokens(linux.events.take()), "value only");
    }

    @Test
    void aReadingThatDoesNotFitIsAProtocolError() {
        assertArrayEquals(words(PROTOCOL_ERROR), linux.callWithin(8 + 47, SENSOR, 6, ACCEL, 0));
        assertEquals(13, linux.callWithin(8 + 48, SENSOR, 6, ACCEL, 0).length);
        assertArrayEquals(words(PROTOCOL_ERROR), linux.callWithin(8 + 15, SENSOR, 6, TEMP, 0));
        assertEquals(5, linux.callWithin(8 + 16, SENSOR, 6, TEMP, 0).length);
    }

    @Test
    void wrongReadings() {
        assertEquals(INVALID, linux.status(SENSOR, 6, TEMP, 2));
        assertEquals(INVALID, linux.status(SENSOR, 6, TEMP, 0xF));
        assertEquals(NOT_SUPPORTED, linux.status(SENSOR, 6, TEMP, 1), "not asynchronous");
        assertEquals(NOT_SUPPORTED, tool.status(SENSOR, 6, 1, 1), "no channel");
        assertEquals(PROTOCOL_ERROR, linux.status(SENSOR, 6, OFF, 0), "it is off");
        assertEquals(PROTOCOL_ERROR, reader.status(SENSOR, 6, 1, 0), "it is off");
        bench.windows.close();
        assertEquals(HARDWARE_ERROR, linux.status(SENSOR, 6, TEMP, 0));
    }

    @Test
    void aSlowReadingPutsTheReplyOffAndNobodyElseWaits() {
        assertEquals(0, linux.callWithin(4096, SENSOR, 6, SLOW, 0).length);
        assertArrayEquals(words(0, 42_000, 0, 0, 0), zephyr.call(SENSOR, 6, 0, 0));
        assertEquals(0, tool.callWithin(4096, SENSOR, 6, 1, 0).length, "it joins the reading");
        bench.loop.passMillis(19);
        assertNull(linux.deferredReply());
        assertArrayEquals(words(0, 5, 0, 0, 0), linux.awaitReply(1));
        assertArrayEquals(words(0, 5, 0, 0, 0), tool.deferredReply());
    }

    @Test
    void aSlowReadingOfAnAgentThatIsGoneIsAnsweredToNobody() {
        linux.callWithin(4096, SENSOR, 6, SLOW, 0);
        linux.agent.guestReset();
        bench.loop.passMillis(20);
        assertNull(linux.deferredReply());
        assertEquals(0, linux.callWithin(4096, SENSOR, 6, SLOW, 0).length);
        assertArrayEquals(words(0, 5, 0, 0, 0), linux.awaitReply(20));
    }

    @Test
    void anAsynchronousReadingIsAnsweredAtOnceAndCompletedLater() {
        assertArrayEquals(words(0), linux.call(SENSOR, 6, SLOW, 1));
        assertEquals(List.of(), linux.events.take());
        int first = linux.lastToken();
        bench.loop.passMillis(10);
        assertArrayEquals(words(0), linux.call(SENSOR, 6, SLOW, 1));
        int second = linux.lastToken();
        bench.loop.passMillis(10);
        int header = 6 | 2 << 8 | SENSOR << 10;
        assertEquals(
                List.of(
                        Integer.toHexString(header | first << 18) + " 0 2 5 0 0 0",
                        Integer.toHexString(header | second << 18) + " 0 2 5 0 0 0"),
                linux.events.take());
        bench.loop.passMillis(1000);
        assertEquals(List.of(), linux.events.take(), "once");
    }

    @Test
    void asManyAsynchronousReadingsAsWereAnnouncedMayBePending() {
        for (int i = 0; i < 8; i++) {
            assertEquals(0, linux.status(SENSOR, 6, SLOW, 1));
        }
        assertEquals(Status.Code.BUSY, linux.status(SENSOR, 6, SLOW, 1));
        bench.loop.passMillis(20);
        assertEquals(8, linux.events.take().size());
        assertEquals(0, linux.status(SENSOR, 6, SLOW, 1));
    }

    @Test
    void anAsynchronousReadingOfAnAgentThatIsResetIsForgotten() {
        assertEquals(0, linux.status(SENSOR, 6, SLOW, 1));
        assertEquals(0, linux.status(Bench.BASE, 0xB, 1, 0));
        bench.loop.passMillis(1000);
        assertEquals(List.of(), linux.events.take());
    }

    private static List<String> withoutTokens(List<String> events) {
        return events.stream()
                .map(event -> {
                    int space = event.indexOf(' ');
                    int header = Integer.parseUnsignedInt(event.substring(0, space), 16);
                    return Integer.toHexString(header & 0x3FFFF) + event.substring(space);
                })
                .toList();
    }

    // ---- On and off, and how often.

    @Test
    void configShowsSwitchTimestampsAndInterval() {
        assertArrayEquals(words(0, 0x00010001), linux.call(SENSOR, 9, TEMP), "1 s, on");
        assertArrayEquals(words(0, 0x00010000), linux.call(SENSOR, 9, OFF), "1 s, off");
        assertArrayEquals(words(0, 0x0001F001), linux.call(SENSOR, 9, ACCEL), "1 x 10^-2 s");
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 0x0001F803), "100 ms with timestamps");
        assertArrayEquals(words(0, 0x0001F803), linux.call(SENSOR, 9, TEMP));
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 1), "interval 0: as it is");
        assertArrayEquals(words(0, 0x0001F801), linux.call(SENSOR, 9, TEMP));
        assertArrayEquals(words(0, 0x0001F801), zephyr.call(SENSOR, 9, 0), "there is one interval");
    }

    @Test
    void wrongConfigs() {
        assertEquals(INVALID, linux.status(SENSOR, 0xA, TEMP, 0xF));
        assertEquals(INVALID, linux.status(SENSOR, 0xA, TEMP, 0x101));
        assertEquals(NOT_SUPPORTED, linux.status(SENSOR, 0xA, OFF, 3), "it has no timestamps");
        assertArrayEquals(words(0, 0x00010000), linux.call(SENSOR, 9, OFF), "nothing was changed");
    }

    @Test
    void anIntervalIsRoundedAsTheAgentSays() {
        int[][] cases = {
            // milliseconds, rounding, and what becomes of it for temp
            {50, 0, 100},
            {100, 1, 100},
            {101, 0, 100},
            {101, 1, 1000},
            {500, 2, 100},
            {600, 2, 1000},
            {600, 3, 1000},
            {999, 0, 100},
            {1000, 0, 1000},
            {5000, 1, 10_000},
            {20_000, 1, 10_000},
            {20_000, 0, 10_000}
        };
        for (int[] each : cases) {
            int config = 1 | each[0] << 16 | 0x1D << 11 | each[1] << 9;
            assertEquals(0, linux.status(SENSOR, 0xA, TEMP, config));
            assertEquals(each[2] * 1_000_000L, sensor("temp").intervalNanos(), Arrays.toString(each));
        }
        int[][] steps = {{4, 0, 10}, {14, 0, 10}, {14, 1, 20}, {14, 2, 10}, {16, 2, 20}, {30, 1, 30}, {500, 0, 100}};
        for (int[] each : steps) {
            int config = 1 | each[0] << 16 | 0x1D << 11 | each[1] << 9;
            assertEquals(0, linux.status(SENSOR, 0xA, ACCEL, config));
            assertEquals(each[2] * 1_000_000L, sensor("accel").intervalNanos(), Arrays.toString(each));
        }
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 1 | 0xFFFF << 16 | 0x0F << 11), "a very long time");
        assertEquals(10_000_000_000L, sensor("temp").intervalNanos());
    }

    @Test
    void anIntervalOfAMicrosecondIsNeitherOfferedNorTakenAndAllEventsTogetherAreBounded() throws Exception {
        String sensors = IntStream.range(0, 20)
                .mapToObj(i ->
                        "  fast" + i + ": { unit: V, intervals: [1 us, 1 s], source: { register: cru+8, bit: 0 } }\n")
                .collect(Collectors.joining());
        Path folder = Files.createDirectory(directory.resolve("fast"));
        Bench fast = new Bench(Bench.board(folder, """
                        board: bench
                        registers: { cru: { at: 0x1000, size: 4 KiB, access: simulated } }
                        clocks: {}
                        sensors:
                        """ + sensors));
        Bench.Peer eager = fast.agent(
                        "eager",
                        Map.of(
                                ResourceKind.SENSOR,
                                Bench.grants(IntStream.range(0, 20)
                                        .mapToObj(i -> "fast" + i)
                                        .toArray(String[]::new))))
                .withEvents();
        assertArrayEquals(words(0, 2, 1 << 5 | 0x1D, 1 << 5), eager.call(SENSOR, 8, 0, 0), "1 ms and 1 s");
        for (int id = 0; id < 20; id++) {
            assertEquals(0, eager.status(SENSOR, 0xA, id, 1 | 1 << 16 | (-6 & 0x1F) << 11), "1 us");
            assertArrayEquals(words(0, 1 | 1 << 16 | (-3 & 0x1F) << 11), eager.call(SENSOR, 9, id), "1 ms");
            assertEquals(0, eager.status(SENSOR, 0xB, id, 1));
        }
        eager.events.take();
        int updates = 0;
        for (int ms = 0; ms < 1000; ms++) {
            fast.loop.passMillis(1);
            updates += eager.events.take().size();
        }
        assertTrue(updates >= 900 && updates <= 1020, updates + " updates of 20 sensors in a second");
    }

    @Test
    void whoLeavesTakesItsIntervalAlong() {
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 0x0001F803), "100 ms with timestamps");
        linux.agent.guestReset();
        assertArrayEquals(words(0, 0x00010001), linux.call(SENSOR, 9, TEMP), "1 s, without");
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 0x0001F803));
        assertEquals(0, linux.status(Bench.BASE, 0xB, 1, 0));
        assertArrayEquals(words(0, 0x00010001), linux.call(SENSOR, 9, TEMP));
    }

    @Test
    void aSensorIsOnWhileAnyoneWhoMayControlItHasItOn() {
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 0));
        assertArrayEquals(words(0, 0x00010000), linux.call(SENSOR, 9, TEMP), "its own switch is off");
        assertEquals(PROTOCOL_ERROR, linux.status(SENSOR, 6, TEMP, 0));
        assertEquals(0, zephyr.status(SENSOR, 6, 0, 0), "zephyr never switched anything, as hwmon does not");
        assertEquals(0, reader.status(SENSOR, 6, 0, 0), "and who may not control it sees that it is on");
        assertEquals(0, zephyr.status(SENSOR, 0xA, 0, 0));
        assertEquals(0, tool.status(SENSOR, 0xA, 0, 0));
        assertFalse(sensor("temp").enabled());
        assertEquals(PROTOCOL_ERROR, reader.status(SENSOR, 6, 0, 0));
        assertArrayEquals(words(0, 0x00010000), reader.call(SENSOR, 9, 0));
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 1));
        assertTrue(sensor("temp").enabled());
        assertEquals(0, reader.status(SENSOR, 6, 0, 0));
        assertEquals(PROTOCOL_ERROR, zephyr.status(SENSOR, 6, 0, 0), "its own switch is off");
    }

    @Test
    void aSensorThatStartsOffCanBeSwitchedOn() {
        assertEquals(0, linux.status(SENSOR, 0xA, OFF, 1));
        assertArrayEquals(words(0, 77, 0, 0, 0), linux.call(SENSOR, 6, OFF, 0));
        assertArrayEquals(words(0, 77, 0, 0, 0), reader.call(SENSOR, 6, 1, 0));
        linux.agent.guestReset();
        assertFalse(sensor("off").enabled());
        assertEquals(PROTOCOL_ERROR, reader.status(SENSOR, 6, 1, 0));
    }

    // ---- Trip points.

    /** Sets a trip point of linux's temperature, in millidegrees. */
    private void trip(int tripPoint, int direction, int value) {
        assertEquals(0, linux.status(SENSOR, 5, TEMP, tripPoint << 4 | direction, value, value >> 31));
    }

    /** Sets the temperature, and lets an update interval pass. */
    private List<String> temperatureBecomes(int raw) {
        temperature(raw);
        bench.loop.passMillis(1000);
        return linux.events.take();
    }

    @Test
    void crossingATripPointIsTold() {
        assertEquals(0, linux.status(SENSOR, 4, TEMP, 1));
        trip(0, 1, 50_000);
        trip(1, 2, 50_000);
        trip(2, 3, -10_000);
        assertEquals(List.of(), temperatureBecomes(4999));
        assertEquals(List.of("5700 0 0 10000"), temperatureBecomes(5000), "rose to it");
        assertEquals(List.of(), temperatureBecomes(5001));
        assertEquals(List.of("5700 0 0 1"), temperatureBecomes(4999), "fell below it");
        assertEquals(List.of("5700 0 0 2"), temperatureBecomes(-1001));
        assertEquals(List.of("5700 0 0 10000", "5700 0 0 10002"), temperatureBecomes(6000), "two at once");
        assertEquals(List.of("5700 0 0 1", "5700 0 0 2"), temperatureBecomes(-2000));
    }

    @Test
    void whatIsOffOrNotSubscribedIsNotTold() {
        trip(0, 3, 50_000);
        assertEquals(List.of(), temperatureBecomes(6000), "no subscription");
        assertFalse(sensor("temp").isSampling());
        assertEquals(0, linux.status(SENSOR, 4, TEMP, 1));
        assertTrue(sensor("temp").isSampling());
        assertEquals(List.of("5700 0 0 0"), temperatureBecomes(4000));
        trip(0, 0, 50_000);
        assertFalse(sensor("temp").isSampling(), "nothing to look for");
        assertEquals(List.of(), temperatureBecomes(6000));
        trip(0, 3, 50_000);
        assertEquals(List.of(), temperatureBecomes(6100), "what it is already is no crossing");
        assertEquals(0, linux.status(SENSOR, 4, TEMP, 0));
        assertEquals(List.of(), temperatureBecomes(4000));
    }

    @Test
    void tripPointsAreEachAgentsOwn() {
        assertEquals(0, linux.status(SENSOR, 4, TEMP, 1));
        assertEquals(0, zephyr.status(SENSOR, 4, 0, 1));
        trip(0, 1, 50_000);
        assertEquals(0, zephyr.status(SENSOR, 5, 0, 0x21, 60_000, 0));
        assertEquals(List.of("5700 0 0 10000"), temperatureBecomes(5500));
        assertEquals(List.of(), zephyr.events.take());
        assertEquals(List.of(), temperatureBecomes(6500));
        assertEquals(List.of("5700 0 0 10002"), zephyr.events.take());
    }

    @Test
    void aSensorThatIsOffCrossesNothing() {
        for (Bench.Peer peer : List.of(zephyr, tool)) {
            assertEquals(0, peer.status(SENSOR, 0xA, 0, 0));
        }
        assertEquals(0, linux.status(SENSOR, 4, TEMP, 1));
        trip(0, 3, 50_000);
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 0));
        assertEquals(List.of(), temperatureBecomes(6000));
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 1));
        assertEquals(List.of(), temperatureBecomes(6000), "what happened meanwhile is not known");
        assertEquals(List.of("5700 0 0 0"), temperatureBecomes(4000));
    }

    @Test
    void whoChangesTheSettingsOfASensorAgainAndAgainSilencesNoOtherAgentsEvents() {
        assertEquals(0, reader.status(SENSOR, 0xB, 2, 1));
        assertEquals(0, linux.status(SENSOR, 0xA, ACCEL, 10 << 16 | (-3 & 0x1F) << 11 | 1));
        reader.events.take();
        for (int i = 0; i < 100; i++) {
            bench.loop.passMillis(7);
            int millis = 10 * (1 + i % 2);
            assertEquals(0, linux.status(SENSOR, 0xA, ACCEL, millis << 16 | (-3 & 0x1F) << 11 | 1));
            if (i % 3 == 0) {
                assertEquals(0, linux.status(SENSOR, 0xA, ACCEL, 0));
                bench.loop.passMillis(7);
                assertEquals(0, linux.status(SENSOR, 0xA, ACCEL, 1));
            }
        }
        int updates = reader.events.take().size();
        assertTrue(updates >= 900 / 20, updates + " updates in more than 900 ms");
    }

    @Test
    void whoSwitchesASensorOffForAMomentLosesNobodysCrossing() {
        assertEquals(0, tool.status(SENSOR, 0xA, 0, 0));
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 0));
        assertEquals(0, zephyr.status(SENSOR, 4, 0, 1));
        assertEquals(0, zephyr.status(SENSOR, 5, 0, 1, 50_000, 0));
        bench.loop.passMillis(1000);
        for (int i = 0; i < 3; i++) {
            temperature(6000);
            assertEquals(0, zephyr.status(SENSOR, 0xA, 0, 0));
            bench.loop.passMillis(900);
            assertEquals(0, zephyr.status(SENSOR, 0xA, 0, 1));
            bench.loop.passMillis(100);
            assertEquals(List.of("5700 0 0 10000"), zephyr.events.take());
            temperature(4000);
            bench.loop.passMillis(1000);
        }
    }

    @Test
    void aSlowSensorCrossesToo() {
        assertEquals(0, linux.status(SENSOR, 4, SLOW, 1));
        assertEquals(0, linux.status(SENSOR, 5, SLOW, 1, 6, 0));
        bench.loop.passMillis(20);
        assertEquals(List.of(), linux.events.take());
        for (int i = 0; i < 20; i++) {
            bench.loop.passMillis(10);
        }
        assertEquals(List.of("5700 0 2 10000"), linux.events.take());
    }

    @Test
    void wrongTripPoints() {
        assertEquals(INVALID, linux.status(SENSOR, 4, TEMP, 2));
        assertEquals(INVALID, linux.status(SENSOR, 4, TEMP, 0xF));
        assertEquals(INVALID, linux.status(SENSOR, 5, TEMP, 0x31, 0, 0), "trip point 3 of 3");
        assertEquals(INVALID, linux.status(SENSOR, 5, TEMP, 0xFF1, 0, 0));
        assertEquals(INVALID, linux.status(SENSOR, 5, TEMP, 0x5, 0, 0), "reserved");
        assertEquals(INVALID, linux.status(SENSOR, 5, TEMP, 0x1001, 0, 0), "reserved");
        assertEquals(NOT_SUPPORTED, linux.status(SENSOR, 4, OFF, 1), "it has none");
        assertEquals(NOT_SUPPORTED, linux.status(SENSOR, 5, OFF, 1, 0, 0), "it has none");
        assertEquals(INVALID, linux.status(SENSOR, 5, OFF, 1 << 4, 0, 0), "and even less a second");
        assertEquals(INVALID, linux.status(SENSOR, 4, OFF, 0xF));
        assertEquals(INVALID, linux.status(SENSOR, 5, OFF, 0xF, 0, 0));
        for (int tripPoint = 0; tripPoint < 3; tripPoint++) {
            assertEquals(0, linux.status(SENSOR, 5, TEMP, tripPoint << 4, 0, 0), "off is always right");
        }
    }

    // ---- Continuous updates.

    @Test
    void everySampleIsSentToThoseWhoWantIt() {
        assertEquals(0, linux.status(SENSOR, 0xB, ACCEL, 1));
        assertEquals(0, reader.status(SENSOR, 0xB, 2, 1));
        assertEquals(0, linux.status(SENSOR, 0xA, ACCEL, 3));
        bench.loop.passMillis(10);
        assertEquals(List.of("5701 0 1 1 0 989a68 0 2 0 989a68 0 3 0 989a68 0"), linux.events.take());
        assertEquals(List.of("5701 0 2 1 0 0 0 2 0 0 0 3 0 0 0"), reader.events.take(), "without timestamps");
        bench.cru.write(4, 0x040201);
        bench.loop.passMillis(10);
        assertEquals(List.of("5701 0 2 1 0 0 0 2 0 0 0 4 0 0 0"), reader.events.take());
        assertEquals(0, reader.status(SENSOR, 0xB, 2, 0));
        assertEquals(0, linux.status(SENSOR, 0xB, ACCEL, 0));
        assertFalse(sensor("accel").isSampling());
        linux.events.take();
        bench.loop.passMillis(1000);
        assertEquals(List.of(), linux.events.take());
    }

    @Test
    void updatesThatWaitForABufferAreOneWithTheNewestValues() {
        linux.events.free = 0;
        assertEquals(0, linux.status(SENSOR, 0xB, TEMP, 1));
        for (int i = 0; i < 5; i++) {
            temperature(100 * i);
            bench.loop.passMillis(1000);
        }
        linux.events.free = 10;
        linux.agent.flushEvents();
        assertEquals(List.of("5701 0 0 fa0 0 0 0"), linux.events.take());
    }

    @Test
    void updatesStopWhileTheAgentHasTheSensorOff() {
        assertEquals(0, linux.status(SENSOR, 0xB, TEMP, 1));
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 0));
        bench.loop.passMillis(1000);
        assertEquals(List.of(), linux.events.take(), "though others have it on");
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 1));
        bench.loop.passMillis(1000);
        assertEquals(1, linux.events.take().size());
    }

    @Test
    void anotherIntervalHoldsForUpdatesAtOnce() {
        assertEquals(0, linux.status(SENSOR, 0xB, TEMP, 1));
        assertEquals(0, zephyr.status(SENSOR, 0xA, 0, 0x0001F801), "the last writer wins");
        bench.loop.passMillis(100);
        assertEquals(1, linux.events.take().size());
        zephyr.agent.guestReset();
        assertEquals(1_000_000_000, sensor("temp").intervalNanos(), "and takes it along");
    }

    @Test
    void wrongSubscriptions() {
        assertEquals(INVALID, linux.status(SENSOR, 0xB, TEMP, 2));
        assertEquals(INVALID, linux.status(SENSOR, 0xB, TEMP, 0xFF));
        assertEquals(NOT_SUPPORTED, linux.status(SENSOR, 0xB, SLOW, 1));
        assertFalse(sensor("temp").isSampling());
    }

    @Test
    void anAgentOfVersion1IsSentNoUpdates() {
        assertEquals(0, linux.status(SENSOR, 0xB, TEMP, 1));
        negotiate(V1);
        bench.loop.passMillis(1000);
        assertEquals(List.of(), linux.events.take());
    }

    // ---- Coming and going of agents.

    @Test
    void anAgentThatGoesGivesUpEverything() {
        assertEquals(0, linux.status(SENSOR, 0xA, TEMP, 0x0001F803));
        assertEquals(0, linux.status(SENSOR, 0xA, OFF, 1));
        assertEquals(0, linux.status(SENSOR, 0xB, ACCEL, 1));
        assertEquals(0, linux.status(SENSOR, 4, TEMP, 1));
        trip(0, 3, 1);
        linux.agent.guestReset();
        assertFalse(sensor("temp").isSampling());
        assertFalse(sensor("accel").isSampling());
        assertFalse(sensor("off").enabled());
        assertEquals(1_000_000_000, sensor("temp").intervalNanos());
        assertArrayEquals(words(0, 0x00010001), linux.call(SENSOR, 9, TEMP));
        assertFalse(linux.agent.state().hasContent());
    }

    @Test
    void whatAnAgentSetSurvivesAServiceThatIsKilled() throws Exception {
        Board board = Bench.board(directory, BOARD);
        Path state = directory.resolve("state");
        Map<ResourceKind, List<Grant>> grants = sensors("temp", "accel", "off");
        Windows windows = Windows.open(board, true);
        try (AgentStateStore store = AgentStateStore.open(state)) {
            Bench first = new Bench(board, windows);
            Bench.Peer vm = first.agent("vm", store, new Agent.Presence(false, 10_000), grants)
                    .withEvents();
            assertEquals(0, vm.status(SENSOR, 0xA, 0, 0x0001F803));
            assertEquals(0, vm.status(SENSOR, 0xA, 2, 1));
            assertEquals(0, vm.status(SENSOR, 4, 0, 1));
            assertEquals(0, vm.status(SENSOR, 5, 0, 0x23, 50_000, 0));
            assertEquals(0, vm.status(SENSOR, 0xB, 1, 1));
        }
        try (AgentStateStore store = AgentStateStore.open(state)) {
            Bench second = new Bench(board, windows);
            Bench.Peer vm = second.agent("vm", store, new Agent.Presence(false, 10_000), grants);
            second.core.resume(false);
            vm.withEvents();
            assertArrayEquals(words(0, 0x0001F803), vm.call(SENSOR, 9, 0));
            assertTrue(second.hardware.sensors().get("off").enabled());
            assertTrue(second.hardware.sensors().get("accel").isSampling());
            second.loop.passMillis(100);
            vm.events.take();
            windows.window("cru").write(0, 5000);
            second.loop.passMillis(100);
            assertEquals(
                    1,
                    vm.events.take().stream().filter("5700 0 0 10002"::equals).count());
        }
    }
}
