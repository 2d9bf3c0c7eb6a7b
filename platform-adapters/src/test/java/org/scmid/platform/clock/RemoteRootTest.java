// Roots that are clocks of a platform, which a test plays: what it is asked for, and what local clocks do with it.
package org.scmid.platform.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.config.upstream.Origin;
import org.scmid.platform.driver.ClockDriver;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.register.Windows;
import org.scmid.platform.remote.RemoteClock;
import org.scmid.platform.remote.RemoteResources;
import org.scmid.platform.remote.RemoteSensor;
import org.scmid.testing.HandLoop;

class RemoteRootTest {
    private static final long MHZ = 1_000_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit's
    private Path folder;

    private final HandLoop loop = new HandLoop();
    private final List<String> asked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Played remote = new Played();

    @SuppressWarnings("NullAway.Init") // by makeTree
    private ClockTree tree;

    @SuppressWarnings("NullAway.Init") // by makeTree
    private ClockDriver gpu;

    /** A clock that ends what it is asked when the test says so. */
    private final class Played implements RemoteClock {
        private @Nullable Listener listener;
        private @Nullable Waiter waiting;
        private boolean isSlow = true;

        private Listener listener() {
            if (listener == null) {
                throw new IllegalStateException("nobody listens");
            }
            return listener;
        }

        private Outcome asked(String what, Waiter waiter) {
            asked.add(what);
            if (isSlow) {
                waiting = waiter;
            }
            return isSlow ? Outcome.STARTED : Outcome.OK;
        }

        void end(Outcome outcome) {
            Waiter its = waiting;
            waiting = null;
            if (its == null) {
                throw new IllegalStateException("nothing is asked");
            }
            its.ended(outcome);
        }

        @Override
        public void listen(Listener its) {
            listener = its;
        }

        @Override
        public long longestNanos() {
            return 1_000_000_000;
        }

        @Override
        public Outcome readRate(Waiter waiter) {
            asked.add("rate?");
            return Outcome.OK;
        }

        @Override
        public Outcome readState(Waiter waiter) {
            asked.add("state?");
            return Outcome.OK;
        }

        @Override
        public Outcome setRate(long hz, Rounding rounding, Waiter waiter) {
            return asked("rate " + hz / MHZ + " " + rounding, waiter);
        }

        @Override
        public Outcome setState(boolean on, Waiter waiter) {
            return asked(on ? "on" : "off", waiter);
        }

        @Override
        public void setParents(int[] positions) {}

        @Override
        public Outcome readParent(Waiter waiter) {
            return Outcome.FAILED;
        }

        @Override
        public Outcome setParent(int choice, Waiter waiter) {
            return Outcome.FAILED;
        }
    }

    private final class Noted implements Waiter {
        @Override
        public void mayAskAgain() {
            told.add("again");
        }

        @Override
        public void ended(Outcome outcome) {
            told.add(outcome.toString());
        }
    }

    @BeforeEach
    void makeTree() throws IOException, ConfigException {
        Files.writeString(folder.resolve("board.yaml"), """
                board: test
                registers: { cru: { size: 64 B, access: simulated } }
                upstreams:
                  mcu: { transport: socket, socket: mcu.sock }
                clocks:
                  gpu: { from: mcu/gpu, rates: { max: 350 MHz } }
                  half: { parent: gpu, factor: { divide: 2 }, gate: { register: cru+0, bit: 0 } }
                  low: { parent: gpu, gate: { register: cru+0, bit: 1 }, rates: { max: 250 MHz } }
                """);
        Files.writeString(folder.resolve("mcu.upstream.yaml"), """
                upstream-offer: mcu
                clocks:
                  gpu: { id: 0, rates: [100 MHz, 200 MHz, 300 MHz, 400 MHz], may: [switch, set-rate] }
                """);
        Board board = ConfigFiles.board(folder.resolve("board.yaml"));
        tree = new ClockTree(board, Windows.open(board, true), OpenedGates.inMemory(), loop);
        RemoteClocks.connect(board, tree, new RemoteResources() {
            @Override
            public RemoteClock clock(Origin origin) {
                return remote;
            }

            @Override
            public RemoteSensor sensor(Origin origin) {
                throw new AssertionError("there is none");
            }
        });
        gpu = tree.drivers().getFirst();
        remote.listener().hasRate(100 * MHZ);
        remote.listener().hasState(false);
    }

