// Every mistake that a file can have is reported at its place, with the value and the remedy.
package org.scmid.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problem;
import org.scmid.config.document.YamlReader;

class BrokenFilesTest {
    /** A board with room for one more clock; a problem is marked with § where it is expected. */
    private static final String BOARD = """
            board: test
            registers:
              cru: { at: 0x1000, size: 64 B }
              rk: { at: 0x2000, size: 64 B, write-mask-shift: 16 }
              bcm: { at: 0x3000, size: 64 B, write-key: 0x5a000000 }
            clocks:
              osc: { fixed: 24 MHz }
              pll: { parent: osc, factor: { multiply: 50 } }
            """;

    private static final String AGENT = """
            board: demo
            agents:
              linux:
                transport: vhost-user
            """;

    private static final String TWO_AGENTS = """
            board: demo
            agents:
              linux: { transport: vhost-user, clocks: all }
            """;

    private static Arguments clock(String title, String clock, String... words) {
        return Arguments.of(title, BOARD + "  " + clock + "\n", words);
    }

    private static final String FEEDBACK = "{ register: cru, bits: 7..0, kind: one-based }";

    /** A PLL with one more key. */
    private static Arguments pll(String title, String key, String... words) {
        return clock(title, "a: { parent: osc, pll: { feedback: " + FEEDBACK + ", " + key + " } }", words);
    }

    private static Arguments sensor(String title, String sensor, String... words) {
        return Arguments.of(title, BOARD + "sensors:\n  " + sensor + "\n", words);
    }

    private static Arguments windows(String title, String first, String second, String... words) {
        return Arguments.of(title, "board: x\nregisters:\n  " + first + "\n  " + second + "\nclocks: {}\n", words);
    }

    /** A problem in the keys of a window of 64 bytes. */
    private static Arguments window(String title, String keys, String... words) {
        return Arguments.of(title, "board: x\nregisters:\n  w: { at: 0, size: 64, " + keys + " }\nclocks: {}\n", words);
    }

    /** A problem in a field of a window that has rules. */
    private static Arguments ruled(String title, String keys, String clock, String... words) {
        String file = "board: x\nregisters:\n  w: { at: 0, size: 64, " + keys
                + " }\nclocks:\n  osc: { fixed: 1 MHz }\n  " + clock + "\n";
        return Arguments.of(title, file, words);
    }

    private static Arguments board(String title, String board, String... words) {
        return Arguments.of(title, board, words);
    }

