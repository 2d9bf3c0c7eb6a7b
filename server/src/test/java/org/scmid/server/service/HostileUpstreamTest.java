// A platform on a socket attacks the service that asks it: other platforms and agents must not notice.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.config.service.Service;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.Bench;
import org.scmid.server.core.LogRecords;

/** Random attacks with a printed seed; {@code -Dscmid.long=true} for minutes, {@code -Dscmid.seed=N} to repeat one. */
@Tag(Evidence.RANDOM)
@Timeout(900)
class HostileUpstreamTest {
    private static final long SECONDS = Boolean.getBoolean("scmid.long") ? 120 : 6;
    private static final int LEAST_STRIKES = 10;
    private static final int MOST_WAITS = 20;

    /** One that keeps a connection for long attacks seldom. */
    private static final long MOST_SECONDS = SECONDS + 60;

    private static final int RATE_SET = 0x5005;
    private static final int RATE_GET = 0x5006;
    private static final int CONFIG_SET = 0x5007;
    private static final long TIMEOUT_MILLIS = 50;
    private static final int LENGTH_BYTES = 4;
    private static final int PATIENCE_MILLIS = 20;

    /** Room, reply and what is read afterwards; the rest is for a busy machine. */
    private static final long LONGEST_MILLIS = 5 * TIMEOUT_MILLIS + 4_000;

    private static final int MOST_LINES = 200;
    private static final int ROOM_FOR_A_SERVICE = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit's
    Path directory;

    private final long seed = Long.getLong("scmid.seed", System.nanoTime());
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong strikes = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private ScmiService platform(String name, String socket) throws Exception {
        Files.writeString(directory.resolve("board.yaml"), Bench.BOARD);
        Path file = directory.resolve(name + ".yaml");
        Files.writeString(file, """
                board: board.yaml
                agents:
                  bridge: { transport: socket, socket: DIR/SOCKET.sock, clocks: all }
                """.replace("DIR", directory.toString()).replace("SOCKET", socket));
        return ScmiService.start(ConfigFiles.service(file), ServiceOptions.simulated());
    }

    private Service bridge(KeptOffers kept) throws Exception {
        Files.writeString(directory.resolve("bridge-board.yaml"), """
                board: bridge
                registers:
                  cru: { at: 0x1000, size: 4 KiB, width: 32, access: simulated }
                upstreams:
                  evil: { transport: socket, socket: DIR/evil.sock, timeout: 50 ms, reconnect: 100 ms }
                  good: { transport: socket, socket: DIR/good.sock, timeout: 2 s, reconnect: 100 ms }
                clocks:
                  quartz: { fixed: 24 MHz }
                  lamp: { parent: quartz, divider: { register: cru+0x0, bits: 3..0, kind: linear } }
                  bus: { from: good/bus }
                  evil-bus: { from: evil/bus }
                  half: { parent: evil-bus, factor: { divide: 2 } }
                """.replace("DIR", directory.toString()));
        Path file = directory.resolve("bridge.yaml");
        Files.writeString(file, """
                board: bridge-board.yaml
                agents:
                  local: { transport: socket, socket: DIR/local.sock, clocks: [lamp] }
                  calm: { transport: socket, socket: DIR/calm.sock, clocks: [bus] }
                  victim: { transport: socket, socket: DIR/victim.sock, clocks: [evil-bus, half] }
                """.replace("DIR", directory.toString()));
        return ConfigFiles.service(file, directory, kept);
    }

    @Test
    void otherPlatformsAndAgentsDoNotNoticeWhateverAPlatformDoes() throws Exception {
        System.out.println("HostileUpstreamTest: -Dscmid.seed=" + seed);
        KeptOffers kept = known();
        try (LogRecords log = new LogRecords();
                ScmiService good = platform("good", "good");
                ScmiService real = platform("evil", "real");
                ScmiService bridge =
                        ScmiService.start(bridge(kept), ServiceOptions.persistent(directory.resolve("state")))) {
            assertFalse(good.fault().isDone() || real.fault().isDone());
            try (SocketClient local = client("local");
                    SocketClient calm = client("calm");
                    SocketClient victim = meetOnce()) {
                long resources = resources();
                Thread evil = Thread.ofPlatform().name("evil").start(this::attackAll);
                long begin = System.nanoTime();
                int round = 0;
                while (!isEnough(System.nanoTime() - begin) && failure.get() == null) {
                    exchange(local, calm, round);
                    suffer(victim, round);
                    round++;
                }
                over.set(true);
                evil.join();
                assertEquals(null, failure.get());
                assertTrue(strikes.get() >= LEAST_STRIKES, "it did attack");
                System.out.println("HostileUpstreamTest: " + round + " rounds, " + strikes + " attacks");
                try (ScmiService again = platform("evil", "evil")) {
                    assertFalse(again.fault().isDone());
                    recovers(victim);
                    exchange(local, calm, round);
                    assertTrue(resources() <= resources + ROOM_FOR_A_SERVICE, "descriptors: " + resources());
                }
            }
            assertFalse(bridge.fault().isDone());
            String said = log.text();
            assertFalse(said.contains("Exception") || said.contains("Error"), said);
            assertTrue(said.lines().count() < MOST_LINES + 2 * SECONDS, said);
        }
    }

