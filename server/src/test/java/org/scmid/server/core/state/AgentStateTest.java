// What survives the service, and what does not.
package org.scmid.server.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.linux.PeerIdentity;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.ProtocolId;
import org.scmid.server.core.Bench;
import org.scmid.server.core.LogRecords;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.clock.ClockProtocol;

class AgentStateTest {
    private static final int CLOCK = Bench.CLOCK;
    private static final String BOOT = "11111111-2222-3333-4444-555555555555";
    private static final Agent.Presence CONNECT = new Agent.Presence(false, 10_000);
    private static final Agent.Presence LISTEN = new Agent.Presence(true, 10_000);
    private static final PeerIdentity VMM = new PeerIdentity(100, 5000, 0, 0);
    private static final PeerIdentity OTHER = new PeerIdentity(100, 6000, 0, 0);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Board board;

    @SuppressWarnings("NullAway.Init")
    private Windows hardware;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    @SuppressWarnings("NullAway.Init")
    private AgentStateStore store;

    @BeforeEach
    void aBoard() throws Exception {
        board = Bench.board(directory, Bench.BOARD);
        hardware = Windows.open(board, true);
    }

    /** Starts a service over the hardware as it is. An earlier one is as good as killed, but for its lock. */
    private Bench.Peer start(Agent.Presence presence, String boot, String... grants) throws IOException {
        if (store != null) {
            store.close();
        }
        store = AgentStateStore.open(directory.resolve("state"), boot);
        bench = new Bench(
                board, hardware, store.loadGates(List.copyOf(board.clocks().keySet())));
        Bench.Peer peer = bench.agent("linux", store, presence, grants);
        bench.core.resume(false);
        return peer;
    }

    private Bench.Peer start() throws IOException {
        return start(CONNECT, BOOT, "uart", "bus");
    }

    private Bench.Peer connectedWithAVote() throws IOException {
        Bench.Peer linux = start();
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        return linux;
    }

    @Test
    void votesSubscriptionsAndVersionsSurviveAKilledService() throws Exception {
        Bench.Peer linux = connectedWithAVote();
        assertEquals(0, linux.status(CLOCK, 9, 1, 1));
        assertEquals(0, linux.status(CLOCK, 0x10, 0x20000));
        linux = start();
        assertTrue(bench.gate(1));
        assertEquals(1, bench.tree.get("uart").users());
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        bench.loop.passMillis(60_000);
        assertTrue(bench.gate(1), "its peer is back, so the grace does not end it");
        assertEquals(org.scmid.protocol.Status.Code.NOT_FOUND, linux.status(CLOCK, 0xF, 0), "still 2.0");
        Bench.Peer other = bench.agent("other", "bus").withoutEvents();
        assertEquals(0, other.status(CLOCK, 5, 0, 0, 24_000_000, 0));
        assertEquals(List.of("5300 2 1 16e3600 0"), linux.events.take());
        assertEquals(0, linux.status(CLOCK, 7, 0, 0, 0));
        assertFalse(bench.gate(1));
    }

    @Test
    void aClockThatWasSwitchedOffMeanwhileIsLeftOff() throws Exception {
        connectedWithAVote();
        hardware.window("cru").write(4, 0);
        Bench.Peer linux = start();
        assertFalse(bench.gate(1), "starting writes no register");
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        assertTrue(bench.gate(1), "but enabling again does");
        assertEquals(0, linux.status(CLOCK, 7, 0, 0, 0));
        assertFalse(bench.gate(1));
    }

    @Test
    void theParentsThatAKilledServiceOpenedAreClosedWithTheLastVote() throws Exception {
        Bench.Peer linux = start(CONNECT, BOOT, "leaf");
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        assertTrue(bench.gate(0), "bus, which leaf runs from");
        linux = start(CONNECT, BOOT, "leaf");
        assertTrue(bench.gate(0) && bench.gate(2));
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        assertEquals(0, linux.status(CLOCK, 7, 0, 0, 0));
        assertFalse(bench.gate(2));
        assertFalse(bench.gate(0), "the service opened it, the boot loader did not");
    }

