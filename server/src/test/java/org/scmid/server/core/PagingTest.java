// Every list command, for every size of the reply's buffer: nothing is lost, repeated or split.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.Field;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.Status;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.performance.PerformanceVersion;
import org.scmid.protocol.sensor.SensorMessage;
import org.scmid.protocol.voltage.VoltageMessage;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.protocol.Protocol;

/** Every list command of every protocol that is served, in every version, of every resource of {@link WholeBoard}. */
@Tag(Evidence.SWEEP)
class PagingTest {
    /** Header, status and the word with the counts. */
    private static final int START = 12;

    private static final int PLENTY = 4096;
    private static final int RANGE_BIT = 1 << 12;
    private static final int RANGE_VALUES = 3;

    /** Replies of variable length that are no lists to page through. */
    private static final Set<Message> NO_LISTS = Set.of(SensorMessage.SENSOR_READING_GET);

    /** What an index beyond the end is answered, where it is not OUT_OF_RANGE. */
    private static int beyondTheEnd(Message message, int version) {
        if (message == PerformanceMessage.PERFORMANCE_DESCRIBE_LEVELS) {
            return version == PerformanceVersion.V4_0 ? Status.Code.OUT_OF_RANGE : Status.Code.INVALID_PARAMETERS;
        }
        return message == BaseMessage.BASE_DISCOVER_LIST_PROTOCOLS || message == SensorMessage.SENSOR_DESCRIPTION_GET
                ? Status.Code.INVALID_PARAMETERS
                : Status.Code.OUT_OF_RANGE;
    }

    /** Where in the word with the counts those that remain are. */
    private static int remainingShift(Message message) {
        if (message == ClockMessage.CLOCK_POSSIBLE_PARENTS_GET) {
            return 24;
        }
        return message == SensorMessage.SENSOR_AXIS_DESCRIPTION_GET || message == SensorMessage.SENSOR_AXIS_NAME_GET
                ? 26
                : 16;
    }

    private static int returnedMask(Message message) {
        return switch (remainingShift(message)) {
            case 24 -> 0xFF;
            case 26 -> 0x3F;
            default -> 0xFFF;
        };
    }

    /** Formats that are a list or a range {lowest, highest, step}. */
    private static final Set<Message> MAY_BE_RANGES = Set.of(
            ClockMessage.CLOCK_DESCRIBE_RATES,
            SensorMessage.SENSOR_LIST_UPDATE_INTERVALS,
            VoltageMessage.VOLTAGE_DESCRIBE_LEVELS);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    @SuppressWarnings("NullAway.Init")
    private Bench.Peer agent;

    private final Map<Message, Integer> longest = new HashMap<>();

    @BeforeEach
    void anAgentWithEverything() throws Exception {
        bench = WholeBoard.bench(directory, "linux");
        Board board = Bench.board(directory, WholeBoard.YAML);
        agent = bench.agent("linux", WholeBoard.everything(board)).withEvents();
    }

    /** A list as it is when it comes in one piece: its items' bytes. */
    private record Listing(Message message, int version, int resource, List<byte[]> items, boolean isRange) {
        int[] payload(int index) {
            return message.description().fromAgent().resourceOffset() == Layout.NO_RESOURCE
                    ? new int[] {index}
                    : new int[] {resource, index};
        }

        /** Bytes of a reply with some of the items. */
        int length(int from, int count) {
            int bytes = 0;
            for (byte[] item : items.subList(from, from + count)) {
                bytes += item.length;
            }
            return START + (bytes + 3) / 4 * 4;
        }

        int fits(int from, int capacity) {
            int count = 0;
            while (from + count < items.size() && length(from, count + 1) <= capacity) {
                count++;
            }
            return count;
        }

        @Override
        public String toString() {
            return "%s, version 0x%x, resource %d".formatted(message.name(), version, resource);
        }
    }

    @Test
    void everyListIsWholeForEverySizeOfTheReply() {
        for (Protocol protocol : bench.core.protocols()) {
            for (int version : protocol.id().versions()) {
                assertEquals(0, agent.status(protocol.id().id(), 0x10, version));
                for (Message message : protocol.table().messages()) {
                    if (isList(message) && message.isIn(version)) {
                        check(protocol, message, version);
                    }
                }
            }
        }
        longest.forEach((message, items) ->
                assertTrue(items > 2, message + " has at most " + items + " items: the board does not try it"));
    }

