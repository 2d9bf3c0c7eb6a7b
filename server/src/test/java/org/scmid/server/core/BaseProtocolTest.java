// The Base protocol, message by message, in bytes.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.protocol.Status;
import org.scmid.transport.MalformedInput;

class BaseProtocolTest {
    private static final int BASE = Bench.BASE;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    @SuppressWarnings("NullAway.Init")
    private Bench.Peer linux;

    @SuppressWarnings("NullAway.Init")
    private Bench.Peer watcher;

    @BeforeEach
    void twoAgents() throws Exception {
        bench = new Bench(directory);
        linux = bench.agent("linux", "uart", "bus").withEvents();
        watcher = bench.agent("watcher").withoutEvents();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void theVersionIsTwoPointOneByteForByte() {
        // token 5, protocol 0x10, message 0
        assertArrayEquals(bytes("00 40 14 00  00 00 00 00  01 00 02 00"), linux.exchange(bytes("00 40 14 00"), 64));
    }

    @Test
    void theReplyRepeatsReservedHeaderBits() {
        assertArrayEquals(bytes("00 40 14 f0  00 00 00 00  01 00 02 00"), linux.exchange(bytes("00 40 14 f0"), 64));
    }

    @Test
    void reservedHeaderBitsOfACommandAreNotInItsDelayedResponse() {
        // CLOCK_RATE_SET of uart, clock 0, asynchronously, token 5
        byte[] request = bytes("05 50 14 f0  01 00 00 00  00 00 00 00  00 36 6e 01  00 00 00 00");
        assertArrayEquals(bytes("05 50 14 f0  00 00 00 00"), linux.exchange(request, 64));
        linux.agent.flushEvents();
        bench.loop.settle();
        assertEquals(List.of("145205 0 0 16e3600 0"), linux.events.take());
    }

    @Test
    void attributesCountTheAgentsOwnProtocolsAndAllAgents() {
        assertArrayEquals(new int[] {0, 0x0201}, linux.call(BASE, 1));
        assertArrayEquals(new int[] {0, 0x0200}, watcher.call(BASE, 1));
    }

    @Test
    void vendorIsASixteenByteName() {
        assertArrayEquals(
                bytes("03 40 14 00  00 00 00 00  73 63 6d 69 64 00 00 00  00 00 00 00 00 00 00 00"),
                linux.exchange(bytes("03 40 14 00"), 64));
    }

    @Test
    void theSubVendorIsTheBoard() {
        int[] words = linux.call(BASE, 4);
        assertEquals(5, words.length);
        assertEquals('b' | ('e' << 8) | ('n' << 16) | ('c' << 24), words[1]);
    }

    @Test
    void theImplementationVersionIsOneWord() {
        assertArrayEquals(new int[] {0, 0x100}, linux.call(BASE, 5));
    }

    @Test
    void protocolsAreListedPaddedToAWord() {
        assertArrayEquals(new int[] {0, 1, 0x14}, linux.call(BASE, 6, 0));
        assertArrayEquals(new int[] {0, 0}, linux.call(BASE, 6, 1));
        assertEquals(Status.Code.INVALID_PARAMETERS, linux.status(BASE, 6, 2));
        assertEquals(Status.Code.INVALID_PARAMETERS, linux.status(BASE, 6, -1));
    }

    @Test
    void aListThatHasNoRoomForOneItemIsAProtocolError() {
        assertArrayEquals(new int[] {Status.Code.PROTOCOL_ERROR}, linux.callWithin(12, BASE, 6, 0));
        assertArrayEquals(new int[] {Status.Code.PROTOCOL_ERROR}, linux.callWithin(15, BASE, 6, 0));
        assertArrayEquals(new int[] {0, 1, 0x14}, linux.callWithin(16, BASE, 6, 0));
    }

    @Test
    void anAgentWithoutClocksDoesNotSeeTheClockProtocol() {
        assertArrayEquals(new int[] {0, 0}, watcher.call(BASE, 6, 0));
        assertEquals(Status.Code.NOT_SUPPORTED, watcher.status(Bench.CLOCK, 0));
    }

    @Test
    void agentsAreDiscoveredByIdAndAsOneself() {
        assertEquals("platform", agentName(linux.call(BASE, 7, 0), 0));
        assertEquals("linux", agentName(watcher.call(BASE, 7, 1), 1));
        assertEquals("watcher", agentName(watcher.call(BASE, 7, -1), 2));
        assertEquals(Status.Code.NOT_FOUND, linux.status(BASE, 7, 3));
        assertEquals(Status.Code.NOT_FOUND, linux.status(BASE, 7, -2));
    }

    private static String agentName(int[] words, int id) {
        assertEquals(6, words.length);
        assertEquals(id, words[1]);
        return name(Arrays.copyOfRange(words, 2, 6));
    }

    private static String name(int[] words) {
        byte[] bytes = new byte[16];
        java.nio.ByteBuffer.wrap(bytes)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .put(words);
        return new String(bytes, StandardCharsets.US_ASCII).replace("\0", "");
    }

    @Test
    void versionOneHasDiscoveryWithoutTheId() {
        assertEquals(0, linux.status(BASE, 0x10, 0x10000));
        int[] words = linux.call(BASE, 7, 2);
        assertEquals(5, words.length);
        assertEquals("watcher", name(Arrays.copyOfRange(words, 1, 5)));
        assertEquals(Status.Code.NOT_FOUND, linux.status(BASE, 7, -1));
        assertEquals(Status.Code.NOT_FOUND, linux.status(BASE, 0xB, 1, 0), "2.0 introduced it");
        assertEquals(0, linux.status(BASE, 0x10, 0x20001), "it can be negotiated again");
        assertEquals(0, linux.status(BASE, 0xB, 1, 0));
    }

    @Test
    void onlyVersionsThatExistAreNegotiated() {
        assertEquals(Status.Code.NOT_SUPPORTED, linux.status(BASE, 0x10, 0x20002));
        assertEquals(Status.Code.NOT_SUPPORTED, linux.status(BASE, 0x10, 0x30000));
        assertEquals(Status.Code.NOT_SUPPORTED, linux.status(BASE, 0x10, 0));
        assertEquals(0, linux.status(BASE, 0x10, 0x20000));
        assertEquals(0x20001, linux.call(BASE, 0)[1], "the platform's version stays what it is");
    }

    @Test
    void messageAttributesAgreeWithWhatIsExecuted() {
        for (int message : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xA, 0xB, 0x10}) {
            assertArrayEquals(new int[] {0, 0}, linux.call(BASE, 2, message), "message " + message);
        }
        for (int message : new int[] {0xC, 0xF, 0x11, 0xFF, 0x100, -1}) {
            assertEquals(Status.Code.NOT_FOUND, linux.status(BASE, 2, message), "message " + message);
            if (message >= 0 && message <= 0xFF) {
                assertEquals(Status.Code.NOT_FOUND, linux.status(BASE, message, 1, 1, 1), "message " + message);
            }
        }
    }