    @Test
    void aParentThatTheBootLoaderLeftOnStaysOnAfterARestartToo() throws Exception {
        hardware.window("cru").write(4, 1);
        Bench.Peer linux = start(CONNECT, BOOT, "leaf").withEvents();
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        linux = start(CONNECT, BOOT, "leaf").withEvents();
        assertEquals(0, linux.status(CLOCK, 7, 0, 0, 0));
        assertFalse(bench.gate(2));
        assertTrue(bench.gate(0));
    }

    @Test
    void aServiceKilledWhileItLetGoOfParentsClosesThemWhenTheCommandComesAgain() throws Exception {
        Bench.Peer linux = start(CONNECT, BOOT, "leaf").withEvents();
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        linux.agent.state().of(ProtocolId.CLOCK).set(ClockProtocol.VOTE, 0, false); // as far as it came
        linux = start(CONNECT, BOOT, "leaf").withEvents();
        assertTrue(bench.gate(0) && bench.gate(2), "starting writes no register");
        assertEquals(0, linux.status(CLOCK, 7, 0, 0, 0));
        assertFalse(bench.gate(0) || bench.gate(2));
    }

    @Test
    void whatIsNotedOfGatesIsOfTheClockThatHadIt() throws Exception {
        Bench.Peer linux = start(CONNECT, BOOT, "leaf").withEvents();
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        String other = Bench.BOARD.replace(
                "  osc: { fixed: 24 MHz }\n", "  first: { fixed: 1 MHz }\n  osc: { fixed: 24 MHz }\n");
        board = Bench.board(directory, other);
        assertEquals("first", board.clocks().keySet().iterator().next());
        linux = start(CONNECT, BOOT, "leaf").withEvents();
        assertEquals(0, linux.status(CLOCK, 7, 0, 0, 0));
        assertFalse(bench.gate(0) || bench.gate(2), "bus was opened by the service, whatever its place on the board");
    }

    @Test
    void simulatedRegistersAreBroughtBack() throws Exception {
        connectedWithAVote();
        hardware = Windows.open(board, true);
        Bench.Peer linux = start();
        bench.core.clockProtocol().restore(linux.agent, true);
        assertTrue(bench.gate(1));
    }

    @Test
    void anotherBootForgets() throws Exception {
        connectedWithAVote();
        start(CONNECT, BOOT.replace('1', '9'), "uart", "bus");
        assertEquals(0, bench.tree.get("uart").users());
    }

    /** Clock ids as a guest finds them by CLOCK_ATTRIBUTES, as far as they are there. */
    private static List<String> clocksOf(Bench.Peer peer, int ids) {
        List<String> names = new ArrayList<>();
        for (int id = 0; id < ids; id++) {
            int[] reply = peer.call(CLOCK, 3, id);
            names.add(reply[0] == 0 ? firstLetters(reply[2]) : "status " + reply[0]);
        }
        return names;
    }

    private static String firstLetters(int word) {
        StringBuilder letters = new StringBuilder();
        for (int shift = 0; shift < 32 && (word >> shift & 0xFF) != 0; shift += 8) {
            letters.append((char) (word >> shift & 0xFF));
        }
        return letters.toString();
    }

    @Test
    void aGuestThatRunsKeepsItsIdsWhenTheFileHasAnotherOrder() throws Exception {
        connectedWithAVote();
        Bench.Peer linux = start(CONNECT, BOOT, "osc", "bus", "uart");
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        assertEquals(List.of("uart", "bus", "osc"), clocksOf(linux, 3), "what is new is behind");
        assertEquals(1, bench.tree.get("uart").users(), "the vote is still for the clock that it was given");
        assertEquals(0, linux.status(CLOCK, 7, 0, 0, 0));
        assertFalse(bench.gate(1));
    }

    @Test
    void afterItsResetAGuestFindsTheOrderOfTheFile() throws Exception {
        connectedWithAVote();
        Bench.Peer linux = start(CONNECT, BOOT, "osc", "bus", "uart");
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        linux.agent.guestReset();
        assertFalse(bench.gate(1), "its vote went with it");
        assertEquals(List.of("osc", "bus", "uart"), clocksOf(linux, 3));
        assertEquals(0, linux.status(CLOCK, 7, 2, 1, 0));
        assertTrue(bench.gate(1));
        linux = start(CONNECT, BOOT, "osc", "bus", "uart");
        assertEquals(List.of("osc", "bus", "uart"), clocksOf(linux.withoutEvents(), 3));
        assertEquals(1, bench.tree.get("uart").users());
    }