    private static boolean isList(Message message) {
        return message.type() == MessageType.COMMAND
                && message.description().fromPlatform().isVariable()
                && !NO_LISTS.contains(message);
    }

    private void check(Protocol protocol, Message message, int version) {
        longest.putIfAbsent(message, 0);
        boolean namesAResource = message.description().fromAgent().resourceOffset() != Layout.NO_RESOURCE;
        ResourceKind kind = protocol.kind();
        int resources = namesAResource && kind != null ? agent.agent.view(kind).size() : 1;
        for (int resource = 0; resource < resources; resource++) {
            int[] payload = namesAResource ? new int[] {resource, 0} : new int[] {0};
            if (agent.callWithin(PLENTY, protocol.id().id(), message.id(), payload)[0] == Status.Code.NOT_SUPPORTED) {
                continue; // such as the parents of a clock that has none
            }
            Listing listing = readInOnePiece(message, version, resource);
            longest.merge(message, listing.isRange ? 0 : listing.items.size(), Math::max);
            if (listing.isRange) {
                checkRange(listing);
            } else {
                checkList(listing);
            }
        }
    }

    // ---- Lists.

    private Listing readInOnePiece(Message message, int version, int resource) {
        Listing empty = new Listing(message, version, resource, List.of(), false);
        int[] words = call(empty, 0, PLENTY);
        assertEquals(0, words[0], empty.toString());
        boolean isRange = MAY_BE_RANGES.contains(message) && (words[1] & RANGE_BIT) != 0;
        List<byte[]> items = new ArrayList<>();
        byte[] bytes = bytes(words);
        int count = returned(empty, words);
        int at = 0;
        for (int i = 0; i < count; i++) {
            int length = itemLength(message, version, bytes, at);
            items.add(Arrays.copyOfRange(bytes, at, at + length));
            at += length;
        }
        Listing whole = new Listing(message, version, resource, items, isRange);
        assertEquals(whole.length(0, count), 4 + 4 * words.length, "nothing behind the last item: " + whole);
        assertEquals(0, remaining(whole, words), "one piece: " + whole);
        return whole;
    }

    private static int itemLength(Message message, int version, byte[] bytes, int at) {
        Field last = message.description().fromPlatform().fields().getLast();
        if (last.kind() == Field.Kind.LIST) {
            return last.itemBytes(version);
        }
        boolean isExtended = (bytes[at + 5] & 1) != 0; // attributes_low [8]
        if (message == SensorMessage.SENSOR_DESCRIPTION_GET) {
            boolean hasAxes = (bytes[at + 9] & 1) != 0; // attributes_high [8]
            return !isExtended || version == 0x10000 ? 28 : hasAxes ? 32 : 52;
        }
        assertEquals(SensorMessage.SENSOR_AXIS_DESCRIPTION_GET, message, "items of this list are not known here");
        return isExtended ? 48 : 28;
    }

    private void checkList(Listing listing) {
        int total = listing.items.size();
        int whole = listing.length(0, total);
        Set<Integer> starts = new TreeSet<>(List.of(0, 1, total / 2, Math.max(0, total - 1), total));
        starts.removeIf(start -> start > total);
        for (int capacity = 8; capacity <= whole + 5; capacity++) {
            for (int start : starts) {
                if (start < total || mayAskForNone(listing)) {
                    checkPage(listing, start, capacity);
                }
            }
            checkWalk(listing, capacity);
            checkBeyondTheEnd(listing, capacity);
        }
        for (int start = 0; start < total; start++) {
            checkPage(listing, start, listing.length(start, 1));
            checkPage(listing, start, whole);
        }
    }

    private void checkPage(Listing listing, int start, int capacity) {
        int total = listing.items.size();
        int[] words = call(listing, start, capacity);
        String what = listing + ", index " + start + ", " + capacity + " bytes";
        int fits = listing.fits(start, capacity);
        if (capacity < START || (fits == 0 && start < total)) {
            assertArrayEquals(new int[] {Status.Code.PROTOCOL_ERROR}, words, what);
            return;
        }
        assertEquals(0, words[0], what);
        assertEquals(fits, returned(listing, words), what);
        assertItems(listing, start, fits, words, what);
        if (listing.message != BaseMessage.BASE_DISCOVER_LIST_PROTOCOLS) {
            assertEquals(total, start + fits + remaining(listing, words), what);
        }
    }

