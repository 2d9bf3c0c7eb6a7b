// A message in the core: from its bytes to the registers and to the reply's bytes.
package org.scmid.benchmarks;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.scmid.config.document.ConfigException;
import org.scmid.loop.LoopOptions;
import org.scmid.transport.AgentPort;

/**
 * A message in the core, on boards of different sizes: the time must not depend on {@link #clocks}. Seven clocks take
 * turns on every board, so that the sizes of caches do not count.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up
public class CoreBenchmark extends ShortRuns {
    private static final int CLOCKS_IN_TURN = 7;

    /** How many clocks the board has. */
    @Param({"10", "1000", "10000"})
    public int clocks;

    private MeasuredService service;
    private AgentPort port;
    private final byte[][] rateGets = new byte[CLOCKS_IN_TURN][];
    private final byte[][] describes = new byte[CLOCKS_IN_TURN][];

    /** First all at one rate, then all at another: every command changes a register. */
    private final byte[][] rateSets = new byte[2 * CLOCKS_IN_TURN][];

    private final byte[] reply = new byte[AgentPort.MAX_MESSAGE];
    private int turn;

    /** Starts a service whose loop sleeps, so that its agent can be called from here. */
    @Setup
    public void start() throws IOException, ConfigException {
        service = MeasuredService.start(clocks, LoopOptions.noSpin());
        port = service.port();
        int[] ids = GeneratedBoard.peripherals(clocks, CLOCKS_IN_TURN);
        for (int i = 0; i < CLOCKS_IN_TURN; i++) {
            rateGets[i] = Commands.rateGet(ids[i]);
            describes[i] = Commands.describeRates(ids[i]);
            rateSets[i] = Commands.rateSet(ids[i], GeneratedBoard.FULL_RATE / 2);
            rateSets[CLOCKS_IN_TURN + i] = Commands.rateSet(ids[i], GeneratedBoard.FULL_RATE / 3);
        }
        for (int i = 0; i < rateSets.length; i++) {
            Commands.checkSucceeded(reply, rateGet());
            Commands.checkSucceeded(reply, describeRates());
            Commands.checkSucceeded(reply, rateSet());
        }
    }

    /** Ends the service. */
    @TearDown
    public void end() throws IOException {
        service.close();
    }

    /** CLOCK_RATE_GET: reads the divider of the clock, and multiplexer and divider of its bus. */
    @Benchmark
    public int rateGet() {
        return executeNext(rateGets);
    }

    /** CLOCK_RATE_SET to another rate: searches the divider, writes it, and looks who is concerned. */
    @Benchmark
    public int rateSet() {
        return executeNext(rateSets);
    }

    /** CLOCK_DESCRIBE_RATES of 16 rates that were asked for before. */
    @Benchmark
    public int describeRates() {
        return executeNext(describes);
    }

    private int executeNext(byte[][] commands) {
        turn = turn + 1 < commands.length ? turn + 1 : 0;
        byte[] command = commands[turn];
        return port.execute(command, command.length, reply, reply.length);
    }
}
