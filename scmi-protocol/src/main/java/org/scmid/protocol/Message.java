/* What the table of a protocol says about each of its messages. */
package org.scmid.protocol;

import org.scmid.protocol.catalogue.MessageText;

/**
 * One message of a protocol. Implemented by one enum per protocol, whose constants are named exactly as in the
 * specification; that enum is the protocol's table of messages.
 *
 * <p>Everything that has to know "which messages are there" derives it from these tables: dispatch, the answer to
 * PROTOCOL_MESSAGE_ATTRIBUTES, length checks, metric labels, {@link MessageText}.
 */
public interface Message {
    /** The exact name of the specification, such as {@code CLOCK_RATE_SET}. */
    String name();

    /** The protocol that it belongs to. */
    ProtocolId protocol();

    /** What the table says about it. */
    Description description();

    /** The message id, 0..255. Commands and notifications are counted separately. */
    default int id() {
        return description().id();
    }

    /** Command, delayed response or notification. */
    default MessageType type() {
        return description().type();
    }

    /** The payload of the request, after the header. */
    default Layout fromAgent() {
        return description().fromAgent();
    }

    /** The payload of the response, after the status, or of the notification, after the header. */
    default Layout fromPlatform() {
        return description().fromPlatform();
    }

    /** Whether the protocol has this message in the given version. */
    default boolean isIn(int version) {
        return ProtocolVersion.isAtLeast(version, description().since());
    }

    /** What an agent must be permitted to do with the resource that this command names. */
    default Tier tier() {
        return description().tier();
    }

    /** What of that resource's control this command takes; {@link Aspect#NONE} unless the tier is control. */
    default Aspect aspect() {
        return description().aspect();
    }

    /** Whether every platform must implement it (in the versions that have it). */
    default boolean isMandatory() {
        return description().presence() == Presence.MANDATORY;
    }

    /**
     * Whether a request of this command has a legal length; if not, the answer is {@link Status#PROTOCOL_ERROR}.
     *
     * @param payloadLength bytes after the header
     * @param version the protocol version that the agent and the platform speak
     */
    default boolean acceptsRequest(int payloadLength, int version) {
        return description().fromAgent().accepts(payloadLength, version);
    }

    /**
     * One row of the table.
     *
     * @param id message id, 0..255
     * @param type what it is
     * @param since the protocol version that introduced it
     * @param presence whether a platform must have it
     * @param tier what an agent must be permitted to do with the resource that a command names
     * @param aspect what of the resource's control a command of that tier takes; of the others none
     * @param fromAgent the payload of the request, after the header; empty if it is not a command
     * @param fromPlatform the payload of the response or delayed response, after the status, or of the notification,
     *     after the header
     */
    record Description(
            int id,
            MessageType type,
            int since,
            Presence presence,
            Tier tier,
            Aspect aspect,
            Layout fromAgent,
            Layout fromPlatform) {

        /** Every row of the tier of control says what it takes of it. */
        public Description {
            if ((tier == Tier.CONTROL) != (aspect != Aspect.NONE)) {
                throw new IllegalArgumentException("message " + id + ": tier " + tier + " with aspect " + aspect);
            }
        }

        /** A command that reads or subscribes, and its response. */
        public static Description command(
                int id, int since, Presence presence, Tier tier, Layout request, Layout response) {
            return new Description(id, MessageType.COMMAND, since, presence, tier, Aspect.NONE, request, response);
        }

        /** A command that changes hardware, and its response. */
        public static Description command(
                int id, int since, Presence presence, Aspect aspect, Layout request, Layout response) {
            return new Description(id, MessageType.COMMAND, since, presence, Tier.CONTROL, aspect, request, response);
        }

        /** The delayed response to the command with the same id. */
        public static Description delayedResponse(int id, int since, Layout payload) {
            return new Description(
                    id,
                    MessageType.DELAYED_RESPONSE,
                    since,
                    Presence.OPTIONAL,
                    Tier.READ,
                    Aspect.NONE,
                    Layout.EMPTY,
                    payload);
        }

        /** A notification. */
        public static Description notification(int id, int since, Layout payload) {
            return new Description(
                    id,
                    MessageType.NOTIFICATION,
                    since,
                    Presence.OPTIONAL,
                    Tier.READ,
                    Aspect.NONE,
                    Layout.EMPTY,
                    payload);
        }
    }
}
