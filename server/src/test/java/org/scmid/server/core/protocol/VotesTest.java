// What agents have switched on and off, when hardware takes its time, fails, or others come in between.
package org.scmid.server.core.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.linux.PeerIdentity;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.Status;
import org.scmid.server.core.Bench;
import org.scmid.server.core.LogRecords;
import org.scmid.server.core.state.AgentStateStore;
import org.scmid.transport.AgentPort;

class VotesTest {
    private static final String BOOT = "11111111-2222-3333-4444-555555555555";
    private static final int OK = Status.Code.SUCCESS;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Board board;

    @SuppressWarnings("NullAway.Init")
    private TinyProtocol protocol;

    @SuppressWarnings("NullAway.Init")
    private TinyProtocol.Guest linux;

    @SuppressWarnings("NullAway.Init")
    private ScriptedSwitch hardware;

    private AgentStateStore store = AgentStateStore.inMemory();

    @BeforeEach
    void anAgent() throws Exception {
        board = Bench.board(directory, Bench.BOARD);
        start("osc", "uart");
    }

    private void start(String... clocks) throws IOException {
        protocol = new TinyProtocol(board, ArbitrationSpec.NONE, store);
        linux = protocol.join("linux", clocks);
        hardware = protocol.switches.getFirst(); // of osc
    }

    private void on() {
        assertEquals(OK, linux.set(0, true));
        assertEquals(List.of("acquire"), hardware.asked());
    }

    // ---- On.

    @Test
    void aVoteIsCountedOnceAndTheHardwareIsKeptOnAfterwards() {
        on();
        assertEquals("votes counted", linux.vote(0));
        assertEquals(OK, linux.set(0, true));
        assertEquals(List.of("keepOn"), hardware.asked());
    }

    @Test
    void whatNothingSwitchesOffStaysOnAndItsVoteStays() {
        hardware.isAlwaysOn();
        on();
        assertEquals(Status.Code.DENIED, linux.set(0, false));
        assertEquals(List.of(), hardware.asked());
        assertEquals("votes counted", linux.vote(0));
    }

    @Test
    void whatIsRefusedLeavesNoVote() {
        hardware.answers(Outcome.REFUSED);
        assertEquals(Status.Code.DENIED, linux.set(0, true));
        assertEquals("nothing", linux.vote(0));
    }

    @Test
    void aVoteForWhatIsStartedIsThereAtOnceAndIsTakenBackIfItFailsLater() {
        hardware.answers(Outcome.STARTED);
        assertEquals(AgentPort.DEFERRED, linux.set(0, true));
        assertEquals("votes counted", linux.vote(0));
        hardware.waiter().ended(Outcome.FAILED);
        assertEquals("nothing", linux.vote(0), "and the driver does not count it any more");
        assertEquals(List.of("acquire"), hardware.asked());
        assertEquals(List.of(Status.Code.HARDWARE_ERROR), linux.replies());
    }

    @Test
    void whatIsBusyIsNotVotedForUntilItHasBegun() {
        hardware.answers(Outcome.BUSY, Outcome.STARTED);
        assertEquals(AgentPort.DEFERRED, linux.set(0, true));
        assertEquals("nothing", linux.vote(0));
        hardware.waiter().mayAskAgain();
        assertEquals("votes counted", linux.vote(0));
        hardware.waiter().ended(Outcome.OK);
        assertEquals(List.of(OK), linux.replies());
        assertEquals("votes counted", linux.vote(0));
    }

    @Test
    void anAgentThatAskedForOffReadsThatAgainIfOnFails() {
        assertEquals(OK, linux.set(0, false));
        assertEquals("asked off", linux.vote(0));
        hardware.answers(Outcome.STARTED);
        linux.set(0, true);
        assertEquals("votes counted", linux.vote(0));
        hardware.waiter().ended(Outcome.FAILED);
        assertEquals("asked off", linux.vote(0));
    }

    @Test
    void aVoteThatWasThereBeforeStaysIfKeepingOnFails() {
        on();
        hardware.answers(Outcome.STARTED);
        linux.set(0, true);
        hardware.waiter().ended(Outcome.FAILED);
        assertEquals("votes counted", linux.vote(0));
    }

    @Test
    void anAgentThatLetsGoWhileItIsStartedHasNoVoteWhenItEnds() {
        hardware.answers(Outcome.STARTED);
        linux.set(0, true);
        linux.agent.release();
        assertEquals(List.of("acquire", "release"), hardware.asked());
        Waiter acquiring = hardware.waiter();
        assertEquals("nothing", linux.vote(0));
        acquiring.ended(Outcome.OK);
        assertEquals("nothing", linux.vote(0));
        assertEquals(List.of(), hardware.asked(), "it was released once");
        assertEquals(List.of(Status.Code.BUSY), linux.replies());
    }

