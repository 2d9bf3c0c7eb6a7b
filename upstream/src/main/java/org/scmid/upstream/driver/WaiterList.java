// Those who wait for one message's end, or for their turn.
package org.scmid.upstream.driver;

import java.util.Arrays;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.driver.Waiters;

/**
 * Those who wait, in the order in which they came. Whoever comes while others are told waits for the next time. It grows by
 * need and is used again.
 */
final class WaiterList {
    private static final System.Logger LOG = System.getLogger(WaiterList.class.getName());
    private static final int FEW = 2;

    private Waiter[] waiting = new Waiter[FEW];
    private Waiter[] spare = new Waiter[FEW];
    private boolean isSpareInUse;
    private int count;

    void add(Waiter waiter) {
        if (count == waiting.length) {
            waiting = Arrays.copyOf(waiting, 2 * count);
        }
        waiting[count++] = waiter;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Tells all of a value that was read, and that they have it. */
    void tellValue(long value) {
        tell(Outcome.OK, true, value, Integer.MAX_VALUE);
    }

    /** Tells all how it has ended; {@link Outcome#BUSY} that they may ask again. */
    void tell(Outcome outcome) {
        tell(outcome, false, 0, Integer.MAX_VALUE);
    }

    /** Lets the first one ask again. */
    void tellFirst() {
        tell(Outcome.BUSY, false, 0, 1);
    }

    private void tell(Outcome outcome, boolean hasValue, long value, int most) {
        int told = Math.min(count, most);
        if (told == 0) {
            return;
        }
        Waiter[] telling = waiting;
        int behind = count - told;
        boolean wasInUse = isSpareInUse;
        waiting = wasInUse || spare.length < behind ? new Waiter[Math.max(FEW, behind)] : spare;
        isSpareInUse = true;
        System.arraycopy(telling, told, waiting, 0, behind);
        count = behind;
        for (int i = 0; i < told; i++) {
            Waiter waiter = telling[i];
            telling[i] = Waiter.NOBODY;
            tell(waiter, outcome, hasValue, value);
        }
        Arrays.fill(telling, told, told + behind, Waiter.NOBODY);
        if (!wasInUse) {
            spare = telling;
            isSpareInUse = false;
        }
    }

    private static void tell(Waiter waiter, Outcome outcome, boolean hasValue, long value) {
        try {
            if (hasValue) {
                waiter.value(value);
            }
            if (outcome == Outcome.BUSY) {
                waiter.mayAskAgain();
                return;
            }
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, "what was to follow a message of an upstream failed", failure);
            if (outcome == Outcome.BUSY) {
                return;
            }
        }
        Waiters.tell(waiter, outcome);
    }
}
