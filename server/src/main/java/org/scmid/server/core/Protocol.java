// What all protocols have in common: their table of commands, and the commands that every protocol has.
package org.scmid.server.core;

import org.jspecify.annotations.Nullable;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.common.NegotiateProtocolVersion;
import org.scmid.protocol.common.NotifyEnable;
import org.scmid.protocol.common.ProtocolMessageAttributes;
import org.scmid.protocol.common.ProtocolVersionGet;

/**
 * One protocol: which of its messages are implemented, and how. A subclass binds each message of its table to a handler,
 * in its constructor; dispatch and PROTOCOL_MESSAGE_ATTRIBUTES follow from these bindings, so they cannot disagree.
 */
abstract class Protocol {
    /** The ids that are the same in every protocol. */
    private static final int PROTOCOL_VERSION = 0x0;

    private static final int MESSAGE_ATTRIBUTES = 0x2;
    private static final int NEGOTIATE = 0x10;

    private final MessageTable<?> table;
    private final int newest;
    private final @Nullable Command[] commands;

    private final ProtocolVersionGet.Reply versionReply = new ProtocolVersionGet.Reply();
    private final ProtocolMessageAttributes.Request attributesRequest;
    private final ProtocolMessageAttributes.Reply attributesReply = new ProtocolMessageAttributes.Reply();
    private final NegotiateProtocolVersion.Request negotiateRequest;

    /** Carries out a command: checks its values, acts, writes the reply. */
    @FunctionalInterface
    interface Handler {
        /** @return the status; SUCCESS through {@link Call#succeed} if there is more to the reply than a status */
        int handle(Call call);
    }

    /** A message that is implemented. */
    private record Command(Message message, Handler handler, boolean needsEvents) {}

    Protocol(MessageTable<?> table, int newest) {
        this.table = table;
        this.newest = newest;
        this.commands = new Command[table.commandLimit()];
        this.attributesRequest = new ProtocolMessageAttributes.Request(message(MESSAGE_ATTRIBUTES));
        this.negotiateRequest = new NegotiateProtocolVersion.Request(message(NEGOTIATE));
        on(message(PROTOCOL_VERSION), this::protocolVersion);
        on(message(MESSAGE_ATTRIBUTES), this::messageAttributes);
        on(message(NEGOTIATE), this::negotiate);
    }

    /** Binds a command to what carries it out. */
    final void on(Message command, Handler handler) {
        commands[command.id()] = new Command(command, handler, false);
    }

    /** Binds a command that only makes sense for an agent with a platform-to-agent channel. */
    final void onWithEvents(Message command, Handler handler) {
        commands[command.id()] = new Command(command, handler, true);
    }

    final ProtocolId id() {
        return table.protocol();
    }

    final MessageTable<?> table() {
        return table;
    }

    /** Whether an agent has anything of this protocol. */
    abstract boolean isOfferedTo(Agent agent);

    /** Carries out what was put off until the reply was published, and sends what waits for the agent. */
    void flush(Agent agent) {}

    /** Gives up what the agent holds and asked for: votes, subscriptions, unfinished commands. */
    abstract void release(Agent agent);

    /** The version that an agent speaks: the one it negotiated, else the newest. */
    final int versionFor(Agent agent) {
        int negotiated = agent.state().negotiated(id().id());
        return negotiated == 0 ? newest : negotiated;
    }

    /** Runs one command; its payload and its effects are the handler's affair, all that is common is checked here. */
    final int execute(Call call) {
        int version = versionFor(call.agent());
        Command command = find(Header.messageId(call.header()), version);
        if (command == null) {
            return Status.Code.NOT_FOUND;
        }
        Message message = command.message;
        if (!message.acceptsRequest(call.payloadLength(), version)) {
            return Status.Code.PROTOCOL_ERROR;
        }
        if (command.needsEvents && !call.agent().hasEvents()) {
            return Status.Code.NOT_SUPPORTED;
        }
        call.prepareReply(
                Header.RESPONSE_PAYLOAD + message.description().fromPlatform().length(version), version);
        return command.handler.handle(call);
    }

    private @Nullable Command find(int messageId, int version) {
        if (messageId < 0 || messageId >= commands.length) {
            return null;
        }
        Command command = commands[messageId];
        // An agent that chose an old version may still choose again.
        return command != null && (messageId == NEGOTIATE || command.message.isIn(version)) ? command : null;
    }

    private int protocolVersion(Call call) {
        versionReply.begin(call.reply(), call.header()).version(newest);
        return call.succeed(versionReply.messageLength());
    }

    private int messageAttributes(Call call) {
        int messageId = attributesRequest.wrap(call.request()).messageId();
        Command command = find(messageId, call.version());
        if (command == null || (command.needsEvents && !call.agent().hasEvents())) {
            return Status.Code.NOT_FOUND;
        }
        attributesReply.begin(call.reply(), call.header()).attributes(0);
        return call.succeed(attributesReply.messageLength());
    }

    private int negotiate(Call call) {
        int version = negotiateRequest.wrap(call.request()).version();
        if (!id().hasVersion(version) || !ProtocolVersion.isAtLeast(newest, version)) {
            return Status.Code.NOT_SUPPORTED;
        }
        call.agent().state().negotiate(id().id(), version);
        return Status.Code.SUCCESS;
    }

    /** Whether a notify_enable word sets none of its reserved bits. */
    static boolean isNotifyEnable(int word) {
        return (word & NotifyEnable.RESERVED) == 0;
    }

    private Message message(int id) {
        Message message = table.command(id);
        if (message == null) {
            throw new IllegalArgumentException(table.protocol() + " has no command " + id);
        }
        return message;
    }
}
