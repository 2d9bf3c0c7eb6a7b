// A calm agent beside one that floods the service waits not much longer than beside one that only has it answer echoes.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.linux.LinuxException;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.server.bench.LatencyHistogram;

/**
 * Measures by relations within one run, since times on a busy machine say nothing: each flood in turn, with an echo flood
 * by the same transport right before it. A flood is too much if it was in every round, and if the best times of all
 * rounds say so too.
 *
 * <p>{@code -Dscmid.long=true} goes through all boards and floods. {@code -Dscmid.boards=SEARCHING,WIDE} and {@code
 * -Dscmid.floods=LEGAL} choose some, {@code -Dscmid.seed=N} other boards, {@code -Dscmid.seconds=N} how long each is.
 */
class CalmAgentTest {
    private static final boolean LONG = Boolean.getBoolean("scmid.long");

    /** How much longer it may wait. */
    private static final double BOUND = 5;

    /** The tail in which waits are compared. */
    private static final double TAIL = 0.999;

    /** Below this nothing is long, whatever it is compared with. */
    private static final long UNHEARD_NANOS = 100_000;

    private static final int ROUNDS = 6;
    private static final int LEAST_ROUNDS = LONG ? 2 : 1;
    private static final long SECONDS = Long.getLong("scmid.seconds", LONG ? 3 : 1);
    private static final long PERIOD_NANOS = 500_000;
    private static final long SEED = Long.getLong("scmid.seed", 1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    /** What both calm agents had to wait, one by the socket, one by rings. */
    private record Waits(Map<Peer.Transport, LatencyHistogram> all) {
        long tail(Peer.Transport transport) {
            return of(all, transport).percentile(TAIL);
        }
    }

    /** A service on a board, with two calm agents and two that flood, of which one does at a time. */
    private final class Rig implements AutoCloseable {
        final RandomBoard random;
        final TestBoard files;
        final Scmid service;
        final Map<Peer.Transport, Peer> calm = new EnumMap<>(Peer.Transport.class);
        final Path folder;

        Rig(RandomBoard random) throws LinuxException {
            this.random = random;
            folder = directory.resolve(random.toString().replace(' ', '-'));
            StringBuilder agents = new StringBuilder("agents:\n");
            for (Peer.Transport transport : Peer.Transport.values()) {
                String head = "transport: " + transport.word + "\n    socket: ";
                agents.append("  calm-").append(transport).append(":\n    ").append(head);
                agents.append("calm-").append(transport).append(".sock\n    clocks: [calm]\n");
                agents.append("  other-").append(transport).append(":\n    ").append(head);
                agents.append("other-").append(transport).append(".sock\n").append(random.lists("    "));
            }
            files = TestBoard.of(folder, random.text(), agents.toString());
            service = files.run();
            for (Peer.Transport transport : Peer.Transport.values()) {
                calm.put(transport, transport.connect(folder.resolve("calm-" + transport + ".sock")));
            }
        }

        Waits measure(Flood.Kind kind, Peer.Transport transport) throws LinuxException {
            Map<Peer.Transport, LatencyHistogram> waits = new EnumMap<>(Peer.Transport.class);
            calm.keySet().forEach(by -> waits.put(by, new LatencyHistogram()));
            byte[][] commands = {rateGet(), rateSet(12_000_000), rateGet(), rateSet(6_000_000)};
            try (Flood flood = new Flood(
                    kind,
                    folder.resolve("other-" + transport + ".sock"),
                    transport,
                    random,
                    files.managementPort,
                    SEED)) {
                Deadline.await(kind + " has begun", () -> flood.sent() > 0);
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
                for (int i = 0; System.nanoTime() - end < 0; i++) {
                    for (Map.Entry<Peer.Transport, Peer> by : calm.entrySet()) {
                        Peer peer = by.getValue();
                        long begin = System.nanoTime();
                        assertEquals(
                                0, peer.call(commands[i % commands.length]), "the status of a calm agent's command");
                        of(waits, by.getKey()).record(System.nanoTime() - begin);
                        peer.await(PERIOD_NANOS);
                    }
                }
            }
            return new Waits(waits);
        }

        @Override
        public void close() {
            calm.values().forEach(Peer::close);
            service.close();
        }
    }

    private static byte[] rateGet() {
        byte[] command = new byte[Header.HEADER_BYTES + 4];
        new MessageBuffer().wrap(command, 0, command.length).putU32(0, Header.encode(ClockMessage.CLOCK_RATE_GET, 0));
        return command;
    }

    private static byte[] rateSet(long hertz) {
        byte[] command = new byte[Header.HEADER_BYTES + 16];
        MessageBuffer words = new MessageBuffer().wrap(command, 0, command.length);
        words.putU32(0, Header.encode(ClockMessage.CLOCK_RATE_SET, 0));
        words.putU64(12, hertz);
        return command;
    }

    private static <E extends Enum<E>> List<E> chosen(String property, Class<E> type, List<E> some) {
        String words = System.getProperty(property);
        if (words == null) {
            return LONG ? List.of(type.getEnumConstants()) : some;
        }
        List<E> all = new ArrayList<>();
        for (String word : words.split(",", -1)) {
            all.add(Enum.valueOf(type, word.strip().toUpperCase(Locale.ROOT).replace('-', '_')));
        }
        return all;
    }

    @Test
    void aCalmAgentHardlyNoticesWhatAnotherSends() throws Exception {
        List<String> tooLong = new ArrayList<>();
        System.out.printf(
                Locale.ROOT,
                "%-12s %-11s %-10s %-10s %12s %12s %6s %6s%n",
                "board",
                "flood",
                "by",
                "calm by",
                "echo p99.9",
                "p99.9 us",
                "ratio",
                "best");
        for (RandomBoard.Shape shape :
                chosen("scmid.boards", RandomBoard.Shape.class, List.of(RandomBoard.Shape.MIXED))) {
            try (Rig rig = new Rig(new RandomBoard(shape, SEED))) {
                rig.measure(Flood.Kind.LEGAL, Peer.Transport.SOCKET); // until the compiler has seen it
                rig.measure(Flood.Kind.ECHO, Peer.Transport.RINGS);
                for (Flood.Kind kind : chosen(
                        "scmid.floods",
                        Flood.Kind.class,
                        List.of(Flood.Kind.LEGAL, Flood.Kind.RATE_SET, Flood.Kind.ILLEGAL))) {
                    for (Peer.Transport by : Peer.Transport.values()) {
                        if (kind.isPossible(by)) {
                            compare(rig, kind, by, tooLong);
                        }
                    }
                }
            }
        }
        assertTrue(
                tooLong.isEmpty(),
                () -> "in " + ROUNDS + " rounds always above " + BOUND + " x:\n" + String.join("\n", tooLong));
    }

    /**
     * Rounds until both calm agents have had one that was right. The table shows the relation of the best times so far,
     * since other work on the machine makes times longer, never shorter.
     */
    private static void compare(Rig rig, Flood.Kind kind, Peer.Transport by, List<String> tooLong)
            throws LinuxException {
        Map<Peer.Transport, Long> leastBesideEcho = new EnumMap<>(Peer.Transport.class);
        Map<Peer.Transport, Long> least = new EnumMap<>(Peer.Transport.class);
        Map<Peer.Transport, Double> best = new EnumMap<>(Peer.Transport.class);
        boolean isGood = false;
        for (int round = 0; round < ROUNDS && !isGood; round++) {
            Waits echo = rig.measure(Flood.Kind.ECHO, by);
            Waits waits = rig.measure(kind, by);
            isGood = round + 1 >= LEAST_ROUNDS;
            for (Peer.Transport calm : Peer.Transport.values()) {
                leastBesideEcho.merge(calm, echo.tail(calm), Math::min);
                least.merge(calm, waits.tail(calm), Math::min);
                best.merge(calm, ratio(waits.tail(calm), echo.tail(calm)), Math::min);
                isGood &= ratio(of(least, calm), of(leastBesideEcho, calm)) <= BOUND;
            }
        }
        for (Peer.Transport calm : Peer.Transport.values()) {
            double ratio = ratio(of(least, calm), of(leastBesideEcho, calm));
            String row = String.format(
                    Locale.ROOT,
                    "%-12s %-11s %-10s %-10s %12.0f %12.0f %6.1f %6.1f",
                    rig.random,
                    kind,
                    by.word,
                    calm.word,
                    of(leastBesideEcho, calm) / 1e3,
                    of(least, calm) / 1e3,
                    ratio,
                    of(best, calm));
            System.out.println(row);
            if (Math.min(ratio, of(best, calm)) > BOUND) {
                tooLong.add(row);
            }
        }
    }

    private static <T> T of(Map<Peer.Transport, T> each, Peer.Transport transport) {
        return Objects.requireNonNull(each.get(transport));
    }

    private static double ratio(long waited, long besideEcho) {
        return (double) waited / Math.max(UNHEARD_NANOS, besideEcho);
    }
}
