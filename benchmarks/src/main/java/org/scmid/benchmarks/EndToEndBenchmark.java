// A message to a whole service and back, by vhost-user and by windows of shared memory.
package org.scmid.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
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
import org.scmid.loop.LoopOptions;

/**
 * CLOCK_RATE_GET to a whole service and back, by shared memory from one thread to that of the service's loop. With {@code
 * spinning}, both sides look at memory all the time (one core for each). With {@code asleep}, both wait: by vhost-user in
 * epoll, and each message wakes the other side by an eventfd; by a window without doorbells, until the next look.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up
public class EndToEndBenchmark extends ShortRuns {
    private static final int CLOCKS = 100;
    /** As many as the smallest of the queues takes: a fat virtqueue of 64 entries. */
    private static final int DEPTH = 32;

    /** How both sides wait. */
    @Param({"spinning", "asleep"})
    public String waiting;

    /** How they are connected, as in a service file; the first is what the others are compared with. */
    @Param({"vhost-user", "fat-virtqueue", "virtio-mmio"})
    public String transport;

    private MeasuredService service;
    private GuestLink guest;

    /** Starts a service, connects, and sets up the command queue. */
    @Setup
    public void start() throws IOException, ConfigException {
        boolean spins = waiting.equals("spinning");
        LoopOptions loop = spins ? new LoopOptions(TimeUnit.SECONDS.toNanos(1)) : LoopOptions.noSpin();
        service = MeasuredService.start(CLOCKS, loop, transport);
        byte[][] commands = new byte[DEPTH][];
        for (int i = 0; i < DEPTH; i++) {
            commands[i] = Commands.rateGet(i);
        }
        guest = transport.equals("vhost-user")
                ? new VhostUserLink(service.socket(), commands, spins)
                : new WindowLink(
                        service.window(),
                        MeasuredService.WINDOW_BYTES,
                        transport.equals("fat-virtqueue"),
                        commands,
                        spins);
        guest.exchange(1);
        guest.checkLastReply();
    }

    /** Disconnects, and ends the service. */
    @TearDown
    public void end() throws IOException {
        guest.close();
        service.close();
    }

    /** One message at a time. */
    @Benchmark
    public void depth1() throws IOException {
        guest.exchange(1);
    }

    /** Thirty-two messages at a time; the result is that of one. */
    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public void depth32() throws IOException {
        guest.exchange(DEPTH);
    }
}
