// A serial line between two ends of a test, which may lose, change, double and invent bytes.
package org.scmid.transport.serial;

import org.jspecify.annotations.Nullable;
import org.scmid.loop.EventLoop;

/** Two lines that are each other's other end, on a loop whose time is set by hand. Bytes take a turn of the loop. */
public final class Wire {
    /** What the wire does to bytes. */
    @FunctionalInterface
    public interface Noise {
        /**
         * What arrives of some bytes.
         *
         * @param bytes from index 0
         * @param arrived takes what arrives, up to four times as much
         * @return how many bytes that is
         */
        int apply(byte[] bytes, int count, byte[] arrived);
    }

    private static final int CAPACITY = 2 * SerialSession.longestOnTheWire();

    private final EventLoop loop;
    private @Nullable End agent;
    private @Nullable End platform;

    /** Null: nothing happens to bytes. */
    public @Nullable Noise noise;

    /** Bytes go nowhere while this is set. */
    public boolean isCut;

    /** Nobody takes what is written while this is set: it stays in the ends' buffers. */
    public boolean isHeldUp;

    public Wire(EventLoop loop) {
        this.loop = loop;
    }

    /** Opens the agent's end. */
    public SerialLine agent(SerialLine.Listener listener) {
        End end = new End(listener, true);
        agent = end;
        return end;
    }

    /** Opens the platform's end. */
    public SerialLine platform(SerialLine.Listener listener) {
        End end = new End(listener, false);
        platform = end;
        return end;
    }

    /** Pulls the cable out: whichever ends are open are told. */
    public void unplug() {
        for (End end : new End[] {agent, platform}) {
            if (end != null && !end.closed) {
                end.closed = true;
                end.listener.lost("the port is gone");
            }
        }
    }

    /** Bytes as if the agent had sent them. */
    public void fromAgent(byte[] bytes) {
        End to = platform;
        if (to != null && !to.closed) {
            to.listener.received(bytes, bytes.length);
        }
    }

    /** Bytes as if the platform had sent them. */
    public void fromPlatform(byte[] bytes) {
        End to = agent;
        if (to != null && !to.closed) {
            to.listener.received(bytes, bytes.length);
        }
    }

    private final class End implements SerialLine {
        private final Listener listener;
        private final boolean isAgent;
        private final byte[] sent = new byte[CAPACITY];
        private final byte[] arrived = new byte[4 * CAPACITY];
        private final EventLoop.Task deliver = new EventLoop.Task(this::deliver);
        private int count;
        private boolean opened;
        private boolean closed;
        private boolean wantsRoom;

        End(Listener listener, boolean isAgent) {
            this.listener = listener;
            this.isAgent = isAgent;
            loop.runSoon(new EventLoop.Task(this::open));
        }

        private void open() {
            if (!closed) {
                opened = true;
                listener.opened();
            }
        }

        @Override
        public int room() {
            wantsRoom |= count > 0;
            return opened && !closed ? CAPACITY - count : 0;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            System.arraycopy(bytes, from, sent, count, length);
            count += length;
            loop.runSoon(deliver);
        }

        private void deliver() {
            if (isHeldUp) {
                return;
            }
            End to = isAgent ? platform : agent;
            Noise what = noise;
            int length = count;
            if (what != null) {
                length = what.apply(sent, count, arrived);
            } else {
                System.arraycopy(sent, 0, arrived, 0, count);
            }
            count = 0;
            if (to != null && to.opened && !to.closed && !isCut && length > 0) {
                to.listener.received(arrived, length);
            }
            if (wantsRoom && !closed) {
                wantsRoom = false;
                listener.writable();
            }
        }

        @Override
        public int capacity() {
            return CAPACITY;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
