// What valid files are read as, key by key.
package org.scmid.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.Describe;
import org.scmid.config.clock.DividerSpec;
import org.scmid.config.clock.Factor;
import org.scmid.config.clock.FixedRate;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.clock.MuxSpec;
import org.scmid.config.clock.PllSpec;
import org.scmid.config.clock.RateLimits;
import org.scmid.config.clock.ReadySpec;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problem;
import org.scmid.config.performance.PerformanceDomainSpec;
import org.scmid.config.performance.PerformanceLevelSpec;
import org.scmid.config.register.Access;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.WindowSpec;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.sensor.SensorUnit;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.ManagementSpec;
import org.scmid.config.service.MemoryWindow;
import org.scmid.config.service.Permission;
import org.scmid.config.service.Service;
import org.scmid.config.service.SystemPowerAction;
import org.scmid.config.service.SystemPowerSpec;
import org.scmid.config.service.SystemPowerState;
import org.scmid.config.service.TransportSpec;
import org.scmid.config.voltage.VoltageDomainSpec;
import org.scmid.config.voltage.VoltageLevels;

class ExamplesTest {
    static final String BOARD = """
            board: example-board
            description: what it is
            compatible: ["vendor,board"]
            registers:
              cru: { at: 0xff440000, size: 4 KiB, width: 32 }
              pmu: { at: 0xff45_0000, size: 256, width: 16, access: "file:regs.bin", write-mask-shift: 8, initial: { 0x10: 7 } }
              clk: { size: 1KiB, access: uio:clk, write-key: 0x5a000000 }
            clocks:
              osc:   { fixed: 24 MHz }
              "2nd: osc": { fixed: 33.333 MHz }
              pll:   { parent: osc, factor: { multiply: 25, divide: 3 } }
              uart:
                parents: [osc, pll]
                mux:     { register: cru+0x10, bits: 9..8 }
                divider: { register: cru+0x10, bits: 6..0, kind: linear }
                gate:    { register: cru+0x20, bit: 3, enable: high }
                rates:   { min: 1 MHz, max: 100 MHz }
              one:   { parent: osc, divider: { register: cru+0x30, bits: 3..0, kind: one-based, zero: bypass } }
              two:   { parent: osc, divider: { register: cru+0x30, bits: 6..4, kind: power-of-two } }
              tab:   { parent: osc, divider: { register: cru+0x30, bits: 9..8, table: { 0: 1, 0x2: 6 } } }
              frac:  { parent: osc, divider: { register: clk+0x4, kind: fractional, integer: 23..12, fraction: 11..0 } }
              sel:
                parents: ["2nd: osc", osc]
                mux: { register: pmu+0x10, bits: 1..0, values: [1, 3] }
                gate: { register: pmu+0x12, bit: 7, enable: low }
                describe: range
                reparent: true
                set-parent-rate: true
                enable-delay: 50 us
            voltage-domains:
              vdd-sd:
                levels: [1.8 V, 3300 mV]
                level: { register: cru+0x100, bits: 3..0, values: [2, 7] }
                enable: { register: cru+0x104, bit: 0, active: low }
                settle: 100 us
                asynchronous: true
              vdd-cpu:
                range: { min: 600 mV, max: 1.3 V, step: 12.5 mV }
                level: { register: cru+0x108, bits: 7..0, start: 0x10 }
              vdd-io: { levels: [1800000 uV] }
            performance-domains:
              cpu:
                clock: uart
                voltage-domain: vdd-cpu
                levels:
                  - { level: 3, frequency: 8 MHz, voltage: 800 mV, power: 1.5 mW, latency: 50 us }
                  - { level: 9, frequency: 24 MHz, voltage: 1 V }
                sustained: 8 MHz
                level-indexing: true
                rate-limit: 1 ms
              bus: { clock: one, levels: [{ frequency: 12 MHz }] }
            """;