    @Test
    void anotherGuestFindsTheOrderOfTheFile() throws Exception {
        connectedWithAVote();
        Bench.Peer linux = start(CONNECT, BOOT, "bus", "uart");
        linux.agent.peerConnected(OTHER);
        assertEquals(List.of("bus", "uart"), clocksOf(linux.withEvents(), 2));
    }

    @Test
    void theFirstGuestEverFindsTheOrderOfTheFile() throws Exception {
        start();
        Bench.Peer linux = start(CONNECT, BOOT, "bus", "uart");
        linux.agent.peerConnected(VMM);
        assertEquals(List.of("bus", "uart"), clocksOf(linux.withEvents(), 2));
    }

    @Test
    void whatTheFileHasNoMoreIsNotFoundAndItsVoteIsGivenUp() throws Exception {
        Bench.Peer linux = start(CONNECT, BOOT, "leaf", "uart");
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        assertEquals(0, linux.status(CLOCK, 7, 1, 1, 0));
        try (LogRecords log = new LogRecords(Level.INFO)) {
            linux = start(CONNECT, BOOT, "uart", "bus");
            assertTrue(log.text().contains("what it holds of clock leaf is given up"), log::text);
        }
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        assertEquals(List.of("status -4", "uart", "bus"), clocksOf(linux, 3));
        assertFalse(bench.gate(2) || bench.gate(0), "leaf and the bus that it ran from");
        assertTrue(bench.gate(1), "the vote for uart stays");
        linux.agent.guestReset();
        assertEquals(List.of("uart", "bus"), clocksOf(linux, 2));
    }

    @Test
    void whatAnAgentMayOnlyReadNowItHoldsNoMore() throws Exception {
        connectedWithAVote();
        Bench.Peer linux = start(CONNECT, BOOT, "uart: read", "bus");
        assertEquals(0, bench.tree.get("uart").users());
        assertFalse(bench.gate(1));
        assertEquals(List.of("uart", "bus"), clocksOf(linux.withEvents(), 2));
    }

    @Test
    void whatTheBoardHasNoMoreIsForgotten() throws Exception {
        Bench.Peer linux = start(CONNECT, BOOT, "leaf", "uart");
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        assertEquals(0, linux.status(CLOCK, 7, 1, 1, 0));
        board = boardWithoutLeaf();
        linux = start(CONNECT, BOOT, "uart");
        assertEquals(List.of("status -4", "uart"), clocksOf(linux.withEvents(), 2));
        assertEquals(1, bench.tree.get("uart").users());
        assertEquals(0, linux.status(0x10, 0xB, 1, 0), "what it held of leaf is in nobody's way");
    }

    /** Starts the service with other grants under the guest that was connected. */
    private Bench.Peer startUnderTheGuest(String... grants) throws IOException {
        Bench.Peer linux = start(CONNECT, BOOT, grants);
        linux.agent.peerConnected(VMM);
        return linux.withEvents();
    }

    @Test
    void aFileThatIsChangedTwiceUnderAGuestLeavesItAllIdsThatItHasDiscovered() throws Exception {
        connectedWithAVote();
        startUnderTheGuest("osc", "bus", "uart");
        Bench.Peer linux = startUnderTheGuest("leaf", "uart", "osc");
        assertEquals(List.of("uart", "status -4", "osc", "leaf"), clocksOf(linux, 4));
        assertEquals(1, bench.tree.get("uart").users());
        assertEquals(0, linux.status(CLOCK, 7, 3, 1, 0));
        assertTrue(bench.gate(2));
        linux.agent.guestReset();
        assertFalse(bench.gate(1) || bench.gate(2));
        assertEquals(List.of("leaf", "uart", "osc", "status -4"), clocksOf(linux, 4));
    }

