// What an agent has asked of hardware: every way in which it may end, and what may happen meanwhile.
package org.scmid.server.core.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.Grant;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Work;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Status;
import org.scmid.protocol.StatusReply;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.server.core.Bench;
import org.scmid.server.core.LogRecords;
import org.scmid.server.core.state.AgentState;
import org.scmid.server.core.state.AgentStateStore;
import org.scmid.server.core.state.Numbering;
import org.scmid.server.core.state.Section;
import org.scmid.testing.HandLoop;
import org.scmid.transport.AgentPort;
import org.scmid.transport.EventSink;

class OperationTest {
    private static final int CLOCK = ProtocolId.CLOCK.id();

    /** Commands of the agent, by their message ids: one that is done at once or later, one that is accepted. */
    private static final int DO = 7;

    private static final int ACCEPT = 5;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final HandLoop loop = new HandLoop();
    private final Agents agents = new Agents(loop);
    private final List<String> seen = new ArrayList<>();
    private final List<Integer> replies = new ArrayList<>();
    private final List<Integer> events = new ArrayList<>();
    private final byte[] reply = new byte[64];
    private final Scripted first = new Scripted("first");
    private final Scripted second = new Scripted("second");

    @SuppressWarnings("NullAway.Init")
    private Board board;

    @SuppressWarnings("NullAway.Init")
    private Agent agent;

    /** Hardware that answers as the test says, and tells what it is asked and what follows. */
    private final class Scripted extends Procedure {
        private final String name;
        private final Deque<Outcome> outcomes = new ArrayDeque<>();
        private @Nullable Operation asked;
        private @Nullable Procedure next;
        private boolean isHolding = true;
        private boolean isBroken;

        Scripted(String name) {
            this.name = name;
        }

        /** What it answers, time by time. */
        Scripted answers(Outcome... its) {
            outcomes.addAll(Arrays.asList(its));
            return this;
        }

        Waiter waiter() {
            if (asked == null) {
                throw new AssertionError(name + " was not asked");
            }
            return asked;
        }

        @Override
        protected Outcome ask(Operation operation) {
            seen.add(name + " asked");
            asked = operation;
            if (isBroken) {
                throw new IllegalStateException("as the test wants it");
            }
            return outcomes.remove();
        }

        @Override
        protected void succeeded(Operation operation) {
            seen.add(name + " succeeded");
        }

        @Override
        protected int done(Operation operation) {
            seen.add(name + " done");
            return next == null ? Status.Code.SUCCESS : operation.goOn(next);
        }

        @Override
        protected void undone(Operation operation) {
            seen.add(name + " undone");
        }

        @Override
        protected boolean isHolding() {
            return isHolding;
        }
    }

    /** All protocols, as far as the agent's channel knows. */
    private final class TwoCommands implements Commands, Events {
        @Override
        public int execute(Call call) {
            AgentResource uart = call.agent().view(ResourceKind.CLOCK).at(0);
            call.prepareReply(StatusReply.LENGTH, 0, uart);
            if (Header.messageId(call.header()) == ACCEPT) {
                assertTrue(call.agent().state().accept(call.header(), uart.id(), 0, 0));
                return call.returned(Status.Code.SUCCESS);
            }
            return call.returned(call.operation().run(first));
        }

        @Override
        public int carryOut(Agent of, int slot) {
            return of.begin(slot, of.view(ResourceKind.CLOCK).at(0)).run(first);
        }

        @Override
        public boolean hasDelayedResponse(int flags) {
            return true;
        }

        @Override
        public int renderDelayed(Agent of, int slot, MessageBuffer into) {
            return StatusReply.writeDelayed(into, of.state().pendingHeader(slot), Status.Code.SUCCESS);
        }

        @Override
        public int render(Agent of, NotificationQueue.Entry entry, MessageBuffer into) {
            throw new AssertionError("there are no notifications");
        }

        @Override
        public List<MessageTable<?>> tables() {
            return List.of(ClockMessage.TABLE);
        }

        @Override
        public int placeOf(Agent of, int protocolId) {
            return 0;
        }

        @Override
        public Events events(int protocolId) {
            return this;
        }

        @Override
        public void reportError(Agent of, int header, int status) {
            throw new AssertionError("nothing fails in silence");
        }

