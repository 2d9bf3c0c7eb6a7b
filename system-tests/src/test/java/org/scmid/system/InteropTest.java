// Two drivers of windows that were written apart, one in C and one in Java, get the same answers of the same service.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.agent.frontend.DriverControl;
import org.scmid.agent.frontend.DriverWindow;
import org.scmid.agent.frontend.WindowDriver;
import org.scmid.linux.LinuxException;

final class InteropTest {
    private static final int SIZE = 64 << 10;
    private static final String AGENTS = """
            agents:
              mmio:
                transport: virtio-mmio
                region: { file: WINDOWS/mmio, size: 64 KiB, guest-address: 0x50000000 }
                clocks: [osc, pll, uart, spi: read, shared: none]
              fat:
                transport: fat-virtqueue
                region: { file: WINDOWS/fat, size: 64 KiB }
                clocks: [osc, pll, uart, spi: read, shared: none]
            """;
    private static final long GUEST_ADDRESS = 0x50000000;

    private static final int BASE = 0x10;
    private static final int CLOCK = 0x14;

    /** Protocol, message and payload of commands whose answers do not depend on who asks; it leaves all as it was. */
    private record Command(int protocol, int message, String payload) {}

    @TempDir
    private Path folder;

    @Test
    void bothDriversGetTheSameAnswersInBothLayouts() throws LinuxException {
        List<Command> script = script();
        try (WindowBoard windows = WindowBoard.of(folder, AGENTS);
                Scmid scmid = windows.board.run()) {
            List<String> byMmio = answersOfC("mmio", windows.window("mmio"), script);
            List<String> byFat = answersOfC("fat", windows.window("fat"), script);
            assertEquals(byMmio, byFat, "the two layouts");
            assertEquals(byMmio, answersOfJava("mmio", windows.window("mmio"), script), "C and Java, virtio-mmio ring");
            assertEquals(byMmio, answersOfJava("fat", windows.window("fat"), script), "C and Java, fat virtqueue");
            assertTrue(byMmio.contains("0 -"), () -> "some succeed: " + byMmio);
            assertTrue(byMmio.stream().anyMatch(answer -> answer.startsWith("-3 ")), () -> "one is DENIED: " + byMmio);
            assertTrue(byMmio.contains("-10 -"), () -> "one is a PROTOCOL_ERROR: " + byMmio);
            assertEquals(0, scmid.stop());
        }
    }

    private static List<Command> script() {
        List<Command> script = new ArrayList<>();
        for (int message = 0; message <= 5; message++) {
            script.add(new Command(BASE, message, ""));
        }
        script.add(new Command(BASE, 6, "00000000"));
        for (int message = 0; message <= 1; message++) {
            script.add(new Command(CLOCK, message, ""));
        }
        for (int clock = 0; clock <= 5; clock++) {
            String id = "0%d000000".formatted(clock);
            script.add(new Command(CLOCK, 3, id)); // ATTRIBUTES
            script.add(new Command(CLOCK, 4, id + "00000000")); // DESCRIBE_RATES
            script.add(new Command(CLOCK, 6, id)); // RATE_GET
            script.add(new Command(CLOCK, 5, "00000000" + id + "001bb70000000000")); // RATE_SET, 12 MHz
            script.add(new Command(CLOCK, 7, id + "0100000000000000")); // CONFIG_SET
            script.add(new Command(CLOCK, 11, id + "00000000")); // CONFIG_GET
            script.add(new Command(CLOCK, 12, id + "00000000")); // POSSIBLE_PARENTS_GET
            script.add(new Command(CLOCK, 6, id));
        }
        script.add(new Command(CLOCK, 7, "020000000000000000000000"));
        script.add(new Command(CLOCK, 5, "0000000002000000001bb70000000000")); // uart as it was, at 12 MHz
        script.add(new Command(CLOCK, 6, "")); // too short
        script.add(new Command(CLOCK, 6, "0000000000000000")); // too long
        script.add(new Command(CLOCK, 0x7f, "")); // unknown
        script.add(new Command(0x33, 0, "")); // unknown protocol
        return script;
    }

    private static List<String> answersOfC(String layout, Path window, List<Command> script) {
        String[] options = layout.equals("mmio")
                ? new String[] {"--guest-address", "0x" + Long.toHexString(GUEST_ADDRESS)}
                : new String[0];
        try (RingAgent agent = RingAgent.at(layout, window, options)) {
            agent.awaitSession();
            List<String> answers = new ArrayList<>();
            for (Command command : script) {
                String payload = command.payload.isEmpty() ? "-" : command.payload;
                String reply = agent.call(command.protocol, command.message, payload);
                assertTrue(reply.startsWith("reply "), () -> command + ": " + reply);
                answers.add(reply.substring("reply ".length()));
            }
            return answers;
        }
    }

    private static List<String> answersOfJava(String layout, Path file, List<Command> script) throws LinuxException {
        boolean isMmio = layout.equals("mmio");
        try (DriverWindow window = DriverWindow.open(file, 0, SIZE, isMmio ? GUEST_ADDRESS : 0)) {
            WindowDriver driver = isMmio
                    ? WindowDriver.mmio(window, WindowDriver.MmioPlan.USUAL, DriverControl.NO_BELL)
                    : WindowDriver.fat(window, DriverControl.NO_BELL);
            Deadline.await("a session", () -> driver.step() == WindowDriver.Phase.READY, () -> driver + "");
            List<String> answers = new ArrayList<>();
            for (Command command : script) {
                answers.add(answer(driver, command));
            }
            return answers;
        }
    }

    private static String answer(WindowDriver driver, Command command) {
        byte[] payload = HexFormat.of().parseHex(command.payload);
        ByteBuffer request = ByteBuffer.allocate(4 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        int header = command.message | command.protocol << 10;
        request.putInt(header).put(payload);
        long ticket = driver.send(request.array(), request.capacity());
        assertTrue(ticket != 0, () -> "no room for " + command);
        Deadline.await("the reply to " + command, () -> {
            driver.step();
            return driver.poll();
        });
        assertEquals(WindowDriver.Ending.REPLY, driver.ending());
        assertEquals(ticket, driver.ticket());
        ByteBuffer reply = ByteBuffer.wrap(driver.message()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(header, reply.getInt(0));
        String values = HexFormat.of().formatHex(driver.message(), 8, driver.length());
        return reply.getInt(4) + " " + (values.isEmpty() ? "-" : values);
    }
}
