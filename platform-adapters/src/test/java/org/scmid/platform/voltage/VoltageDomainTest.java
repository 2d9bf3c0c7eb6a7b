// Levels, switches and settling times of supplies, on the registers.
package org.scmid.platform.voltage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scmid.config.board.Board;
import org.scmid.config.voltage.VoltageLevels;
import org.scmid.platform.Asker;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.WatchedWindow;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.testing.HandLoop;

class VoltageDomainTest {
    private static final int V1_8 = 1_800_000;
    private static final int V3_3 = 3_300_000;

    private final HandLoop time = new HandLoop();
    private final Board board = new BoardBuilder()
            .supply(
                    "sd",
                    new VoltageLevels.Listed(List.of(V1_8, V3_3), List.of(2L, 7L)),
                    BoardBuilder.bits(0x10, 3, 0),
                    BoardBuilder.bits(0x14, 0, 0),
                    100)
            .supply(
                    "core",
                    new VoltageLevels.Range(600_000, 1_300_000, 12_500, 16),
                    BoardBuilder.bits(0x20, 6, 0),
                    null,
                    0)
            .initial(0x10, 0xA7)
            .initial(0x20, 16)
            .build();
    private final WatchedWindow window = WatchedWindow.of(board);
    private final VoltageDomains domains = new VoltageDomains(board, window.windows(board), time);
    private final VoltageDomain sd = domains.get("sd");
    private final VoltageDomain core = domains.get("core");
    private final List<String> settled = new ArrayList<>();

    private Asker asker(String name) {
        return new Asker(name, settled);
    }

    private static boolean setLevel(VoltageDomain domain, int microvolts) {
        return domain.setLevel(microvolts, Waiter.NOBODY) != Outcome.OUT_OF_LIMITS;
    }

    @Test
    void makingThemTouchesNoRegister() {
        assertEquals(0, window.reads());
        assertEquals(0, window.writes());
        assertEquals(List.of(sd, core), domains.domains());
    }

    @Test
    void theRegisterSaysTheLevel() {
        assertEquals(V3_3, sd.level());
        window.poke(0x10, 2);
        assertEquals(V1_8, sd.level());
        window.poke(0x10, 3);
        assertEquals(VoltageDomain.UNKNOWN, sd.level());
        assertEquals(600_000, core.level());
        window.poke(0x20, 72);
        assertEquals(1_300_000, core.level());
        window.poke(0x20, 73);
        assertEquals(VoltageDomain.UNKNOWN, core.level());
        window.poke(0x20, 15);
        assertEquals(VoltageDomain.UNKNOWN, core.level());
    }

    @Test
    void aLevelIsWrittenOnceAndKeepsTheOtherBits() {
        assertTrue(setLevel(sd, V1_8));
        assertTrue(setLevel(sd, V1_8));
        assertEquals(List.of("0x10=0xa2"), window.stores());
        assertTrue(setLevel(core, 612_500));
        assertEquals(17, window.peek(0x20));
    }

    @Test
    void whatIsNoLevelIsRefusedAndWritesNothing() {
        for (int level : new int[] {0, 1_799_999, 2_500_000, 3_300_001, -1, Integer.MIN_VALUE}) {
            assertFalse(setLevel(sd, level), level + " uV");
        }
        for (int level : new int[] {599_999, 600_001, 1_300_001, 1_312_500}) {
            assertFalse(setLevel(core, level), level + " uV");
        }
        assertEquals(List.of(), window.stores());
    }

    @Test
    void whoeverChangesItWaitsForHisOwnTimeAndNotForWhatOthersChangeAfterIt() {
        assertEquals(Outcome.STARTED, sd.setLevel(V1_8, asker("first")));
        assertTrue(sd.isSettling());
        time.passMicros(99);
        assertEquals(Outcome.STARTED, sd.setLevel(V3_3, asker("second")));
        assertEquals(List.of(), settled);
        time.passMicros(1);
        assertEquals(List.of("first OK"), settled);
        assertTrue(sd.isSettling(), "after the second change");
        time.passMicros(98);
        assertEquals(List.of("first OK"), settled);
        time.passMicros(1);
        assertFalse(sd.isSettling());
        assertEquals(List.of("first OK", "second OK"), settled);

        setLevel(sd, V3_3);
        assertFalse(sd.isSettling(), "nothing has changed");
        setLevel(core, 1_000_000);
        assertFalse(core.isSettling(), "it needs no time");
    }

