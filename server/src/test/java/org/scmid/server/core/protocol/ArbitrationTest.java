// Whose wish is followed when several agents wish something of one resource, and some of them come and go.
package org.scmid.server.core.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.server.core.Bench;
import org.scmid.server.core.LogRecords;
import org.scmid.server.core.state.AgentStateStore;

class ArbitrationTest {
    /** Positions on the board. */
    private static final int OSC = 0;

    private static final int BUS = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private TinyProtocol protocol;

    @SuppressWarnings("NullAway.Init")
    private TinyProtocol.Guest left;

    @SuppressWarnings("NullAway.Init")
    private TinyProtocol.Guest right;

    /** Of osc the last wish counts, of bus the highest, of uart only that of `left`. Ids differ: 0, 1, 2 and 2, 1, 0. */
    @BeforeEach
    void twoAgents() throws Exception {
        var spec = new ArbitrationSpec(Map.of(
                ResourceKind.CLOCK,
                Map.of("bus", new ArbitrationPolicy.Highest(), "uart", new ArbitrationPolicy.Owner("left"))));
        protocol = new TinyProtocol(Bench.board(directory, Bench.BOARD), spec, AgentStateStore.inMemory());
        left = protocol.join("left", "osc", "bus", "uart");
        right = protocol.join("right", "uart", "bus", "osc");
    }

    private void wish(TinyProtocol.Guest guest, int clock, long wish) {
        protocol.arbitration.note(guest.agent, guest.clock(clock), wish);
    }

    private List<String> followed() {
        List<String> taken = List.copyOf(protocol.followed);
        protocol.followed.clear();
        return taken;
    }

    @Test
    void onlyTheOwnerIsHeardWhereThereIsOne() {
        assertTrue(protocol.arbitration.hears(left.agent, left.clock(2)));
        assertFalse(protocol.arbitration.hears(right.agent, right.clock(0)));
        assertTrue(protocol.arbitration.hears(right.agent, right.clock(1)));
        assertTrue(protocol.arbitration.hears(right.agent, right.clock(2)));
    }

    @Test
    void theHighestWishIsThatOfWhicheverAgentHasIt() {
        assertEquals(Arbitration.NONE, protocol.arbitration.highest(BUS));
        assertNull(protocol.arbitration.wisherOfMost(BUS, null));
        wish(left, 1, 5);
        wish(right, 1, 7);
        assertEquals(7, protocol.arbitration.highest(BUS));
        assertEquals(right.agent, protocol.arbitration.wisherOfMost(BUS, null));
        assertEquals(left.agent, protocol.arbitration.wisherOfMost(BUS, right.agent));
        wish(right, 1, 0);
        assertEquals(5, protocol.arbitration.highest(BUS));
        assertEquals(Arbitration.NONE, protocol.arbitration.highest(OSC), "another resource");
    }

    @Test
    void aWishOfNothingIsAWish() {
        wish(left, 1, 0);
        assertEquals(0, protocol.arbitration.highest(BUS));
    }

    @Test
    void aWishPrevailsIfNobodyElseWishesMore() {
        wish(left, 1, 5);
        assertFalse(protocol.arbitration.prevails(right.agent, right.clock(1), 4));
        assertTrue(protocol.arbitration.prevails(right.agent, right.clock(1), 5));
        assertTrue(protocol.arbitration.prevails(left.agent, left.clock(1), 1), "its own wish is in nobody's way");
        wish(left, 0, 5);
        assertTrue(protocol.arbitration.prevails(right.agent, right.clock(2), 4), "where the last one counts");
    }

    @Test
    void theLastWishIsTheOnlyOneOnceTheOthersAreForgotten() {
        wish(left, 0, 9);
        wish(right, 2, 4);
        protocol.arbitration.forgetOthers(right.agent, right.clock(2));
        assertEquals(4, protocol.arbitration.highest(OSC));
        assertFalse(left.is(TinyProtocol.WISH, 0));
        assertTrue(right.is(TinyProtocol.WISH, 2));
    }

    @Test
    void aWishThatWasNeverMadeIsNotForgotten() {
        assertFalse(protocol.arbitration.forget(left.agent, left.clock(1)));
        wish(left, 1, 5);
        assertTrue(protocol.arbitration.forget(left.agent, left.clock(1)));
        assertFalse(protocol.arbitration.forget(left.agent, left.clock(1)));
    }

    @Test
    void whatAnAgentWishedThatGoesIsFollowedNoMore() {
        wish(left, 1, 5);
        wish(right, 1, 7);
        right.agent.guestReset();
        assertEquals(List.of(BUS + " 5"), followed());
        protocol.leave(left.agent);
        assertEquals(List.of(BUS + " " + Arbitration.NONE), followed());
        assertNull(protocol.arbitration.wisherOfMost(BUS, null));
    }

    @Test
    void aWishThatCannotBeFollowedAtOnceIsFollowedWithWhatIsWishedByThen() {
        wish(left, 1, 5);
        wish(right, 1, 7);
        protocol.following = Outcome.BUSY;
        right.agent.guestReset();
        assertEquals(List.of(BUS + " 5"), followed());
        wish(right, 1, 6);
        protocol.following = Outcome.OK;
        follower().mayAskAgain();
        assertEquals(List.of(BUS + " 6"), followed());
        follower().mayAskAgain();
        assertEquals(List.of(), followed(), "it was followed");
    }

    @Test
    void aWishThatIsBusyAgainIsFollowedTheNextTime() {
        wish(left, 1, 5);
        protocol.following = Outcome.BUSY;
        protocol.arbitration.follow(BUS);
        follower().mayAskAgain();
        protocol.following = Outcome.STARTED;
        follower().mayAskAgain();
        assertEquals(List.of(BUS + " 5", BUS + " 5", BUS + " 5"), followed());
    }

    @Test
    void whatCouldNotBeFollowedLaterIsTold() {
        wish(left, 1, 5);
        protocol.following = Outcome.STARTED;
        protocol.arbitration.follow(BUS);
        try (LogRecords log = new LogRecords()) {
            follower().ended(Outcome.OK);
            assertEquals("", log.text());
            follower().ended(Outcome.FAILED);
            assertTrue(log.text().contains("what an agent wanted of a clock before could not be set again"), log::text);
        }
    }

    private Waiter follower() {
        Waiter waiter = protocol.follower;
        if (waiter == null) {
            throw new AssertionError("nothing was followed");
        }
        return waiter;
    }
}
