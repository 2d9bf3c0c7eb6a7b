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
    private static final int ROUND_NEAREST = 1 << 3;

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

    /** Part of a Zynq-7000's SLCR, which is locked: a serial port's clock from the I/O PLL as the model has it. */
    private static final String ZYNQ = """
            board: zynq-part
            registers:
              slcr:
                at: 0xf8000000
                size: 4 KiB
                access: "qtest:qtest"
                unlock: [{ at: 0x008, value: 0xdf0d }]
                lock:   [{ at: 0x004, value: 0x767b }]
            clocks:
              iopll: { fixed: 866666658 Hz }
              uart:
                parent: iopll
                divider: { register: slcr+0x154, bits: 13..8, kind: one-based }
            """;

    /** Part of a BCM2711's CPRMAN: a clock that must stand still to be changed. */
    private static final String RASPBERRY = """
            board: raspberry-part
            registers:
              cprman:
                at: 0xfe101000
                size: 0x2000
                access: "qtest:qtest"
                write-key: 0x5a000000
                rules:
                  0x0f0: { stop: { bit: 4, busy: 7 } }
                  0x0f4: { stop: { at: -4, bit: 4, busy: 7 } }
            clocks:
              osc:  { fixed: 54 MHz }
              fast: { fixed: 500 MHz }
              uart:
                parents: [osc, fast]
                mux:     { register: cprman+0x0f0, bits: 3..0, values: [1, 6] }
                divider: { register: cprman+0x0f4, integer: 23..12, fraction: 11..0 }
                gate:    { register: cprman+0x0f0, bit: 4 }
            """;

    private static final String ALL = """
            agents:
              tools: { transport: socket, socket: tools.sock, clocks: all }
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
            assertTrue(machine.frequency("armv7m cpuclk").isOf(4_000_000));

            expectSuccess(agent.call(Scmi.clock(Scmi.CONFIG_SET), HSI, 1, 0));
            expectSuccess(agent.call(Scmi.clock(Scmi.PARENT_SET), SYSCLK, 1));
            assertArrayEquals(new int[] {Scmi.SUCCESS, 16_000_000, 0}, rate(agent, HCLK));
            assertTrue(machine.frequency("armv7m cpuclk").isOf(16_000_000));

            // Not below: QEMU 10 takes the prescaler's values from 12 on for 32, 64 ..., where the chip divides by 64,
            // 128 ...
            expectSuccess(agent.call(Scmi.clock(Scmi.RATE_SET), 0, HCLK, 1_000_000, 0));
            assertArrayEquals(new int[] {Scmi.SUCCESS, 1_000_000, 0}, rate(agent, HCLK));
            assertTrue(machine.frequency("armv7m cpuclk").isOf(1_000_000));
        }
    }

    @Test
    void registersThatAreLockedAreUnlockedForEachStore() {
        try (ModelledMachine machine = ModelledMachine.start("xilinx-zynq-a9", folder);
                Scmid scmid = TestBoard.of(folder, ZYNQ, ALL).run();
                SocketAgent agent = SocketAgent.connect(folder.resolve("tools.sock"))) {
            assertTrue(scmid.pid() > 0);
            int uart = 1;
            assertTrue(machine.frequency("cadence_uart@e0000000 refclk").isOf(13_800_000));

            expectSuccess(agent.call(Scmi.clock(Scmi.RATE_SET), 0, uart, 43_333_332, 0));
            assertArrayEquals(new int[] {Scmi.SUCCESS, 43_333_332, 0}, rate(agent, uart));
            assertTrue(machine.frequency("cadence_uart@e0000000 refclk").isOf(43_300_000));
        }
    }

    @Test
    void aClockThatRunsIsStoppedBeforeItIsChangedAndRunsAgain() {
        try (ModelledMachine machine = ModelledMachine.start("qemu-system-aarch64", "raspi4b", folder);
                Scmid scmid = TestBoard.of(folder, RASPBERRY, ALL).run();
                SocketAgent agent = SocketAgent.connect(folder.resolve("tools.sock"))) {
            assertTrue(scmid.pid() > 0 && machine.clocks().size() > 0, "both are there");
            int uart = 2;
            expectSuccess(agent.call(Scmi.clock(Scmi.PARENT_SET), uart, 1));
            expectSuccess(agent.call(Scmi.clock(Scmi.CONFIG_SET), uart, 1, 0));
            expectSuccess(agent.call(Scmi.clock(Scmi.RATE_SET), ROUND_NEAREST, uart, 48_000_000, 0));
            int[] set = rate(agent, uart);
            assertEquals(Scmi.SUCCESS, set[0]);
            assertEquals(48e6, set[1], 48e6 / 4096);

            expectSuccess(agent.call(Scmi.clock(Scmi.PARENT_SET), uart, 0));
            assertEquals(5.18e6, rate(agent, uart)[1], 0.01e6);
            int[] config = agent.call(Scmi.clock(Scmi.CONFIG_GET), uart, 0);
            assertArrayEquals(new int[] {Scmi.SUCCESS, 0}, java.util.Arrays.copyOf(config, 2));
            assertEquals(1, config[2] & 1, "it runs");
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
            scmid.output().awaitText("qtest:", 0, "the log"); // it has a thread of its own

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