    static Stream<Arguments> boards() {
        return Stream.of(
                // YAML
                board("an empty file", "§", "empty", "`board: NAME`"),
                board("only comments", "§# nothing\n", "empty"),
                board("a list", "§- 1\n", "a list", "mapping"),
                board("a word", "§hello\n", "a single value", "mapping"),
                board("a duplicate key", "board: a\n§board: b\nclocks: {}\n", "`board`", "line 1", "keep one"),
                board("an anchor", "board: §&a x\nclocks: {}\n", "anchors", "write the value out"),
                board("an anchor at a mapping", "board: x\nclocks: §&all {}\n", "anchors"),
                board("an alias", "board: x\nclocks:\n  a: §*b\n", "aliases"),
                board("an alias as a key", "board: x\n§*b : 1\nclocks: {}\n", "aliases cannot be keys"),
                board(
                        "a merge key",
                        "board: x\nclocks:\n  §<<: { a: { fixed: 1 Hz } }\n",
                        "merge key",
                        "write the keys out"),
                board("a tag", "board: §!name x\nclocks: {}\n", "tags", "remove"),
                board("a second document", "board: x\nclocks: {}\n---\n§board: y\n", "second YAML document", "remove"),
                board("a tab", "board: x\nclocks:\n§\tosc: {}\n", "tab", "spaces"),
                board("an open bracket", "board: x\nclocks: §{ osc: { fixed: 1 Hz }\n", "not closed"),
                board("an open quote", "board: §\"x\nclocks: {}\n", "not closed", "quote"),
                board("two colons", "board: x§: y\nclocks: {}\n", "`:` cannot stand here"),
                board("a missing comma", "board: x\nclocks: { osc: { fixed: 1 Hz } §pll: { parent: osc } }\n", "`,`"),
                board(
                        "wrong indentation",
                        "board: x\nclocks:\n    osc: { fixed: 1 Hz }\n  §pll: { parent: osc }\n",
                        "indent"),
                board("a reserved character", "board: §@x\nclocks: {}\n", "`@`", "quotes"),
                board("a list as a key", "board: x\nclocks:\n  ? §[a]\n  : 1\n", "key must be"),
                board("a control character", "board: x§\u0001\n", "U+0001", "remove"),
                board("a bad escape", "board: \"x\\§q\"\nclocks: {}\n", "escape"),
                board(
                        "deep nesting",
                        "board: x\ncompatible: " + "[".repeat(31) + "§" + "[".repeat(3) + "]".repeat(34) + "\n",
                        "deeper than 32"),

                // The file's keys
                board("an unknown key", "board: x\n§clock: {}\nclocks: {}\n", "`clock`", "did you mean `clocks`?"),
                board("an unlike key", "board: x\n§zzz: {}\nclocks: {}\n", "`zzz`", "allowed are", "`registers`"),
                board("no board", "§clocks: {}\n", "lacks the key `board`"),
                board("no clocks", "§board: x\n", "lacks the key `clocks`"),
                board("a key without value", "board: x\n§clocks:\n", "`clocks`", "has no value"),
                board("clocks as a list", "board: x\nclocks: §[osc]\n", "must be a mapping", "a list"),
                board("compatible as text", "board: x\ncompatible: §a,b\nclocks: {}\n", "must be a list", "`[a,b]`"),
                board(
                        "a machine of nothing",
                        "board: x\nsmbios: [§{}]\nclocks: {}\n",
                        "lacks the key `vendor`",
                        "`product`"),
                board(
                        "a machine with a word too many",
                        "board: x\nsmbios: [{ vendor: b, §maker: a }]\nclocks: {}\n",
                        "`maker`"),
                board("a machine that is no list", "board: x\nsmbios: §{ vendor: a }\nclocks: {}\n", "must be a list"),
                board("an include of nothing", "board: x\nclocks: {}\ninclude: §{}\n", "`include`", "must be a list"),
                board("an include without value", "board: x\nclocks: {}\n§include:\n", "`include`", "has no value"),
                board(
                        "an include of a file that is not there",
                        "board: x\ninclude: §soc.yml\n",
                        "`soc.yml` does not exist"),
                board("a name with an umlaut", "board: §bÖard\nclocks: {}\n", "`bÖard`", "ASCII"),
                board("a long name", "board: §" + "x".repeat(64) + "\nclocks: {}\n", "at most 63", "this has 64"),
                board("a clock called all", "board: x\nclocks:\n  §all: { fixed: 1 Hz }\n", "`all`", "all clocks"),
                board("a padded name", "board: x\nclocks:\n  §\" osc\": { fixed: 1 Hz }\n", "` osc`", "space"),

                // Clocks of the host
                clock(
                        "access to no clock of the host",
                        "c: { fixed: 1 MHz, §host-access: write }",
                        "has `host-access` but no `host-clock`"),
                clock(
                        "a clock of the host that may be set to anything",
                        "c: { fixed: 1 MHz, host-clock: uart, §host-access: write }",
                        "clock `c` has `host-access: write`, which needs `rates: { max: RATE }`"),
                clock(
                        "a clock of the host that is not run any more",
                        "c: { fixed: 1 MHz, host-clock: uart, host-access: §execute }",
                        "`execute`"),
                clock(
                        "a clock of the host without a rate to begin with",
                        "c: { §host-clock: emmc2 }",
                        "clock `c` has `host-clock` but lacks `fixed`"),
                clock(
                        "a clock of the host with a parent",
                        "c: { parent: osc, §host-clock: emmc2 }",
                        "has `host-clock` but lacks `fixed`"),
                clock(
                        "a clock of the host in another folder",
                        "c: { fixed: 1 Hz, host-clock: §../../tracing }",
                        "`../../tracing` is not the name of a folder"),
                clock(
                        "a clock of the host that is a folder's parent",
                        "c: { fixed: 1 Hz, host-clock: §.. }",
                        "`..` is not the name of a folder; write the clock's name"),

                // Sensors
                sensor("a sensor that is nothing", "t: §5", "must be a mapping"),
                sensor("a sensor called all", "§all: { unit: V, source: { simulated: { start: 1 } } }", "all sensors"),
                sensor("a sensor without a source", "§t: { unit: V }", "lacks `source` or `axes`"),
                sensor(
                        "a sensor without a unit",
                        "§t: { source: { simulated: { start: 1 } } }",
                        "lacks the key `unit`"),
                sensor(
                        "an unknown unit",
                        "t: { unit: §volts, source: { simulated: { start: 1 } } }",
                        "`volts` is not known; did you mean `volt`? Allowed are those that docs/boards.md lists"),
                sensor(
                        "a unit like no other",
                        "t: { unit: §parsec/fortnight, source: { simulated: { start: 1 } } }",
                        "`parsec/fortnight` is not known; allowed are those that docs/boards.md lists"),
                sensor(
                        "a scale too large",
                        "t: { unit: V, scale: §16, source: { simulated: { start: 1 } } }",
                        "-16..15"),
                sensor("a broken scale", "t: { unit: V, scale: §0.5, source: { simulated: { start: 1 } } }", "whole"),
                sensor(
                        "a value in another unit",
                        "t: { unit: V, source: { simulated: { start: §1 A } } }",
                        "`1 A`",
                        "sensor's unit, `V`"),
                sensor(
                        "a value in no unit",
                        "t: { unit: V, source: { simulated: { start: §1 Volt } } }",
                        "unknown unit `Volt`"),
                sensor(
                        "a value that is none",
                        "t: { unit: V, source: { simulated: { start: §high } } }",
                        "is not a value"),
                sensor(
                        "a value that the scale cannot say",
                        "t: { unit: V, scale: -1, source: { simulated: { start: §1.25 V } } }",
                        "whole number of 10^-1 V",
                        "smaller `scale`"),
                sensor(
                        "a value beyond all bounds",
                        "t: { unit: V, source: { simulated: { start: §9_000_000_000_000_000_000 } } }",
                        "2^60"),
                sensor(
                        "a start outside",
                        "t: { unit: V, source: { simulated: { start: §9, max: 8 } } }",
                        "9 is not between"),
                sensor(
                        "bounds upside down",
                        "t: { unit: V, source: { simulated: { start: 5, min: §10, max: 0 } } }",
                        "sensor `t`: `min` 10 is more than `max` 0"),
                sensor("a step back", "t: { unit: V, source: { simulated: { start: 9, step: §-1 } } }", "negative"),
                sensor(
                        "a movement without time",
                        "t: { unit: V, source: { simulated: { start: 9, every: §0 s } } }",
                        "more than 0"),
                sensor(
                        "a reading that takes too long",
                        "t: { unit: V, source: { simulated: { start: 9, takes: §1 s } } }",
                        "900 ms"),
                sensor(
                        "a factor of 0",
                        "t: { unit: V, source: { register: cru, bit: 0, multiply: §0 } }",
                        "must not be 0"),
                sensor("a divisor of 0", "t: { unit: V, source: { register: cru, bit: 0, divide: §0 } }", "at least 1"),
                sensor(
                        "a source that gives too much",
                        "t: { unit: V, §source: { register: cru, bits: 31..0, multiply: 2147483647 } }",
                        "beyond 2^60"),
                sensor(
                        "a register that is not there",
                        "t: { unit: V, source: { register: §crv, bit: 0 } }",
                        "no register window `crv`",
                        "did you mean `cru`?"),
                sensor("a source without bits", "t: { unit: V, §source: { register: cru } }", "lacks `bits` or `bit`"),
                sensor(
                        "a bit that is not there",
                        "t: { unit: V, source: { register: cru, bit: §32 } }",
                        "beyond the 32"),
                sensor(
                        "a source of two kinds",
                        "t: { unit: V, source: { §register: cru, simulated: { start: 1 } } }",
                        "unknown key `register`"),
                sensor(
                        "a range upside down",
                        "t: { unit: V, source: { register: cru, bit: 0 }, range: { min: §2, max: 1 } }",
                        "`min` 2 is more than `max` 1"),
                sensor(
                        "a negative resolution",
                        "t: { unit: V, source: { register: cru, bit: 0 }, resolution: §-1 }",
                        "`resolution`"),
                sensor(
                        "too many trip points",
                        "t: { unit: V, trip-points: §256, source: { register: cru, bit: 0 } }",
                        "largest is 255"),
                sensor(
                        "an interval of 0",
                        "t: { unit: V, intervals: [§0 s], source: { register: cru, bit: 0 } }",
                        "more than 0"),
                sensor(
                        "intervals in disorder",
                        "t: { unit: V, intervals: [1 s, §1 s], source: { register: cru, bit: 0 } }",
                        "shortest first"),
                sensor(
                        "no interval",
                        "t: { unit: V, intervals: §[], source: { register: cru, bit: 0 } }",
                        "0 intervals"),
                sensor(
                        "an interval with too many digits",
                        "t: { unit: V, intervals: [§65.537 ms], source: { register: cru, bit: 0 } }",
                        "65535"),
                sensor(
                        "an interval that is not offered",
                        "t: { unit: V, intervals: [1 s], interval: §2 s, source: { register: cru, bit: 0 } }",
                        "not one of its `intervals`"),
                sensor(
                        "intervals beside the steps",
                        "t: { unit: V, intervals: { min: 1 s, max: §2 s, step: 300 ms }, source: { register: cru, bit: 0 } }",
                        "whole number of steps"),
                sensor(
                        "an interval range that is empty",
                        "t: { unit: V, intervals: { min: 1 s, max: §1 s, step: 1 s }, source: { register: cru, bit: 0 } }",
                        "more than `min`"),
                sensor(
                        "a timestamp scale without timestamps",
                        "t: { unit: V, §timestamp-scale: -3, source: { register: cru, bit: 0 } }",
                        "`timestamps: true`"),
                sensor("a chip without a name", "t: { source: { §hwmon: { input: temp1 } } }", "lacks the key `chip`"),
                sensor("a chip without an input", "t: { source: { §hwmon: { chip: nvme } } }", "lacks the key `input`"),
                sensor(
                        "a chip as a word",
                        "t: { source: { hwmon: §nvme } }",
                        "must be a mapping with keys such as `chip` and `input`, not `nvme`"),
                sensor(
                        "a chip's setting",
                        "t: { source: { hwmon: { chip: nvme, input: §temp1_max } } }",
                        "`temp1_max` is not a value of a hwmon chip; write one of in, temp,"),
                sensor(
                        "a way out of the chip's folder",
                        "t: { source: { hwmon: { chip: nvme, input: §../temp1 } } }",
                        "not a value of a hwmon chip"),
                sensor(
                        "a temperature in volts",
                        "t: { unit: §V, source: { hwmon: { chip: nvme, input: temp1 } } }",
                        "`unit` of sensor `t`: `V` is not what its source measures, which is `°C`; write that, or leave"
                                + " `unit` out"),
                sensor(
                        "an axis of the host in the sensor's unit",
                        "t: { unit: §V, axes: { x: { source: { iio: { device: a, channel: in_accel_x } } } } }",
                        "`unit` of sensor `t`: `V`",
                        "`m/s²`"),
                sensor(
                        "a zone in kelvin",
                        "t: { unit: §K, source: { thermal-zone: cpu } }",
                        "is not what its source measures, which is `°C`"),
                sensor(
                        "an IIO device without a channel",
                        "t: { source: { §iio: { device: adc } } }",
                        "lacks the key `channel`"),
                sensor(
                        "a channel's file",
                        "t: { source: { iio: { device: adc, channel: §in_voltage0_raw } } }",
                        "`in_voltage0_raw` is a file; write the channel alone, `in_voltage0`"),
                sensor(
                        "a channel without a direction",
                        "t: { source: { iio: { device: adc, channel: §voltage0 } } }",
                        "`voltage0` is not an IIO channel; write what stands before `_raw` or `_input`"),
                sensor(
                        "a mistyped channel",
                        "t: { source: { iio: { device: adc, channel: §in_voltge0 } } }",
                        "`voltge` is no type of IIO channels that is known; did you mean `voltage`?"),
                sensor(
                        "a channel like no other",
                        "t: { source: { iio: { device: adc, channel: §in_smell } } }",
                        "`smell` is no type of IIO channels that is known; known are `voltage`"),
                sensor(
                        "a channel in degrees",
                        "t: { source: { iio: { device: adc, channel: §in_incli_x } } }",
                        "`incli` is measured in a unit that SCMI does not have"),
                sensor(
                        "a channel without a unit of its own",
                        "§t: { source: { iio: { device: adc, channel: in_intensity0 } } }",
                        "lacks the key `unit`"),
                sensor("a zone without a name", "t: { source: { thermal-zone: §'' } }", "it is empty"),
                sensor(
                        "two sources",
                        "t: { unit: °C, source: { thermal-zone: cpu, §register: cru } }",
                        "unknown key `register`"),
                sensor(
                        "a simulated movement that is wrong",
                        "t: { source: { thermal-zone: cpu, simulated: { start: §1 V } } }",
                        "`1 V`",
                        "sensor's unit, `°C`"),
                sensor(
                        "a wrong range of the host's",
                        "t: { source: { thermal-zone: cpu }, range: { min: §1 V, max: 9 } }",
                        "`1 V`",
                        "sensor's unit, `°C`"),
                sensor("no axes", "t: { unit: V, axes: §{} }", "0 axes"),
                sensor("an axis without a source", "t: { unit: V, axes: { §x: {} } }", "axis `x`", "`source`"),
                sensor(
                        "an axis without a unit",
                        "t: { axes: { §x: { source: { simulated: { start: 1 } } } } }",
                        "axis `x`",
                        "`unit`"),
                sensor(
                        "trip points of axes",
                        "t: { unit: V, axes: { x: { source: { simulated: { start: 1 } } } }, §trip-points: 1 }",
                        "only one of them"),
                sensor(
                        "a range of axes",
                        "t: { unit: V, axes: { x: { source: { simulated: { start: 1 } } } }, §range: { min: 0, max: 1 } }",
                        "only one of them"),

                // Windows
                board(
                        "a window without size",
                        "board: x\nregisters:\n  §w: { at: 0 }\nclocks: {}\n",
                        "`w` lacks the key `size`"),
                board(
                        "a window without address",
                        "board: x\nregisters:\n  §w: { size: 4 }\nclocks: {}\n",
                        "lacks the key `at`",
                        "devmem"),
                board(
                        "an odd width",
                        "board: x\nregisters:\n  w: { at: 0, size: 4, width: §24 }\nclocks: {}\n",
                        "`24`",
                        "`8`, `16`, `32` and `64`"),
                board(
                        "an odd size",
                        "board: x\nregisters:\n  w: { at: 0, size: §6 }\nclocks: {}\n",
                        "multiple",
                        "4 bytes"),
                board(
                        "an odd address",
                        "board: x\nregisters:\n  w: { at: §2, size: 8 }\nclocks: {}\n",
                        "multiple",
                        "4 bytes"),
                board("a huge window", "board: x\nregisters:\n  w: { at: 0, size: §1 GiB }\nclocks: {}\n", "256 MiB"),
                board(
                        "a window past the end",
                        "board: x\nregisters:\n  w: { at: 0xfffffffffffffff0, size: §32 }\nclocks: {}\n",
                        "largest address"),
                board(
                        "overlapping windows",
                        "board: x\nregisters:\n  w: { at: 0, size: 8 }\n  §v: { at: 4, size: 8 }\nclocks: {}\n",
                        "`v` overlaps `w`",
                        "line 3"),
                windows(
                        "simulated windows that overlap",
                        "w: { at: 0, size: 8, access: simulated }",
                        "§v: { at: 4, size: 8, access: simulated }",
                        "`v` overlaps `w` (line 3): both are at 0x4"),
                windows(
                        "overlapping windows that are reached in different ways",
                        "w: { at: 0x10, size: 8 }",
                        "§v: { at: 0x14, size: 4, access: 'file:v' }",
                        "`v` overlaps `w` (line 3): both are at 0x14"),
                windows(
                        "one file for windows at different addresses",
                        "w: { at: 0x10, size: 8, access: 'file:v' }",
                        "§v: { at: 0x20, size: 4, access: 'file:v' }",
                        "`v` overlaps `w` (line 3): both are at " + Path.of("v").toAbsolutePath()),
                board(
                        "an unknown access",
                        "board: x\nregisters:\n  w: { at: 0, size: 8, access: §mmap }\nclocks: {}\n",
                        "`mmap`",
                        "`devmem`",
                        "`uio:NAME`"),
                board(
                        "a QEMU without a socket",
                        "board: x\nregisters:\n  w: { at: 0, size: 8, access: §'qtest:' }\nclocks: {}\n",
                        "`qtest:`",
                        "`qtest:SOCKET`"),
                board(
                        "a QEMU that may take too long",
                        "board: x\nregisters: { w: { at: 0, size: 8, access: { qtest: s, timeout: §31 s } } }\nclocks: {}\n",
                        "`access` of register window `w`",
                        "`timeout: 31 s`",
                        "1 ms to 30 s"),
                board(
                        "an access with a time-out and without a QEMU",
                        "board: x\nregisters:\n  w: { at: 0, size: 8, §access: { timeout: 1 s } }\nclocks: {}\n",
                        "lacks the key `qtest`"),
                board(
                        "a window of a QEMU without address",
                        "board: x\nregisters:\n  §w: { size: 4, access: 'qtest:/s' }\nclocks: {}\n",
                        "lacks the key `at`",
                        "`access: qtest:`"),
                windows(
                        "windows of one QEMU that overlap",
                        "w: { at: 0x10, size: 8, access: 'qtest:s' }",
                        "§v: { at: 0x14, size: 4, access: 'qtest:s' }",
                        "`v` overlaps `w` (line 3): both are at 0x14"),
                board(
                        "an initial value outside",
                        "board: x\nregisters:\n  w: { at: 0, size: 8, initial: { §0x8: 1 } }\nclocks: {}\n",
                        "`0x8`",
                        "last register is at 0x4"),
                board(
                        "a misaligned initial value",
                        "board: x\nregisters:\n  w: { at: 0, size: 8, initial: { §0x2: 1 } }\nclocks: {}\n",
                        "`0x2`",
                        "4 bytes"),
                board(
                        "a wide initial value",
                        "board: x\nregisters:\n  w: { at: 0, size: 8, initial: { 0: §0x100000000 } }\nclocks: {}\n",
                        "0x100000000",
                        "32 bits"),
                board(
                        "the same offset twice",
                        "board: x\nregisters:\n  w: { at: 0, size: 8, initial: { 4: 1, §0x4: 1 } }\nclocks: {}\n",
                        "`0x4`",
                        "`4`"),
                // Rules of registers
                window("an unknown byte order", "endian: §middle", "`middle`", "`little` and `big`"),
                window("a key write without a value", "unlock: [§{ at: 4 }]", "lacks the key `value`"),
                window("a key write outside", "unlock: [{ at: §64, value: 1 }]", "0x40", "last register is at 0x3c"),
                window("a key that does not fit", "lock: [{ at: 4, value: §0x100000000 }]", "32 bits"),
                window("a key that is a word", "lock: [{ at: 4, value: §open }]", "`open`"),
                window("a rule of nothing", "rules: { §x: {} }", "does not say which registers", "`0x10..0x50/8`"),
                window("a rule of no step", "rules: { §0x0..0x8/0: {} }", "a step of 0"),
                window("a rule of an odd step", "rules: { §0x0..0x8/2: {} }", "step 2", "4 bytes"),
                window("a rule downwards", "rules: { §0x8..0x0: {} }", "higher offset first"),
                window("a rule of an odd register", "rules: { §0x2: {} }", "0x2", "4 bytes"),
                window("a rule outside", "rules: { §0x38..0x40: {} }", "0x40", "last register is at 0x3c"),
                window(
                        "two rules of one register",
                        "rules: { 0x0..0x8: {}, §0x8: {} }",
                        "0x8 has a rule already (line 3)"),
                window("set without clear", "rules: { 0x0: { §set: +4 } }", "`set` but lacks `clear`"),
                window(
                        "set and write-only",
                        "rules: { 0x0: { write-only: 0, §set: +4, clear: +8 } }",
                        "only one of them"),
                window("a neighbour outside", "rules: { 0x0: { read-at: §-4 } }", "-0x4", "outside the window"),
                window("a mask that does not fit", "rules: { 0x0: { write-zero: §0x100000000 } }", "32 bits"),
                window(
                        "a bit that is 0 and 1",
                        "rules: { 0x0: { write-zero: 3, write-one: §2 } }",
                        "0x2 in `write-zero` and in `write-one`"),
                window("a busy bit beyond", "rules: { 0x0: { busy: { bit: §32 } } }", "bit 32", "32 bits"),
                window("a busy bit nowhere", "rules: { 0x0: { §busy: {} } }", "lacks the key `bit`"),
                window(
                        "a wait that is too long",
                        "rules: { 0x0: { busy: { bit: 1, timeout: §1 ms } } }",
                        "1 us to 50 us",
                        "sequence"),
                window(
                        "a stop of a stop",
                        "rules: { §0x0: { stop: { at: 4, bit: 0 } }, 0x4: { stop: { at: 8, bit: 0 } } }",
                        "0x0",
                        "stops something else"),
                window(
                        "a commit of a commit",
                        "rules: { §0x0: { commit: { at: 4, bit: 0 } }, 0x4: { commit: { at: 8, bit: 0 } } }",
                        "0x0",
                        "whose own rule has a `commit`"),
                window(
                        "a pulse that is waited for",
                        "rules: { 0x0: { commit: { at: 4, bit: 0, pulse: true, §timeout: 5 us } } }",
                        "`pulse` and `timeout`",
                        "only one of them"),
                ruled(
                        "a field of flags",
                        "rules: { 0x0: { write-zero: 0x300 } }",
                        "a: { parent: osc, divider: { register: w, bits: §9..4, kind: linear } }",
                        "0x300",
                        "always writes as 0"),
                ruled(
                        "a field that is set and cleared",
                        "rules: { 0x0: { set: +4, clear: +8 } }",
                        "a: { parent: osc, divider: { register: w, bits: §1..0, kind: linear } }",
                        "2 bits",
                        "one bit only"),
                ruled(
                        "a field in a key register",
                        "unlock: [{ at: 8, value: 1 }]",
                        "a: { parent: osc, gate: { register: w+0x8, bit: §0 } }",
                        "`unlock` or `lock`"),
                board(
                        "a wide write key",
                        "board: x\nregisters:\n  w: { at: 0, size: 8, width: 16, write-key: §0x10000 }\nclocks: {}\n",
                        "`write-key`",
                        "16 bits"),

                // Clocks: sources
                clock("an unknown unit", "a: { fixed: §24 Mhz }", "`24 Mhz`", "did you mean `24 MHz`?"),
                clock("a fraction of a hertz", "a: { fixed: §1.5 Hz }", "`1.5 Hz`", "whole number of Hz"),
                clock("no number", "a: { fixed: §fast }", "`fast`", "24 MHz"),
                clock("an octal number", "a: { fixed: §010 }", "`010`", "octal"),
                clock("zero hertz", "a: { fixed: §0 }", "at least 1 Hz"),
                clock("no source", "§a: { rates: { max: 1 MHz } }", "clock `a`", "no source", "`fixed: RATE`"),
                clock("two sources", "a: { §fixed: 1 MHz, parent: osc }", "`fixed` and a parent", "remove one"),
                clock(
                        "parent and parents",
                        "a: { parent: osc, §parents: [pll] }",
                        "`parent` and `parents`",
                        "only one"),
                clock("an unknown parent", "a: { parent: §ocs }", "`ocs`", "did you mean `osc`?"),
                clock("an unlike parent", "a: { parent: §zzzzz }", "`zzzzz`", "known are `osc`, `pll` and `a`"),
                clock("its own parent", "a: { parent: §a }", "`a` is its own parent"),
                clock(
                        "a loop",
                        "a: { parent: §b }\n  b: { parent: c }\n  c: { parent: a }",
                        "loop",
                        "`a` -> `b` -> `c` -> `a`"),
                clock("several parents", "a: { §parents: [osc, pll] }", "2 parents", "no `mux`"),
                clock("no parents", "a: { parents: §[] }", "empty", "at least one"),
                clock("a parent twice", "a: { parents: [osc, §osc], mux: { register: cru, bit: 0 } }", "`osc` twice"),
                clock("a PLL without feedback", "a: { parent: osc, §pll: { post: [] } }", "lacks the key `feedback`"),
                pll("an unknown key of a PLL", "§multiply: 3", "`multiply` in `pll` of clock `a`"),
                pll(
                        "a follower of the feedback without values",
                        "with-feedback: { register: cru+8, bits: 3..0, values: §{} }",
                        "`values` of `with-feedback` of `pll` of clock `a` is empty"),
                pll(
                        "a follower's value that does not fit",
                        "with-feedback: [{ register: cru+8, bits: 3..0, values: { 1: 2, §13: 16 } }]",
                        "16 does not fit the field; the largest is 15"),
                pll("a lock without a register", "§lock: { bit: 0 }", "`lock` of `pll` of clock `a`", "`register`"),
                pll(
                        "a lock that may take no time",
                        "lock: { register: cru+8, bit: 0, timeout: §0 us }",
                        "`timeout` of `lock` of `pll` of clock `a` is 0",
                        "at least 1 us"),
                pll(
                        "a lock that may take for ever",
                        "lock: { register: cru+8, bit: 0, timeout: §11 s }",
                        "`timeout` of `lock` of `pll` of clock `a` is more than 10 s"),
                pll(
                        "a lock that says neither high nor low",
                        "lock: { register: cru+8, bit: 0, on: §maybe }",
                        "`maybe`",
                        "`high`"),
                clock(
                        "a ready bit that the register has not",
                        "a: { parent: osc, gate: { register: cru, bit: 3, ready: { register: cru, bit: §32 } } }",
                        "`ready` of `gate` of clock `a`"),
                clock(
                        "a status too narrow for the mux's values",
                        "a: { parents: [osc, pll], mux: { register: cru, bits: 9..8, values: [1, 2], §status: { register: cru,"
                                + " bit: 12 } } }",
                        "`status` of `mux` of clock `a`",
                        "value 2 does not fit",
                        "give `values`"),
                clock(
                        "a status with too few values",
                        "a: { parents: [osc, pll], mux: { register: cru, bit: 8, status: { register: cru, bit: 12, values:"
                                + " §[0] } } }",
                        "`values` of `status` of `mux` of clock `a` has 1 value for 2 parents"),
                clock(
                        "a PLL and a divider",
                        "a: { parent: osc, divider: { register: cru, bit: 9, kind: linear }, §pll: { feedback: "
                                + FEEDBACK + " } }",
                        "`divider` and `pll`",
                        "only one"),
                clock(
                        "a PLL without a parent",
                        "§a: { pll: { feedback: " + FEEDBACK + " } }",
                        "has no source",
                        "`parent: CLOCK`"),
                clock(
                        "a PLL of fixed rate",
                        "a: { fixed: 1 MHz, §pll: { feedback: " + FEEDBACK + " } }",
                        "`fixed` and `pll`",
                        "needs a parent"),
                clock(
                        "a PLL that would set its parent",
                        "a: { parent: osc, pll: { feedback: " + FEEDBACK + " }, §set-parent-rate: true }",
                        "as it is"),
                clock(
                        "feedback upside down",
                        "a: { parent: osc, pll: { feedback: { register: cru, bits: 7..0, kind: linear, min: §9, max: 8 } } }",
                        "`min` 9 is more than `max` 8"),
                clock(
                        "a feedback without a kind",
                        "a: { parent: osc, pll: { §feedback: { register: cru, bits: 7..0 } } }",
                        "`feedback` of `pll` of clock `a`",
                        "lacks the key `kind`"),
                clock(
                        "two fractions",
                        "a: { parent: osc, pll: { feedback: { register: cru, integer: 7..4, fraction: 3..0 },"
                                + " §fraction: { register: cru+4, bits: 3..0 } } }",
                        "has a fraction itself",
                        "remove one"),
                pll("a modulus of one", "fraction: { register: cru+4, bits: 3..0, modulus: §1 }", "`modulus`", "is 1"),
                pll(
                        "two moduli",
                        "fraction: { register: cru+4, bits: 3..0, modulus: 9, §modulus-register: { register: cru+8, bits:"
                                + " 3..0 } }",
                        "only one"),
                pll("a wide fraction", "fraction: { register: cru+4, bits: §24..0 }", "25 bits", "at most 24"),
                pll(
                        "many post dividers",
                        "post: §[{ register: cru+4, bit: 0, kind: linear }, { register: cru+4, bit: 1, kind: linear },"
                                + " { register: cru+4, bit: 2, kind: linear }]",
                        "3 dividers",
                        "at most 2",
                        "as clocks behind"),
                pll(
                        "many enable bits",
                        "enable: §[{ register: cru+4, bit: 0 }, { register: cru+4, bit: 1 }, { register: cru+4, bit: 2 },"
                                + " { register: cru+4, bit: 3 }, { register: cru+4, bit: 4 }]",
                        "5 bits",
                        "at most 4"),
                pll(
                        "an upside-down range of a PLL",
                        "vco: { min: §2 GHz, max: 1 GHz }",
                        "`min` 2 GHz is more than `max` 1 GHz"),
                pll("a PLL that cannot stop", "§while-changing: stop", "lacks `enable`"),
                pll(
                        "a PLL that cannot be bypassed",
                        "enable: { register: cru+4, bit: 0 }, §while-changing: bypass",
                        "lacks `bypass`"),
                pll("what a PLL cannot do", "while-changing: §hold", "`hold`", "`stop`, `bypass` and `run`"),
                clock(
                        "a PLL that cannot run",
                        "a: { parent: osc, §pll: { feedback: " + FEEDBACK + ", vco: { min: 24 GHz } } }",
                        "no setting keeps the loop within `input` and `vco`",
                        "24 MHz"),
                pll(
                        "a bit that the feedback has",
                        "enable: { register: cru, bit: §7 }",
                        "overlaps cru+0x0 bits 7..0",
                        "`feedback` of `pll` of clock `a`"),
                clock(
                        "limits that a PLL cannot meet",
                        "a: { parent: osc, pll: { feedback: " + FEEDBACK
                                + ", vco: { max: 1 GHz } }, §rates: { min: 2 GHz } }",
                        "no setting gives a rate of at least 2 GHz",
                        "between 24 MHz and 1 GHz"),
                clock("reparent without mux", "a: { parent: osc, §reparent: true }", "`reparent: true`", "no `mux`"),
                clock("no truth", "a: { parent: osc, reparent: §yes }", "`yes`", "`true` or `false`"),

                // Clocks: mux
                clock("a mux without parents", "a: { fixed: 1 MHz, §mux: { register: cru, bit: 0 } }", "no `parents`"),
                clock(
                        "a narrow mux",
                        "a: { parents: [osc, pll, b], §mux: { register: cru, bit: 0 } }\n  b: { fixed: 1 Hz }",
                        "1 bit",
                        "2 parents at most",
                        "there are 3"),
                clock(
                        "a further raw value of no parent",
                        "a: { parents: [osc, pll], mux: { register: cru, bits: 1..0, also: { §2: b } } }\n  b: { fixed: 1 Hz }",
                        "`also` of `mux`",
                        "`b`",
                        "none of its `parents`"),
                clock(
                        "a further raw value that a parent has",
                        "a: { parents: [osc, pll], mux: { register: cru, bits: 1..0, also: { §1: osc } } }",
                        "has 1, which `values` have already"),
                clock(
                        "a further raw value that does not fit",
                        "a: { parents: [osc, pll], mux: { register: cru, bits: 1..0, also: { §4: osc } } }",
                        "4 does not fit 2 bits",
                        "the largest is 3"),
                clock(
                        "too few values",
                        "a: { parents: [osc, pll], mux: { register: cru, bit: 0, values: §[1] } }",
                        "1 value for 2 parents"),
                clock(
                        "a value twice",
                        "a: { parents: [osc, pll], mux: { register: cru, bit: 0, values: [1, §1] } }",
                        "1 twice"),
                clock(
                        "a wide value",
                        "a: { parents: [osc, pll], mux: { register: cru, bit: 0, values: [1, §2] } }",
                        "2 does not fit 1 bit"),

                // Clocks: dividers
                clock(
                        "no kind",
                        "a: { parent: osc, §divider: { register: cru, bits: 3..0 } }",
                        "lacks the key `kind`",
                        "Instead of it `table` or `integer` can be given"),
                clock(
                        "a gate without bit",
                        "a: { parent: osc, §gate: { register: cru } }",
                        "lacks the key `bit`: The number of the bit that lets the clock run"),
                clock(
                        "an unknown kind",
                        "a: { parent: osc, divider: { register: cru, bits: 3..0, kind: §liner } }",
                        "`liner`",
                        "did you mean `linear`?"),
                clock(
                        "no bits",
                        "a: { parent: osc, §divider: { register: cru, kind: linear } }",
                        "lacks `bits`, `bit`"),
                clock(
                        "bits and bit",
                        "a: { parent: osc, divider: { register: cru, bits: 3..0, §bit: 3, kind: linear } }",
                        "`bits` and `bit`"),
                clock(
                        "reversed bits",
                        "a: { parent: osc, divider: { register: cru, bits: §0..3, kind: linear } }",
                        "`0..3`",
                        "write `3..0`"),
                clock(
                        "one number for bits",
                        "a: { parent: osc, divider: { register: cru, bits: §3, kind: linear } }",
                        "`bit: 3`"),
                clock(
                        "a divisor of 0",
                        "a: { parent: osc, divider: { register: cru, bits: 1..0, table: { 0: §0 } } }",
                        "table entry `0` of `divider` of clock `a`: `0`",
                        "at least 1"),
                clock(
                        "a wide raw value",
                        "a: { parent: osc, divider: { register: cru, bits: 1..0, table: { §4: 1 } } }",
                        "raw value 4",
                        "2 bits"),
                clock(
                        "an empty table",
                        "a: { parent: osc, divider: { register: cru, bits: 1..0, table: §{} } }",
                        "`table`",
                        "empty"),
                clock(
                        "a table without table",
                        "a: { parent: osc, divider: { register: cru, bits: 1..0, §kind: table } }",
                        "`kind: table`",
                        "lacks `table`"),
                clock(
                        "zero of a linear one",
                        "a: { parent: osc, divider: { register: cru, bits: 1..0, kind: linear, §zero: max } }",
                        "`zero`",
                        "only with `kind: one-based`"),
                clock(
                        "a least divisor without a fraction",
                        "a: { parent: osc, divider: { register: cru, bits: 7..4, kind: linear, §min: 2 } }",
                        "`min`",
                        "`integer`"),
                clock(
                        "a least divisor that does not fit",
                        "a: { parent: osc, divider: { register: cru, integer: 7..4, fraction: 3..0, min: §16 } }",
                        "`min`",
                        "the largest is 15"),
                clock(
                        "half a fraction",
                        "a: { parent: osc, divider: { register: cru, §integer: 7..4, kind: fractional } }",
                        "lacks `fraction`"),
                clock(
                        "a wide power",
                        "a: { parent: osc, divider: { register: cru, bits: §7..0, kind: power-of-two } }",
                        "8 bits",
                        "at most 5"),

                // Clocks: fields
                clock(
                        "an unknown window",
                        "a: { parent: osc, gate: { register: §cur+0x4, bit: 0 } }",
                        "`cur`",
                        "did you mean `cru`?"),
                clock("no register", "a: { parent: osc, gate: { register: §+0x4, bit: 0 } }", "`+0x4`", "cru+0x10"),
                clock(
                        "outside the window",
                        "a: { parent: osc, gate: { register: §cru+0x40, bit: 0 } }",
                        "0x40",
                        "last register is at 0x3c"),
                clock("misaligned", "a: { parent: osc, gate: { register: §cru+0x2, bit: 0 } }", "0x2", "4 bytes"),
                clock("a high bit", "a: { parent: osc, gate: { register: cru, bit: §32 } }", "bit 32", "32 bits"),
                clock(
                        "overlapping fields",
                        "a: { parent: osc, gate: { register: cru, bit: 3 } }\n  b: { parent: osc, divider: { register: cru, bits: §3..0, kind: linear } }",
                        "cru+0x0 bits 3..0 overlaps cru+0x0 bit 3",
                        "`gate` of clock `a`",
                        "line 9"),
                clock(
                        "overlap within a clock",
                        "a: { parent: osc, divider: { register: cru, integer: 7..4, fraction: §4..0 } }",
                        "overlaps",
                        "bits 7..4"),
                clock(
                        "a field in the mask",
                        "a: { parent: osc, gate: { register: rk, bit: §16 } }",
                        "write mask",
                        "bits 15..0"),
                clock(
                        "a field in the key",
                        "a: { parent: osc, gate: { register: bcm, bit: §25 } }",
                        "`write-key` 0x5a000000"),
                clock(
                        "an unknown level",
                        "a: { parent: osc, gate: { register: cru, bit: 0, enable: §hihg } }",
                        "`hihg`",
                        "did you mean `high`?"),

                // Clocks: rates
                clock(
                        "min above max",
                        "a: { parent: osc, rates: { min: §2 MHz, max: 1 MHz } }",
                        "`min` 2 MHz",
                        "`max` 1 MHz"),
                clock(
                        "fixed outside its limits",
                        "a: { fixed: 1 MHz, §rates: { min: 2 MHz } }",
                        "at least 2 MHz",
                        "always has 1 MHz"),
                clock(
                        "above all rates",
                        "a: { parent: osc, divider: { register: cru, bits: 3..0, kind: linear }, §rates: { min: 30 MHz, max: 40 MHz } }",
                        "from 30 MHz to 40 MHz",
                        "between 1.5 MHz and 24 MHz"),
                clock(
                        "between two rates",
                        "a: { parent: osc, divider: { register: cru, bits: 7..0, kind: linear }, §rates: { min: 13 MHz, max: 20 MHz } }",
                        "from 13 MHz to 20 MHz"),
                clock("a duration without unit", "a: { parent: osc, enable-delay: §50 }", "`50`", "unit", "`us`"),
                clock("a rate as a list", "a: { fixed: §[24 MHz] }", "single value", "a list"));
    }

