// scmid in an arm64 machine, whose own kernel is a platform of it: clocks and a supply on pins of a PL061.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.CONFIG_GET;
import static org.scmid.system.Scmi.CONFIG_SET;
import static org.scmid.system.Scmi.PARENT_GET;
import static org.scmid.system.Scmi.PARENT_SET;
import static org.scmid.system.Scmi.RATE_GET;
import static org.scmid.system.Scmi.RATE_NOTIFY;
import static org.scmid.system.Scmi.RATE_SET;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * One machine for all tests, whose kernel checks the order of its locks and the memory that it hands out. What the module
 * does is judged by the kernel's own tables of clocks, and by what QEMU's monitor reads of the PL061.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HostModuleTest {
    /** The pins of a PL061: all eight as bits, whichever way they go. */
    private static final long PINS = 0x0903_03fc;

    private static final int PIN_MUX = 1;
    private static final int PIN_PIXEL = 1 << 1;
    private static final int PIN_UART = 1 << 2;
    private static final int PIN_VDD = 1 << 4; // the machine's power button is on 3

    private static final String NODES = """
            &{/} {
                osc24: osc24 { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <24000000>; };
                osc27: osc27 { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <27000000>; };
                pll: pll {
                    compatible = "fixed-factor-clock";
                    #clock-cells = <0>;
                    clocks = <&osc24>;
                    clock-mult = <50>;
                    clock-div = <1>;
                };
                mux: pixel-mux {
                    compatible = "gpio-mux-clock";
                    #clock-cells = <0>;
                    clocks = <&osc24>, <&osc27>;
                    select-gpios = <&{/pl061@9030000} 0 0>;
                };
                pixel: pixel-gate {
                    compatible = "gpio-gate-clock";
                    #clock-cells = <0>;
                    clocks = <&mux>;
                    enable-gpios = <&{/pl061@9030000} 1 0>;
                };
                uart: uart-gate {
                    compatible = "gpio-gate-clock";
                    #clock-cells = <0>;
                    clocks = <&pll>;
                    enable-gpios = <&{/pl061@9030000} 2 0>;
                };
                vdd: vdd {
                    compatible = "regulator-fixed";
                    regulator-name = "vdd";
                    regulator-min-microvolt = <3300000>;
                    regulator-max-microvolt = <3300000>;
                    gpio = <&{/pl061@9030000} 4 0>;
                    enable-active-high;
                };
                mux-consumer {
                    compatible = "scmid,test-consumer";
                    clocks = <&mux>, <&osc27>;
                    clock-names = "a", "b";
                };
                scmid-host {
                    compatible = "scmid,host-platform";
                    clocks = <&osc24>, <&osc27>, <&pll>, <&mux>, <&pixel>, <&uart>;
                    clock-names = "osc24", "osc27", "pll", "pixel-mux", "pixel", "uart";
                    vdd-supply = <&vdd>;
                };
                wrong-names {
                    compatible = "scmid,host-platform";
                    label = "wrong-names";
                    clocks = <&osc24>, <&osc27>;
                    clock-names = "one";
                };
                wrong-nothing {
                    compatible = "scmid,host-platform";
                    label = "wrong-nothing";
                };
                wrong-label {
                    compatible = "scmid,host-platform";
                    label = "test";
                    clocks = <&osc24>;
                    clock-names = "one";
                };
            };
            """;
    private static final int OSC27 = 1;
    private static final int MUX = 3;
    private static final int PIXEL = 4;
    private static final int UART = 5;
    private static final int VDD = 0;

    private static final int VOLTAGE = 0x17;
    private static final int VOLTAGE_CONFIG_SET = 0x5;
    private static final int VOLTAGE_CONFIG_GET = 0x6;
    private static final int VOLTAGE_LEVEL_GET = 0x8;
    private static final int VOLTAGE_ON = 7;

    private static final int CLOCK_RATE_CHANGED = 3 << 8 | Scmi.CLOCK << 10;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Arm64Host host;

    @SuppressWarnings("NullAway.Init")
    private static String module;

    @BeforeAll
    static void bootAndStart() throws IOException {
        Path built = Programs.hostModule(Programs.arm64Host());
        module = "/scmid/" + Programs.of(".").relativize(built);
        host = Arm64Host.boot(folder, HostModule.TEST_NODES + NODES, "slab_debug=FZPU", new byte[0]);
        // What an emulated machine takes for an answer says nothing.
        Files.writeString(host.file("board.yaml"), """
                board: host
                upstreams:
                  kernel: { transport: device, path: /dev/scmid-host, timeout: 30 s }
                clocks: { all-of: kernel }
                voltage-domains: { all-of: kernel }
                """);
        Files.writeString(host.file("service.yaml"), """
                board: board.yaml
                management: { listen: none }
                agents:
                  fat:
                    transport: fat-virtqueue
                    region: { pci: "%s", size: 64 KiB }
                    notify: { poll: 1 ms }
                    clocks: all
                    voltage-domains: all
                """.formatted(Arm64Host.WINDOWS));
        // The launcher builds the jar if the sources changed; the machine runs the same one.
        Scmid.command("--version").ok();
        host.run("insmod " + module + "/host_test.ko && insmod " + module + "/scmid_host.ko")
                .ok();
        start();
    }

    private static void start() {
        host.begin("(" + host.scmid("run service.yaml --runtime-dir /run/scmid")
                + ") >>/run/scmid.log 2>&1 & echo $! >/run/scmid.pid; wait");
    }

    @AfterAll
    static void end() {
        if (host != null) { // it did boot
            host.close();
        }
    }

    @TestFactory
    @Order(1)
    Stream<DynamicTest> theFileKeepsItsPromises() {
        return HostModule.testsOf(host.run(module + "/contract 2000"));
    }

    @Test
    @Order(2)
    void whatIsWrongInTheDeviceTreeIsSaid() {
        String log = host.run("dmesg | grep scmid-host").output();
        assertTrue(log.contains("wrong-names: error -22: clocks has 2 entries, and clock-names has 1\n"), log);
        assertTrue(
                log.contains("wrong-nothing: error -22: the node names no clocks, power-domains, resets or supplies"),
                log);
        assertTrue(log.contains("another node has the file /dev/scmid-host-test; give this one a label\n"), log);
        assertTrue(log.contains("/dev/scmid-host shares 6 clocks, 0 power domains, 0 resets and 1 supplies\n"), log);
        assertEquals(
                "crw------- /dev/scmid-host\ncrw------- /dev/scmid-host-test\n",
                host.run("ls -l /dev/scmid-host* | awk '{ print $1, $NF }'").output());
    }

    @Test
    @Order(3)
    void anAgentOfScmidEnablesTheKernelsClocksAndThePinsFollow() {
        try (WindowAgent agent = agent()) {
            assertEquals(0, host.at(PINS));
            enable(agent, UART, 1);
            assertEquals(PIN_UART, host.at(PINS));
            enable(agent, PIXEL, 1);
            assertEquals(PIN_UART | PIN_PIXEL, host.at(PINS));
            assertCount("uart-gate", 1);
            assertCount("pixel-gate", 1);
            assertCount("pixel-mux", 1); // what it runs from, by the kernel's own rules
            assertCount("osc24", 2); // by way of the multiplexer, and of the PLL
            String summary = host.run("grep -A1 ' uart-gate ' /sys/kernel/debug/clk/clk_summary")
                    .ok();
            assertTrue(summary.contains("1200000000"), summary);
            assertTrue(summary.contains("scmid-host"), "the kernel says who holds it: " + summary);
            enable(agent, UART, 0);
            assertEquals(PIN_PIXEL, host.at(PINS));
            assertCount("uart-gate", 0);
            enable(agent, PIXEL, 0);
            assertEquals(0, host.at(PINS));
        }
    }

    @Test
    @Order(4)
    void parentsAndRatesAreTheKernels() {
        try (WindowAgent agent = agent()) {
            assertRate(24_000_000, agent, PIXEL);
            assertArrayEquals(new int[] {SUCCESS}, agent.call(clock(PARENT_SET), MUX, OSC27));
            assertArrayEquals(new int[] {SUCCESS, OSC27}, agent.call(clock(PARENT_GET), MUX));
            assertEquals(PIN_MUX, host.at(PINS));
            assertRate(27_000_000, agent, PIXEL);
            assertEquals(
                    "27000000\n",
                    host.run("cat /sys/kernel/debug/clk/pixel-gate/clk_rate").ok());
            // The gate hands its wish on to the multiplexer, which chooses.
            assertArrayEquals(new int[] {SUCCESS}, agent.call(clock(RATE_SET), 0, PIXEL, 25_000_000, 0));
            assertRate(24_000_000, agent, PIXEL);
            assertEquals(0, host.at(PINS));
            assertRate(1_200_000_000, agent, UART);
        }
    }

    @Test
    @Order(5)
    void aSupplyIsSwitchedByItsPin() {
        try (WindowAgent agent = agent()) {
            assertArrayEquals(
                    new int[] {SUCCESS, 3_300_000}, agent.call(Scmi.header(VOLTAGE, VOLTAGE_LEVEL_GET, 0), VDD));
            assertArrayEquals(
                    new int[] {SUCCESS}, agent.call(Scmi.header(VOLTAGE, VOLTAGE_CONFIG_SET, 0), VDD, VOLTAGE_ON));
            assertEquals(PIN_VDD, host.at(PINS));
            assertArrayEquals(
                    new int[] {SUCCESS, VOLTAGE_ON}, agent.call(Scmi.header(VOLTAGE, VOLTAGE_CONFIG_GET, 0), VDD));
            assertArrayEquals(new int[] {SUCCESS}, agent.call(Scmi.header(VOLTAGE, VOLTAGE_CONFIG_SET, 0), VDD, 0));
            assertEquals(0, host.at(PINS));
        }
    }

    @Test
    @Order(6)
    void aChangeThatTheKernelMakesIsNotified() {
        try (WindowAgent agent = agent()) {
            assertArrayEquals(new int[] {SUCCESS}, agent.call(clock(RATE_NOTIFY), PIXEL, 1));
            host.run("echo 1 > /sys/devices/platform/mux-consumer/parent").ok();
            assertArrayEquals(new int[] {CLOCK_RATE_CHANGED, 0, PIXEL, 27_000_000, 0}, agent.awaitEvent());
            host.run("echo 24000000 > /sys/devices/platform/mux-consumer/rate").ok();
            assertArrayEquals(new int[] {CLOCK_RATE_CHANGED, 0, PIXEL, 24_000_000, 0}, agent.awaitEvent());
        }
    }

    @Test
    @Order(7)
    void aSecondOpenerIsRefused() {
        LinuxGuest.Result second = host.run("exec 3<>/dev/scmid-host");
        assertTrue(second.status() != 0, second.output());
        assertTrue(second.output().contains("Device or resource busy"), second.output());
        LinuxGuest.Result unloaded = host.run("rmmod scmid_host");
        assertTrue(unloaded.status() != 0, unloaded.output());
    }

    @Test
    @Order(8)
    void killingScmidGivesEverythingBack() {
        try (WindowAgent agent = agent()) {
            enable(agent, UART, 1);
            enable(agent, PIXEL, 1);
            assertArrayEquals(
                    new int[] {SUCCESS}, agent.call(Scmi.header(VOLTAGE, VOLTAGE_CONFIG_SET, 0), VDD, VOLTAGE_ON));
            assertArrayEquals(new int[] {SUCCESS, 0, 1, 0}, agent.call(clock(CONFIG_GET), UART, 0));
            assertEquals(PIN_UART | PIN_PIXEL | PIN_VDD, host.at(PINS));
            host.run("kill -9 $(cat /run/scmid.pid)").ok();
            Deadline.await("the kernel has all back", () -> host.at(PINS) == 0, HostModuleTest::log);
            assertCount("uart-gate", 0);
            assertCount("pixel-gate", 0);
            assertEquals(
                    "0\n",
                    host.run("cat /sys/kernel/debug/regulator/vdd/use_count").ok());
            host.run("rmmod scmid_host").ok();
        }
    }

    @Test
    @Order(9)
    void theKernelHasFoundNoMistake() {
        HostModule.assertKernelFindsNothing(host::run);
    }

    private static WindowAgent agent() {
        return WindowAgent.at("fat", host.windowsFile(), 0).awaitSession(HostModuleTest::log);
    }

    private static String log() {
        return host.run("cat /run/scmid.log; dmesg | tail -n 20").output();
    }

    private static void assertCount(String clock, int enabled) {
        assertEquals(
                enabled + "\n",
                host.run("cat /sys/kernel/debug/clk/" + clock + "/clk_enable_count")
                        .ok(),
                clock);
    }

    private static void assertRate(int hertz, WindowAgent agent, int clock) {
        assertArrayEquals(new int[] {SUCCESS, hertz, 0}, agent.call(clock(RATE_GET), clock));
    }

    private static void enable(WindowAgent agent, int clock, int on) {
        assertArrayEquals(new int[] {SUCCESS}, agent.call(clock(CONFIG_SET), clock, on, 0));
    }
}
