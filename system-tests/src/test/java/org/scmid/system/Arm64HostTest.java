// scmid itself in an arm64 machine, as on a board: registers by /dev/mem and UIO, and windows in a device's memory.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.Scmi.BASE;
import static org.scmid.system.Scmi.CONFIG_SET;
import static org.scmid.system.Scmi.NOT_FOUND;
import static org.scmid.system.Scmi.RATE_GET;
import static org.scmid.system.Scmi.RATE_SET;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One machine for all tests, since a JVM takes long to start there: first the probe, while the service starts too. What
 * the service does to registers is judged by the bytes of the file that is the memory of an ivshmem device, and by what
 * QEMU's monitor reads of its devices.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class Arm64HostTest {
    private static final long PL061 = 0x0903_0000;
    private static final long PL061_DIRECTION = PL061 + 0x400;
    private static final long PL061_INTERRUPT_EVENT = PL061 + 0x40c;
    private static final long PL061_ALTERNATE_FUNCTION = PL061 + 0x420;
    private static final long PL031 = 0x0901_0000;
    private static final long PL031_MATCH = PL031 + 0x4;
    private static final long PL031_INTERRUPT_MASK = PL031 + 0x10;
    private static final long EDU_DMA_SOURCE = 0x80;

    private static final String CLOCKS = """
            clocks:
              osc: { fixed: 24 MHz }
              pll: { parent: osc, factor: { multiply: 50, divide: 1 } }
              uart:
                parents: [osc, pll]
                mux:     { register: words+0x10, bits: 9..8 }
                divider: { register: words+0x10, bits: 6..0, kind: linear }
                gate:    { register: words+0x20, bit: 3 }
                rates:   { min: 1 MHz, max: 200 MHz }
                reparent: true
              of-bytes:
                parent: pll
                divider: { register: bytes+0x11, bits: 5..2, kind: linear }
                gate:    { register: bytes+0x13, bit: 7 }
              of-halves:
                parent: pll
                divider: { register: halves+0x12, bits: 12..10, kind: power-of-two }
                gate:    { register: halves+0x16, bit: 15, enable: low }
              of-the-widest-registers:
                parent: pll
                divider: { register: doubles+0x18, bits: 44..38, kind: linear }
                gate:    { register: doubles+0x20, bit: 63 }
              pin:
                parent: osc
                divider: { register: gpio+0x420, bits: 3..0, kind: linear }
                gate:    { register: gpio+0x400, bit: 5 }
              alarm:
                parent: osc
                divider: { register: rtc+0x4, bits: 15..8, kind: linear }
                gate:    { register: rtc+0x10, bit: 0 }
            sensors:
              time: { unit: s, source: { register: rtc+0x0, bits: 31..0 } }
            """;
    private static final int UART = 2;
    private static final int OF_BYTES = 3;
    private static final int OF_HALVES = 4;
    private static final int OF_DOUBLES = 5;
    private static final int PIN = 6;
    private static final int ALARM = 7;

    private static final int[] GATED = {UART, OF_BYTES, OF_HALVES, OF_DOUBLES};

    /** The device's memory: the first bytes are for the probe alone, the windows of the service's board come behind. */
    private static final int PROBE_SIZE = 0x10000;

    private static final int WORDS_AT = PROBE_SIZE;
    private static final int BYTES_AT = WORDS_AT + 0x1000;
    private static final int HALVES_AT = WORDS_AT + 0x2000;
    private static final int DOUBLES_AT = WORDS_AT + 0x3000;

    private static final int CLOCK_NAME_GET = clock(Scmi.NAME_GET);
    private static final int SENSOR = 0x15;
    private static final int READING_GET = 0x6;

    /** So few accesses of each kind that none is compiled, and so many that each is. */
    private static final int INTERPRETED = 100;

    private static final int COMPILED = 15_000;
    private static final int ALL_ACCESSES = INTERPRETED + COMPILED;
    private static final int MESSAGES = 3_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Arm64Host host;

    @SuppressWarnings("NullAway.Init")
    private static String probe;

    @SuppressWarnings("NullAway.Init")
    private static String refusedRun;

    private static final byte[] before = new byte[Arm64Host.SHARED_BYTES];

    @BeforeAll
    static void bootAndStart() throws IOException {
        new Random(1).nextBytes(before);
        set(before, WORDS_AT + 0x10, 0x0000_0001, 4); // osc / 2
        set(before, WORDS_AT + 0x20, 0x8000_0000L, 4);
        set(before, BYTES_AT + 0x11, 0b1100_0111, 1); // pll / 2
        set(before, BYTES_AT + 0x13, 0x7f, 1);
        set(before, HALVES_AT + 0x12, 0xe7ff, 2); // pll / 2
        set(before, HALVES_AT + 0x16, 0xffff, 2);
        set(before, DOUBLES_AT + 0x18, 0xffff_e07f_ffff_ffffL, 8); // pll / 2
        set(before, DOUBLES_AT + 0x20, 0x7123_4567_89ab_cdefL, 8);
        host = Arm64Host.boot(folder, Arm64Host.REGISTERS_FOR_SCMID, "uio_pdrv_genirq.of_id=generic-uio", before);
        host.switchOn(Arm64Host.REGISTERS);
        host.switchOn(Arm64Host.EDU);
        writeFiles();
        // The launcher builds the jar if the sources changed; the machine runs the same one.
        Scmid.command("check", host.file("service.yaml")).ok();
        host.monitor("logfile " + host.file("accesses.log"));
        host.monitor("log trace:memory_region_ops_read,trace:memory_region_ops_write");
        probe = host.begin(probeLine());
        host.begin(host.scmid("run service.yaml --runtime-dir /run/scmid") + " >/run/scmid.log 2>&1");
        refusedRun = host.begin(host.scmid("run refused.yaml --runtime-dir /run/refused"));
    }

    private static void writeFiles() throws IOException {
        long bar = host.bar(Arm64Host.REGISTERS, 2);
        String windows = """
                board: arm64-host
                registers:
                  gpio:    { at: 0x%x, size: 4 KiB }
                  rtc:     { at: 0x%x, size: 4 KiB, access: "uio:rtc" }
                  words:   { at: 0x%x, size: 4 KiB }
                  bytes:   { at: 0x%x, size: 4 KiB, width: 8 }
                  halves:  { at: 0x%x, size: 4 KiB, width: 16 }
                  doubles: { at: 0x%x, size: 4 KiB, width: 64 }
                """.formatted(PL061, PL031, bar + WORDS_AT, bar + BYTES_AT, bar + HALVES_AT, bar + DOUBLES_AT);
        Files.writeString(host.file("board.yaml"), windows + CLOCKS);
        Files.writeString(
                host.file("service.yaml"), """
                board: board.yaml
                management: { listen: none }
                agents:
                  fat:
                    transport: fat-virtqueue
                    region: { pci: "%s", size: 64 KiB }
                    notify: { poll: 1 ms }
                    clocks: all
                    sensors: all
                  mmio:
                    transport: virtio-mmio
                    region: { pci: "%1$s", offset: 64 KiB, size: 64 KiB }
                    notify: { poll: 1 ms }
                    clocks: all
                    sensors: all
                  uio:
                    transport: fat-virtqueue
                    region: { uio: rtos-scmi, size: 64 KiB }
                    notify: { poll: 1 ms }
                    clocks: all
                  physical:
                    transport: virtio-mmio
                    region: { physical: 0x%x, size: 64 KiB }
                    notify: { poll: 1 ms }
                    clocks: all
                  in-memory:
                    transport: virtio-mmio
                    region: { physical: 0x50000000, size: 64 KiB }
                    clocks: all
                """.formatted(Arm64Host.WINDOWS, Arm64Host.RESERVED + WindowAgent.SIZE));
        Files.writeString(
                host.file("refused.yaml"),
                "board: memory.yaml\nmanagement: { listen: none }\nagents:\n  tools: { transport: socket, clocks: all }\n");
        writeProbeBoard("memory.yaml", "{ at: 0x50000000, size: 4 KiB }", "{ access: simulated, size: 4 KiB }");
        writeProbeBoard("driven.yaml", "{ at: 0x09000000, size: 4 KiB }", "{ access: simulated, size: 4 KiB }");
        writeProbeBoard(
                "claimed.yaml",
                "{ at: 0x09000000, size: 4 KiB, share-with-kernel: true }",
                "{ access: simulated, size: 4 KiB }");
        for (int width = 8; width <= 64; width *= 2) {
            long device = width == 64 ? host.bar(Arm64Host.EDU, 0) : PL061;
            writeProbeBoard(
                    "probe-" + width + ".yaml",
                    "{ at: 0x%x, size: 4 KiB, width: %d }".formatted(device, width),
                    "{ at: 0x%x, size: 4 KiB, width: %d }".formatted(bar + 512L * width, width));
        }
    }

    private static void writeProbeBoard(String name, String device, String memory) throws IOException {
        Files.writeString(
                host.file(name),
                "board: probe\nregisters:\n  device: " + device + "\n  memory: " + memory
                        + "\nclocks:\n  osc: { fixed: 24 MHz }\n");
    }

    /** Few accesses of devices while they are interpreted, memory until all is compiled, then many more of devices. */
    private static String probeLine() {
        String bar = "/sys/bus/pci/devices/" + Arm64Host.REGISTERS + "/resource2 ";
        String arguments = "open memory.yaml open driven.yaml open claimed.yaml " + devices(INTERPRETED)
                + "memory probe-8.yaml,probe-16.yaml,probe-32.yaml,probe-64.yaml " + COMPILED + " " + devices(COMPILED)
                + "copy " + bar + COMPILED + " plain " + bar + COMPILED;
        // Compilations are waited for, and those of the accesses are told of.
        return host.main(
                RegisterProbe.class,
                "-Xbatch -XX:CompileCommand=quiet -XX:CompileCommand=PrintCompilation,org.scmid.linux.*::*",
                arguments);
    }

    private static String devices(int times) {
        var arguments = new StringBuilder();
        for (int width = 8; width <= 64; width *= 2) {
            long offset = width == 64 ? EDU_DMA_SOURCE : PL061_INTERRUPT_EVENT - PL061;
            arguments.append("device probe-%d.yaml %d %d ".formatted(width, offset, times));
        }
        return arguments.toString();
    }

    @AfterAll
    static void end() {
        if (host != null) { // it did boot
            host.close();
        }
    }

    @Test
    @Order(1)
    void everyAccessIsOneOfExactlyItsWidthHoweverTheJvmCompilesIt() throws IOException {
        String printed = host.await(probe).ok();
        host.monitor("log none");
        List<String> accesses = Files.readAllLines(host.file("accesses.log"));
        long edu = host.bar(Arm64Host.EDU, 0) + EDU_DMA_SOURCE;
        for (int width = 8; width <= 64; width *= 2) {
            String bytes = " size " + width / 8 + " ";
            long at = width == 64 ? edu : PL061_INTERRUPT_EVENT;
            assertEquals(ALL_ACCESSES, count(accesses, "memory_region_ops_write", at, bytes), width + " bits written");
            assertEquals(ALL_ACCESSES, count(accesses, "memory_region_ops_read", at, bytes), width + " bits read");
        }
        assertEquals(2 * ALL_ACCESSES, count(accesses, "memory_region_ops", edu, " "), "none of another width");
        assertEquals(6 * ALL_ACCESSES, count(accesses, "memory_region_ops", PL061_INTERRUPT_EVENT, " "));

        String interpreted = between(printed, "open claimed.yaml", "device of 64 bits: " + INTERPRETED + " ");
        assertTrue(!interpreted.contains("Register ("), interpreted);
        String compiling = between(printed, interpreted, "memory: " + COMPILED + " ");
        assertCompiled(compiling, "Mapping::readRegister");
        assertCompiled(compiling, "Mapping::writeRegister");
        String compiled = between(printed, compiling, "device of 64 bits: " + COMPILED + " ");
        assertTrue(!compiled.contains("made not entrant"), "the compiled code is not what ran: " + compiled);
    }

    /** The text from one word to the next that comes after it. */
    private static String between(String text, String from, String to) {
        int begin = text.indexOf(from) + from.length();
        int end = text.indexOf(to, begin);
        assertTrue(begin >= from.length() && end >= 0, () -> from + " and " + to + " are not in " + text);
        return text.substring(begin, end);
    }

    private static long count(List<String> log, String event, long address, String more) {
        String at = " addr 0x" + Long.toHexString(address) + " ";
        return log.stream()
                .filter(line -> line.contains(event) && line.contains(at) && line.contains(more))
                .count();
    }

    /** Both compilers have compiled a method, so it ran interpreted and in every other way. */
    private static void assertCompiled(String printed, String method) {
        for (int level : new int[] {3, 4}) {
            Pattern line = Pattern.compile(" " + level + " +org\\.scmid\\.linux\\." + method + " \\(\\d+ bytes\\)\n");
            assertTrue(line.matcher(printed).find(), () -> "level " + level + " of " + method + "\n" + printed);
        }
    }

    @Test
    @Order(2)
    void messagesAreCopiedByAlignedAccessesWhereAnyOtherIsAFault() {
        String printed = host.await(probe).ok();
        assertTrue(printed.contains("copy: " + COMPILED + " copies each way\n"), printed);
        assertCompiled(printed, "AlignedCopy::read");
        assertCompiled(printed, "AlignedCopy::write");
        assertTrue(printed.contains("plain: a fault\n"), "a copy of the JVM's own does not do here: " + printed);
    }

    @Test
    @Order(3)
    void whatTheKernelDoesNotHandOutIsRefusedWithTheReason() {
        String printed = host.await(probe).ok();
        assertRefused(
                printed,
                "memory.yaml",
                "register window device: mmap(",
                "Operation not permitted (EPERM): the kernel does not hand out 0x50000000..0x50000fff, because it is"
                        + " built with STRICT_DEVMEM. They are memory, not registers; are these the right address and the right"
                        + " board?");
        assertRefused(
                printed,
                "driven.yaml",
                "register window device: 0x9000000..0x9000fff is driven by this host's kernel: driver uart-pl011, device"
                        + " 9000000.pl011.",
                "`share-with-kernel: true`");
        assertRefused(
                printed,
                "claimed.yaml",
                "the kernel does not hand out 0x9000000..0x9000fff, because it is built with STRICT_DEVMEM. They belong"
                        + " to `9000000.pl011 pl011@9000000`; unbind the driver, or boot with iomem=relaxed",
                "use access: uio:NAME");

        LinuxGuest.Result run = host.await(refusedRun);
        assertEquals(1, run.status(), run.output());
        assertTrue(run.output().startsWith("scmid: register window device: mmap("), run.output());
        assertTrue(run.output().contains("STRICT_DEVMEM. They are memory, not registers"), run.output());
    }

    private static void assertRefused(String printed, String board, String... words) {
        int from = printed.indexOf("open " + board + ": ");
        assertTrue(from >= 0, printed);
        String line = printed.substring(from, printed.indexOf('\n', from));
        for (String expected : words) {
            assertTrue(line.contains(expected), line);
        }
    }

    @ParameterizedTest
    @Order(4)
    @ValueSource(strings = {"fat", "mmio"})
    void theServiceWritesNoRegisterAtItsStart(String layout) {
        try (WindowAgent agent = agent(layout)) {
            assertArrayEquals(new int[] {SUCCESS, 12_000_000, 0}, agent.call(clock(RATE_GET), UART));
            assertRegisters(before);
            assertEquals(0, host.at(PL061_DIRECTION));
            assertEquals(0, host.at(PL031_MATCH));
        }
    }

    @Test
    @Order(5)
    void aWindowOfAnAgentInMemoryOfTheKernelIsRefusedAndTheOthersAreServed() {
        String log = log();
        assertTrue(log.contains("agent in-memory is not served"), log);
        assertTrue(
                log.contains("this kernel refuses it (CONFIG_STRICT_DEVMEM): reserve the memory and use a UIO device"),
                log);
    }

    @ParameterizedTest
    @Order(6)
    @ValueSource(strings = {"fat", "mmio"})
    void clocksFollowMessagesByTheBytesOfADeviceAndMessagesFollowTheBytes(String layout) {
        byte[] expected = before.clone();
        try (WindowAgent agent = agent(layout)) {
            setRate(agent, UART, 100_000_000); // pll / 12
            set(expected, WORDS_AT + 0x10, 0x0000_010b, 4);
            assertRegisters(expected);
            setRate(agent, OF_BYTES, 120_000_000); // pll / 10
            set(expected, BYTES_AT + 0x11, 0b1110_0111, 1);
            assertRegisters(expected);
            setRate(agent, OF_HALVES, 75_000_000); // pll / 16
            set(expected, HALVES_AT + 0x12, 0xf3ff, 2);
            assertRegisters(expected);
            setRate(agent, OF_DOUBLES, 12_000_000); // pll / 100
            set(expected, DOUBLES_AT + 0x18, 0xffff_f8ff_ffff_ffffL, 8);
            assertRegisters(expected);
            for (int clock : GATED) {
                enable(agent, clock, 1);
            }
            set(expected, WORDS_AT + 0x20, 0x8000_0008L, 4);
            set(expected, BYTES_AT + 0x13, 0xff, 1);
            set(expected, HALVES_AT + 0x16, 0x7fff, 2);
            set(expected, DOUBLES_AT + 0x20, 0xf123_4567_89ab_cdefL, 8);
            assertRegisters(expected);

            // as hardware, or somebody else, would change them
            set(expected, WORDS_AT + 0x10, 0x0000_0002, 4);
            set(expected, BYTES_AT + 0x11, 0b1100_1011, 1);
            set(expected, DOUBLES_AT + 0x18, 0xffff_e0ff_ffff_ffffL, 8);
            writeRegisters(expected);
            assertRate(8_000_000, agent, UART);
            assertRate(400_000_000, agent, OF_BYTES);
            assertRate(75_000_000, agent, OF_HALVES);
            assertRate(300_000_000, agent, OF_DOUBLES);
            assertRegisters(expected);

            for (int clock : GATED) {
                enable(agent, clock, 0);
            }
        } finally {
            writeRegisters(before);
        }
    }

    @Test
    @Order(7)
    void theGpioAndTheClockOfTheVirtBoardAreDrivenByDevMemAndByUio() {
        try (WindowAgent agent = agent("fat")) {
            setRate(agent, PIN, 6_000_000); // osc / 4
            assertEquals(0x3, host.at(PL061_ALTERNATE_FUNCTION));
            enable(agent, PIN, 1);
            assertEquals(0x20, host.at(PL061_DIRECTION));
            enable(agent, PIN, 0);
            assertEquals(0, host.at(PL061_DIRECTION));

            setRate(agent, ALARM, 8_000_000); // osc / 3
            assertEquals(0x0200, host.at(PL031_MATCH));
            enable(agent, ALARM, 1);
            assertEquals(1, host.at(PL031_INTERRUPT_MASK));
            enable(agent, ALARM, 0);
            assertEquals(0, host.at(PL031_INTERRUPT_MASK));

            long earliest = Integer.toUnsignedLong(host.at(PL031));
            int[] reading = agent.call(Scmi.header(SENSOR, READING_GET, 0), 0, 0);
            long latest = Integer.toUnsignedLong(host.at(PL031));
            assertEquals(SUCCESS, reading[0]);
            long time = Integer.toUnsignedLong(reading[1]);
            assertTrue(earliest <= time && time <= latest, earliest + " <= " + time + " <= " + latest);
        }
    }

    @ParameterizedTest
    @Order(8)
    @ValueSource(strings = {"fat", "mmio"})
    void messagesOfEveryLengthAreAnswered(String layout) {
        Random random = new Random(2);
        try (WindowAgent agent = agent(layout)) {
            int unknown = Scmi.header(BASE, 0x70, 5);
            for (int length = 4; length <= WindowAgent.SLOT; length++) {
                byte[] request = new byte[length];
                random.nextBytes(request);
                set(request, 0, unknown, 4);
                assertArrayEquals(WindowAgent.message(unknown, NOT_FOUND), agent.exchange(request));
            }
            // A reply of more than 64 bytes, which are other copies of the JVM.
            assertEquals("of-the-widest-registers", nameOf(agent.call(CLOCK_NAME_GET, OF_DOUBLES)));
        }
    }

    /** Behind status and flags: 64 bytes with a zero behind the name. */
    private static String nameOf(int[] reply) {
        assertEquals(SUCCESS, reply[0]);
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(reply, 2, 16);
        String name = new String(bytes.array(), StandardCharsets.US_ASCII);
        return name.substring(0, name.indexOf(0));
    }

    @Test
    @Order(9)
    void buffersOfADriverMayLieAnywhere() {
        try (WindowAgent agent = agent("mmio")) {
            byte[] request = WindowAgent.message(clock(RATE_GET), UART);
            byte[] reply = WindowAgent.message(clock(RATE_GET), SUCCESS, 12_000_000, 0);
            for (int i = 0; i < 64; i++) {
                int requestAt = 0xc000 + i / 8;
                int replyAt = 0xc100 + i % 8;
                assertArrayEquals(reply, agent.exchangeAt(requestAt, replyAt, request), requestAt + ", " + replyAt);
            }
        }
    }

    @ParameterizedTest
    @Order(10)
    @ValueSource(strings = {"fat", "mmio"})
    void thousandsOfMessagesAreServedWhileTheJvmCompilesTheService(String layout) {
        byte[] expected = before.clone();
        try (WindowAgent agent = agent(layout)) {
            int[] done = {SUCCESS};
            agent.repeat(MESSAGES, new int[] {SUCCESS, 600_000_000, 0}, clock(RATE_GET), OF_HALVES);
            agent.repeat(MESSAGES, done, clock(RATE_SET), 0, OF_DOUBLES, 600_000_000, 0);
            agent.repeat(MESSAGES, new int[] {SUCCESS, 600_000_000, 0}, clock(RATE_GET), OF_DOUBLES);
            assertRegisters(expected);
        }
    }

    @Test
    @Order(11)
    void windowsInReservedMemoryAreServedByUioAndByDevMem() {
        try (WindowAgent uio = inReservedMemory("fat", 0);
                WindowAgent physical = inReservedMemory("mmio", WindowAgent.SIZE)) {
            for (WindowAgent agent : List.of(uio, physical)) {
                assertEquals("of-the-widest-registers", nameOf(agent.call(CLOCK_NAME_GET, OF_DOUBLES)));
                agent.repeat(MESSAGES / 10, new int[] {SUCCESS, 12_000_000, 0}, clock(RATE_GET), UART);
            }
        }
    }

    /** An agent in another part of the same chip: to it the window is memory. */
    private static WindowAgent inReservedMemory(String layout, long offset) {
        return WindowAgent.at(layout, host.reservedFile(), offset).awaitSession(Arm64HostTest::log);
    }

    private static WindowAgent agent(String layout) {
        long offset = layout.equals("fat") ? 0 : WindowAgent.SIZE;
        return WindowAgent.at(layout, host.windowsFile(), offset).awaitSession(Arm64HostTest::log);
    }

    private static void setRate(WindowAgent agent, int clock, int hertz) {
        assertArrayEquals(new int[] {SUCCESS}, agent.call(clock(RATE_SET), 0, clock, hertz, 0));
        assertRate(hertz, agent, clock);
    }

    private static void assertRate(int hertz, WindowAgent agent, int clock) {
        assertArrayEquals(new int[] {SUCCESS, hertz, 0}, agent.call(clock(RATE_GET), clock));
    }

    private static void enable(WindowAgent agent, int clock, int on) {
        assertArrayEquals(new int[] {SUCCESS}, agent.call(clock(CONFIG_SET), clock, on, 0));
    }

    /** All bytes of the device but those that the probe plays with. */
    private static void assertRegisters(byte[] expected) {
        try {
            byte[] found = Files.readAllBytes(host.registersFile());
            int at = Arrays.mismatch(expected, PROBE_SIZE, expected.length, found, PROBE_SIZE, found.length);
            assertEquals(-1, at, () -> "byte " + (PROBE_SIZE + at) + " is " + found[PROBE_SIZE + at]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces bytes one by one, each that differs. */
    private static void writeRegisters(byte[] wanted) {
        try (var file = new RandomAccessFile(host.registersFile().toFile(), "rw")) {
            byte[] found = new byte[wanted.length];
            file.readFully(found);
            for (int at = PROBE_SIZE; at < wanted.length; at++) {
                if (found[at] != wanted[at]) {
                    file.seek(at);
                    file.write(wanted[at]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String log() {
        return host.run("cat /run/scmid.log").output();
    }

    private static void set(byte[] bytes, int at, long value, int width) {
        for (int i = 0; i < width; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
    }
}
