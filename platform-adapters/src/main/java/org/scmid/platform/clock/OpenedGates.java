// Which gates were opened for somebody, and so may be closed again.
package org.scmid.platform.clock;

import java.util.BitSet;

/**
 * Which clocks' gates the tree answers for: those that it opened itself, and those whose users asked for the clock by
 * name. Any other open gate was left so by somebody who came before, such as a boot loader, and is not closed together
 * with the clocks that run from it.
 *
 * <p>A service that is killed and started again finds all these gates open alike, so it has to remember this. The tree
 * adds a clock before it opens the gate, and removes it after it has closed the gate: a gate that the tree opened is
 * never without its note, whenever the process ends.
 */
public interface OpenedGates {
    /** Whether the tree answers for the gate of the clock with this {@link Clock#index}. */
    boolean contains(int clock);

    /** Notes that it does. */
    void add(int clock);

    /** Notes that it does not. */
    void remove(int clock);

    /** Notes that end with the process. */
    static OpenedGates inMemory() {
        BitSet opened = new BitSet();
        return new OpenedGates() {
            @Override
            public boolean contains(int clock) {
                return opened.get(clock);
            }

            @Override
            public void add(int clock) {
                opened.set(clock);
            }

            @Override
            public void remove(int clock) {
                opened.clear(clock);
            }
        };
    }
}
