// Every message of every protocol succeeds in every version that has it, with the length that the table has.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.protocol.Protocol;

/** The lengths are looked at by {@link Witness}, as in all tests that use {@link Bench}. */
@Tag(Evidence.SWEEP)
class VersionsTest {
    private static final int FULL = 4096;

    /** How long an event may take. */
    private static final int SECONDS = 60;

    static Stream<String> protocols() throws IOException {
        return Everything.protocols();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void everyCommandSucceedsInEveryVersionThatHasIt(String label) throws Exception {
        for (Request request : requests(label)) {
            byte[] reply = request.answer(FULL);
            assertEquals(Status.Code.SUCCESS, Requests.status(reply), request.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void everyEventIsSentInEveryVersionThatHasIt(String label) throws Exception {
        try (Everything all = new Everything()) {
            Protocol protocol = all.protocol(label);
            for (Message message : protocol.table().messages()) {
                for (int version : Everything.versions(protocol)) {
                    if (message.type() != MessageType.COMMAND
                            && message.isIn(version)
                            && !ConformanceCheck.NOTES.containsKey(message)) {
                        isSent(protocol, message, version);
                    }
                }
            }
        }
    }

    private static void isSent(Protocol protocol, Message event, int version) throws IOException {
        List<Examples.Step> steps = Examples.stepsTo(event);
        if (steps == null) {
            fail(protocol.id().label() + " " + event.name() + ": list in Examples.EVENTS what brings it about");
            return;
        }
        String what = event.name() + " in version " + ProtocolVersion.text(version);
        try (Everything world = new Everything()) {
            Everything.negotiate(world.trusted, protocol, version);
            for (Examples.Step step : steps) {
                Bench.Peer agent = step.isByReceiver() ? world.trusted : world.other;
                int status = Requests.status(Everything.send(agent, step.request()));
                assertEquals(
                        Status.Code.SUCCESS,
                        status,
                        what + ": " + step.command().name());
            }
            for (int millis = 0; millis < 100; millis++) {
                world.bench.loop.passMillis(1);
            }
            for (int second = 0; second < SECONDS; second++) {
                world.bench.loop.passMillis(1_000);
            }
            assertTrue(
                    world.trusted.events.received.stream().anyMatch(words -> isOf(event, words[0])),
                    what + ": not sent, but " + world.trusted.events.take());
        }
    }

    private static boolean isOf(Message event, int header) {
        return Header.encode(event, Header.token(header)) == header;
    }

    /** The rule for fixed replies: a status only if they do not fit. Lists are cut, or else likewise. */
    @ParameterizedTest
    @MethodSource("protocols")
    void aReplyNeverExceedsTheBufferWhateverItsSize(String label) throws Exception {
        for (Request request : requests(label)) {
            int full = request.answer(FULL).length;
            boolean isFixed = !request.command.description().fromPlatform().isVariable();
            for (int capacity = 0; capacity <= full + 4; capacity++) {
                byte[] reply = request.answer(capacity);
                String what = request + " with room for " + capacity + " of " + full;
                if (capacity < Header.RESPONSE_PAYLOAD) {
                    assertEquals(0, reply.length, what);
                } else if (capacity >= full) {
                    assertEquals(full, reply.length, what);
                    assertEquals(Status.Code.SUCCESS, Requests.status(reply), what);
                } else if (isFixed || Requests.status(reply) != Status.Code.SUCCESS) {
                    assertEquals(Status.Code.PROTOCOL_ERROR, Requests.status(reply), what);
                    assertEquals(Header.RESPONSE_PAYLOAD, reply.length, what);
                }
            }
        }
    }

    /** A request that succeeds. */
    private static final class Request {
        private final String protocol;
        private final Message command;
        private final int version;
        private final byte[] bytes;

        Request(Protocol protocol, Message command, int version) throws IOException {
            this.protocol = protocol.id().label();
            this.command = command;
            this.version = version;
            bytes = Examples.succeeding(protocol, command, version);
        }

        /** The answer in a world of its own. */
        byte[] answer(int capacity) throws IOException {
            try (Everything world = new Everything()) {
                Everything.negotiate(world.trusted, world.protocol(protocol), version);
                return world.trusted.exchangeAndSettle(bytes, capacity);
            }
        }

        @Override
        public String toString() {
            return protocol + " " + command.name() + " in version " + ProtocolVersion.text(version);
        }
    }

    private static List<Request> requests(String label) throws IOException {
        List<Request> requests = new ArrayList<>();
        try (Everything all = new Everything()) {
            Protocol protocol = all.protocol(label);
            for (int version : Everything.versions(protocol)) {
                for (Message command : Everything.commands(protocol, version)) {
                    if (!ConformanceCheck.NOTES.containsKey(command)) {
                        requests.add(new Request(protocol, command, version));
                    }
                }
            }
        }
        return requests;
    }
}
