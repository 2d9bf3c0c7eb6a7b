// Loading a board: from its file to a clock tree that can be asked.
package org.scmid.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.register.WindowException;
import org.scmid.platform.register.Windows;

/**
 * Loading a board, as a start of the service does: once, in a process that has compiled nothing yet. The file is read,
 * checked, and made a clock tree on simulated registers. It is to take less than two seconds for 10000 clocks.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"})
@SuppressWarnings("NullAway.Init") // JMH calls the set-up
public class LoadingBenchmark {
    /** How many clocks the board has. */
    @Param({"1000", "10000"})
    public int clocks;

    /** Whether every clock is written out, or made of templates and ranges. */
    @Param({"written", "templates"})
    public String form;

    private Path file;

    /** Writes the file. */
    @Setup
    public void write() throws IOException {
        String yaml = form.equals("written") ? GeneratedBoard.yaml(clocks) : GeneratedBoard.yamlOfTemplates(clocks);
        file = Files.writeString(Files.createTempFile("scmid-benchmark", ".yaml"), yaml);
    }

    /** Removes it. */
    @TearDown
    public void remove() throws IOException {
        Files.delete(file);
    }

    /** From the file to the tree. */
    @Benchmark
    public int load() throws ConfigException, WindowException {
        Board board = ConfigFiles.board(file);
        try (Windows windows = Windows.open(board, true)) {
            return new ClockTree(board, windows).size();
        }
    }
}
