// Who asked something of a clock that could not be done at once.
package org.scmid.platform.clock;

/**
 * Who asked something of a clock that could not be done at once. Called on the loop's thread, never from within the
 * operation that answered {@link Outcome#STARTED} or {@link Outcome#BUSY}.
 */
public interface ClockWaiter {
    /** Nobody wants to know; what is {@link Outcome#BUSY} is not done then. */
    ClockWaiter NOBODY = new ClockWaiter() {
        @Override
        public void mayAskAgain() {}

        @Override
        public void ended(boolean ok) {}
    };

    /** What was {@link Outcome#BUSY} may be possible now: it is to be asked again, and may be busy again. */
    void mayAskAgain();

    /**
     * What was {@link Outcome#STARTED} has ended.
     *
     * @param ok whether everything was done; if not, hardware did not do something in time or a register could not be
     *     reached, the log says which, and clocks are as their registers say
     */
    void ended(boolean ok);
}
