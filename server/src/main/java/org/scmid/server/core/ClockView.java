// The clocks of one agent.
package org.scmid.server.core;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.Grant;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockTree;

/** The clocks of one agent by its own ids, 0 to {@link #size} - 1, and the notifications about them that wait for it. */
final class ClockView {
    private static final int NO_ID = -1;

    /** What hashing begins with: FNV-1a. */
    static final long EMPTY_HASH = 0xcbf29ce484222325L;

    private final AgentClock[] clocks;
    private final int[] idByIndex; // by the clock's index in the tree
    private final int[][] visibleParents; // by id, in the order of the clock's parents
    private final NotificationQueue notifications = new NotificationQueue();
    private final long hash;

    /** @throws IllegalArgumentException if a grant names a clock that the tree does not have */
    ClockView(ClockTree tree, List<Grant> grants) {
        clocks = new AgentClock[grants.size()];
        idByIndex = new int[tree.size()];
        Arrays.fill(idByIndex, NO_ID);
        for (int id = 0; id < clocks.length; id++) {
            Grant grant = grants.get(id);
            clocks[id] = new AgentClock(id, tree.get(grant.resource()), grant.permission());
            if (clocks[id].isVisible()) {
                idByIndex[clocks[id].clock().index()] = id;
            }
        }
        hash = hash(EMPTY_HASH, grants);
        visibleParents = new int[clocks.length][];
        for (AgentClock clock : clocks) {
            visibleParents[clock.id()] = clock.clock().parents().stream()
                    .mapToInt(this::idOf)
                    .filter(id -> id != NO_ID)
                    .distinct()
                    .toArray();
        }
    }

    int size() {
        return clocks.length;
    }

    /** Mixes the names and permissions of grants into a hash, in their order. */
    static long hash(long start, List<Grant> grants) {
        long mixed = start;
        for (Grant grant : grants) {
            mixed = hash(mixed, grant.resource() + ':' + grant.permission());
        }
        return mixed;
    }

    /** Mixes a line of text into a hash. */
    static long hash(long start, String line) {
        long mixed = start;
        for (int i = 0; i < line.length(); i++) {
            mixed = (mixed ^ line.charAt(i)) * 0x100000001b3L;
        }
        return (mixed ^ '\n') * 0x100000001b3L;
    }

    /** Changes whenever an id would mean another clock, or permissions change. */
    long hash() {
        return hash;
    }

    /** The clock with this id; null if there is none, or it is hidden. */
    @Nullable
    AgentClock visible(int id) {
        return id >= 0 && id < clocks.length && clocks[id].isVisible() ? clocks[id] : null;
    }

    /** Any clock with this id, hidden or not; ids are those of {@link AgentState}, so they exist. */
    AgentClock at(int id) {
        return clocks[id];
    }

    /** The agent's clock for one of the tree, null if it does not see it. */
    @Nullable
    AgentClock of(Clock clock) {
        int id = idOf(clock);
        return id == NO_ID ? null : clocks[id];
    }

    private int idOf(Clock clock) {
        return idByIndex[clock.index()];
    }

    /** Ids of the possible parents that the agent sees. Not to be changed. */
    int[] visibleParents(AgentClock clock) {
        return visibleParents[clock.id()];
    }

    NotificationQueue notifications() {
        return notifications;
    }
}
