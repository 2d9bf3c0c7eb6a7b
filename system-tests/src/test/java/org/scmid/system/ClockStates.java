// What somebody says of clocks, by name.
package org.scmid.system;

/** Clocks as messages tell of them. */
interface ClockStates {
    /** The rate that a clock has or would have if it ran, in Hz. */
    long rate(String name);

    /** Whether a clock runs, whoever wants that. */
    boolean isEnabled(String name);

    /** What comes out of a clock: its rate, or 0 while it stands. */
    long output(String name);

    /** The name of the clock that another one runs from; empty if it has none. */
    String parent(String name);

    /** What goes into a clock: what comes out of its parent; 0 without one. */
    default long input(String name) {
        String parent = parent(name);
        return parent.isEmpty() ? 0 : output(parent);
    }

    /** Whether a clock runs from another, maybe through others. */
    default boolean isBelow(String name, String ancestor) {
        for (String above = name; !above.isEmpty(); above = parent(above)) {
            if (above.equals(ancestor)) {
                return true;
            }
        }
        return false;
    }
}
