/* The messages of one protocol, found by their id. */
package org.scmid.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one protocol, found by id with one array access.
 *
 * @param <M> the protocol's enum of messages
 */
public final class MessageTable<M extends Message> {
    private final ProtocolId protocol;
    private final List<M> messages;
    private final @Nullable Message[] commands;
    private final @Nullable Message[] delayedResponses;
    private final @Nullable Message[] notifications;

    private MessageTable(ProtocolId protocol, List<M> messages) {
        this.protocol = protocol;
        this.messages = messages;
        this.commands = byId(MessageType.COMMAND);
        this.delayedResponses = byId(MessageType.DELAYED_RESPONSE);
        this.notifications = byId(MessageType.NOTIFICATION);
    }

    /**
     * The table of a protocol.
     *
     * @param messages the values of the protocol's enum
     * @throws IllegalArgumentException if two messages share type and id
     */
    public static <M extends Message> MessageTable<M> of(ProtocolId protocol, M[] messages) {
        return new MessageTable<>(protocol, List.of(messages));
    }

    /** The protocol. */
    public ProtocolId protocol() {
        return protocol;
    }

    /** All messages, in the order of the table. */
    public List<M> messages() {
        return messages;
    }

    /** The command with this id, null if the protocol has none. */
    public @Nullable M command(int id) {
        return at(commands, id);
    }

    /** The delayed response to the command with this id, null if it has none. */
    public @Nullable M delayedResponse(int id) {
        return at(delayedResponses, id);
    }

    /** The notification with this id, null if the protocol has none. */
    public @Nullable M notification(int id) {
        return at(notifications, id);
    }

    /** The message of this type and id, null if the protocol has none. */
    public @Nullable M find(MessageType type, int id) {
        return switch (type) {
            case COMMAND -> command(id);
            case DELAYED_RESPONSE -> delayedResponse(id);
            case NOTIFICATION -> notification(id);
        };
    }

    /** One more than the highest id of a command: the size for an array indexed by command id. */
    public int commandLimit() {
        return commands.length;
    }

    @SuppressWarnings("unchecked") // only messages of type M are put into the arrays
    private @Nullable M at(@Nullable Message[] byId, int id) {
        return id >= 0 && id < byId.length ? (@Nullable M) byId[id] : null;
    }

    private @Nullable Message[] byId(MessageType type) {
        int limit = 0;
        for (M message : messages) {
            if (message.type() == type) {
                limit = Math.max(limit, message.id() + 1);
            }
        }
        @Nullable Message[] byId = new Message[limit];
        for (M message : messages) {
            if (message.type() == type) {
                Message other = byId[message.id()];
                if (other != null) {
                    throw new IllegalArgumentException(message.name() + " has the id of " + other.name());
                }
                byId[message.id()] = message;
            }
        }
        return byId;
    }
}
