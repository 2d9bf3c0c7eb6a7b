// The header of an MCTP packet.
package org.scmid.transport.serial;

/**
 * Packets of DMTF DSP0236: {@value #HEADER_BYTES} bytes of header, then 1 to {@value #LONGEST_BODY} bytes of a message.
 *
 * <pre>
 * 0  version in bits 3..0
 * 1  destination endpoint id
 * 2  source endpoint id
 * 3  bit 7 first packet of a message, bit 6 last one, bits 5..4 sequence number, bit 3 tag owner, bits 2..0 tag
 * </pre>
 */
final class Packet {
    static final int HEADER_BYTES = 4;
    static final int LONGEST_BODY = Frame.LONGEST_PACKET - HEADER_BYTES;

    static final int AT_VERSION = 0;
    static final int AT_DESTINATION = 1;
    static final int AT_SOURCE = 2;
    static final int AT_FLAGS = 3;

    static final int VERSION = 1;
    static final int VERSION_MASK = 0x0F;
    static final int FIRST = 0x80;
    static final int LAST = 0x40;
    static final int SEQUENCE_SHIFT = 4;
    static final int SEQUENCE_MASK = 3;
    /** The tag is the sender's own. */
    static final int TAG_OWNER = 0x08;

    static final int TAG_MASK = 0x07;

    private Packet() {}
}
