// What board files say about power domains and resets, and every mistake that they can make there.
package org.scmid.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problem;
import org.scmid.config.power.PowerDomainSpec;
import org.scmid.config.power.WhenInUse;
import org.scmid.config.register.FieldClaims;
import org.scmid.config.register.FieldValue;
import org.scmid.config.reset.ResetSpec;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.sequence.SequenceStep;

class PowerAndResetFilesTest {
    static final String BOARD = """
            board: example-board
            registers:
              cru: { at: 0xff440000, size: 4 KiB }
              pmu: { at: 0xff450000, size: 4 KiB, width: 64 }
            clocks:
              osc: { fixed: 24 MHz }
              gpu: { parent: osc }
            power-domains:
              soc-pd:
                switch: { register: cru+0x20, bit: 3 }
              gpu-pd:
                parent: soc-pd
                clocks: [gpu, osc]
                feeds: [gpu]
                when-in-use: wait
                switch: { register: cru+0x20, bit: 4, on: low, status: { register: cru+0x24, bit: 4, on: high }, timeout: 5 ms, settle: 20 us }
              dsp-pd:
                turn-on:
                  - write: { register: pmu+0x8, bits: 63..0, value: 0xffffffffffffffff }
                  - delay: 50 us
                  - poll:  { register: pmu+0x10, bit: 3, value: 1, timeout: 10 ms }
                turn-off:
                  - write: { register: pmu+0x8, bits: 3..0, value: 5 }
                  - poll:  { register: pmu+0x10, bit: 3, value: 0, timeout: 1 ms, interval: 10 us }
                state: { register: pmu+0x10, bits: 3..2, value: 2 }
            resets:
              uart0-rst: { register: cru+0x50, bit: 3, latency: 20 us }
              uart1-rst: { register: cru+0x50, bit: 4, assert: low, hold: 50 us, asynchronous: true }
              gpu-rst:   { register: cru+0x50, bit: 5, self-clearing: true, timeout: 1 ms }
              dsp-rst:
                on-assert:   [write: { register: cru+0x54, bit: 0, value: 1 }]
                on-deassert: [write: { register: cru+0x54, bit: 0, value: 0 }, delay: 5 us]
                state: { register: cru+0x58, bit: 0, asserted: low }
              all-at-once: { on-reset: [write: { register: cru+0x5c, bits: 7..0, value: 0xff }] }
            """;

    private static Board board() throws ConfigException {
        return new Marked(BOARD).board();
    }

    private static PowerDomainSpec domain(String name) throws ConfigException {
        PowerDomainSpec spec = board().powerDomains().get(name);
        assertNotNull(spec);
        return spec;
    }

    private static ResetSpec reset(String name) throws ConfigException {
        ResetSpec spec = board().resets().get(name);
        assertNotNull(spec);
        return spec;
    }

    /** Sequences as a line of text, without the places. */
    private static String text(List<SequenceStep> steps) {
        return String.join(
                ", ",
                steps.stream()
                        .map(step -> switch (step) {
                            case SequenceStep.Write write -> FieldClaims.shown(write.field()) + "=" + write.value();
                            case SequenceStep.Delay delay -> micros(delay.time());
                            case SequenceStep.Poll poll ->
                                FieldClaims.shown(poll.field()) + "?" + poll.value() + " within "
                                        + micros(poll.timeout()) + " each " + micros(poll.interval());
                        })
                        .toList());
    }

    private static String micros(Duration time) {
        return time.toNanos() / 1000 + " us";
    }

    private static String text(FieldValue value) {
        return FieldClaims.shown(value.field()) + "=" + value.value();
    }