        @Override
        public boolean release(Agent of, ReleaseProgress progress, Work work, long end) {
            of.state().clearPending(ProtocolId.CLOCK);
            return true;
        }

        @Override
        public void sessionBegan(Agent of) {
            seen.add("session");
        }

        @Override
        public void renumbered(Agent of) {
            seen.add("renumbered");
        }
    }

    private final Commands commands = new TwoCommands();

    /** The ids that the service file asks for, when it has changed since the guest began. */
    private final Renumbering renumbering = new Renumbering() {
        @Override
        public Numbering configured() {
            return numbering("leaf");
        }

        @Override
        public Renumbered renumber(Agent of) throws IOException {
            return new Renumbered(views("leaf"), store.renew("linux", sections, configured(), of.state()));
        }
    };

    private final AgentStateStore store = AgentStateStore.inMemory();
    private final List<Section> sections = List.of(Section.of(CLOCK, ResourceKind.CLOCK, 2, 1));

    private static Numbering numbering(String... clocks) {
        return Numbering.of(grants(clocks), List.of());
    }

    private static Map<ResourceKind, List<Grant>> grants(String... clocks) {
        return Map.of(ResourceKind.CLOCK, Bench.grants(clocks));
    }

    private ResourceViews views(String... clocks) {
        return new ResourceViews(board, numbering(clocks), grants(clocks));
    }

    @BeforeEach
    void anAgent() throws Exception {
        board = Bench.board(directory, Bench.BOARD);
        AgentState state = store.load("linux", sections, numbering("uart", "bus"));
        agent = new Agent(
                agents.nextId(),
                "linux",
                false,
                new Agent.Presence(false, 10_000),
                views("uart", "bus"),
                state,
                renumbering,
                agents,
                commands,
                loop);
        agents.add(agent);
        attach();
    }

    /** A transport publishes a reply that came late in its own turn; then is a time to send events. */
    private final EventLoop.Task transportTurn = new EventLoop.Task(() -> agent.flushEvents());

    private void attach() {
        agent.attached(
                new EventSink() {
                    @Override
                    public int maxLength() {
                        return reply.length;
                    }

                    @Override
                    public Result offer(byte[] event, int length) {
                        events.add(statusIn(event));
                        return Result.SENT;
                    }
                },
                length -> {
                    replies.add(statusIn(reply));
                    loop.runSoon(transportTurn);
                });
    }

    private static int statusIn(byte[] message) {
        return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(Header.HEADER_BYTES);
    }

