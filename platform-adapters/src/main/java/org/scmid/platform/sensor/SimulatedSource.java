// Values that nothing measures.
package org.scmid.platform.sensor;

import org.jspecify.annotations.Nullable;
import org.scmid.config.sensor.SensorSource;
import org.scmid.loop.Scheduler;

/** A value that goes up and down as time goes by: it depends on the time alone. */
final class SimulatedSource implements ValueSource {
    private final SensorSource.Simulated movement;
    private final Scheduler scheduler;
    private final Scheduler.Timer ready;
    private final long startNanos;
    private @Nullable ValueSink waiting;
    private int waitingTicket;

    SimulatedSource(SensorSource.Simulated movement, Scheduler scheduler) {
        this.movement = movement;
        this.scheduler = scheduler;
        this.ready = scheduler.timer(this::answer);
        this.startNanos = scheduler.nanoTime();
    }

    @Override
    public void read(ValueSink sink, int ticket) {
        if (movement.takesNanos() > 0) {
            waiting = sink;
            waitingTicket = ticket;
            ready.arm(movement.takesNanos());
        } else {
            sink.value(ticket, valueAfter(scheduler.nanoTime() - startNanos));
        }
    }

    private void answer() {
        ValueSink sink = waiting;
        waiting = null;
        if (sink != null) {
            sink.value(waitingTicket, valueAfter(scheduler.nanoTime() - startNanos));
        }
    }

    /** Where the value is after that time: up from the start to the top, down to the bottom, and so on. */
    long valueAfter(long nanos) {
        long span = movement.max() - movement.min();
        if (span == 0 || movement.change() == 0) {
            return movement.start();
        }
        long up = ceilDiv(span, movement.change());
        // A round is `up` steps to the top and as many down; it was entered where the start is on the way up.
        long first = (movement.start() - movement.min()) / movement.change();
        long offset = movement.start() - movement.min() - first * movement.change();
        long position = (first + nanos / movement.everyNanos() % (2 * up)) % (2 * up);
        long distance = position <= up ? position : 2 * up - position;
        long value = movement.min() + offset + Math.min(distance * movement.change(), span);
        return Math.min(value, movement.max());
    }

    private static long ceilDiv(long dividend, long divisor) {
        return dividend / divisor + (dividend % divisor == 0 ? 0 : 1);
    }
}
