// The smallest protocol that has votes and wishes, with agents that use it.
package org.scmid.server.core.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.service.Grant;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.server.core.Bench;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.agent.Renumbering;
import org.scmid.server.core.agent.ResourceViews;
import org.scmid.server.core.state.AgentStateStore;
import org.scmid.server.core.state.Numbering;
import org.scmid.server.core.state.Section;
import org.scmid.testing.HandLoop;
import org.scmid.transport.AgentPort;

/** A protocol about the clocks of a board, each a {@link ScriptedSwitch}: CLOCK_CONFIG_SET votes. */
final class TinyProtocol extends Protocol {
    static final int VOTE = 1;
    static final int ASKED_OFF = 2;
    static final int WISH = 4;

    private static final int WISHED = 2; // word
    private static final int WORDS = 4;
    private static final int CONFIG_SET = ClockMessage.CLOCK_CONFIG_SET.id();

    final List<ScriptedSwitch> switches;
    final Votes votes;
    final Arbitration arbitration;

    /** What wishes are followed by, question by question, and what is answered. */
    final List<String> followed = new ArrayList<>();

    Outcome following = Outcome.OK;

    @Nullable
    Waiter follower;

    private final Board board;
    private final AgentStateStore store;
    private final Dispatcher dispatcher;
    private final HandLoop loop = new HandLoop();

    TinyProtocol(Board board, ArbitrationSpec arbitration, AgentStateStore store) {
        super(ClockMessage.TABLE, 0x30000, ResourceKind.CLOCK, board.clocks().size(), new Agents(Scheduler.NEVER));
        this.board = board;
        this.store = store;
        switches = Stream.generate(ScriptedSwitch::new)
                .limit(board.clocks().size())
                .toList();
        votes = new Votes(this, resource -> switches.get(resource.index()), VOTE, ASKED_OFF);
        this.arbitration = new Arbitration(
                this, arbitration, ResourceKind.CLOCK, board.clocks().keySet(), WISH, WISHED, this::follow);
        on(
                ClockMessage.CLOCK_CONFIG_SET,
                call -> call.operation()
                        .run(
                                call.request().getU32(Header.REQUEST_PAYLOAD + Integer.BYTES) == 1
                                        ? votes.on
                                        : votes.off));
        dispatcher = new Dispatcher(List.of(this), (agent, header, status) -> {});
    }

    private Outcome follow(int index, Waiter waiter) {
        followed.add(index + " " + arbitration.highest(index));
        follower = waiter;
        return following;
    }

    @Override
    public Section section() {
        return Section.of(id().id(), ResourceKind.CLOCK, WORDS, VOTE | ASKED_OFF | WISH);
    }

    @Override
    protected int heldBy(Aspect aspect) {
        return switch (aspect) {
            case STATE -> VOTE;
            case RATE -> WISH;
            default -> 0;
        };
    }

    @Override
    protected void release(Agent agent, AgentResource resource) {
        votes.release(agent, resource);
        if (arbitration.forget(agent, resource)) {
            arbitration.follow(resource.index());
        }
    }

    @Override
    protected void restore(Agent agent, AgentResource resource, boolean apply) {
        votes.restore(agent, resource, apply);
    }

    /** An agent with these clocks of the board, in the order of its ids. */
    Guest join(String name, String... clocks) throws IOException {
        Map<ResourceKind, List<Grant>> grants = Map.of(ResourceKind.CLOCK, Bench.grants(clocks));
        Numbering numbering = Numbering.of(grants, List.of());
        var state = store.load(name, dispatcher.sections(), numbering);
        Renumbering renumbering = new Renumbering() {
            @Override
            public Numbering configured() {
                return numbering;
            }

            @Override
            public Renumbered renumber(Agent agent) throws IOException {
                return new Renumbered(
                        new ResourceViews(board, numbering, grants),
                        store.renew(name, dispatcher.sections(), numbering, agent.state()));
            }
        };
        Agent agent = new Agent(
                agents().nextId(),
                name,
                false,
                new Agent.Presence(false, 10_000),
                new ResourceViews(board, state.numbering(), grants),
                state,
                renumbering,
                agents(),
                dispatcher,
                loop);
        agents().add(agent);
        dispatcher.follow(agent);
        return new Guest(agent);
    }

    /** An agent leaves for good. */
    void leave(Agent agent) {
        agent.freeze();
        agent.release();
        agents().remove(agent);
        dispatcher.forget(agent);
        agent.close();
    }

    /** The guest's side of an agent. */
    final class Guest {
        final Agent agent;
        private final byte[] reply = new byte[64];
        private final List<Integer> replies = new ArrayList<>();

        Guest(Agent agent) {
            this.agent = agent;
            attach();
        }

        void attach() {
            agent.attached(null, length -> replies.add(statusIn(reply)));
        }

        /** Switches a clock on or off: the status, or {@link AgentPort#DEFERRED}. */
        int set(int clock, boolean on) {
            byte[] request = new byte[Header.HEADER_BYTES + 3 * Integer.BYTES];
            ByteBuffer.wrap(request)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(Header.encode(CONFIG_SET, MessageType.COMMAND, ProtocolId.CLOCK.id(), 1))
                    .putInt(clock)
                    .putInt(on ? 1 : 0);
            int length = agent.execute(request, request.length, reply, reply.length);
            return length == AgentPort.DEFERRED ? length : statusIn(reply);
        }

        private static int statusIn(byte[] message) {
            return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(Header.HEADER_BYTES);
        }

        /** The statuses of replies that came later. */
        List<Integer> replies() {
            List<Integer> taken = List.copyOf(replies);
            replies.clear();
            return taken;
        }

        AgentResource clock(int id) {
            return view(agent).at(id);
        }

        boolean is(int flag, int clock) {
            return state(agent).is(flag, clock);
        }

        /** What is remembered of a clock, and whether its driver counts the agent as a user. */
        String vote(int clock) {
            String said = is(VOTE, clock) ? "votes" : is(ASKED_OFF, clock) ? "asked off" : "nothing";
            return said + (clock(clock).isCounted() ? " counted" : "");
        }
    }
}