    /** What both platforms offer, as an earlier start of the service has found out. */
    private KeptOffers known() throws Exception {
        KeptOffers kept = new KeptOffers(directory.resolve("state"));
        CountDownLatch found = new CountDownLatch(2);
        ServiceOptions options = ServiceOptions.persistent(directory.resolve("state"))
                .telling((upstream, offer) -> {
                    try {
                        kept.keep(upstream.name(), offer);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    found.countDown();
                });
        try (ScmiService good = platform("good", "good");
                ScmiService evil = platform("evil", "evil");
                ScmiService first = ScmiService.start(bridge(kept), options)) {
            assertTrue(found.await(60, TimeUnit.SECONDS), "it was not found out what the platforms offer");
            assertFalse(good.fault().isDone()
                    || evil.fault().isDone()
                    || first.fault().isDone());
        }
        return kept;
    }

    /** The victim is served as soon as its platform was there; then that is gone. */
    private SocketClient meetOnce() throws Exception {
        try (ScmiService evil = platform("evil", "evil")) {
            assertFalse(evil.fault().isDone());
            SocketClient victim = client("victim");
            recovers(victim);
            return victim;
        }
    }

    private SocketClient client(String agent) throws IOException {
        return new SocketClient(directory.resolve(agent + ".sock"));
    }

    /** How many files are open. */
    private static long resources() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    /** One round of those that have nothing to do with it: every answer is known beforehand. */
    private static void exchange(SocketClient local, SocketClient calm, int round) throws IOException {
        int hz = 24_000_000 / (1 + round % 16);
        assertArrayEquals(new int[] {RATE_SET, 0}, local.ask(RATE_SET, 0, 0, hz, 0));
        assertArrayEquals(new int[] {RATE_GET, 0, hz, 0}, local.ask(RATE_GET, 0));
        assertArrayEquals(new int[] {RATE_SET, 0}, calm.ask(RATE_SET, 0, 0, hz, 0));
        assertArrayEquals(new int[] {RATE_GET, 0, hz, 0}, calm.ask(RATE_GET, 0));
    }

    /** Whatever the statuses are, they come in time. */
    private static void suffer(SocketClient victim, int round) throws IOException {
        long asked = System.nanoTime();
        switch (round % 4) {
            case 0 -> victim.ask(RATE_SET, 8, 0, 12_000_000, 0);
            case 1 -> victim.ask(CONFIG_SET, round % 2, round / 4 % 2, 0);
            default -> victim.ask(RATE_GET, round % 2);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
        assertTrue(millis < 2 * LONGEST_MILLIS, () -> "a command took " + millis + " ms");
    }

    private static void recovers(SocketClient victim) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (victim.ask(RATE_SET, 8, 0, 24_000_000, 0)[1] != 0) {
            assertTrue(System.nanoTime() - until < 0, "it is of good will, and does not serve");
        }
        assertArrayEquals(new int[] {RATE_GET, 0, 24_000_000, 0}, victim.ask(RATE_GET, 0));
    }

    private boolean isEnough(long nanos) {
        return nanos > TimeUnit.SECONDS.toNanos(strikes.get() >= LEAST_STRIKES ? SECONDS : MOST_SECONDS);
    }

    // ---- A platform without manners.

    private void attackAll() {
        Random random = new Random(seed);
        Path path = directory.resolve("evil.sock");
        try {
            while (!over.get()) {
                Files.deleteIfExists(path);
                if (random.nextInt(16) == 0) {
                    Files.writeString(path, "no socket");
                    Files.delete(path);
                }
                try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                    listener.bind(UnixDomainSocketAddress.of(path));
                    for (int clients = 1 + random.nextInt(8); clients > 0 && !over.get(); clients--) {
                        serve(listener, random);
                    }
                }
            }
            Files.deleteIfExists(path);
        } catch (Throwable defect) {
            failure.set(defect);
        }
    }