    @Test
    void aClockThatIsTakenAwayAndGivenAgainHasItsIdAndNotItsVote() throws Exception {
        Bench.Peer linux = startUnderTheGuest("leaf", "uart");
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        assertEquals(0, linux.status(CLOCK, 9, 0, 1));
        startUnderTheGuest("uart");
        assertFalse(bench.gate(2));
        linux = startUnderTheGuest("uart", "leaf");
        assertEquals(List.of("leaf", "uart"), clocksOf(linux, 2));
        assertEquals(0, bench.tree.get("leaf").users());
        assertFalse(bench.gate(2));
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        assertTrue(bench.gate(2));
    }

    @Test
    void aClockThatTheBoardLosesAndHasAgainHasItsIdAndNotItsVote() throws Exception {
        Bench.Peer linux = startUnderTheGuest("leaf", "uart");
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        Board whole = board;
        board = boardWithoutLeaf();
        startUnderTheGuest("uart");
        board = whole;
        linux = startUnderTheGuest("uart", "leaf");
        assertEquals(List.of("leaf", "uart"), clocksOf(linux, 2));
        assertEquals(0, bench.tree.get("leaf").users());
    }

    private Board boardWithoutLeaf() throws Exception {
        int at = Bench.BOARD.indexOf("  leaf:");
        return Bench.board(
                directory, Bench.BOARD.substring(0, at) + Bench.BOARD.substring(Bench.BOARD.indexOf("  a-clock")));
    }

    /** Has a guest ask for a rate of its clock 0, and the service killed before it does it. */
    private int acceptedAndKilled(int flags, String... grants) throws IOException {
        Bench.Peer linux = startUnderTheGuest(grants);
        assertEquals(0, linux.callWithin(8, CLOCK, 5, flags, 0, 12_000_000, 0)[0]);
        return linux.lastToken();
    }

    private static String delayed(int token, int status) {
        return Integer.toHexString(0x5205 | (token << 18)) + " " + Integer.toHexString(status);
    }

    /** All asynchronous commands of an agent are done or gone: it may have as many as ever. */
    private static void assertAllSlotsAreFree(Bench.Peer linux, int clock) {
        for (int i = 0; i < AgentState.MAX_PENDING; i++) {
            assertEquals(0, linux.callWithin(8, CLOCK, 5, 1, clock, 12_000_000, 0)[0]);
        }
        assertEquals(-6, linux.callWithin(8, CLOCK, 5, 1, clock, 12_000_000, 0)[0], "BUSY");
    }

    @Test
    void anAcceptedCommandIsNotCarriedOutOnAClockThatTheAgentHasNoMore() throws Exception {
        int token = acceptedAndKilled(1, "uart", "bus");
        long before = bench.tree.get("uart").rate();
        Bench.Peer linux = startUnderTheGuest("bus");
        bench.loop.passMillis(100);
        assertEquals(before, bench.tree.get("uart").rate());
        assertEquals(List.of(delayed(token, -4)), linux.events.take(), "NOT_FOUND, as if it was asked for now");
        assertAllSlotsAreFree(linux, 1);
    }

    @Test
    void anAcceptedCommandIsNotCarriedOutOnAClockThatTheAgentMayOnlyReadNow() throws Exception {
        int token = acceptedAndKilled(1, "uart", "bus");
        long before = bench.tree.get("uart").rate();
        Bench.Peer linux = startUnderTheGuest("bus", "uart: read");
        bench.loop.passMillis(100);
        assertEquals(before, bench.tree.get("uart").rate());
        assertEquals(List.of(delayed(token, -3)), linux.events.take(), "DENIED");
        assertAllSlotsAreFree(linux, 1);
    }

    @Test
    void anAcceptedCommandOnAClockThatTheBoardHasNoMoreIsNotCarriedOut() throws Exception {
        int token = acceptedAndKilled(1, "leaf", "uart");
        board = boardWithoutLeaf();
        try (LogRecords log = new LogRecords(Level.INFO)) {
            Bench.Peer linux = startUnderTheGuest("uart");
            bench.loop.passMillis(100);
            assertEquals(List.of(delayed(token, -4)), linux.events.take());
            assertAllSlotsAreFree(linux, 1);
            assertTrue(log.text().contains("what it asked of clock leaf is refused now"), log::text);
            assertFalse(log.text().contains("Exception"), log::text);
        }
    }

