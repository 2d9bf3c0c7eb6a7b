// Whom the service loop looks at, and for how long.
package org.scmid.loop;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.scmid.loop.EventLoop.Poller;
import org.scmid.loop.EventLoop.Polling;

/**
 * The pollers of a loop. Each has its {@link Share} of the loop's time; those behind the others have one between them. Quiet
 * pollers are known to their owners only.
 */
final class Pollers {
    /** Who is told of a poller that threw; it is taken out already. */
    @FunctionalInterface
    interface Failures {
        void failed(Throwable failure);
    }

    private final LongSupplier clock;
    private final long spinNanos;
    private final Line front = new Line();
    private final Line behind = new Line();
    private final Share shareBehind = new Share();
    /** Where the next turn of those behind begins. */
    private int nextBehind;

    private long turnEnd;
    private long lastReading;

    /**
     * @param clock monotonic time in nanoseconds
     * @param spinNanos how long a poller without work is looked at, in nanoseconds
     */
    Pollers(LongSupplier clock, long spinNanos) {
        this.clock = clock;
        this.spinNanos = spinNanos;
    }

    Polling add(Poller poller, Failures failures) {
        return add(front, poller, failures);
    }

    /** As {@link #add}, behind all that are not. */
    Polling addBehind(Poller poller, Failures failures) {
        return add(behind, poller, failures);
    }

    private Polling add(Line line, Poller poller, Failures failures) {
        Polled polled = new Polled(line, poller, failures);
        polled.ready();
        return polled;
    }

    /** Whether none is looked at. */
    boolean isEmpty() {
        return front.count == 0 && behind.count == 0;
    }

    /** Somebody else than a poller begins to work, for so many nanoseconds at most. */
    void beginTurn(long now, long nanos) {
        turnEnd = now + nanos;
        lastReading = now;
    }

    /** What time it is, in nanoseconds. */
    long now() {
        long now = clock.getAsLong();
        lastReading = now;
        return now;
    }

    /** See {@link EventLoop#hasTime}. */
    boolean hasTime() {
        return now() - turnEnd < 0;
    }

    /** See {@link EventLoop#hadTime}. */
    boolean hadTime() {
        return lastReading - turnEnd < 0;
    }

    /**
     * A turn: each in front once, those that become ready meanwhile too, then those behind as far as their share goes.
     *
     * @return whether there was work
     */
    boolean pollAll() {
        if (isEmpty()) {
            return false;
        }
        boolean worked = false;
        long now = now();
        for (int i = 0; i < front.count; i++) {
            Polled polled = front.at(i);
            if (polled.poll(now, Long.MAX_VALUE)) {
                worked = true;
                now = polled.charge(now);
            }
        }
        return pollBehind(now) || worked;
    }

    private boolean pollBehind(long begin) {
        if (behind.count == 0 || !shareBehind.begin()) {
            return false;
        }
        boolean worked = false;
        long now = begin;
        long end = begin + shareBehind.left();
        for (int left = behind.count; left > 0 && end - now > 0; left--) {
            nextBehind = nextBehind < behind.count ? nextBehind : 0;
            Polled polled = behind.at(nextBehind++);
            if (polled.poll(now, end - now)) {
                worked = true;
                now = polled.charge(now);
            }
        }
        shareBehind.end(now - begin);
        return worked;
    }

    /** Takes out those that have been without work for the spin time, and have none now. */
    void leaveQuietOnes(long now) {
        front.leaveQuietOnes(now, 0);
        nextBehind = behind.leaveQuietOnes(now, nextBehind);
    }

    /** Pollers in the order in which they became ready. */
    private static final class Line {
        private @Nullable Polled[] looked = new Polled[16];
        private int count;

        /** @return the position of whoever is at this one, afterwards */
        int leaveQuietOnes(long now, int position) {
            int before = count;
            int kept = 0;
            int moved = position;
            for (int i = 0; i < before; i++) {
                Polled polled = at(i);
                if (polled.stays(now)) {
                    looked[kept++] = polled;
                } else {
                    polled.isLookedAt = false;
                    moved -= i < position ? 1 : 0;
                }
            }
            if (kept < before) {
                for (int i = before; i < count; i++) {
                    looked[kept++] = looked[i]; // became ready while others were asked
                }
                Arrays.fill(looked, kept, count, null);
                count = kept;
            }
            return moved;
        }

        void look(Polled polled) {
            if (count == looked.length) {
                looked = Arrays.copyOf(looked, looked.length * 2);
            }
            looked[count++] = polled;
        }

        Polled at(int i) {
            Polled polled = looked[i];
            if (polled == null) {
                throw new IllegalStateException("no poller at " + i + " of " + count);
            }
            return polled;
        }
    }

    private final class Polled implements Polling {
        private final Line line;
        private final Poller poller;
        private final Failures failures;
        private final Share share = new Share();
        private boolean isLookedAt;
        /** It is to be polled before it is asked whether it is quiet. */
        private boolean asked;

        private boolean worked;
        private long lastWork = now() - spinNanos;
        private boolean cancelled;

        Polled(Line line, Poller poller, Failures failures) {
            this.line = line;
            this.poller = poller;
            this.failures = failures;
        }

        /** @return whether it worked: then it is to be charged. One that owes time stays as it is */
        boolean poll(long now, long mostNanos) {
            if (!share.begin()) {
                return false;
            }
            asked = false;
            worked = false;
            beginTurn(now, Math.min(share.left(), mostNanos));
            try {
                worked = !cancelled && poller.poll();
            } catch (Throwable failure) {
                failed(failure);
            }
            return worked;
        }

        /** @return what time it is now */
        long charge(long begin) {
            long now = now();
            share.end(now - begin);
            return now;
        }

        boolean stays(long now) {
            if (cancelled) {
                return false;
            }
            if (worked) {
                lastWork = now;
            }
            if (asked || worked || now - lastWork < spinNanos) {
                return true;
            }
            try {
                return poller.prepareToWait() || asked;
            } catch (Throwable failure) {
                failed(failure);
                return false;
            }
        }

        private void failed(Throwable failure) {
            cancel();
            failures.failed(failure);
        }

        @Override
        public void ready() {
            if (cancelled) {
                return;
            }
            asked = true;
            if (!isLookedAt) {
                isLookedAt = true;
                line.look(this);
            }
        }

        @Override
        public void cancel() {
            cancelled = true; // and goes before the next turn
        }
    }
}