    private void assertItems(Listing listing, int start, int count, int[] words, String what) {
        assertEquals(listing.length(start, count), 4 + 4 * words.length, what);
        byte[] bytes = bytes(words);
        int at = 0;
        for (byte[] item : listing.items.subList(start, start + count)) {
            assertArrayEquals(item, Arrays.copyOfRange(bytes, at, at + item.length), what);
            at += item.length;
        }
    }

    /** As agents do: on from where the last reply ended, until nothing remains. */
    private void checkWalk(Listing listing, int capacity) {
        int total = listing.items.size();
        int start = 0;
        while (start < total) {
            int[] words = call(listing, start, capacity);
            if (words[0] != 0) {
                assertEquals(Status.Code.PROTOCOL_ERROR, words[0]);
                assertTrue(capacity < listing.length(start, 1), "one item had room: " + listing);
                return;
            }
            int count = returned(listing, words);
            assertTrue(count > 0, "it goes on: " + listing);
            assertItems(listing, start, count, words, listing.toString());
            start += count;
        }
        assertEquals(total, start);
    }

    /** Whether the index after the last item is no mistake: nothing is returned then. */
    private static boolean mayAskForNone(Listing listing) {
        return listing.items.isEmpty() || listing.message == BaseMessage.BASE_DISCOVER_LIST_PROTOCOLS;
    }

    private void checkBeyondTheEnd(Listing listing, int capacity) {
        int total = listing.items.size();
        int expected = beyondTheEnd(listing.message, listing.version);
        for (int index : new int[] {total, total + 1, 0xFFFF, -1}) {
            if (index != total || !mayAskForNone(listing)) {
                assertArrayEquals(
                        new int[] {expected},
                        call(listing, index, capacity),
                        listing + ", index " + index + ", " + capacity + " bytes");
            }
        }
    }

    // ---- Ranges: lowest, highest and step are one piece.

    private void checkRange(Listing listing) {
        assertEquals(RANGE_VALUES, listing.items.size());
        int whole = listing.length(0, RANGE_VALUES);
        for (int capacity = 8; capacity <= whole + 5; capacity++) {
            int[] words = call(listing, 0, capacity);
            if (capacity < whole) {
                assertArrayEquals(new int[] {Status.Code.PROTOCOL_ERROR}, words, listing + ", " + capacity + " bytes");
            } else {
                assertItems(listing, 0, RANGE_VALUES, words, listing.toString());
            }
        }
        for (int index : new int[] {1, 2, 3, -1}) {
            assertArrayEquals(new int[] {Status.Code.OUT_OF_RANGE}, call(listing, index, PLENTY), listing.toString());
        }
    }

    // ---- Linux reads the first three rates, then the last by itself.

    @Test
    void theFirstThreeRatesAndThenTheLastAloneAreGiven() {
        int tried = 0;
        for (int clock = 0; clock < agent.agent.view(ResourceKind.CLOCK).size(); clock++) {
            Listing all = readInOnePiece(ClockMessage.CLOCK_DESCRIBE_RATES, 0x30000, clock);
            int total = all.items.size();
            if (all.isRange || total <= 3) {
                continue;
            }
            int[] first = call(all, 0, START + 3 * 8);
            assertEquals(3 | (total - 3) << 16, first[1], all.toString());
            assertItems(all, 0, 3, first, all.toString());
            int[] last = call(all, total - 1, 136);
            assertEquals(1, last[1], "one, and none remains: " + all);
            assertItems(all, total - 1, 1, last, all.toString());
            tried++;
        }
        assertTrue(tried >= 2, tried + " lists");
    }

    // ---- Words.

    private int[] call(Listing listing, int index, int capacity) {
        return agent.callWithin(
                capacity, listing.message.protocol().id(), listing.message.id(), listing.payload(index));
    }

    private static int returned(Listing listing, int[] words) {
        return listing.message == BaseMessage.BASE_DISCOVER_LIST_PROTOCOLS
                ? words[1]
                : words[1] & returnedMask(listing.message);
    }

    private static int remaining(Listing listing, int[] words) {
        return listing.message == BaseMessage.BASE_DISCOVER_LIST_PROTOCOLS
                ? 0
                : words[1] >>> remainingShift(listing.message);
    }

    /** What is behind the counts. */
    private static byte[] bytes(int[] words) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(words);
        return Arrays.copyOfRange(bytes.array(), 8, 4 * words.length);
    }
}
