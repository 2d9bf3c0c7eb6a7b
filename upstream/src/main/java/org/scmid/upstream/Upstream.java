// One platform that is asked as an agent: whether it is there, and what it offers.
package org.scmid.upstream;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.scmid.agent.AgentClient;
import org.scmid.agent.Command;
import org.scmid.agent.PlatformLink;
import org.scmid.config.offer.Offer;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.loop.EventLoop;
import org.scmid.loop.LogBudget;
import org.scmid.loop.Scheduler;
import org.scmid.protocol.EmptyRequest;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.transport.PollPacing;
import org.scmid.upstream.discovery.Discovered;
import org.scmid.upstream.discovery.Discovery;
import org.scmid.upstream.discovery.Limits;

/**
 * One platform. It is reached, and then discovered each time, since it may come back as another one; when it cannot be
 * reached, is lost, or cannot be discovered, it is tried again after the time that its description says, for ever. Each
 * loss and each return is logged once. What it offered when it was discovered first is remembered.
 *
 * <p>Not every way tells that the other end has stopped. So after a command that was not answered in time the platform is
 * asked for something that changes nothing; if nothing at all comes for three such times, it counts as away, until something
 * comes. The link stays: a platform that goes on where it was keeps what it was asked for.
 *
 * <p>For the loop's thread; nothing here waits.
 */
public final class Upstream implements AskedPlatform {
    /** How far it is. */
    public enum State {
        /** It is not there. */
        DOWN,
        /** A link to it is being set up. */
        CONNECTING,
        /** It is asked what it offers. */
        DISCOVERING,
        /** It is there, and commands can be sent. */
        UP,
        /** There is a link to it, by which nothing comes any more. */
        SILENT;

        /** As people and metrics see it. */
        public String shown() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What is known of a platform at one moment.
     *
     * @param name the board file's name of it
     * @param way how it is reached, for people
     * @param state how far it is
     * @param stateNanos for how long it has been so, in nanoseconds
     * @param why why it is not there; empty if it is
     * @param commands commands that were sent
     * @param pending how many of them have not ended yet
     * @param timeOuts commands that were not answered in time
     * @param late answers that came after that, and answered nobody
     * @param losses how often it was there and then not any more
     * @param malformed messages of it that were none, or that nobody had asked for
     */
    public record Snapshot(
            String name,
            String way,
            State state,
            long stateNanos,
            String why,
            long commands,
            int pending,
            long timeOuts,
            long late,
            long losses,
            long malformed) {}

    private static final System.Logger LOG = System.getLogger(Upstream.class.getName());

    /** What was cautioned of: a service that begins again within its process does not say it twice. */
    private static final Set<UpstreamSpec.Way> CAUTIONED = ConcurrentHashMap.newKeySet();

    /** How long a link may take to be set up. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    /** How long late replies to commands are expected, at the least. */
    private static final long QUARANTINE_NANOS = 10_000_000_000L;

    private static final int QUARANTINE_TIMEOUTS = 10;
    private static final int MOST_LOGGED = 10;

    /** How often nothing comes for as long as a reply may take, until it counts as silent. */
    private static final int MOST_MISSED = 3;

    /** Whether the platform answers is all that its answer to a probe says. */
    private static final Command.Listener NOTHING_TO_DO = new Command.Listener() {
        @Override
        public void replied(byte[] message, int length) {}

        @Override
        public void delayed(byte[] message, int length) {}

        @Override
        public void failed(Command.Failure why) {}
    };

    /** Begins a link to a platform, without waiting. */
    public interface Way {
        /**
         * Begins a link.
         *
         * @throws IOException if it is clear at once that the platform cannot be reached; the message says why, for people
         */
        PlatformLink begin(PlatformLink.Listener listener) throws IOException;
    }

    private final EventLoop loop;
    private final UpstreamSpec spec;
    private final Way way;
    private final LogBudget budget;
    private final AgentClient client;
    private final Limits limits;
    private final Scheduler.Timer again;
    private final Scheduler.Timer patience;
    private final Scheduler.Timer silence;
    private final Command probe;
    private final MessageBuffer probed = new MessageBuffer(EmptyRequest.LENGTH);
    private int missed;
    private final List<UpstreamListener> listeners = new ArrayList<>();
    private State state = State.DOWN;
    private long since;
    private String why = "it was not looked for yet";
    private @Nullable Discovery discovery;
    private @Nullable Discovered first;
    private @Nullable Discovered latest;
    private boolean isMissed;
    private boolean closed;
    private long losses;

