// A microcontroller that owns its clocks, asked over its serial line: its registers do what its messages say.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The firmware of guests/stm32l4 in QEMU. Random, with a printed seed: {@code -Dscmid.seed=N} repeats one, {@code
 * -Dscmid.long=true} has all requests instead of a sample.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class MicrocontrollerTest {
    private static final int REQUESTS = Boolean.getBoolean("scmid.long") ? 300 : 60;
    private static final long MSI_HZ = 4_000_000;

    /** What the board file has and the firmware does not serve, see its README. */
    private static final Set<String> NOT_SERVED = Set.of(
            "hse",
            "rtc-source",
            "rtc",
            "hse-rtc",
            "lcd",
            "aes",
            "wwdg",
            "fw",
            "msi-run",
            "msi-standby",
            "msi-source",
            "hsi-source",
            "hse-source",
            "lsi-source",
            "lse-source");

    private final long seed = Long.getLong("scmid.seed", System.nanoTime());

    @TempDir
    private Path folder;

    private static MicrocontrollerJudge judge(Microcontroller mcu) {
        return new MicrocontrollerJudge(mcu.machine(), mcu.clocks());
    }

    @Test
    void it_offers_the_clocks_of_its_chip_and_keeps_its_own() {
        try (var mcu = new Microcontroller(folder)) {
            assertEquals(List.of(), mcu.discovered().findings());
            var expected = new TreeSet<>(MicrocontrollerJudge.BOARD.clocks().keySet());
            expected.removeAll(NOT_SERVED);
            assertEquals(expected, new TreeSet<>(mcu.clocks().clocks()));
            for (String name : mcu.clocks().clocks()) {
                var offer = mcu.clocks().offer(name);
                assertEquals(!MicrocontrollerClocks.CRITICAL.contains(name), offer.maySwitch(), name);
                assertTrue(offer.notifiesRate(), name);
                List<String> possible =
                        Objects.requireNonNull(
                                        MicrocontrollerJudge.BOARD.clocks().get(name))
                                .parents()
                                .stream()
                                .filter(parent -> !NOT_SERVED.contains(parent))
                                .toList();
                if (offer.maySetParent()) {
                    assertEquals(possible, offer.parents(), name);
                }
            }
            judge(mcu).compareAll(() -> "at the start");
        }
    }

    @Test
    void after_each_random_request_every_frequency_is_the_one_that_was_set() {
        System.out.println("microcontroller: seed " + seed);
        var random = new Random(seed);
        try (var mcu = new Microcontroller(folder)) {
            var requests = new ClockRequests(
                    mcu.clocks(), random, Set.of(), mcu.clocks().clocks(), request -> false);
            int changes = judge(mcu).compareAfterEach(REQUESTS, requests, random);
            System.out.println("microcontroller: of " + REQUESTS + " requests succeeded " + requests.done() + ", and "
                    + changes + " changed a frequency");
            assertTrue(changes >= REQUESTS / 10, changes + " requests changed a frequency");
            assertEquals(
                    Set.of("rate", "parent", "enable", "disable"),
                    requests.done().keySet());
            assertEquals(0, mcu.agent().oddities());
        }
    }

    @Test
    void each_change_is_told_for_every_clock_that_has_another_rate_by_it() {
        try (var mcu = new Microcontroller(folder)) {
            for (String name : mcu.clocks().clocks()) {
                assertEquals(
                        Scmi.SUCCESS,
                        mcu.clocks()
                                .call(Scmi.clock(Scmi.RATE_NOTIFY), mcu.clocks().id(name), 1)[0],
                        name);
            }
            assertEquals(
                    Scmi.SUCCESS,
                    mcu.clocks()
                            .call(
                                    Scmi.clock(Scmi.PARENT_SET),
                                    mcu.clocks().id("pll-input"),
                                    mcu.clocks().id("msi"))[0]);
            mcu.clocks().askAnew("pll-input");
            Set<String> fromInput = below(mcu, "pll-input");
            expectNotifications(mcu, fromInput);

            assertEquals(
                    Scmi.SUCCESS,
                    mcu.clocks().call(Scmi.clock(Scmi.RATE_SET), 0, mcu.clocks().id("msi"), 8_000_000, 0)[0]);
            Set<String> fromMsi = below(mcu, "msi");
            assertTrue(fromMsi.containsAll(List.of("msi", "pll", "pllsai2-adc2", "sai1", "clk48")), fromMsi::toString);
            expectNotifications(mcu, fromMsi);
            judge(mcu).compareAll(() -> "after two changes");
        }
    }

    private static Set<String> below(Microcontroller mcu, String name) {
        var below = new TreeSet<String>();
        mcu.clocks().clocks().stream()
                .filter(each -> mcu.clocks().isBelow(each, name))
                .forEach(below::add);
        return below;
    }

    private static void expectNotifications(Microcontroller mcu, Set<String> names) {
        var told = new TreeMap<String, Long>();
        for (int i = 0; i < names.size(); i++) {
            int[] words = PlatformAgent.words(mcu.agent().awaitNotification());
            told.put(
                    mcu.clocks().clocks().get(words[1]),
                    Integer.toUnsignedLong(words[2]) | (long) words[3] << Integer.SIZE);
        }
        var expected = new TreeMap<String, Long>();
        names.forEach(name -> expected.put(name, mcu.clocks().readRate(name)));
        assertEquals(expected, told);
    }

    @Test
    void what_would_put_a_running_loop_out_of_its_bounds_is_refused_and_changes_nothing() {
        try (var mcu = new Microcontroller(folder)) {
            assertEquals(
                    Scmi.SUCCESS,
                    mcu.clocks()
                            .call(
                                    Scmi.clock(Scmi.PARENT_SET),
                                    mcu.clocks().id("pll-input"),
                                    mcu.clocks().id("msi"))[0]);
            mcu.clocks().askAnew("pll-input");
            assertEquals(MSI_HZ, mcu.clocks().rate("pll-input"));
            assertEquals(Scmi.SUCCESS, mcu.clocks().turn("pll-clk", true));

            int[] tooSlow =
                    mcu.clocks().call(Scmi.clock(Scmi.RATE_SET), 0, mcu.clocks().id("msi"), 2_000_000, 0);
            assertEquals(Scmi.INVALID_PARAMETERS, tooSlow[0]);
            judge(mcu).compareAll(() -> "after a refusal");

            assertEquals(Scmi.SUCCESS, mcu.clocks().turn("pll-clk", false));
            assertEquals(
                    Scmi.SUCCESS,
                    mcu.clocks().call(Scmi.clock(Scmi.RATE_SET), 0, mcu.clocks().id("msi"), 2_000_000, 0)[0]);
            mcu.clocks().askAnew("msi");
            assertEquals(Scmi.INVALID_PARAMETERS, mcu.clocks().turn("pll-clk", true));
            judge(mcu).compareAll(() -> "after the loop could not be switched on");
        }
    }

    @Test
    void nobody_stops_or_moves_what_the_core_and_the_line_run_from() {
        try (var mcu = new Microcontroller(folder)) {
            for (String name : MicrocontrollerClocks.CRITICAL) {
                int id = mcu.clocks().id(name);
                assertEquals(Scmi.DENIED, mcu.clocks().call(Scmi.clock(Scmi.CONFIG_SET), id, 0, 0)[0], name);
                assertEquals(Scmi.DENIED, mcu.clocks().call(Scmi.clock(Scmi.RATE_SET), 0, id, 1_000_000, 0)[0], name);
                if (!mcu.clocks().parent(name).isEmpty()) {
                    int parent = mcu.clocks().id(mcu.clocks().parent(name));
                    assertEquals(Scmi.DENIED, mcu.clocks().call(Scmi.clock(Scmi.PARENT_SET), id, parent)[0], name);
                }
            }
            judge(mcu).compareAll(() -> "after all that");
        }
    }

    @Test
    void a_reset_microcontroller_is_another_session_and_has_its_first_rates() {
        try (var mcu = new Microcontroller(folder)) {
            assertEquals(
                    Scmi.SUCCESS,
                    mcu.clocks().call(Scmi.clock(Scmi.RATE_SET), 0, mcu.clocks().id("msi"), 48_000_000, 0)[0]);
            mcu.machine().reset();
            mcu.agent().awaitLoss();
            mcu.agent().beginAgain();
            assertEquals(MSI_HZ, mcu.clocks().readRate("msi"));
            judge(mcu).compareAll(() -> "after a reset");
        }
    }
}
