// Puts the packets of a message together.
package org.scmid.transport.serial;

/**
 * Packets in, messages out. Keeps one message at a time: the packets of a message come one behind the other, and one that
 * does not continue what is there drops it. Allocates nothing.
 */
final class Reassembly {
    /** Takes what comes. */
    interface Sink {
        /** A packet came from the other side, whatever it is a part of. */
        void heard();

        /**
         * A message is complete.
         *
         * @param message from index 0, valid during the call
         * @param length bytes, from 1
         * @param tag with its owner bit, as the packets had it
         */
        void message(byte[] message, int length, int tag);
    }

    private static final int NOTHING = -1;
    private static final int SAME = Packet.TAG_OWNER | Packet.TAG_MASK;

    private final int own;
    private final int peer;
    private final Sink sink;
    private final byte[] message;
    private int length = NOTHING;
    private int tag;
    private int nextSequence;
    private long dropped;
    private long strange;

    /**
     * @param own the own endpoint id
     * @param peer the other side's
     * @param longest bytes of the longest message that is taken
     */
    Reassembly(int own, int peer, int longest, Sink sink) {
        this.own = own;
        this.peer = peer;
        this.message = new byte[longest];
        this.sink = sink;
    }

    /** Messages that were begun and not completed, or too long. */
    long dropped() {
        return dropped;
    }

    /** Packets of other versions, for other endpoints, or from others. */
    long strange() {
        return strange;
    }

    /** @see FrameDecoder.PacketSink#packet */
    void packet(byte[] packet, int packetLength) {
        if ((packet[Packet.AT_VERSION] & Packet.VERSION_MASK) != Packet.VERSION
                || (packet[Packet.AT_DESTINATION] & 0xFF) != own
                || (packet[Packet.AT_SOURCE] & 0xFF) != peer) {
            strange++;
            return;
        }
        sink.heard();
        int flags = packet[Packet.AT_FLAGS];
        int sequence = (flags >> Packet.SEQUENCE_SHIFT) & Packet.SEQUENCE_MASK;
        if ((flags & Packet.FIRST) != 0) {
            drop();
            length = 0;
            tag = flags & SAME;
        } else if (length == NOTHING) {
            return; // its first one was lost, and counted as a broken frame, or this one was dropped before
        } else if (sequence != nextSequence || (flags & SAME) != tag) {
            drop();
            return;
        }
        int body = packetLength - Packet.HEADER_BYTES;
        if (body > message.length - length) {
            drop();
            return;
        }
        System.arraycopy(packet, Packet.HEADER_BYTES, message, length, body);
        length += body;
        nextSequence = (sequence + 1) & Packet.SEQUENCE_MASK;
        if ((flags & Packet.LAST) != 0) {
            int complete = length;
            length = NOTHING;
            sink.message(message, complete, tag);
        }
    }

    private void drop() {
        if (length != NOTHING) {
            length = NOTHING;
            dropped++;
        }
    }
}