    @Test
    void anAcceptedCommandWithoutADelayedResponseIsGoneWithItsClock() throws Exception {
        acceptedAndKilled(3, "uart", "bus");
        long before = bench.tree.get("uart").rate();
        Bench.Peer linux = startUnderTheGuest("bus");
        bench.loop.passMillis(100);
        assertEquals(before, bench.tree.get("uart").rate());
        assertEquals(List.of(), linux.events.take());
        assertAllSlotsAreFree(linux, 1);
    }

    @Test
    void aCommandThatWasCarriedOutOnAClockThatIsGoneIsAnsweredAsNotFound() throws Exception {
        Bench.Peer linux = startUnderTheGuest("uart", "bus");
        linux.events.free = 0;
        assertEquals(0, linux.status(CLOCK, 5, 1, 0, 12_000_000, 0));
        int token = linux.lastToken();
        linux = startUnderTheGuest("bus");
        bench.loop.passMillis(100);
        assertEquals(List.of(delayed(token, -4)), linux.events.take());
        assertAllSlotsAreFree(linux, 1);
    }

    @Test
    void anAcceptedCommandIsCarriedOutOnTheClockThatItMeansWhenTheFileHasAnotherOrder() throws Exception {
        int token = acceptedAndKilled(1, "uart", "bus");
        Bench.Peer linux = startUnderTheGuest("bus", "uart");
        bench.loop.passMillis(100);
        assertEquals(12_000_000, bench.tree.get("uart").rate());
        assertEquals(List.of(delayed(token, 0) + " 0 b71b00 0"), linux.events.take());
    }

    private Path fileOf(String name) {
        return directory.resolve("state").resolve(name);
    }

    @Test
    void aFileOfAnotherLayoutIsDroppedAndTheLogSaysSo() throws Exception {
        connectedWithAVote();
        byte[] bytes = Files.readAllBytes(fileOf("linux.state"));
        bytes[4]++;
        Files.write(fileOf("linux.state"), bytes);
        try (LogRecords log = new LogRecords(Level.INFO)) {
            Bench.Peer linux = start(CONNECT, BOOT, "bus", "uart");
            assertTrue(
                    log.text().contains("agent linux: what was stored is dropped: it is of another version of scmid"),
                    log::text);
            assertEquals(List.of("bus", "uart"), clocksOf(linux, 2));
        }
        assertEquals(0, bench.tree.get("uart").users());
        assertEquals(bytes[4] - 1, Files.readAllBytes(fileOf("linux.state"))[4], "there is one of this layout now");
    }

    @Test
    void aFileThatAKilledServiceDidNotPutInPlaceDoesNoHarmAndIsReplaced() throws Exception {
        connectedWithAVote();
        byte[] other = Files.readAllBytes(fileOf("linux.state"));
        other[512] = 0; // as if it was of a guest without a vote
        byte[] torn = new byte[100_000]; // larger than what comes in its place
        Arrays.fill(torn, (byte) 0xA5);
        for (byte[] left : List.of(other, torn, new byte[0])) {
            Files.write(fileOf("linux.state.new"), left);
            startUnderTheGuest("uart", "bus");
            assertEquals(1, bench.tree.get("uart").users());
            Bench.Peer linux = startUnderTheGuest("bus", "uart", "osc");
            assertEquals(List.of("uart", "bus", "osc"), clocksOf(linux, 3));
            assertEquals(1, bench.tree.get("uart").users());
            assertFalse(Files.exists(fileOf("linux.state.new")), "it is in its place");
            linux.agent.guestReset();
            linux = startUnderTheGuest("uart", "bus");
            linux.agent.guestReset();
            assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        }
    }

