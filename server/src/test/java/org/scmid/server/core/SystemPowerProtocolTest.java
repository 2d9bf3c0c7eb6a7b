// The System power protocol, message by message, in bytes: layouts, behaviour, errors.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.config.board.Board;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.service.SystemPowerAction;
import org.scmid.config.service.SystemPowerSpec;
import org.scmid.config.service.SystemPowerState;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.Status;
import org.scmid.server.core.system.SystemPowerOutcome;

class SystemPowerProtocolTest {
    private static final int SYSTEM = 0x12;

    private static final int NOT_FOUND = Status.Code.NOT_FOUND;
    private static final int NOT_SUPPORTED = Status.Code.NOT_SUPPORTED;
    private static final int INVALID = Status.Code.INVALID_PARAMETERS;
    private static final int PROTOCOL_ERROR = Status.Code.PROTOCOL_ERROR;

    private static final int SHUTDOWN = 0;
    private static final int COLD_RESET = 1;
    private static final int WARM_RESET = 2;
    private static final int POWER_UP = 3;
    private static final int SUSPEND = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Bench bench;

    /** Its shutdown is ignored, a cold reset runs a command, a warm reset is told to the others. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer linux;

    /** May ask for suspend only. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer zephyr;

    /** Is not offered the protocol. */
    @SuppressWarnings("NullAway.Init")
    private Bench.Peer tool;

    private final List<String> started = new ArrayList<>();
    private boolean hostIsBusy;

    @BeforeEach
    void threeAgents() throws Exception {
        Map<String, SystemPowerSpec> specs = Map.of(
                "linux",
                new SystemPowerSpec(Map.of(
                        SystemPowerState.SHUTDOWN, new SystemPowerAction.Ignore(),
                        SystemPowerState.COLD_RESET, new SystemPowerAction.Run(List.of("/bin/reset", "now")),
                        SystemPowerState.WARM_RESET, new SystemPowerAction.Notify())),
                "zephyr",
                new SystemPowerSpec(Map.of(SystemPowerState.SUSPEND, new SystemPowerAction.Ignore())));
        Board board = Bench.board(directory, Bench.BOARD);
        bench = new Bench(
                board,
                List.of(),
                ArbitrationSpec.NONE,
                specs,
                this::run,
                Windows.open(board, true),
                OpenedGates.inMemory());
        linux = bench.agent("linux").withEvents();
        zephyr = bench.agent("zephyr").withEvents();
        tool = bench.agent("tool", "uart").withEvents();
    }

    private boolean run(String agent, List<String> command) {
        if (!hostIsBusy) {
            started.add(agent + ": " + String.join(" ", command));
        }
        return !hostIsBusy;
    }

    private static String notifier(int agent, int flags, int state, int timeout) {
        return Integer.toHexString(3 << 8 | SYSTEM << 10) + " " + agent + " " + flags + " " + state + " "
                + Integer.toHexString(timeout);
    }

    // ---- What there is.

    @Test
    void versionAndProtocolAttributes() {
        assertArrayEquals(new int[] {0, 0x20001}, linux.call(SYSTEM, 0));
        assertArrayEquals(new int[] {0, 0}, linux.call(SYSTEM, 1));
        assertEquals(NOT_SUPPORTED, tool.status(SYSTEM, 0), "it has no `system-power`");
        int[] base = linux.call(Bench.BASE, 6, 0);
        assertArrayEquals(new int[] {0, 1, SYSTEM}, base, "an agent without resources has it all the same");
    }

    @Test
    void messageAttributesSayWhichStatesAreSupported() {
        assertArrayEquals(new int[] {0, 0x80000000}, linux.call(SYSTEM, 2, 3), "warm reset");
        assertArrayEquals(new int[] {0, 0x40000000}, zephyr.call(SYSTEM, 2, 3), "suspend");
        for (int message : new int[] {0, 1, 2, 4, 5, 0x10}) {
            assertArrayEquals(new int[] {0, 0}, linux.call(SYSTEM, 2, message), "message " + message);
        }
        for (int message : new int[] {6, 0x11, -1}) {
            assertEquals(NOT_FOUND, linux.status(SYSTEM, 2, message));
        }
        assertEquals(NOT_FOUND, linux.withoutEvents().status(SYSTEM, 2, 5), "no channel");
    }

    @Test
    void negotiationTakesThePublishedVersionsOnly() {
        assertEquals(NOT_SUPPORTED, linux.status(SYSTEM, 0x10, 0x30000));
        assertEquals(0, linux.status(SYSTEM, 0x10, 0x10000));
        assertEquals(0, linux.status(SYSTEM, 0x10, 0x20001));
    }

    @Test
    void payloadsOfTheWrongLengthAreProtocolErrors() {
        int[] words = {0, 0, 1, 2, 0, 1}; // by message, from 0
        for (int message = 0; message < words.length; message++) {
            for (int length = 0; length <= 3; length++) {
                if (length != words[message]) {
                    assertEquals(PROTOCOL_ERROR, linux.status(SYSTEM, message, new int[length]), "message " + message);
                }
            }
        }
        assertEquals(List.of(), started);
    }

    @Test
    void theStateIsForTheAgentWithPsciOfWhichThereIsNone() {
        assertEquals(NOT_SUPPORTED, linux.status(SYSTEM, 4));
    }

    // ---- What agents ask for.