    /**
     * Makes one; {@link #start} begins to look for it.
     *
     * @param pacing of the loop
     */
    public Upstream(EventLoop loop, PollPacing pacing, UpstreamSpec spec) {
        this(loop, spec, listener -> Links.begin(loop, pacing, spec, PATIENCE_NANOS, listener));
    }

    /**
     * Makes one; {@link #start} begins to look for it.
     *
     * @param way how it is reached
     */
    public Upstream(EventLoop loop, UpstreamSpec spec, Way way) {
        this.loop = loop;
        this.spec = spec;
        this.way = way;
        this.budget = new LogBudget(loop::nanoTime);
        long timeout = spec.timeout().toNanos();
        this.limits = new Limits(timeout, Limits.TOTAL_NANOS);
        this.again = loop.timer(this::attempt);
        this.patience = loop.timer(this::patienceEnded);
        this.silence = loop.timer(this::nothingCame);
        this.since = loop.nanoTime();
        this.client = new AgentClient(
                loop, Math.max(QUARANTINE_NANOS, QUARANTINE_TIMEOUTS * timeout), new AgentClient.Listener() {
                    @Override
                    public void notified(byte[] message, int length) {
                        for (int i = 0; i < listeners.size(); i++) {
                            listeners.get(i).notified(message, length);
                        }
                    }

                    @Override
                    public void writable() {
                        Upstream.this.writable();
                    }

                    @Override
                    public void lost(String reason) {
                        Upstream.this.lost(reason);
                    }

                    @Override
                    public void timedOut() {
                        Upstream.this.timedOut();
                    }

                    @Override
                    public void heard() {
                        Upstream.this.heard();
                    }
                });
        this.probe = client.command(NOTHING_TO_DO);
    }

    @Override
    public UpstreamSpec spec() {
        return spec;
    }

    /** How far it is. */
    public State state() {
        return state;
    }

    @Override
    public boolean isUp() {
        return state == State.UP;
    }

    /** What it offered when it was discovered first; null before. */
    public @Nullable Discovered first() {
        return first;
    }

    /** What it offered when it was discovered last; null before. */
    public @Nullable Discovered latest() {
        return latest;
    }

    @Override
    public Command command(Command.Listener told) {
        return client.command(told);
    }

    @Override
    public void listen(UpstreamListener listener) {
        listeners.add(listener);
    }

    /** What is known of it now. */
    public Snapshot snapshot() {
        return new Snapshot(
                spec.name(),
                spec.way().shown(),
                state,
                loop.nanoTime() - since,
                why,
                client.sent(),
                client.underWay(),
                client.timeOuts(),
                client.late(),
                losses,
                client.malformed() + client.unexpected());
    }

    /** Begins to look for it; once. */
    public void start() {
        String caution = spec.way().caution();
        if (!caution.isEmpty() && CAUTIONED.add(spec.way())) {
            LOG.log(
                    Level.WARNING,
                    "upstream {0}, {1}: {2}",
                    spec.name(),
                    spec.way().shown(),
                    caution);
        }
        attempt();
    }

    /** Ends the link for good; nobody is told. */
    public void close() {
        closed = true;
        again.disarm();
        endLink();
        become(State.DOWN, "it is not asked any more");
    }

    // ---- the link ----

    private void attempt() {
        if (closed) {
            return;
        }
        become(State.CONNECTING, why);
        PlatformLink link;
        try {
            link = way.begin(client);
        } catch (IOException e) {
            notReached(String.valueOf(e.getMessage()));
            return;
        }
        client.begin(link);
        patience.arm(PATIENCE_NANOS);
        Discovery asking = new Discovery(loop, client, limits, new Discovery.Listener() {
            @Override
            public void began() {
                patience.disarm();
                become(State.DISCOVERING, why);
            }

            @Override
            public void discovered(Discovered all) {
                Upstream.this.discovered(all);
            }

            @Override
            public void failed(String reason) {
                endLink();
                notReached(reason);
            }
        });
        discovery = asking;
        asking.begin();
    }

    private void patienceEnded() {
        endLink();
        notReached("it does not answer");
    }

    private void writable() {
        Discovery asking = discovery;
        if (asking != null) {
            asking.writable();
        }
        for (int i = 0; i < listeners.size() && isUp(); i++) {
            listeners.get(i).writable();
        }
    }

    private void endLink() {
        patience.disarm();
        silence.disarm();
        missed = 0;
        Discovery asking = discovery;
        discovery = null;
        if (asking != null) {
            asking.end();
        }
        client.end();
    }

    // ---- whether anything comes ----

    private void timedOut() {
        if (isUp() && missed == 0) {
            missed = 1;
            ask();
            silence.arm(spec.timeout().toNanos());
        }
    }