    @Test
    void anAgentThatLetGoAndVotedAgainKeepsThatVoteWhenTheFirstOneFails() {
        hardware.answers(Outcome.STARTED);
        linux.set(0, true);
        linux.agent.guestReset();
        on0();
        hardware.waiter().ended(Outcome.FAILED);
        assertEquals("votes counted", linux.vote(0));
    }

    private void on0() {
        assertEquals(OK, linux.set(0, true));
        assertEquals("votes counted", linux.vote(0));
    }

    @Test
    void aCommandThatComesAgainWhileItWasAbandonedKeepsTheVoteOnlyOnce() {
        hardware.answers(Outcome.STARTED);
        linux.set(0, true);
        linux.agent.detached();
        linux.attach();
        assertEquals(OK, linux.set(0, true));
        assertEquals(List.of("acquire", "keepOn"), hardware.asked());
        hardware.waiter().ended(Outcome.OK);
        assertEquals("votes counted", linux.vote(0));
    }

    // ---- Off.

    @Test
    void aVoteThatIsTakenBackIsNotCountedAnyMore() {
        on();
        assertEquals(OK, linux.set(0, false));
        assertEquals("asked off", linux.vote(0));
        assertEquals(List.of("release"), hardware.asked());
        assertEquals(OK, linux.set(0, false));
        assertEquals(List.of("stop"), hardware.asked());
    }

    @Test
    void aReleaseThatFailsIsCountedAgain() {
        on();
        hardware.answers(Outcome.FAILED);
        assertEquals(Status.Code.HARDWARE_ERROR, linux.set(0, false));
        assertEquals("votes counted", linux.vote(0));
        assertEquals(List.of("release", "adopt"), hardware.asked());
    }

    @Test
    void aReleaseThatFailsLaterIsCountedAgain() {
        on();
        hardware.answers(Outcome.STARTED);
        assertEquals(AgentPort.DEFERRED, linux.set(0, false));
        assertEquals("asked off", linux.vote(0));
        hardware.waiter().ended(Outcome.FAILED);
        assertEquals("votes counted", linux.vote(0));
        assertEquals(List.of("release", "adopt"), hardware.asked());
        assertEquals(List.of(Status.Code.HARDWARE_ERROR), linux.replies());
    }

    @Test
    void aReleaseThatFailsLaterIsNotCountedAgainForWhoIsGone() {
        on();
        hardware.answers(Outcome.STARTED);
        linux.set(0, false);
        linux.agent.release();
        hardware.waiter().ended(Outcome.FAILED);
        assertEquals("nothing", linux.vote(0));
        assertEquals(List.of("release"), hardware.asked());
    }

    @Test
    void aReleaseThatIsBusyIsCountedAgainUntilItHasBegun() {
        on();
        hardware.answers(Outcome.BUSY);
        assertEquals(AgentPort.DEFERRED, linux.set(0, false));
        assertEquals("votes counted", linux.vote(0));
        hardware.waiter().mayAskAgain();
        assertEquals("asked off", linux.vote(0));
        assertEquals(List.of("release", "adopt", "release"), hardware.asked());
    }

    @Test
    void aStopThatFailsCountsNobody() {
        hardware.answers(Outcome.STARTED);
        linux.set(0, false);
        hardware.waiter().ended(Outcome.FAILED);
        assertEquals("nothing", linux.vote(0));
        assertEquals(List.of("stop"), hardware.asked());
    }

    // ---- After a restart.

    /** The service was killed while the agent voted for a clock; its hardware is on or not. */
    private void restartWithAVote(boolean isOn, Outcome... answers) throws IOException {
        store = AgentStateStore.open(directory.resolve("state"), BOOT);
        start("osc", "uart");
        linux.agent.peerConnected(new PeerIdentity(100, 5000, 0, 0));
        on();
        store.close();
        store = AgentStateStore.open(directory.resolve("state"), BOOT);
        start("osc", "uart");
        assertEquals("votes", linux.vote(0));
        hardware.isOn(isOn);
        hardware.answers(answers);
    }

    private void restore(boolean apply) {
        protocol.restore(linux.agent, apply);
    }

    /** What is read now and was asked for before. */
    private void readEnds(boolean isOn) {
        Waiter waiter = hardware.waiter();
        waiter.value(isOn ? 1 : 0);
        waiter.ended(Outcome.OK);
    }

    @Test
    void whatIsOnIsCountedAndNotWritten() throws Exception {
        restartWithAVote(true);
        restore(true);
        assertEquals(List.of("readState", "adopt"), hardware.asked());
        assertEquals("votes counted", linux.vote(0));
    }

    @Test
    void whatIsOffIsLeftSoUnlessItsHardwareEndedWithTheService() throws Exception {
        restartWithAVote(false);
        try (LogRecords log = new LogRecords()) {
            restore(false);
            assertTrue(log.text().contains("has switched osc on, but it is off"), log::text);
        }
        assertEquals(List.of("readState"), hardware.asked());
        assertEquals("votes", linux.vote(0));
        restore(true);
        assertEquals(List.of("readState", "acquire"), hardware.asked());
        assertEquals("votes counted", linux.vote(0));
    }

