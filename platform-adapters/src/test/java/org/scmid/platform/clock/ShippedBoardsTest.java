// The boards that are shipped do to registers what their hardware's drivers do.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.register.RegisterWindow;
import org.scmid.platform.register.Windows;

/** What no QEMU models. */
class ShippedBoardsTest {
    private static final long MHZ = 1_000_000;

    /** A shipped board on simulated registers. */
    private static final class Rig {
        final Map<String, WatchedWindow> windows = new HashMap<>();
        final ClockTree tree;

        Rig(String name) throws ConfigException {
            Board board = ConfigFiles.builtInBoard(name);
            Map<String, RegisterWindow> all = new HashMap<>();
            board.registers().values().forEach(spec -> {
                WatchedWindow window = new WatchedWindow(spec);
                windows.put(spec.name(), window);
                all.put(spec.name(), window);
            });
            tree = new ClockTree(board, Windows.of(board, all));
        }

        WatchedWindow window(String name) {
            return Objects.requireNonNull(windows.get(name));
        }

        Outcome set(String clock, long hz) {
            return tree.setRate(tree.get(clock), hz, Rounding.NEAREST);
        }

        long rate(String clock) {
            return tree.get(clock).rate();
        }
    }

    @Test
    void anLd20sGearIsReadFromItsStatusAndCountsFromItsUpdateOn() throws Exception {
        Rig ld20 = new Rig("uniphier-ld20");
        assertEquals(1100 * MHZ, ld20.rate("cpu-ca72"));

        assertEquals(Outcome.OK, ld20.set("cpu-ca72", 500 * MHZ));

        assertEquals(List.of("0x8004=0x4", "0x8008=0x1"), ld20.window("sysctrl").stores());
        assertEquals(500 * MHZ, ld20.rate("cpu-ca72"));
        assertEquals(4, ld20.window("sysctrl").peek(0x8000));
        assertEquals(Outcome.OK, ld20.set("cpu-ipp", 733 * MHZ));
        assertEquals(733_333_333, ld20.rate("cpu-ipp"));
    }

    @Test
    void anLd20sSdCardGetsEachOfEightRates() throws Exception {
        Rig ld20 = new Rig("uniphier-ld20");
        Map<Long, Long> words = Map.of(
                44_444_444L, 0x0000L,
                33_333_333L, 0x10000L,
                50_000_000L, 0x20000L,
                66_666_666L, 0x30000L,
                100_000_000L, 0x1000L,
                40_000_000L, 0x1100L,
                25_000_000L, 0x1200L,
                22_222_222L, 0x1300L);
        for (var wanted : words.entrySet()) {
            assertEquals(Outcome.OK, ld20.set("sd0", wanted.getKey()));
            assertEquals(wanted.getKey(), ld20.rate("sd0"));
            long word = ld20.window("sdctrl").peek(0x30);
            long counts = (word & 0x1000) == 0 ? 0x31000 : 0x1300;
            assertEquals(wanted.getValue(), word & counts);
        }
    }

    @Test
    void aPi4sGeneratorStandsWhileItIsChangedAndGetsItsGateAndFraction() throws Exception {
        Rig pi = new Rig("raspberrypi-4");

        assertEquals(Outcome.OK, pi.set("emmc", 100 * MHZ));

        // 750 MHz / 7.5
        assertEquals(
                List.of("0x1c0=0x5a000046", "0x1c4=0x5a007800", "0x1c0=0x5a000256"),
                pi.window("cprman").stores());
        assertEquals(99_999_999, pi.rate("emmc"));
    }

    @Test
    void aPi4sChannelTakesItsDividerOverByItsLoadBit() throws Exception {
        Rig pi = new Rig("raspberrypi-4");

        assertEquals(Outcome.OK, pi.set("plld_core_div", 500 * MHZ));

        assertEquals(
                List.of("0x1440=0x5a000006", "0x10c=0x5a00001a", "0x10c=0x5a00000a"),
                pi.window("cprman").stores());
        assertEquals(499_999_998, pi.rate("plld_core"));
    }

    @Test
    void aPi4sMashDividerIsNotSetBelowTwo() throws Exception {
        Rig pi = new Rig("raspberrypi-4");
        Clock gp0 = pi.tree.get("gp0");
        assertEquals(Outcome.OK, pi.tree.setParent(gp0, 0));

        assertEquals(Outcome.UNSUPPORTED_RATE, pi.set("gp0", 40 * MHZ));
        assertEquals(Outcome.OK, pi.set("gp0", 27 * MHZ));

        assertEquals(
                List.of("0x70=0x5a000241", "0x74=0x5a002000"),
                pi.window("cprman").stores());
        assertEquals(27 * MHZ, pi.rate("gp0"));
    }
}
