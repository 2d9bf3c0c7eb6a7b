// How the wishes of several agents for one clock's rate become one.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.Status;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.state.AgentStateStore;

class ClockArbitrationTest {
    private static final int CLOCK = Bench.CLOCK;
    private static final int RATE_SET = 5;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    private void with(ArbitrationPolicy policyOfBus) throws Exception {
        Board board = Bench.board(directory, Bench.BOARD);
        var arbitration = new ArbitrationSpec(Map.of(ResourceKind.CLOCK, Map.of("bus", policyOfBus)));
        bench = new Bench(board, List.of(), arbitration, Windows.open(board, true), OpenedGates.inMemory());
    }

    private Bench.Peer agent(String name) throws Exception {
        return bench.agent(name, "bus", "osc").withEvents();
    }

    private static int set(Bench.Peer agent, int hz) {
        return agent.status(CLOCK, RATE_SET, 0, 0, hz, 0);
    }

    private void assertRate(long hz) {
        assertEquals(hz, bench.tree.get("bus").rate());
    }

    @Test
    void theLastWriterWinsIfNothingIsSaid() throws Exception {
        with(ArbitrationPolicy.DEFAULT);
        Bench.Peer a = agent("a");
        Bench.Peer b = agent("b");
        assertEquals(0, set(a, 24_000_000));
        assertEquals(0, set(b, 3_000_000));
        assertRate(3_000_000);
        b.agent.guestReset();
        assertRate(3_000_000);
    }

    @Test
    void theHighestWishWinsWhoeverComesLast() throws Exception {
        with(new ArbitrationPolicy.Highest());
        Bench.Peer a = agent("a");
        Bench.Peer b = agent("b");
        assertEquals(0, set(a, 8_000_000));
        assertEquals(0, set(b, 4_000_000), "it counts, though it changes nothing now");
        assertRate(8_000_000);
        assertEquals(0, set(b, 12_000_000));
        assertRate(12_000_000);
        assertEquals(0, set(b, 3_000_000));
        assertRate(8_000_000);
        assertEquals(0, set(a, 2_000_000));
        assertRate(3_000_000);
    }

    @Test
    void anAgentThatGoesAwayWantsNothingAnyMore() throws Exception {
        with(new ArbitrationPolicy.Highest());
        Bench.Peer a = agent("a");
        Bench.Peer b = agent("b");
        assertEquals(0, set(a, 8_000_000));
        assertEquals(0, set(b, 24_000_000));
        b.agent.guestReset();
        assertRate(8_000_000);
        a.agent.guestReset();
        assertRate(8_000_000);
    }

    @Test
    void aGuestThatStartsAnewIsNotToldWhatItsOwnResetChanged() throws Exception {
        with(new ArbitrationPolicy.Highest());
        Bench.Peer a = bench.agent("a", "bus", "leaf").withEvents();
        Bench.Peer b = agent("b");
        assertEquals(0, set(a, 24_000_000));
        assertEquals(0, set(b, 3_000_000));
        assertEquals(0, a.status(CLOCK, 9, 1, 1), "leaf runs from bus");
        a.events.free = 0;
        a.agent.guestReset();
        assertRate(3_000_000);
        assertEquals(0, a.status(CLOCK, 9, 1, 1));
        a.events.free = 8;
        a.agent.flushEvents();
        assertEquals(List.of(), a.events.take());
    }

    @Test
    void aWishThatCannotBeMadeIsRefusedAndForgotten() throws Exception {
        with(new ArbitrationPolicy.Highest());
        Bench.Peer a = agent("a");
        Bench.Peer b = agent("b");
        assertEquals(0, set(a, 8_000_000));
        assertEquals(Status.Code.INVALID_PARAMETERS, set(b, 100_000_000));
        assertEquals(Status.Code.INVALID_PARAMETERS, set(b, 1), "below the lowest, though it would change nothing");
        assertEquals(0, set(a, 4_000_000));
        assertRate(4_000_000);
    }

    @Test
    void anAsynchronousWishIsArbitratedToo() throws Exception {
        with(new ArbitrationPolicy.Highest());
        Bench.Peer a = agent("a");
        Bench.Peer b = agent("b");
        assertEquals(0, set(a, 8_000_000));
        assertEquals(0, b.status(CLOCK, RATE_SET, 1, 0, 4_000_000, 0));
        int header = 0x5205 | (b.lastToken() << 18);
        assertEquals(
                List.of(Integer.toHexString(header) + " 0 0 " + Integer.toHexString(8_000_000) + " 0"),
                b.events.take(),
                "the response says which rate there is");
    }

    @Test
    void wishesSurviveTheService() throws Exception {
        var store = AgentStateStore.open(directory.resolve("state"), "11111111-2222-3333-4444-555555555555");
        with(new ArbitrationPolicy.Highest());
        Bench.Peer a = bench.agent("a", store, new Agent.Presence(false, 10_000), "bus", "osc")
                .withEvents();
        assertEquals(0, set(a, 24_000_000));
        with(new ArbitrationPolicy.Highest());
        bench.agent("a", store, new Agent.Presence(false, 10_000), "bus", "osc");
        Bench.Peer b = agent("b");
        bench.core.resume(false);
        assertEquals(0, set(b, 3_000_000));
        assertRate(24_000_000);
        store.close();
    }

    @Test
    void anOwnerDecidesAlone() throws Exception {
        with(new ArbitrationPolicy.Owner("b"));
        Bench.Peer a = agent("a");
        Bench.Peer b = agent("b");
        assertEquals(Status.Code.DENIED, set(a, 8_000_000));
        assertEquals(Status.Code.DENIED, a.status(CLOCK, RATE_SET, 1, 0, 8_000_000, 0));
        assertEquals(Status.Code.DENIED, a.status(CLOCK, 0xD, 0, 1), "nor its parent");
        assertEquals(0, a.status(CLOCK, 7, 0, 1, 0), "on and off are votes");
        assertEquals(0, set(b, 8_000_000));
        assertRate(8_000_000);
        assertArrayEquals(new int[] {0, 1 << 31}, a.call(CLOCK, 0xF, 0), "state only");
        assertArrayEquals(new int[] {0, 7 << 29}, b.call(CLOCK, 0xF, 0));
        assertEquals(2, a.call(CLOCK, 3, 0)[1] & 2, "restricted");
        assertEquals(0, b.call(CLOCK, 3, 0)[1] & 2);
    }
}
