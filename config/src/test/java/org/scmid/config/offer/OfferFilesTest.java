// What is written of a platform's offer is read as the same offer, and what is wrong in such a file is said.
package org.scmid.config.offer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.config.document.Problems;

class OfferFilesTest {
    private static final int ROUNDS = 200;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit's
    Path folder;

    @Test
    void anOfferThatWasWrittenIsReadAsItWas() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Offer offer = randomOffer(random);
            String text = OfferFiles.text("mcu", offer);
            assertNotNull(text);
            Problems problems = new Problems();
            Offer read = read(text, problems);
            problems.throwIfAny();
            assertNotNull(read);
            assertEquals(offer, read, () -> "seed " + seed + ":\n" + text);
            assertEquals(text, OfferFiles.text("mcu", read), "the same offer has the same text");
        }
    }

    @Test
    void anOfferThatNoFileCanHoldIsNotWritten() {
        List<ClockOffer> clocks = new ArrayList<>();
        List<Long> rates = new ArrayList<>();
        for (long rate = 0; rate < 65_536; rate++) {
            rates.add(1_234_567_891L + rate);
        }
        for (int id = 0; id < 32; id++) {
            clocks.add(new ClockOffer(
                    id, "c" + id, new OfferedRates.Listed(rates), List.of(), 0, true, true, true, false, false));
        }
        assertEquals(
                null,
                OfferFiles.text(
                        "mcu", new Offer("", "", 0, clocks, List.of(), List.of(), List.of(), List.of(), List.of())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    clocks: { a: {} }                                      | clock `a` lacks the key `id`
                    clocks: { a: { id: 65535 } }                           | is too large
                    clocks: { a: { id: 1 }, b: { id: 1 } }                 | clock `b` has the id 1, which `a` has already
                    clocks: { a: { id: 0, rates: [2 Hz, 1 Hz] } }          | `rates` of clock `a` must ascend
                    clocks: { a: { id: 0, rates: [] } }                    | `rates` of clock `a` is empty
                    clocks: { a: { id: 0, rates: { lowest: 2, highest: 1 } } } | `lowest` is above `highest`
                    clocks: { a: { id: 0, rates: { lowest: 2, highest: 3, step: 0 } } } | a `step` is at least 1 Hz
                    clocks: { a: { id: 0, parents: [b] } }                 | there is no such clock in this file
                    clocks: { a: { id: 0, may: [fly] } }                   | `fly` is not known
                    clocks: { a: { id: 0, rate: 3 } }                      | did you mean `rates`?
                    sensors: { a: { id: 0 } }                              | `type`
                    sensors: { a: { id: 0, type: 2, scale: -17 } }         | is not a power of ten from -16 to 15
                    sensors: { a: { id: 0, type: 2, min: 3, max: 2 } }     | is above `max`
                    sensors: { a: { id: 0, axes: {} } }                    | a sensor has 1 to 63
                    sensors: { a: { id: 0, type: 2, max: 9223372036854775808 } } | is not within 64 bits
                    voltage-domains: { a: { id: 0, levels: [1 V], step: 1 mV } } | of a range the `levels` are two
                    voltage-domains: { a: { id: 0, levels: [1 V, 1 V] } }  | must ascend
                    performance-domains: { a: { id: 0, sustained: 1, levels: [{ level: 2 }] } } | is none of its levels
                    performance-domains: { a: { id: 0, sustained: 1, levels: [] } } | is empty
                    performance-domains: { a: { id: 0, sustained: 1, levels: [{ level: 1, frequency: 1 Hz }] } } | whole number of kHz
                    vendor: 0123456789abcdef                               | is too long
                    """)
    void aMistakeIsSaid(String line, String message) throws IOException {
        Problems problems = new Problems();
        read("upstream-offer: mcu\n" + line + "\n", problems);
        String said = said(problems);
        assertTrue(said.contains(message), said);
        assertTrue(said.startsWith(file() + ":"), said);
    }

    @Test
    void aFileAboutAnotherPlatformIsRefused() throws IOException {
        Problems problems = new Problems();
        read("upstream-offer: cpu\n", problems);
        assertTrue(said(problems).contains("is about the upstream `cpu`, and not about `mcu`"));
    }

    @Test
    void aFileThatIsNotThereIsAProblem() {
        Problems problems = new Problems();
        assertEquals(null, OfferFiles.read("mcu", file(), problems));
        assertTrue(said(problems).contains("there is no such file"));
    }

    @Test
    void ratesAreWrittenExactly() {
        assertEquals("33.333333 MHz", OfferWriter.rate(33_333_333));
        assertEquals("1.000000001 GHz", OfferWriter.rate(1_000_000_001));
        assertEquals("32.768 kHz", OfferWriter.rate(32_768));
        assertEquals("9223372036.854775807 GHz", OfferWriter.rate(Long.MAX_VALUE));
        assertEquals("0 Hz", OfferWriter.rate(0));
    }

    private static String said(Problems problems) {
        return String.valueOf(problems.exception().getMessage());
    }

    private Path file() {
        return OfferFiles.place(folder, "mcu");
    }

    private @Nullable Offer read(String text, Problems problems) throws IOException {
        Files.writeString(file(), text);
        return OfferFiles.read("mcu", file(), problems);
    }

    // ---- random offers ----

    private static Offer randomOffer(Random random) {
        List<ClockOffer> clocks = new ArrayList<>();
        List<String> names = names(random, 6);
        int id = 0;
        for (String name : names) {
            id += random.nextInt(3) + 1;
            clocks.add(new ClockOffer(
                    id,
                    name,
                    rates(random),
                    random.nextBoolean() ? List.of() : List.of(names.getFirst(), names.getLast()),
                    random.nextBoolean() ? 0 : Integer.toUnsignedLong(random.nextInt()),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean()));
        }
        List<PowerDomainOffer> domains = new ArrayList<>();
        for (String name : names(random, 4)) {
            domains.add(new PowerDomainOffer(domains.size(), name, random.nextBoolean(), random.nextBoolean()));
        }
        List<SensorOffer> sensors = new ArrayList<>();
        for (String name : names(random, 4)) {
            boolean hasAxes = random.nextBoolean();
            List<SensorOffer.Channel> channels = new ArrayList<>();
            for (String axis : hasAxes ? names(random, 4) : List.of(name)) {
                channels.add(channel(random, axis));
            }
            sensors.add(new SensorOffer(sensors.size(), name, hasAxes, channels, random.nextBoolean()));
        }
        List<ResetOffer> resets = new ArrayList<>();
        for (String name : names(random, 4)) {
            resets.add(new ResetOffer(
                    resets.size(),
                    name,
                    random.nextBoolean() ? 0xFFFF_FFFFL : Integer.toUnsignedLong(random.nextInt()),
                    random.nextBoolean()));
        }
        List<VoltageDomainOffer> supplies = new ArrayList<>();
        for (String name : names(random, 4)) {
            TreeSet<Integer> levels = new TreeSet<>();
            while (levels.size() < 2) {
                levels.add(Math.max(random.nextInt(), -Integer.MAX_VALUE));
            }
            supplies.add(new VoltageDomainOffer(
                    supplies.size(),
                    name,
                    List.copyOf(levels),
                    random.nextBoolean() ? 0 : 1 + random.nextInt(100_000),
                    random.nextBoolean()));
        }
        return new Offer(
                random.nextBoolean() ? "" : "a \"vendor\"",
                random.nextBoolean() ? "" : "b\\c",
                Integer.toUnsignedLong(random.nextInt()),
                clocks,
                domains,
                sensors,
                resets,
                supplies,
                performanceDomains(random));
    }

    private static List<PerformanceDomainOffer> performanceDomains(Random random) {
        List<PerformanceDomainOffer> domains = new ArrayList<>();
        for (String name : names(random, 4)) {
            TreeSet<Long> numbers = new TreeSet<>();
            while (numbers.size() < 3) {
                numbers.add(1 + Integer.toUnsignedLong(random.nextInt() - 1));
            }
            numbers.remove(1L << 32);
            List<PerformanceDomainOffer.Level> levels = numbers.stream()
                    .map(number -> new PerformanceDomainOffer.Level(
                            number,
                            random.nextBoolean() ? 0 : Integer.toUnsignedLong(random.nextInt()),
                            random.nextBoolean() ? 0 : Integer.toUnsignedLong(random.nextInt()),
                            random.nextInt(0x1_0000),
                            random.nextBoolean() ? 0 : Integer.toUnsignedLong(random.nextInt())))
                    .toList();
            domains.add(new PerformanceDomainOffer(
                    domains.size(),
                    name,
                    levels,
                    random.nextInt(levels.size()),
                    random.nextBoolean(),
                    random.nextInt(0x10_0000),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean()));
        }
        return domains;
    }

    private static @Nullable OfferedRates rates(Random random) {
        int kind = random.nextInt(3);
        if (kind == 0) {
            return null;
        }
        TreeSet<Long> rates = new TreeSet<>();
        int count = 2 + random.nextInt(40);
        while (rates.size() < count) {
            rates.add(random.nextLong() >>> (1 + random.nextInt(60)));
            count--;
        }
        return kind == 1
                ? new OfferedRates.Listed(List.copyOf(rates))
                : new OfferedRates.Range(rates.first(), rates.last(), 1 + random.nextInt(1_000_000));
    }

    private static SensorOffer.Channel channel(Random random, String name) {
        long one = random.nextLong();
        long other = random.nextBoolean() ? Long.MAX_VALUE : random.nextLong();
        return new SensorOffer.Channel(
                name,
                random.nextInt(256),
                random.nextInt(32) - 16,
                random.nextInt(1 << 27),
                random.nextInt(32) - 16,
                Math.min(one, other),
                Math.max(one, other));
    }

    /** Different names of characters that YAML has a meaning for. */
    private static List<String> names(Random random, int most) {
        TreeSet<String> names = new TreeSet<>();
        int count = 1 + random.nextInt(most);
        while (names.size() < count) {
            StringBuilder name = new StringBuilder();
            int length = 1 + random.nextInt(63);
            for (int i = 0; i < length; i++) {
                name.append((char) (' ' + 1 + random.nextInt('~' - ' ')));
            }
            names.add(name.toString());
        }
        return List.copyOf(names);
    }
}
