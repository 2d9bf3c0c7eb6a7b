// A Linux guest's drivers set clocks of a machine in another QEMU, whose monitor says what comes of it.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.CONFIG_GET;
import static org.scmid.system.Scmi.PARENT_SET;
import static org.scmid.system.Scmi.RATE_GET;
import static org.scmid.system.Scmi.RATE_SET;
import static org.scmid.system.Scmi.clock;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.clock.MuxSpec;
import org.scmid.config.resource.ResourceKind;

@Tag(LinuxGuest.TESTS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class GuestSetsModelledClocksTest {
    private static final int HARDWARE_ERROR = -9;
    private static final int ROUND_NEAREST = 1 << 3;
    private static final String RTC = "9010000.pl031";
    private static final String DRIVER = "/sys/bus/amba/drivers/rtc-pl031/";

    /** Linux gives a reply five seconds; QEMU has half a second for a register. */
    private static final Duration BEFORE_LINUX_GIVES_UP = Duration.ofSeconds(5);

    /**
     * What the guest's real-time clock does with the clocks of a board.
     *
     * @param clocks what the guest is given, as service files say it
     * @param consumed the clock that its driver enables
     * @param switched a clock whose parent is assigned
     * @param parent that parent
     * @param rated a clock whose rate is assigned
     * @param askedHz that rate
     * @param hz the rate that the clock has then, by the manual
     * @param otherHz another rate that it can have
     * @param againHz what it has if the first rate is assigned again, after another agent's request
     */
    record Assignment(
            String clocks,
            String consumed,
            String switched,
            String parent,
            String rated,
            long askedHz,
            long hz,
            long otherHz,
            long againHz) {}

    private static final Assignment ZYNQ = new Assignment(
            "[ps_clk: read, armpll: read, ddrpll: read, iopll: read, uart, uart0]",
            "uart0",
            "uart",
            "armpll",
            "uart0",
            50_000_000,
            48_148_147, // 33.333333 MHz x 26 / 18
            96_296_295, // 33.333333 MHz x 26 / 9
            49_999_999); // 33.333333 MHz x 36 / 24

    private static final Assignment STM32 = new Assignment(
            "[msi: read, hsi, hse: read, pll-clk: read, lse: read, sysclk: read, hclk, pclk2: read, usart1]",
            "usart1",
            "usart1",
            "hsi",
            "hclk",
            1_100_000,
            1_000_000, // MSI's 4 MHz / 4
            2_000_000,
            1_000_000); // HSI's 16 MHz / 16

    private static final Assignment NPCM = new Assignment(
            "[refclk: read, pll0: read, pll1_div2: read, pll2_div2: read, uart, huart]",
            "huart",
            "uart",
            "pll1_div2",
            "uart",
            101_000_000,
            100_000_000, // 25 MHz x 32 / 2 / 4
            50_000_000,
            100_000_000); // 25 MHz x 40 / 2 / 5

    @TempDir
    private Path folder;

    static Stream<Arguments> boards() {
        return Stream.of(
                of(new ZynqModelTest(), ZYNQ, service -> setRate(service, "armpll", 1_200_000_000)),
                of(new Stm32ModelTest(), STM32, service -> setParent(service, "sysclk", "hsi")),
                of(new NpcmModelTest(), NPCM, service -> setRate(service, "pll1", 1_000_000_000)));
    }

    private static Arguments of(BoardModelTest hardware, Assignment assignment, Consumer<ModelledService> change) {
        return Arguments.of(hardware.board(), hardware, assignment, change);
    }

    private static void setRate(ModelledService service, String name, long hz) {
        int[] reply = service.call(clock(RATE_SET), ROUND_NEAREST, service.id(name), (int) hz, (int) (hz >>> 32));
        assertEquals(Scmi.SUCCESS, reply[0]);
    }

    private static void setParent(ModelledService service, String name, String parent) {
        int[] reply = service.call(clock(PARENT_SET), service.id(name), service.id(parent));
        assertEquals(Scmi.SUCCESS, reply[0]);
    }

    private static String agents(Assignment assignment) {
        return ModelledService.AGENT + "  linux: { transport: vhost-user, socket: linux.sock, clocks: "
                + assignment.clocks() + " }\n";
    }

    /** Boots a guest whose real-time clock has these clocks. */
    private static LinuxGuest boot(TestBoard files, Assignment wanted) {
        var overlay = files.overlayWithConsumers("linux").withRealTimeClockOn(wanted.consumed(), wanted.askedHz());
        String assigned = """
                &{/pl031@9010000} {
                \tassigned-clocks = <&scmi_clk %d>, <&scmi_clk %d>;
                \tassigned-clock-parents = <&scmi_clk %d>;
                \tassigned-clock-rates = <0>, <%d>;
                };
                """.formatted(
                        overlay.number(ResourceKind.CLOCK, wanted.switched()),
                        overlay.number(ResourceKind.CLOCK, wanted.rated()),
                        overlay.number(ResourceKind.CLOCK, wanted.parent()),
                        wanted.askedHz());
        LinuxGuest guest = LinuxGuest.boot(
                "linux", files.guestFolder("linux"), overlay.source() + assigned, files.attach("linux", "pci"));
        Deadline.await("the PL031 driver is bound", () -> isBound(guest), guest::complaints);
        return guest;
    }

    private static boolean isBound(LinuxGuest guest) {
        return guest.run("test -e " + DRIVER + RTC).status() == 0;
    }

    /** The guest's own numbers of its clocks, as in the list that it is given. */
    private static int number(Assignment assignment, String name) {
        List<String> items =
                List.of(assignment.clocks().replaceAll("[\\[\\]]|: read", "").split(", ", -1));
        return items.indexOf(name);
    }

    /** The rates that the guest's kernel shows, by clock. */
    private static Map<String, Long> rates(LinuxGuest guest) {
        var rates = new HashMap<String, Long>();
        for (String line :
                guest.read("/sys/kernel/debug/clk/clk_summary").lines().toList()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length > 4 && words[4].matches("[0-9]+")) {
                rates.putIfAbsent(words[0], Long.parseLong(words[4]));
            }
        }
        return rates;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("boards")
    void what_a_guests_driver_sets_is_what_the_other_machine_runs_at(
            String name, BoardModelTest hardware, Assignment wanted, Consumer<ModelledService> change) {
        hardware.startTheMachine(folder);
        TestBoard files = hardware.serviceOn(agents(wanted));
        try (ModelledService service = ModelledService.start(files)) {
            Map<String, Frequency> first = hardware.model().clocks();
            try (LinuxGuest guest = boot(files, wanted)) {
                var three = new Three(hardware, service, guest, wanted);
                assertEquals(wanted.hz(), service.rate(wanted.rated()));
                three.agree("after the driver was bound");
                three.driverHasIts(wanted.parent());
                assertNotEquals(first, hardware.model().clocks(), name);

                three.askRaw(wanted.otherHz());
                assertEquals(wanted.otherHz(), service.rate(wanted.rated()));
                three.agree("after a raw request of the guest");

                change.accept(service);
                three.agree("after another agent's request");

                guest.write(RTC, DRIVER + "unbind");
                three.awaitGate(false);
                three.agree("after the driver was unbound");

                guest.write(RTC, DRIVER + "bind");
                three.awaitGate(true);
                three.agree("after the driver was bound again");
                three.driverHasIts(wanted.parent());
                assertEquals(wanted.againHz(), service.rate(wanted.rated()));
            }
        } finally {
            hardware.stopTheMachine();
        }
    }

    /** The guest, the service, and the machine that has the registers. */
    private record Three(BoardModelTest hardware, ModelledService service, LinuxGuest guest, Assignment wanted) {

        /** Compares what they say of each of the guest's clocks, and of each frequency that the machine knows. */
        void agree(String when) {
            hardware.compare(service, () -> when);
            Map<String, Long> seen = rates(guest);
            for (String clock : service.clocks()) {
                if (number(wanted, clock) >= 0) {
                    assertEquals(service.rate(clock), seen.get(clock), () -> clock + " " + when);
                }
            }
        }

        /** The multiplexer's register selects this parent, and the gate's lets the clock run. */
        void driverHasIts(String parent) {
            assertEquals(parent, service.parent(wanted.switched()));
            MuxSpec mux = Objects.requireNonNull(service.spec(wanted.switched()).mux());
            int position = service.spec(wanted.switched()).parents().indexOf(parent);
            assertEquals(mux.values().get(position), hardware.field(service, mux.field()));
            assertTrue(isGateOpen());
            assertEquals(parent, guest.read("/sys/kernel/debug/clk/" + wanted.switched() + "/clk_parent"));
        }

        private boolean isGateOpen() {
            GateSpec gate =
                    Objects.requireNonNull(service.spec(wanted.consumed()).gate());
            return (hardware.field(service, gate.field()) == 1) == gate.enableHigh();
        }

        void awaitGate(boolean open) {
            Deadline.await("the gate is " + (open ? "open" : "closed"), () -> isGateOpen() == open, guest::complaints);
        }

        void askRaw(long hz) {
            int[] reply = guest.scmi(clock(RATE_SET), ROUND_NEAREST, number(wanted, wanted.rated()), (int) hz, 0);
            assertEquals(Scmi.SUCCESS, reply[1]);
        }
    }

    @Test
    void a_machine_that_is_killed_is_an_error_in_the_guest_and_no_more_than_that() {
        ModelledMachine machine = ModelledMachine.start("xilinx-zynq-a9", folder);
        TestBoard files = TestBoard.modelled(folder, "zynq-7000", machine.qtest(), agents(ZYNQ));
        try (ModelledService service = ModelledService.start(files);
                LinuxGuest guest = boot(files, ZYNQ)) {
            int uart0 = number(ZYNQ, "uart0");
            machine.close();

            Deadline soon = Deadline.in(BEFORE_LINUX_GIVES_UP);
            assertEquals(HARDWARE_ERROR, guest.scmi(clock(RATE_SET), 0, uart0, 96_296_295, 0)[1]);
            assertEquals(HARDWARE_ERROR, guest.scmi(clock(RATE_GET), uart0)[1]);
            assertEquals(HARDWARE_ERROR, guest.scmi(clock(CONFIG_GET), uart0, 0)[1]);
            assertTrue(!soon.isOver(), "the errors come before Linux gives up");
            assertEquals(33_333_333, service.rate("ps_clk"), "other agents are served");
            assertEquals(33_333_333, guest.scmi(clock(RATE_GET), number(ZYNQ, "ps_clk"))[2], "and this one too");

            guest.write(RTC, DRIVER + "unbind");
            LinuxGuest.Result bound = guest.run("echo " + RTC + " > " + DRIVER + "bind");
            assertNotEquals(0, bound.status(), bound.output());
            assertEquals("", guest.run("dmesg | grep -i 'timed out'").output());

            machine = ModelledMachine.start("xilinx-zynq-a9", folder);
            Deadline.await("the new machine is used", () -> guest.scmi(clock(RATE_GET), uart0)[1] == Scmi.SUCCESS);
            guest.write(RTC, DRIVER + "bind");
            assertTrue(isBound(guest), guest::complaints);
            service.askAnew();
            assertEquals(ZYNQ.hz(), service.output("uart0"));
            assertEquals(ZYNQ.hz(), rates(guest).get("uart0"));
            assertTrue(machine.frequency("cadence_uart@e0000000 refclk").isOf(ZYNQ.hz()), "the new machine runs at it");
        } finally {
            machine.close();
        }
    }
}
