// One agent attacks, the others must be answered correctly all the time.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.NativeFile;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.Bench;
import org.scmid.transport.vhostuser.Request;

/** Random attacks with a printed seed; {@code -Dscmid.long=true} for minutes, {@code -Dscmid.seed=N} to repeat one. */
@Tag(Evidence.RANDOM)
@Timeout(900)
class HostileAgentTest {
    private static final boolean LONG = Boolean.getBoolean("scmid.long");
    private static final long SECONDS = LONG ? 120 : 6;
    private static final int CLOCK = Bench.CLOCK;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final long seed = Long.getLong("scmid.seed", System.nanoTime());
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong strikes = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private ScmiService start() throws Exception {
        Files.writeString(directory.resolve("board.yaml"), Bench.BOARD);
        Files.writeString(directory.resolve("service.yaml"), """
                board: board.yaml
                agents:
                  good: { transport: vhost-user, socket: DIR/good.sock, mode: listen, clocks: [leaf, bus, osc: read] }
                  tool: { transport: socket, socket: DIR/tool.sock, clocks: [uart, pll: read] }
                  evil: { transport: vhost-user, socket: DIR/evil.sock, mode: listen, clocks: [bus: notify, uart: notify] }
                  rude: { transport: socket, socket: DIR/rude.sock, clocks: [bus: notify] }
                """.replace("DIR", directory.toString()));
        return ScmiService.start(
                ConfigFiles.service(directory.resolve("service.yaml")),
                ServiceOptions.persistent(directory.resolve("state")));
    }

    @Test
    void othersAreAnsweredCorrectlyWhateverAnAgentDoes() throws Exception {
        System.out.println("HostileAgentTest: -Dscmid.seed=" + seed);
        Logger log = Logger.getLogger("org.scmid");
        Level level = log.getLevel();
        log.setLevel(Level.SEVERE); // the attacks are reported as they should; defects still show
        try (ScmiService service = start()) {
            try (VmGuest good = new VmGuest().bootOn(directory.resolve("good.sock"));
                    SocketClient tool = tool("tool")) {
                exchange(good, tool, 0);
                long resources = resources();
                Thread evil = attacker("evil", this::attackRings);
                Thread rude = attacker("rude", this::attackSocket);
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
                int rounds = 1;
                while (System.nanoTime() - end < 0 && failure.get() == null) {
                    exchange(good, tool, rounds++);
                }
                over.set(true);
                evil.join();
                rude.join();
                assertEquals(null, failure.get());
                VmGuest.await("the attackers to be gone", () -> !isAttached(service, 3) && !isAttached(service, 4));
                exchange(good, tool, rounds);
                assertTrue(resources() <= resources, "descriptors and mappings: " + resources() + ", " + resources);
                System.out.println("HostileAgentTest: " + rounds + " rounds, " + strikes + " attacks");
                assertTrue(strikes.get() > 10, "they did attack");
            }
        } finally {
            log.setLevel(level);
        }
    }

    private static boolean isAttached(ScmiService service, int id) {
        return service.snapshot().join().agents().get(id - 1).attached();
    }

