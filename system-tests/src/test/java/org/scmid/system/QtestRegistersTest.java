// Agents set clocks of a machine that QEMU models, and QEMU says what frequencies come of it.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QtestRegistersTest {
    private static final int HARDWARE_ERROR = -9;

    /** Part of an STM32L4x5's RCC: the system clock and what the processor gets of it. */
    private static final String STM32 = """
            board: stm32-part
            registers:
              rcc: { at: 0x40021000, size: 1 KiB, access: "qtest:qtest" }
            clocks:
              msi: { fixed: 4 MHz }
              hsi: { fixed: 16 MHz, gate: { register: rcc+0x00, bit: 8 } }
              sysclk:
                parents: [msi, hsi]
                mux: { register: rcc+0x08, bits: 1..0 }
              hclk:
                parent: sysclk
                divider:
                  register: rcc+0x08
                  bits: 7..4
                  table: { 0: 1, 8: 2, 9: 4, 10: 8, 11: 16, 12: 64, 13: 128, 14: 256, 15: 512 }
            """;

    private static final String TOOLS = """
            agents:
              tools: { transport: socket, socket: tools.sock, clocks: [msi, hsi, sysclk, hclk] }
            """;
    private static final int HSI = 1;
    private static final int SYSCLK = 2;
    private static final int HCLK = 3;

    @TempDir
    private Path folder;

    private static int[] rate(SocketAgent agent, int clock) {
        return agent.call(Scmi.clock(Scmi.RATE_GET), clock);
    }

    private static void expectSuccess(int[] reply) {
        assertEquals(Scmi.SUCCESS, reply[0]);
    }

    @Test
    void whatAnAgentSetsIsWhatTheModelledProcessorGets() {
        try (ModelledMachine machine = ModelledMachine.start("b-l475e-iot01a", folder);
                Scmid scmid = TestBoard.of(folder, STM32, TOOLS).run();
                SocketAgent agent = SocketAgent.connect(folder.resolve("tools.sock"))) {
            assertTrue(scmid.pid() > 0);
            assertArrayEquals(new int[] {Scmi.SUCCESS, 4_000_000, 0}, rate(agent, HCLK));
            assertEquals(4e6, machine.hertz("armv7m", "cpuclk"));

            expectSuccess(agent.call(Scmi.clock(Scmi.CONFIG_SET), HSI, 1, 0));
            expectSuccess(agent.call(Scmi.clock(Scmi.PARENT_SET), SYSCLK, 1));
            assertArrayEquals(new int[] {Scmi.SUCCESS, 16_000_000, 0}, rate(agent, HCLK));
            assertEquals(16e6, machine.hertz("armv7m", "cpuclk"));

            // Not below: QEMU 10 takes the prescaler's values from 12 on for 32, 64 ..., where the chip divides by 64,
            // 128 ...
            expectSuccess(agent.call(Scmi.clock(Scmi.RATE_SET), 0, HCLK, 1_000_000, 0));
            assertArrayEquals(new int[] {Scmi.SUCCESS, 1_000_000, 0}, rate(agent, HCLK));
            assertEquals(1e6, machine.hertz("armv7m", "cpuclk"));
        }
    }

    @Test
    void aQemuThatIsGoneIsAHardwareErrorUntilItComesBack() {
        TestBoard board = TestBoard.of(folder, STM32, TOOLS);
        ModelledMachine machine = ModelledMachine.start("b-l475e-iot01a", folder);
        try (Scmid scmid = board.run();
                SocketAgent agent = SocketAgent.connect(folder.resolve("tools.sock"))) {
            machine.close();
            assertEquals(HARDWARE_ERROR, rate(agent, HCLK)[0]);
            assertTrue(scmid.output().text().contains("qtest:"), scmid.output().text());

            machine = ModelledMachine.start("b-l475e-iot01a", folder);
            Deadline.await("the new machine is used", () -> rate(agent, HCLK)[0] == Scmi.SUCCESS);

            machine.freeze();
            assertEquals(HARDWARE_ERROR, rate(agent, HCLK)[0]);
            machine.thaw();
            Deadline.await("the machine answers again", () -> rate(agent, HCLK)[0] == Scmi.SUCCESS);
        } finally {
            machine.close();
        }
    }

    @Test
    void aStartWithoutQemuIsRefusedWithTheRemedy() {
        TestBoard board = TestBoard.of(folder, STM32, TOOLS);
        Scmid.Ended ended = Scmid.command("run", board.service, "--runtime-dir", folder.resolve("run"));
        assertEquals(1, ended.status());
        assertTrue(ended.errors().contains("register window rcc: qtest:"), ended.errors());
        assertTrue(ended.errors().contains("-qtest unix:SOCKET,server=on,wait=off"), ended.errors());
    }
}
