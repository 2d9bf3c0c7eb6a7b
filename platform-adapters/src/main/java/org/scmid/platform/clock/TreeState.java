// What the tree remembers with each clock: who uses it, and the notes of the operation that is under way.
package org.scmid.platform.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.platform.driver.RateDescription;

/** What the tree keeps for a clock. Nothing here stands for a register beyond the end of an operation. */
final class TreeState {
    private static final Clock[] NONE = {};

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

    /** Those of its children that are: the others need not be looked at when its rate changes. */
    Clock[] minded = NONE;

    // ---- What is under way.

    private @Nullable Change change;
    private long changeNumber;

    /** Whether the change that it takes part in moves its rate, and so that of all that run from it. */
    boolean moves;

    /** How many changes that are under way have a part that runs from it. */
    int changesBelow;

    /** The last change that was counted so. */
    long countedFor;

    /** Whether it is to be stopped when the change has ended that it takes part in, if nobody uses it then. */
    boolean stopsLater;

    // ---- A root that was seen with another rate while one before it is still told of.

    /** Whether it was; {@link #seenHz} is the newest. */
    boolean isSeen;

    long seenHz;

    /** The root that was seen after it. */
    @Nullable
    Clock seenNext;

    // ---- While those who listen are told what a change has done to rates.

    /** Its rate before that change. */
    final Ratio before = new Ratio();

    /** Its rate after it. */
    final Ratio after = new Ratio();

    /** Whose children are looked at after its own. */
    @Nullable
    Clock next;

    /** The rates that can be set, as they were found last. */
    RateDescription description = new RateDescription();

    /** The change under way that it takes part in; null for none. Those above it are not asked. */
    @Nullable
    Change change() {
        Change its = change;
        return its != null && its.isUnderWay(changeNumber) ? its : null;
    }

    /** Takes part in a change until that ends. */
    void takePart(Change its) {
        change = its;
        changeNumber = its.number();
    }

    boolean inUse() {
        return users > 0 || usedByClocks > 0;
    }
}
