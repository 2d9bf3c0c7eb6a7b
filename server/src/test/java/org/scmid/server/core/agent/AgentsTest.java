// Who has which id when agents come and go while the service runs.
package org.scmid.server.core.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.protocol.Status;
import org.scmid.server.core.Bench;
import org.scmid.server.core.state.AgentStateStore;

class AgentsTest {
    private static final int PROTOCOL_ATTRIBUTES = 1;
    private static final int DISCOVER_AGENT = 7;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    private final AgentStateStore store = AgentStateStore.inMemory();

    @BeforeEach
    void aBench() throws Exception {
        bench = new Bench(directory);
    }

    private Bench.Peer join(String name) throws IOException {
        return bench.agent(name, "uart").withoutEvents();
    }

    private void leave(Bench.Peer peer) {
        bench.core.leave(peer.agent, store);
    }

    private List<Bench.Peer> join(int count) throws IOException {
        List<Bench.Peer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            peers.add(join("agent " + peers.size()));
        }
        return peers;
    }

    private static Agents agentsOf(Bench.Peer peer) {
        return peer.agent.agents();
    }

    /** The count of agents that BASE_PROTOCOL_ATTRIBUTES tells, bits 15:8. */
    private static int countSeenBy(Bench.Peer peer) {
        return peer.call(Bench.BASE, PROTOCOL_ATTRIBUTES)[1] >> 8 & 0xFF;
    }

    private static int statusOfDiscovering(Bench.Peer peer, int id) {
        return peer.call(Bench.BASE, DISCOVER_AGENT, id)[0];
    }

    @Test
    void theIdOfOneThatHasLeftStaysFreeAsLongAsThereAreOthersThatNobodyHad() throws Exception {
        List<Bench.Peer> peers = join(3);
        leave(peers.get(1));
        assertEquals(4, join("the next").agent.id());
        leave(peers.get(2));
        assertEquals(5, join("the one after").agent.id());
        assertEquals(1, peers.getFirst().agent.id(), "who stays keeps its id");
    }

    @Test
    void theIdOfTheLastOneStaysFreeTooWhenItLeaves() throws Exception {
        List<Bench.Peer> peers = join(2);
        leave(peers.get(1));
        assertEquals(3, join("the next").agent.id());
    }

    @Test
    void whenAllIdsWereUsedTheLowestFreeOneIsUsedAgain() throws Exception {
        List<Bench.Peer> peers = join(Agents.MOST);
        assertEquals(Agents.MOST, peers.getLast().agent.id());
        assertThrows(IllegalStateException.class, () -> join("one too many"));
        leave(peers.get(199));
        leave(peers.get(6));
        Bench.Peer seventh = join("the next");
        assertEquals(7, seventh.agent.id());
        assertEquals(200, join("the one after").agent.id());
        assertThrows(IllegalStateException.class, () -> join("one too many"));
        assertEquals(Bench.OK, statusOfDiscovering(seventh, 7));
    }

    @Test
    void anIdThatIsUsedAgainFindsNothingOfWhoHadItBefore() throws Exception {
        List<Bench.Peer> peers = join(Agents.MOST);
        Bench.Peer former = peers.get(69);
        assertEquals(Bench.OK, former.status(Bench.CLOCK, 7, 0, 1, 0));
        leave(former);
        assertEquals(0, bench.tree.get("uart").users());
        join("the next");
        assertEquals(List.of(), bench.core.holders(bench.core.clockProtocol(), 1, 3));
    }

    @Test
    void theProtocolsAttributesTellTheHighestIdSinceAgentsGoThroughAllUpToIt() throws Exception {
        List<Bench.Peer> peers = join(3);
        assertEquals(3, countSeenBy(peers.getFirst()));
        leave(peers.get(1));
        assertEquals(3, countSeenBy(peers.getFirst()), "agent 3 would not be found else");
        leave(peers.get(2));
        assertEquals(3, countSeenBy(peers.getFirst()), "who was told 3 may still ask");
        join("the next");
        assertEquals(4, countSeenBy(peers.getFirst()));
    }

    @Test
    void oneThatHasLeftIsNotFoundAndTheOthersAre() throws Exception {
        List<Bench.Peer> peers = join(3);
        Bench.Peer first = peers.getFirst();
        leave(peers.get(1));
        assertEquals(Bench.OK, statusOfDiscovering(first, 0), "the platform");
        assertEquals(Bench.OK, statusOfDiscovering(first, 1));
        assertEquals(Status.Code.NOT_FOUND, statusOfDiscovering(first, 2));
        assertEquals(Bench.OK, statusOfDiscovering(first, 3));
        assertEquals(Status.Code.NOT_FOUND, statusOfDiscovering(first, 4));
        assertEquals(Status.Code.NOT_FOUND, statusOfDiscovering(first, 255));
    }

    @Test
    void allAreListedByTheirIdsAndFoundByThem() throws Exception {
        List<Bench.Peer> peers = join(4);
        Agents agents = agentsOf(peers.getFirst());
        leave(peers.get(2));
        assertEquals(List.of(1, 2, 4), agents.all().stream().map(Agent::id).toList());
        assertEquals(3, agents.count());
        assertNull(agents.withId(0));
        assertNull(agents.withId(3));
        assertNull(agents.withId(5));
        assertSame(peers.get(3).agent, agents.withId(4));
        assertSame(peers.get(3).agent, agents.get(3));
    }
}
