// What was done, in units that do not depend on the machine.
package org.scmid.loop;

/**
 * Counts work in units that do not depend on the machine: one register, clock, setting, agent or resource that was looked at,
 * each some tenths of a microsecond. Whoever goes through what a board or its agents have many of adds to it, and goes on in
 * the loop's next turn after a {@link #SLICE}. So no turn is long, whatever there is, and tests can say how long it was.
 *
 * <p>Belongs to the loop's thread.
 */
public final class Work {
    /** Units of work in one go: some hundred microseconds. */
    public static final int SLICE = 500;

    private long done;

    /** So many units were done. */
    public void add(long units) {
        done += units;
    }

    /** Units that were done since this was made. */
    public long done() {
        return done;
    }

    /** What {@link #done} is at the end of a slice that begins now. */
    public long endOfSlice() {
        return done + SLICE;
    }
}