    @Test
    void aStateThatIsReadLaterIsCountedThen() throws Exception {
        restartWithAVote(true, Outcome.STARTED);
        restore(false);
        assertEquals("votes", linux.vote(0));
        readEnds(true);
        assertEquals("votes counted", linux.vote(0));
        assertEquals(List.of("readState", "adopt"), hardware.asked());
    }

    @Test
    void aStateThatCannotBeReadAtFirstIsReadAgain() throws Exception {
        restartWithAVote(true, Outcome.BUSY, Outcome.BUSY);
        restore(false);
        hardware.waiter().mayAskAgain();
        hardware.waiter().mayAskAgain();
        assertEquals(List.of("readState", "readState", "readState", "adopt"), hardware.asked());
        assertEquals("votes counted", linux.vote(0));
    }

    @Test
    void aStateThatNobodyCanSayIsToldAndNotCounted() throws Exception {
        restartWithAVote(true, Outcome.STARTED);
        restore(false);
        try (LogRecords log = new LogRecords()) {
            hardware.waiter().ended(Outcome.FAILED);
            assertTrue(log.text().contains("has switched osc on, but it cannot be asked"), log::text);
        }
        assertEquals("votes", linux.vote(0));
    }

    @Test
    void aClockThatIsSwitchedOnAgainLaterIsCountedFromThen() throws Exception {
        restartWithAVote(false, Outcome.OK, Outcome.BUSY, Outcome.STARTED);
        restore(true);
        assertEquals("votes", linux.vote(0));
        hardware.waiter().mayAskAgain();
        assertEquals("votes counted", linux.vote(0));
        hardware.waiter().ended(Outcome.OK);
        assertEquals("votes counted", linux.vote(0));
        assertEquals(List.of("readState", "acquire", "acquire"), hardware.asked());
    }

    @Test
    void aClockThatDoesNotGoOnAnyMoreIsToldAndNotCounted() throws Exception {
        restartWithAVote(false, Outcome.OK, Outcome.STARTED);
        restore(true);
        try (LogRecords log = new LogRecords()) {
            hardware.waiter().ended(Outcome.FAILED);
            assertTrue(log.text().contains("has switched osc on, but it does not go on any more"), log::text);
        }
        assertEquals("votes", linux.vote(0));
        hardware.asked();
        assertEquals(OK, linux.set(0, true));
        assertEquals(List.of("acquire"), hardware.asked(), "it is switched on when the agent asks again");
    }

    @Test
    void whatTheAgentHasSwitchedItselfMeanwhileIsNotCountedTwice() throws Exception {
        restartWithAVote(true, Outcome.STARTED);
        restore(false);
        assertEquals(OK, linux.set(0, true));
        readEnds(true);
        assertEquals(List.of("readState", "acquire"), hardware.asked());
        assertEquals("votes counted", linux.vote(0));
    }

    @Test
    void whatTheAgentHasLetGoOfMeanwhileIsNotCounted() throws Exception {
        restartWithAVote(true, Outcome.STARTED);
        restore(false);
        linux.agent.release();
        readEnds(true);
        assertEquals(List.of("readState"), hardware.asked());
        assertEquals("nothing", linux.vote(0));
    }

    @Test
    void whatIsLetGoOfWhileItIsSwitchedOnAgainIsReleasedOnce() throws Exception {
        restartWithAVote(false, Outcome.OK, Outcome.STARTED);
        restore(true);
        linux.agent.release();
        Waiter acquiring = hardware.waiter();
        acquiring.ended(Outcome.OK);
        assertEquals(List.of("readState", "acquire", "release"), hardware.asked());
        assertEquals("nothing", linux.vote(0));
    }

    @Test
    void aVoteFromBeforeIsNotCountedForAGuestThatHasOtherIdsByThen() throws Exception {
        restartWithAVote(true);
        store.close();
        store = AgentStateStore.open(directory.resolve("state"), BOOT);
        start("uart", "osc"); // the guest still has the old ids
        hardware.answers(Outcome.STARTED);
        restore(false);
        linux.agent.guestReset();
        assertEquals("uart", linux.clock(0).name());
        assertEquals(OK, linux.set(0, true));
        assertEquals(List.of("readState"), hardware.asked());
        readEnds(true);
        assertEquals(List.of(), hardware.asked(), "nobody votes for osc");
    }

    @Test
    void aVoteFromBeforeIsNotCountedForAnAgentThatHasLeftByThen() throws Exception {
        restartWithAVote(true, Outcome.STARTED);
        restore(false);
        protocol.leave(linux.agent);
        readEnds(true);
        assertEquals(List.of("readState"), hardware.asked());
    }
}
