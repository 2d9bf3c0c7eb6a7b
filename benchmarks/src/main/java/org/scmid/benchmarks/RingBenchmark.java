// A message in a virtqueue, both sides of it, without anybody to be woken.
package org.scmid.benchmarks;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.scmid.config.document.ConfigException;
import org.scmid.linux.PeerIdentity;
import org.scmid.loop.LoopOptions;
import org.scmid.loop.ServiceLoop;
import org.scmid.transport.AgentLog;
import org.scmid.transport.AgentPort;
import org.scmid.transport.EventSink;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.ReplyListener;
import org.scmid.transport.virtqueue.BadRingException;
import org.scmid.transport.virtqueue.CommandQueue;
import org.scmid.transport.virtqueue.LinkedChains;
import org.scmid.transport.virtqueue.SplitQueue;

/**
 * A message in a virtqueue: the driver makes a chain available, the device takes it, executes it and returns it, the
 * driver takes it back; all on one thread. With {@code echo}, executing is nothing but a copy of 8 bytes, so that the ring
 * alone is measured; with {@code core} it is CLOCK_RATE_GET in a whole service.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up
public class RingBenchmark extends ShortRuns {
    private static final int DEPTH = 32;
    private static final int CLOCKS = 100;

    /** What executes commands. */
    @Param({"echo", "core"})
    public String port;

    private MeasuredService service;
    private ServiceLoop clock;
    private GuestQueue guest;
    private CommandQueue device;
    private int bells;

    /** Sets up both sides of the ring. */
    @Setup
    public void start() throws IOException, ConfigException, BadRingException {
        service = MeasuredService.start(CLOCKS, LoopOptions.noSpin());
        clock = new ServiceLoop(LoopOptions.noSpin()); // never started: only the log asks it for the time
        byte[][] commands = new byte[DEPTH][];
        for (int i = 0; i < DEPTH; i++) {
            commands[i] = Commands.rateGet(i);
        }
        guest = new GuestQueue(commands);
        AgentPort executing = port.equals("echo") ? new Echo() : service.port();
        device = new CommandQueue(
                executing,
                new AgentLog(RingBenchmark.class, clock, "guest"),
                SplitQueue.forgiving(new LinkedChains(guest.memory())),
                () -> bells++,
                () -> {},
                () -> true);
        device.ring().start(guest.ring().layout(), 0, true, true);
        exchange(DEPTH);
        guest.checkLastReply();
    }

    /** Ends it. */
    @TearDown
    public void end() throws IOException {
        device.ring().stop();
        guest.close();
        clock.close();
        service.close();
    }

    /** One message at a time. */
    @Benchmark
    public int depth1() {
        return exchange(1);
    }

    /** Thirty-two messages at a time; the result is that of one. */
    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public int depth32() {
        return exchange(DEPTH);
    }

    private int exchange(int depth) {
        guest.submit(depth);
        device.serve();
        int taken = guest.takeReplies();
        if (taken != depth) {
            throw new IllegalStateException(taken + " replies to " + depth + " commands");
        }
        return bells;
    }

    /** Answers every command with its header and SUCCESS. */
    private static final class Echo implements AgentPort {
        @Override
        public String name() {
            return "echo";
        }

        @Override
        public int execute(byte[] request, int requestLength, byte[] reply, int replyCapacity) {
            System.arraycopy(request, 0, reply, 0, 4);
            return 8;
        }

        @Override
        public void flushEvents() {}

        @Override
        public void attached(@Nullable EventSink events, ReplyListener replies) {}

        @Override
        public void detached() {}

        @Override
        public void guestReset() {}

        @Override
        public void peerConnected(PeerIdentity peer) {}

        @Override
        public void peerGone() {}

        @Override
        public void malformed(MalformedInput reason) {
            throw new IllegalStateException("a measured command is malformed: " + reason.label());
        }
    }
}
