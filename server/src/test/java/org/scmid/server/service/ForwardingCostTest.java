// What it costs to read a clock of another platform: its own way, and about two local clocks; next to no memory.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.loop.LoopOptions;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.Bench;

/**
 * A platform in a process of its own, a service that takes a clock from it, one that does not, and one client that asks all
 * of them in turns. What other work of the machine adds is left out by the best of many rounds.
 */
@Tag(Evidence.RANDOM)
@Timeout(300)
class ForwardingCostTest {
    private static final int RATE_GET = 0x5006;
    private static final int LOCAL = 0;
    private static final int FORWARDED = 1;
    private static final int ROUNDS = 30;
    private static final int MESSAGES = 200;
    private static final int WARM_UP = 20;
    private static final int ATTEMPTS = 10;
    private static final int RATE_HZ = 12_000_000; // of the platform's bus, as its register is

    /** What a message may cost in units of what it should: a machine may be busy in all rounds of one, and not of the other. */
    private static final double NOISE = 1.5;

    /** What the JDK allocates for errno in a call of the kernel that the compiler has not flattened: in one of them, at most. */
    private static final int ONE_SLICE_BYTES = 40;

    private static final double OF_A_LOCAL_ONE = 1.5;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit's
    Path directory;

    private Path file(String name, String board, String agents) throws IOException {
        Files.writeString(directory.resolve(name + "-board.yaml"), board.replace("DIR", directory.toString()));
        Path file = directory.resolve(name + ".yaml");
        Files.writeString(
                file, ("board: " + name + "-board.yaml\nagents:\n" + agents).replace("DIR", directory.toString()));
        return file;
    }

    private Path platformFile() throws IOException {
        return file("platform", Bench.BOARD, """
                  bridge: { transport: socket, socket: DIR/platform.sock, clocks: all }
                  tool: { transport: socket, socket: DIR/tool.sock, clocks: [bus] }
                """.indent(2));
    }

    private Path serviceFile(String name, String upstreams, String remote) throws IOException {
        return file(
                name,
                """
                board: NAME
                registers:
                  cru: { at: 0x1000, size: 4 KiB, width: 32, access: simulated, initial: { 0x0: 1 } }
                UPSTREAMSclocks:
                  osc: { fixed: 24 MHz }
                  local: { parent: osc, divider: { register: cru+0x0, bits: 3..0, kind: linear } }
                REMOTE""".replace("NAME", name).replace("UPSTREAMS", upstreams).replace("REMOTE", remote),
                """
                  guest: { transport: socket, socket: DIR/NAME.sock, clocks: CLOCKS }
                """.replace("NAME", name).replace("CLOCKS", remote.isEmpty() ? "[local]" : "[local, bus]"));
    }

    private KeptOffers learn(Path bridge) throws Exception {
        Path state = directory.resolve("state");
        KeptOffers kept = new KeptOffers(state);
        CountDownLatch found = new CountDownLatch(1);
        ServiceOptions options = ServiceOptions.persistent(state).telling((upstream, offer) -> {
            try {
                kept.keep(upstream.name(), offer);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            found.countDown();
        });
        try (ScmiService first = ScmiService.start(ConfigFiles.service(bridge, directory, kept), options)) {
            assertTrue(found.await(60, TimeUnit.SECONDS) && !first.fault().isDone());
        }
        return kept;
    }

    @Test
    void aForwardedReadCostsItsPlatformsWayAndLittleMoreThanTwoLocalOnesAndNextToNoMemory() throws Exception {
        Path bridgeFile = serviceFile("with", """
                upstreams:
                  mcu: { transport: socket, socket: DIR/platform.sock, timeout: 5 s }
                """, "  bus: { from: mcu/bus }\n");
        Path plainFile = serviceFile("without", "", "");
        try (ServiceProcess platform = ServiceProcess.sleeping(platformFile(), directory.resolve("platform-state"))) {
            assertTrue(platform.isAlive());
            KeptOffers kept = learn(bridgeFile);
            try (ScmiService plain = ScmiService.start(ConfigFiles.service(plainFile), sleeping(null));
                    SocketClient direct = client("tool");
                    SocketClient without = client("without")) {
                long[] loopsBefore = loops();
                try (ScmiService bridge = ScmiService.start(
                                ConfigFiles.service(bridgeFile, directory, kept),
                                sleeping(directory.resolve("state")));
                        SocketClient guest = client("with")) {
                    assertTrue(!plain.fault().isDone() && !bridge.fault().isDone());
                    assertArrayEquals(new int[] {RATE_GET, 0, RATE_HZ, 0}, guest.ask(RATE_GET, FORWARDED));
                    compare(direct, without, guest);
                    long loop = Arrays.stream(loops())
                            .filter(id -> Arrays.stream(loopsBefore).noneMatch(before -> before == id))
                            .findFirst()
                            .orElseThrow();
                    long allocated = allocated(loop, guest);
                    assertTrue(
                            allocated <= (long) MESSAGES * ONE_SLICE_BYTES,
                            () -> allocated + " bytes in " + MESSAGES + " forwarded messages");
                }
            }
        }
    }

    /** All of them sleep whenever they have nothing to do: else they would keep each other from the processors that there are. */
    private static ServiceOptions sleeping(@Nullable Path state) {
        return new ServiceOptions(state, false, LoopOptions.noSpin());
    }

    private SocketClient client(String agent) throws IOException {
        return new SocketClient(directory.resolve(agent + ".sock"));
    }

    private static void compare(SocketClient direct, SocketClient without, SocketClient guest) throws IOException {
        long upstream = Long.MAX_VALUE;
        long local = Long.MAX_VALUE;
        long plain = Long.MAX_VALUE;
        long forwarded = Long.MAX_VALUE;
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            if (round == WARM_UP) {
                upstream = local = plain = forwarded = Long.MAX_VALUE;
            }
            upstream = Math.min(upstream, median(direct, LOCAL));
            plain = Math.min(plain, median(without, LOCAL));
            local = Math.min(local, median(guest, LOCAL));
            forwarded = Math.min(forwarded, median(guest, FORWARDED));
        }
        String measured =
                ("a read of a clock: %.1f us of the platform itself, %.1f us of a local clock, %.1f us of the same"
                                + " in a service without platforms, %.1f us forwarded")
                        .formatted(upstream / 1e3, local / 1e3, plain / 1e3, forwarded / 1e3);
        System.out.println("ForwardingCostTest: " + measured);
        assertTrue(forwarded <= NOISE * (upstream + OF_A_LOCAL_ONE * local), measured);
        assertTrue(local <= NOISE * plain, measured);
    }

    private static long median(SocketClient client, int clock) throws IOException {
        long[] nanos = new long[MESSAGES];
        for (int i = 0; i < MESSAGES; i++) {
            long begin = System.nanoTime();
            int[] reply = client.ask(RATE_GET, clock);
            nanos[i] = System.nanoTime() - begin;
            assertEquals(0, reply[1]);
        }
        Arrays.sort(nanos);
        return nanos[MESSAGES / 2];
    }

    // ---- memory ----

    private static long[] loops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("scmid-loop"))
                .mapToLong(Thread::threadId)
                .toArray();
    }

    /** What a loop's thread allocates in many forwarded messages; the least of some attempts, as code is compiled meanwhile. */
    private static long allocated(long loop, SocketClient guest) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && least > 0; attempt++) {
            median(guest, FORWARDED);
            long before = threads.getThreadAllocatedBytes(loop);
            median(guest, FORWARDED);
            least = Math.min(least, threads.getThreadAllocatedBytes(loop) - before);
        }
        return least;
    }
}