    @Test
    void anAgentWhoseNewStateCannotBeWrittenKeepsItsIdsUntilItCan() throws Exception {
        connectedWithAVote();
        Bench.Peer linux = startUnderTheGuest("bus", "uart");
        Files.createDirectory(fileOf("linux.state.new")); // nothing can be written under this name
        try (LogRecords log = new LogRecords()) {
            linux.agent.guestReset();
            assertTrue(log.text().contains("its ids stay as they were before the service file was changed"), log::text);
        }
        assertFalse(bench.gate(1), "its vote went with the guest all the same");
        assertEquals(List.of("uart", "bus"), clocksOf(linux, 2));
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        assertTrue(bench.gate(1));
        assertEquals(0, bench.agent("other", "bus").withoutEvents().status(CLOCK, 7, 0, 1, 0), "others go on");
        linux.agent.peerConnected(OTHER);
        assertEquals(List.of("uart", "bus"), clocksOf(linux, 2), "it was tried again");
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        Files.delete(fileOf("linux.state.new"));
        linux.agent.guestReset();
        assertEquals(List.of("bus", "uart"), clocksOf(linux, 2));
        assertFalse(bench.gate(1));
    }

    @Test
    void anAgentThatLeavesGivesUpWhatItHeldAndItsIdIsNobodysElse() throws Exception {
        Bench.Peer linux = connectedWithAVote();
        Bench.Peer other = bench.agent("other", store, CONNECT, "uart", "bus").withEvents();
        assertEquals(0, other.status(CLOCK, 9, 1, 1));
        bench.core.leave(linux.agent, store);
        assertFalse(bench.gate(1));
        assertFalse(Files.exists(directory.resolve("state").resolve("linux.state")));
        assertEquals(-4, other.status(0x10, 7, 1), "BASE_DISCOVER_AGENT of one that has left");
        Bench.Peer third = bench.agent("third", store, CONNECT, "bus").withEvents();
        assertEquals(3, third.agent.id());
        assertEquals(0, third.status(CLOCK, 5, 0, 0, 24_000_000, 0));
        assertEquals(List.of("5300 3 1 16e3600 0"), other.events.take(), "the others go on as before");
    }

    @Test
    void aDamagedFileForgetsAndWorks() throws Exception {
        Path file = directory.resolve("state").resolve("linux.state");
        for (int at : new int[] {0, 4, 8, 56, 64, 160, 480, 484, 488, 512, 600}) {
            connectedWithAVote();
            byte[] bytes = Files.readAllBytes(file);
            bytes[at] ^= (byte) 0x70;
            Files.write(file, bytes);
            Bench.Peer linux = start();
            assertEquals(0, bench.tree.get("uart").users(), "byte " + at);
            assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        }
        store.close();
        Files.write(file, new byte[] {1, 2, 3});
        start();
        assertEquals(0, bench.tree.get("uart").users());
    }