    static Stream<Arguments> services() {
        return Stream.of(
                Arguments.of("no agents", "§board: demo\n", new String[] {"lacks the key `agents`"}),
                Arguments.of("empty agents", "board: demo\nagents: §{}\n", new String[] {"empty", "at least one"}),
                Arguments.of("no transport", "board: demo\nagents:\n  §linux: {}\n", new String[] {
                    "agent `linux`", "lacks the key `transport`"
                }),
                Arguments.of(
                        "an unknown transport",
                        "board: demo\nagents:\n  linux: { transport: §vhostuser }\n",
                        new String[] {"`vhostuser`", "did you mean `vhost-user`?"}),
                Arguments.of(
                        "a long name",
                        "board: demo\nagents:\n  §linux-on-the-left: { transport: socket }\n",
                        new String[] {"`linux-on-the-left`", "at most 15"}),
                Arguments.of(
                        "a name with a slash",
                        "board: demo\nagents:\n  §a/b: { transport: socket }\n",
                        new String[] {"`a/b`", "`/`"}),
                Arguments.of("an unknown clock", AGENT + "    clocks: [osc, §uart]\n", new String[] {
                    "`uart`", "did you mean `uart0`?"
                }),
                Arguments.of("a clock twice", AGENT + "    clocks: [osc, §osc: read]\n", new String[] {"`osc` twice"}),
                Arguments.of("an unknown permission", AGENT + "    clocks: [osc: §write]\n", new String[] {
                    "`write`", "`none`, `read`, `notify` and `control`"
                }),
                Arguments.of("two in one item", AGENT + "    clocks: [§{osc: read, bus: read}]\n", new String[] {
                    "item", "`name: PERMISSION`"
                }),
                Arguments.of("a part of control as a word", AGENT + "    clocks: [osc: §rate]\n", new String[] {
                    "`osc` of `clocks` of agent `linux`", "a part of control", "write `[rate]`"
                }),
                Arguments.of("no part of control", AGENT + "    clocks: [osc: §[]]\n", new String[] {
                    "lists nothing of control", "`read` or `notify`", "`state`, `rate` and `parent`"
                }),
                Arguments.of("an unknown part of control", AGENT + "    clocks: [osc: [rate, §stat]]\n", new String[] {
                    "`stat`", "did you mean `state`?", "`state`, `rate` and `parent`"
                }),
                Arguments.of(
                        "a part of control that another kind has",
                        AGENT + "    voltage-domains: [all: [level, §rate]]\n",
                        new String[] {"`rate` is not known", "`state` and `level`"}),
                Arguments.of("a part of control twice", AGENT + "    clocks: [osc: [rate, §rate]]\n", new String[] {
                    "`osc` of `clocks`", "lists `rate` twice"
                }),
                Arguments.of(
                        "a permission that parts of control include",
                        AGENT + "    clocks: [osc: [§read, rate]]\n",
                        new String[] {"lists `read`", "every such list includes", "remove it"}),
                Arguments.of(
                        "a permission beside parts of control",
                        AGENT + "    clocks: [osc: [state, §control]]\n",
                        new String[] {"lists `control`", "stands alone", "write `osc: control`"}),
                Arguments.of(
                        "a part of control that is no word",
                        AGENT + "    clocks: [osc: [state, §{ rate: 5 }]]\n",
                        new String[] {"`osc` of `clocks`", "must be"}),
                Arguments.of("clocks as a word", AGENT + "    clocks: §osc\n", new String[] {"`all`", "`osc`"}),
                Arguments.of("no list", TWO_AGENTS + "  §tools: { transport: socket }\n", new String[] {
                    "agent `tools` lists nothing", "each lists", "`clocks: all`"
                }),
                Arguments.of(
                        "one socket for two",
                        TWO_AGENTS + "  tools: { transport: socket, clocks: all, socket: §/run/scmid/./linux.sock }\n",
                        new String[] {"already that of agent `linux`", "its own"}),
                Arguments.of("a long socket", AGENT + "    socket: §/" + "x".repeat(107) + "\n", new String[] {
                    "108 bytes", "at most 107"
                }),
                Arguments.of(
                        "an odd socket mode", AGENT + "    socket-mode: §rw\n", new String[] {"`rw`", "octal", "0660"}),
                Arguments.of("an unknown mode", AGENT + "    mode: §listne\n", new String[] {
                    "`listne`", "did you mean `listen`?"
                }),
                Arguments.of(
                        "connect for a socket",
                        "board: demo\nagents: { a: { transport: socket, mode: §connect } }\n",
                        new String[] {"`connect`", "vhost-user"}),
                Arguments.of(
                        "grace for a socket",
                        "board: demo\nagents: { a: { transport: socket, §grace: 1 s } }\n",
                        new String[] {"`grace`", "`transport: vhost-user`"}),
                Arguments.of("grace without unit", AGENT + "    grace: §10\n", new String[] {"`10`", "unit", "`s`"}),
                Arguments.of("a device with nothing", AGENT + "devices:\n  §d: {}\n", new String[] {
                    "device `d` has nothing", "`clocks: [uart]`"
                }),
                Arguments.of(
                        "a device with an unknown clock",
                        AGENT + "devices: { d: { clocks: [§uart] } }\n",
                        new String[] {"`clocks` of device `d`", "no clock `uart`", "did you mean `uart0`?"}),
                Arguments.of(
                        "a device with a clock twice",
                        AGENT + "devices: { d: { clocks: [osc, §osc] } }\n",
                        new String[] {"`osc` twice"}),
                Arguments.of(
                        "trust that is a name", AGENT + "    trusted: §linux\n", new String[] {"`linux`", "`true`"}),
                Arguments.of("an open management", AGENT + "management: { listen: §0.0.0.0:8080 }\n", new String[] {
                    "`0.0.0.0:8080`", "loopback", "`127.0.0.1`"
                }),
                Arguments.of(
                        "no port", AGENT + "management: { listen: §127.0.0.1 }\n", new String[] {"`127.0.0.1`", "port"
                        }),
                Arguments.of(
                        "a port too high", AGENT + "management: { listen: §127.0.0.1:65536 }\n", new String[] {"65535"
                        }),
                Arguments.of("an unknown window", AGENT + "access: { §cur: simulated }\n", new String[] {
                    "`cur`", "did you mean `cru`?"
                }),
                Arguments.of(
                        "one file for two windows",
                        AGENT + "access: { cru: 'file:regs', pmu: §'file:regs' }\n",
                        new String[] {
                            "`pmu` (built-in:boards/demo.yaml:31:3) overlaps `cru` (built-in:boards/demo.yaml:10:3)",
                            "/services/regs"
                        }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("boards")
    void aBrokenBoardIsReportedAtItsPlace(String title, String file, String[] words) {
        Marked marked = new Marked(file);
        assertReported(assertThrows(ConfigException.class, marked::board), marked, words);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("services")
    void aBrokenServiceIsReportedAtItsPlace(String title, String file, String[] words) {
        Marked marked = new Marked(file);
        assertReported(assertThrows(ConfigException.class, marked::service), marked, words);
    }

    private static Arguments voltage(String title, String domain, String... words) {
        return Arguments.of(title, BOARD + "voltage-domains:\n  " + domain + "\n", words);
    }

    private static Arguments performance(String title, String domain, String... words) {
        return Arguments.of(title, BOARD + """
                          cpu:
                            parents: [osc, pll]
                            mux: { register: cru+0x30, bit: 0 }
                            reparent: true
                            rates: { max: 1 GHz }
                        voltage-domains:
                          vdd: { range: { min: 800 mV, max: 1 V, step: 100 mV }, level: { register: cru, bits: 3..0 } }
                        performance-domains:
                        """ + "  " + domain + "\n", words);
    }

    static Stream<Arguments> voltageDomains() {
        return Stream.of(
                voltage(
                        "an enable without bit",
                        "v: { levels: [1 V], §enable: { register: cru } }",
                        "lacks the key `bit`: The number of the bit that switches the supply on"),
                voltage("no levels", "§v: { settle: 1 ms }", "lacks `levels` or `range`"),
                voltage("a supply called all", "§all: { levels: [1 V] }", "`all`", "all voltage domains"),
                voltage("an empty list", "v: { levels: §[] }", "`levels`", "is empty"),
                voltage(
                        "levels out of order",
                        "v: { levels: [3.3 V, §1.8 V], level: { register: cru, bit: 0 } }",
                        "1.8 V comes after 3.3 V",
                        "the lowest first",
                        "`values`"),
                voltage("a level without unit", "v: { levels: [§3] }", "`3`", "unit", "`mV`"),
                voltage("a level between microvolts", "v: { levels: [§0.5 uV] }", "whole number of microvolts"),
                voltage("a level beyond 31 bits", "v: { levels: [§2148 V] }", "2147.483647 V"),
                voltage("levels without a field", "§v: { levels: [1 V, 2 V] }", "2 levels", "no `level`"),
                voltage(
                        "an unknown window",
                        "v: { levels: [1 V], level: { register: §cur, bit: 0 } }",
                        "`cur`",
                        "`cru`"),
                voltage(
                        "more levels than the field holds",
                        "v: { levels: [1 V, 2 V, 3 V], §level: { register: cru, bit: 0 } }",
                        "can hold 2 levels",
                        "has 3"),
                voltage(
                        "values of another count",
                        "v: { levels: [1 V, 2 V], level: { register: cru, bits: 3..0, values: §[1] } }",
                        "1 for 2 levels"),
                voltage(
                        "a value twice",
                        "v: { levels: [1 V, 2 V], level: { register: cru, bits: 3..0, values: [1, §1] } }",
                        "1 twice"),
                voltage(
                        "a value that does not fit",
                        "v: { levels: [1 V, 2 V], level: { register: cru, bit: 0, values: [0, §2] } }",
                        "2 does not fit",
                        "largest is 1"),
                voltage(
                        "start with a list",
                        "v: { levels: [1 V], level: { register: cru, bit: 0, §start: 1 } }",
                        "`start`",
                        "`values`"),
                voltage(
                        "values with a range",
                        "v: { range: { min: 1 V, max: 2 V, step: 1 V },"
                                + " level: { register: cru, bit: 0, §values: [0, 1] } }",
                        "`values`",
                        "`start`"),
                voltage(
                        "a range of nothing",
                        "v: { range: { min: 1 V, max: §1 V, step: 1 V }, level: { register: cru, bit: 0 } }",
                        "more than `min`",
                        "`levels: [1 V]`"),
                voltage(
                        "a range without steps",
                        "v: { range: { min: 1 V, max: 2 V, step: §0 }, level: { register: cru, bit: 0 } }",
                        "more than 0 V"),
                voltage(
                        "a range that does not end on a step",
                        "v: { range: { min: 1 V, max: §2 V, step: 300 mV }, level: { register: cru, bits: 3..0 } }",
                        "2 V is not a whole number of steps",
                        "1.9 V"),
                voltage(
                        "a range that the field does not hold",
                        "v: { range: { min: 1 V, max: 2 V, step: 100 mV },"
                                + " level: { register: cru, bits: §3..0, start: 6 } }",
                        "11 levels",
                        "raw value 16",
                        "15"),
                voltage(
                        "bits that a clock has",
                        "v: { levels: [1 V], enable: { register: cru, bit: 0 } }\n"
                                + "  w: { levels: [1 V], enable: { register: cru, bit: §0 } }",
                        "overlaps",
                        "voltage domain `v`"));
    }

    static Stream<Arguments> performanceDomains() {
        return Stream.of(
                performance("no clock", "§p: { levels: [{ frequency: 24 MHz }] }", "lacks the key `clock`"),
                performance("an unknown clock", "p: { clock: §cup, levels: [{ frequency: 1 MHz }] }", "`cup`", "`cpu`"),
                performance("no levels", "p: { clock: cpu, levels: §[] }", "is empty", "frequency"),
                performance("a level without frequency", "p: { clock: cpu, levels: [§{ level: 1 }] }", "`frequency`"),
                performance(
                        "level 0",
                        "p: { clock: cpu, levels: [{ level: §0, frequency: 24 MHz }] }",
                        "`level`",
                        "at least 1"),
                performance(
                        "a frequency that the clock's limits forbid",
                        "p: { clock: cpu, levels: [{ frequency: 24 MHz }, { frequency: §1.2 GHz }] }",
                        "1.2 GHz",
                        "outside the `rates` of clock `cpu`"),
                performance(
                        "a frequency that the clock cannot have",
                        "p: { clock: osc, levels: [{ frequency: §48 MHz }] }",
                        "48 MHz is no rate that clock `osc` can have"),
                performance(
                        "a frequency below a kilohertz",
                        "p: { clock: cpu, levels: [{ frequency: §100 Hz }] }",
                        "100 Hz",
                        "1 kHz"),
                performance(
                        "frequencies out of order",
                        "p: { clock: pll, levels: [{ frequency: 1.2 GHz }, { frequency: §1.2 GHz }] }",
                        "1.2 GHz comes after 1.2 GHz",
                        "the lowest first"),
                performance(
                        "a voltage without supply",
                        "p: { clock: cpu, levels: [{ frequency: 24 MHz, §voltage: 1 V }] }",
                        "`voltage`",
                        "no `voltage-domain`"),
                performance(
                        "a supply without voltage",
                        "p: { clock: cpu, voltage-domain: vdd, levels: [§{ frequency: 24 MHz }] }",
                        "lacks the key `voltage`",
                        "`vdd`"),
                performance(
                        "an unknown supply",
                        "p: { clock: cpu, voltage-domain: §vdf, levels: [{ frequency: 24 MHz, voltage: 1 V }] }",
                        "`vdf`",
                        "did you mean `vdd`?"),
                performance(
                        "a voltage that the supply cannot give",
                        "p: { clock: cpu, voltage-domain: vdd, levels: [{ frequency: 24 MHz, voltage: §950 mV }] }",
                        "950 mV is not a level of `vdd`",
                        "800 mV to 1 V"),
                performance(
                        "an unknown sustained level",
                        "p: { clock: cpu, sustained: §25 MHz, levels: [{ frequency: 24 MHz }] }",
                        "25 MHz",
                        "`24 MHz`"),
                performance(
                        "a long latency",
                        "p: { clock: cpu, levels: [{ frequency: 24 MHz, latency: §1 s }] }",
                        "`latency`",
                        "65535 us"),
                performance(
                        "a long rate limit",
                        "p: { clock: cpu, rate-limit: §2 s, levels: [{ frequency: 24 MHz }] }",
                        "`rate-limit`",
                        "1048575 us"),
                performance(
                        "a clock of two domains",
                        "p: { clock: cpu, levels: [{ frequency: 24 MHz }] }\n"
                                + "  q: { clock: §cpu, levels: [{ frequency: 24 MHz }] }",
                        "already set by performance domain `p`"));
    }

    static Stream<Arguments> sharing() {
        return Stream.of(
                Arguments.of("an unknown state", AGENT + "    system-power: { §shut-down: ignore }\n", new String[] {
                    "`shut-down`", "did you mean `shutdown`?"
                }),
                Arguments.of("an unknown action", AGENT + "    system-power: { shutdown: §ignroe }\n", new String[] {
                    "`ignroe`", "did you mean `ignore`?"
                }),
                Arguments.of(
                        "an empty command",
                        AGENT + "    system-power: { shutdown: { run: §[] } }\n",
                        new String[] {"empty `run`", "name the command"}),
                Arguments.of(
                        "a command line",
                        AGENT + "    system-power: { shutdown: { run: §systemctl poweroff } }\n",
                        new String[] {"must be a list", "`[systemctl poweroff]`"}),
                Arguments.of("an unknown policy", AGENT + "arbitration: { performance: §higest }\n", new String[] {
                    "`higest`", "did you mean `highest`?"
                }),
                Arguments.of(
                        "a policy of an unknown domain",
                        AGENT + "arbitration: { performance: { §cup: highest } }\n",
                        new String[] {"no performance domain `cup`", "`cpu`"}),
                Arguments.of("an unknown owner", AGENT + "arbitration: { voltage: { owner: §lniux } }\n", new String[] {
                    "no agent `lniux`", "did you mean `linux`?"
                }),
                Arguments.of(
                        "an owner without control",
                        AGENT + "    performance-domains: [cpu: read]\n"
                                + "arbitration: { performance: { cpu: { owner: §linux } } }\n",
                        new String[] {"agent `linux` has no control of `cpu`", "`performance-domains`"}),
                Arguments.of(
                        "an owner that may set limits only",
                        AGENT + "    performance-domains: [cpu: [limits]]\n"
                                + "arbitration: { performance: { cpu: { owner: §linux } } }\n",
                        new String[] {
                            "agent `linux` may not set the level of `cpu`", "add `level`", "`performance-domains`"
                        }),
                Arguments.of(
                        "an owner that may switch only",
                        AGENT + "    clocks: [osc: [state, parent]]\n"
                                + "arbitration: { clocks: { osc: { owner: §linux } } }\n",
                        new String[] {"agent `linux` may not set the rate of `osc`", "add `rate`", "`clocks`"}),
                Arguments.of(
                        "an owner of a supply that may switch only",
                        AGENT + "    voltage-domains: [vdd-sd: [state]]\n"
                                + "arbitration: { voltage: { vdd-sd: { owner: §linux } } }\n",
                        new String[] {"agent `linux` may not set the level of `vdd-sd`", "add `level`"}),
                Arguments.of(
                        "an owner of all clocks that may switch one only",
                        AGENT + "    clocks: [osc: [state, parent], bus]\n"
                                + "arbitration: { clocks: { owner: §linux } }\n",
                        new String[] {"agent `linux` may not set the rate of `osc`;", "add `rate`", "`clocks`"}),
                Arguments.of(
                        "an owner of all supplies that are given to others",
                        AGENT + "    voltage-domains: []\n"
                                + "  other: { transport: socket, voltage-domains: [vdd-sd: [level], vdd-cpu: [state]] }\n"
                                + "arbitration: { voltage: { owner: §linux } }\n",
                        new String[] {"agent `linux` has no control of `vdd-sd`; list it under `voltage-domains`"}),
                Arguments.of(
                        "an unknown kind of resource",
                        AGENT + "arbitration: { §performances: highest }\n",
                        new String[] {"`performances`", "did you mean `performance`?"}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("voltageDomains")
    void aBrokenVoltageDomainIsReportedAtItsPlace(String title, String file, String[] words) {
        aBrokenBoardIsReportedAtItsPlace(title, file, words);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("performanceDomains")
    void aBrokenPerformanceDomainIsReportedAtItsPlace(String title, String file, String[] words) {
        aBrokenBoardIsReportedAtItsPlace(title, file, words);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sharing")
    void aBrokenRuleOfSharingIsReportedAtItsPlace(String title, String file, String[] words) {
        aBrokenServiceIsReportedAtItsPlace(title, file, words);
    }

    private static Arguments templates(String title, String template, String clock, String... words) {
        return Arguments.of(
                title,
                BOARD.replace("clocks:", "templates:\n  " + template + "\nclocks:") + "  " + clock + "\n",
                words);
    }

    static Stream<Arguments> repeated() {
        String uart = "uart: { parent: osc, gate: { register: cru+$base, bit: $bit } }";
        return Stream.of(
                templates("templates that are a list", "§- a", "a: { fixed: 1 Hz }", "`templates`", "a mapping"),
                templates("a template that is nothing", "t: §5", "a: { fixed: 1 Hz }", "template `t`", "a mapping"),
                templates(
                        "a template of itself",
                        "t: { template: §t }",
                        "a: { template: t }",
                        "template `t` is made of itself: t uses t"),
                templates(
                        "templates of each other",
                        "t: { template: u }\n  u: { template: v }\n  v: { template: §u }",
                        "a: { template: t }",
                        "template `v` is made of itself: u uses v uses u"),
                templates(
                        "a template of an unknown one",
                        "t: { template: §u }",
                        "a: { template: t }",
                        "`template` of template `t`",
                        "no template `u`"),
                templates("a template of a list", "t: { template: §[u] }", "a: { template: t }", "a template's name"),
                templates(
                        "defaults that are a list",
                        "t: { defaults: §[1], fixed: $f }",
                        "a: { template: t, f: 1 Hz }",
                        "`defaults` of template `t`",
                        "a mapping"),
                templates(
                        "a default of no parameter",
                        "t: { defaults: { §fixd: 1 Hz }, fixed: $fixed }",
                        "a: { template: t, fixed: 1 Hz }",
                        "no parameter of it",
                        "did you mean `fixed`?"),
                templates(
                        "a default without parameters",
                        "t: { defaults: { §f: 1 Hz }, fixed: 1 Hz }",
                        "a: { template: t }",
                        "it has none"),
                templates(
                        "a default that is computed",
                        "t: { defaults: { f: §$g }, fixed: $f }",
                        "a: { template: t }",
                        "`f` of `defaults`",
                        "`$g`",
                        "`$$`"),
                templates(
                        "a default without value",
                        "t: { defaults: { §f: }, fixed: $f }",
                        "a: { template: t }",
                        "no value"),
                templates(
                        "a wrong default",
                        "t: { defaults: { f: §fast }, fixed: $f }",
                        "a: { template: t }",
                        "is not a rate",
                        "(template `t`, used in line"),
                templates(
                        "a lack of what a template below wants",
                        "u: { fixed: $f }\n  t: { template: u }",
                        "§a: { template: t }",
                        "clock `a` lacks `f`, which its template `t`"),
                templates("an unknown template", uart, "a: { template: §urat }", "`urat`", "did you mean `uart`?"),
                clock("no templates at all", "a: { template: §uart }", "`uart`", "under `templates`"),
                templates("a template that is a list", uart, "a: { template: §[uart] }", "`template` of clock `a`"),
                templates(
                        "a parameter that is not given",
                        uart,
                        "§a: { template: uart, base: 0 }",
                        "clock `a` lacks `bit`, which its template `uart` (line 7) has behind a `$`"),
                templates(
                        "a mistyped parameter",
                        uart,
                        "§a: { template: uart, bsae: 0, bit: 1 }",
                        "lacks `base`",
                        "is `bsae` meant for it?"),
                templates("a parameter without value", uart, "a: { template: uart, §base: , bit: 1 }", "no value"),
                templates(
                        "a key that a template's unit cannot have",
                        uart,
                        "a: { template: uart, base: 0, bit: 1, §gates: 1 }",
                        "unknown key `gates` in clock `a`"),
                templates(
                        "arithmetic that is none",
                        "t: { fixed: §$(1 + ) }",
                        "a: { template: t }",
                        "template `t`",
                        "no arithmetic at `)`"),
                templates(
                        "an open parenthesis", "t: { fixed: §$(1 }", "a: { template: t }", "no arithmetic at the end"),
                templates("a division", "t: { fixed: §$(4 / 2) }", "a: { template: t }", "no arithmetic at `/`", "`*`"),
                templates("a lone dollar sign", "t: { fixed: §1 $ }", "a: { template: t }", "`$$`"),
                templates(
                        "arithmetic with a word",
                        "t: { fixed: §$(n * 2) }",
                        "a: { template: t, n: fast }",
                        "clock `a`",
                        "`n` is `fast`, no whole number",
                        "(template `t`, used in line 11)"),
                templates(
                        "arithmetic beyond 64 bits",
                        "t: { fixed: §$(n * n) }",
                        "a: { template: t, n: 0x7fffffffffffffff }",
                        "does not fit 64 bits"),
                templates(
                        "a list within text",
                        "t: { parent: §x$n }",
                        "a: { template: t, n: [1] }",
                        "needs a single value, and `n` is a list"),
                clock("an unknown name in a range", "a{0..1}: { fixed: §$(j) }", "clock `a0`", "unknown name `j`"),
                clock("a range of one end", "§a{0..}: { fixed: 1 Hz }", "`a{0..}`", "the lowest and the highest"),
                clock("a range of letters", "§a{b..d}: { fixed: 1 Hz }", "the lowest and the highest"),
                clock("a range upside down", "§a{3..1}: { fixed: 1 Hz }", "write `{1..3}`"),
                clock("a range without end", "§a{0..99999999}: { fixed: 1 Hz }", "at most 65536"),
                clock(
                        "a unit that a range has too",
                        "a1: { fixed: 1 Hz }\n  §a{0..2}: { fixed: 2 Hz }",
                        "clock `a1` was already described in line 9",
                        "leave its number out"),
                clock("a placeholder outside of templates", "a: { fixed: §$(1) }", "is not a rate"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("repeated")
    void aBrokenTemplateOrRangeIsReportedAtItsPlace(String title, String file, String[] words) {
        Marked marked = new Marked(file);
        ConfigException thrown = assertThrows(ConfigException.class, marked::board);
        int times = file.contains("a{0..1}") ? 2 : 1; // each number has the mistake
        assertReported(thrown, times, marked, words);
    }

    private static void assertReported(ConfigException thrown, Marked marked, String[] words) {
        assertReported(thrown, 1, marked, words);
    }

    private static void assertReported(ConfigException thrown, int times, Marked marked, String[] words) {
        assertEquals(times, thrown.problems().size(), thrown::getMessage);
        Problem problem = thrown.problems().getFirst();
        if (!marked.places.isEmpty()) {
            assertEquals(marked.places.getFirst(), problem.place(), thrown::getMessage);
        }
        for (String word : words) {
            assertTrue(problem.message().contains(word), () -> "no " + word + " in: " + problem);
        }
        assertFalse(problem.message().contains("\n"), problem::toString);
    }

    @Test
    void allMistakesOfAFileAreReportedInTheirOrder() {
        Marked marked = new Marked("""
                board: test
                §colour: red
                registers:
                  cru: { at: 0, size: 64 B, width: §31 }
                  w: { at: 0x100, size: 64 B }
                clocks:
                  osc: { fixed: §24 Mhz }
                  a: { parent: §ocs }
                  b: { parent: osc, gate: { register: §w+0x41, bit: 0 } }
                  c: { parent: osc, gate: { register: cru, bit: 0 } }
                  d: { parent: §e }
                  e: { parent: d, rates: { min: §2 MHz, max: 1 MHz } }
                  §d: { fixed: 1 Hz }
                """);
        ConfigException thrown = assertThrows(ConfigException.class, marked::board);
        assertEquals(
                marked.places, thrown.problems().stream().map(Problem::place).toList(), thrown::getMessage);
        assertEquals(
                String.join(
                        "\n", thrown.problems().stream().map(Problem::toString).toList()),
                thrown.getMessage());
    }

    @Test
    void aFileThatIsNotUtf8IsReportedAtTheByte() {
        byte[] latin1 = "board: x\ndescription: B\u00fcro\n".getBytes(StandardCharsets.ISO_8859_1);
        Problem problem = assertThrows(ConfigException.class, () -> Marked.board(latin1))
                .problems()
                .getFirst();
        assertEquals(new Place("test.yaml", 2, 15), problem.place());
        assertTrue(problem.message().contains("0xfc") && problem.message().contains("UTF-8"), problem::toString);
    }

    @Test
    void aFileBeyondTheLimitIsRefused() {
        Problem problem = assertThrows(ConfigException.class, () -> Marked.board(new byte[YamlReader.MAX_BYTES + 1]))
                .problems()
                .getFirst();
        assertTrue(problem.message().contains("16 MiB"), problem::toString);
    }

    @Test
    void anAgentTooManyIsReported() {
        StringBuilder file = new StringBuilder("board: demo\nagents:\n");
        for (int i = 0; i < 256; i++) {
            file.append("  a").append(i).append(": { transport: socket, clocks: [] }\n");
        }
        ConfigException thrown = assertThrows(ConfigException.class, () -> new Marked(file.toString()).service());
        assertEquals(
                List.of(new Place("test.yaml", 258, 3)),
                thrown.problems().stream().map(Problem::place).toList());
        assertTrue(String.valueOf(thrown.getMessage()).contains("255"), thrown::getMessage);
    }
}
