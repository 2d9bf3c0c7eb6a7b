// What the tables say of a message's length, type and id holds for every message of every protocol.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.protocol.Field;
import org.scmid.protocol.Header;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.transport.MalformedInput;

@Tag(Evidence.SWEEP)
class TableRulesTest {
    private static final int MESSAGE_ATTRIBUTES = 2;
    private static final int IDS = 0x100;
    private static final int TOKEN = 7;
    private static final int UNUSED_TYPE = 1;

    /** How many bytes more than the longest legal request are tried. */
    private static final int EXCESS = 68;

    @SuppressWarnings("NullAway.Init")
    private Everything all;

    @BeforeEach
    void anAgentThatMayDoAll() throws Exception {
        all = new Everything();
    }

    @AfterEach
    void close() {
        all.close();
    }

    static Stream<String> protocols() throws IOException {
        return Everything.protocols();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aPayloadOfAnyIllegalLengthIsAProtocolError(String label) {
        Protocol protocol = all.protocol(label);
        for (int version : Everything.versions(protocol)) {
            Everything.negotiate(all.trusted, protocol, version);
            for (Message command : Everything.commands(protocol, version)) {
                Layout request = command.description().fromAgent();
                int longest = request.isVariable() ? request.length(version) : request.maximumLength(version);
                for (int length = 0; length <= longest + EXCESS; length++) {
                    if (!request.accepts(length, version)) {
                        byte[] reply = Everything.send(all.trusted, Requests.ofLength(command, length, 0));
                        String what = command.name() + " in version " + ProtocolVersion.text(version) + ", " + length
                                + " bytes";
                        assertEquals(Status.Code.PROTOCOL_ERROR, Requests.status(reply), what);
                    }
                }
            }
        }
    }

    /** Of resources that have what the command is about, and of those that lack it, by an agent with a channel or without. */
    @ParameterizedTest
    @MethodSource("protocols")
    void aReservedBitIsInvalidBeforeTheResourceIsLookedAt(String label) {
        Protocol protocol = all.protocol(label);
        for (int version : Everything.versions(protocol)) {
            Everything.negotiate(all.trusted, protocol, version);
            for (Message command : Everything.commands(protocol, version)) {
                int offset = 0;
                for (Field field : command.fromAgent().fields()) {
                    for (int bit = 0; bit < Integer.SIZE; bit++) {
                        if ((field.reserved().in(version) & 1 << bit) != 0) {
                            isInvalid(protocol, command, version, offset, 1 << bit);
                        }
                    }
                    offset += field.kind().bytes();
                }
            }
        }
    }

    private void isInvalid(Protocol protocol, Message command, int version, int offset, int word) {
        boolean isAboutOne = command.fromAgent().resourceOffset() != Layout.NO_RESOURCE;
        int resources = isAboutOne ? protocol.view(all.trusted.agent).size() : 1;
        for (int id = 0; id < resources; id++) {
            byte[] request = Requests.shortest(command, version, id);
            ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN).putInt(4 + offset, word);
            for (boolean hasChannel : new boolean[] {true, false}) {
                Bench.Peer agent = hasChannel ? all.trusted.withEvents() : all.trusted.withoutEvents();
                String what = command.name() + " in version " + ProtocolVersion.text(version) + ", " + id + ", bits "
                        + Integer.toHexString(word) + " at " + offset;
                int status = Requests.status(Everything.send(agent, request));
                assertEquals(Status.Code.INVALID_PARAMETERS, status, what);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void whatIsNoCommandIsNotAnswered(String label) {
        Protocol protocol = all.protocol(label);
        long refused = 0;
        for (int id = 0; id < IDS; id++) {
            for (int type = UNUSED_TYPE; type <= MessageType.NOTIFICATION.code(); type++) {
                int header = header(protocol.id().id(), id) | type << 8;
                assertEquals(0, Everything.send(all.trusted, Requests.bare(header, 8)).length, label + " " + id);
                assertEquals(++refused, all.trusted.agent.metrics().malformed(MalformedInput.NOT_A_COMMAND));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aMessageThatTheVersionDoesNotHaveIsNotFound(String label) {
        Protocol protocol = all.protocol(label);
        int protocolId = protocol.id().id();
        for (int version : Everything.versions(protocol)) {
            Everything.negotiate(all.trusted, protocol, version);
            for (int id = 0; id < IDS; id++) {
                Message known = protocol.table().command(id);
                // NEGOTIATE_PROTOCOL_VERSION is taken whatever was negotiated before.
                boolean isThere = known != null && protocol.implementsCommand(known) && known.isIn(version);
                String what = label + " " + ProtocolVersion.text(version) + ", message " + id;
                int described = all.trusted.call(protocolId, MESSAGE_ATTRIBUTES, id)[0];
                if (isThere) {
                    assertEquals(Status.Code.SUCCESS, described, what);
                } else if (id != 0x10) {
                    assertEquals(Status.Code.NOT_FOUND, described, what);
                    for (int words = 0; words < 5; words++) {
                        int status = all.trusted.status(protocolId, id, new int[words]);
                        assertEquals(Status.Code.NOT_FOUND, status, what + ", " + words + " words");
                    }
                }
            }
        }
    }

    @Test
    void aProtocolThatIsNotThereIsNotSupported() {
        for (int id = 0; id < IDS; id++) {
            if (isThere(id)) {
                continue;
            }
            for (int message = 0; message < IDS; message += 5) {
                byte[] request = Requests.bare(header(id, message), 4);
                byte[] reply = Everything.send(all.trusted, request);
                assertEquals(8, reply.length, "protocol " + id);
                assertEquals(Status.Code.NOT_SUPPORTED, Requests.status(reply), "protocol " + id);
            }
        }
    }

    private boolean isThere(int protocolId) {
        return all.bench.core.protocols().stream()
                .anyMatch(protocol -> protocol.id().id() == protocolId);
    }

    private static int header(int protocolId, int messageId) {
        return Header.encode(messageId, MessageType.COMMAND, protocolId, TOKEN);
    }
}
