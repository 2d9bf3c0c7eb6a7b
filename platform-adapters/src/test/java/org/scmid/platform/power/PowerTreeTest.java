// Power domains: votes, parents, clocks, failures, and what is written when.
package org.scmid.platform.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.platform.Asker;
import org.scmid.platform.TestBoards;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.testing.HandLoop;

class PowerTreeTest {
    /** Bits of cru+0x0: switches; cru+0x4: status; cru+0x8: gates. */
    private static final String BOARD = """
            board: power
            registers:
              cru: { at: 0, size: 256 B, access: simulated }
            clocks:
              osc: { fixed: 24 MHz }
              bus: { parent: osc, gate: { register: cru+8, bit: 0 } }
              gpu: { parent: osc, gate: { register: cru+8, bit: 1 } }
              sub: { parent: gpu, gate: { register: cru+8, bit: 2 } }
              dsp: { parent: osc, gate: { register: cru+8, bit: 3 } }
            power-domains:
              soc:  { switch: { register: cru, bit: 0 } }
              gpu:  { parent: soc, clocks: [gpu, bus], feeds: [gpu], switch: { register: cru, bit: 1 } }
              core: { parent: gpu, switch: { register: cru, bit: 2 } }
              dsp:  { feeds: [dsp], when-in-use: wait, switch: { register: cru, bit: 3 } }
              slow: { parent: soc, switch: { register: cru, bit: 4, status: { register: cru+4, bit: 4 }, timeout: 1 ms } }
              deep: { parent: slow, switch: { register: cru, bit: 5 } }
            """;

    private final HandLoop time = new HandLoop();
    private final List<String> told = new ArrayList<>();
    private final Waiter first = Asker.named("1");
    private final Waiter second = Asker.named("2");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private WatchedWindow window;

    @SuppressWarnings("NullAway.Init")
    private ClockTree clocks;

    @SuppressWarnings("NullAway.Init")
    private PowerTree tree;

    @BeforeEach
    void make() throws Exception {
        Board board = TestBoards.read(folder, BOARD);
        window = WatchedWindow.of(board);
        clocks = new ClockTree(board, window.windows(board));
        tree = new PowerTree(board, window.windows(board), clocks, time);
        tree.setListener((index, on, cause) -> told.add(tree.domain(index) + (on ? " on" : " off") + " by " + cause));
        tree.setEnds(new PowerTree.Ends() {
            @Override
            public void finished(PowerDomain domain, boolean on, boolean ok) {
                if (!ok) {
                    told.add(domain + (on ? " not on" : " not off"));
                }
            }

            @Override
            public void settled(PowerDomain domain) {
                told.add(domain + " settled");
            }
        });
    }

    private List<String> stores() {
        List<String> stores = List.copyOf(window.stores());
        window.stores().clear();
        return stores;
    }

    private List<String> told() {
        List<String> all = List.copyOf(told);
        told.clear();
        return all;
    }

    private PowerDomain domain(String name) {
        return tree.get(name);
    }

    @Test
    void buildingTheTreeTouchesNoRegister() {
        assertEquals(0, window.reads() + window.writes());
        assertThrows(IllegalArgumentException.class, () -> tree.get("none"));
    }

    @Test
    void theFirstVoteSwitchesOnAndTheLastSwitchesOff() {
        assertEquals(Outcome.OK, tree.vote(domain("soc"), first));
        assertEquals(List.of("0x0=0x1"), stores());
        assertEquals(Outcome.OK, tree.vote(domain("soc"), second));
        assertEquals(Outcome.OK, tree.unvote(domain("soc"), first));
        assertEquals(List.of(), stores());
        assertTrue(domain("soc").isOn());
        assertEquals(Outcome.OK, tree.unvote(domain("soc"), second));
        assertEquals(List.of("0x0=0x0"), stores());
        assertEquals(List.of("soc on by 1", "soc settled", "soc off by 2", "soc settled"), told());
    }

    @Test
    void parentsComeBeforeAndGoAfterAndClocksRunInBetween() {
        assertEquals(Outcome.OK, tree.vote(domain("core"), first));
        assertEquals(List.of("0x0=0x1", "0x8=0x2", "0x8=0x3", "0x0=0x3", "0x0=0x7"), stores());
        assertEquals(
                List.of("soc on by 1", "soc settled", "gpu on by 1", "gpu settled", "core on by 1", "core settled"),
                sorted(told()));

        assertEquals(Outcome.OK, tree.unvote(domain("core"), first));
        assertEquals(List.of("0x0=0x3", "0x0=0x1", "0x8=0x1", "0x8=0x0", "0x0=0x0"), stores());
    }

    /** Settling of a parent is told after that of the child that it was switched on for: brings it into a fixed order. */
    private static List<String> sorted(List<String> told) {
        List<String> order = new ArrayList<>();
        for (String name : List.of("soc", "gpu", "core")) {
            told.stream().filter(line -> line.startsWith(name)).forEach(order::add);
        }
        return order;
    }

