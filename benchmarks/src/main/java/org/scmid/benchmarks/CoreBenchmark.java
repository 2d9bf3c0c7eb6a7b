// A message in the core: from its bytes to the registers and to the reply's bytes.
package org.scmid.benchmarks;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.scmid.config.document.ConfigException;

/**
 * A message in the core, on boards of different sizes: the time must not depend on {@link #clocks}. The same number of clocks
 * takes turns on every board, so that the sizes of caches do not count.
 */
@BenchmarkMode(Mode.AverageTime)
public class CoreBenchmark extends CoreRuns {
    /** How many clocks the board has. */
    @Param({"10", "1000", "10000"})
    public int clocks;

    /** Starts a service with one agent. */
    @Setup
    public void start() throws IOException, ConfigException {
        begin(clocks, 1);
    }

    /** CLOCK_RATE_GET. */
    @Benchmark
    public int rateGet() {
        return executeRateGet();
    }

    /** CLOCK_RATE_SET to another rate. */
    @Benchmark
    public int rateSet() {
        return executeRateSet();
    }

    /** CLOCK_DESCRIBE_RATES. */
    @Benchmark
    public int describeRates() {
        return executeDescribeRates();
    }
}
