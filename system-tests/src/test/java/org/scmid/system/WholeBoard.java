// A board with every kind of resource, and one guest on it that several tests share.
package org.scmid.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A service and its guest, booted once for all the tests that take it as a parameter. Each test looks at one kind of
 * resource, whose registers no other test touches. The drivers of the guest have consumers: a bus in each power domain, a
 * real-time clock with a clock and a reset, a processor in the performance domain, a consumer of {@code card}.
 */
final class WholeBoard implements AutoCloseable {
    // Clocks
    static final int CPU_DIVIDER = 0x10; // 3..0, linear
    static final int RTC_CLOCK = 0x14; // divider 3..0, gate 8

    // Power domains
    static final int POWER = 0x100;
    static final int GPU_ON = 1;
    static final int DSP_ON = 1 << 4;
    static final int MEDIA_OFF = 1 << 3; // active low
    static final int POWER_STATUS = 0x104;
    static final int DSP_IS_ON = 1 << 4;

    // Sensors
    static final int TEMPERATURE = 0x200; // 15..0, signed, 0.1 degrees
    static final int SUPPLY = 0x204; // 11..0, 2 mV
    static final int CURRENT = 0x208; // mA
    static final int CONSUMPTION = 0x20c; // mW
    static final int ACCELERATION = 0x210; // X, Y, Z in three registers, 15..0, signed, mm/s^2

    // Resets
    static final int RESETS = 0x300;
    static final int RTC_RESET = 1 << 2;
    static final int CODEC_RUNS = 1 << 5; // active low

    // Voltage domains
    static final int CORE_LEVEL = 0x400; // 5..0, 800 mV and 12.5 mV each
    static final int CARD = 0x404;
    static final int CARD_AT_3V3 = 1;
    static final int CARD_ON = 1 << 8;

    private static final String BOARD = """
            board: whole
            description: one or a few of each kind, their registers in a file
            registers:
              soc:
                at: 0x10000000
                size: 4 KiB
                access: "file:cru.regs"
                initial: { 0x10: 1, 0x100: 0, 0x200: 253, 0x204: 1650, 0x300: 0x24, 0x400: 12 }
            clocks:
              osc: { fixed: 24 MHz }
              pll: { parent: osc, factor: { multiply: 50 } }
              cpu:
                parent: pll
                divider: { register: soc+0x10, bits: 3..0, kind: linear }
              rtc:
                parent: osc
                divider: { register: soc+0x14, bits: 3..0, kind: linear }
                gate:    { register: soc+0x14, bit: 8 }
            power-domains:
              gpu:
                switch: { register: soc+0x100, bit: 0 }
              media:
                switch: { register: soc+0x100, bit: 3, on: low }
              dsp:
                switch:
                  register: soc+0x100
                  bit: 4
                  status: { register: soc+0x104, bit: 4 }
                  timeout: 4 s
            sensors:
              board-temperature:
                unit: celsius
                scale: -3
                source: { register: soc+0x200, bits: 15..0, signed: true, multiply: 100 }
              supply-voltage:
                unit: V
                scale: -3
                source: { register: soc+0x204, bits: 11..0, multiply: 2 }
              supply-current:
                unit: A
                scale: -3
                source: { register: soc+0x208, bits: 15..0 }
              consumption:
                unit: W
                scale: -3
                source: { register: soc+0x20c, bits: 15..0 }
              accelerometer:
                unit: m/s^2
                scale: -3
                axes:
                  acceleration_X: { source: { register: soc+0x210, bits: 15..0, signed: true } }
                  acceleration_Y: { source: { register: soc+0x214, bits: 15..0, signed: true } }
                  acceleration_Z: { source: { register: soc+0x218, bits: 15..0, signed: true } }
                intervals: [10 ms, 100 ms, 1 s]
                timestamps: true
            resets:
              rtc:   { register: soc+0x300, bit: 2 }
              codec: { register: soc+0x300, bit: 5, assert: low }
            voltage-domains:
              core:
                range: { min: 800 mV, max: 1.2 V, step: 12.5 mV }
                level: { register: soc+0x400, bits: 5..0 }
              card:
                levels: [1.8 V, 3.3 V]
                level:  { register: soc+0x404, bit: 0 }
                enable: { register: soc+0x404, bit: 8 }
            performance-domains:
              cpu:
                clock: cpu
                voltage-domain: core
                levels:
                  - { frequency: 300 MHz, voltage: 850 mV }
                  - { frequency: 600 MHz, voltage: 950 mV }
                  - { frequency: 1.2 GHz, voltage: 1.1 V }
            """;

    private static final String AGENTS = """
            agents:
              linux:
                transport: vhost-user
                socket: linux.sock
            """;

    /** The devices of the overlay's consumers. */
    static final String GPU_BUS = "/sys/devices/platform/pm-bus-0";

    static final String DSP_BUS = "/sys/devices/platform/pm-bus-2";
    static final String CARD_CONSUMER = "/sys/devices/platform/supplied-1";

    private final Path folder;
    private final Scmid scmid;
    private final TestBoard board;
    private final LinuxGuest guest;
    private final Thread hardware;
    private volatile boolean dspHangs;

    private WholeBoard() {
        try {
            folder = Files.createTempDirectory("scmid-whole-board-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        board = TestBoard.of(folder, BOARD, AGENTS);
        scmid = board.run();
        hardware = Thread.ofPlatform().name("hardware of the dsp").daemon().start(this::switchTheDsp);
        try {
            String overlay = board.overlayWithConsumers("linux")
                    .withRealTimeClockOn("rtc", 8_000_000)
                    .withRealTimeClockInReset("rtc")
                    .withBusIn("gpu")
                    .withBusIn("dsp")
                    .withSupplyFrom("card")
                    .withProcessorIn("cpu")
                    .source();
            guest = LinuxGuest.boot("linux", board.guestFolder("linux"), overlay, board.attach("linux", "pci"));
        } catch (Throwable e) {
            hardware.interrupt();
            scmid.close();
            throw e;
        }
    }

    /** Does as the switch says, soon. */
    private void switchTheDsp() {
        while (!Thread.currentThread().isInterrupted()) {
            int wanted = board.isSet(POWER, DSP_ON) ? DSP_IS_ON : 0;
            if (!dspHangs && board.register(POWER_STATUS) != wanted) {
                board.setRegister(POWER_STATUS, wanted);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** Whether the hardware that switches the dsp takes its time. */
    void letTheDspHang(boolean hangs) {
        dspHangs = hangs;
    }

    TestBoard board() {
        return board;
    }

    LinuxGuest guest() {
        return guest;
    }

    @Override
    public void close() throws IOException {
        guest.close();
        scmid.close();
        hardware.interrupt();
        try {
            hardware.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Gives tests the one that they share. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == WholeBoard.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            // What is in the root's store is closed after the last test.
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(Shared.class))
                    .computeIfAbsent(WholeBoard.class, key -> new WholeBoard(), WholeBoard.class);
        }
    }
}
