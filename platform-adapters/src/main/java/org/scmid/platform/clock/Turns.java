// Who waits for a change of clocks to end, and whose turn it is then.
package org.scmid.platform.clock;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.platform.driver.Waiter;

/**
 * Those who came upon a change that is under way, in the order in which they first asked. When a change ends they ask
 * again in this order. One that waits for two changes may find one of them under way each time, as others begin the next
 * in between: once it was refused too often, whoever comes later waits behind it. That is so within one part of the tree,
 * the clocks that can get in each other's way; what happens in other parts goes on.
 *
 * <p>It grows by need and is used again; else it allocates nothing.
 */
final class Turns {
    /** Who was refused so often when it was his turn is overtaken by nobody any more. */
    private static final int MOST_REFUSALS = 2;

    private static final int FEW = 8;
    private static final int NONE = -1;

    private final int[] parts; // of each clock
    private @Nullable Waiter[] waiters = new Waiter[FEW];
    private int[] itsParts = new int[FEW];
    private int[] refusals = new int[FEW];
    private int count;
    private int asking = NONE;
    private boolean asksAgain;
    private boolean isEnding;
    private int next;
    private int roundEnd;

    Turns(List<Clock> clocks) {
        parts = new int[clocks.size()];
        Arrays.setAll(parts, index -> index);
        for (Clock clock : clocks) {
            for (Clock parent : clock.parents()) {
                if (!parent.parents().isEmpty() || parent.mayTakeTime()) {
                    join(clock.index(), parent.index());
                }
            }
        }
        Arrays.setAll(parts, this::partOf);
    }

    private void join(int one, int other) {
        parts[partOf(one)] = partOf(other);
    }

    private int partOf(int index) {
        int part = index;
        while (parts[part] != part) {
            part = parts[part];
        }
        return part;
    }

    /** Whether somebody else's turn is before that of who asks for a clock. */
    boolean isOthersTurn(Clock clock, Waiter waiter) {
        boolean isItsTurn = asking != NONE && waiter.equals(waiters[asking]);
        int before = isItsTurn ? asking : count;
        int least = isItsTurn || (asking == NONE && !isEnding) ? MOST_REFUSALS : 0;
        for (int i = 0; i < before; i++) {
            Waiter other = waiters[i];
            if (other != null && itsParts[i] == parts[clock.index()] && refusals[i] >= least && !other.equals(waiter)) {
                return true;
            }
        }
        return false;
    }

    /** Who asked for a clock is to ask again; who waits already keeps his place. */
    void add(Clock clock, Waiter waiter) {
        for (int i = 0; i < count; i++) {
            if (waiter.equals(waiters[i])) {
                itsParts[i] = parts[clock.index()];
                asksAgain |= i == asking;
                return;
            }
        }
        if (count == waiters.length) {
            waiters = Arrays.copyOf(waiters, 2 * count);
            itsParts = Arrays.copyOf(itsParts, 2 * count);
            refusals = Arrays.copyOf(refusals, 2 * count);
        }
        waiters[count] = waiter;
        itsParts[count] = parts[clock.index()];
        refusals[count] = 0;
        count++;
    }

    /** A change has ended, and who waited for it is about to be told: what he asks next is behind those who wait. */
    void changeEnds() {
        isEnding = true;
    }

    /** Whether nobody waits. */
    boolean isEmpty() {
        return count == 0;
    }

    /** Whether some of those who are to ask have not asked yet. */
    boolean isInRound() {
        return next < roundEnd;
    }

    /** All that wait now are to ask again, by {@link #letNextAsk}; a round that is under way begins anew. */
    void beginRound() {
        forgetThoseWhoAreDone();
        next = 0;
        roundEnd = count;
    }

    /**
     * Lets the next one ask again. Until all have, who comes new is behind those who wait.
     *
     * @return whether there are more in this round
     */
    boolean letNextAsk() {
        if (next < roundEnd) {
            int position = next++;
            Waiter waiter = waiters[position];
            asking = position;
            asksAgain = false;
            if (waiter != null) {
                Changes.letAsk(waiter);
            }
            asking = NONE;
            if (asksAgain) {
                refusals[position]++;
            } else {
                waiters[position] = null;
            }
        }
        if (next < roundEnd) {
            return true;
        }
        isEnding = false;
        forgetThoseWhoAreDone();
        next = 0;
        roundEnd = 0;
        return false;
    }

    private void forgetThoseWhoAreDone() {
        int left = 0;
        for (int i = 0; i < count; i++) {
            if (waiters[i] != null) {
                waiters[left] = waiters[i];
                itsParts[left] = itsParts[i];
                refusals[left] = refusals[i];
                left++;
            }
        }
        Arrays.fill(waiters, left, count, null);
        count = left;
    }
}