    @Test
    void errorsAreNotifiedOnlyToAnAgentWithAChannel() {
        assertEquals(0, linux.status(BASE, 8, 1));
        assertEquals(0, linux.status(BASE, 8, 0));
        assertEquals(Status.Code.INVALID_PARAMETERS, linux.status(BASE, 8, 2));
        assertEquals(Status.Code.NOT_SUPPORTED, watcher.status(BASE, 8, 1));
        assertEquals(Status.Code.NOT_FOUND, watcher.status(BASE, 2, 8));
    }

    @Test
    void anAgentResetsItselfOnly() {
        assertEquals(0, linux.status(Bench.CLOCK, 7, 0, 1, 0));
        assertEquals(true, bench.gate(1));
        assertEquals(Status.Code.DENIED, linux.status(BASE, 0xB, 2, 0));
        assertEquals(Status.Code.DENIED, linux.status(BASE, 0xB, 0, 0), "the platform");
        assertEquals(Status.Code.DENIED, linux.status(BASE, 0xB, 3, 0), "whether there is such an agent is not said");
        assertEquals(Status.Code.INVALID_PARAMETERS, linux.status(BASE, 0xB, 1, 2));
        assertEquals(true, bench.gate(1));
        assertEquals(0, linux.status(BASE, 0xB, 1, 1));
        assertEquals(false, bench.gate(1));
    }

