// Finds frames among the bytes of a serial line.
package org.scmid.transport.serial;

/**
 * The receiving end of {@link Frame}: bytes in, packets out. Whatever comes, it keeps at most one packet, and finds the
 * next frame whose two flags arrive. Allocates nothing.
 */
public final class FrameDecoder {
    /** Takes packets. */
    @FunctionalInterface
    public interface PacketSink {
        /**
         * A packet came whose check is right.
         *
         * @param packet from index 0, valid during the call
         * @param length {@link Frame#SHORTEST_PACKET} to {@link Frame#LONGEST_PACKET}
         */
        void packet(byte[] packet, int length);
    }

    /** What the next byte is. */
    private enum Awaited {
        /** Nothing of a frame: a flag is searched for. */
        FLAG,
        VERSION,
        LENGTH,
        DATA,
        ESCAPED,
        CHECK_HIGH,
        CHECK_LOW,
        END
    }

    private final PacketSink sink;
    private final byte[] packet = new byte[Frame.LONGEST_PACKET];
    private Awaited awaited = Awaited.FLAG;
    private int length;
    private int received;
    private int check;
    private int sentCheck;
    private long broken;

    /** @param sink takes what comes */
    public FrameDecoder(PacketSink sink) {
        this.sink = sink;
    }

    /** How many frames were begun that were none, or whose check was wrong. */
    public long broken() {
        return broken;
    }

    /** Takes bytes[from..from+count), and hands over the packets that are complete. */
    public void take(byte[] bytes, int from, int count) {
        for (int i = from; i < from + count; i++) {
            take(bytes[i] & 0xFF);
        }
    }

    private void take(int value) {
        switch (awaited) {
            case FLAG -> {
                if (value == Frame.FLAG) {
                    awaited = Awaited.VERSION;
                }
            }
            case VERSION -> {
                if (value == Frame.VERSION) {
                    check = Frame.check(Frame.CHECK_START, value);
                    awaited = Awaited.LENGTH;
                } else if (value != Frame.FLAG) {
                    drop(value);
                }
            }
            case LENGTH -> {
                if (value >= Frame.SHORTEST_PACKET && value <= Frame.LONGEST_PACKET) {
                    length = value;
                    received = 0;
                    check = Frame.check(check, value);
                    awaited = Awaited.DATA;
                } else {
                    drop(value);
                }
            }
            case DATA -> {
                if (value == Frame.ESCAPE) {
                    awaited = Awaited.ESCAPED;
                } else if (value == Frame.FLAG) {
                    drop(value);
                } else {
                    store(value);
                }
            }
            case ESCAPED -> {
                int meant = value ^ Frame.FLIP;
                if (meant == Frame.FLAG || meant == Frame.ESCAPE) {
                    store(meant);
                } else {
                    drop(value);
                }
            }
            // Neither is escaped: a flag here is none.
            case CHECK_HIGH -> {
                sentCheck = value << 8;
                awaited = Awaited.CHECK_LOW;
            }
            case CHECK_LOW -> {
                sentCheck |= value;
                awaited = Awaited.END;
            }
            case END -> {
                if (value == Frame.FLAG && sentCheck == check) {
                    awaited = Awaited.VERSION; // the same flag may begin the next frame
                    sink.packet(packet, length);
                } else {
                    drop(value);
                }
            }
        }
    }

    private void store(int value) {
        packet[received++] = (byte) value;
        check = Frame.check(check, value);
        awaited = received == length ? Awaited.CHECK_HIGH : Awaited.DATA;
    }

    /** This was no frame; the byte that shows it may be the flag of one. */
    private void drop(int value) {
        broken++;
        awaited = value == Frame.FLAG ? Awaited.VERSION : Awaited.FLAG;
    }
}