    @Test
    void aSwitchWithoutStatusIsOneWriteAndSaysItselfWhetherItIsOn() throws ConfigException {
        PowerDomainSpec soc = domain("soc-pd");
        assertEquals("cru+0x20 bit 3=1", text(soc.turnOn()));
        assertEquals("cru+0x20 bit 3=0", text(soc.turnOff()));
        assertEquals("cru+0x20 bit 3=1", text(soc.on()));
        assertNull(soc.parent());
        assertEquals(WhenInUse.REFUSE, soc.whenInUse());
        assertEquals(List.of(), soc.clocks());
        assertEquals(List.of(), soc.feeds());
        assertEquals(new Place("test.yaml", 9, 3), soc.place());
    }

    @Test
    void aSwitchWithStatusIsPolledAndEachHasItsOwnLevel() throws ConfigException {
        PowerDomainSpec gpu = domain("gpu-pd");
        assertEquals("cru+0x20 bit 4=0, cru+0x24 bit 4?1 within 5000 us each 50 us, 20 us", text(gpu.turnOn()));
        assertEquals("cru+0x20 bit 4=1, cru+0x24 bit 4?0 within 5000 us each 50 us, 20 us", text(gpu.turnOff()));
        assertEquals("cru+0x24 bit 4=1", text(gpu.on()));
        assertEquals("soc-pd", gpu.parent());
        assertEquals(List.of("gpu", "osc"), gpu.clocks());
        assertEquals(List.of("gpu"), gpu.feeds());
        assertEquals(WhenInUse.WAIT, gpu.whenInUse());
    }

    @Test
    void sequencesAreReadStepByStep() throws ConfigException {
        PowerDomainSpec dsp = domain("dsp-pd");
        assertEquals("pmu+0x8 bits 63..0=-1, 50 us, pmu+0x10 bit 3?1 within 10000 us each 50 us", text(dsp.turnOn()));
        assertEquals("pmu+0x8 bits 3..0=5, pmu+0x10 bit 3?0 within 1000 us each 10 us", text(dsp.turnOff()));
        assertEquals("pmu+0x10 bits 3..2=2", text(dsp.on()));
    }

    @Test
    void aResetBitIsAssertedHeldAndReleased() throws ConfigException {
        ResetSpec uart0 = reset("uart0-rst");
        assertEquals("cru+0x50 bit 3=1", text(uart0.onAssert()));
        assertEquals("cru+0x50 bit 3=0", text(uart0.onDeassert()));
        assertEquals("cru+0x50 bit 3=1, 10 us, cru+0x50 bit 3=0", text(uart0.onReset()));
        assertEquals(20, uart0.latencyMicros());
        assertFalse(uart0.asynchronous());
        assertTrue(uart0.canBeHeld());
        ResetSpec uart1 = reset("uart1-rst");
        assertEquals("cru+0x50 bit 4=0, 50 us, cru+0x50 bit 4=1", text(uart1.onReset()));
        assertEquals(ResetSpec.LATENCY_UNKNOWN, uart1.latencyMicros());
        assertTrue(uart1.asynchronous());
        FieldValue asserted = uart1.asserted();
        assertNotNull(asserted);
        assertEquals("cru+0x50 bit 4=0", text(asserted));
    }

    @Test
    void aSelfClearingBitCannotBeHeld() throws ConfigException {
        ResetSpec gpu = reset("gpu-rst");
        assertFalse(gpu.canBeHeld());
        assertEquals("cru+0x50 bit 5=1, cru+0x50 bit 5?0 within 1000 us each 50 us", text(gpu.onReset()));
    }

    @Test
    void aResetMayHaveSequencesOfItsOwn() throws ConfigException {
        ResetSpec dsp = reset("dsp-rst");
        assertEquals("cru+0x54 bit 0=1, 10 us, cru+0x54 bit 0=0, 5 us", text(dsp.onReset()));
        FieldValue asserted = dsp.asserted();
        assertNotNull(asserted);
        assertEquals("cru+0x58 bit 0=0", text(asserted));
        ResetSpec whole = reset("all-at-once");
        assertFalse(whole.canBeHeld());
        assertEquals("cru+0x5c bits 7..0=255", text(whole.onReset()));
        assertNull(whole.asserted());
    }