    @Test
    void everyMessageOfTheWrongLengthIsAProtocolError() {
        int[] lengths = {0, 0, 1, 0, 0, 0, 1, 1, 1, 3, 4, 2, -1, -1, -1, -1, 1};
        for (int message = 0; message < lengths.length; message++) {
            int length = lengths[message];
            if (length >= 0) {
                assertEquals(
                        Status.Code.PROTOCOL_ERROR,
                        linux.status(BASE, message, new int[length + 1]),
                        "long " + message);
                if (length > 0) {
                    assertEquals(
                            Status.Code.PROTOCOL_ERROR,
                            linux.status(BASE, message, new int[length - 1]),
                            "short " + message);
                }
            }
        }
        assertArrayEquals(
                bytes("07 40 00 00  f6 ff ff ff"), linux.exchange(bytes("07 40 00 00  00 00 00"), 64), "no whole word");
    }

    @Test
    void whatIsNoCommandIsDroppedAndCounted() {
        for (String request : new String[] {"00 41 00 00", "00 42 00 00", "00 43 00 00"}) {
            assertEquals(0, linux.exchange(bytes(request), 64).length);
        }
        assertEquals(3, linux.agent.metrics().malformed(MalformedInput.NOT_A_COMMAND));
        assertEquals(0, linux.exchange(bytes("00 40 00"), 64).length);
        assertEquals(0, linux.exchange(new byte[0], 64).length);
        assertEquals(2, linux.agent.metrics().malformed(MalformedInput.SHORT_REQUEST));
    }

    @Test
    void aBufferTooSmallForTheReplyGetsAStatusIfThatFits() {
        for (int capacity = 0; capacity < 8; capacity++) {
            assertEquals(0, linux.callWithin(capacity, BASE, 0).length);
        }
        assertEquals(8, linux.agent.metrics().malformed(MalformedInput.NO_ROOM_FOR_REPLY));
        for (int capacity = 8; capacity < 12; capacity++) {
            assertArrayEquals(new int[] {Status.Code.PROTOCOL_ERROR}, linux.callWithin(capacity, BASE, 0));
        }
        assertArrayEquals(new int[] {0, 0x20001}, linux.callWithin(12, BASE, 0));
    }

    @Test
    void anErrorComesThroughThoughTheFullReplyWouldNotFit() {
        assertArrayEquals(new int[] {Status.Code.NOT_FOUND}, linux.callWithin(8, BASE, 7, 9));
    }

    @Test
    void anUnknownProtocolIsNotSupported() {
        assertEquals(Status.Code.NOT_SUPPORTED, linux.status(0x11, 0));
        assertEquals(Status.Code.NOT_SUPPORTED, linux.status(0xFF, 0));
        assertEquals(Status.Code.NOT_SUPPORTED, linux.status(0, 0));
    }

    @Test
    void everyCommandIsCountedByProtocolMessageAndStatus() {
        linux.call(BASE, 7, 0);
        linux.call(BASE, 7, 9);
        linux.call(BASE, 7, 9);
        linux.call(BASE, 0x77);
        linux.call(0x33, 0);
        StringBuilder counted = new StringBuilder();
        linux.agent
                .metrics()
                .forEachMessage((protocol, message, status, count) ->
                        counted.append(protocol + " " + message + " " + status + " " + count + "\n"));
        assertEquals("""
                base BASE_DISCOVER_AGENT SUCCESS 1
                base BASE_DISCOVER_AGENT NOT_FOUND 2
                base unknown NOT_FOUND 1
                unknown unknown NOT_SUPPORTED 1
                """, counted.toString());
    }
}
