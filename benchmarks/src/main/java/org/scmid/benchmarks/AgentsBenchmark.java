// A message in the core of a service with many agents.
package org.scmid.benchmarks;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.scmid.config.document.ConfigException;

/**
 * A message in the core, beside other agents that see the same clocks and want nothing: the time must not depend on {@link
 * #agents}.
 */
@BenchmarkMode(Mode.AverageTime)
public class AgentsBenchmark extends CoreRuns {
    private static final int CLOCKS = 10;

    /** How many agents the service has. */
    @Param({"1", "255"})
    public int agents;

    /** Starts a service with so many agents. */
    @Setup
    public void start() throws IOException, ConfigException {
        begin(CLOCKS, agents);
    }

    /** CLOCK_RATE_GET. */
    @Benchmark
    public int rateGet() {
        return executeRateGet();
    }

    /** CLOCK_RATE_SET to another rate, which every agent sees and none has subscribed to. */
    @Benchmark
    public int rateSet() {
        return executeRateSet();
    }
}
