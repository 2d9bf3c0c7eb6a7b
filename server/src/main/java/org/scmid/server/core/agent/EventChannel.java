// One agent's events: asynchronous commands that are to be begun, delayed responses and notifications that wait.
package org.scmid.server.core.agent;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Status;
import org.scmid.protocol.StatusReply;
import org.scmid.server.core.agent.AgentMetrics.EventCount;
import org.scmid.server.core.state.AgentState;
import org.scmid.transport.EventSink;

/**
 * What goes to an agent besides replies. {@link #flush} runs after replies were published, so that an asynchronous
 * command is begun, and its delayed response sent, after the response that accepted it.
 */
final class EventChannel {
    private final Agent agent;
    private final Commands commands;
    private final MessageTrace trace;
    private final NotificationQueue notifications = new NotificationQueue();
    private final MessageBuffer event = new MessageBuffer(Agent.MAX_MESSAGE);

    EventChannel(Agent agent, Commands commands, MessageTrace trace) {
        this.agent = agent;
        this.commands = commands;
        this.trace = trace;
    }

    NotificationQueue notifications() {
        return notifications;
    }

    /** Begins what was accepted, and sends what waits, as far as there are buffers. */
    void flush(@Nullable EventSink sink) {
        carryOut();
        if (sink != null && sendDelayedResponses(sink)) {
            sendNotifications(sink);
        }
    }

    private void carryOut() {
        AgentState state = agent.state();
        for (int slot = state.oldestAccepted(); slot != AgentState.NONE; slot = state.oldestAccepted()) {
            state.begin(slot);
            int sequence = state.sequence(slot);
            Agent before = agent.agents().act(agent);
            int status;
            try {
                status = carryOut(slot);
            } finally {
                agent.agents().act(before);
            }
            if (status != Call.DEFERRED) {
                ended(sequence, status, agent.operation(1 + slot).value());
            }
        }
    }

    /** A failure must reach the agent as a delayed response, not end the flush: the command would be tried for ever. */
    private int carryOut(int slot) {
        try {
            int status = eventsOf(slot).carryOut(agent, slot);
            Mapping.raiseFault(); // see Commands.execute
            return status;
        } catch (RuntimeException | InternalError failure) {
            agent.reportFailure(
                    "asynchronous command 0x"
                            + Integer.toHexString(agent.state().pendingHeader(slot)) + " failed",
                    failure);
            return Status.Code.HARDWARE_ERROR;
        }
    }

    /**
     * Notes the end of an asynchronous command; its delayed response goes out with the next flush.
     *
     * @param sequence its number; nothing is done if that command is not wanted any more
     * @param result what was reached
     */
    void ended(int sequence, int status, long result) {
        int slot = agent.state().begun(sequence);
        if (slot != AgentState.NONE) {
            end(slot, status, result);
        }
    }

    /** As {@link #ended}, for the command in a slot, begun or not. */
    void end(int slot, int status, long result) {
        AgentState state = agent.state();
        if (eventsOf(slot).hasDelayedResponse(state.pendingFlags(slot))) {
            state.carriedOut(slot, status, status == Status.Code.SUCCESS ? result : 0);
        } else {
            int header = state.pendingHeader(slot);
            state.free(slot);
            if (status != Status.Code.SUCCESS) {
                commands.reportError(agent, header, status);
            }
        }
    }

    /** @return whether all could be sent */
    private boolean sendDelayedResponses(EventSink sink) {
        AgentState state = agent.state();
        for (int slot = state.oldestDone(); slot != AgentState.NONE; slot = state.oldestDone()) {
            EventSink.Result result = offer(sink, delayedResponse(slot));
            if (result == EventSink.Result.TOO_LONG && state.pendingStatus(slot) == Status.Code.SUCCESS) {
                // Room for a status is better than nothing: the agent does not wait in vain.
                int length = StatusReply.writeDelayed(event, state.pendingHeader(slot), Status.Code.PROTOCOL_ERROR);
                result = offer(sink, length);
            }
            if (result == EventSink.Result.NO_BUFFER) {
                return false;
            }
            int header = state.pendingHeader(slot);
            state.free(slot);
            if (result == EventSink.Result.TOO_LONG) {
                commands.reportError(agent, header, Status.Code.PROTOCOL_ERROR);
            }
            agent.metrics()
                    .count(
                            result == EventSink.Result.SENT
                                    ? EventCount.DELAYED_RESPONSE_SENT
                                    : EventCount.DELAYED_RESPONSE_DROPPED);
        }
        return true;
    }

    private EventSink.Result offer(EventSink sink, int length) {
        EventSink.Result result = sink.offer(event.array(), length);
        if (result == EventSink.Result.SENT) {
            trace.event(event.array(), length);
        }
        return result;
    }

    private int delayedResponse(int slot) {
        AgentState state = agent.state();
        int status = state.pendingStatus(slot);
        return status == Status.Code.SUCCESS
                ? eventsOf(slot).renderDelayed(agent, slot, event)
                : StatusReply.writeDelayed(event, state.pendingHeader(slot), status);
    }

    private Events eventsOf(int slot) {
        return commands.events(Header.protocolId(agent.state().pendingHeader(slot)));
    }

    private void sendNotifications(EventSink sink) {
        while (!notifications.isEmpty()) {
            NotificationQueue.Entry entry = notifications.head();
            int length = entry.source().render(agent, entry, event);
            if (length > 0) {
                EventSink.Result result = offer(sink, length);
                if (result == EventSink.Result.NO_BUFFER) {
                    return;
                }
                agent.metrics()
                        .count(
                                result == EventSink.Result.SENT
                                        ? EventCount.NOTIFICATION_SENT
                                        : EventCount.NOTIFICATION_DROPPED);
            }
            notifications.removeFirst();
        }
    }
}