    static final String SERVICE = """
            board: demo
            agents:
              linux:
                transport: vhost-user
                socket: linux.sock
                mode: connect
                socket-mode: "0660"
                socket-group: kvm
                grace: 1 min
                window: { size: 4 MiB, guest-address: 0x50000000 }
                clocks: [uart0, osc: read, osc-32k: [state, rate], all: notify]
                performance-domains: [all: [level]]
                sensors: [all: [config]]
                voltage-domains: [vdd-sd: [level, state], all: [state]]
                system-power:
                  shutdown: ignore
                  cold-reset: { run: [/usr/bin/systemctl, reboot] }
                  warm-reset: notify
                  suspend: { run: [bin/sleep] }
              zephyr: { transport: vhost-user, clocks: [] }
              tools:
                transport: socket
                socket: /run/scmid/t.sock
                socket-mode: 0666
                clocks: all
                trusted: true
            devices:
              serial: { clocks: [uart0, uart1] }
              rest: { clocks: [osc] }
            access: { cru: "file:cru.bin" }
            arbitration:
              voltage: { vdd-sd: highest }
              performance: { owner: linux }
            management:
              listen: "[::1]:9000"
            """;

    private static FieldRef field(String window, long offset, int high, int low, Place place) {
        return new FieldRef(window, offset, high, low, place);
    }

    @Test
    void aClockOfTheHostHasARateToBeginWith() throws ConfigException {
        Board board = new Marked("board: x\nclocks: { c: { fixed: 48 MHz, host-clock: fe201000.serial } }\n").board();
        assertEquals(
                new FixedRate(48_000_000, "fe201000.serial", false),
                clock(board, "c").fixed());
    }

    @Test
    void aClockOfTheHostMayBeWritableWithinBounds() throws ConfigException {
        Board board = new Marked(
                        "board: x\nclocks: { c: { fixed: 48 MHz, host-clock: uart, host-access: write, rates: {"
                                + " max: 50 MHz } } }\n")
                .board();
        assertEquals(new FixedRate(48_000_000, "uart", true), clock(board, "c").fixed());
    }

    @Test
    void everyKindOfClockIsReadAsWritten() throws ConfigException {
        Board board = new Marked(BOARD).board();

        assertEquals("example-board", board.name());
        assertEquals("what it is", board.description());
        assertEquals(List.of("vendor,board"), board.compatible());
        assertEquals(
                List.of("osc", "2nd: osc", "pll", "uart", "one", "two", "tab", "frac", "sel"),
                List.copyOf(board.clocks().keySet()));
        assertEquals(new FixedRate(33_333_000), clock(board, "2nd: osc").fixed());
        assertEquals(new Factor(25, 3), clock(board, "pll").factor());
        assertEquals(
                new ClockSpec(
                        "uart",
                        List.of("osc", "pll"),
                        null,
                        null,
                        new MuxSpec(field("cru", 0x10, 9, 8, at(14, 26)), List.of(0L, 1L)),
                        new DividerSpec.Linear(field("cru", 0x10, 6, 0, at(15, 26))),
                        new GateSpec(field("cru", 0x20, 3, 3, at(16, 26)), true),
                        new RateLimits(1_000_000, 100_000_000),
                        Describe.AUTO,
                        false,
                        false,
                        0,
                        at(12, 3)),
                clock(board, "uart"));
        DividerSpec.OneBased one =
                assertInstanceOf(DividerSpec.OneBased.class, clock(board, "one").divider());
        assertEquals(DividerSpec.WhenZero.BYPASS, one.zero());
        assertInstanceOf(DividerSpec.PowerOfTwo.class, clock(board, "two").divider());
        DividerSpec.Table table =
                assertInstanceOf(DividerSpec.Table.class, clock(board, "tab").divider());
        assertEquals(Map.of(0L, 1L, 2L, 6L), table.divisors());
        DividerSpec.Fractional fractional = assertInstanceOf(
                DividerSpec.Fractional.class, clock(board, "frac").divider());
        assertEquals(0xfff000, fractional.integer().mask());
        assertEquals(0xfff, fractional.fraction().mask());
        ClockSpec sel = clock(board, "sel");
        assertEquals(List.of(1L, 3L), Objects.requireNonNull(sel.mux()).values());
        assertEquals(false, Objects.requireNonNull(sel.gate()).enableHigh());
        assertEquals(Describe.RANGE, sel.describe());
        assertTrue(sel.reparent() && sel.setParentRate());
        assertEquals(50, sel.enableDelayMicros());
        assertEquals(RateLimits.NONE, sel.rates());
    }

