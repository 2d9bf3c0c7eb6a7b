// Whether people can read the drawings of the boards that are shipped, and of boards that are hard to draw.
package org.scmid.server.view;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.config.ConfigFiles;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.service.ServiceSnapshot.ClockSnapshot;

@Tag(Evidence.RANDOM)
class LegibilityTest {
    private static final int TERMINAL = 100;

    /** How many letters a line of text can be longer by, since it is broken at commas only. */
    private static final int LONGEST_NAME = 25;

    private static final int SMALLEST_FONT = 11;

    static Stream<Arguments> shipped() throws Exception {
        List<Arguments> boards = new ArrayList<>();
        for (String board : ConfigFiles.builtInBoards()) {
            boards.add(Arguments.of(board, SimulatedBoard.clocks(ConfigFiles.builtInBoard(board))));
        }
        return boards.stream();
    }

    static Stream<Arguments> shippedAndHard() throws Exception {
        return Stream.concat(
                shipped(),
                Stream.of(
                        Arguments.of("no clocks", List.of()),
                        Arguments.of("a title that is much longer than anything else is wide", List.of(root("a"))),
                        Arguments.of("long names", random(80, 63, new Random(1))),
                        Arguments.of("many", random(700, 12, new Random(2))),
                        Arguments.of("a deep chain", chain(200))));
    }

    private static ClockSnapshot root(String name) {
        return new ClockSnapshot(name, List.of(), null, 32_768, false, List.of());
    }

    private static List<ClockSnapshot> chain(int length) {
        List<ClockSnapshot> clocks = new ArrayList<>(List.of(root("c0")));
        for (int i = 1; i < length; i++) {
            clocks.add(new ClockSnapshot("c" + i, List.of("c" + (i - 1)), "c" + (i - 1), i, true, List.of()));
        }
        return clocks;
    }

    /** Clocks that have up to twelve possible parents, one of them or none selected. */
    private static List<ClockSnapshot> random(int count, int nameLength, Random random) {
        List<ClockSnapshot> clocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = ("n" + i + "-").concat("x".repeat(nameLength)).substring(0, 1 + random.nextInt(nameLength));
            name = i + name.substring(0, Math.min(name.length(), nameLength - 3));
            List<String> parents = new ArrayList<>();
            for (int parent = random.nextInt(13); parent > 0 && i > 0; parent--) {
                String one = clocks.get(random.nextInt(i)).name();
                if (!parents.contains(one)) {
                    parents.add(one);
                }
            }
            String feeding =
                    parents.isEmpty() || random.nextInt(8) == 0 ? null : parents.get(random.nextInt(parents.size()));
            clocks.add(new ClockSnapshot(
                    name, parents, feeding, random.nextLong(1_000_000_000_000L), random.nextBoolean(), List.of()));
        }
        return clocks;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shippedAndHard")
    void nothingInAPictureIsOutsideOfItOrUponSomethingElse(String title, List<ClockSnapshot> clocks) throws Exception {
        String svg = TreeFormat.SVG.draw(title, clocks);
        Drawing drawing = Drawing.of(svg);

        var page = new Drawing.Area("the picture", 0, 0, drawing.width(), drawing.height());
        Stream.of(drawing.boxes(), drawing.texts(), drawing.lines())
                .flatMap(List::stream)
                .forEach(area -> assertTrue(page.contains(area), () -> area + " is outside of the picture"));
        apart(drawing.boxes());
        apart(drawing.texts());
        for (Drawing.Area box : drawing.boxes()) {
            for (Drawing.Area text : drawing.texts()) {
                assertTrue(!box.overlaps(text) || box.contains(text), () -> text + " runs over the edge of " + box);
            }
            for (Drawing.Area line : drawing.lines()) {
                assertTrue(!box.overlaps(line), () -> line + " runs through " + box);
            }
        }
        for (Drawing.Area text : drawing.texts()) {
            for (Drawing.Area line : drawing.lines()) {
                assertTrue(!text.overlaps(line), () -> line + " runs through " + text);
            }
        }
        Stream.of(svg.split("font-size=\"", -1))
                .skip(1)
                .forEach(size -> assertTrue(Integer.parseInt(size.substring(0, size.indexOf('"'))) >= SMALLEST_FONT));
    }

