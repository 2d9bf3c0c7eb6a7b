// A platform of ill will: a core in the same process, behind links that do with its messages what they like.
package org.scmid.server.core;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.scmid.agent.PlatformLink;
import org.scmid.loop.EventLoop;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolId;
import org.scmid.testing.HandLoop;
import org.scmid.transport.AgentPort;
import org.scmid.transport.EventSink;
import org.scmid.transport.virtqueue.LittleEndian;
import org.scmid.upstream.Upstream;

/**
 * A platform that answers as the core behind it while it is honest. Else each of its sessions has a mood, by which it lies,
 * is silent, is late, says things twice, answers what nobody has asked, floods, takes nothing, or goes away. Seeded.
 */
final class HostilePlatform implements Upstream.Way {
    private static final int EVENT_BYTES = 136;
    private static final int MOST_HEARD = 32;
    private static final int FLOOD_OF_A_TURN = 64;
    private static final int LONGEST_FLOOD_TURNS = 100;
    private static final int TYPE_SHIFT = 8;
    private static final int PROTOCOL_SHIFT = 10;
    private static final int TOKEN_SHIFT = 18;
    private static final int[] EXTREMES = {
        0, 1, 2, 3, 7, 64, 0xFF, 0xFFFF, 0x10000, 0x7FFF_FFFF, 0x8000_0000, -1, -2, 24_000_000, 0x1B5B_324A
    };

    private final HandLoop loop;
    private final AgentPort port;
    private final Random random;
    private final long timeoutNanos;
    private final List<byte[]> heard = new ArrayList<>();
    private @Nullable Link current;
    private boolean isHonest = true;
    private boolean isMute;
    private long messages;
    private int sessions;

    HostilePlatform(HandLoop loop, AgentPort port, Random random, long timeoutNanos) {
        this.loop = loop;
        this.port = port;
        this.random = random;
        this.timeoutNanos = timeoutNanos;
    }

    /** From the next session on; the one that there is ends. */
    void beHonest(boolean honest) {
        isHonest = honest;
        Link ending = current;
        if (ending != null) {
            ending.lose("it was taken away");
        }
    }

    /** Takes whatever comes and says nothing, while its link stays. */
    void beMute(boolean mute) {
        isMute = mute;
    }

    /** Messages that it has sent of ill will. */
    long messages() {
        return messages;
    }

    int sessions() {
        return sessions;
    }

