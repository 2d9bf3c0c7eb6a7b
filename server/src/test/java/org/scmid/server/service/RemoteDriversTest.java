// Drivers over a platform in the same process: what they are asked happens there, also after it was restarted.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.Place;
import org.scmid.config.offer.Offer;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.config.upstream.UpstreamSpec.WhenBack;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.ResetAction;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.Header;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.server.core.LogRecords;
import org.scmid.testing.RunningLoop;
import org.scmid.transport.PollPacing;
import org.scmid.upstream.Upstream;
import org.scmid.upstream.UpstreamListener;
import org.scmid.upstream.discovery.Discovered;
import org.scmid.upstream.driver.PlatformDrivers;
import org.scmid.upstream.driver.RemotePerformanceDomain;
import org.scmid.upstream.driver.RemotePowerDomain;
import org.scmid.upstream.driver.RemoteReset;
import org.scmid.upstream.driver.RemoteSupply;
import org.scmid.upstream.driver.Room;

@Timeout(60)
class RemoteDriversTest {
    private static final Place PLACE = new Place("test.yaml", 1, 1);
    private static final int GPU_PD = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit's
    Path directory;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    /** Where the platform is looked for, and how long its replies are waited for. */
    private String socket = "p.sock";

    private Duration timeout = Duration.ofSeconds(5);

    @SuppressWarnings("NullAway.Init") // by start
    private RunningLoop loop;

    @Nullable
    private ScmiService platform;

    @BeforeEach
    void startLoop() throws IOException {
        loop = new RunningLoop();
    }

    @AfterEach
    void end() {
        loop.close();
        stopPlatform();
    }

    private ScmiService startPlatform(String clocks) throws Exception {
        Path file = directory.resolve("platform.yaml");
        Files.writeString(file, """
                board: demo
                agents:
                  link: { transport: socket, socket: DIR/p.sock, clocks: CLOCKS, power-domains: all, resets: all,
                          voltage-domains: all, performance-domains: all }
                """.replace("DIR", directory.toString()).replace("CLOCKS", clocks));
        ScmiService started = ScmiService.start(ConfigFiles.service(file), ServiceOptions.simulated());
        platform = started;
        return started;
    }

    private void stopPlatform() {
        ScmiService running = platform;
        if (running != null) {
            running.close();
            platform = null;
        }
    }

    /** A platform and what is told of it. */
    private Upstream upstream(WhenBack whenBack) {
        UpstreamSpec spec = new UpstreamSpec(
                "p",
                new UpstreamSpec.Socket(directory.resolve(socket)),
                timeout,
                Duration.ofMillis(100),
                whenBack,
                directory,
                PLACE);
        Upstream upstream = new Upstream(loop, new PollPacing(loop), spec);
        upstream.listen(new UpstreamListener() {
            @Override
            public void up(Discovered all) {
                told.add("up");
            }

            @Override
            public void down(String why) {
                told.add("down: " + why);
            }

            @Override
            public void unreachable(String why) {
                told.add("unreachable");
            }
        });
        return upstream;
    }

    private <T> T call(Callable<T> callable) throws Exception {
        return loop.call(callable);
    }

    /** The next that is told and is not that the platform is not there. */
    private String next() throws InterruptedException {
        while (true) {
            String said = told.poll(20, TimeUnit.SECONDS);
            assertNotNull(said, "nothing is told");
            if (!said.equals("unreachable")) {
                return said;
            }
        }
    }

    private void expect(String what) throws InterruptedException {
        assertEquals(what, next());
    }

    private Waiter waiter(String name) {
        return new Waiter() {
            @Override
            public void mayAskAgain() {
                told.add(name + " again");
            }

            @Override
            public void ended(Outcome outcome) {
                told.add(name + " " + outcome);
            }

            @Override
            public void value(long value) {
                told.add(name + " = " + value);
            }
        };
    }

