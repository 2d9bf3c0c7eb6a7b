// One agent: the core's side of its channel, and what happens when it comes and goes.
package org.scmid.server.core.agent;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.linux.PeerIdentity;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Status;
import org.scmid.protocol.StatusReply;
import org.scmid.server.core.state.AgentState;
import org.scmid.transport.AgentLog;
import org.scmid.transport.AgentPort;
import org.scmid.transport.EventSink;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.ReplyListener;

/**
 * One agent. Belongs to the service loop's thread; {@link #metrics}, {@link #name} and {@link #id} may be asked from any.
 *
 * <p>The path of a command: {@link #execute}, {@link Commands#execute}, the handler of the
 * message, the hardware.
 */
public final class Agent implements AgentPort {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** After a restart: how long unanswered commands may take to come again before the agent owes us nothing. */
    private static final long REPETITION_NANOS = 50 * NANOS_PER_MILLI;

    private final int id;
    private final String name;
    private final boolean trusted;
    private final Presence presence;
    private final Agents agents;
    private final Commands commands;
    private ResourceViews views;
    private AgentState state;
    private final AgentMetrics metrics;
    private final AgentLog log;
    private final Call call;
    private final MessageBuffer header = new MessageBuffer();
    private final EventChannel channel;
    private final MessageTrace trace;
    private final boolean[] deniedProtocols = new boolean[ProtocolId.MAX_ID + 1];
    private final EventLoop loop;
    private final EventLoop.Polling eventsWait;
    private boolean flushWanted;
    /** A reply that came late waits for the transport's turn; then there is a time to send events, too. */
    private boolean replyWaits;

    private final Scheduler.Timer graceTimer;
    private @Nullable EventSink events;
    private @Nullable ReplyListener replies;
    private boolean attached;
    private boolean resuming;
    private boolean repetitionsSeen;
    private boolean frozen;
    private final Scheduler.Timer repetitionTimer;
    private final Operation[] operations = new Operation[1 + AgentState.MAX_PENDING];
    private final Behalf behalf = new Behalf(this);
    private final Release release;
    private boolean dropsWhenReleased;

    /** A command has come that begins when everything is given up. */
    private boolean commandWaits;

    private final Renumbering renumbering;

    /**
     * What it means that the peer is gone.
     *
     * @param dropWhenGone whether the agent's state is dropped at once; else when the grace has passed
     * @param graceMillis how long a peer may stay away, in milliseconds; or {@link #FOR_EVER}
     */
    public record Presence(boolean dropWhenGone, long graceMillis) {
        /** As a grace: a peer may stay away as long as it likes. */
        public static final long FOR_EVER = Long.MAX_VALUE;
    }

    /**
     * @param id from 1
     * @param name its name
     * @param trusted whether it may change other agents' permissions
     * @param presence what it means that its peer is gone
     * @param views what it sees
     * @param state what is remembered of it
     * @param renumbering gives it other ids when its guest begins anew
     * @param agents all agents
     * @param commands all protocols
     * @param loop gives it time
     */
    public Agent(
            int id,
            String name,
            boolean trusted,
            Presence presence,
            ResourceViews views,
            AgentState state,
            Renumbering renumbering,
            Agents agents,
            Commands commands,
            EventLoop loop) {
        this.id = id;
        this.name = name;
        this.trusted = trusted;
        this.presence = presence;
        this.views = views;
        this.state = state;
        this.renumbering = renumbering;
        this.agents = agents;
        this.commands = commands;
        this.loop = loop;
        this.log = new AgentLog(Agent.class, loop, name);
        this.metrics = new AgentMetrics(commands.tables());
        this.call = new Call(this, Agent::completed);
        this.trace = new MessageTrace(this, agents.trace());
        this.release = new Release(this, commands, loop);
        this.channel = new EventChannel(this, commands, trace, loop);
        this.graceTimer = loop.timer(this::graceIsOver);
        this.repetitionTimer = loop.timer(this::repetitionsAreOver);
        this.eventsWait = loop.pollBehind(new EventTurn());
        Arrays.setAll(operations, place -> new Operation(this));
    }

    /** Its id, from 1. */
    public int id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    /** Whether it may take devices and protocols away from others, and reset them. */
    public boolean isTrusted() {
        return trusted;
    }

    /** What is counted for it. Any thread. */
    public AgentMetrics metrics() {
        return metrics;
    }

    /** What it sees of a kind. */
    public ResourceView view(ResourceKind kind) {
        return views.of(kind);
    }

    /** Whether a trusted agent took a whole protocol away from it. */
    public boolean isDenied(ProtocolId protocol) {
        return deniedProtocols[protocol.id()];
    }

    public void setDenied(ProtocolId protocol, boolean denied) {
        deniedProtocols[protocol.id()] = denied;
    }

    public NotificationQueue notifications() {
        return channel.notifications();
    }

