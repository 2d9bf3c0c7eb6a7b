// Quantities are read as people write them, exactly or not at all.
package org.scmid.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "24 MHz, 24000000",
        "24MHz, 24000000",
        "33.333 MHz, 33333000",
        "1.2 GHz, 1200000000",
        "32.768 kHz, 32768",
        "32768, 32768",
        "32_768 Hz, 32768",
        "0x10, 16",
        "0, 0"
    })
    void aRateIsReadExactly(String text, long hz) throws Malformed {
        assertEquals(hz, Units.rate(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MHz",
                "-1",
                "1.",
                ".5 MHz",
                "1..2",
                "1__0",
                "1_",
                "24 mhz",
                "1.5",
                "0.1 Hz",
                "010 Hz",
                "1e9",
                "9999999999 GHz",
                "24 MHz x"
            })
    void whatIsNoRateIsRefused(String text) {
        assertThrows(Malformed.class, () -> Units.rate(text));
    }

    @ParameterizedTest
    @CsvSource({"4 KiB, 4096", "4KB, 4000", "4 kB, 4000", "1 MiB, 1048576", "0x1000, 4096", "256 B, 256", "0.5 KiB, 512"
    })
    void aSizeIsReadExactly(String text, long bytes) throws Malformed {
        assertEquals(bytes, Units.size(text));
    }

    @ParameterizedTest
    @CsvSource({
        "64K, `64 KiB`",
        "64k, `64 KiB`",
        "64Ki, `64 KiB`",
        "2M, `2 MiB`",
        "1G, `1 GiB`",
        "64 kib, `64 KiB`",
        "64 b, `64 B`"
    })
    void aUnitWithoutItsEndIsCompleted(String text, String meant) {
        String said = String.valueOf(
                assertThrows(Malformed.class, () -> Units.size(text)).getMessage());
        assertTrue(said.contains("did you mean " + meant + "?"), said);
    }

    @ParameterizedTest
    @CsvSource({"24M, `24 MHz`", "32k, `32 kHz`", "1G, `1 GHz`", "24 mhz, `24 MHz`"})
    void aRatesUnitIsCompletedToo(String text, String meant) {
        String said = String.valueOf(
                assertThrows(Malformed.class, () -> Units.rate(text)).getMessage());
        assertTrue(said.contains("did you mean " + meant + "?"), said);
    }

    @Test
    void aDurationIsReadExactly() throws Malformed {
        assertEquals(Duration.ofNanos(50_000), Units.duration("50 us"));
        assertEquals(Duration.ofNanos(50_000), Units.duration("50 \u00b5s"));
        assertEquals(Duration.ofNanos(50_000), Units.duration("50\u03bcs"));
        assertEquals(Duration.ofMillis(1500), Units.duration("1.5 s"));
        assertEquals(Duration.ofMinutes(2), Units.duration("2 min"));
        assertEquals(Duration.ZERO, Units.duration("0"));
        assertThrows(Malformed.class, () -> Units.duration("10"));
        assertThrows(Malformed.class, () -> Units.duration("0.5 us"));
        assertThrows(Malformed.class, () -> Units.duration("9999999 min"));
    }

    @Test
    void aNumberMayUseAll64Bits() throws Malformed {
        assertEquals(-1L, Units.number("0xffffffffffffffff", -1L));
        assertThrows(Malformed.class, () -> Units.number("0x10000000000000000", -1L));
        assertThrows(Malformed.class, () -> Units.number("1 MHz", -1L));
    }

    @ParameterizedTest
    @CsvSource({
        "24000000, 24 MHz",
        "32768, 32.768 kHz",
        "1200000000, 1.2 GHz",
        "50, 50 Hz",
        "3428571, 3.428571 MHz",
        "0, 0 Hz"
    })
    void aRateIsShownForPeople(long hz, String text) {
        assertEquals(text, Units.showRate(hz));
    }

    @ParameterizedTest
    @CsvSource({"uart, uart, 0", "uart, uatr, 1", "linear, liner, 1", "parent, pa, 4", "'', abc, 3"})
    void theDistanceOfWordsCountsEdits(String a, String b, int distance) {
        assertEquals(distance, Similar.distance(a, b));
        assertEquals(distance, Similar.distance(b, a));
    }
}
