// From Linux to a microcontroller's registers: guest, vhost-user, scmid, serial line, firmware.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.SocketLink;
import org.scmid.config.resource.ResourceKind;

/**
 * A guest whose clocks are those of the microcontroller in guests/stm32l4. Random, with a printed seed: {@code
 * -Dscmid.seed=N} repeats one, {@code -Dscmid.long=true} has all requests instead of a sample.
 */
@Tag(LinuxGuest.TESTS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class BridgeTest {
    private static final int REQUESTS = Boolean.getBoolean("scmid.long") ? 300 : 40;
    private static final String RTC = "9010000.pl031";
    private static final String DRIVER = "/sys/bus/amba/drivers/rtc-pl031/";
    private static final long MSI_HZ = 24_000_000;
    private static final String MSI = "stm32l4x5-rcc@40021000 msi_rc";
    private static final String USART2 = "stm32l4x5-usart@40004400 clk";

    /** A guest, and an agent that only looks: it says what there is. */
    private static final String AGENTS = """
            agents:
              linux: { transport: vhost-user, socket: linux.sock, clocks: all }
              test: { transport: socket, socket: test.sock, clocks: all }
            """;

    @TempDir
    private Path folder;

    /** Linux gives a reply five seconds; more than that is given to the microcontroller, so that Linux is what gives up. */
    private static String board(Path port) {
        return """
                board: bridge
                description: the clocks of a microcontroller
                upstreams:
                  mcu: { transport: serial, port: %s, timeout: 20 s }
                clocks: { all-of: mcu }
                """.formatted(port);
    }

    /** A guest whose real-time clock runs from MSI at a rate of its own, and has another clock run from LSE. */
    private static LinuxGuest boot(TestBoard files) {
        var overlay = files.overlayWithConsumers("linux").withRealTimeClockOn("msi", MSI_HZ);
        String assigned = """
                &{/pl031@9010000} {
                \tassigned-clocks = <&scmi_clk %d>, <&scmi_clk %d>;
                \tassigned-clock-parents = <&scmi_clk %d>;
                \tassigned-clock-rates = <0>, <%d>;
                };
                """.formatted(
                        overlay.number(ResourceKind.CLOCK, "usart2"),
                        overlay.number(ResourceKind.CLOCK, "msi"),
                        overlay.number(ResourceKind.CLOCK, "lse"),
                        MSI_HZ);
        return LinuxGuest.boot(
                "linux", files.guestFolder("linux"), overlay.source() + assigned, files.attach("linux", "pci"));
    }

    private static void awaitFrequency(ModelledMachine machine, String clock, long hz, LinuxGuest guest) {
        Deadline.await(
                clock + " is " + hz + " Hz",
                () -> machine.frequency(clock).isOf(hz),
                () -> "it is " + machine.frequency(clock).text() + "\n" + guest.complaints());
    }

    @Test
    void what_a_guest_asks_for_is_what_the_microcontroller_runs_at() {
        long seed = Long.getLong("scmid.seed", System.nanoTime());
        System.out.println("bridge: seed " + seed);
        var random = new Random(seed);
        try (ModelledMachine machine = Microcontroller.bootMachine(folder)) {
            TestBoard files = TestBoard.of(folder, board(machine.serialPort()), AGENTS);
            Scmid.command("upstream", files.board, "--save").ok();
            try (Scmid scmid = files.run()) {
                scmid.awaitSocket(folder.resolve("linux.sock"));
                scmid.awaitSocket(folder.resolve("test.sock"));
                try (LinuxGuest guest = boot(files);
                        var observer = new PlatformAgent(
                                (loop, client) -> SocketLink.connect(loop, folder.resolve("test.sock"), client))) {
                    driver(machine, guest);
                    requests(machine, guest, observer, random);
                }
            }
        }
    }

    /** The driver sets and enables a clock, and lets it go. */
    private static void driver(ModelledMachine machine, LinuxGuest guest) {
        awaitFrequency(machine, MSI, MSI_HZ, guest);
        assertEquals("lse", guest.read("/sys/kernel/debug/clk/usart2/clk_parent"));
        assertEquals("24000000", guest.read("/sys/kernel/debug/clk/msi/clk_rate"));
        assertTrue(machine.frequency(USART2).isOf(0), "nobody has enabled it");

        guest.write(RTC, DRIVER + "unbind");
        awaitFrequency(machine, MSI, 0, guest);
    }

    /** Anything that an agent may ask for. */
    private static void requests(ModelledMachine machine, LinuxGuest guest, PlatformAgent observer, Random random) {
        var clocks = new MicrocontrollerClocks(observer.discover().offer(), (header, payload) -> {
            int[] words = new int[payload.length + 1];
            words[0] = header;
            System.arraycopy(payload, 0, words, 1, payload.length);
            int[] reply = guest.scmi(words);
            return Arrays.copyOfRange(reply, 1, reply.length);
        });
        // Linux has switched off what it found unused, which reads off from then on even while it runs: that is said
        // again here,
        // so that it is known of every clock, of those too that stand at the moment.
        for (String name : clocks.clocks()) {
            if (clocks.maySwitch(name)) {
                clocks.turn(name, false);
            }
        }
        var requests = new ClockRequests(clocks, random, Set.of(), clocks.clocks(), refused -> false);
        int changes = new MicrocontrollerJudge(machine, clocks).compareAfterEach(REQUESTS, requests, random);
        System.out.println("bridge: of " + REQUESTS + " requests succeeded " + requests.done() + ", and " + changes
                + " changed a frequency");
        assertTrue(changes > 0, "none changed a frequency");
    }
}
