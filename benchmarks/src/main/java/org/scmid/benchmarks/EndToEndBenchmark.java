// A message to a whole service and back, over its vhost-user socket.
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
import org.scmid.config.ConfigException;
import org.scmid.linux.Epoll;
import org.scmid.linux.EventFd;
import org.scmid.linux.LinuxException;
import org.scmid.server.loop.LoopOptions;
import org.scmid.transport.frontend.VhostUserFrontend;
import org.scmid.transport.vhostuser.VhostUser;

/**
 * CLOCK_RATE_GET to a whole service and back: through its vhost-user socket for the set-up, then by shared memory and
 * eventfds, from one thread to that of the service's loop. With {@code spinning}, both sides look at memory all the time
 * (one core for each); with {@code asleep}, both wait in epoll, and each message wakes the other side.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up
public class EndToEndBenchmark extends ShortRuns {
    private static final int DEPTH = 32;
    private static final int CLOCKS = 100;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final long COMMAND_QUEUE_FEATURES = VhostUser.F_EVENT_IDX | VhostUser.F_INDIRECT_DESC;

    /** How both sides wait. */
    @Param({"spinning", "asleep"})
    public String waiting;

    private boolean spins;
    private MeasuredService service;
    private GuestQueue guest;
    private VhostUserFrontend vmm;
    private EventFd kick;
    private EventFd called;
    private Epoll epoll;

    /** Starts a service, connects, and sets up the command queue. */
    @Setup
    public void start() throws IOException, ConfigException {
        spins = waiting.equals("spinning");
        LoopOptions loop = spins ? new LoopOptions(TimeUnit.SECONDS.toNanos(1)) : LoopOptions.noSpin();
        service = MeasuredService.start(CLOCKS, loop);
        byte[][] commands = new byte[DEPTH][];
        for (int i = 0; i < DEPTH; i++) {
            commands[i] = Commands.rateGet(i);
        }
        guest = new GuestQueue(commands);
        kick = EventFd.create();
        called = EventFd.create();
        epoll = Epoll.create(1);
        epoll.add(called.fd(), Epoll.IN, 0);
        vmm = VhostUserFrontend.connect(service.socket());
        vmm.negotiate(COMMAND_QUEUE_FEATURES, VhostUser.PROTOCOL_REPLY_ACK | VhostUser.PROTOCOL_CONFIGURE_MEM_SLOTS);
        vmm.addRegion(guest.region());
        vmm.startRing(0, guest.memory(), guest.ring(), 0, kick, called);
        vmm.enableRing(0, true);
        if (spins) {
            guest.ring().suppressCalls();
        }
        exchange(1);
        guest.checkLastReply();
    }

    /** Disconnects, and ends the service. */
    @TearDown
    public void end() throws IOException {
        vmm.close();
        service.close();
        epoll.close();
        called.close();
        kick.close();
        guest.close();
    }

    /** One message at a time. */
    @Benchmark
    public void depth1() throws LinuxException {
        exchange(1);
    }

    /** Thirty-two messages at a time; the result is that of one. */
    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public void depth32() throws LinuxException {
        exchange(DEPTH);
    }

    private void exchange(int depth) throws LinuxException {
        guest.submit(depth);
        if (guest.ring().needsKick()) {
            kick.signal();
        }
        int taken = guest.takeReplies();
        while (taken < depth) {
            await();
            taken += guest.takeReplies();
        }
    }

    private void await() throws LinuxException {
        if (spins) {
            Thread.onSpinWait();
        } else if (!guest.ring().requestCalls()) {
            if (epoll.await(PATIENCE_MILLIS) == 0) {
                throw new IllegalStateException("the service did not call within " + PATIENCE_MILLIS + " ms");
            }
            called.drain();
        }
    }
}