    @Test
    void theFileIsForItsOwnerOnly() throws Exception {
        start();
        Path file = directory.resolve("state").resolve("linux.state");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("state"))));
    }

    @Test
    void anyAgentNameMakesAFileOfItsDirectory() {
        assertEquals("a%2F%2E%2E%2Fb%25-_9.state", AgentStateStore.fileName("a/../b%-_9"));
    }

    @Test
    void filesOfAgentsThatAreGoneAreRemoved() throws Exception {
        start();
        store.retain(Set.of("other"));
        assertFalse(Files.exists(directory.resolve("state").resolve("linux.state")));
    }

    @Test
    void whatTheServiceDidNotMakeIsNotRemoved() throws Exception {
        start();
        Path state = directory.resolve("state");
        Path elsewhere = Files.writeString(directory.resolve("precious"), "x");
        Path link = Files.createSymbolicLink(state.resolve("link.state"), elsewhere);
        Path folder = Files.createDirectory(state.resolve("folder.state"));
        Path other = Files.writeString(state.resolve("notes"), "x");
        store.retain(Set.of("other"));
        assertFalse(Files.exists(state.resolve("linux.state")));
        assertTrue(Files.isSymbolicLink(link) && Files.exists(elsewhere));
        assertTrue(Files.exists(folder) && Files.exists(other));
        assertTrue(Files.exists(state.resolve("lock")) && Files.exists(state.resolve("board.gates")));
    }

    @Test
    void aSecondServiceIsRefused() throws Exception {
        start();
        IOException refusal =
                assertThrows(IOException.class, () -> AgentStateStore.open(directory.resolve("state"), BOOT));
        assertTrue(String.valueOf(refusal.getMessage()).contains("running already"), refusal::toString);
    }

    @Test
    void anotherProcessBeginsAnew() throws Exception {
        connectedWithAVote();
        Bench.Peer linux = start();
        linux.agent.peerConnected(OTHER);
        assertFalse(bench.gate(1), "same pid, another process");
    }

    @Test
    void aPeerThatDoesNotComeBackAfterARestartLosesItsVotes() throws Exception {
        connectedWithAVote();
        start();
        bench.loop.passMillis(9_000);
        assertTrue(bench.gate(1));
        bench.loop.passMillis(1_001);
        assertFalse(bench.gate(1));
    }

    @Test
    void inConnectModeAPeerMayBeAwayForTheGrace() throws Exception {
        Bench.Peer linux = connectedWithAVote();
        linux.agent.detached();
        linux.agent.peerGone();
        bench.loop.passMillis(9_999);
        assertTrue(bench.gate(1));
        linux.agent.peerConnected(VMM);
        bench.loop.passMillis(60_000);
        assertTrue(bench.gate(1));
        linux.agent.peerGone();
        bench.loop.passMillis(10_001);
        assertFalse(bench.gate(1));
    }

    @Test
    void inListenModeAPeerThatGoesLosesItsVotesAtOnce() throws Exception {
        Bench.Peer linux = start(LISTEN, BOOT, "uart", "bus");
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        linux.agent.detached();
        assertTrue(bench.gate(1), "a stopped ring is a paused guest");
        linux.agent.peerGone();
        assertFalse(bench.gate(1));
    }

    @Test
    void anOrderlyStopKeepsVotesForTheNextStart() throws Exception {
        Bench.Peer linux = start(LISTEN, BOOT, "uart", "bus");
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        assertEquals(0, linux.status(CLOCK, 7, 0, 1, 0));
        linux.agent.freeze();
        linux.agent.detached();
        linux.agent.peerGone();
        linux.agent.close();
        assertTrue(bench.gate(1));
        start(LISTEN, BOOT, "uart", "bus");
        assertEquals(1, bench.tree.get("uart").users());
    }

    @Test
    void anAcceptedCommandIsCarriedOutAfterARestart() throws Exception {
        Bench.Peer linux = connectedWithAVote();
        linux.callWithin(8, CLOCK, 5, 1, 0, 12_000_000, 0);
        int token = linux.lastToken();
        linux = start();
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        bench.loop.passMillis(100);
        assertEquals(12_000_000, linux.call(CLOCK, 6, 0)[1]);
        assertEquals(List.of(Integer.toHexString(0x5205 | (token << 18)) + " 0 0 b71b00 0"), linux.events.take());
    }

    @Test
    void anAcceptedCommandThatComesAgainIsNotDoneTwice() throws Exception {
        Bench.Peer linux = connectedWithAVote();
        linux.callWithin(8, CLOCK, 5, 1, 0, 12_000_000, 0);
        byte[] same = new byte[20];
        java.nio.ByteBuffer.wrap(same)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putInt(0x5005 | (linux.lastToken() << 18))
                .putInt(1)
                .putInt(0)
                .putInt(12_000_000);
        linux = start();
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        linux.agent.flushEvents();
        assertEquals(List.of(), linux.events.take(), "its response is not out yet");
        assertEquals(8, linux.exchange(same, 8).length);
        linux.agent.flushEvents();
        assertEquals(1, linux.events.take().size());
        bench.loop.passMillis(100);
        assertEquals(List.of(), linux.events.take());
    }

    @Test
    void aDelayedResponseThatWasHeldIsSentAfterARestart() throws Exception {
        Bench.Peer linux = connectedWithAVote();
        linux.events.free = 0;
        assertEquals(0, linux.status(CLOCK, 5, 1, 0, 12_000_000, 0));
        linux = start();
        linux.agent.peerConnected(VMM);
        linux.withEvents();
        bench.loop.passMillis(100);
        assertEquals(1, linux.events.take().size());
    }
}
