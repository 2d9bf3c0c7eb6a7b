// Every message of an agent as a line of the log, for those who look for a mistake.
package org.scmid.server.core.agent;

import org.jspecify.annotations.Nullable;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.ProtocolId;

/**
 * Notes every message of an agent for the log, if the logger {@value #LOGGER} is on at level DEBUG when the agent is made
 * ({@code scmid run --trace}). Off, it costs a comparison; on, a copy: {@link TraceWriter} makes a text of it, by the tables
 * of messages, in a thread of its own.
 */
final class MessageTrace {
    static final String LOGGER = "org.scmid.trace";

    private static final System.Logger LOG = System.getLogger(LOGGER);

    private final Agent agent;
    private final TraceWriter writer;
    private final @Nullable TraceBuffer buffer;
    private final MessageBuffer message = new MessageBuffer();

    MessageTrace(Agent agent, TraceWriter writer) {
        this.agent = agent;
        this.writer = writer;
        this.buffer = LOG.isLoggable(System.Logger.Level.DEBUG) ? writer.open(agent.name()) : null;
    }

    /** A message from the agent. */
    void request(byte[] bytes, int length) {
        note(TraceBuffer.Direction.REQUEST, bytes, length);
    }

    /** The reply; none if the length is 0. */
    void reply(byte[] bytes, int length) {
        note(TraceBuffer.Direction.REPLY, bytes, length);
    }

    /** A delayed response or a notification that the agent was given. */
    void event(byte[] bytes, int length) {
        note(TraceBuffer.Direction.EVENT, bytes, length);
    }

    /** The agent has left. */
    void close() {
        TraceBuffer noted = buffer;
        if (noted != null) {
            writer.close(noted);
        }
    }

    private void note(TraceBuffer.Direction direction, byte[] bytes, int length) {
        TraceBuffer noted = buffer;
        if (noted != null) {
            noted.put(direction, bytes, length, version(bytes, length), writer.nextNumber());
            writer.wake();
        }
    }

    private int version(byte[] bytes, int length) {
        if (length < Header.HEADER_BYTES) {
            return 0;
        }
        message.wrap(bytes, 0, length);
        ProtocolId protocol = ProtocolId.of(Header.protocolId(message.getU32(0)));
        if (protocol == null) {
            return 0;
        }
        int negotiated = agent.state().negotiated(protocol.id());
        return negotiated == 0 ? protocol.newestVersion() : negotiated;
    }
}