    @Test
    void whoChangesItAgainAndAgainKeepsNobodyWaiting() {
        List<String> war = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sd.setLevel(i % 2 == 0 ? V1_8 : V3_3, new Asker("war " + i, war));
            if (i == 20) {
                sd.setLevel(V1_8, asker("level"));
                sd.acquire(asker("on"));
            }
            time.passMicros(7);
            if (i == 33) {
                assertEquals(List.of(), settled, "98 us are not enough");
            }
            if (i == 34) {
                assertEquals(List.of("level OK", "on OK"), settled);
            }
        }
        time.passMicros(100);
        assertEquals(50, war.size(), "each is told once");
        assertEquals(2, settled.size());
    }

    @Test
    void theFirstUserSwitchesOnAndTheLastOff() {
        assertFalse(sd.isEnabled());
        sd.acquire(Waiter.NOBODY);
        assertTrue(sd.isEnabled());
        assertTrue(sd.isSettling());
        sd.acquire(Waiter.NOBODY);
        sd.release(Waiter.NOBODY);
        assertEquals(1, sd.users());
        assertEquals(List.of("0x14=0x1"), window.stores());
        sd.release(Waiter.NOBODY);
        assertEquals(List.of("0x14=0x1", "0x14=0x0"), window.stores());
        assertFalse(sd.isEnabled());
    }

    @Test
    void releasingWhatTheBootLoaderLeftOnSwitchesItOff() {
        window.poke(0x14, 1);
        assertEquals(Outcome.OK, sd.stop(Waiter.NOBODY));
        assertFalse(sd.isEnabled());
        assertEquals(0, sd.users());
    }

    @Test
    void aSupplyWithoutASwitchIsAlwaysOn() {
        core.acquire(Waiter.NOBODY);
        core.release(Waiter.NOBODY);
        core.stop(Waiter.NOBODY);
        assertTrue(core.isEnabled());
        assertEquals(List.of(), window.stores());
    }

    @Test
    void aSupplyWithConsumersFollowsTheMostThatOneNeedsAndStaysOn() {
        window.poke(0x14, 1);
        int[] needs = {V1_8, V1_8};
        for (int i = 0; i < needs.length; i++) {
            int place = i;
            sd.addConsumer(() -> needs[place]);
        }
        assertEquals(List.of(), window.stores());
        sd.followConsumer(0);
        assertEquals(V1_8, sd.level());
        needs[1] = V3_3;
        sd.followConsumer(1);
        assertEquals(V3_3, sd.level());
        needs[0] = V3_3;
        sd.noteNeed(0);
        needs[1] = V1_8;
        sd.followConsumer(1);
        assertEquals(V3_3, sd.level());
        assertTrue(sd.isFollowing());
        assertEquals(Outcome.STARTED, sd.stop(asker("sd")));
        assertTrue(sd.isEnabled());
        time.passMicros(100);
        assertEquals(List.of("sd OK"), settled);
    }

    @Test
    void whoeverAsksForAnythingWhileItSettlesWaitsUntilItHas() {
        assertEquals(Outcome.STARTED, sd.acquire(asker("first")));
        assertEquals(Outcome.STARTED, sd.setLevel(V3_3, asker("the level that it has")));
        assertEquals(Outcome.STARTED, sd.keepOn(asker("keep")));
        assertEquals(Outcome.STARTED, sd.release(asker("release")));
        assertEquals(Outcome.STARTED, sd.stop(asker("stop")));
        time.passMicros(99);
        assertEquals(List.of(), settled);
        time.passMicros(1);
        assertEquals(List.of("first OK", "the level that it has OK", "keep OK", "release OK", "stop OK"), settled);
        time.passMicros(1000);
        assertEquals(5, settled.size(), "each is told once");
        assertEquals(Outcome.OK, sd.stop(asker("later")));
    }

    @Test
    void whoIsToldAndChangesItAgainWaitsForTheNextTime() {
        sd.setLevel(V1_8, asker("first").then(() -> sd.setLevel(V3_3, asker("again"))));
        sd.setLevel(V1_8, asker("second"));
        time.passMicros(100);
        assertEquals(List.of("first OK", "second OK"), settled);
        time.passMicros(100);
        assertEquals(List.of("first OK", "second OK", "again OK"), settled);
    }

    @Test
    void whatSomebodySwitchedOffIsSwitchedOnAgainForItsUser() {
        sd.adopt();
        assertEquals(1, sd.users());
        assertEquals(List.of(), window.stores());
        sd.keepOn(Waiter.NOBODY);
        assertEquals(List.of("0x14=0x1"), window.stores());
        assertEquals(1, sd.users());
        sd.stop(Waiter.NOBODY);
        assertTrue(sd.isEnabled(), "somebody uses it");
        sd.release(Waiter.NOBODY);
        assertFalse(sd.isEnabled());
    }

    @Test
    void whatIsReadIsGivenToWhoAsks() {
        Asker asker = asker("reader");
        assertEquals(Outcome.OK, sd.readLevel(asker));
        assertEquals(V3_3, asker.value());
        assertEquals(Outcome.OK, sd.readState(asker));
        assertEquals(0, asker.value());
        window.poke(0x14, 1);
        sd.readState(asker);
        assertEquals(1, asker.value());
        window.poke(0x10, 3);
        assertEquals(Outcome.UNKNOWN_STATE, sd.readLevel(asker));
        assertEquals(1, asker.value());
        assertEquals(domains.domains(), domains.drivers());
    }
}