    private List<String> asked() {
        List<String> all = List.copyOf(asked);
        asked.clear();
        return all;
    }

    private List<String> told() {
        loop.passMillis(2);
        List<String> all = List.copyOf(told);
        told.clear();
        return all;
    }

    private Outcome setRate(long mhz, Rounding rounding) {
        return gpu.setRate(mhz * MHZ, rounding, new Noted());
    }

    @Test
    void thePlatformIsAskedForARateOfItsListThatTheLimitsAllow() {
        remote.isSlow = false;
        setRate(250, Rounding.DOWN);
        setRate(250, Rounding.UP);
        setRate(240, Rounding.NEAREST);
        setRate(250, Rounding.NEAREST);
        setRate(50, Rounding.UP);
        assertEquals(
                List.of("rate 200 DOWN", "rate 300 UP", "rate 200 NEAREST", "rate 300 NEAREST", "rate 100 UP"),
                asked());
        assertEquals(Outcome.UNSUPPORTED_RATE, setRate(50, Rounding.DOWN));
        assertEquals(Outcome.UNSUPPORTED_RATE, setRate(340, Rounding.UP)); // 400 MHz is beyond the limits
        assertEquals(Outcome.OUT_OF_LIMITS, setRate(360, Rounding.DOWN));
        assertEquals(List.of(), asked());
        gpu.describeRates(new Noted());
        assertEquals("[100000000, 200000000, 300000000]", gpu.rates().toString());
    }

    @Test
    void aChangeEndsWithTheRateThatWasReachedAndLocalClocksHaveIt() {
        assertEquals(Outcome.STARTED, setRate(200, Rounding.NEAREST));
        remote.listener().hasRate(199 * MHZ);
        remote.end(Outcome.OK);
        assertEquals(List.of("OK"), told());
        assertEquals(199 * MHZ / 2, tree.get("half").rate());
    }

    @Test
    void aRateThatALocalClockDoesNotStandIsNotAskedFor() {
        remote.isSlow = false;
        tree.acquire(tree.get("low"), new Noted());
        asked();
        assertEquals(Outcome.OUT_OF_LIMITS, setRate(300, Rounding.NEAREST));
        assertEquals(List.of(), asked());
    }

    @Test
    void aRefusalOfThePlatformIsTheEndOfTheChange() {
        setRate(200, Rounding.NEAREST);
        remote.end(Outcome.REFUSED);
        assertEquals(List.of("REFUSED"), told());
        assertEquals(100 * MHZ, tree.get("gpu").rate());
    }

    @Test
    void thePlatformIsToldOfTheFirstUserAndOfTheLast() {
        assertEquals(Outcome.STARTED, gpu.acquire(new Noted()));
        remote.end(Outcome.OK);
        assertEquals(List.of("OK"), told());
        tree.acquire(tree.get("half"), new Noted());
        assertEquals(Outcome.OK, gpu.release(new Noted()));
        assertEquals(List.of("on"), asked());
        tree.release(tree.get("half"));
        assertEquals(List.of("off"), asked());
    }

    @Test
    void whatWasPerhapsSwitchedOnForSomebodyWhoHasFailedIsSwitchedOff() {
        gpu.acquire(new Noted());
        remote.end(Outcome.FAILED);
        assertEquals(List.of("on", "off"), asked());
        assertEquals(List.of("FAILED"), told());
        remote.end(Outcome.OK);
        assertEquals(List.of(), asked());
    }