    /**
     * An asynchronous command that took time has ended.
     *
     * @param sequence its number; nothing is done if that command is not wanted any more
     * @param result what was reached
     */
    void asyncEnded(int sequence, int status, long result) {
        channel.ended(sequence, status, result);
        flushSoon();
    }

    /** An asynchronous command is not carried out, or what came of it is not for the agent any more: a status answers it. */
    public void end(int slot, int status) {
        channel.end(slot, status, 0);
        flushSoon();
    }

    /** An operation: that at place 0 is for its command, each other one for a slot of its asynchronous commands. */
    Operation operation(int place) {
        if (operations[place].isOut()) {
            operations[place] = new Operation(this); // nobody waits for the old one, but hardware has not ended it
        }
        return operations[place];
    }

    /** Begins what an asynchronous command asks of hardware. */
    public Operation begin(int slot, AgentResource resource) {
        return operation(1 + slot).begin(state.sequence(slot), resource);
    }

    /** As hardware knows it: what is let go of is let go of by this. */
    public Behalf behalf() {
        return behalf;
    }

    Agents agents() {
        return agents;
    }

    /** Its place among the agents, from 0. */
    public int place() {
        return id - 1;
    }

    public AgentState state() {
        return state;
    }

    /** Whether its transport can carry messages. */
    public boolean isAttached() {
        return attached;
    }

    /** Whether it has a platform-to-agent channel. */
    public boolean hasEvents() {
        return events != null;
    }

    @Nullable
    EventSink events() {
        return events;
    }

    /** Whether commands may come again that an earlier process of the service carried out without answering. */
    public boolean isResuming() {
        return resuming;
    }

    // ---- Messages.

    @Override
    public int execute(byte[] request, int requestLength, byte[] reply, int replyCapacity) {
        if (requestLength < Header.HEADER_BYTES) {
            return refuse(MalformedInput.SHORT_REQUEST);
        }
        if (requestLength > MAX_MESSAGE) {
            return refuse(MalformedInput.LONG_REQUEST);
        }
        if (replyCapacity < StatusReply.LENGTH) {
            header.wrap(request, 0, requestLength);
            commands.reportError(this, header.getU32(0), Status.Code.PROTOCOL_ERROR);
            return refuse(MalformedInput.NO_ROOM_FOR_REPLY);
        }
        call.begin(request, requestLength, reply, replyCapacity, loop.nanoTime());
        if (!Header.isCommand(call.header())) {
            return refuse(MalformedInput.NOT_A_COMMAND);
        }
        repetitionsSeen = true; // those that were not answered come first
        trace.request(request, requestLength);
        if (release.isUnderWay()) {
            commandWaits = true;
            call.defer();
            return DEFERRED;
        }
        int status = commands.execute(call);
        return status == Call.DEFERRED ? DEFERRED : finish(call, status);
    }

    /** Completes the reply, and counts; returns the reply's length. */
    private int finish(Call ended, int status) {
        int length = ended.finish(status);
        trace.reply(ended.reply().array(), length);
        int place = commands.placeOf(this, Header.protocolId(ended.header()));
        metrics.command(place, Header.messageId(ended.header()), status, loop.nanoTime() - ended.startNanos());
        return length;
    }

    /** A command that was put off has ended. */
    private static void completed(Call ended, int status) {
        Agent agent = ended.agent();
        ReplyListener listener = agent.replies;
        if (listener != null) {
            agent.replyWaits = true;
            listener.replyReady(agent.finish(ended, ended.fitted(status)));
        }
    }

    private int refuse(MalformedInput reason) {
        metrics.countMalformed(reason);
        return 0;
    }

    @Override
    public void flushEvents() {
        replyWaits = false;
        flushWanted = false;
        if (!attached || release.isUnderWay() || (resuming && !repetitionsSeen)) {
            return;
        }
        resuming = false;
        channel.flush(events);
    }

    private void repetitionsAreOver() {
        repetitionsSeen = true;
        flushEvents();
    }

    /**
     * Sends what waits in a turn of its own, after the replies of this turn, and behind all that peers ask for: who causes
     * events at many agents keeps nobody from being served.
     */
    public void flushSoon() {
        if (events != null && !flushWanted) {
            flushWanted = true;
            eventsWait.ready();
        }
    }

    /** Its turn to send events that came out of others' work. */
    private final class EventTurn implements EventLoop.Poller {
        @Override
        public boolean poll() {
            boolean wanted = flushWanted && !replyWaits;
            if (wanted) {
                flushEvents();
            }
            return wanted;
        }

        @Override
        public boolean prepareToWait() {
            return flushWanted && !replyWaits;
        }
    }

    @Override
    public void malformed(MalformedInput reason) {
        metrics.countMalformed(reason);
    }

    // ---- Coming and going.

