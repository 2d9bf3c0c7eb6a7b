// Writes commands to the kernel's raw mode, on a thread of its own.
package org.scmid.agent;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Errno;
import org.scmid.linux.LinuxException;
import org.scmid.linux.MessageFile;

/**
 * Writes commands in the order in which they were put. The kernel may hold a write up: until the firmware has taken the
 * command before, until it has answered, or until a token is free that the kernel has in use itself. So a thread writes,
 * and the loop never waits. Commands pass to it in slots that were made once.
 *
 * <p>A command that has waited for so long that its sender has given it up is not written any more. One that the kernel
 * has no room for is tried again until then.
 */
final class RawWriter {
    /** How long after the kernel had no room it is asked again: it logs each time. */
    private static final long PAUSE_NANOS = 50_000_000;

    /** A command in its slot. What the loop writes here the thread sees by {@link #put}, and the other way by {@link #done}. */
    private static final class Slot {
        final byte[] message;
        int length;
        boolean isAsynchronous;
        long putAt;
        boolean dropped;

        Slot(int longest) {
            message = new byte[longest];
        }
    }

    private final MessageFile commands;
    private final MessageFile asynchronous;
    private final long patienceNanos;
    private final Slot[] slots;
    private final Thread thread;
    private final Semaphore wake = new Semaphore(0);
    private volatile long put;
    private volatile long done;
    private volatile boolean closing;
    private volatile @Nullable String failure;

    /**
     * Begins; the files are its own from now on.
     *
     * @param size how many commands have a slot, from 1
     * @param longest bytes of a command
     * @param patienceNanos how long after it was put a command may be written, in nanoseconds
     */
    RawWriter(MessageFile commands, MessageFile asynchronous, int size, int longest, long patienceNanos) {
        this.commands = commands;
        this.asynchronous = asynchronous;
        this.patienceNanos = patienceNanos;
        this.slots = new Slot[size];
        for (int i = 0; i < size; i++) {
            slots[i] = new Slot(longest);
        }
        this.thread = Thread.ofPlatform().daemon().name("scmid-kernel-out").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    // ---- on the loop ----

    /** How many were put since it began. */
    long put() {
        return put;
    }

    /** How many of these were written, or dropped. */
    long done() {
        return done;
    }

    /** Whether one of the last commands that are done was dropped, by its number since it began, from 0. */
    boolean wasDropped(long number) {
        return slot(number).dropped;
    }

    /** Why it writes no more; null while it does. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Puts the next command; the caller sees to it that its slot is not in use any more. */
    void put(byte[] message, int length, boolean isAsynchronous) {
        long number = put;
        Slot slot = slot(number);
        System.arraycopy(message, 0, slot.message, 0, length);
        slot.length = length;
        slot.isAsynchronous = isAsynchronous;
        slot.putAt = System.nanoTime();
        slot.dropped = false;
        put = number + 1;
        wake.release();
    }

    /** Ends it, idempotently; the files are closed as soon as the kernel lets go of them. */
    void close() {
        closing = true;
        wake.release();
    }

    private Slot slot(long number) {
        return slots[(int) (number % slots.length)];
    }

    // ---- on the thread ----

    private void run() {
        long number = 0;
        while (!closing) {
            if (number == put) {
                wake.acquireUninterruptibly();
                wake.drainPermits();
            } else {
                Slot slot = slot(number);
                slot.dropped = !isWritten(slot);
                number++;
                done = number;
            }
        }
        commands.close();
        asynchronous.close();
    }

    private boolean isWritten(Slot slot) {
        MessageFile file = slot.isAsynchronous ? asynchronous : commands;
        while (!closing && System.nanoTime() - slot.putAt < patienceNanos) {
            try {
                int count = file.write(slot.message, slot.length);
                if (count == slot.length) {
                    return true;
                }
                if (count != MessageFile.WOULD_BLOCK) {
                    fail("raw mode took " + count + " of the " + slot.length + " bytes of a command");
                    return false;
                }
            } catch (LinuxException e) {
                boolean isForWantOfRoom = e.errno() == Errno.ENOMEM || e.errno() == Errno.EBUSY;
                if (!isForWantOfRoom) {
                    fail(RawEnd.ended(e));
                    return false;
                }
            }
            pause();
        }
        return false;
    }

    private void pause() {
        try {
            wake.drainPermits();
            if (wake.tryAcquire(PAUSE_NANOS, TimeUnit.NANOSECONDS)) {
                return; // another command, or the end
            }
        } catch (InterruptedException e) {
            closing = true; // nobody interrupts this thread
            Thread.currentThread().interrupt();
        }
    }

    private void fail(String why) {
        failure = why;
        closing = true;
    }
}
