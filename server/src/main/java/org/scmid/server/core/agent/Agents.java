// All agents of a service, and on whose behalf it acts.
package org.scmid.server.core.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.Waiter;

/**
 * All agents, and the one on whose behalf something is done at the moment: whatever changes because of a command, also
 * through another protocol, was caused by that command's agent.
 *
 * <p>An agent has a place, and its id is one more. It keeps both as long as it is there; those of one that has left stay
 * free until all ids were used, since others may remember who had them.
 */
public final class Agents {
    /** The platform's id as a causer. */
    public static final int PLATFORM = 0;

    /** How many there may be: SCMI's count has 8 bits. */
    public static final int MOST = 255;

    private final @Nullable Agent[] byPlace = new Agent[MOST];
    private int used; // places that were ever used
    private int count;
    private final TraceWriter trace = new TraceWriter();
    private final Scheduler scheduler;
    private @Nullable Agent acting;

    /** @param scheduler gives time to what is done for them */
    public Agents(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Gives time to what is done for them. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** All, that with the lowest id first. */
    public List<Agent> all() {
        List<Agent> all = new ArrayList<>();
        for (int place = 0; place < used; place++) {
            Agent agent = byPlace[place];
            if (agent != null) {
                all.add(agent);
            }
        }
        return all;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** The highest id that an agent has or had. */
    public int highestId() {
        return used;
    }

    /** Places that may have an agent are below this. */
    public int places() {
        return used;
    }

    /** The agent at a place, from 0; null if there is none. */
    public @Nullable Agent at(int place) {
        return byPlace[place];
    }

    /** The agent at a place that has one. */
    public Agent get(int place) {
        return Objects.requireNonNull(byPlace[place]);
    }

    /** The agent with an id; null if there is none. */
    public @Nullable Agent withId(int id) {
        return id > PLATFORM && id <= used ? byPlace[id - 1] : null;
    }

    /**
     * The id that the next agent gets.
     *
     * @throws IllegalStateException if there are {@link #MOST}
     */
    public int nextId() {
        if (used < MOST) {
            return used + 1;
        }
        for (int place = 0; place < MOST; place++) {
            if (byPlace[place] == null) {
                return place + 1;
            }
        }
        throw new IllegalStateException("there are " + MOST + " agents already");
    }

    /** Adds an agent, whose id is {@link #nextId}. */
    public void add(Agent agent) {
        byPlace[agent.place()] = agent;
        used = Math.max(used, agent.id());
        count++;
    }

    /** Takes an agent out that has left for good, and has given up everything. */
    public void remove(Agent agent) {
        byPlace[agent.place()] = null;
        count--;
    }

    TraceWriter trace() {
        return trace;
    }

    /** The service has ended: what was traced is written. Any thread but the loop's; waits a second at most. */
    public void finishTrace() {
        trace.finish();
    }

    /** The agent that causes what happens now; null for the platform. */
    public @Nullable Agent acting() {
        return acting;
    }

    /**
     * Says who acts from now on.
     *
     * @return who did before, to be put back in a {@code finally}
     */
    public @Nullable Agent act(@Nullable Agent agent) {
        Agent before = acting;
        acting = agent;
        return before;
    }

    /** The agent on whose behalf hardware was asked; null if it was none. */
    public static @Nullable Agent of(@Nullable Waiter cause) {
        return cause instanceof Behalf behalf ? behalf.agent() : null;
    }
}
