// Says why something of the host cannot be read or set, and does not say it all the time.
package org.scmid.platform.host;

import org.jspecify.annotations.Nullable;
import org.scmid.loop.Scheduler;

/**
 * Says in the log why something of the host cannot be read, or set: once, and again after {@value #QUIET_NANOS} ns at the
 * earliest if the reason is another; and that it can be again. Used on the loop's thread.
 */
public final class Complaint {
    static final long QUIET_NANOS = 10_000_000_000L;

    private static final System.Logger LOG = System.getLogger(Complaint.class.getName());

    private final String subject;
    private final String done;
    private final Scheduler scheduler;
    private @Nullable String said;
    private boolean hasSaid;
    private long saidAtNanos;

    /** @param subject what cannot be read, such as {@code sensor cpu} */
    public Complaint(String subject, Scheduler scheduler) {
        this(subject, "read", scheduler);
    }

    /** @param done what cannot be done with it, such as {@code read} or {@code set} */
    public Complaint(String subject, String done, Scheduler scheduler) {
        this.subject = subject;
        this.done = done;
        this.scheduler = scheduler;
    }

    /** It cannot be done. */
    public void failed(String why) {
        long now = scheduler.nanoTime();
        boolean mayLog = !hasSaid || now - saidAtNanos >= QUIET_NANOS;
        if (mayLog && !why.equals(said)) {
            hasSaid = true;
            said = why;
            saidAtNanos = now;
            LOG.log(System.Logger.Level.WARNING, subject + " cannot be " + done + ": " + why);
        }
    }

    /** It was done. */
    public void succeeded() {
        if (said != null) {
            said = null;
            LOG.log(System.Logger.Level.INFO, subject + " can be " + done + " again");
        }
    }
}