    @Test
    void aPllIsReadAsWritten() throws ConfigException {
        Board board = new Marked("""
                board: plls
                registers:
                  cru: { at: 0, size: 64 B }
                clocks:
                  osc: { fixed: 24 MHz }
                  a:
                    parent: osc
                    pll:
                      reference: { register: cru, bits: 5..0, kind: one-based }
                      feedback:  { register: cru, bits: 15..8, kind: linear, min: 8, max: 99 }
                      with-feedback: { register: cru+16, bits: 7..4, values: { 8: 6, 16: 10 } }
                      fraction:  { register: cru+4, bits: 23..0 }
                      post:
                        - { register: cru, bits: 18..16, kind: one-based }
                        - { register: cru, bits: 20..19, kind: power-of-two }
                      input:  { min: 1 MHz, max: 24 MHz }
                      vco:    { min: 800 MHz, max: 1.6 GHz }
                      enable: [{ register: cru+8, bit: 1, enable: low }, { register: cru+8, bit: 0 }]
                      bypass: { register: cru+8, bit: 2, on: low }
                      lock:   { register: cru+8, bit: 31, on: low, timeout: 2 ms, interval: 20 us, when-off: wait }
                  b: { parent: osc, pll: { feedback: { register: cru+12, bits: 7..0, kind: one-based } } }
                """).board();

        PllSpec a = Objects.requireNonNull(clock(board, "a").pll());
        assertInstanceOf(DividerSpec.OneBased.class, a.reference());
        assertInstanceOf(DividerSpec.Linear.class, a.feedback());
        assertEquals(8, a.least());
        assertEquals(99, a.most());
        assertEquals(1 << 24, Objects.requireNonNull(a.fraction()).fixedModulus());
        assertEquals(Map.of(8L, 6L, 16L, 10L), a.followers().getFirst().values());
        assertEquals(0xf0, a.followers().getFirst().field().mask());
        assertEquals(2, a.post().size());
        assertEquals(new RateLimits(1_000_000, 24_000_000), a.input());
        assertEquals(new RateLimits(800_000_000, 1_600_000_000), a.vco());
        assertEquals(
                List.of(false, true),
                a.enable().stream().map(GateSpec::enableHigh).toList());
        assertEquals(0, Objects.requireNonNull(a.bypass()).value());
        assertEquals(PllSpec.WhileChanging.STOP, a.whileChanging());
        PllSpec.Lock lock = Objects.requireNonNull(a.lock());
        assertEquals(0x8000_0000L, lock.bit().field().mask());
        assertEquals(false, lock.bit().high());
        assertEquals(Duration.ofMillis(2), lock.bit().timeout());
        assertEquals(Duration.ofNanos(20_000), lock.bit().interval());
        assertTrue(lock.waitsWhenOff());
        PllSpec b = Objects.requireNonNull(clock(board, "b").pll());
        assertEquals(null, b.lock());
        assertEquals(PllSpec.WhileChanging.RUN, b.whileChanging(), "nothing stops it");
        assertEquals(RateLimits.NONE, b.vco());
    }

