// What a request for one clock may do to others.
package org.scmid.platform.driver;

/**
 * What a request for one clock, or for a performance domain, may do to other clocks. Whether the clock that is asked for by
 * name may be changed is decided before a driver is asked; this decides about the others, and whose wish it is that they
 * follow. A clock is named by its position on the board, from 0. {@code cause} is a {@link Waiter#cause}.
 */
public interface ClockAuthority {
    /** Everything is allowed: nobody has a say but who asks. */
    ClockAuthority ANYTHING = new ClockAuthority() {
        @Override
        public boolean mayMove(int clock, Waiter cause) {
            return true;
        }

        @Override
        public boolean mayFollowLevels(int clock, Waiter cause) {
            return true;
        }

        @Override
        public boolean keepsRate(int clock, Waiter cause) {
            return false;
        }

        @Override
        public boolean isOwn(int clock, Waiter cause) {
            return false;
        }
    };

    /** Whether a clock may be moved as a parent of the one that is asked for. */
    boolean mayMove(int clock, Waiter cause);

    /** Whether a clock may be set by the levels of its performance domain. */
    boolean mayFollowLevels(int clock, Waiter cause);

    /** Whether a clock that runs has to keep its rate when something above it is changed. */
    boolean keepsRate(int clock, Waiter cause);

    /** Whether a clock belongs to who asks: what runs from it has to follow then, {@link #keepsRate} or not. */
    boolean isOwn(int clock, Waiter cause);
}
