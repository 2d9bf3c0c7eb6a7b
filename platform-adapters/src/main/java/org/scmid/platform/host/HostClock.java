// A clock of the host's kernel that may be set and switched.
package org.scmid.platform.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A clock of the host's kernel, by its files in debugfs, where the kernel lets them be written. For one thread at a time,
 * which may have to wait.
 */
public final class HostClock {
    private static final String WHAT_HELPS =
            "; it takes root, and a kernel whose clk.c was built with CLOCK_ALLOW_WRITE_DEBUGFS";

    private final Path clocks;
    private final String name;

    HostClock(Path sys, String name) {
        this.clocks = ClockRateQuantity.clocksOf(sys);
        this.name = name;
    }

    /**
     * Sets the rate; the kernel chooses the one that its driver can make.
     *
     * @return the rate that it has then, in Hz
     * @throws IOException if the clock is not there or cannot be set; the message says what helps
     */
    public long setRate(long hz) throws IOException {
        Path rate = file("clk_rate");
        HostFile.write(rate, Long.toString(hz));
        return HostFile.number(rate).longValue();
    }

    /**
     * Adds an enable of ours to those that the kernel counts, or takes it back.
     *
     * @throws IOException if the clock is not there or cannot be switched; the message says what helps
     */
    public void setEnabled(boolean on) throws IOException {
        HostFile.write(file("clk_prepare_enable"), on ? "1" : "0");
    }

    /** Whether anybody has enabled it, as far as the kernel says; one that says nothing runs. */
    public boolean isEnabled() throws IOException {
        Path count = ClockRateQuantity.locate(clocks, name).resolve("clk_enable_count");
        return !Files.exists(count) || HostFile.number(count).signum() > 0;
    }

    private Path file(String itsName) throws IOException {
        Path file = ClockRateQuantity.locate(clocks, name).resolve(itsName);
        if (!Files.isWritable(file)) {
            throw new IOException(file + (Files.exists(file) ? " cannot be written" : " is not there") + WHAT_HELPS);
        }
        return file;
    }

    @Override
    public String toString() {
        return "clock " + name + " of the host";
    }
}