    @Test
    void whatWasRefusedNeedsNoSwitchingOff() {
        gpu.acquire(new Noted());
        remote.end(Outcome.REFUSED);
        assertEquals(List.of("on"), asked());
    }

    @Test
    void aPlatformThatIsBackIsAskedAgainOrOnlyLookedAt() {
        remote.isSlow = false;
        gpu.acquire(new Noted());
        setRate(200, Rounding.DOWN);
        asked();
        remote.listener().isBack(/* apply= */ true);
        assertEquals(List.of("rate?", "on"), asked());
        remote.listener().isBack(/* apply= */ false);
        assertEquals(List.of("rate?", "state?"), asked());
        gpu.release(new Noted());
        assertEquals(List.of("off"), asked());
    }

    @Test
    void whatUsersHaveOnIsSaidToAPlatformThatIsBackUntilItHasAnswered() {
        gpu.acquire(new Noted());
        remote.end(Outcome.OK);
        assertEquals(List.of("OK"), told());
        asked();
        remote.listener().isBack(/* apply= */ true);
        remote.end(Outcome.FAILED);
        remote.end(Outcome.FAILED);
        assertEquals(List.of("rate?", "on", "on", "on"), asked());
        remote.end(Outcome.OK);
        assertEquals(List.of(), asked());
        assertEquals(Outcome.OK, gpu.release(new Noted()));
        assertEquals(List.of("off"), asked());
    }

    @Test
    void whatThePlatformHasOffIsSwitchedOnWhenAUserAsksAgain() {
        gpu.acquire(new Noted());
        remote.end(Outcome.OK);
        assertEquals(List.of("OK"), told());
        remote.listener().isBack(/* apply= */ false);
        remote.listener().hasState(false);
        asked();
        assertEquals(Outcome.STARTED, gpu.keepOn(new Noted()));
        assertEquals(List.of("on"), asked());
        remote.end(Outcome.OK);
        assertEquals(List.of("OK"), told());
        gpu.keepOn(new Noted());
        assertEquals(List.of(), asked(), "it is on");
        gpu.release(new Noted());
        assertEquals(List.of("off"), asked());
    }

    @Test
    void whatThePlatformRefusesToHaveOnAgainIsNotSaidAgain() {
        gpu.acquire(new Noted());
        remote.end(Outcome.OK);
        assertEquals(List.of("OK"), told());
        remote.listener().isBack(/* apply= */ true);
        asked();
        remote.end(Outcome.REFUSED);
        assertEquals(List.of(), asked());
    }

    @Test
    void whoLetsGoWhileThePlatformDoesNotAnswerHasItSwitchedOffWhenItDoes() {
        for (boolean apply : new boolean[] {true, false}) {
            gpu.acquire(new Noted());
            remote.end(Outcome.OK);
            assertEquals(List.of("OK"), told());
            asked();
            gpu.release(new Noted());
            remote.end(Outcome.FAILED);
            assertEquals(List.of("off"), asked());
            remote.listener().isBack(apply);
            assertEquals(List.of("rate?", "off"), asked());
            remote.end(Outcome.OK);
            assertEquals(List.of(), asked());
        }
    }

    @Test
    void usersOfAnEarlierProcessAreToldWhenThePlatformIsThere() {
        assertTrue(gpu.isToldAgain());
        remote.isSlow = false;
        gpu.adopt();
        tree.adopt(tree.get("half"));
        assertEquals(List.of(), asked());
        remote.listener().isBack(/* apply= */ true);
        assertEquals(List.of("rate?", "on"), asked());
        gpu.release(new Noted());
        assertEquals(List.of(), asked());
        tree.release(tree.get("half"));
        assertEquals(List.of("off"), asked());
    }

    @Test
    void ofWhatIsWantedMeanwhileTheNewestIsAsked() {
        gpu.acquire(new Noted());
        gpu.release(new Noted());
        gpu.acquire(new Noted());
        remote.end(Outcome.OK);
        assertEquals(List.of("on"), asked());
    }
}
