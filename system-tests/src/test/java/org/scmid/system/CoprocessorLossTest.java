// A co-processor is paused, and killed and started again, while a guest and other agents ask it for this and that.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.SocketLink;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.Offer;

/** Both layouts of windows at once: while one co-processor is away, the other one must not be waited for. */
@Tag(LinuxGuest.TESTS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class CoprocessorLossTest {
    private static final long MHZ = 1_000_000;
    private static final long PAUSE_NANOS = 5_000_000_000L;

    /** What a command may take: three time-outs of a second until the platform counts as away, and some time to be told. */
    private static final long BOUND_MILLIS = 3_500;

    private static final int VOLTAGE = 0x17;
    private static final int SUPPLY_SET = 0x5;
    private static final int LEVEL_SET = 0x7;
    private static final int SUPPLY_ON = 7;
    private static final int GPU_MICROVOLTS = 900_000;

    /** Steps of 12.5 mV above 0.6 V. */
    private static final int GPU_LEVEL = 24;

    private static final String RTC_DRIVER = "/sys/bus/amba/drivers/rtc-pl031/9010000.pl031";
    private static final Pattern SUMMARY =
            Pattern.compile("sent (\\d+) ok (\\d+) wrong (\\d+) timeout (\\d+) longest-ms (\\d+)");

    private static final String AGENTS = """
            agents:
              linux: { transport: vhost-user, socket: linux.sock, clocks: all, power-domains: all }
              holder: { transport: socket, socket: holder.sock, clocks: all, power-domains: all,
                        voltage-domains: all, sensors: all }
              fat: { transport: socket, socket: fat.sock, clocks: all, power-domains: all, sensors: all, resets: all }
              ring: { transport: socket, socket: ring.sock, clocks: all, power-domains: all, sensors: all, resets: all }
            """;

    /** What the holder has set and holds of each co-processor, in its names: a clock above comes before those below. */
    private static final Map<String, Long> RATES = new LinkedHashMap<>();

    static {
        RATES.put("pll-input", 8 * MHZ);
        RATES.put("pll", 600 * MHZ);
        RATES.put("uart0", 8 * MHZ);
        RATES.put("spi0", 75 * MHZ);
        RATES.put("display", 50 * MHZ);
    }

    @TempDir
    private Path folder;

    /** Somebody who holds clocks and a domain of both. */
    private static final class Holder implements AutoCloseable {
        private final PlatformAgent agent;
        private final Map<String, Integer> clocks = new HashMap<>();
        private final Map<String, Integer> domains = new HashMap<>();
        private final Map<String, Integer> sensors = new HashMap<>();
        private final Map<String, Integer> supplies = new HashMap<>();

        Holder(Path socket) {
            agent = new PlatformAgent((loop, client) -> SocketLink.connect(loop, socket, client));
            Offer offer = agent.discover().offer();
            for (ClockOffer clock : offer.clocks()) {
                clocks.put(clock.name(), clock.id());
            }
            offer.powerDomains().forEach(domain -> domains.put(domain.name(), domain.id()));
            offer.sensors().forEach(sensor -> sensors.put(sensor.name(), sensor.id()));
            offer.voltageDomains().forEach(supply -> supplies.put(supply.name(), supply.id()));
        }

        int clock(String name) {
            return Objects.requireNonNull(clocks.get(name), name);
        }

        int domain(String name) {
            return Objects.requireNonNull(domains.get(name), name);
        }

        int sensor(String name) {
            return Objects.requireNonNull(sensors.get(name), name);
        }

        void ask(String what, int header, int... payload) {
            assertEquals(Scmi.SUCCESS, agent.ask(header, payload)[0], what);
        }

        void take(String prefix) {
            ask("a parent", Scmi.clock(Scmi.PARENT_SET), clock(prefix + "uart0"), clock(prefix + "rc"));
            ask("a parent", Scmi.clock(Scmi.PARENT_SET), clock(prefix + "timer0"), clock(prefix + "xtal"));
            RATES.forEach(
                    (name, hz) -> ask(name, Scmi.clock(Scmi.RATE_SET), 0, clock(prefix + name), (int) (long) hz, 0));
            for (String name : new String[] {"uart0", "spi0", "display", "timer0"}) {
                ask(name, Scmi.clock(Scmi.CONFIG_SET), clock(prefix + name), 1, 0);
            }
            int supply = Objects.requireNonNull(supplies.get(prefix + "vdd-gpu"));
            ask("vdd-gpu", Scmi.header(VOLTAGE, LEVEL_SET, 0), supply, 0, GPU_MICROVOLTS);
            ask("vdd-gpu", Scmi.header(VOLTAGE, SUPPLY_SET, 0), supply, SUPPLY_ON);
            ask("gpu", Scmi.header(Load.POWER, Load.STATE_SET, 0), 0, domain(prefix + "gpu"), 0);
        }

        @Override
        public void close() {
            agent.close();
        }
    }

    /** An agent that asks one co-processor for this and that, again and again, and looks at each answer. */
    private static final class Load {
        static final int POWER = 0x11;
        static final int STATE_SET = 0x4;
        private static final int SENSOR = 0x15;
        private static final int READING_GET = 0x6;
        private static final int OFF = 1 << 30;
        private static final int HARDWARE_ERROR = -9;
        private static final int[] RATES = {24, 12, 8, 6, 4, 3, 2};

        private final Path socket;
        private final Holder names;
        private final String prefix;
        private final Thread thread;
        private final List<String> wrong = new ArrayList<>();
        private volatile boolean isOver;
        private final AtomicLong answered = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private volatile long longestMillis;

        Load(Path socket, Holder names, String prefix) {
            this.socket = socket;
            this.names = names;
            this.prefix = prefix;
            thread = Thread.ofPlatform().name("load " + prefix).start(this::run);
        }

        private void run() {
            try (SocketAgent agent = SocketAgent.connect(socket)) {
                int uart1 = names.clock(prefix + "uart1");
                for (int i = 0; !isOver; i++) {
                    int mhz = RATES[i % RATES.length];
                    boolean isSet = call(agent, Scmi.clock(Scmi.RATE_SET), 0, uart1, (int) (mhz * MHZ), 0) != null;
                    int[] rate = call(agent, Scmi.clock(Scmi.RATE_GET), uart1);
                    if (isSet && rate != null && rate[1] != mhz * MHZ) {
                        wrong.add("uart1 was set to " + mhz + " MHz and has " + rate[1] + " Hz");
                    }
                    call(agent, Scmi.clock(Scmi.CONFIG_SET), names.clock(prefix + "dma"), i & 1, 0);
                    call(
                            agent,
                            Scmi.header(POWER, STATE_SET, 0),
                            0,
                            names.domain(prefix + "dsp"),
                            i % 2 == 0 ? 0 : OFF);
                    int[] degrees =
                            call(agent, Scmi.header(SENSOR, READING_GET, 0), names.sensor(prefix + "temperature"), 0);
                    if (degrees != null && degrees[1] != 25_000) {
                        wrong.add("it reads " + degrees[1]);
                    }
                }
                call(agent, Scmi.clock(Scmi.CONFIG_SET), names.clock(prefix + "dma"), 0, 0);
                call(agent, Scmi.header(POWER, STATE_SET, 0), 0, names.domain(prefix + "dsp"), OFF);
            } catch (RuntimeException e) {
                wrong.add(e.toString());
            }
        }

        /** Sends a command; its answer, null if it has failed. */
        private int @Nullable [] call(SocketAgent agent, int header, int... payload) {
            long began = System.nanoTime();
            int[] reply = agent.call(header, payload);
            longestMillis = Math.max(longestMillis, (System.nanoTime() - began) / 1_000_000);
            if (reply[0] == Scmi.SUCCESS) {
                answered.incrementAndGet();
                return reply;
            }
            if (reply[0] != HARDWARE_ERROR) {
                wrong.add("0x" + Integer.toHexString(header) + " is answered " + reply[0]);
            }
            failed.incrementAndGet();
            return null;
        }

        void end() {
            isOver = true;
            try {
                thread.join(Deadline.GENEROUS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            System.out.println("co-processor: of " + answered + " answered and " + failed
                    + " failed commands the longest took " + longestMillis + " ms");
            assertEquals(List.of(), wrong);
            assertTrue(longestMillis <= BOUND_MILLIS, () -> "a command took " + longestMillis + " ms");
        }
    }

    /** A running service between the two co-processors and all who ask. */
    private final class Scene implements AutoCloseable {
        final CoprocessorBoard board;
        final Scmid scmid;
        final Holder holder;

        Scene(String whenBack) {
            board = new CoprocessorBoard(folder, whenBack, AGENTS);
            scmid = board.files.run();
            for (String socket : new String[] {"linux.sock", "holder.sock", "fat.sock", "ring.sock"}) {
                Deadline.await(
                        socket + " is there",
                        () -> Files.exists(folder.resolve(socket)),
                        () -> scmid.output().text());
            }
            holder = new Holder(folder.resolve("holder.sock"));
        }

        JsonObject upstream(String name) {
            var all = new JsonArray(Scmid.get(board.files.managementPort, "/api/upstreams"));
            for (int i = 0; i < all.size(); i++) {
                if (all.getJsonObject(i).getString("name").equals(name)) {
                    return all.getJsonObject(i);
                }
            }
            throw new AssertionError("no " + name + " in " + all);
        }

        void awaitState(String upstream, String state) {
            Deadline.await(
                    "upstream " + upstream + " is " + state,
                    () -> upstream(upstream).getString("state").equals(state),
                    () -> scmid.output().text());
        }

        void awaitHeld(Coprocessor owner, String when) {
            Deadline.await(
                    "all that is held is there " + when,
                    () -> difference(owner).isEmpty(),
                    () -> difference(owner) + "\n" + scmid.output().text());
        }

        /** What of the holder's clocks and domain is not as it was set; empty if all is. */
        String difference(Coprocessor owner) {
            BoardOracle oracle = owner.clocks();
            var wrong = new StringBuilder();
            RATES.forEach((name, hz) -> {
                if (oracle.state(name).hz() != hz || !oracle.state(name).runs()) {
                    wrong.append(name).append(" is ").append(oracle.state(name)).append('\n');
                }
            });
            if (!oracle.state("uart0").parent().equals("rc")) {
                wrong.append("uart0 is ").append(oracle.state("uart0")).append('\n');
            }
            if (!oracle.state("timer0").equals(new BoardOracle.State("xtal", 24 * MHZ, true))) {
                wrong.append("timer0 is ").append(oracle.state("timer0")).append('\n');
            }
            if ((owner.register(Coprocessor.POWER_STATUS) & 2) == 0) {
                wrong.append("gpu is off\n");
            }
            if (owner.register(Coprocessor.SUPPLY_LEVEL) != GPU_LEVEL
                    || (owner.register(Coprocessor.SUPPLY_CONTROL) & 2) == 0) {
                wrong.append("vdd-gpu is at level ")
                        .append(owner.register(Coprocessor.SUPPLY_LEVEL))
                        .append(", or off\n");
            }
            return wrong.toString();
        }

        @Override
        public void close() {
            try {
                holder.close();
                scmid.close();
            } finally {
                board.close();
            }
        }
    }

    @Test
    void paused_for_five_seconds_or_killed_it_is_given_again_what_agents_hold_and_nobody_waits_for_long() {
        try (var scene = new Scene("apply");
                LinuxGuest guest = boot(scene.board.files)) {
            scene.holder.take("");
            scene.holder.take(CoprocessorBoard.RING);
            scene.awaitHeld(scene.board.fat, "at first");
            scene.awaitHeld(scene.board.ring, "at first");
            String bootId = guest.read("/proc/sys/kernel/random/boot_id");
            String talk =
                    guest.begin("scmi-raw -l 0 -d 4 -t 60000 & talker=$!; echo $talker > /run/talker; wait $talker");
            var fat = new Load(folder.resolve("fat.sock"), scene.holder, "");
            var ring = new Load(folder.resolve("ring.sock"), scene.holder, CoprocessorBoard.RING);
            try {
                pauseAndKill(scene, "fat", scene.board.fat, fat, ring);
                pauseAndKill(scene, "ring", scene.board.ring, ring, fat);
            } finally {
                fat.end();
                ring.end();
            }
            guest.run("kill -TERM $(cat /run/talker)").ok();
            Matcher counts = SUMMARY.matcher(guest.await(talk).output());
            assertTrue(counts.find());
            assertEquals("0", counts.group(4), counts.group());
            assertTrue(Long.parseLong(counts.group(5)) <= BOUND_MILLIS, counts.group());
            assertEquals(bootId, guest.read("/proc/sys/kernel/random/boot_id"), "the guest never rebooted");
            assertEquals(
                    "yes",
                    guest.run("test -e " + RTC_DRIVER + " && echo yes").ok().strip(),
                    "its driver is bound");
            for (Coprocessor each : new Coprocessor[] {scene.board.fat, scene.board.ring}) {
                scene.awaitHeld(each, "at the end");
                assertEquals(2, each.register(Coprocessor.STARTS));
            }
            for (String name : new String[] {"fat", "ring"}) {
                Deadline.await(
                        "nothing is pending of " + name,
                        () -> scene.upstream(name).getLong("pending") == 0,
                        () -> scene.upstream(name).encode());
                assertEquals(2, scene.upstream(name).getLong("losses"), "each loss counts once");
            }
        }
    }

    private static LinuxGuest boot(TestBoard files) {
        return LinuxGuest.boot(
                "linux",
                files.guestFolder("linux"),
                files.overlayWithConsumers("linux")
                        .withRealTimeClockOn("gpio", 24 * MHZ)
                        .source(),
                files.attach("linux", "pci"));
    }

    private static void pauseAndKill(Scene scene, String name, Coprocessor owner, Load its, Load others) {
        awaitAnswers(its, "before the pause");
        long failed = others.failed.get();
        owner.pause();
        long end = System.nanoTime() + PAUSE_NANOS;
        scene.awaitState(name, "silent");
        Deadline.await("five seconds are over", () -> System.nanoTime() - end > 0);
        long late = scene.upstream(name).getLong("late");
        owner.goOn();
        scene.awaitState(name, "up");
        awaitAnswers(its, "after the pause");
        scene.awaitHeld(owner, "after the pause");
        assertTrue(scene.upstream(name).getLong("late") > late, "what was asked before is answered to nobody");

        owner.kill();
        scene.awaitState(name, "silent");
        owner.boot();
        scene.awaitState(name, "up");
        awaitAnswers(its, "after the restart");
        scene.awaitHeld(owner, "after the restart");
        assertEquals(failed, others.failed.get(), "who asks the other one does not notice");
    }

    private static void awaitAnswers(Load load, String when) {
        long before = load.answered.get();
        Deadline.await("commands are answered " + when, () -> load.answered.get() > before + 50, load.wrong::toString);
    }

    @Test
    void killed_where_only_a_report_is_wanted_it_stays_as_it_is_and_who_subscribed_is_told() {
        try (var scene = new Scene("report")) {
            for (String prefix : new String[] {"", CoprocessorBoard.RING}) {
                scene.holder.take(prefix);
                scene.holder.ask("to be told", Scmi.clock(Scmi.RATE_NOTIFY), scene.holder.clock(prefix + "pll"), 1);
            }
            for (String name : new String[] {"fat", "ring"}) {
                Coprocessor owner = name.equals("fat") ? scene.board.fat : scene.board.ring;
                owner.kill();
                owner.boot();
                int[] told = PlatformAgent.words(scene.holder.agent.awaitNotification());
                assertEquals(scene.holder.clock((name.equals("fat") ? "" : CoprocessorBoard.RING) + "pll"), told[1]);
                assertEquals(400 * MHZ, told[2], "what it has after its start");
                scene.awaitState(name, "up");
                assertEquals(0, owner.register(Coprocessor.PLL) & Coprocessor.PLL_ON, "nothing is applied");
            }
        }
    }
}