    /** Sends a command; the status, or {@link AgentPort#DEFERRED}. */
    private int send(int message) {
        byte[] request = new byte[Header.HEADER_BYTES];
        ByteBuffer.wrap(request)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Header.encode(message, MessageType.COMMAND, CLOCK, 1));
        int length = agent.execute(request, request.length, reply, reply.length);
        return length == AgentPort.DEFERRED ? length : statusIn(reply);
    }

    private void sendWhatEndsLater() {
        assertEquals(AgentPort.DEFERRED, send(DO));
    }

    private void accept() {
        assertEquals(Status.Code.SUCCESS, send(ACCEPT));
        agent.flushEvents();
    }

    /** The statuses of the replies that came later, and forgets them. */
    private List<Integer> replies() {
        List<Integer> taken = List.copyOf(replies);
        replies.clear();
        return taken;
    }

    /** The statuses of the delayed responses, and forgets them. */
    private List<Integer> events() {
        loop.settle();
        List<Integer> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    private List<String> seen() {
        List<String> taken = List.copyOf(seen);
        seen.clear();
        return taken;
    }

    // ---- How it may end.

    @Test
    void whatEndsAtOnceIsAnsweredAtOnce() {
        first.answers(Outcome.OK);
        assertEquals(Status.Code.SUCCESS, send(DO));
        assertEquals(List.of("first asked", "first succeeded", "first done"), seen());
        assertEquals(List.of(), replies());
    }

    @Test
    void whatIsRefusedAtOnceHasNothingThatWouldBeTakenBack() {
        first.answers(Outcome.REFUSED);
        assertEquals(Status.Code.DENIED, send(DO));
        assertEquals(List.of("first asked"), seen());
    }

    @Test
    void whatEndsLaterIsAnsweredWhenItHasEnded() {
        first.answers(Outcome.STARTED);
        sendWhatEndsLater();
        assertEquals(List.of("first asked"), seen());
        assertEquals(List.of(), replies());
        first.waiter().ended(Outcome.OK);
        assertEquals(List.of("first succeeded", "first done"), seen());
        assertEquals(List.of(Status.Code.SUCCESS), replies());
    }

    @Test
    void whatFailsLaterIsTakenBackAndAnswered() {
        first.answers(Outcome.STARTED);
        sendWhatEndsLater();
        first.waiter().ended(Outcome.FAILED);
        assertEquals(List.of("first asked", "first undone"), seen());
        assertEquals(List.of(Status.Code.HARDWARE_ERROR), replies());
    }

    @Test
    void whatIsBusyIsAskedAgainUntilItIsNot() {
        first.answers(Outcome.BUSY, Outcome.BUSY, Outcome.STARTED);
        sendWhatEndsLater();
        first.waiter().mayAskAgain();
        first.waiter().mayAskAgain();
        assertEquals(List.of("first asked", "first asked", "first asked"), seen());
        assertEquals(List.of(), replies());
        first.waiter().ended(Outcome.OK);
        assertEquals(List.of("first succeeded", "first done"), seen());
        assertEquals(List.of(Status.Code.SUCCESS), replies());
    }

    @Test
    void whatIsRefusedWhenItIsAskedAgainIsAnsweredSo() {
        first.answers(Outcome.BUSY, Outcome.OUT_OF_LIMITS);
        sendWhatEndsLater();
        first.waiter().mayAskAgain();
        assertEquals(List.of("first asked", "first asked"), seen(), "it was never started, so nothing is taken back");
        assertEquals(List.of(Status.Code.INVALID_PARAMETERS), replies());
    }

    @Test
    void whateverBreaksLaterTheAgentIsAnswered() {
        first.answers(Outcome.BUSY);
        sendWhatEndsLater();
        first.isBroken = true;
        try (LogRecords log = new LogRecords()) {
            first.waiter().mayAskAgain();
            assertTrue(log.text().contains("a command about uart failed"), log::text);
        }
        assertEquals(List.of(Status.Code.HARDWARE_ERROR), replies());
    }

    @Test
    void whoAskedActsWhenItEndsLaterAndNobodyAfterwards() {
        first.answers(Outcome.BUSY, Outcome.OK);
        sendWhatEndsLater();
        first.waiter().mayAskAgain();
        assertEquals(null, agents.acting());
        assertEquals(agent, Agents.of(first.waiter().cause()));
    }

    // ---- A chain.

    @Test
    void whatGoesOnIsAnsweredWhenItsLastPartHasEnded() {
        first.answers(Outcome.STARTED).next = second;
        second.answers(Outcome.BUSY, Outcome.STARTED);
        sendWhatEndsLater();
        first.waiter().ended(Outcome.OK);
        assertEquals(List.of("first asked", "first succeeded", "first done", "second asked"), seen());
        assertEquals(List.of(), replies());
        second.waiter().mayAskAgain();
        second.waiter().ended(Outcome.OK);
        assertEquals(List.of("second asked", "second succeeded", "second done"), seen());
        assertEquals(List.of(Status.Code.SUCCESS), replies());
    }

    @Test
    void aChainThatBeginsAtOnceMayEndLater() {
        first.answers(Outcome.OK).next = second;
        second.answers(Outcome.STARTED);
        sendWhatEndsLater();
        second.waiter().ended(Outcome.OK);
        assertEquals(List.of(Status.Code.SUCCESS), replies());
    }

    @Test
    void aChainThatEndsAtOnceIsAnsweredAtOnce() {
        first.answers(Outcome.OK).next = second;
        second.answers(Outcome.REFUSED);
        assertEquals(Status.Code.DENIED, send(DO));
    }

    @Test
    void onlyThePartThatFailsIsTakenBack() {
        first.answers(Outcome.STARTED).next = second;
        second.answers(Outcome.STARTED);
        sendWhatEndsLater();
        first.waiter().ended(Outcome.OK);
        seen();
        second.waiter().ended(Outcome.FAILED);
        assertEquals(List.of("second undone"), seen());
        assertEquals(List.of(Status.Code.HARDWARE_ERROR), replies());
    }

    @Test
    void aChainThatNobodyWaitsForGoesNoFurther() {
        first.answers(Outcome.STARTED).next = second;
        sendWhatEndsLater();
        agent.detached();
        first.waiter().ended(Outcome.OK);
        assertEquals(List.of("first asked", "first succeeded"), seen());
    }

    // ---- Its ring is stopped meanwhile.

    @Test
    void whatHardwareDidForACommandThatWasAbandonedIsKeptAndNobodyIsAnswered() {
        first.answers(Outcome.STARTED);
        sendWhatEndsLater();
        agent.detached();
        attach();
        first.waiter().ended(Outcome.OK);
        assertEquals(List.of("first asked", "first succeeded"), seen());
        assertEquals(List.of(), replies());
    }

    @Test
    void whatHardwareDidNotDoForACommandThatWasAbandonedIsTakenBack() {
        first.answers(Outcome.STARTED);
        sendWhatEndsLater();
        agent.detached();
        first.waiter().ended(Outcome.FAILED);
        assertEquals(List.of("first asked", "first undone"), seen());
        assertEquals(List.of(), replies());
    }

    @Test
    void whatNobodyWaitsForIsNotAskedAgain() {
        first.answers(Outcome.BUSY);
        sendWhatEndsLater();
        agent.detached();
        first.waiter().mayAskAgain();
        assertEquals(List.of("first asked"), seen());
    }

    @Test
    void theCommandThatComesAgainIsAnsweredByItsOwnEndAndNotByThatOfTheAbandonedOne() {
        first.answers(Outcome.STARTED, Outcome.STARTED);
        sendWhatEndsLater();
        Waiter abandoned = first.waiter();
        agent.detached();
        attach();
        sendWhatEndsLater();
        Waiter again = first.waiter();
        seen();
        abandoned.ended(Outcome.FAILED);
        assertEquals(List.of("first undone"), seen());
        assertEquals(List.of(), replies());
        again.ended(Outcome.OK);
        assertEquals(List.of("first succeeded", "first done"), seen());
        assertEquals(List.of(Status.Code.SUCCESS), replies());
    }

    // ---- Its agent gives up everything meanwhile.

    @Test
    void whoHasGivenUpEverythingIsToldBusyInsteadOfHoldingSomething() {
        first.answers(Outcome.STARTED);
        sendWhatEndsLater();
        agent.release();
        first.waiter().ended(Outcome.OK);
        assertEquals(List.of("first asked", "first succeeded"), seen());
        assertEquals(List.of(Status.Code.BUSY), replies());
    }

    @Test
    void whoHasGivenUpEverythingHasNothingThatWouldBeTakenBack() {
        first.answers(Outcome.STARTED);
        sendWhatEndsLater();
        agent.release();
        first.waiter().ended(Outcome.FAILED);
        assertEquals(List.of("first asked"), seen());
        assertEquals(List.of(Status.Code.BUSY), replies());
    }

    @Test
    void whatWouldBeHeldIsNotAskedAgainForWhoHasGivenUpEverything() {
        first.answers(Outcome.BUSY);
        sendWhatEndsLater();
        agent.release();
        first.waiter().mayAskAgain();
        assertEquals(List.of("first asked"), seen());
        assertEquals(List.of(Status.Code.BUSY), replies());
    }

    @Test
    void whatLeavesNothingWithTheAgentIsAnsweredAsItEnds() {
        first.isHolding = false;
        first.answers(Outcome.STARTED, Outcome.STARTED);
        sendWhatEndsLater();
        agent.release();
        first.waiter().ended(Outcome.OK);
        assertEquals(List.of(Status.Code.SUCCESS), replies());
        sendWhatEndsLater();
        agent.release();
        first.waiter().ended(Outcome.FAILED);
        assertEquals(List.of(Status.Code.HARDWARE_ERROR), replies());
        assertFalse(seen().contains("first undone"));
    }

    @Test
    void whatLeavesNothingWithTheAgentIsAskedAgain() {
        first.isHolding = false;
        first.answers(Outcome.BUSY, Outcome.OK);
        sendWhatEndsLater();
        agent.release();
        first.waiter().mayAskAgain();
        assertEquals(List.of(Status.Code.SUCCESS), replies());
    }

    @Test
    void whatIsAskedAfterEverythingWasGivenUpIsHeld() {
        first.answers(Outcome.STARTED);
        agent.release();
        sendWhatEndsLater();
        first.waiter().ended(Outcome.OK);
        assertEquals(List.of(Status.Code.SUCCESS), replies());
    }

    // ---- Asynchronous commands.

    @Test
    void anAsynchronousCommandIsAnsweredWhenItHasEnded() {
        first.answers(Outcome.STARTED, Outcome.BUSY, Outcome.OK, Outcome.STARTED);
        accept();
        assertEquals(List.of(), events());
        first.waiter().ended(Outcome.OK);
        assertEquals(List.of(Status.Code.SUCCESS), events());
        accept();
        first.waiter().mayAskAgain();
        assertEquals(List.of(Status.Code.SUCCESS), events());
        accept();
        first.waiter().ended(Outcome.FAILED);
        assertEquals(List.of(Status.Code.HARDWARE_ERROR), events());
        assertEquals(List.of(), replies());
    }

    @Test
    void anAsynchronousCommandGoesOnWhileItsRingIsStopped() {
        first.answers(Outcome.BUSY, Outcome.STARTED);
        accept();
        agent.detached();
        first.waiter().mayAskAgain();
        first.waiter().ended(Outcome.OK);
        assertEquals(List.of(), events());
        attach();
        assertEquals(List.of(Status.Code.SUCCESS), events());
    }

    @Test
    void anAsynchronousCommandIsNotAnsweredToWhoHasGivenUpEverything() {
        first.isHolding = false;
        first.answers(Outcome.STARTED, Outcome.BUSY);
        accept();
        agent.release();
        first.waiter().ended(Outcome.OK);
        accept();
        agent.release();
        first.waiter().mayAskAgain();
        assertEquals(List.of(), events());
        assertEquals(List.of("first asked", "first succeeded", "first asked"), seen());
    }

    @Test
    void anAsynchronousCommandThatComesIntoTheSameSlotIsEndedByItsOwnEnd() {
        first.answers(Outcome.STARTED, Outcome.STARTED);
        accept();
        Waiter former = first.waiter();
        agent.release();
        accept();
        former.ended(Outcome.FAILED);
        assertEquals(List.of(), events());
        first.waiter().ended(Outcome.OK);
        assertEquals(List.of(Status.Code.SUCCESS), events());
    }

    // ---- Its agent is another one by then.

    @Test
    void anEndThatComesAfterTheGuestWasResetAndHasOtherIdsAnswersNobody() {
        first.answers(Outcome.STARTED, Outcome.STARTED, Outcome.STARTED, Outcome.STARTED);
        sendWhatEndsLater();
        Waiter command = first.waiter();
        accept();
        Waiter asynchronous = first.waiter();
        agent.guestReset();
        assertEquals(List.of("first asked", "first asked", "renumbered"), seen());
        assertEquals("leaf", agent.view(ResourceKind.CLOCK).at(0).name());
        accept();
        Waiter anew = first.waiter();
        sendWhatEndsLater();
        command.ended(Outcome.FAILED);
        asynchronous.ended(Outcome.FAILED);
        assertEquals(List.of(), replies());
        assertEquals(List.of(), events());
        first.waiter().ended(Outcome.OK);
        anew.ended(Outcome.OK);
        assertEquals(List.of(Status.Code.SUCCESS), replies());
        assertEquals(List.of(Status.Code.SUCCESS), events());
    }

    @Test
    void anEndThatComesAfterTheAgentHasLeftTouchesNothingOfIt() {
        first.answers(Outcome.STARTED, Outcome.STARTED, Outcome.BUSY);
        sendWhatEndsLater();
        Waiter command = first.waiter();
        accept();
        Waiter asynchronous = first.waiter();
        accept();
        Waiter busy = first.waiter();
        agent.detached();
        agent.freeze();
        agent.release();
        agents.remove(agent);
        agent.close();
        try (LogRecords log = new LogRecords()) {
            command.ended(Outcome.FAILED);
            asynchronous.ended(Outcome.OK);
            busy.mayAskAgain();
            assertEquals("", log.text());
        }
        assertEquals(List.of(), replies());
        assertEquals(List.of(), events());
    }
}
