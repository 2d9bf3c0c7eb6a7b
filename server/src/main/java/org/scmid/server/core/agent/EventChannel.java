// One agent's events: asynchronous commands that are to be begun, delayed responses and notifications that wait.
package org.scmid.server.core.agent;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.loop.Scheduler;
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
 *
 * <p>Delayed responses go first, in the order of their commands. One that does not fit into the agent's next buffer waits
 * for one that is large enough, and what fits goes before it. A buffer that nothing fits into that waits goes back unused.
 * A notification that did not fit into several buffers is lost, so that those behind it go on.
 */
final class EventChannel {
    /** So many buffers may be too small for a notification before it is lost. */
    static final int MOST_REFUSALS = 4;

    /** So many buffers go back at once, without one that was large enough between them; then it pauses. */
    static final int MOST_RETURNS = 64;

    /** An agent that gives small buffers again and again is not to keep the service busy with giving them back. */
    static final long PAUSE_NANOS = 100_000_000;

    private final Agent agent;
    private final Commands commands;
    private final MessageTrace trace;
    private final NotificationQueue notifications = new NotificationQueue();
    private final MessageBuffer event = new MessageBuffer(Agent.MAX_MESSAGE);

    private final Scheduler.Timer pause;
    private int returns; // since the last message that was sent, or the last pause
    private int refusals; // of the first notification

    EventChannel(Agent agent, Commands commands, MessageTrace trace, Scheduler scheduler) {
        this.agent = agent;
        this.commands = commands;
        this.trace = trace;
        pause = scheduler.timer(this::pauseIsOver);
    }

    NotificationQueue notifications() {
        return notifications;
    }

    /** Begins what was accepted, and sends what waits, as far as there are buffers. */
    void flush(@Nullable EventSink sink) {
        carryOut();
        if (sink != null) {
            send(sink);
            sink.sendOffered();
        }
    }

    /** The service ends. */
    void freeze() {
        pause.disarm();
    }

    private void pauseIsOver() {
        returns = 0;
        agent.flushSoon();
    }

    private void send(EventSink sink) {
        while (true) {
            EventSink.Result delayed = sendDelayedResponses(sink);
            if (delayed == EventSink.Result.NO_BUFFER) {
                return;
            }
            boolean isTooLong = delayed == EventSink.Result.TOO_LONG;
            if (!notifications.isEmpty()) {
                EventSink.Result notified = sendNotification(sink);
                if (notified == EventSink.Result.NO_BUFFER) {
                    return;
                }
                if (notified == EventSink.Result.SENT) {
                    continue;
                }
                isTooLong = true;
            }
            if (!isTooLong || !returnBuffer(sink)) {
                return;
            }
        }
    }

    /** Whether the next buffer, which is too small for all that waits, was given back. */
    private boolean returnBuffer(EventSink sink) {
        if (returns == MOST_RETURNS) {
            pause.arm(PAUSE_NANOS);
            return false;
        }
        returns++;
        sink.returnBuffer();
        return true;
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

    /** @return TOO_LONG if some do not fit into the next buffer, NO_BUFFER if there is none, else SENT: none waits */
    private EventSink.Result sendDelayedResponses(EventSink sink) {
        AgentState state = agent.state();
        EventSink.Result all = EventSink.Result.SENT;
        int slot = state.oldestDone();
        while (slot != AgentState.NONE) {
            EventSink.Result result = offer(sink, delayedResponse(slot));
            switch (result) {
                case NO_BUFFER -> {
                    return result;
                }
                case TOO_LONG -> {
                    all = result;
                    slot = state.nextDone(slot);
                }
                case SENT -> {
                    state.free(slot);
                    agent.metrics().count(EventCount.DELAYED_RESPONSE_SENT);
                    all = result;
                    slot = state.oldestDone(); // another buffer is the next now
                }
            }
        }
        return all;
    }

    private EventSink.Result offer(EventSink sink, int length) {
        EventSink.Result result = sink.offer(event.array(), length);
        if (result == EventSink.Result.SENT) {
            returns = 0;
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

    /** Sends the first, or drops it, if it is not wanted any more or is too long for too many buffers. */
    private EventSink.Result sendNotification(EventSink sink) {
        NotificationQueue.Entry entry = notifications.head();
        int length = entry.source().render(agent, entry, event);
        if (length > 0) {
            EventSink.Result result = offer(sink, length);
            boolean waits = result == EventSink.Result.NO_BUFFER
                    || (result == EventSink.Result.TOO_LONG && ++refusals < MOST_REFUSALS);
            if (waits) {
                return result;
            }
            agent.metrics()
                    .count(
                            result == EventSink.Result.SENT
                                    ? EventCount.NOTIFICATION_SENT
                                    : EventCount.NOTIFICATION_DROPPED);
        }
        refusals = 0;
        notifications.removeFirst();
        return EventSink.Result.SENT;
    }
}
