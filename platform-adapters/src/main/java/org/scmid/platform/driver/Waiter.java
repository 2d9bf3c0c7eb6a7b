// Who asked something of a driver that could not be done at once.
package org.scmid.platform.driver;

/**
 * Who asked something of a driver. {@link #ended} and {@link #mayAskAgain} are called on the loop's thread, never from within the
 * call that answered {@link Outcome#STARTED} or {@link Outcome#BUSY}; one of them exactly once for each such answer, within a
 * time that the driver bounds.
 */
public interface Waiter {
    /** Nobody wants to know; what is {@link Outcome#BUSY} is not done then. */
    Waiter NOBODY = new Waiter() {
        @Override
        public void mayAskAgain() {}

        @Override
        public void ended(Outcome outcome) {}
    };

    /** What was {@link Outcome#BUSY} may be possible now: it is to be asked again, and may be busy again. */
    void mayAskAgain();

    /**
     * What was {@link Outcome#STARTED} has ended.
     *
     * @param outcome {@link Outcome#OK} if everything was done; {@link Outcome#FAILED} if hardware did not do something in
     *     time or could not be reached, the log says which, and the resource is as its hardware says; or why somebody
     *     else who was asked refused it
     */
    void ended(Outcome outcome);

    /**
     * What was read, before the outcome {@link Outcome#OK} is returned or told. What it means is said by the method that
     * reads.
     */
    default void value(long value) {}

    /**
     * On whose behalf it is asked: whoever is told of what has changed is told that it was this. Everything that one user
     * asks of one resource has the same cause.
     */
    default Waiter cause() {
        return this;
    }
}
