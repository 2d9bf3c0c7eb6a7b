// Whatever a file holds, it is read or refused, and in bounded time.
package org.scmid.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.scmid.config.assembly.TemplatesTest;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Problem;

public class RobustnessTest {
    /** More on demand: {@code -Dmutations=100000}. */
    private static final int MUTATIONS = Integer.getInteger("mutations", 4000);

    private static final String[] SPLICES = {
        "\t",
        "\n",
        "  ",
        "§",
        "&a ",
        "*a",
        "!t ",
        "<<: ",
        "---\n",
        "...\n",
        "[",
        "]",
        "{",
        "}",
        ":",
        "? ",
        "- ",
        "|\n",
        ">\n",
        "\"",
        "'",
        "\\",
        "%",
        "@",
        "#",
        "null",
        "~",
        "-1",
        "0x",
        "99999999999999999999",
        "1e9",
        "../..",
        "\0",
        "\ud83d\ude00",
        "\u2028",
        "all",
        "$",
        "$(",
        "{0..9}",
        "include: demo\n",
        "true",
        "GHz",
        "\r"
    };

    public static byte[] mutated(byte[] original, Random random) {
        byte[] file = original.clone();
        int edits = 1 + random.nextInt(4);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(file.length);
            int length = Math.min(file.length - at, random.nextInt(20));
            byte[] head = Arrays.copyOf(file, at);
            byte[] insert = switch (random.nextInt(5)) {
                case 0 -> new byte[] {(byte) random.nextInt(256)};
                case 1 -> new byte[0];
                case 2 -> {
                    int from = random.nextInt(file.length);
                    yield Arrays.copyOfRange(file, from, Math.min(file.length, from + random.nextInt(60)));
                }
                default -> SPLICES[random.nextInt(SPLICES.length)].getBytes(StandardCharsets.UTF_8);
            };
            byte[] tail = Arrays.copyOfRange(file, at + (random.nextBoolean() ? length : 0), file.length);
            file = concat(concat(head, insert), tail);
            if (file.length == 0) {
                return file;
            }
        }
        return file;
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void aMutatedFileIsReadOrRefusedInOurWords() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("RobustnessTest seed " + seed);
        Random random = new Random(seed);
        byte[] board = ExamplesTest.BOARD.getBytes(StandardCharsets.UTF_8);
        byte[] templates = TemplatesTest.USED.getBytes(StandardCharsets.UTF_8);
        byte[] service = ExamplesTest.SERVICE.getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] whole = random.nextInt(4) > 0 ? board : service;
            byte[] file = mutated(random.nextInt(4) > 0 ? whole : templates, random);
            try {
                Marked.board(file);
            } catch (ConfigException expected) {
                refused++;
                assertOurs(expected, file);
            } catch (RuntimeException e) {
                fail("seed " + seed + ": " + new String(file, StandardCharsets.UTF_8), e);
            }
            try {
                Marked.service(file);
            } catch (ConfigException expected) {
                assertOurs(expected, file);
            } catch (RuntimeException e) {
                fail("seed " + seed + ": " + new String(file, StandardCharsets.UTF_8), e);
            }
        }
        assertTrue(refused > MUTATIONS / 10, "too few mutations did harm");
    }

    public static void assertOurs(ConfigException thrown, byte[] file) {
        for (Problem problem : thrown.problems()) {
            String message = problem.message();
            boolean ours = !message.isBlank()
                    && !message.contains("\n")
                    && !message.contains("Exception")
                    && !message.contains("in reader")
                    && !message.contains("org.scmid")
                    && problem.place().line() > 0
                    && problem.place().column() > 0;
            assertTrue(ours, () -> problem + " of " + new String(file, StandardCharsets.UTF_8));
        }
    }

    /** Of this thread, so that a busy machine does not fail the test. */
    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static String large(int clocks, boolean chain) {
        StringBuilder file = new StringBuilder("board: large\nregisters:\n  w: { at: 0, size: 1 MiB }\nclocks:\n");
        file.append("  c0: { fixed: 24 MHz }\n");
        for (int i = 1; i < clocks; i++) {
            int parent = chain ? i - 1 : (i - 1) / 8;
            file.append("  c%d:\n    parents: [c%d, c0x]\n    mux: { register: w+%d, bit: 16 }\n"
                    .formatted(i, parent, 4 * i)
                    .replace("c0x", "c" + (parent == 0 ? "0x" : "0")));
            file.append("    divider: { register: w+%d, bits: 7..0, kind: linear }\n".formatted(4 * i));
            file.append("    gate: { register: w+%d, bit: 31 }\n".formatted(4 * i));
            file.append("    rates: { min: 1 kHz, max: 24 MHz }\n");
        }
        return file.toString().replace("clocks:\n", "clocks:\n  c0x: { fixed: 12 MHz }\n");
    }

    @Test
    void aBoardOfTenThousandClocksLoadsInUnderTwoSeconds() throws ConfigException {
        for (boolean chain : new boolean[] {true, false}) {
            byte[] file = large(10_000, chain).getBytes(StandardCharsets.UTF_8);
            long begin = processorTime();
            Board board = Marked.board(file);
            Duration took = Duration.ofNanos(processorTime() - begin);
            assertEquals(10_001, board.clocks().size());
            assertTrue(took.compareTo(Duration.ofSeconds(2)) < 0, () -> "it took " + took);
        }
    }

    @Test
    void tenThousandMistakesAreReportedInUnderTwoSeconds() {
        byte[] file = large(10_000, true).replace("[c", "[d").getBytes(StandardCharsets.UTF_8);
        long begin = processorTime();
        try {
            Marked.board(file);
            fail("unknown parents were not found");
        } catch (ConfigException e) {
            assertEquals(9_999, e.problems().size() + e.more());
        }
        Duration took = Duration.ofNanos(processorTime() - begin);
        assertTrue(took.compareTo(Duration.ofSeconds(2)) < 0, () -> "it took " + took);
    }
}
