// What the tree remembers with each clock: who uses it, and the notes of the operation that is under way.
package org.scmid.platform.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.platform.driver.RateDescription;

/** What the tree keeps for a clock. Nothing here stands for a register beyond the end of an operation. */
final class TreeState {
    // ---- Who uses it.

    /** Users from outside the tree. */
    int users;

    /** Clocks in use that run from it. */
    int usedByClocks;

    /** The parent whose {@link #usedByClocks} counts this clock. */
    @Nullable
    Clock held;

    // ---- Known at load.

    /** How many ancestors a change of its rate may change, one above the other. */
    int changeableAncestors;

    /** Whether its rate is not free, or that of one that can run from it: something has limits, a loop, or a policy. */
    boolean isMinded;

    // ---- What is under way.

    /** The change under way that it is part of, or that its rate depends on; null for none. */
    @Nullable
    Change change;

    /** Its rate before that change, in whole Hz. */
    long rateBefore;

    /** Whether it is to be stopped when that change has ended, if nobody uses it then. */
    boolean stopsLater;

    /** The rates that can be set, as they were found last. */
    RateDescription description = new RateDescription();

    boolean inUse() {
        return users > 0 || usedByClocks > 0;
    }
}