    @Test
    void theBuiltInBoardHasPowerDomainsAndResets() throws ConfigException {
        Board demo = ConfigFiles.builtInBoard("demo");
        assertEquals(
                List.of("media-pd", "display-power-domain", "gpu-pd", "audio-pd"),
                List.copyOf(demo.names(ResourceKind.POWER_DOMAIN)));
        assertEquals(
                List.of("uart0-rst", "uart1-rst", "gpu-rst", "display-controller-reset"),
                List.copyOf(demo.names(ResourceKind.RESET)));
    }

    /** A board with room for power domains. */
    private static final String ROOM = """
            board: test
            registers:
              cru: { at: 0x1000, size: 64 B }
              rk: { at: 0x2000, size: 64 B, write-mask-shift: 16 }
            clocks:
              osc: { fixed: 24 MHz }
              gate: { parent: osc, gate: { register: cru+0x4, bit: 0 } }
            """;

    private static Arguments power(String title, String domains, String... words) {
        return Arguments.of(title, ROOM + "power-domains:\n  " + domains.replace("\n", "\n  ") + "\n", words);
    }

    private static Arguments reset(String title, String resets, String... words) {
        return Arguments.of(title, ROOM + "resets:\n  " + resets.replace("\n", "\n  ") + "\n", words);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                power("domains as a list", "§[a]", "must be a mapping"),
                power("a domain called all", "§all: { switch: { register: cru, bit: 0 } }", "`all`", "power domains"),
                power("an unknown key", "a: { §swich: {}, switch: { register: cru, bit: 0 } }", "`switch`"),
                power(
                        "no switch",
                        "§a: { parent: b }\nb: { switch: { register: cru, bit: 0 } }",
                        "`switch`",
                        "`turn-on`"),
                power(
                        "a switch and sequences",
                        "a: { switch: { register: cru, bit: 0 }, §turn-on: [delay: 1 us], turn-off: [delay: 1 us],"
                                + " state: { register: cru, bit: 1 } }",
                        "`switch` and `turn-on`",
                        "only one"),
                power(
                        "sequences without state",
                        "a: { §turn-on: [delay: 1 us], turn-off: [delay: 1 us] }",
                        "lacks `state`"),
                power(
                        "a switch with state",
                        "a: { switch: { register: cru, bit: 0 }, §state: { register: cru, bit: 1 } }",
                        "lacks `turn-on` and `turn-off`"),
                power(
                        "an unknown parent",
                        "a: { parent: §b, switch: { register: cru, bit: 0 } }",
                        "unknown parent `b`"),
                power("its own parent", "a: { parent: §a, switch: { register: cru, bit: 0 } }", "its own parent"),
                power(
                        "a loop",
                        "a: { parent: §b, switch: { register: cru, bit: 0 } }\n"
                                + "b: { parent: a, switch: { register: cru, bit: 1 } }",
                        "`a` -> `b` -> `a`"),
                power(
                        "an unknown clock",
                        "a: { clocks: [§gat], switch: { register: cru, bit: 0 } }",
                        "`clocks` of power domain `a`",
                        "no clock `gat`",
                        "did you mean `gate`?"),
                power(
                        "an unknown fed clock",
                        "a: { feeds: [§x], switch: { register: cru, bit: 0 } }",
                        "`feeds`",
                        "`x`"),
                power("a clock twice", "a: { clocks: [osc, §osc], switch: { register: cru, bit: 0 } }", "`osc` twice"),
                power(
                        "a clock in two domains",
                        "a: { feeds: [osc], switch: { register: cru, bit: 0 } }\n"
                                + "b: { feeds: §[osc], switch: { register: cru, bit: 1 } }",
                        "`osc`",
                        "`a` already"),
                power(
                        "a wrong word for use",
                        "a: { when-in-use: §never, switch: { register: cru, bit: 0 } }",
                        "`never`",
                        "`refuse` and `wait`"),
                power("a bit of a clock", "a: { switch: { register: cru+0x4, bit: §0 } }", "overlaps", "clock `gate`"),
                power(
                        "a bit of another domain",
                        "a: { switch: { register: cru, bit: 0 } }\n"
                                + "b: { turn-on: [write: { register: cru, bits: §1..0, value: 1 }], turn-off: [delay: 1 us],"
                                + " state: { register: cru, bit: 5 } }",
                        "overlaps",
                        "power domain `a`"),
                power("an unknown window", "a: { switch: { register: §cur, bit: 0 } }", "`cur`", "`cru`"),
                power(
                        "an unknown window of the status",
                        "a: { switch: { register: cru, bit: 0, status: { register: §pmu, bit: 0 } } }",
                        "no register window `pmu`"),
                power(
                        "a status of several bits",
                        "a: { switch: { register: cru, bit: 0, status: { register: cru, bit: 1, §bits: 1..0 } } }",
                        "unknown key `bits`"),
                power("a register outside", "a: { switch: { register: §cru+0x40, bit: 0 } }", "outside the window"),
                power("a bit outside", "a: { switch: { register: cru, bit: §32 } }", "beyond the 32 bits"),
                power("a bit of the write mask", "a: { switch: { register: rk, bit: §16 } }", "write mask"),
                power(
                        "a timeout without status",
                        "a: { switch: { register: cru, bit: 0, §timeout: 1 ms } }",
                        "`timeout` but no `status`",
                        "`settle`"),
                power(
                        "a timeout of 0",
                        "a: { switch: { register: cru, bit: 0, status: { register: cru, bit: 1 }, timeout: §0 } }",
                        "is 0",
                        "at least 1 us"),
                power(
                        "a timeout without unit",
                        "a: { switch: { register: cru, bit: 0, status: { register: cru, bit: 1 }, timeout: §5 } }",
                        "`5`",
                        "unit"),
                power(
                        "a timeout beyond all patience",
                        "a: { switch: { register: cru, bit: 0, status: { register: cru, bit: 1 }, timeout: §1 min } }",
                        "may take 60000 ms",
                        "10000"),
                power(
                        "a step of two kinds",
                        "a: { turn-on: [{ §delay: 1 us, write: { register: cru, bit: 0, value: 1 } }], turn-off: [delay: 1 us],"
                                + " state: { register: cru, bit: 5 } }",
                        "`write` and `delay`"),
                power(
                        "an empty sequence",
                        "a: { turn-on: §[], turn-off: [delay: 1 us], state: { register: cru, bit: 5 } }",
                        "`turn-on` of power domain `a` is empty"),
                power(
                        "a step of no kind",
                        "a: { turn-on: [§{}], turn-off: [delay: 1 us], state: { register: cru, bit: 5 } }",
                        "lacks `write`, `delay` or `poll`"),
                power(
                        "a value too large",
                        "a: { turn-on: [write: { register: cru, bits: 1..0, value: §4 }], turn-off: [delay: 1 us],"
                                + " state: { register: cru, bit: 5 } }",
                        "4 does not fit",
                        "the largest is 3"),
                power(
                        "a poll without timeout",
                        "a: { turn-on: [§poll: { register: cru, bit: 0, value: 1 }], turn-off: [delay: 1 us],"
                                + " state: { register: cru, bit: 5 } }",
                        "lacks the key `timeout`"),
                power(
                        "a poll of a value too large",
                        "a: { turn-on: [poll: { register: cru, bit: 0, value: §2, timeout: 1 ms }], turn-off: [delay: 1 us],"
                                + " state: { register: cru, bit: 5 } }",
                        "2 does not fit"),
                power(
                        "a poll without a pause",
                        "a: { turn-on: [poll: { register: cru, bit: 0, value: 1, timeout: 1 ms, interval: §0 }],"
                                + " turn-off: [delay: 1 us], state: { register: cru, bit: 5 } }",
                        "`interval`",
                        "is 0"),
                power(
                        "a delay of 0",
                        "a: { turn-on: [delay: §0], turn-off: [delay: 1 us], state: { register: cru, bit: 5 } }",
                        "`delay`",
                        "is 0"),
                power(
                        "steps beyond all patience",
                        "a: { turn-on: §[delay: 6 s, delay: 6 s], turn-off: [delay: 1 us],"
                                + " state: { register: cru, bit: 5 } }",
                        "may take 12000 ms"),
                power(
                        "a state with bits but no value",
                        "a: { turn-on: [delay: 1 us], turn-off: [delay: 1 us], state: { register: cru, §bits: 1..0 } }",
                        "lacks `value`"),
                power(
                        "a state with level and value",
                        "a: { turn-on: [delay: 1 us], turn-off: [delay: 1 us],"
                                + " state: { register: cru, bits: 1..0, on: high, §value: 1 } }",
                        "`on` and `value`"),
                reset("a reset called all", "§all: { register: cru, bit: 0 }", "`all`", "resets"),
                reset(
                        "neither bit nor sequence",
                        "§a: { latency: 1 us }",
                        "lacks the key `register`",
                        "Instead of it `on-assert` or `on-reset` can be given"),
                reset(
                        "a state without bit",
                        "a: { on-reset: [delay: 1 us], §state: { register: cru } }",
                        "lacks the key `bit`: The number of the bit that says whether it is asserted"),
                power(
                        "a switch without bit",
                        "a: { §switch: { register: cru } }",
                        "lacks the key `bit`: The number of the bit that switches the domain"),
                power(
                        "a status without bit",
                        "a: { switch: { register: cru, bit: 5, §status: { register: cru } } }",
                        "lacks the key `bit`: The number of the bit that says whether hardware has switched"),
                reset("a register without bit", "a: { §register: cru }", "lacks `bit`"),
                reset(
                        "a bit and sequences",
                        "a: { register: cru, bit: 0, §on-assert: [delay: 1 us], on-deassert: [delay: 1 us] }",
                        "`register` and `on-assert`"),
                reset("a bit of a clock", "a: { register: cru+0x4, bit: §0 }", "overlaps", "clock `gate`"),
                reset(
                        "a bit of another reset",
                        "a: { register: cru, bit: 0 }\nb: { register: cru, bit: §0 }",
                        "overlaps",
                        "reset `a`"),
                reset(
                        "assert without deassert",
                        "a: { §on-assert: [write: { register: cru, bit: 0, value: 1 }] }",
                        "lacks `on-deassert`"),
                reset(
                        "a level for sequences",
                        "a: { on-reset: [delay: 1 us], §assert: low }",
                        "`assert`",
                        "only with `register` and `bit`"),
                reset(
                        "a hold of a whole reset",
                        "a: { on-reset: [delay: 1 us], §hold: 1 us }",
                        "`hold` and `on-reset`"),
                reset(
                        "a hold of what clears itself",
                        "a: { register: cru, bit: 0, self-clearing: true, §hold: 1 us }",
                        "`self-clearing` and `hold`"),
                reset(
                        "a timeout for a plain bit",
                        "a: { register: cru, bit: 0, §timeout: 1 ms }",
                        "`self-clearing: true`"),
                reset("a hold of 0", "a: { register: cru, bit: 0, hold: §0 }", "is 0"),
                reset("a long latency", "a: { register: cru, bit: 0, latency: §120 min }", "4294967294"),
                reset("a wrong level", "a: { register: cru, bit: 0, assert: §up }", "`high` and `low`"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aMistakeIsReportedAtItsPlace(String title, String file, String[] words) {
        Marked marked = new Marked(file);
        ConfigException thrown = assertThrows(ConfigException.class, marked::board);
        assertEquals(1, thrown.problems().size(), thrown::getMessage);
        Problem problem = thrown.problems().getFirst();
        for (String word : words) {
            assertTrue(problem.message().contains(word), () -> "no " + word + " in: " + problem);
        }
        assertEquals(marked.places.getFirst(), problem.place(), thrown::getMessage);
    }
}