    @Override
    public PlatformLink begin(PlatformLink.Listener listener) throws IOException {
        if (!isHonest && oneIn(4)) {
            throw new IOException("there is no socket");
        }
        sessions++;
        return new Link(listener);
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private int extreme() {
        return EXTREMES[random.nextInt(EXTREMES.length)];
    }

    /** One or two of its numbers are others. */
    byte[] lie(byte[] its) {
        byte[] other = its.clone();
        for (int lies = 1 + random.nextInt(2); lies > 0 && other.length >= 12; lies--) {
            LittleEndian.putInt(other, 8 + 4 * random.nextInt(other.length / 4 - 2), extreme());
        }
        return other;
    }

    private final class Link implements PlatformLink {
        private final PlatformLink.Listener listener;
        private final ArrayDeque<byte[]> requests = new ArrayDeque<>();
        private final EventLoop.Task carry = new EventLoop.Task(this::carry);
        private final EventLoop.Task flood = new EventLoop.Task(this::flood);
        private final byte[] reply = new byte[MAX_MESSAGE];
        private final int capacity;
        private final int mood; // one of so many messages is hostile; 0 for none
        private final int favourite;
        private byte @Nullable [] outstanding;
        private int floodTurns;
        private boolean isFull;
        private boolean closed;

        Link(PlatformLink.Listener listener) {
            this.listener = listener;
            capacity = isHonest || random.nextBoolean() ? MAX_MESSAGE : 96 + 4 * random.nextInt(40);
            mood = isHonest ? 0 : 1 << random.nextInt(8);
            favourite = random.nextInt(2 * DEEDS);
            current = this;
            port.guestReset();
            port.attached(
                    new EventSink() {
                        @Override
                        public int maxLength() {
                            return EVENT_BYTES;
                        }

                        @Override
                        public Result offer(byte[] event, int length) {
                            byte[] told = Arrays.copyOf(event, length);
                            loop.runSoon(new EventLoop.Task(() -> answer(told)));
                            return Result.SENT;
                        }
                    },
                    this::ready);
            if (!isHonest) {
                after(random.nextLong(1L << (25 + random.nextInt(11))), () -> lose("it closed the connection"));
            }
        }

        // ---- what it is asked ----

        @Override
        public boolean send(byte[] message, int length) {
            if (closed || isFull) {
                return false;
            }
            if (isMute) {
                return true;
            }
            if (mood > 0 && oneIn(64 * mood)) {
                isFull = true;
                if (random.nextBoolean()) {
                    after(random.nextLong(2 * timeoutNanos), () -> {
                        isFull = false;
                        listener.writable();
                    });
                }
                return false;
            }
            requests.add(Arrays.copyOf(message, length));
            loop.runSoon(carry);
            return true;
        }

        private void carry() {
            while (!closed && outstanding == null && !requests.isEmpty()) {
                byte[] request = requests.remove();
                outstanding = request;
                int length = port.execute(request, request.length, reply, capacity);
                if (length != AgentPort.DEFERRED) {
                    ready(length);
                }
            }
        }

        private void ready(int length) {
            byte[] request = outstanding;
            outstanding = null;
            if (closed || request == null) {
                return;
            }
            if (length > 0) {
                answer(Arrays.copyOf(reply, length));
            }
            if (!closed) {
                port.flushEvents();
                loop.runSoon(carry);
            }
        }

        // ---- what it says ----

        private static final int DEEDS = 14;

        private void answer(byte[] its) {
            if (mood == 0 || !oneIn(mood) || closed) {
                tell(its);
                return;
            }
            messages++;
            int deed = favourite < DEEDS && random.nextBoolean() ? favourite : random.nextInt(DEEDS);
            switch (deed) {
                case 0 -> tell(lie(its));
                case 1 -> tell(Arrays.copyOf(its, 4 + random.nextInt(its.length - 3)));
                case 2 -> tell(Arrays.copyOf(its, Math.min(its.length + random.nextInt(200), MAX_MESSAGE)));
                case 3 -> after(random.nextLong(3 * timeoutNanos), () -> tell(its));
                case 4 -> {
                    tell(its);
                    tell(its);
                }
                case 5 ->
                    tell(withHeader(its, LittleEndian.getInt(its, 0) ^ ((1 + random.nextInt(0x3FF)) << TOKEN_SHIFT)));
                case 6 -> {
                    tell(heard.isEmpty() ? its : heard.get(random.nextInt(heard.size())));
                    tell(its);
                }
                case 7 -> tell(withHeader(its, LittleEndian.getInt(its, 0) ^ ((1 + random.nextInt(3)) << TYPE_SHIFT)));
                case 8 -> {
                    byte[] refused = Arrays.copyOf(its, 8);
                    LittleEndian.putInt(refused, 4, oneIn(8) ? random.nextInt() : -random.nextInt(14));
                    tell(refused);
                }
                case 9 -> {
                    floodTurns = 1 + random.nextInt(LONGEST_FLOOD_TURNS);
                    loop.runSoon(flood);
                    tell(its);
                }
                case 10 -> {
                    if (oneIn(8)) {
                        loop.runSoon(new EventLoop.Task(() -> lose("it closed the connection amid a message")));
                    }
                }
                case 11 -> {
                    byte[] noise = its.clone();
                    for (int i = 8; i < noise.length; i++) {
                        noise[i] = (byte) random.nextInt();
                    }
                    tell(noise);
                }
                case 12 -> {} // silence
                default -> {
                    tell(its);
                    tell(anything());
                }
            }
        }

        private static byte[] withHeader(byte[] its, int header) {
            byte[] other = its.clone();
            LittleEndian.putInt(other, 0, header);
            return other;
        }

        private void flood() {
            for (int i = 0; i < FLOOD_OF_A_TURN && !closed; i++) {
                messages++;
                tell(anything());
            }
            if (--floodTurns > 0 && !closed) {
                loop.runSoon(flood);
            }
        }

        private byte[] anything() {
            ProtocolId[] protocols = ProtocolId.values();
            int protocol = oneIn(8) ? random.nextInt(256) : protocols[random.nextInt(protocols.length)].id();
            boolean isNotification = random.nextBoolean();
            int type = isNotification ? MessageType.NOTIFICATION.code() : random.nextInt(4);
            int id = random.nextInt(isNotification ? 3 : 20);
            byte[] message = new byte[oneIn(16) ? 4 + random.nextInt(MAX_MESSAGE - 3) : 4 + random.nextInt(40)];
            for (int at = 4; at + 4 <= message.length; at += 4) {
                LittleEndian.putInt(message, at, oneIn(8) ? random.nextInt() : extreme());
            }
            LittleEndian.putInt(
                    message,
                    0,
                    id | type << TYPE_SHIFT | protocol << PROTOCOL_SHIFT | random.nextInt(0x400) << TOKEN_SHIFT);
            return message;
        }

        private void tell(byte[] its) {
            if (closed || its.length < Header.HEADER_BYTES) {
                return;
            }
            if (heard.size() == MOST_HEARD) {
                heard.remove(random.nextInt(MOST_HEARD));
            }
            heard.add(its);
            listener.received(its.clone(), its.length);
        }

        private void after(long nanos, Runnable action) {
            loop.timer(() -> {
                        if (!closed) {
                            action.run();
                        }
                    })
                    .arm(nanos);
        }

        private void lose(String why) {
            if (!closed) {
                close();
                listener.lost(why);
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                current = null;
                port.detached();
            }
        }
    }
}
