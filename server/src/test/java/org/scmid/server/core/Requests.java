// Requests made from the tables, for tests that go through all messages.
package org.scmid.server.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.scmid.protocol.Header;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;

/** Requests in bytes, made from the tables. */
final class Requests {
    private static final int TOKEN = 0x155;

    private Requests() {}

    /** The shortest legal request of a command for a resource; all other fields are 0. */
    static byte[] shortest(Message command, int version, int resource) {
        return ofLength(command, command.description().fromAgent().minimumLength(version), resource);
    }

    /** A request with a payload of so many bytes, legal or not; the resource's id is in it if it has room. */
    static byte[] ofLength(Message command, int payloadLength, int resource) {
        byte[] request = bare(header(command), payloadLength);
        int offset = command.description().fromAgent().resourceOffset();
        if (offset != Layout.NO_RESOURCE && offset + Integer.BYTES <= payloadLength) {
            put(request, Header.REQUEST_PAYLOAD + offset, resource);
        }
        return request;
    }

    /** A request with these words. */
    static byte[] of(Message command, int... payload) {
        byte[] request = bare(header(command), Integer.BYTES * payload.length);
        for (int i = 0; i < payload.length; i++) {
            put(request, Header.REQUEST_PAYLOAD + Integer.BYTES * i, payload[i]);
        }
        return request;
    }

    /** Any header before zeros. */
    static byte[] bare(int header, int payloadLength) {
        byte[] request = new byte[Header.REQUEST_PAYLOAD + payloadLength];
        put(request, 0, header);
        return request;
    }

    private static int header(Message command) {
        return Header.encode(
                command.id(), MessageType.COMMAND, command.protocol().id(), TOKEN);
    }

    private static void put(byte[] bytes, int at, int word) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, word);
    }

    /** The status of a reply. */
    static int status(byte[] reply) {
        return ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).getInt(Header.HEADER_BYTES);
    }
}
