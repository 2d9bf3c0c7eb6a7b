// Somebody who serves clocks, and what an agent knows of them.
package org.scmid.system;

import java.util.List;

/** Clocks that can be asked for something. */
interface ClockService extends ClockStates {
    /** The names of all clocks. */
    List<String> clocks();

    /** The agent's number of a clock. */
    int id(String name);

    /** The clocks that one can be told to run from; empty if it cannot be told. */
    List<String> possibleParents(String name);

    /** Whether it makes sense to ask for on and off: what nothing stops may refuse that all the same. */
    boolean maySwitch(String name);

    /** Whether it makes sense to ask for a rate. */
    boolean maySetRate(String name);

    /** Sends any command; returns the status and what comes behind it. */
    int[] call(int header, int... payload);
}
