// Every message of an agent as a line of the log, for those who look for a mistake.
package org.scmid.server.core.agent;

import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.catalogue.MessageText;

/**
 * Writes every message of an agent into the log, decoded by the tables of messages, if the logger {@value #LOGGER} is on
 * at level DEBUG when the agent is made ({@code scmid run --trace}). Off, it costs a comparison; on, it makes a text of
 * each message. The service loop does not wait for who reads the log: the command leaves out lines that nobody takes in
 * time, and says how many.
 */
final class MessageTrace {
    static final String LOGGER = "org.scmid.trace";

    private static final System.Logger LOG = System.getLogger(LOGGER);

    private final Agent agent;
    private final boolean isOn;
    private final MessageBuffer message = new MessageBuffer();

    MessageTrace(Agent agent) {
        this.agent = agent;
        this.isOn = LOG.isLoggable(System.Logger.Level.DEBUG);
    }

    /** A message from the agent. */
    void request(byte[] bytes, int length) {
        if (isOn) {
            message.wrap(bytes, 0, length);
            write("-> ", MessageText.ofRequest(message, version()));
        }
    }

    /** The reply; none if the length is 0. */
    void reply(byte[] bytes, int length) {
        if (isOn) {
            message.wrap(bytes, 0, length);
            write("<- ", length == 0 ? "no reply" : MessageText.ofReply(message, version()));
        }
    }

    /** A delayed response or a notification that the agent was given. */
    void event(byte[] bytes, int length) {
        if (isOn) {
            message.wrap(bytes, 0, length);
            write("<= ", MessageText.ofReply(message, version()));
        }
    }

    private int version() {
        if (message.length() < Header.HEADER_BYTES) {
            return 0;
        }
        ProtocolId protocol = ProtocolId.of(Header.protocolId(message.getU32(0)));
        if (protocol == null) {
            return 0;
        }
        int negotiated = agent.state().negotiated(protocol.id());
        return negotiated == 0 ? protocol.newestVersion() : negotiated;
    }

    private void write(String direction, String text) {
        LOG.log(System.Logger.Level.DEBUG, "agent " + agent.name() + " " + direction + text);
    }
}
