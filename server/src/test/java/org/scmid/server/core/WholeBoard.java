// A board with something of every kind, and an agent that may do everything with it.
package org.scmid.server.core;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.scmid.config.board.Board;
import org.scmid.config.document.Place;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.DeviceSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;
import org.scmid.config.service.SystemPowerAction;
import org.scmid.config.service.SystemPowerSpec;
import org.scmid.config.service.SystemPowerState;
import org.scmid.testing.HandLoop;

/** For tests that go over all protocols: whatever is served has something here, with all features. */
final class WholeBoard {
    /** A rate list that fills several replies, a parent list too; sensors with and without axes. */
    static final String YAML = Bench.BOARD.replace("clocks:\n", """
                      env: { at: 0x3000, size: 4 KiB, access: simulated, initial: { 0x0: 4200, 0x4: 0x030201, 0x8: 77, 0x120: 2, 0x128: 16 } }
                    clocks:
                    """) + """
              many-rates:
                parents: [osc, pll, bus, uart, leaf]
                mux: { register: cru+0x10, bits: 10..8 }
                divider: { register: cru+0x10, bits: 5..0, kind: linear }
                describe: list
              cpu: { parent: pll, divider: { register: cru+0x20, bits: 3..0, kind: linear } }
              gpu: { parent: pll, divider: { register: cru+0x24, bits: 3..0, kind: linear } }
              loop:
                parent: osc
                pll:
                  feedback: { register: cru+0x28, bits: 7..0, kind: one-based, min: 2, max: 20 }
                  enable: { register: cru+0x2c, bit: 0 }
                  lock: { register: cru+0x2c, bit: 1 }
            sensors:
              temp:
                unit: degC
                scale: -3
                source: { register: env+0x0, bits: 15..0, signed: true, multiply: 10 }
                range: { min: -40 degC, max: 125 degC }
                trip-points: 3
                intervals: [100 ms, 200 ms, 500 ms, 1 s, 2 s, 5 s, 10 s]
                interval: 1 s
                timestamps: true
                timestamp-scale: -6
              accel:
                unit: m/s^2
                scale: -3
                axes:
                  a_X: { source: { register: env+0x4, bits: 7..0 } }
                  a_Y: { source: { register: env+0x4, bits: 15..8 } }
                  an-axis-with-a-long-name_Z: { source: { register: env+0x4, bits: 23..16 } }
                intervals: { min: 10 ms, max: 100 ms, step: 10 ms }
                timestamps: true
              a-slow-sensor-with-a-long-name:
                unit: V
                source: { simulated: { start: 5, max: 1000, step: 1, every: 100 ms, takes: 20 ms } }
                trip-points: 1
                intervals: [50 ms]
                continuous-updates: false
                asynchronous: true
              off:
                unit: rpm
                source: { register: env+0x8, bits: 31..0 }
                enabled: false
            power-domains:
              soc:  { switch: { register: env+0x100, bit: 0 } }
              gpu:  { parent: soc, feeds: [leaf], switch: { register: env+0x100, bit: 1 } }
              slow: { switch: { register: env+0x100, bit: 2, settle: 5 ms } }
              a-domain-with-a-long-name: { switch: { register: env+0x100, bit: 3 } }
              dsp:  { parent: soc, clocks: [bus], when-in-use: wait, switch: { register: env+0x100, bit: 4 } }
            resets:
              plain: { register: env+0x110, bit: 0, hold: 1 ms, latency: 20 us }
              clear: { register: env+0x110, bit: 1, self-clearing: true, timeout: 5 ms, asynchronous: true }
              a-reset-with-a-long-name: { register: env+0x110, bit: 2 }
              quick: { on-reset: [write: { register: env+0x114, bit: 0, value: 1 }], asynchronous: true }
            voltage-domains:
              sd:
                levels: [1.8 V, 3.3 V]
                level: { register: env+0x120, bits: 3..0, values: [2, 7] }
                enable: { register: env+0x130, bit: 0 }
                settle: 2 ms
                asynchronous: true
              io-supply-with-a-long-name:
                levels: [1 V, 1.1 V, 1.2 V, 1.3 V, 1.4 V, 1.5 V, 1.6 V, 1.7 V, 1.8 V, 1.9 V]
                level: { register: env+0x124, bits: 3..0 }
                enable: { register: env+0x130, bit: 1, active: high }
              core:
                range: { min: 600 mV, max: 1.3 V, step: 12.5 mV }
                level: { register: env+0x128, bits: 7..0, start: 16 }
              fixed: { levels: [5 V] }
              vdd: { levels: [800 mV, 900 mV, 1.1 V], level: { register: env+0x12c, bits: 1..0 }, settle: 2 ms }
            performance-domains:
              cpu:
                clock: cpu
                voltage-domain: vdd
                levels:
                  - { frequency: 100 MHz, voltage: 800 mV, power: 120.5 mW, latency: 50 us }
                  - { frequency: 200 MHz, voltage: 800 mV, power: 280 mW }
                  - { frequency: 300 MHz, voltage: 900 mV }
                  - { frequency: 600 MHz, voltage: 1.1 V, power: 1 W, latency: 65535 us }
                sustained: 300 MHz
              gpu-with-quite-a-long-name:
                clock: gpu
                levels:
                  - { level: 10, frequency: 100 MHz }
                  - { level: 20, frequency: 200 MHz }
                  - { level: 60, frequency: 600 MHz }
                level-indexing: true
            """;

    private WholeBoard() {}

    /** The system power requests that agents of these names may make; nothing happens. */
    static Map<String, SystemPowerSpec> systemPower(String... agents) {
        Map<String, SystemPowerSpec> specs = new HashMap<>();
        for (String agent : agents) {
            specs.put(
                    agent,
                    new SystemPowerSpec(Map.of(
                            SystemPowerState.SHUTDOWN, new SystemPowerAction.Ignore(),
                            SystemPowerState.WARM_RESET, new SystemPowerAction.Notify())));
        }
        return specs;
    }

    /** A core over simulated registers of the board; agents of these names have something of every protocol. */
    static Bench bench(Path directory, String... agents) throws Exception {
        Board board = Bench.board(directory, YAML);
        DeviceSpec device =
                new DeviceSpec("device", Map.of(ResourceKind.CLOCK, List.of("uart")), new Place("test.yaml", 1, 1));
        return new Bench(board, List.of(device), systemPower(agents), new HandLoop());
    }

    /** Everything of the board, with control. */
    static Map<ResourceKind, List<Grant>> everything(Board board) {
        Map<ResourceKind, List<Grant>> grants = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            grants.put(
                    kind,
                    board.names(kind).stream()
                            .map(name -> new Grant(name, Permission.CONTROL))
                            .toList());
        }
        return grants;
    }
}