    private static void await(ScmiService platform, Predicate<ServiceSnapshot> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.test(platform.snapshot().get(20, TimeUnit.SECONDS))) {
            assertTrue(System.nanoTime() < deadline, "the platform does not do it");
            Thread.onSpinWait();
        }
    }

    private static List<String> votes(ServiceSnapshot snapshot) {
        return snapshot.powerDomains().get(GPU_PD).votes();
    }

    /** What the platform offers, as it is found out first. */
    private Offer offer() throws Exception {
        Upstream first = call(() -> {
            Upstream upstream = upstream(WhenBack.APPLY);
            upstream.start();
            return upstream;
        });
        expect("up");
        return call(() -> {
            Discovered all = first.latest();
            assertNotNull(all);
            first.close();
            return all.offer();
        });
    }

    private final class Fixture {
        final ScmiService platform;
        final Upstream upstream;
        final RemotePowerDomain power;
        final RemoteReset reset;
        final RemoteSupply supply;
        final RemotePerformanceDomain cpu;

        Fixture(WhenBack whenBack) throws Exception {
            platform = startPlatform("all");
            Offer offer = offer();
            upstream = call(() -> upstream(whenBack));
            PlatformDrivers drivers = call(() -> new PlatformDrivers(new Room(loop, upstream)));
            power = drivers.powerDomain(
                    offer.powerDomains().get(GPU_PD),
                    7,
                    (domain, on, cause) -> told.add("domain " + domain + " " + on));
            reset = drivers.reset(offer.resets().getFirst());
            supply = drivers.supply(offer.voltageDomains().getFirst());
            cpu = drivers.performanceDomain(
                    offer.performanceDomains().getFirst(),
                    "cpu",
                    3,
                    PLACE,
                    (domain, level, cause) -> told.add("level " + level + " of " + domain));
            loop.call(() -> {
                upstream.start();
                return true;
            });
            expect("up");
        }
    }

    @Test
    void aDomainIsOnFromTheFirstUserToTheLast() throws Exception {
        Fixture remote = new Fixture(WhenBack.APPLY);
        Waiter one = waiter("one");
        Waiter two = waiter("two");
        assertEquals(Outcome.STARTED, call(() -> remote.power.acquire(one)));
        expect("domain 7 true");
        expect("one OK");
        assertEquals(List.of("link"), votes(remote.platform.snapshot().get(20, TimeUnit.SECONDS)));
        assertEquals(Outcome.OK, call(() -> remote.power.acquire(two)));
        assertEquals(Outcome.OK, call(() -> remote.power.release(one)));
        assertEquals(Outcome.STARTED, call(() -> remote.power.readState(one)));
        expect("one = 1");
        expect("one OK");
        assertEquals(List.of("link"), votes(remote.platform.snapshot().get(20, TimeUnit.SECONDS)));
        assertEquals(Outcome.OK, call(() -> remote.power.release(two)));
        expect("domain 7 false");
        await(remote.platform, snapshot -> votes(snapshot).isEmpty());
    }

    @Test
    void whoComesWhileItIsSwitchedComesAgainAndWhoLetsGoMeanwhileHasItOff() throws Exception {
        Fixture remote = new Fixture(WhenBack.APPLY);
        Waiter one = waiter("one");
        Waiter two = waiter("two");
        List<Outcome> outcomes =
                call(() -> List.of(remote.power.acquire(one), remote.power.acquire(two), remote.power.release(one)));
        assertEquals(List.of(Outcome.STARTED, Outcome.BUSY, Outcome.OK), outcomes);
        expect("domain 7 true");
        expect("one OK");
        String then = next();
        assertEquals("two again", then);
        expect("domain 7 false");
        await(remote.platform, snapshot -> votes(snapshot).isEmpty());
    }

    @Test
    void levelsResetsAndPerformanceReachThePlatform() throws Exception {
        Fixture remote = new Fixture(WhenBack.APPLY);
        assertEquals(Outcome.OUT_OF_LIMITS, call(() -> remote.supply.setLevel(2_000_000, waiter("sd"))));
        assertEquals(Outcome.STARTED, call(() -> remote.supply.setLevel(3_300_000, waiter("sd"))));
        expect("sd OK");
        assertEquals(Outcome.STARTED, call(() -> remote.supply.readLevel(waiter("sd"))));
        expect("sd = 3300000");
        expect("sd OK");
        List<Outcome> resets = call(() -> List.of(
                remote.reset.perform(ResetAction.ASSERT, waiter("assert")),
                remote.reset.perform(ResetAction.DEASSERT, waiter("deassert")),
                remote.reset.perform(ResetAction.RESET, waiter("reset"))));
        assertEquals(List.of(Outcome.STARTED, Outcome.STARTED, Outcome.STARTED), resets);
        expect("assert OK");
        expect("deassert OK");
        expect("reset OK");
        assertEquals(Outcome.STARTED, call(() -> remote.cpu.setLevel(2, waiter("cpu"))));
        expect("level 2 of 3");
        expect("cpu OK");
        assertEquals(Outcome.STARTED, call(() -> remote.cpu.setLimits(0, 1, waiter("limits"))));
        expect("level 1 of 3");
        expect("limits OK");
        assertEquals(Outcome.STARTED, call(() -> remote.cpu.readLevel(waiter("cpu"))));
        expect("cpu = 1");
        expect("cpu OK");
    }

    @Test
    void whatUsersWantIsAskedForAgainWhenThePlatformWasRestarted() throws Exception {
        Fixture remote = new Fixture(WhenBack.APPLY);
        Waiter one = waiter("one");
        call(() -> remote.power.acquire(one));
        expect("domain 7 true");
        expect("one OK");
        call(() -> remote.supply.setLevel(3_300_000, waiter("sd")));
        expect("sd OK");
        call(() -> remote.cpu.setLevel(2, waiter("cpu")));
        expect("level 2 of 3");
        expect("cpu OK");
        stopPlatform();
        expect("down: it closed the connection");
        assertEquals(Outcome.FAILED, call(() -> remote.power.acquire(waiter("three"))));
        assertEquals(Outcome.FAILED, call(() -> remote.supply.setLevel(1_800_000, waiter("sd"))));
        assertEquals(Outcome.FAILED, call(() -> remote.reset.perform(ResetAction.RESET, waiter("reset"))));
        ScmiService again = startPlatform("all");
        expect("up");
        await(
                again,
                snapshot -> votes(snapshot).equals(List.of("link"))
                        && Integer.valueOf(3_300_000)
                                .equals(snapshot.voltageDomains().getFirst().microvolts()));
        call(() -> remote.cpu.readLevel(waiter("cpu")));
        expect("cpu = 2");
        expect("cpu OK");
        assertEquals(1, call(() -> remote.upstream.snapshot().losses()));
    }

    @Test
    void whatAPlatformHasBecomeIsToldWhereThatIsWanted() throws Exception {
        Fixture remote = new Fixture(WhenBack.REPORT);
        call(() -> remote.power.acquire(waiter("one")));
        expect("domain 7 true");
        expect("one OK");
        stopPlatform();
        expect("down: it closed the connection");
        startPlatform("all");
        expect("up");
        expect("domain 7 false");
    }

    @ParameterizedTest
    @EnumSource(WhenBack.class)
    void aPlatformThatDoesNotAnswerCountsAsAwayAndDoesWhatIsWantedWhenItAnswersAgain(WhenBack whenBack)
            throws Exception {
        try (Relay relay = new Relay(directory.resolve("relay.sock"), directory.resolve("p.sock"))) {
            socket = "relay.sock";
            timeout = Duration.ofMillis(200);
            Fixture remote = new Fixture(whenBack);
            call(() -> remote.power.acquire(waiter("one")));
            expect("domain 7 true");
            expect("one OK");
            relay.hold();
            assertEquals(Outcome.STARTED, call(() -> remote.power.readState(waiter("state"))));
            expect("state FAILED");
            expect("down: it does not answer");
            assertEquals(Upstream.State.SILENT, call(remote.upstream::state));
            assertEquals(Outcome.FAILED, call(() -> remote.power.readState(waiter("state"))), "nobody waits any more");
            assertEquals(Outcome.FAILED, call(() -> remote.power.release(waiter("one"))));
            assertEquals(List.of("link"), votes(remote.platform.snapshot().get()));
            relay.goOn();
            expect("up");
            expect("domain 7 false");
            await(remote.platform, snapshot -> votes(snapshot).isEmpty());
            Upstream.Snapshot snapshot = call(remote.upstream::snapshot);
            assertEquals(1, snapshot.losses());
            assertTrue(snapshot.late() > 0, "what was asked before is answered to nobody");
        }
    }

    @Test
    void whatUsersHaveOnIsSaidToAPlatformThatWasRestartedUntilItHasAnswered() throws Exception {
        try (Relay relay = new Relay(directory.resolve("relay.sock"), directory.resolve("p.sock"))) {
            socket = "relay.sock";
            timeout = Duration.ofMillis(300);
            Fixture remote = new Fixture(WhenBack.APPLY);
            call(() -> remote.power.acquire(waiter("one")));
            expect("domain 7 true");
            expect("one OK");
            AtomicInteger lost = new AtomicInteger();
            int command = Header.encode(PowerMessage.POWER_STATE_SET, 0);
            relay.drop(header -> (header & 0x3ffff) == command && lost.incrementAndGet() < 3);
            stopPlatform();
            expect("down: it closed the connection");
            ScmiService again = startPlatform("all");
            expect("up");
            await(again, snapshot -> votes(snapshot).equals(List.of("link")));
            assertEquals(3, lost.get());
        }
    }

    // ---- the platform itself ----

    @Test
    void aPlatformIsLookedForUntilItIsThereAndEachLossAndReturnIsLoggedOnce() throws Exception {
        try (LogRecords log = new LogRecords(Level.INFO)) {
            Upstream upstream = call(() -> {
                Upstream made = upstream(WhenBack.APPLY);
                made.start();
                return made;
            });
            for (int i = 0; i < 3; i++) {
                assertEquals("unreachable", told.poll(20, TimeUnit.SECONDS));
            }
            assertEquals(Upstream.State.DOWN, call(upstream::state));
            startPlatform("all");
            expect("up");
            assertEquals(Upstream.State.UP, call(upstream::state));
            stopPlatform();
            expect("down: it closed the connection");
            startPlatform("[osc]");
            expect("up");
            Upstream.Snapshot snapshot = call(upstream::snapshot);
            assertEquals(1, snapshot.losses());
            assertEquals(0, snapshot.timeOuts() + snapshot.malformed());
            assertTrue(snapshot.commands() > 100, snapshot.toString());
            String text = log.text();
            assertEquals(1, text.split("upstream p, the socket ", -1).length - 1, text);
            assertEquals(1, text.split("upstream p is there: ", -1).length - 1, text);
            assertEquals(1, text.split("upstream p was lost: ", -1).length - 1, text);
            assertEquals(1, text.split("upstream p is there again", -1).length - 1, text);
            assertTrue(text.contains("upstream p has changed: clock osc-32k is gone"), text);
            call(() -> {
                upstream.close();
                return true;
            });
        }
    }
}
