// What the kernels that guests run differ in, as docs/vhost-user.md says.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@Tag(LinuxGuest.TESTS)
@Tag(LinuxGuest.SAMPLE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LinuxKernelsTest {
    private static final int STEPS = 1;
    private static final int RATES = 31; // 24 MHz / 31 to 24 MHz / 1
    private static final int MESSAGE_SIZE = 1024;

    private static final String BOARD = """
            board: kernels
            registers:
              soc:
                at: 0x10000000
                size: 4 KiB
                access: "file:cru.regs"
                initial: { 0x10: 1, 0x100: 1, 0x200: 40, 0x204: 3, 0x208: 30 }
            clocks:
              osc: { fixed: 24 MHz }
              steps:
                parent: osc
                divider: { register: soc+0x10, bits: 4..0, kind: one-based, zero: bypass }
                describe: list
            power-domains:
              running:
                switch: { register: soc+0x100, bit: 0 }
            sensors:
              core:   { unit: celsius, source: { register: soc+0x200, bits: 7..0 } }
              supply: { unit: V, source: { register: soc+0x204, bits: 7..0 } }
              case:   { unit: celsius, source: { register: soc+0x208, bits: 7..0 } }
            """;

    private static final String ZONES = """

            &{/} {
            \tthermal-zones {
            \t\tcore-zone {
            \t\t\tpolling-delay-passive = <0>;
            \t\t\tpolling-delay = <0>;
            \t\t\tthermal-sensors = <&scmi_sensor 0>;
            \t\t};
            \t\tcase-zone {
            \t\t\tpolling-delay-passive = <0>;
            \t\t\tpolling-delay = <0>;
            \t\t\tthermal-sensors = <&scmi_sensor 2>;
            \t\t};
            \t};
            };
            """;

    @SuppressWarnings("NullAway.Init") // set up once for all
    private TestBoard board;

    @SuppressWarnings("NullAway.Init")
    private Scmid scmid;

    @SuppressWarnings("NullAway.Init")
    private LinuxGuest guest;

    @SuppressWarnings("NullAway.Init")
    private String warnings;

    @BeforeAll
    void bootOneGuestForAll(@TempDir Path folder) {
        board = TestBoard.of(folder, BOARD, """
                agents:
                  linux:
                    transport: vhost-user
                    socket: linux.sock
                    sensors: [core, supply: read, case]
                """);
        scmid = board.run();
        Scmid.Ended overlay = Scmid.command("guest", "dts", board.service, "linux");
        warnings = overlay.errors();
        String source =
                overlay.ok().replace("\t\tscmi {\n", "\t\tscmi {\n\t\t\tarm,max-msg-size = <" + MESSAGE_SIZE + ">;\n")
                        + ZONES;
        guest = LinuxGuest.boot("linux", board.guestFolder("linux"), source, board.attach("linux", "pci"));
    }

    @AfterAll
    void stop() {
        guest.close();
        scmid.close();
    }

    @Test
    void ofAListOfMoreThan16RatesAnOlderLinuxDoesNotSeeTheHighest() {
        String highest = guest.read("/sys/kernel/debug/clk/steps/clk_max_rate");
        assertEquals(guest.isNewerThan612() ? "24000000" : "1411764", highest, guest::complaints);
    }

    @Test
    void aNewerLinuxTakesTheSizeOfMessagesFromTheDeviceTree() {
        int size = Integer.parseInt(guest.read("/sys/kernel/debug/scmi/0/transport/max_msg_size"));
        assertEquals(guest.isNewerThan612() ? MESSAGE_SIZE : 128, size);
        int[] reply = guest.scmi(clock(Scmi.DESCRIBE_RATES), STEPS, 0);
        assertEquals(SUCCESS, reply[1]);
        int returned = guest.isNewerThan612() ? RATES : 15;
        assertEquals(returned | (RATES - returned) << 16, reply[2]);
        assertEquals(3 + 2 * returned, reply.length);
        for (int i = 0; i < returned; i++) {
            assertEquals(24_000_000 / (RATES - i), reply[3 + 2 * i]);
        }
        // The same by many messages in flight, whose replies are compared with the first ones.
        assertTrue(guest.run("scmi-raw -l 200 -d 8").ok().contains("ok 200 wrong 0 timeout 0"));
    }

    @Test
    void aNewerLinuxSaysOfADomainThatIsOnThatItWantsItOn() {
        Deadline.await("running is off", () -> !board.isSet(0x100, 1), guest::complaints);
        String metrics = Scmid.get(board.managementPort, "/metrics");
        assertEquals(
                guest.isNewerThan612() ? 2 : 1,
                Metrics.sumOf(metrics, "scmid_messages_total", "message=\"POWER_STATE_SET\""),
                metrics);
    }

    @Test
    void aNewerLinuxHasAThermalZoneOnlyOfATemperatureSensorThatItCouldSwitchOn() {
        List<String> zones = guest.run("cat /sys/class/thermal/thermal_zone*/type")
                .ok()
                .lines()
                .sorted()
                .toList();
        assertEquals(guest.isNewerThan612() ? List.of("core-zone") : List.of("case-zone", "core-zone"), zones);
        assertEquals("40000", guest.read("$(dirname $(grep -lx core-zone /sys/class/thermal/*/type))/temp"));
        assertTrue(warnings.contains("no thermal zone of `case`"), warnings);
    }
}
