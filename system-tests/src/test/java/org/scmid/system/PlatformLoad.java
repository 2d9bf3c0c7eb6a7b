// A tool that asks for clocks of a platform without a pause, whether the platform is there or not.
package org.scmid.system;

import static org.scmid.system.Scmi.CONFIG_GET;
import static org.scmid.system.Scmi.CONFIG_SET;
import static org.scmid.system.Scmi.RATE_GET;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads and switches an agent's first two clocks, one command after the other. A command may fail, as the platform may be
 * away. What is answered is right.
 */
final class PlatformLoad implements AutoCloseable {
    private static final int CLOCKS = 2;
    private static final long PAUSE_NANOS = 500_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SocketAgent agent;
    private final long[] rates = new long[CLOCKS];
    private final boolean[] held = new boolean[CLOCKS]; // what was asked for and granted
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private final Thread thread;
    private volatile @Nullable Throwable defect;

    /** Begins, with a platform that is there. */
    PlatformLoad(Path socket) {
        agent = SocketAgent.connect(socket);
        for (int id = 0; id < CLOCKS; id++) {
            rates[id] = rate(call(clock(RATE_GET), id));
        }
        thread = Thread.ofPlatform().name("load on " + socket).start(this::run);
    }

    private static long rate(int[] reply) {
        return Integer.toUnsignedLong(reply[1]) | (long) reply[2] << Integer.SIZE;
    }

    private void run() {
        var random = new Random(1);
        try {
            while (!over.get()) {
                ask(random.nextInt(CLOCKS), random.nextInt(4));
                LockSupport.parkNanos(PAUSE_NANOS); // the machines have the same processors
            }
        } catch (RuntimeException | Error e) {
            defect = e;
        }
    }

    private void ask(int id, int what) {
        if (what == 0) {
            int[] reply = call(clock(RATE_GET), id);
            if (reply[0] == SUCCESS && rate(reply) != rates[id]) {
                throw new AssertionError("clock " + id + " is said to have " + rate(reply) + " Hz");
            }
        } else if (what == 1) {
            call(clock(CONFIG_GET), id, 0);
        } else {
            turn(id, (what & 1) != 0);
        }
    }

    private void turn(int id, boolean on) {
        int status = call(clock(CONFIG_SET), id, on ? 1 : 0, 0)[0];
        held[id] = on && (held[id] || status == SUCCESS);
    }

    private int[] call(int header, int... payload) {
        long begun = System.nanoTime();
        int[] reply = agent.call(header, payload);
        longestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
        if (reply[0] == SUCCESS) {
            answered.incrementAndGet();
        } else if (reply[0] == Scmi.HARDWARE_ERROR) {
            failed.incrementAndGet();
        } else {
            throw new AssertionError("a command is answered " + reply[0]);
        }
        return reply;
    }

    /** Waits until commands are answered again. */
    void awaitAnswers() {
        long before = answered.get();
        Deadline.await("commands are answered", () -> answered.get() > before, this::toString);
    }

    /** Lets go of what it has, and asks for no more. What was not granted, or was let go of in vain, it does not have. */
    void end() {
        stop();
        for (int id = 0; id < CLOCKS; id++) {
            if (held[id]) {
                turn(id, false);
            }
        }
    }

    /** How many commands have failed. */
    long failed() {
        return failed.get();
    }

    /** The longest that a command took. */
    long longestMillis() {
        return longestNanos.get() / NANOS_PER_MILLI;
    }

    @Override
    public String toString() {
        return thread.getName() + ": " + answered + " answered, " + failed + " failed, the longest took "
                + longestMillis() + " ms; " + defect;
    }

    private void stop() {
        over.set(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        Throwable found = defect;
        if (found != null) {
            throw new AssertionError(thread.getName(), found);
        }
    }

    @Override
    public void close() {
        over.set(true);
        agent.close();
    }
}
