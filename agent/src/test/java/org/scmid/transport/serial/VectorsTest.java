// The frames of docs/serial.md, byte by byte: whoever builds the other side is to send and take the same.
package org.scmid.transport.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scmid.testing.HandLoop;
import org.scmid.transport.virtqueue.LittleEndian;

class VectorsTest {
    private static final int AGENT_NONCE = 0x1122_3344;
    private static final int PLATFORM_NONCE = 0x5566_7788;

    /** PROTOCOL_VERSION of the base protocol, with token 1. */
    private static final int COMMAND = (1 << 18) | (0x10 << 10);

    private final HandLoop loop = new HandLoop();
    private final List<String> wire = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    /** A side whose bytes go into the list, and at once to the other side. */
    private final class Side implements SerialLine, SerialSession.Listener {
        private final SerialSession session;
        private Side[] other = {};

        Side(SerialSession.Role role, int own, int peer, int nonce, int longest, int window) {
            session = new SerialSession(
                    new SerialSettings(Path.of("wire"), 115_200, false, own, peer, 32_473),
                    new SerialSession.Greeting(role, role == SerialSession.Role.AGENT, longest, window),
                    () -> nonce,
                    this,
                    loop,
                    this);
        }

        @Override
        public int room() {
            return capacity();
        }

        @Override
        public int capacity() {
            return 100_000;
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            wire.add(HexFormat.ofDelimiter(" ").formatHex(bytes, from, from + count));
            byte[] sent = new byte[count];
            System.arraycopy(bytes, from, sent, 0, count);
            for (Side to : other) {
                to.session.take(sent, count);
            }
        }

        @Override
        public void began(boolean keep) {
            told.add("began " + keep + " " + session.peerLongest() + " " + session.peerWindow());
        }

        @Override
        public void received(byte[] bytes, int from, int length, int tag) {
            told.add(Integer.toHexString(LittleEndian.getInt(bytes, from)) + " of " + length);
            if (length == 4) {
                byte[] reply = new byte[12];
                LittleEndian.putInt(reply, 0, LittleEndian.getInt(bytes, from));
                LittleEndian.putInt(reply, 8, 0x2_0001);
                session.send(reply, reply.length, SerialSession.replyTag(tag));
            }
        }

        @Override
        public void ended(String why) {
            told.add(why);
        }

        @Override
        public void close() {}
    }

    private void play() {
        Side agent = new Side(SerialSession.Role.AGENT, 8, 9, AGENT_NONCE, 128, 0);
        Side platform = new Side(SerialSession.Role.PLATFORM, 9, 8, PLATFORM_NONCE, 128, 2);
        platform.session.begin();
        wire.clear(); // nobody hears that one
        agent.other = new Side[] {platform};
        platform.other = new Side[] {agent};
        agent.session.begin();
        byte[] command = new byte[4];
        LittleEndian.putInt(command, 0, COMMAND);
        agent.session.takeTag();
        agent.session.send(command, command.length, agent.session.takeTag());
        byte[] longer = new byte[60];
        LittleEndian.putInt(longer, 0, COMMAND | 0x200);
        for (int i = 4; i < longer.length; i++) {
            longer[i] = (byte) (0x74 + i % 12);
        }
        agent.session.send(longer, longer.length, agent.session.takeTag());
    }

    @Test
    void bothSidesTakeWhatTheOtherSends() {
        play();
        assertEquals(
                List.of("began false 128 2", "began true 128 0", "44000 of 4", "44000 of 12", "44200 of 60"), told);
    }

    @Test
    void thePageHasTheFramesAsTheyAreSent() throws IOException {
        play();
        assertEquals(5, wire.size());
        String page = Files.readString(Path.of("../docs/serial.md")).replaceAll("\\s+", " ");
        for (String frames : wire) {
            assertTrue(page.contains(frames), "docs/serial.md lacks " + frames);
        }
    }
}
