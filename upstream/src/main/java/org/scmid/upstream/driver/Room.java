// Those who wait until a platform takes more commands.
package org.scmid.upstream.driver;

import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.upstream.AskedPlatform;
import org.scmid.upstream.UpstreamListener;
import org.scmid.upstream.discovery.Discovered;

/**
 * Those who wait until a platform takes more commands: the way to it is full, or as many as can be told apart are under
 * way. One that takes none for as long as it may take for a reply has failed those who wait.
 */
public final class Room implements UpstreamListener {
    private final AskedPlatform upstream;
    private final long timeoutNanos;
    private final WaiterList waiting = new WaiterList();
    private final Scheduler.Timer timer;
    private boolean isTooLate;

    /** @param time the loop */
    public Room(Scheduler time, AskedPlatform upstream) {
        this.upstream = upstream;
        this.timeoutNanos = upstream.spec().timeout().toNanos();
        this.timer = time.timer(this::tooLate);
        upstream.listen(this);
    }

    /** Whose room it is. */
    AskedPlatform upstream() {
        return upstream;
    }

    /** How long a reply is waited for. */
    long timeoutNanos() {
        return timeoutNanos;
    }

    /** What is answered to who could not send. */
    Outcome await(Waiter waiter) {
        if (isTooLate || !upstream.isUp()) {
            return Outcome.FAILED;
        }
        if (waiting.isEmpty()) {
            timer.arm(timeoutNanos);
        }
        waiting.add(waiter);
        return Outcome.BUSY;
    }

    /** A command has ended: there is room for another one. */
    void free() {
        if (!waiting.isEmpty()) {
            waiting.tellFirst();
            restart();
        }
    }

    private void restart() {
        timer.disarm();
        if (!waiting.isEmpty()) {
            timer.arm(timeoutNanos);
        }
    }

    private void tooLate() {
        isTooLate = true;
        try {
            waiting.tell(Outcome.BUSY);
        } finally {
            isTooLate = false;
        }
    }

    @Override
    public void writable() {
        timer.disarm();
        waiting.tell(Outcome.BUSY);
    }

    @Override
    public void up(Discovered all) {
        writable();
    }

    @Override
    public void down(String why) {
        writable();
    }
}