    @Test
    void howHardwareSaysThatItIsReadyIsReadAsWritten() throws ConfigException {
        Board board = new Marked("""
                board: ready
                registers:
                  cru: { at: 0, size: 64 B }
                clocks:
                  osc: { fixed: 24 MHz }
                  hsi: { parent: osc, gate: { register: cru, bit: 8, ready: { register: cru, bit: 10 } } }
                  sys:
                    parents: [osc, hsi]
                    mux: { register: cru+8, bits: 1..0, values: [2, 1], status: { register: cru+8, bits: 3..2 } }
                  mco:
                    parents: [osc, hsi]
                    mux: { register: cru+8, bit: 8, status: { register: cru+8, bits: 11..10, values: [3, 1] } }
                """).board();

        ReadySpec ready = Objects.requireNonNull(
                Objects.requireNonNull(clock(board, "hsi").gate()).ready());
        assertEquals(0x400, ready.field().mask());
        assertTrue(ready.high());
        assertEquals(Duration.ofMillis(10), ready.timeout());
        assertEquals(Duration.ofNanos(50_000), ready.interval());
        assertEquals(List.of(2L, 1L), statusOf(board, "sys").values(), "those of the mux");
        assertEquals(0xc, statusOf(board, "sys").field().mask());
        assertEquals(List.of(3L, 1L), statusOf(board, "mco").values());
    }

    private static MuxSpec.Status statusOf(Board board, String name) {
        return Objects.requireNonNull(
                Objects.requireNonNull(clock(board, name).mux()).status());
    }

    @Test
    void everyKindOfWindowIsReadAsWritten() throws ConfigException {
        Board board = new Marked(BOARD).board();

        assertEquals(
                new WindowSpec("cru", new Access.Devmem(), 0xff440000L, 4096, 32, 0, -1, new TreeMap<>(), at(5, 3)),
                board.registers().get("cru"));
        assertEquals(
                new WindowSpec(
                        "pmu",
                        new Access.File(Path.of("regs.bin").toAbsolutePath()),
                        0xff450000L,
                        256,
                        16,
                        0,
                        8,
                        new TreeMap<>(Map.of(0x10L, 7L)),
                        at(6, 3)),
                board.registers().get("pmu"));
        assertEquals(
                new WindowSpec("clk", new Access.Uio("clk"), 0, 1024, 32, 0x5a000000L, -1, new TreeMap<>(), at(7, 3)),
                board.registers().get("clk"));
        assertTrue(board.simulated().registers().values().stream()
                .allMatch(window -> window.access() instanceof Access.Simulated));
    }

    @Test
    void everyKindOfVoltageDomainIsReadAsWritten() throws ConfigException {
        Board board = new Marked(BOARD).board();

        VoltageDomainSpec sd = Objects.requireNonNull(board.voltageDomains().get("vdd-sd"));
        assertEquals(
                new VoltageDomainSpec(
                        "vdd-sd",
                        new VoltageLevels.Listed(List.of(1_800_000, 3_300_000), List.of(2L, 7L)),
                        field("cru", 0x100, 3, 0, at(33, 24)),
                        new GateSpec(field("cru", 0x104, 0, 0, at(34, 25)), false),
                        100,
                        true,
                        false,
                        at(31, 3)),
                sd);
        assertEquals(1, sd.levels().position(3_300_000));
        assertEquals(-1, sd.levels().position(1_800_001));
        VoltageDomainSpec cpu = Objects.requireNonNull(board.voltageDomains().get("vdd-cpu"));
        assertEquals(new VoltageLevels.Range(600_000, 1_300_000, 12_500, 16), cpu.levels());
        assertEquals(57, cpu.levels().count());
        assertEquals(1_300_000, cpu.levels().level(56));
        assertEquals(72, cpu.levels().raw(56));
        assertEquals(1, cpu.levels().position(612_500));
        assertEquals(-1, cpu.levels().position(612_501));
        assertEquals(0, cpu.settleMicros());
        VoltageDomainSpec io = Objects.requireNonNull(board.voltageDomains().get("vdd-io"));
        assertEquals(new VoltageLevels.Listed(List.of(1_800_000), List.of(0L)), io.levels());
        assertEquals(null, io.level());
        assertEquals(null, io.enable());
    }

    @Test
    void everyKindOfPerformanceDomainIsReadAsWritten() throws ConfigException {
        Board board = new Marked(BOARD).board();

        assertEquals(
                new PerformanceDomainSpec(
                        "cpu",
                        "uart",
                        "vdd-cpu",
                        List.of(
                                new PerformanceLevelSpec(3, 8_000_000, 800_000, 1500, 50),
                                new PerformanceLevelSpec(9, 24_000_000, 1_000_000, 0, 0)),
                        0,
                        true,
                        1000,
                        at(42, 3)),
                board.performanceDomains().get("cpu"));
        assertEquals(
                new PerformanceDomainSpec(
                        "bus",
                        "one",
                        null,
                        List.of(new PerformanceLevelSpec(12_000, 12_000_000, 0, 0, 0)),
                        0,
                        false,
                        0,
                        at(51, 3)),
                board.performanceDomains().get("bus"));
    }