    @Test
    void aDomainThatWasOnBeforeIsOnlyCountedAndHoldsItsClocks() {
        window.poke(0, 3);
        assertEquals(Outcome.OK, tree.vote(domain("gpu"), first));
        assertEquals(List.of("0x8=0x2", "0x8=0x3"), stores());
        assertEquals(List.of(), told());
    }

    @Test
    void aParentThatWasOnBeforeStaysOnWhenItsChildGoesOff() {
        window.poke(0, 1);
        tree.vote(domain("gpu"), first);
        tree.unvote(domain("gpu"), first);
        assertEquals(1, window.peek(0));
        tree.vote(domain("soc"), first);
        tree.unvote(domain("soc"), first);
        assertEquals(0, window.peek(0), "until somebody votes for it by its name");
    }

    @Test
    void aDomainThatNobodyVotedForGoesOffWhenAsked() {
        window.poke(0, 3);
        assertTrue(tree.refusesToGoOff(domain("soc"), false), "gpu stands in it, and is on");
        assertEquals(Outcome.OK, tree.makeOff(domain("gpu"), first));
        assertEquals(1, window.peek(0));
        assertFalse(tree.refusesToGoOff(domain("soc"), false));
        tree.makeOff(domain("soc"), first);
        assertEquals(0, window.peek(0));
        assertEquals(0, window.peek(8), "its clocks ran only while it was switched");
    }

    @Test
    void aRequestIsRefusedWhileAClockThatStandsInTheDomainIsUsed() {
        tree.vote(domain("gpu"), first);
        assertFalse(tree.refusesToGoOff(domain("gpu"), true), "its own hold of its clock does not count");
        clocks.acquire(clocks.get("sub"));
        assertTrue(tree.refusesToGoOff(domain("gpu"), true), "sub runs from gpu");
        clocks.release(clocks.get("sub"));
        assertFalse(tree.refusesToGoOff(domain("gpu"), true));
        clocks.acquire(clocks.get("gpu"));
        assertTrue(tree.refusesToGoOff(domain("gpu"), true));
        tree.vote(domain("gpu"), second);
        assertFalse(tree.refusesToGoOff(domain("gpu"), true), "another one holds it, so nothing would go off");
    }

    @Test
    void aVoteThatVanishesWaitsUntilTheDomainIsInUseNoMore() {
        tree.vote(domain("soc"), first);
        tree.vote(domain("gpu"), second);
        stores();
        assertEquals(Outcome.OK, tree.unvote(domain("soc"), first));
        assertEquals(List.of(), stores());
        tree.unvote(domain("gpu"), second);
        assertEquals(0, window.peek(0));
    }

    @Test
    void aDomainThatWaitsGoesOffWhenItsClockIsReleased() {
        tree.vote(domain("dsp"), first);
        clocks.acquire(clocks.get("dsp"));
        assertFalse(tree.refusesToGoOff(domain("dsp"), true));
        stores();
        assertEquals(Outcome.OK, tree.unvote(domain("dsp"), first));
        assertTrue(domain("dsp").isOn());
        assertTrue(domain("dsp").isWaitingToGoOff());
        clocks.release(clocks.get("dsp"));
        assertTrue(domain("dsp").isOn(), "not while the clock's user is not done");
        time.passMicros(0);
        assertFalse(domain("dsp").isOn());
    }

    @Test
    void aNewVoteEndsTheWaiting() {
        tree.vote(domain("dsp"), first);
        clocks.acquire(clocks.get("dsp"));
        tree.unvote(domain("dsp"), first);
        tree.vote(domain("dsp"), second);
        clocks.release(clocks.get("dsp"));
        time.passMicros(0);
        assertTrue(domain("dsp").isOn());
        tree.unvote(domain("dsp"), second);
        assertFalse(domain("dsp").isOn());
    }

    @Test
    void aSlowDomainIsToldWhenHardwareSaysThatItIsOn() {
        assertEquals(Outcome.STARTED, tree.vote(domain("slow"), first));
        assertTrue(domain("slow").isSwitching());
        assertFalse(domain("slow").isOn());
        told();
        time.passMicros(500);
        assertEquals(List.of(), told());
        window.poke(4, 0x10);
        time.passMicros(50);
        assertEquals(List.of("slow on by 1", "slow settled"), told());
        assertTrue(domain("slow").isOn());
    }

    @Test
    void aChildWaitsForItsSlowParent() {
        assertEquals(Outcome.STARTED, tree.vote(domain("deep"), first));
        assertEquals(List.of("0x0=0x1", "0x0=0x11"), stores());
        window.poke(4, 0x10);
        time.passMicros(50);
        assertEquals(List.of("0x0=0x31"), stores());
        assertTrue(domain("deep").isOn());
    }