    private static void apart(List<Drawing.Area> areas) {
        for (int i = 0; i < areas.size(); i++) {
            for (int j = 0; j < i; j++) {
                Drawing.Area one = areas.get(i);
                Drawing.Area other = areas.get(j);
                assertTrue(!one.overlaps(other), () -> one + " is upon " + other);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shipped")
    void aPictureOfAShippedBoardFitsOnAPageAndIsNoStrip(String title, List<ClockSnapshot> clocks) throws Exception {
        Drawing drawing = Drawing.of(TreeFormat.SVG.draw(title, clocks));
        assertTrue(drawing.width() < 3000 && drawing.height() < 2100, () -> drawing.width() + " x " + drawing.height());
        if (clocks.size() > 40) {
            double ratio = (double) drawing.width() / drawing.height();
            assertTrue(ratio > 0.4 && ratio < 2.5, () -> drawing.width() + " x " + drawing.height());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shipped")
    void theTextOfAShippedBoardFitsATerminal(String title, List<ClockSnapshot> clocks) {
        TreeFormat.TEXT
                .draw(title, clocks)
                .lines()
                .forEach(line -> assertTrue(line.length() <= TERMINAL, () -> line.length() + " letters: " + line));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shippedAndHard")
    void aLineOfTextIsNotMuchLongerThanATerminalUnlessItsNamesAre(String title, List<ClockSnapshot> clocks) {
        int longestName =
                clocks.stream().mapToInt(clock -> clock.name().length()).max().orElse(0);
        int deepest = TreeFormat.rows(clocks).stream()
                .mapToInt(TreeFormat.Row::depth)
                .max()
                .orElse(0);
        int most = Math.max(TERMINAL, title.length()) + 3 * deepest + 2 * longestName + LONGEST_NAME;
        TreeFormat.TEXT
                .draw(title, clocks)
                .lines()
                .forEach(line -> assertTrue(line.length() <= most, () -> line.length() + " letters: " + line));
    }

    /** A Pi 4's Linux listed these on the linux-kernel mailing list on 5 June 2020; it rounds at every step. */
    @Test
    void theRegistersOfAPi4GiveTheRatesThatItsLinuxListed() throws Exception {
        List<ClockSnapshot> clocks = SimulatedBoard.clocks(ConfigFiles.builtInBoard("raspberrypi-4"));
        for (var listed : Map.ofEntries(
                        Map.entry("plla", 2_999_999_988L),
                        Map.entry("pllb", 2_999_999_988L),
                        Map.entry("pllc", 3_000_000_091L),
                        Map.entry("plld", 2_999_999_988L),
                        Map.entry("plla_core", 499_999_998L),
                        Map.entry("pllb_arm", 599_999_998L),
                        Map.entry("pllc_core0", 1_000_000_031L),
                        Map.entry("pllc_core1", 11_718_751L),
                        Map.entry("pllc_per", 600_000_019L),
                        Map.entry("plld_core", 599_999_998L),
                        Map.entry("plld_per", 749_999_997L),
                        Map.entry("plld_dsi1", 11_718_750L),
                        Map.entry("vpu", 200_000_006L),
                        Map.entry("h264", 249_999_999L),
                        Map.entry("pwm", 9_999_999L),
                        Map.entry("uart", 47_999_999L),
                        Map.entry("emmc", 249_999_999L),
                        Map.entry("emmc2", 99_999_999L),
                        Map.entry("tsens", 3_375_000L),
                        Map.entry("otp", 13_500_000L),
                        Map.entry("timer", 1_000_000L))
                .entrySet()) {
            long rate = clocks.stream()
                    .filter(clock -> clock.name().equals(listed.getKey()))
                    .findFirst()
                    .orElseThrow()
                    .rateHz();
            assertTrue(Math.abs(rate - listed.getValue()) <= 1, () -> listed + " Hz, not " + rate);
        }
    }
}
