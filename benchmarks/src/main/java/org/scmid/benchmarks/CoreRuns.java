// What benchmarks of the core have in common: a service, and commands to its agent that take turns.
package org.scmid.benchmarks;

import java.io.IOException;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.scmid.config.document.ConfigException;
import org.scmid.loop.LoopOptions;
import org.scmid.transport.AgentPort;

/** A service whose loop sleeps, so that its agent can be called from here; seven clocks take turns on every board. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up
public abstract class CoreRuns extends ShortRuns {
    private static final int CLOCKS_IN_TURN = 7;

    private MeasuredService service;
    private AgentPort port;
    private final byte[][] rateGets = new byte[CLOCKS_IN_TURN][];
    private final byte[][] describes = new byte[CLOCKS_IN_TURN][];

    /** First all at one rate, then all at another: every command changes a register. */
    private final byte[][] rateSets = new byte[2 * CLOCKS_IN_TURN][];

    private final byte[] reply = new byte[AgentPort.MAX_MESSAGE];
    private int turn;

    /** Starts the service, and sees that every command succeeds. */
    final void begin(int clocks, int agents) throws IOException, ConfigException {
        service = MeasuredService.start(clocks, LoopOptions.noSpin(), agents);
        port = service.port();
        int[] ids = GeneratedBoard.peripherals(clocks, CLOCKS_IN_TURN);
        for (int i = 0; i < CLOCKS_IN_TURN; i++) {
            rateGets[i] = Commands.rateGet(ids[i]);
            describes[i] = Commands.describeRates(ids[i]);
            rateSets[i] = Commands.rateSet(ids[i], GeneratedBoard.FULL_RATE / 2);
            rateSets[CLOCKS_IN_TURN + i] = Commands.rateSet(ids[i], GeneratedBoard.FULL_RATE / 3);
        }
        for (int i = 0; i < rateSets.length; i++) {
            Commands.checkSucceeded(reply, executeRateGet());
            Commands.checkSucceeded(reply, executeDescribeRates());
            Commands.checkSucceeded(reply, executeRateSet());
        }
    }

    /** Ends the service. */
    @TearDown
    public void end() throws IOException {
        service.close();
    }

    /** CLOCK_RATE_GET: reads the divider of the clock, and multiplexer and divider of its bus. */
    final int executeRateGet() {
        return executeNext(rateGets);
    }

    /** CLOCK_RATE_SET to another rate: searches the divider, writes it, and looks who is concerned. */
    final int executeRateSet() {
        return executeNext(rateSets);
    }

    /** CLOCK_DESCRIBE_RATES of 16 rates that were asked for before. */
    final int executeDescribeRates() {
        return executeNext(describes);
    }

    private int executeNext(byte[][] commands) {
        turn = turn + 1 < commands.length ? turn + 1 : 0;
        byte[] command = commands[turn];
        return port.execute(command, command.length, reply, reply.length);
    }
}
