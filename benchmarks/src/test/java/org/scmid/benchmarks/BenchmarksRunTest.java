// Every measurement can be run; how long it takes is no matter here.
package org.scmid.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarksRunTest {
    /** All measurements, but for the largest board; each one invocation, in this process. */
    @Test
    void everyMeasurementRunsOnce() throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(BenchmarksRunTest.class.getPackageName() + "\\.")
                        .param("clocks", "10", "1000")
                        .mode(Mode.SingleShotTime)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        Set<String> names = results.stream()
                .map(result -> result.getParams().getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"))
                .collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        "CoreBenchmark.rateGet",
                        "CoreBenchmark.rateSet",
                        "CoreBenchmark.describeRates",
                        "AgentsBenchmark.rateGet",
                        "AgentsBenchmark.rateSet",
                        "LoadingBenchmark.load",
                        "RingBenchmark.depth1",
                        "RingBenchmark.depth32",
                        "EndToEndBenchmark.depth1",
                        "EndToEndBenchmark.depth32"),
                names);
        assertEquals(3 * 2 + 2 * 2 + 2 * 2 + 2 * 2 + 2 * 2 * 3, results.size());
        String summary = new Summary(results).toString();
        assertTrue(summary.contains("| Core.rateGet | 1000 clocks |"), summary);
        assertTrue(summary.contains("| Agents.rateSet | 255 agents |"), summary);
        assertTrue(summary.contains("| EndToEnd.depth32 | fat-virtqueue, spinning |"), summary);
    }
}
