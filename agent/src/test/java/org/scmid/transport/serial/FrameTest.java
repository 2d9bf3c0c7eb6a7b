// Frames: what is on the wire, and what is found there.
package org.scmid.transport.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTest {
    private final List<String> packets = new ArrayList<>();
    private final FrameDecoder decoder =
            new FrameDecoder((packet, length) -> packets.add(HexFormat.of().formatHex(packet, 0, length)));

    private static byte[] frame(byte[] packet) {
        byte[] wire = new byte[Frame.LONGEST];
        return Arrays.copyOf(wire, Frame.write(packet, packet.length, wire, 0));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private void take(byte[] bytes) {
        decoder.take(bytes, 0, bytes.length);
    }

    @Test
    void theCheckIsThatOfTheStandard() {
        int check = Frame.CHECK_START;
        for (byte value : "123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII)) {
            check = Frame.check(check, value);
        }
        assertEquals(0x6F91, check);
    }

    @Test
    void aFrameIsEscapedInItsPacketOnly() {
        byte[] packet = bytes("01 7e 7d 5e 5d");
        assertEquals(
                "7e 01 05 01 7d 5e 7d 5d 5e 5d".replace(" ", ""), HexFormat.of().formatHex(frame(packet), 0, 10));
        assertEquals(13, frame(packet).length);
        take(frame(packet));
        assertEquals(List.of("017e7d5e5d"), packets);
    }

    @Test
    void aCheckThatLooksLikeAFlagIsNone() {
        int found = 0;
        for (int i = 0; i < 0x10000; i++) {
            byte[] packet = {1, 9, 8, (byte) (i >>> 8), (byte) i};
            byte[] frame = frame(packet);
            int high = frame[frame.length - 3];
            int low = frame[frame.length - 2];
            if (high == Frame.FLAG || high == Frame.ESCAPE || low == Frame.FLAG || low == Frame.ESCAPE) {
                packets.clear();
                take(frame);
                assertEquals(1, packets.size());
                found++;
            }
        }
        assertTrue(found > 100);
    }

    @Test
    void oneFlagMayEndAFrameAndBeginTheNext() {
        byte[] first = frame(bytes("0102030405"));
        byte[] second = frame(bytes("010203040506"));
        take(first);
        decoder.take(second, 1, second.length - 1);
        assertEquals(List.of("0102030405", "010203040506"), packets);
        assertEquals(0, decoder.broken());
    }

    @Test
    void lengthsThatNoPacketHasAreNone() {
        for (int length : new int[] {0, 4, 69, 0x7D, 255}) {
            take(new byte[] {0x7E, 1, (byte) length});
        }
        assertEquals(5, decoder.broken());
        take(frame(bytes("0102030405")));
        assertEquals(1, packets.size());
    }

    @Test
    void aFlagAmongTheDataBeginsAFrame() {
        byte[] whole = frame(bytes("01020304050607"));
        decoder.take(whole, 0, 6);
        take(whole);
        assertEquals(List.of("01020304050607"), packets);
        assertEquals(1, decoder.broken());
    }

    @Test
    void eachSingleChangeOfAByteIsFoundOut() {
        byte[] whole = frame(bytes("010908c8ff00007ed9"));
        byte[] after = frame(bytes("0102030405"));
        for (int at = 1; at < whole.length - 1; at++) {
            for (int change = 1; change < 256; change++) {
                byte[] changed = whole.clone();
                changed[at] ^= (byte) change;
                packets.clear();
                take(changed);
                take(after);
                take(after);
                for (String packet : packets) {
                    assertEquals("0102030405", packet, "byte " + at + " changed by " + change);
                }
                assertTrue(!packets.isEmpty(), "byte " + at + " changed by " + change);
            }
        }
    }

    @Test
    void whateverComesBeforeAFrameTheOneAfterItIsFound() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] good = frame(bytes("0102030405060708"));
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            take(noise);
            take(good);
            packets.clear();
            take(good);
            // Noise that began a long frame may have swallowed the first, and by a flag in its check the second.
            take(good);
            assertTrue(packets.contains("0102030405060708"), "seed " + seed);
        }
    }

    @Test
    void packetsOfEveryLengthAndContentComeAsTheyWereSent() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            byte[] packet = new byte[Frame.SHORTEST_PACKET + random.nextInt(Frame.LONGEST_PACKET - 4)];
            random.nextBytes(packet);
            for (int at = 0; at < packet.length; at++) {
                packet[at] = random.nextInt(4) == 0 ? (byte) (0x7D + random.nextInt(2)) : packet[at];
            }
            wire.writeBytes(frame(packet));
            sent.add(HexFormat.of().formatHex(packet));
        }
        byte[] all = wire.toByteArray();
        for (int at = 0; at < all.length; ) {
            int count = Math.min(all.length - at, 1 + random.nextInt(300));
            decoder.take(all, at, count);
            at += count;
        }
        assertEquals(sent, packets, "seed " + seed);
        assertEquals(0, decoder.broken());
    }
}