    /** How many files are open, and how many shared memories are mapped. */
    private static long resources() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"));
                Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return open.count() + maps.filter(line -> line.contains("memfd:")).count();
        }
    }

    /** One round of the well-behaved: every answer is known beforehand. */
    private static void exchange(VmGuest good, SocketClient tool, int round) throws Exception {
        int bus = 24_000_000 / (1 + round % 16);
        assertArrayEquals(new int[] {0}, good.call(CLOCK, 5, 0, 1, bus, 0));
        assertArrayEquals(new int[] {0, bus, 0}, good.call(CLOCK, 6, 0), "leaf has the rate of bus");
        assertArrayEquals(new int[] {0}, good.call(CLOCK, 7, 0, round & 1, 0));
        assertArrayEquals(new int[] {0, 0, round & 1, 0}, good.call(CLOCK, 0xB, 1, 0), "bus runs with leaf");
        assertArrayEquals(new int[] {-3}, good.call(CLOCK, 7, 2, 1, 0));
        assertArrayEquals(new int[] {-4}, good.call(CLOCK, 6, 3));
        int uart = 24_000_000 / (1 + round % 4);
        expect(tool, new int[] {0x5005, 0}, 0x5005, 0, 0, uart, 0);
        expect(tool, new int[] {0x5006, 0, uart, 0}, 0x5006, 0);
        expect(tool, new int[] {0x5006, 0, 600_000_000, 0}, 0x5006, 1);
        expect(tool, new int[] {0x5006, -4}, 0x5006, 2);
    }

    private interface Attack {
        void strike(Random random) throws Exception;
    }

    private Thread attacker(String name, Attack attack) {
        Random random = new Random(seed + name.hashCode());
        return Thread.ofPlatform().name(name).start(() -> {
            while (!over.get()) {
                try {
                    attack.strike(random);
                    strikes.incrementAndGet();
                } catch (IOException | RuntimeException | AssertionError refused) {
                    strikes.incrementAndGet(); // it was sent away, or its own rings are in disorder: once more
                } catch (Throwable defect) {
                    failure.set(defect);
                    return;
                }
            }
        });
    }

    // ---- A VMM and guest without manners.

    private void attackRings(Random random) throws Exception {
        try (VmGuest evil = new VmGuest().bootOn(directory.resolve("evil.sock"))) {
            int deeds = random.nextInt(40);
            for (int i = 0; i < deeds && !over.get(); i++) {
                misbehave(evil, random);
            }
        }
    }

    private static void misbehave(VmGuest evil, Random random) throws LinuxException {
        switch (random.nextInt(14)) {
            case 0 -> scribble(evil, random, 0, 0x8000); // rings
            case 1 -> scribble(evil, random, 0x10000, 0x4000); // buffers
            case 2 -> evil.commands.setAvailableIdx(random.nextInt(0x10000));
            case 3 -> evil.events.setAvailableIdx(random.nextInt(0x10000));
            case 4 -> evil.send(0x10 + random.nextInt(6), random.nextInt(20), random.nextInt(4), random.nextInt(3));
            case 5 -> flood(evil, random);
            case 6 -> noise(evil, random);
            case 7 -> evil.stopRings();
            case 8 -> evil.startRings(random.nextInt(0x10000), random.nextInt(0x10000));
            case 9 -> evil.reset();
            case 10 -> evil.vmm().shareTable(evil.memory);
            case 11 -> {
                evil.vmm().removeRegion(evil.ram);
                evil.vmm().addRegion(evil.ram);
            }
            case 12 -> cutOff(evil, random);
            default -> evil.postEventBuffers(random.nextInt(8));
        }
    }

    private static void scribble(VmGuest evil, Random random, int from, int range) {
        byte[] bytes = new byte[1 + random.nextInt(256)];
        random.nextBytes(bytes);
        evil.memory.write(evil.ram.guest() + from + random.nextInt(range), bytes, bytes.length);
    }

    /** Many commands at once, one after the other, whatever becomes of the replies. */
    private static void flood(VmGuest evil, Random random) throws LinuxException {
        for (int i = 0; i < 500 && evil.commands.free() > 2; i++) {
            evil.send(CLOCK, random.nextInt(17), random.nextInt(3), random.nextInt(4), random.nextInt());
            while (evil.commands.takeUsed()) {
                // room for the next
            }
        }
    }

    private static void noise(VmGuest evil, Random random) throws LinuxException {
        byte[] payload = new byte[8 * random.nextInt(6)];
        random.nextBytes(payload);
        if (payload.length > 0 && random.nextBoolean()) {
            payload[0] = (byte) random.nextInt(2);
            payload[1] = payload[2] = payload[3] = 0;
        }
        Request[] known = Request.values();
        int request = random.nextInt(4) == 0 ? random.nextInt(64) : known[random.nextInt(known.length)].number();
        if (random.nextInt(4) == 0) {
            evil.vmm().send(request, 0, payload, evil.ram.fd());
        } else {
            evil.vmm().send(request, random.nextInt(2) * 8, payload);
        }
    }

    /** Takes the memory away under the service, and gives it back before this process looks at it again. */
    private static void cutOff(VmGuest evil, Random random) throws LinuxException {
        Fd file = evil.ram.fd();
        evil.commands.publish();
        NativeFile.truncate(file, random.nextInt(3) * 0x1000L);
        long end = System.nanoTime() + random.nextInt(300_000);
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        NativeFile.truncate(file, evil.ram.fileOffset() + evil.ram.size());
    }

    // ---- A socket client without manners.

    private void attackSocket(Random random) throws Exception {
        try (SocketClient rude = tool("rude")) {
            switch (random.nextInt(4)) {
                case 0 -> { // noise
                    byte[] bytes = new byte[random.nextInt(9000)];
                    random.nextBytes(bytes);
                    rude.channel().write(ByteBuffer.wrap(bytes));
                }
                case 1 -> { // sends without reading until the service stops listening to it
                    rude.channel().configureBlocking(false);
                    ByteBuffer flood = ByteBuffer.allocate(8000).order(ByteOrder.LITTLE_ENDIAN);
                    while (flood.hasRemaining()) {
                        flood.putInt(4).putInt(0x4000);
                    }
                    int refused = 0;
                    for (int i = 0; i < 2000 && refused < 50; i++) {
                        refused = rude.channel().write(flood.rewind()) == 0 ? refused + 1 : 0;
                    }
                }
                case 2 -> { // half a message, or a wrong length
                    rude.channel()
                            .write(ByteBuffer.allocate(4 + random.nextInt(4))
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .putInt(0, random.nextBoolean() ? 40 : random.nextInt()));
                }
                default -> { // right messages, then away without a word
                    for (int i = 0; i < 20; i++) {
                        rude.send(0x5000 + random.nextInt(17), random.nextInt(3), 1);
                    }
                }
            }
        }
    }

    private SocketClient tool(String agent) throws IOException {
        return new SocketClient(directory.resolve(agent + ".sock"));
    }

    private static void expect(SocketClient tool, int[] reply, int... request) throws IOException {
        tool.send(request);
        assertArrayEquals(reply, tool.receive());
    }
}