    /** Asks for the version of the Base protocol, which every platform has. */
    private void ask() {
        if (!probe.isUnderWay()) {
            int length = EmptyRequest.write(probed, BaseMessage.PROTOCOL_VERSION, 0);
            probe.send(probed.array(), length, spec.timeout().toNanos());
        }
    }

    private void nothingCame() {
        ask();
        if (state == State.SILENT) {
            silence.arm(spec.reconnect().toNanos());
        } else if (++missed < MOST_MISSED) {
            silence.arm(spec.timeout().toNanos());
        } else {
            fallSilent();
        }
    }

    private void fallSilent() {
        losses++;
        isMissed = true;
        if (mayReport()) {
            LOG.log(
                    Level.WARNING,
                    "upstream {0} does not answer any more: nothing came for {1} ms; it is asked again and again",
                    spec.name(),
                    MOST_MISSED * spec.timeout().toMillis());
        }
        become(State.SILENT, "it does not answer");
        silence.arm(spec.reconnect().toNanos());
        for (UpstreamListener listener : listeners) {
            listener.down(why);
        }
    }

    private void heard() {
        missed = 0;
        silence.disarm();
        Discovered all = latest;
        if (state == State.SILENT && all != null) {
            isMissed = false;
            if (mayReport()) {
                LOG.log(Level.INFO, "upstream {0} answers again", spec.name());
            }
            become(State.UP, "");
            for (UpstreamListener listener : listeners) {
                listener.up(all);
            }
        }
    }

    // ---- what becomes of the link ----

    private void lost(String reason) {
        boolean wasUp = isUp();
        endLink();
        if (!wasUp) {
            notReached(reason);
            return;
        }
        losses++;
        isMissed = true;
        if (mayReport()) {
            LOG.log(Level.WARNING, "upstream {0} was lost: {1}; it is looked for again", spec.name(), reason);
        }
        become(State.DOWN, reason);
        again.arm(spec.reconnect().toNanos());
        for (UpstreamListener listener : listeners) {
            listener.down(reason);
        }
    }

    private void notReached(String reason) {
        boolean isNew = !isMissed;
        isMissed = true;
        if (isNew && mayReport()) {
            LOG.log(
                    Level.WARNING,
                    "upstream {0}, {1}, is not there: {2}; it is looked for again and again",
                    spec.name(),
                    spec.way().shown(),
                    reason);
        }
        become(State.DOWN, reason);
        again.arm(spec.reconnect().toNanos());
        for (UpstreamListener listener : listeners) {
            listener.unreachable(reason);
        }
    }

    private void discovered(Discovered all) {
        discovery = null;
        isMissed = false;
        Discovered before = first;
        if (before == null) {
            first = all;
            LOG.log(Level.INFO, "upstream {0} is there: {1}", spec.name(), inventory(all.offer()));
            logAll("says", all.findings());
        } else if (mayReport()) {
            LOG.log(Level.INFO, "upstream {0} is there again", spec.name());
            logAll("has changed", OfferChanges.between(before.offer(), all.offer()));
        }
        latest = all;
        become(State.UP, "");
        for (UpstreamListener listener : listeners) {
            listener.up(all);
        }
    }

    @Override
    public boolean mayReport() {
        boolean may = budget.mayReport();
        long leftOut = may ? budget.takeLeftOut() : 0;
        if (leftOut > 0) {
            LOG.log(
                    Level.WARNING,
                    "upstream {0} comes and goes: {1} more times were left out here",
                    spec.name(),
                    leftOut);
        }
        return may;
    }

    private void logAll(String what, List<String> lines) {
        for (int i = 0; i < Math.min(lines.size(), MOST_LOGGED); i++) {
            LOG.log(Level.WARNING, "upstream {0} {1}: {2}", spec.name(), what, lines.get(i));
        }
        if (lines.size() > MOST_LOGGED) {
            LOG.log(
                    Level.WARNING,
                    "upstream {0} {1}: and {2} more; `scmid upstream` shows them",
                    spec.name(),
                    what,
                    lines.size() - MOST_LOGGED);
        }
    }

    private static String inventory(Offer offer) {
        List<String> kinds = new ArrayList<>();
        for (ResourceKind kind : ResourceKind.values()) {
            int count = offer.of(kind).size();
            if (count > 0) {
                kinds.add(count + " " + kind.label() + (count == 1 ? "" : "s"));
            }
        }
        return kinds.isEmpty() ? "it offers nothing" : String.join(", ", kinds);
    }

    private void become(State now, String reason) {
        if (state != now) {
            state = now;
            since = loop.nanoTime();
        }
        why = reason;
    }
}
