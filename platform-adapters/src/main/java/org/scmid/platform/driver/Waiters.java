// Those who wait for the same thing to end.
package org.scmid.platform.driver;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for something of one resource to end, in the order in which they came. Whoever comes while others are
 * being told waits for the next end; whoever throws is logged, and keeps nobody else from being told.
 *
 * <p>Each has a kind, one bit, for those who wait for different ends. It grows by need and is used again; else it allocates
 * nothing.
 */
public class Waiters {
    private static final System.Logger LOG = System.getLogger(Waiters.class.getName());

    private static final int ANY = -1;
    private static final int FEW = 4;

    private Waiter[] waiting = new Waiter[FEW];
    private int[] kinds = new int[FEW];

    /** How it has ended for those who are to be told; null for those who wait on. */
    private @Nullable Outcome[] ends = new Outcome[FEW];

    private int count;

    /** Adds one where there is but one kind. */
    public final void add(Waiter waiter) {
        add(waiter, 1);
    }

    /**
     * Adds one.
     *
     * @param kind one bit
     */
    public final void add(Waiter waiter, int kind) {
        if (count == waiting.length) {
            waiting = Arrays.copyOf(waiting, 2 * count);
            kinds = Arrays.copyOf(kinds, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        waiting[count] = waiter;
        kinds[count] = kind;
        ends[count] = null;
        count++;
    }

    /** Has those of a kind that were asked on somebody's behalf be of another kind from now on; their place is the same. */
    public final void turn(Waiter cause, int from, int to) {
        for (int i = 0; i < count; i++) {
            if (kinds[i] == from && waiting[i].cause().equals(cause)) {
                kinds[i] = to;
            }
        }
    }

    /** Tells all who wait now, of whatever kind, and forgets them. */
    public final void end(Outcome outcome) {
        end(ANY, outcome);
    }

    /**
     * Tells those of some kinds who wait now, and forgets them.
     *
     * @param ended a bit for each kind
     */
    public final void end(int ended, Outcome outcome) {
        // First all of them are marked: whoever is told may begin something that ends at once, which is not their end.
        for (int i = 0; i < count; i++) {
            if (ends[i] == null && (kinds[i] & ended) != 0) {
                ends[i] = outcome;
            }
        }
        for (int i = 0; i < count; ) {
            Outcome its = ends[i];
            if (its == null) {
                i++;
            } else {
                tell(i, its);
                i = 0; // whoever was told may have changed the list
            }
        }
    }

    private void tell(int position, Outcome outcome) {
        Waiter waiter = waiting[position];
        int kind = kinds[position];
        count--;
        int behind = count - position;
        System.arraycopy(waiting, position + 1, waiting, position, behind);
        System.arraycopy(kinds, position + 1, kinds, position, behind);
        System.arraycopy(ends, position + 1, ends, position, behind);
        waiting[count] = Waiter.NOBODY;
        ending(kind, outcome);
        tell(waiter, outcome);
    }

    /** Is called for each one just before it is told. */
    protected void ending(int kind, Outcome outcome) {}

    /** Tells one that was not in a list; what it throws is logged. */
    public static void tell(Waiter waiter, Outcome outcome) {
        try {
            waiter.ended(outcome);
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, "what was to follow the end of a request failed", failure);
        }
    }
}
