// The state of all clocks, read piece by piece.
package org.scmid.platform.clock;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads every clock of a tree once, one after the other, each of them after its parent: so one piece costs the registers of
 * one clock, however deep the tree is. What changes between two pieces shows in those clocks only that are read later.
 */
public final class ClockReading {
    private static final int UNREAD = -2;

    private final List<Clock> clocks;
    private final int[] parentPositions;
    private final Ratio[] rates;
    private final boolean[] enabled;
    private final boolean[] isRead;
    /** Clocks that wait for their parents, the last one first. */
    private final int[] waiting;

    private int waitingCount;
    private int next;

    /** @param clocks all of a tree */
    public ClockReading(List<Clock> clocks) {
        this.clocks = clocks;
        parentPositions = new int[clocks.size()];
        Arrays.fill(parentPositions, UNREAD);
        rates = new Ratio[clocks.size()];
        enabled = new boolean[clocks.size()];
        isRead = new boolean[clocks.size()];
        waiting = new int[clocks.size()];
    }

    /** Of a whole tree, read at once. */
    public static ClockReading ofAll(List<Clock> clocks) {
        ClockReading reading = new ClockReading(clocks);
        while (reading.readNext()) {
            // the next one
        }
        return reading;
    }

    /**
     * Reads a piece.
     *
     * @return false if all are read
     */
    public boolean readNext() {
        if (waitingCount == 0) {
            while (next < isRead.length && isRead[next]) {
                next++;
            }
            if (next == isRead.length) {
                return false;
            }
            waiting[waitingCount++] = next;
        }
        Clock clock = clocks.get(waiting[waitingCount - 1]);
        int index = clock.index();
        if (parentPositions[index] == UNREAD) {
            parentPositions[index] = clock.parentPosition();
        }
        Clock parent = parent(clock);
        if (parent != null && !isRead[parent.index()]) {
            waiting[waitingCount++] = parent.index();
            return true;
        }
        rates[index] = rate(clock, parent);
        enabled[index] = clock.isGateOpen() && (parent == null ? clock.isFixed() : enabled[parent.index()]);
        isRead[index] = true;
        waitingCount--;
        return true;
    }

    private Ratio rate(Clock clock, @Nullable Clock parent) {
        Ratio rate = new Ratio();
        if (clock.isFixed()) {
            return rate.set(clock.rootHz(), 1);
        }
        if (parent == null || rates[parent.index()].isZero()) {
            return rate.set(0, 1);
        }
        return clock.passNow(rate.set(rates[parent.index()]));
    }

    /** The parent that a clock runs from, as {@link Clock#parent}; once it is read. */
    public @Nullable Clock parent(Clock clock) {
        int position = parentPositions[clock.index()];
        return position == Clock.NONE ? null : clock.parents().get(position);
    }

    /** A clock's rate in Hz, as {@link Clock#rate}; once it is read. */
    public long rate(Clock clock) {
        return rates[clock.index()].floor();
    }

    /** Whether a clock runs, as {@link Clock#enabled}; once it is read. */
    public boolean enabled(Clock clock) {
        return enabled[clock.index()];
    }
}
