// The rate of a clock of the host.
package org.scmid.platform.host;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;

/** The rate of a clock of the host's kernel, in Hz, by its {@code clk_rate} in debugfs. */
final class ClockRateQuantity extends HostQuantity {
    private final Path clocks;
    private final String name;

    ClockRateQuantity(Path sys, String name) {
        this.clocks = clocksOf(sys);
        this.name = name;
    }

    static Path clocksOf(Path sys) {
        return sys.resolve("kernel/debug/clk");
    }

    @Override
    Path locate() throws IOException {
        return locate(clocks, name);
    }

    /** The folder of a clock of a name. */
    static Path locate(Path clocks, String name) throws IOException {
        if (!Files.isDirectory(clocks)) {
            throw new IOException("the host shows no clocks: " + clocks
                    + " is not there or not readable; it needs a kernel with COMMON_CLK, debugfs mounted, and root");
        }
        Path clock = clocks.resolve(name);
        if (!Files.isDirectory(clock)) {
            throw new IOException("the host has no clock " + name + "; " + clocks + " has one folder for each");
        }
        return clock;
    }

    @Override
    BigDecimal read(Path clock) throws IOException {
        return HostFile.number(clock.resolve("clk_rate"));
    }

    @Override
    public String toString() {
        return "the rate of clock " + name;
    }
}