    private void serve(ServerSocketChannel listener, Random random) throws IOException {
        listener.configureBlocking(false);
        SocketChannel client = null;
        while (client == null && !over.get()) {
            awaitReady(listener, SelectionKey.OP_ACCEPT);
            client = listener.accept();
        }
        if (client != null) {
            try (SocketChannel victim = client) {
                victim.configureBlocking(false);
                attack(victim, random);
            } catch (IOException sentAway) {
                // it was told to go
            }
            strikes.incrementAndGet();
        }
    }

    private void attack(SocketChannel victim, Random random) throws IOException {
        switch (random.nextInt(8)) {
            case 0 -> {} // away at once
            case 1 -> awaitReady(victim, SelectionKey.OP_READ); // not a word
            case 2 -> write(victim, words(4 + random.nextInt(60), random.nextInt())); // half a message
            case 3 -> write(victim, words(random.nextBoolean() ? 3 : 4097 + random.nextInt(1 << 30), 0, 0, 0));
            case 4 -> {
                byte[] noise = new byte[random.nextInt(20_000)];
                random.nextBytes(noise);
                write(victim, ByteBuffer.wrap(noise));
            }
            case 5 -> flood(victim, random);
            default -> garble(victim, random);
        }
    }

    /** Notifications without end, and no command is read. */
    private void flood(SocketChannel victim, Random random) throws IOException {
        ByteBuffer many = ByteBuffer.allocate(24 * 300).order(ByteOrder.LITTLE_ENDIAN);
        while (many.hasRemaining()) {
            many.putInt(20)
                    .putInt(0x5300)
                    .putInt(0)
                    .putInt(random.nextInt(4))
                    .putInt(random.nextInt())
                    .putInt(0);
        }
        for (int i = 0; i < 300 && !over.get(); i++) {
            write(victim, many.rewind());
        }
    }

    /** What the real platform says, some of it changed, lost or said twice. */
    private void garble(SocketChannel victim, Random random) throws IOException {
        int oneIn = 1 << random.nextInt(8);
        int messages = 1 + random.nextInt(150);
        try (SocketChannel real = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            real.connect(UnixDomainSocketAddress.of(directory.resolve("real.sock")));
            for (int i = 0; i < messages && !over.get(); i++) {
                ByteBuffer request = frame(victim);
                if (request == null) {
                    return;
                }
                real.write(request);
                ByteBuffer reply = frame(real);
                if (reply == null) {
                    return;
                }
                if (random.nextInt(oneIn) == 0) {
                    int at = LENGTH_BYTES + random.nextInt(reply.limit() - LENGTH_BYTES);
                    reply.put(at, (byte) random.nextInt());
                    if (random.nextInt(8) == 0) {
                        continue;
                    }
                    write(victim, reply.duplicate());
                }
                write(victim, reply);
            }
        }
    }

    /** A frame, its length in front; null if the peer is gone or says nothing for long, or it is over. */
    private @Nullable ByteBuffer frame(SocketChannel channel) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(LENGTH_BYTES + 4096)
                .order(ByteOrder.LITTLE_ENDIAN)
                .limit(LENGTH_BYTES);
        channel.configureBlocking(false);
        int nothing = 0;
        while (frame.hasRemaining()) {
            int count = channel.read(frame);
            if (count < 0 || over.get() || nothing == MOST_WAITS) {
                return null;
            }
            if (count == 0) {
                nothing++;
                awaitReady(channel, SelectionKey.OP_READ);
            }
            if (!frame.hasRemaining() && frame.position() == LENGTH_BYTES) {
                frame.limit(LENGTH_BYTES + frame.getInt(0));
            }
        }
        return frame.flip();
    }

    /** Gives up what the peer does not take. */
    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        for (int refused = 0; bytes.hasRemaining() && refused < 5; ) {
            if (channel.write(bytes) == 0) {
                refused++;
                awaitReady(channel, SelectionKey.OP_WRITE);
            }
        }
    }

    private static ByteBuffer words(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        return bytes.flip();
    }

    /** Waits a little for something to happen. */
    private static void awaitReady(SelectableChannel channel, int operation) throws IOException {
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, operation);
            selector.select(PATIENCE_MILLIS);
        }
    }
}
