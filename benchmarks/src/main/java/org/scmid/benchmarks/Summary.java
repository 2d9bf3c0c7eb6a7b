// One run's figures as a table for benchmarks/README.md.
package org.scmid.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * A table of one run: nanoseconds and allocated bytes per message; and where boards of several sizes, or several
 * transports, were measured, the time of each in relation to that of the first of them. {@code best} is the least disturbed iteration (of the end-to-end
 * measurements, the fastest message), and the relation is one of these: other processes of the machine make times longer,
 * never shorter.
 */
final class Summary {
    /** Parameters whose values are compared with the first. */
    private static final List<String> COMPARED = List.of("clocks", "agents", "transport");

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final Collection<RunResult> results;

    Summary(Collection<RunResult> results) {
        this.results = results;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%n%s, %s, %d cores, Java %s%n%n",
                LocalDate.now(ZoneOffset.UTC),
                processor(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version()));
        text.append("| measured | with | best ns | p50 ns | p99 ns | bytes | to the first |\n");
        text.append("|---|---|--:|--:|--:|--:|--:|\n");
        Map<String, Double> firsts = new HashMap<>();
        for (RunResult result : results) {
            append(text, result, firsts);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, RunResult result, Map<String, Double> firsts) {
        BenchmarkParams params = result.getParams();
        String benchmark = params.getBenchmark();
        Statistics times = result.getPrimaryResult().getStatistics();
        String compared = COMPARED.stream()
                .filter(key -> params.getParam(key) != null)
                .findFirst()
                .orElse("");
        String ratio = "";
        if (!compared.isEmpty()) {
            // JMH goes through a parameter in the order of its values: the smallest board, one agent, vhost-user.
            double first = firsts.computeIfAbsent(withoutParameter(params, compared), name -> times.getMin());
            ratio = String.format(Locale.ROOT, "%.2f", times.getMin() / first);
        }
        text.append(String.format(
                Locale.ROOT,
                "| %s | %s | %.0f | %.0f | %.0f | %.3f | %s |%n",
                benchmark.substring(Summary.class.getPackageName().length() + 1).replace("Benchmark", ""),
                parameters(params),
                times.getMin(),
                times.getPercentile(50),
                times.getPercentile(99),
                allocated(result),
                ratio));
    }

    /** What is to be compared: the measurement with all of its parameters but this. */
    private static String withoutParameter(BenchmarkParams params, String compared) {
        StringBuilder text = new StringBuilder(params.getBenchmark());
        for (String key : params.getParamsKeys()) {
            text.append(key.equals(compared) ? "" : " " + params.getParam(key));
        }
        return text.toString();
    }

    private static String parameters(BenchmarkParams params) {
        StringBuilder text = new StringBuilder();
        for (String key : params.getParamsKeys()) {
            text.append(text.isEmpty() ? "" : ", ").append(params.getParam(key));
            if (key.equals("clocks") || key.equals("agents")) {
                text.append(' ').append(key);
            }
        }
        return text.toString();
    }

    private static double allocated(RunResult result) {
        Result<?> bytes = result.getSecondaryResults().get(ALLOCATED);
        return bytes == null ? Double.NaN : bytes.getScore();
    }

    private static String processor() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException e) {
            // Only a heading is missing then.
        }
        return System.getProperty("os.arch");
    }
}
