// What is wrong with replies: each is checked, and what does not fit is counted.
package org.scmid.server.bench;

import org.jspecify.annotations.Nullable;
import org.scmid.protocol.Header;
import org.scmid.protocol.Layout;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Status;
import org.scmid.protocol.StatusReply;
import org.scmid.protocol.catalogue.MessageText;

/**
 * Checks replies to one message. A reply is right if it repeats the header of its request (the reserved bits apart), says
 * SUCCESS, and has every field that the table of messages says. Checking a right reply allocates nothing.
 */
final class WrongReplies {
    private static final int COUNTED_HEADER_BITS = 0x0FFF_FFFF;

    private final int leastBytes;
    private final int version;
    private final MessageBuffer buffer = new MessageBuffer();
    private long count;
    private @Nullable String first;

    /**
     * @param reply what the table says of the payload
     * @param version the version of the protocol that the back end speaks
     */
    WrongReplies(Layout reply, int version) {
        this.leastBytes = Header.RESPONSE_PAYLOAD + reply.minimumLength(version);
        this.version = version;
    }

    /**
     * Checks a reply, and counts it if it is wrong.
     *
     * @param header the request's
     * @param reply bytes of the reply from index 0
     * @param length how many
     */
    void check(int header, byte[] reply, int length) {
        buffer.wrap(reply, 0, length);
        if (length >= leastBytes && sameHeader(header) && StatusReply.status(buffer) == Status.Code.SUCCESS) {
            return;
        }
        count++;
        if (first == null) {
            first = describe(header, length);
        }
    }

    private boolean sameHeader(int header) {
        return ((buffer.getU32(0) ^ header) & COUNTED_HEADER_BITS) == 0;
    }

    private String describe(int header, int length) {
        String text = "`" + MessageText.ofReply(buffer, version) + "`";
        if (length < StatusReply.LENGTH) {
            return text + ", " + length + " bytes, too few for a status";
        }
        if (!sameHeader(header)) {
            return text + ", to a request with token " + Header.token(header) + " and header 0x"
                    + Integer.toHexString(header);
        }
        if (StatusReply.status(buffer) != Status.Code.SUCCESS) {
            return text;
        }
        return text + ", " + length + " bytes instead of " + leastBytes;
    }

    /** How many were wrong. */
    long count() {
        return count;
    }

    /** What the first of them was, as text of printable ASCII; null if all were right. */
    @Nullable
    String first() {
        return first;
    }
}