    @Test
    void systemPowerIsReadAsWritten() throws ConfigException {
        Service service = new Marked(SERVICE).service();

        assertEquals(
                new SystemPowerSpec(Map.of(
                        SystemPowerState.SHUTDOWN, new SystemPowerAction.Ignore(),
                        SystemPowerState.COLD_RESET, new SystemPowerAction.Run(List.of("/usr/bin/systemctl", "reboot")),
                        SystemPowerState.WARM_RESET, new SystemPowerAction.Notify(),
                        SystemPowerState.SUSPEND, new SystemPowerAction.Run(List.of("/services/bin/sleep")))),
                agent(service, "linux").systemPower());
        assertEquals(null, agent(service, "tools").systemPower());
        AgentSpec told = agent(
                new Marked("board: demo\nagents: { a: { transport: socket, system-power: {} } }\n").service(), "a");
        assertEquals(new SystemPowerSpec(Map.of()), told.systemPower());
    }

    @Test
    void arbitrationIsReadAsWritten() throws ConfigException {
        ArbitrationSpec arbitration = new Marked(SERVICE).service().arbitration();

        assertEquals(new ArbitrationPolicy.Highest(), arbitration.policy(ResourceKind.VOLTAGE_DOMAIN, "vdd-sd"));
        assertEquals(new ArbitrationPolicy.LastWriter(), arbitration.policy(ResourceKind.VOLTAGE_DOMAIN, "vdd-cpu"));
        assertEquals(new ArbitrationPolicy.Owner("linux"), arbitration.policy(ResourceKind.PERFORMANCE_DOMAIN, "cpu"));
        assertEquals(new ArbitrationPolicy.LastWriter(), arbitration.policy(ResourceKind.CLOCK, "cpu"));
        assertEquals(
                new ArbitrationPolicy.Owner("a"),
                new Marked("""
                board: demo
                agents: { a: { transport: socket } }
                arbitration: { performance: { cpu: { owner: a } } }
                """).service().arbitration().policy(ResourceKind.PERFORMANCE_DOMAIN, "cpu"));
    }

    @Test
    void theOwnerOfAllOfAKindNeedNotListWhatNobodyMaySet() throws ConfigException {
        ArbitrationSpec arbitration = new Marked("""
                board: demo
                agents:
                  a: { transport: socket, clocks: [uart0: [rate], uart1: read] }
                  b: { transport: socket, clocks: [uart0, mmc: [state]] }
                arbitration: { clocks: { owner: a } }
                """).service().arbitration();
        assertEquals(new ArbitrationPolicy.Owner("a"), arbitration.policy(ResourceKind.CLOCK, "mmc"));
    }

