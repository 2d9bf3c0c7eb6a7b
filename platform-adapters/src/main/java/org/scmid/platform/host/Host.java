// The host's kernel, as far as it says something to us.
package org.scmid.platform.host;

import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.scmid.config.sensor.HostChannel;
import org.scmid.loop.Scheduler;

/** The host's kernel, as far as it says something to us: where its files are, and who reads them. */
public final class Host implements AutoCloseable {
    /** Where the kernel shows its files. */
    public static final Path SYS = Path.of("/sys");

    private final Path sys;
    private final HostWorkers workers;

    /**
     * Opens and starts nothing.
     *
     * @param sys {@link #SYS}, or a folder that looks like it
     * @param loop runs something on the loop's thread; may be called on any thread, and refuses when the loop has ended
     * @param scheduler the loop's clock and timers
     */
    public Host(Path sys, Executor loop, Scheduler scheduler) {
        this.sys = sys;
        this.workers = new HostWorkers(loop, scheduler);
    }

    /** A value of the host's. Nothing is looked for before it is asked. */
    public HostQuantity quantity(HostChannel channel) {
        return switch (channel) {
            case HostChannel.Hwmon chip -> new HwmonQuantity(sys, chip);
            case HostChannel.Iio iio -> new IioQuantity(sys, iio);
            case HostChannel.ThermalZone zone -> new ThermalZoneQuantity(sys, zone);
        };
    }

    /** The rate of a clock of the host's, in Hz, by the clock's name in debugfs. */
    public HostQuantity clockRate(String name) {
        return new ClockRateQuantity(sys, name);
    }

    /** A clock of the host's that may be set and switched, by its name in debugfs. */
    public HostClock clock(String name) {
        return new HostClock(sys, name);
    }

    /** Who does what may take long. */
    public HostWorkers workers() {
        return workers;
    }

    /** Ends the threads, as soon as what they do lets them. Called after the loop has ended, or on its thread. */
    @Override
    public void close() {
        workers.close();
    }
}
