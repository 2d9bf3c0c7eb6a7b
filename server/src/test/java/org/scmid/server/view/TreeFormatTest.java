// The drawings of a clock tree, in every format.
package org.scmid.server.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.config.ConfigFiles;
import org.scmid.server.service.ServiceSnapshot.ClockSnapshot;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class TreeFormatTest {
    private static final String NASTY = "a<b>&\"c'\\d\u0001]]>--";

    /** Two roots, a mux that has chosen, one that has none of its parents, and one that is off. */
    private static final List<ClockSnapshot> TREE = List.of(
            clock("osc", 24_000_000, true, null),
            clock("uart", 12_000_000, true, "pll", "osc", "pll"),
            clock("pll", 600_000_000, true, "osc", "osc"),
            clock("lost", 0, false, null, "osc", "slow"),
            clock("slow", 32_768, true, null),
            clock("watchdog", 32_768, false, "slow", "slow"));

    private static ClockSnapshot clock(
            String name, long rateHz, boolean enabled, @Nullable String parent, String... parents) {
        return new ClockSnapshot(name, List.of(parents), parent, rateHz, enabled, List.of());
    }

    /** A chain of clocks, each from the one before it. */
    private static List<ClockSnapshot> chain(int length) {
        List<ClockSnapshot> clocks = new ArrayList<>();
        clocks.add(clock("c0", 1, true, null));
        for (int i = 1; i < length; i++) {
            clocks.add(clock("c" + i, 1, true, "c" + (i - 1), "c" + (i - 1)));
        }
        return clocks;
    }

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    private static List<Element> elements(Document document, String name) {
        var found = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    @Test
    void textShowsEachClockBelowItsParentWithRateStateAndOtherParents() {
        assertEquals(
                """
                a board
                osc            24 MHz  on
                └─ pll        600 MHz  on
                   └─ uart     12 MHz  on  (or from osc)
                lost             0 Hz  off  (could run from osc, slow)
                slow       32.768 kHz  on
                └─ watchdog  32.768 kHz  off
                """.replaceAll(" +", " "), TreeFormat.TEXT.draw("a board", TREE).replaceAll(" +", " "));
    }

    @Test
    void textColumnsAreAligned() {
        List<String> lines = TreeFormat.TEXT
                .draw("t", TREE)
                .lines()
                .skip(1)
                .map(l -> l.replaceAll("  (on|off).*", ""))
                .toList();
        assertEquals(1, lines.stream().map(String::length).distinct().count(), lines::toString);
    }

    @Test
    void textBreaksWhatIsTooLongForATerminalBelowItsBeginning() {
        String[] parents = IntStream.range(0, 12).mapToObj(i -> "source-" + i).toArray(String[]::new);
        String drawn = TreeFormat.TEXT.draw(
                "t",
                List.of(
                        clock("source-0", 1, true, null),
                        clock("mux", 1, true, "source-0", parents),
                        clock("child", 1, false, "mux", "mux"),
                        clock("other", 1, true, "source-0", "source-0")));
        assertEquals("""
                t
                source-0     1 Hz  on
                ├─ mux       1 Hz  on  (or from source-1, source-2, source-3, source-4, source-5, source-6,
                │  │                    source-7, source-8, source-9, source-10, source-11)
                │  └─ child  1 Hz  off
                └─ other     1 Hz  on
                """, drawn);
    }

    @Test
    void textDrawsLinesPastBranchesThatGoOn() {
        List<ClockSnapshot> clocks = List.of(
                clock("a", 1, true, null),
                clock("b", 1, true, "a", "a"),
                clock("c", 1, true, "b", "b"),
                clock("d", 1, true, "a", "a"),
                clock("e", 1, true, "d", "d"));
        assertEquals(
                List.of("t", "a", "├─ b", "│  └─ c", "└─ d", "   └─ e"),
                TreeFormat.TEXT
                        .draw("t", clocks)
                        .lines()
                        .map(l -> l.replaceAll(" +1 Hz.*", ""))
                        .toList());
    }

    @Test
    void aTreeWithoutClocksIsOnlyItsTitle() throws Exception {
        assertEquals("t\n", TreeFormat.TEXT.draw("t", List.of()));
        assertEquals(new JsonArray(), new JsonArray(TreeFormat.JSON.draw("t", List.of())));
        xml(TreeFormat.SVG.draw("t", List.of()));
    }

    @Test
    void jsonHasTheKeysThatToolsRelyOn() {
        JsonArray clocks = new JsonArray(TreeFormat.JSON.draw("t", TREE));
        assertEquals(6, clocks.size());
        assertEquals(
                new JsonObject()
                        .put("name", "uart")
                        .put("parents", new JsonArray().add("osc").add("pll"))
                        .put("parent", "pll")
                        .put("rate_hz", 12_000_000)
                        .put("enabled", true),
                clocks.getJsonObject(1));
        JsonObject root = clocks.getJsonObject(0);
        assertTrue(root.containsKey("parent"));
        assertNull(root.getValue("parent"));
        assertEquals(new JsonArray(), root.getJsonArray("parents"));
    }

    @Test
    void ratesAbove32BitsAreWholeInJson() {
        String drawn = TreeFormat.JSON.draw("t", List.of(clock("x", 9_007_199_254_740_993L, true, null)));
        assertTrue(drawn.contains("9007199254740993"), drawn);
    }

    @Test
    void dotShowsSelectedAndPossibleEdges() {
        String dot = TreeFormat.DOT.draw("a board", TREE);
        assertTrue(dot.startsWith("digraph \"a board\" {\n"), dot);
        assertTrue(dot.endsWith("}\n"), dot);
        assertTrue(dot.contains("  \"uart\" [label=\"uart\\n12 MHz\"];\n"), dot);
        assertTrue(dot.contains("  \"lost\" [label=\"lost\\n0 Hz\", style=dotted];\n"), dot);
        assertTrue(dot.contains("  \"pll\" -> \"uart\";\n"), dot);
        assertTrue(dot.contains("  \"osc\" -> \"uart\" [style=dashed];\n"), dot);
        assertTrue(dot.contains("  \"slow\" -> \"lost\" [style=dashed];\n"), dot);
    }

    @Test
    void dotQuotesNames() {
        String dot = TreeFormat.DOT.draw("say \"hi\"", List.of(clock("back\\slash \"q\"", 1, true, null)));
        assertTrue(dot.contains("digraph \"say \\\"hi\\\"\""), dot);
        assertTrue(dot.contains("\"back\\\\slash \\\"q\\\"\""), dot);
    }

    @Test
    void svgHasABoxForEachClockALineToWhatFeedsItAndANoteOfWhatCould() throws Exception {
        Document svg = xml(TreeFormat.SVG.draw("a board", TREE));
        assertEquals("http://www.w3.org/2000/svg", svg.getDocumentElement().getAttribute("xmlns"));
        assertEquals(1 + TREE.size(), elements(svg, "rect").size());
        assertEquals(3, elements(svg, "path").size());
        List<String> texts =
                elements(svg, "text").stream().map(Element::getTextContent).toList();
        assertTrue(
                texts.containsAll(List.of("a board", "osc", "24 MHz", "watchdog", "32.768 kHz (off)")),
                texts::toString);
        assertTrue(texts.containsAll(List.of("or from osc", "could run from osc, slow")), texts::toString);
    }

    @Test
    void svgCountsThePossibleParentsThatItsTwoLinesHaveNoRoomFor() throws Exception {
        String[] parents = IntStream.range(0, 30).mapToObj(i -> "source-" + i).toArray(String[]::new);
        List<ClockSnapshot> clocks =
                List.of(clock("source-0", 1, true, null), clock("mux", 1, true, "source-0", parents));
        List<String> texts = elements(xml(TreeFormat.SVG.draw("t", clocks)), "text").stream()
                .map(Element::getTextContent)
                .toList();
        assertTrue(
                texts.containsAll(List.of(
                        "or from source-1, source-2, source-3, source-4,",
                        "source-5, source-6, source-7, source-8, source-9, and 20 more")),
                texts::toString);
    }

    @Test
    void svgOfThreeHundredClocksIsInColumnsThatBeginWithWhatFeedsThem() throws Exception {
        List<ClockSnapshot> clocks = new ArrayList<>();
        clocks.add(clock("osc", 24_000_000, true, null));
        clocks.add(clock("alt", 1_000_000, true, null));
        for (int bus = 0; bus < 3; bus++) {
            clocks.add(clock("bus" + bus, 24_000_000, true, "osc", "osc", "alt"));
            for (int i = 0; i < 99; i++) {
                clocks.add(clock("dev" + bus + "-" + i, 12_000_000, i % 2 == 0, "bus" + bus, "bus" + bus, "alt"));
            }
        }
        Document svg = xml(TreeFormat.SVG.draw("large", clocks));
        int width = Integer.parseInt(svg.getDocumentElement().getAttribute("width"));
        int height = Integer.parseInt(svg.getDocumentElement().getAttribute("height"));
        assertTrue(width < 5000 && height < 3000, () -> width + " x " + height);
        List<Element> boxes =
                elements(svg, "rect").subList(1, elements(svg, "rect").size());
        for (Element box : boxes) {
            int right = Integer.parseInt(box.getAttribute("x")) + Integer.parseInt(box.getAttribute("width"));
            int bottom = Integer.parseInt(box.getAttribute("y")) + Integer.parseInt(box.getAttribute("height"));
            assertTrue(right <= width && bottom <= height, () -> right + ", " + bottom);
        }
        assertEquals(
                clocks.size(),
                boxes.stream()
                        .filter(box -> box.getAttribute("stroke-dasharray").isEmpty())
                        .count());
        // Every clock but the roots has a line to what feeds it, in its own column.
        List<Element> feeding = elements(svg, "path");
        assertTrue(feeding.size() >= clocks.size() - 2, () -> feeding.size() + " lines");
        for (Element line : feeding) {
            String[] numbers = line.getAttribute("d").replaceAll("[MVH]", "").split(" ", -1);
            int length = Integer.parseInt(numbers[3]) - Integer.parseInt(numbers[0]);
            assertTrue(length < 100, () -> "a line over " + length);
        }
        assertTrue(elements(svg, "text").stream()
                .anyMatch(text -> text.getTextContent().equals("or from alt")));
    }

    @Test
    void svgStaysWithinItsOwnSize() throws Exception {
        Document svg = xml(TreeFormat.SVG.draw("t", TREE));
        int width = Integer.parseInt(svg.getDocumentElement().getAttribute("width"));
        int height = Integer.parseInt(svg.getDocumentElement().getAttribute("height"));
        for (Element box : elements(svg, "rect").subList(1, 1 + TREE.size())) {
            assertTrue(number(box, "x") + number(box, "width") <= width);
            assertTrue(number(box, "y") + number(box, "height") <= height);
        }
    }

    private static int number(Element element, String attribute) {
        return Integer.parseInt(element.getAttribute(attribute));
    }

    @Test
    void svgEscapesWhatXmlCannotHold() throws Exception {
        Document svg = xml(TreeFormat.SVG.draw(NASTY, List.of(clock(NASTY, 1, true, null))));
        assertEquals(
                NASTY.replace('\u0001', '\ufffd'),
                elements(svg, "text").getFirst().getTextContent());
    }

    @Test
    void clocksKeepTheOrderOfTheBoardFileUnderEachParent() {
        List<String> names =
                TreeFormat.rows(TREE).stream().map(row -> row.clock().name()).toList();
        assertEquals(List.of("osc", "pll", "uart", "lost", "slow", "watchdog"), names);
    }

    @Test
    void aParentThatIsNotShownMakesAClockARoot() {
        List<TreeFormat.Row> rows = TreeFormat.rows(List.of(clock("child", 1, true, "hidden", "hidden")));
        assertEquals(0, rows.getFirst().depth());
        assertEquals(-1, rows.getFirst().above());
    }

    @Test
    void aTreeThatIsDeeperThanTheStackIsDrawn() throws Exception {
        List<TreeFormat.Row> rows = TreeFormat.rows(chain(100_000));
        assertEquals(100_000, rows.size());
        assertEquals(99_999, rows.getLast().depth());
        assertTrue(TreeFormat.TEXT.draw("t", chain(1500)).lines().count() == 1501);
        assertEquals(10_000, new JsonArray(TreeFormat.JSON.draw("t", chain(10_000))).size());
        assertFalse(TreeFormat.DOT.draw("t", chain(10_000)).isEmpty());
        xml(TreeFormat.SVG.draw("t", chain(10_000)));
    }

    @Test
    void everyBuiltInBoardIsDrawnInEveryFormat() throws Exception {
        for (String board : ConfigFiles.builtInBoards()) {
            List<ClockSnapshot> clocks = SimulatedBoard.clocks(ConfigFiles.builtInBoard(board));
            for (TreeFormat format : TreeFormat.values()) {
                String drawn = format.draw(board, clocks);
                assertTrue(drawn.endsWith("\n"), board + " as " + format);
                clocks.forEach(clock -> assertTrue(drawn.contains(clock.name()), board + " as " + format));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 Hz",
        "1, 1 Hz",
        "999, 999 Hz",
        "1000, 1 kHz",
        "32768, 32.768 kHz",
        "999999, 999.999 kHz",
        "1000000, 1 MHz",
        "3428571, 3.428571 MHz",
        "999999999, 999.999999 MHz",
        "1000000000, 1 GHz",
        "1200000001, 1.200000001 GHz",
        "100000000000, 100 GHz",
        "9223372036854775807, 9223372036.854775807 GHz"
    })
    void ratesAreExactInTheLargestUnit(long hz, String text) {
        assertEquals(text, Rates.text(hz));
    }
}