    @Test
    void aServiceIsReadAsWritten() throws ConfigException {
        Service service = new Marked(SERVICE).service();

        assertEquals(
                List.of("linux", "zephyr", "tools"),
                List.copyOf(service.agents().keySet()));
        AgentSpec linux = agent(service, "linux");
        assertEquals(
                new TransportSpec.VhostUser(
                        Path.of("/services/linux.sock"),
                        TransportSpec.Mode.CONNECT,
                        0660,
                        "kvm",
                        Duration.ofMinutes(1),
                        new MemoryWindow(4 << 20, 0x5000_0000L)),
                linux.transport());
        assertEquals(
                new Grant("uart0", Permission.CONTROL),
                linux.grants(ResourceKind.CLOCK).get(0));
        assertEquals(
                new Grant("osc", Permission.READ),
                linux.grants(ResourceKind.CLOCK).get(1));
        assertEquals(
                new Grant("osc-32k", Permission.CONTROL, Set.of(Control.RATE, Control.STATE)),
                linux.grants(ResourceKind.CLOCK).get(2));
        assertEquals(Permission.NOTIFY, linux.grants(ResourceKind.CLOCK).get(3).permission());
        assertEquals(
                new Grant("vdd-sd", Permission.CONTROL),
                linux.grants(ResourceKind.VOLTAGE_DOMAIN).get(0),
                "a list of everything is control");
        assertTrue(linux.grants(ResourceKind.VOLTAGE_DOMAIN).stream()
                .skip(1)
                .allMatch(grant -> grant.controls().equals(Set.of(Control.STATE))));
        assertTrue(linux.grants(ResourceKind.SENSOR).stream().noneMatch(Grant::isPartial));
        int clocks = service.board().board().clocks().size();
        assertEquals(clocks, linux.grants(ResourceKind.CLOCK).size());

        AgentSpec zephyr = agent(service, "zephyr");
        assertEquals(
                new TransportSpec.VhostUser(
                        Path.of("/run/scmid/zephyr.sock"),
                        TransportSpec.Mode.LISTEN,
                        0600,
                        null,
                        Duration.ofSeconds(10),
                        null),
                zephyr.transport());
        assertEquals(List.of(), zephyr.grants(ResourceKind.CLOCK));

        AgentSpec tools = agent(service, "tools");
        assertEquals(
                new TransportSpec.Socket(Path.of("/run/scmid/t.sock"), TransportSpec.Mode.LISTEN, 0666, null),
                tools.transport());
        assertEquals(clocks, tools.grants(ResourceKind.CLOCK).size());
        assertEquals(
                List.of(false, false, true),
                service.agents().values().stream().map(AgentSpec::trusted).toList());
        assertEquals(List.of("serial", "rest"), List.copyOf(service.devices().keySet()));
        assertEquals(
                List.of("uart0", "uart1"),
                Objects.requireNonNull(service.devices().get("serial")).resources(ResourceKind.CLOCK));
        assertEquals(new ManagementSpec("::1", 9000), service.management());
        assertEquals(
                new Access.File(Path.of("/services/cru.bin")),
                Objects.requireNonNull(service.board().board().registers().get("cru"))
                        .access());
    }

    @Test
    void aLoneAgentOwnsEveryClock() throws ConfigException {
        Service service = new Marked("board: demo\nagents: { a: { transport: socket } }\n").service();

        assertEquals(
                service.board().board().clocks().keySet().stream()
                        .map(clock -> new Grant(clock, Permission.CONTROL))
                        .toList(),
                agent(service, "a").grants(ResourceKind.CLOCK));
        assertEquals(ManagementSpec.DEFAULT, service.management());
    }

    @Test
    void aLimitThatOnlyARoundedRateMeetsIsPossible() throws ConfigException {
        Board board = new Marked("""
                board: x
                registers: { w: { at: 0, size: 4 } }
                clocks:
                  osc: { fixed: 24 MHz }
                  a:
                    parent: osc
                    divider: { register: w, bits: 2..0, kind: linear }
                    rates: { min: 3428571, max: 3428571 }
                """).board();

        assertEquals(new RateLimits(3428571, 3428571), clock(board, "a").rates());
    }

    @Test
    void theBuiltInServiceIsSimulatedAndServesItsBoard() throws ConfigException {
        Service service = ConfigFiles.builtInService(Path.of("/run/user/7/scmid"));

        TransportSpec.VhostUser linux = assertInstanceOf(
                TransportSpec.VhostUser.class, agent(service, "linux").transport());
        assertEquals(Path.of("/run/user/7/scmid/linux.sock"), linux.socket());
        assertEquals(service.board().board(), service.board().board().simulated());
        assertEquals("demo", service.board().reference());
    }

    @Test
    void theListOfBuiltInBoardsIsWhatIsShipped() throws Exception {
        try (var files = Files.list(Path.of("src/main/resources/org/scmid/config/boards"))) {
            assertEquals(
                    files.map(file -> file.getFileName().toString().replace(".yaml", ""))
                            .sorted()
                            .toList(),
                    ConfigFiles.builtInBoards());
        }
        for (String board : ConfigFiles.builtInBoards()) {
            assertEquals(board, ConfigFiles.builtInBoard(board).name());
        }
    }