    @Test
    void whatIsIgnoredSucceeds() {
        assertEquals(0, linux.status(SYSTEM, 3, 0, SHUTDOWN));
        assertEquals(0, linux.status(SYSTEM, 3, 1, SHUTDOWN));
        assertEquals(0, zephyr.status(SYSTEM, 3, 0, SUSPEND));
        assertEquals(List.of(), started);
    }

    @Test
    void aCommandIsStartedOnceAtATime() {
        assertEquals(0, linux.status(SYSTEM, 3, 1, COLD_RESET));
        assertEquals(List.of("linux: /bin/reset now"), started);
        hostIsBusy = true;
        assertEquals(Status.Code.BUSY, linux.status(SYSTEM, 3, 1, COLD_RESET));
    }

    @Test
    void whoSubscribedIsToldWhereTheServiceFileSaysSo() {
        zephyr.call(SYSTEM, 5, 1);
        linux.call(SYSTEM, 5, 1);
        assertEquals(0, linux.status(SYSTEM, 3, 1, WARM_RESET));
        assertEquals(List.of(notifier(1, 1, WARM_RESET, 0)), zephyr.events.take());
        assertEquals(List.of(notifier(1, 1, WARM_RESET, 0)), linux.events.take(), "who asks is told too");
        assertEquals(0, linux.status(SYSTEM, 3, 0, WARM_RESET));
        assertEquals(List.of(notifier(1, 0, WARM_RESET, 0)), zephyr.events.take());
    }

    @Test
    void statesThatAreNotConfiguredAreNotSupported() {
        assertEquals(NOT_SUPPORTED, linux.status(SYSTEM, 3, 0, SUSPEND));
        assertEquals(NOT_SUPPORTED, linux.status(SYSTEM, 3, 0, POWER_UP));
        assertEquals(NOT_SUPPORTED, zephyr.status(SYSTEM, 3, 0, SHUTDOWN));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 0x100, 0x7FFFFFFF, 0x80000000, -1})
    void reservedAndUnknownStatesAreInvalid(int state) {
        assertEquals(INVALID, linux.status(SYSTEM, 3, 0, state));
    }

    @Test
    void reservedFlagsAreRefusedBeforeAnythingHappens() {
        for (int bit = 1; bit < 32; bit++) {
            assertEquals(INVALID, linux.status(SYSTEM, 3, 1 << bit | 1, COLD_RESET));
            assertEquals(INVALID, linux.status(SYSTEM, 5, 1 << bit | 1));
        }
        assertEquals(INVALID, linux.status(SYSTEM, 3, 0xF, COLD_RESET));
        assertEquals(List.of(), started);
    }

    // ---- What agents are asked for.

    private SystemPowerOutcome request(Bench.Peer peer, SystemPowerState state, boolean graceful, int millis) {
        SystemPowerOutcome outcome = bench.core.systemPower().request(peer.agent, state, graceful, millis);
        bench.loop.settle();
        return outcome;
    }

    @Test
    void aSubscriberIsAskedWithATimeout() {
        assertEquals(0, linux.status(SYSTEM, 5, 1));
        assertEquals(SystemPowerOutcome.REQUESTED, request(linux, SystemPowerState.SHUTDOWN, true, 10_000));
        assertEquals(List.of(notifier(0, 1, SHUTDOWN, 10_000)), linux.events.take());
        request(linux, SystemPowerState.COLD_RESET, false, 10_000);
        assertEquals(List.of(notifier(0, 0, COLD_RESET, 0)), linux.events.take(), "force waits for nobody");
        request(linux, SystemPowerState.SUSPEND, true, 0);
        assertEquals(List.of(notifier(0, 1, SUSPEND, 0)), linux.events.take(), "whatever it may ask for itself");
    }

    @Test
    void theNotificationOfVersion1HasNoTimeout() {
        linux.call(SYSTEM, 0x10, 0x10000);
        linux.call(SYSTEM, 5, 1);
        request(linux, SystemPowerState.WARM_RESET, true, 10_000);
        assertEquals(List.of("4b00 0 1 2"), linux.events.take());
    }

    @Test
    void whoCannotBeAskedIsSaid() {
        assertEquals(SystemPowerOutcome.NOT_SUBSCRIBED, request(linux, SystemPowerState.SHUTDOWN, true, 0));
        assertEquals(SystemPowerOutcome.NOT_OFFERED, request(tool, SystemPowerState.SHUTDOWN, true, 0));
        linux.call(SYSTEM, 5, 1);
        linux.agent.detached();
        assertEquals(SystemPowerOutcome.NOT_CONNECTED, request(linux, SystemPowerState.SHUTDOWN, true, 0));
    }

    @Test
    void aSubscriptionEndsWithTheAgentOrByItsWill() {
        linux.call(SYSTEM, 5, 1);
        linux.call(SYSTEM, 5, 0);
        assertEquals(SystemPowerOutcome.NOT_SUBSCRIBED, request(linux, SystemPowerState.SHUTDOWN, true, 0));
        linux.call(SYSTEM, 5, 1);
        linux.agent.guestReset();
        assertEquals(SystemPowerOutcome.NOT_SUBSCRIBED, request(linux, SystemPowerState.SHUTDOWN, true, 0));
    }

    @Test
    void subscribingNeedsAChannel() {
        assertEquals(NOT_SUPPORTED, linux.withoutEvents().status(SYSTEM, 5, 1));
    }
}