    @Test
    void aDomainThatHardwareDoesNotSwitchOnFailsAndLetsGoOfItsParent() {
        assertEquals(Outcome.STARTED, tree.vote(domain("slow"), first));
        told();
        time.passMicros(1000);
        assertEquals(List.of("slow not on", "slow settled"), told());
        assertEquals(1, tree.get("slow").votes());
        assertEquals(List.of("0x0=0x1", "0x0=0x11"), stores(), "nothing is undone");
        tree.forget(domain("slow"));
        assertEquals(List.of("0x0=0x10"), stores(), "only its parent is not needed any more");
        assertEquals(Outcome.STARTED, tree.vote(domain("slow"), first), "a new request tries again");
        window.poke(4, 0x10);
        time.passMicros(50);
        assertTrue(domain("slow").isOn());
    }

    @Test
    void aChildFailsWithItsParent() {
        tree.vote(domain("deep"), first);
        told();
        time.passMicros(1000);
        assertEquals(
                List.of("slow not on", "deep not on", "deep settled", "soc off by 1", "soc settled", "slow settled"),
                told());
        assertFalse(domain("deep").isSwitching());
    }

    @Test
    void aDomainThatDoesNotGoOffStaysOn() {
        window.poke(4, 0x10);
        tree.vote(domain("slow"), first);
        told();
        assertEquals(Outcome.STARTED, tree.unvote(domain("slow"), first));
        time.passMicros(1000);
        assertEquals(List.of("slow not off", "slow settled"), told());
        assertTrue(domain("slow").isOn());
        tree.restore(domain("slow"));
        assertEquals(1, domain("slow").votes());
        time.passMicros(10_000);
        assertEquals(List.of(), told(), "and nothing is tried again by itself");
    }

    @Test
    void whatIsAskedWhileADomainIsSwitchedIsDoneAfterwards() {
        tree.vote(domain("slow"), first);
        assertEquals(Outcome.STARTED, tree.unvote(domain("slow"), first));
        told();
        window.poke(4, 0x10);
        time.passMicros(50);
        assertEquals(List.of("slow on by 1"), told(), "on first, one transition at a time");
        window.poke(4, 0);
        time.passMicros(50);
        assertEquals(List.of("slow off by 1", "soc off by 1", "soc settled", "slow settled"), told());
    }

    @Test
    void aVoteWhileTheDomainGoesOffSwitchesItOnAgain() {
        window.poke(4, 0x10);
        tree.vote(domain("slow"), first);
        tree.unvote(domain("slow"), first);
        assertEquals(Outcome.STARTED, tree.vote(domain("slow"), second));
        told();
        stores();
        window.poke(4, 0);
        time.passMicros(50);
        assertEquals(List.of("slow off by 1"), told());
        window.poke(4, 0x10);
        time.passMicros(50);
        assertEquals(List.of("slow on by 2", "slow settled"), told());
    }

    @Test
    void aChildThatComesWhileItsParentGoesOffWaits() {
        window.poke(4, 0x10);
        tree.vote(domain("slow"), first);
        tree.unvote(domain("slow"), first);
        assertEquals(Outcome.STARTED, tree.vote(domain("deep"), second));
        window.poke(4, 0);
        time.passMicros(50);
        window.poke(4, 0x10);
        time.passMicros(50);
        assertTrue(domain("deep").isOn());
    }

    @Test
    void aChildGoesOnWithAParentThatDidNotGoOff() {
        window.poke(4, 0x10);
        tree.vote(domain("slow"), first);
        tree.unvote(domain("slow"), first);
        tree.vote(domain("deep"), second);
        time.passMicros(1000);
        assertTrue(domain("deep").isOn());
        assertTrue(domain("slow").isOn());
    }

    @Test
    void restoredVotesCountWithoutAWrite() {
        window.poke(0, 3);
        window.poke(8, 3);
        tree.restore(domain("gpu"));
        assertEquals(List.of(), stores());
        tree.unvote(domain("gpu"), first);
        assertEquals(List.of("0x0=0x1", "0x8=0x1", "0x8=0x0"), stores());
    }

    @Test
    void aRestoredVoteForADomainThatIsOffSwitchesNothing() {
        tree.restore(domain("gpu"));
        assertEquals(List.of(), stores());
        assertEquals(Outcome.OK, tree.makeOn(domain("gpu"), first));
        assertTrue(domain("gpu").isOn());
    }

    @Test
    void switchingAllocatesNothing() {
        window.countOnly();
        tree.setListener(null);
        tree.setEnds(new PowerTree.Ends() {
            @Override
            public void finished(PowerDomain domain, boolean on, boolean ok) {}

            @Override
            public void settled(PowerDomain domain) {}
        });
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        toggle(20_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        toggle(20_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 20_000, allocated + " bytes");
    }

    private void toggle(int times) {
        PowerDomain core = domain("core");
        for (int i = 0; i < times; i++) {
            tree.vote(core, first);
            tree.unvote(core, first);
        }
    }
}
