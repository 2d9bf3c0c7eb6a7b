// From Linux to a co-processor's registers: guest, vhost-user, scmid, window, the program on the other side.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.SocketLink;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.Offered;

/**
 * A guest whose clocks are those of two co-processors, one behind each layout of windows. Random, with a printed seed: {@code
 * -Dscmid.seed=N} repeats one, {@code -Dscmid.long=true} has more requests.
 */
@Tag(LinuxGuest.TESTS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class CoprocessorTest {
    private static final int REQUESTS = Boolean.getBoolean("scmid.long") ? 1000 : 200;
    private static final int OTHERS = 3;
    private static final String RTC = "9010000.pl031";
    private static final String DRIVER = "/sys/bus/amba/drivers/rtc-pl031/";
    private static final long SPI_HZ = 25_000_000;
    private static final int SPI_GATE = 1 << 3;
    private static final int GPU = 1 << 1;
    private static final int POWER = 0x11;
    private static final int STATE_SET = 0x4;
    private static final int SENSOR = 0x15;
    private static final int READING_GET = 0x6;

    /** A guest, and an agent that looks at clocks, and asks for what else there is. */
    private static final String AGENTS = """
            agents:
              linux: { transport: vhost-user, socket: linux.sock, clocks: all }
              test: { transport: socket, socket: test.sock, clocks: all, power-domains: all, sensors: all, resets: all }
            """;

    @TempDir
    private Path folder;

    /** The guest, who asks; the agent, who looks; and the registers, which say how it is. */
    private record Bridge(CoprocessorBoard board, CoprocessorClocks clocks, CoprocessorClocks seen, Random random) {

        /** Has every clock have a rate and run. */
        void setAndEnableAll() {
            for (String name : clocks.clocks()) {
                if (clocks.maySetRate(name)) {
                    setMiddleRate(name);
                }
            }
            for (String name : clocks.clocks()) {
                if (clocks.maySwitch(name)) {
                    assertEquals(Scmi.SUCCESS, clocks.turn(name, /* on= */ true), name);
                }
            }
            for (Coprocessor each : new Coprocessor[] {board.fat, board.ring}) {
                assertEquals(Coprocessor.ALL_GATES, each.register(Coprocessor.GATES));
                assertEquals(1, each.register(Coprocessor.OSCILLATORS));
                assertEquals(Coprocessor.PLL_ON, each.register(Coprocessor.PLL) & Coprocessor.PLL_ON);
            }
            compare(new TreeSet<>(clocks.clocks()), () -> "with all clocks on");
        }

        /** Half its rate, or the least that it can have below that. */
        private void setMiddleRate(String name) {
            long half = seen.readRate(name) / 2;
            int status = clocks.call(Scmi.clock(Scmi.RATE_SET), 1 << 3, clocks.id(name), (int) half, (int)
                    (half >>> Integer.SIZE))[0];
            assertEquals(Scmi.SUCCESS, status, name + " to " + half + " Hz");
        }

        void compareAfterEach(ClockRequests requests) {
            for (int i = 1; i <= REQUESTS; i++) {
                int number = i;
                ClockRequests.Request request = requests.next();
                Supplier<String> when = () -> "after request " + number + "; the last ones:\n" + requests.history();
                judge(request, when);
                var looked = new TreeSet<>(Set.of(request.clock()));
                while (looked.size() <= OTHERS) {
                    looked.add(
                            clocks.clocks().get(random.nextInt(clocks.clocks().size())));
                }
                compare(looked, when);
            }
            compare(new TreeSet<>(clocks.clocks()), () -> "at the end; the last requests:\n" + requests.history());
        }

        /** Whether the registers are what the request asked for. */
        private void judge(ClockRequests.Request request, Supplier<String> when) {
            if (request.status() != Scmi.SUCCESS) {
                return;
            }
            String own = CoprocessorBoard.ownName(request.clock());
            BoardOracle.State state = board.of(request.clock()).clocks().state(own);
            switch (request.kind()) {
                case "enable", "disable" ->
                    clocks.hasAskedFor(request.clock(), request.kind().equals("enable"));
                case "parent" -> assertEquals(CoprocessorBoard.ownName(request.parent()), state.parent(), when);
                default -> {
                    boolean fits = switch (request.rounding()) {
                        case DOWN -> state.hz() <= request.hz();
                        case UP -> state.hz() >= request.hz();
                        case NEAREST -> true;
                    };
                    assertTrue(fits, () -> state.hz() + " Hz " + when.get());
                }
            }
        }

        /** Whether some clocks are told as they are, and all run that have to, and no other. */
        private void compare(Set<String> looked, Supplier<String> when) {
            for (Coprocessor owner : new Coprocessor[] {board.fat, board.ring}) {
                // What was asked for before, and is not waited for, is done when this is answered.
                seen.readRate(owner == board.ring ? CoprocessorBoard.RING + "xtal" : "xtal");
                BoardOracle oracle = owner.clocks();
                for (String name : clocks.clocks()) {
                    if (board.of(name) == owner) {
                        BoardOracle.State is = oracle.state(CoprocessorBoard.ownName(name));
                        assertEquals(
                                hasToRun(name, oracle),
                                is.runs(),
                                () -> name + (is.runs() ? " runs " : " stands ") + when.get());
                        if (looked.contains(name)) {
                            compare(name, is, when);
                        }
                    }
                }
            }
        }

        private void compare(String name, BoardOracle.State is, Supplier<String> when) {
            assertEquals(is.hz(), seen.readRate(name), () -> name + " " + when.get());
            String parent = seen.readParent(name);
            if (!parent.isEmpty()) {
                assertEquals(is.parent(), CoprocessorBoard.ownName(parent), () -> name + " " + when.get());
            }
        }

        private boolean hasToRun(String name, BoardOracle oracle) {
            String own = CoprocessorBoard.ownName(name);
            if (own.equals(CoprocessorClocks.FOLLOWER)) {
                own = oracle.parent(own);
            }
            String source = own;
            return CoprocessorClocks.CRITICAL.contains(own)
                    || clocks.wanted().stream()
                            .filter(each -> board.of(each) == board.of(name))
                            .anyMatch(each ->
                                    oracle.chain(CoprocessorBoard.ownName(each)).contains(source));
        }
    }

    @Test
    void what_a_guest_asks_for_is_what_the_registers_of_the_co_processors_say() {
        long seed = Long.getLong("scmid.seed", System.nanoTime());
        System.out.println("co-processor: seed " + seed);
        var random = new Random(seed);
        try (var board = new CoprocessorBoard(folder, "apply", AGENTS);
                Scmid scmid = board.files.run()) {
            for (String socket : new String[] {"linux.sock", "test.sock"}) {
                Deadline.await(
                        socket + " is there",
                        () -> Files.exists(folder.resolve(socket)),
                        () -> scmid.output().text());
            }
            try (LinuxGuest guest = boot(board.files);
                    var observer = new PlatformAgent(
                            (loop, client) -> SocketLink.connect(loop, folder.resolve("test.sock"), client))) {
                driver(board.fat, guest);
                Offer offer = observer.discover().offer();
                List<ClockOffer> offered = offer.clocks();
                domainsSensorsAndResets(board, offer, observer);
                var clocks = new CoprocessorClocks(offered, (header, payload) -> ask(guest, header, payload));
                var bridge = new Bridge(board, clocks, new CoprocessorClocks(offered, observer::ask), random);
                bridge.setAndEnableAll();
                var requests = new ClockRequests(clocks, random, Set.of(), clocks.clocks(), refused -> false);
                bridge.compareAfterEach(requests);
                System.out.println("co-processor: of " + REQUESTS + " requests succeeded " + requests.done());
                assertEquals(
                        Set.of("rate", "parent", "enable", "disable"),
                        requests.done().keySet());
            }
        }
    }

    private static void domainsSensorsAndResets(CoprocessorBoard board, Offer offer, PlatformAgent agent) {
        for (Coprocessor owner : new Coprocessor[] {board.fat, board.ring}) {
            String prefix = owner == board.ring ? CoprocessorBoard.RING : "";
            int gpu = id(offer.powerDomains(), prefix + "gpu");
            assertEquals(Scmi.SUCCESS, agent.ask(Scmi.header(POWER, STATE_SET, 0), 0, gpu, 0)[0]);
            assertEquals(GPU, owner.register(Coprocessor.POWER_STATUS) & GPU, "the domain is on");

            owner.setRegister(Coprocessor.TEMPERATURE, -1500);
            int temperature = id(offer.sensors(), prefix + "temperature");
            assertEquals(-1500, agent.ask(Scmi.header(SENSOR, READING_GET, 0), temperature, 0)[1]);

            int uart0 = id(offer.resets(), prefix + "uart0");
            assertEquals(0, owner.register(Coprocessor.RESET_PULSES));
            assertEquals(Scmi.SUCCESS, agent.ask(Scmi.header(Scmi.RESET, Scmi.RESET_SET, 0), uart0, 1, 0)[0]);
            assertEquals(1, owner.register(Coprocessor.RESET_PULSES));
        }
    }

    private static int id(List<? extends Offered> offers, String name) {
        return offers.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not offered"))
                .id();
    }

    /** Sends a command from the guest; the words behind the header of its reply. */
    private static int[] ask(LinuxGuest guest, int header, int... payload) {
        int[] words = new int[payload.length + 1];
        words[0] = header;
        System.arraycopy(payload, 0, words, 1, payload.length);
        int[] reply = guest.scmi(words);
        return Arrays.copyOfRange(reply, 1, reply.length);
    }

    private static LinuxGuest boot(TestBoard files) {
        return LinuxGuest.boot(
                "linux",
                files.guestFolder("linux"),
                files.overlayWithConsumers("linux")
                        .withRealTimeClockOn("spi0", SPI_HZ)
                        .source(),
                files.attach("linux", "pci"));
    }

    /** The guest's own driver sets and enables a clock, and lets it go. */
    private static void driver(Coprocessor owner, LinuxGuest guest) {
        BoardOracle.State on = owner.clocks().state("spi0");
        assertEquals(new BoardOracle.State("pll", SPI_HZ, true), on, guest::complaints);
        guest.write(RTC, DRIVER + "unbind");
        assertEquals(0, owner.register(Coprocessor.GATES) & SPI_GATE, guest::complaints);
    }
}