    @Test
    void pathsStartFromTheFileThatNamesThem(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("boards"));
        Files.writeString(
                folder.resolve("boards/b.yaml"),
                "board: b\nregisters: { w: { size: 4, access: 'file:regs' } }\nclocks: { osc: { fixed: 1 Hz } }\n");
        Path file = folder.resolve("s.yaml");
        Files.writeString(file, "board: boards/b.yaml\nagents: { a: { transport: socket, socket: run/a.sock } }\n");

        Service service = ConfigFiles.service(file, Marked.RUNTIME);
        assertEquals(
                new Access.File(folder.resolve("boards/regs")),
                Objects.requireNonNull(service.board().board().registers().get("w"))
                        .access());
        assertEquals(
                new TransportSpec.Socket(folder.resolve("run/a.sock"), TransportSpec.Mode.LISTEN, 0600, null),
                agent(service, "a").transport());
        assertInstanceOf(ConfigFile.OfService.class, ConfigFiles.load(file, Marked.RUNTIME));
        assertInstanceOf(ConfigFile.OfBoard.class, ConfigFiles.load(folder.resolve("boards/b.yaml"), Marked.RUNTIME));
        assertEquals("b", ConfigFiles.boardByNameOrPath("boards/b.yaml", folder).name());
    }

    @Test
    void aQemuMayBeGivenMoreTimeForAllWindowsOrForOne(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("board.yaml"), """
                board: x
                registers:
                  v: { at: 0x1000, size: 8, access: { qtest: q/v, timeout: 2 s } }
                  w: { at: 0x2000, size: 8, access: "qtest:q/w" }
                clocks: { a: { fixed: 1 MHz } }
                """);
        Path v = folder.resolve("q/v");
        Path w = folder.resolve("q/w");
        Path s = folder.resolve("s");
        Duration usual = Duration.ofMillis(500);
        assertEquals(
                List.of(new Access.Qtest(v, Duration.ofSeconds(2)), new Access.Qtest(w, usual)),
                accesses(folder, "access: { w: 'qtest:q/w' }"));
        assertEquals(
                List.of(new Access.Qtest(s, Duration.ofSeconds(10)), new Access.Qtest(s, Duration.ofSeconds(10))),
                accesses(folder, "access: { qtest: s, timeout: 10 s }"));
        assertEquals(
                List.of(new Access.Qtest(s, usual), new Access.Qtest(w, Duration.ofSeconds(30))),
                accesses(folder, "access: { v: { qtest: s }, w: { qtest: q/w, timeout: 30 s } }"));
    }

    private static List<Access> accesses(Path folder, String line) throws Exception {
        Path file = folder.resolve("service.yaml");
        Files.writeString(file, "board: board.yaml\nagents: { a: { transport: socket } }\n" + line + "\n");
        return ConfigFiles.service(file, Marked.RUNTIME).board().board().registers().values().stream()
                .map(WindowSpec::access)
                .toList();
    }

    @Test
    void physicalAccessOfAWindowWithoutAnAddressIsRefused(@TempDir Path folder) throws Exception {
        Path board = folder.resolve("board.yaml");
        Files.writeString(board, """
                board: x
                registers:
                  w: { size: 8, access: simulated }
                clocks: { a: { fixed: 1 MHz } }
                """);
        for (String access : List.of("devmem", "{ w: devmem }")) {
            Path file = folder.resolve("service.yaml");
            Files.writeString(
                    file, "board: board.yaml\nagents: { a: { transport: socket } }\naccess: " + access + "\n");
            ConfigException thrown = assertThrows(ConfigException.class, () -> ConfigFiles.service(file));
            String message = String.valueOf(thrown.getMessage());
            assertTrue(message.contains("`devmem` needs the address of window `w`"), message);
            assertTrue(message.contains(board + ":3:3"), message);
        }
    }

    @Test
    void mistakesOfTheServiceAndOfItsBoardAreReportedTogether(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("b.yaml"), "board: b\nclocks: { osc: { fixed: 1 Mhz } }\n");
        Path file = folder.resolve("s.yaml");
        Files.writeString(file, "board: b.yaml\nagents: { a: { transport: sokket } }\n");

        ConfigException thrown = assertThrows(ConfigException.class, () -> ConfigFiles.service(file, Marked.RUNTIME));
        assertEquals(
                List.of(
                        new Place(file.toString(), 2, 27),
                        new Place(folder.resolve("b.yaml").toString(), 2, 25)),
                thrown.problems().stream().map(Problem::place).toList());
    }

    @Test
    void whatCannotBeReadIsAProblemOfTheFile(@TempDir Path folder) throws IOException {
        assertProblem(folder.resolve("none.yaml"), "no such file");
        assertProblem(folder, "directory");
        Path file = folder.resolve("s.yaml");
        Files.writeString(file, "agents: { a: { transport: socket } }\nboard: dmeo\n");
        ConfigException thrown = assertThrows(ConfigException.class, () -> ConfigFiles.service(file, Marked.RUNTIME));
        assertEquals(
                new Place(file.toString(), 2, 8), thrown.problems().getFirst().place());
        assertTrue(String.valueOf(thrown.getMessage()).contains("did you mean `demo`?"), thrown::getMessage);
        assertThrows(ConfigException.class, () -> ConfigFiles.builtInBoard("dmeo"));
    }

    private static void assertProblem(Path file, String word) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> ConfigFiles.load(file, Marked.RUNTIME));
        assertEquals(
                new Place(file.toString(), 1, 1), thrown.problems().getFirst().place());
        assertTrue(String.valueOf(thrown.getMessage()).contains(word), thrown::getMessage);
    }

    @Test
    void socketsOfUsersAreUnderTheirRuntimeDirectory() {
        assertEquals(Path.of("/run/scmid"), ConfigFiles.runtimeDirectory(0, Map.of("XDG_RUNTIME_DIR", "/x")));
        assertEquals(Path.of("/x/scmid"), ConfigFiles.runtimeDirectory(7, Map.of("XDG_RUNTIME_DIR", "/x")));
        assertEquals(Path.of("/run/user/7/scmid"), ConfigFiles.runtimeDirectory(7, Map.of("XDG_RUNTIME_DIR", "x")));
    }

    @Test
    void theFieldsOfARecordAreQueriedByMask() {
        FieldRef field = field("w", 0, 9, 8, at(1, 1));
        assertEquals(2, field.width());
        assertEquals(0x300, field.mask());
        assertEquals(3, field.max());
        assertEquals(-1L, field("w", 0, 63, 0, at(1, 1)).mask());
    }

    private static Place at(int line, int column) {
        return new Place("test.yaml", line, column);
    }

    private static ClockSpec clock(Board board, String name) {
        return Objects.requireNonNull(board.clocks().get(name));
    }

    private static AgentSpec agent(Service service, String name) {
        return Objects.requireNonNull(service.agents().get(name));
    }

    @Test
    void windowsWithoutAnAddressOfTheirOwnDoNotOverlap() throws ConfigException {
        Board board = new Marked("""
                board: x
                registers:
                  a: { size: 8, access: simulated }
                  b: { size: 8, access: simulated }
                  c: { size: 8, access: "file:c" }
                  d: { at: 0, size: 8, access: "uio:d" }
                  e: { at: 0, size: 8, access: "uio:e" }
                clocks: {}
                """).board();
        assertEquals(5, board.registers().size());
    }

    @Test
    void thePageAboutBoardsListsEveryUnit() throws IOException {
        String page = Files.readString(Path.of("../docs/boards.md"));
        String units = page.substring(page.indexOf("### Units of sensors"), page.indexOf("## Voltage domains"));
        SensorUnit.byWord()
                .keySet()
                .forEach(word -> assertTrue(units.contains("`" + word + "`"), () -> "no " + word + " in: " + units));
    }
}