    @Override
    public void attached(@Nullable EventSink newEvents, ReplyListener newReplies) {
        attached = true;
        events = newEvents;
        replies = newReplies;
        if (resuming) {
            repetitionTimer.arm(REPETITION_NANOS);
        } else {
            flushSoon();
        }
    }

    @Override
    public void detached() {
        attached = false;
        events = null;
        replies = null;
        replyWaits = false;
        call.abandon(); // the command was not answered: it comes again, or nobody wants to know
    }

    @Override
    public void guestReset() {
        drop("the guest was reset");
    }

    @Override
    public void sessionBegan() {
        resuming = false;
        call.abandon();
        commands.sessionBegan(this);
        state.clearVersions();
        channel.notifications().clear();
    }

    @Override
    public void peerConnected(PeerIdentity peer) {
        graceTimer.disarm();
        PeerIdentity last = state.lastPeer();
        if (last == null && !state.hasContent()) {
            renumber(); // the first one ever
        } else if (last != null && !last.sameProcess(peer)) {
            drop("process " + peer.pid() + " came instead of " + last.pid());
        }
        state.peerConnected(peer);
    }

    @Override
    public void peerGone() {
        if (frozen) {
            return;
        }
        state.peerGone(System.currentTimeMillis());
        if (presence.dropWhenGone) {
            drop("its peer is gone");
        } else if (state.hasContent() || hasOldIds()) {
            graceTimer.arm(presence.graceMillis * NANOS_PER_MILLI);
        }
    }

    /** The service has started with what an earlier process of it remembered: the peer has its grace to come back. */
    public void resume() {
        if (!state.hasContent() && !hasOldIds()) {
            return;
        }
        if (state.hasContent()) {
            resuming = true;
            repetitionsSeen = false;
            report("goes on from what was stored");
        }
        if (presence.graceMillis == Presence.FOR_EVER) {
            return;
        }
        long now = System.currentTimeMillis();
        long left = presence.graceMillis - (now - state.peerAwaySince(now));
        graceTimer.arm(Math.max(0, left) * NANOS_PER_MILLI);
    }

    private void graceIsOver() {
        drop("its peer stayed away longer than " + presence.graceMillis + " ms");
    }

    private void drop(String reason) {
        if (state.hasContent()) {
            report("its votes and subscriptions are dropped: " + reason);
        }
        resuming = false;
        call.abandon();
        release();
        if (release.isUnderWay()) {
            dropsWhenReleased = true;
        } else {
            beginAnew();
        }
    }

    /** Nothing is left of it. */
    private void beginAnew() {
        dropsWhenReleased = false;
        state.clearVersions();
        renumber();
    }

    /** Whoever comes now discovers anew: the ids are those that the service file asks for. */
    private void renumber() {
        if (!hasOldIds()) {
            return;
        }
        try {
            Renumbering.Renumbered anew = renumbering.renumber(this);
            views = anew.views();
            state = anew.state();
            commands.renumbered(this);
            report("its ids are those of the service file from now on");
        } catch (IOException e) {
            reportFailure("its ids stay as they were before the service file was changed", e);
        }
    }

    /** Whether its ids are those that a guest has discovered before the service file was changed. */
    private boolean hasOldIds() {
        return !state.numbering().equals(renumbering.configured());
    }

    /** Writes a line about it into the log, unless there were too many: what a peer causes it may cause often. */
    public void report(String text) {
        if (log.mayReport()) {
            log.info(text);
        }
    }

    /** Writes a failure that it met into the log, unless there were too many. */
    public void reportFailure(String text, Throwable failure) {
        if (log.mayReport()) {
            log.defect(text, failure);
        }
    }

    /** Gives up its votes, subscriptions and unfinished commands; negotiated versions stay. */
    public void release() {
        for (Operation operation : operations) {
            operation.revoke();
        }
        release.begin();
        if (frozen) {
            release.finish();
        }
    }

    /**
     * Waits until it has given up everything, after a {@link #release}.
     *
     * @return {@link Outcome#OK} if it has; {@link Outcome#STARTED}
     */
    public Outcome whenReleased(Waiter waiter) {
        return release.whenOver(waiter);
    }

    /** It has given up everything, which took several turns: what has waited for that goes on. */
    void hasReleased() {
        if (dropsWhenReleased) {
            beginAnew();
        }
        flushSoon();
        if (commandWaits) {
            commandWaits = false;
            if (call.goOn()) {
                int status = commands.execute(call);
                if (status != Call.DEFERRED) {
                    completed(call, status);
                }
            }
        }
    }

    /** The service ends: from now on nothing is dropped, whatever its transport says on its way out. */
    public void freeze() {
        frozen = true;
        release.finish();
        graceTimer.disarm();
        repetitionTimer.disarm();
        channel.freeze();
    }

    /** Ends it with the service; what is stored stays. */
    public void close() {
        eventsWait.cancel();
        trace.close();
        state.close();
    }
}
