// Looks at every message of an agent under test: its length must be the table's, and what it proves is recorded.
package org.scmid.server.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.protocol.Field;
import org.scmid.protocol.Header;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.catalogue.MessageTables;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.server.service.Core;

/** Looks at every reply and event of one agent: its length must be the one of the table for the version spoken. */
final class Witness {
    private final Core core;
    private final Agent agent;
    private @Nullable Message asked;
    private int askedVersion;

    Witness(Core core, Agent agent) {
        this.core = core;
        this.agent = agent;
    }

    /** A request is about to be executed. */
    void asked(byte[] request) {
        asked = null;
        if (request.length >= Header.HEADER_BYTES) {
            int header = word(request, 0);
            if (Header.type(header) == MessageType.COMMAND.code()) {
                asked = find(MessageType.COMMAND, header);
                askedVersion = version(header);
            }
        }
    }

    /** It was answered, at once or later. */
    void answered(byte[] reply) {
        Message message = asked;
        if (message == null || reply.length < Header.RESPONSE_PAYLOAD) {
            return;
        }
        if (isAcceptanceOnly(message, reply)) {
            return; // the rest comes with the delayed response
        }
        see(message, askedVersion, reply, word(reply, Header.HEADER_BYTES), Header.RESPONSE_PAYLOAD);
    }

    private static boolean isAcceptanceOnly(Message message, byte[] reply) {
        MessageTable<?> table = MessageTables.of(message.protocol().id());
        return reply.length == Header.RESPONSE_PAYLOAD
                && word(reply, Header.HEADER_BYTES) == Status.Code.SUCCESS
                && table != null
                && table.delayedResponse(message.id()) != null
                && !message.description().fromPlatform().fields().isEmpty();
    }

    /** An event was sent. */
    void sent(byte[] event) {
        int header = word(event, 0);
        MessageType type = MessageType.of(Header.type(header));
        Message message = type == null ? null : find(type, header);
        if (message == null) {
            throw new AssertionError("an event of no table: %08x".formatted(header));
        }
        if (type == MessageType.DELAYED_RESPONSE) {
            see(message, version(header), event, word(event, Header.HEADER_BYTES), Header.RESPONSE_PAYLOAD);
        } else {
            see(message, version(header), event, Status.Code.SUCCESS, Header.REQUEST_PAYLOAD);
        }
    }

    private static @Nullable Message find(MessageType type, int header) {
        return MessageTables.of(type, Header.protocolId(header), Header.messageId(header));
    }

    /** The version of a header's protocol that the agent speaks; 0 if the core does not have the protocol. */
    private int version(int header) {
        for (Protocol protocol : core.protocols()) {
            if (protocol.id().id() == Header.protocolId(header)) {
                return protocol.versionFor(agent);
            }
        }
        return 0;
    }

    private static void see(Message message, int version, byte[] bytes, int code, int payload) {
        Status status = Status.of(code);
        if (status == null) {
            throw new AssertionError(message.name() + " was answered with " + code + ", which is no status");
        }
        int expected = status == Status.SUCCESS
                ? payload + payloadLength(message.description().fromPlatform(), version, bytes, payload)
                : Header.RESPONSE_PAYLOAD;
        if (bytes.length != expected) {
            throw new AssertionError("%s %s in version %s has %d bytes, not %d"
                    .formatted(message.name(), status, ProtocolVersion.text(version), bytes.length, expected));
        }
        Evidence.record(message, version, status);
    }

    /** How long the payload must be; the items of a list are counted by the word before it. */
    private static int payloadLength(Layout layout, int version, byte[] bytes, int payload) {
        int fixed = layout.length(version);
        if (!layout.isVariable()) {
            return fixed;
        }
        List<Field> fields = layout.fields();
        Field tail = fields.getLast();
        if (tail.kind() == Field.Kind.REST) {
            return Math.max(fixed, bytes.length - payload);
        }
        int at = payload + fixed - Integer.BYTES;
        if (bytes.length < at + Integer.BYTES) {
            return fixed;
        }
        int items = word(bytes, at) & tail.countMask();
        return fixed + (items * tail.itemBytes(version) + 3) / 4 * 4;
    }

    private static int word(byte[] bytes, int at) {
        return new MessageBuffer().wrap(bytes, 0, bytes.length).getU32(at);
    }
}
