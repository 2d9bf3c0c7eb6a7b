// A guest that shares a window of memory with the service, and nothing else.
package org.scmid.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.scmid.agent.frontend.DriverControl;
import org.scmid.agent.frontend.DriverWindow;
import org.scmid.agent.frontend.WindowDriver;
import org.scmid.agent.frontend.WindowDriver.Ending;
import org.scmid.agent.frontend.WindowDriver.MmioPlan;
import org.scmid.agent.frontend.WindowDriver.Phase;
import org.scmid.linux.LinuxException;

/** Both sides look at memory, all the time or after pauses; nobody wakes anybody. */
final class WindowLink implements GuestLink {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** As the service's own shortest pause. */
    private static final long PAUSE_NANOS = 50_000;

    private final boolean spins;
    private final byte[][] commands;
    private final DriverWindow window;
    private final WindowDriver driver;
    private int next;

    /**
     * Begins a session.
     *
     * @param file the service's, with the window at its beginning
     * @param size of the window in bytes
     * @param fat whether it is a fat virtqueue, or else a virtio-mmio ring
     * @param commands that are sent in turn
     * @param spins whether it looks all the time
     */
    WindowLink(Path file, long size, boolean fat, byte[][] commands, boolean spins) throws LinuxException {
        this.spins = spins;
        this.commands = commands;
        window = DriverWindow.open(file, 0, size, 0);
        driver = fat
                ? WindowDriver.fat(window, DriverControl.NO_BELL)
                : WindowDriver.mmio(window, MmioPlan.USUAL, DriverControl.NO_BELL);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (driver.step() != Phase.READY) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("no session: " + driver);
            }
            await();
        }
    }

    @Override
    public void exchange(int depth) {
        for (int i = 0; i < depth; i++) {
            next = next + 1 < commands.length ? next + 1 : 0;
            if (driver.add(commands[next], commands[next].length) == 0) {
                throw new IllegalStateException("cannot send: " + driver);
            }
        }
        driver.publish();
        int taken = 0;
        while (taken < depth) {
            if (!driver.poll()) {
                await();
            } else if (driver.ending() == Ending.REPLY) {
                taken++;
            } else if (driver.ending() != Ending.EVENT) {
                throw new IllegalStateException("a command ended as " + driver.ending());
            }
        }
    }

    private void await() {
        if (spins) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void checkLastReply() {
        Commands.checkSucceeded(driver.message(), driver.length());
    }

    @Override
    public void close() {
        window.close();
    }
}
