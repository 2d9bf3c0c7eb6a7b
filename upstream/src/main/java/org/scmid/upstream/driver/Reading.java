// What is read of one resource.
package org.scmid.upstream.driver;

import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.RequestPayload;

/**
 * What is read of one resource. Whoever asks while a question is under way joins it, unless something of the resource was
 * changed since it was sent: what was true before is not told after.
 */
abstract class Reading extends Exchange {
    private final Changes changes;
    private long sentAt;
    private long value;

    Reading(Room room, Changes changes) {
        super(room);
        this.changes = changes;
    }

    final Outcome read(Waiter waiter) {
        if (isUnderWay()) {
            if (sentAt == changes.count()) {
                waiting.add(waiter);
                return Outcome.STARTED;
            }
            return awaitTurn(waiter);
        }
        sentAt = changes.count();
        return send(write().messageLength(), false, waiter);
    }

    /** Writes the request. */
    abstract RequestPayload<?> write();

    /**
     * Whether the reply holds what was asked for; then it was told to {@link #has}.
     */
    abstract boolean holds();

    /** What was read. */
    final void has(long read) {
        value = read;
    }

    @Override
    final Outcome ended() {
        return holds() ? Outcome.OK : Outcome.FAILED;
    }

    @Override
    final void tell(Outcome outcome) {
        if (outcome == Outcome.OK) {
            waiting.tellValue(value);
        } else {
            waiting.tell(outcome);
        }
    }

    /** Counts what was sent to change a resource, and what of it has ended. */
    static final class Changes {
        private long count;

        long count() {
            return count;
        }

        void more() {
            count++;
        }
    }
}
