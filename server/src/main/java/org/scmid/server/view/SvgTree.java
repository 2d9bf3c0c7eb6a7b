// The clock tree as a picture.
package org.scmid.server.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.scmid.server.service.ServiceSnapshot.ClockSnapshot;

/**
 * Draws a box for each clock, indented below the one that feeds it, with a line down from that; what a clock could run
 * from instead is written beside its box. No line runs through a box or a text, however many clocks there are.
 *
 * <p>What would be too tall for a screen is drawn in columns: each begins with the clocks that feed what goes on there, in
 * dotted boxes.
 */
final class SvgTree {
    private static final int ROW = 44;
    private static final int BOX_HEIGHT = 34;
    private static final int INDENT = 26;
    private static final int MARGIN = 20;
    private static final int HEADING = 56;
    private static final int COLUMN_GAP = 40;

    private static final int FONT = 13;
    private static final int SMALL_FONT = 11;
    private static final int TITLE_FONT = 16;

    /** What a column has if that is enough; more, if the picture would get too wide. */
    private static final int LINES = 32;

    private static final double WIDER_THAN_TALL = 1.6;

    /** How many of the clocks above are drawn again where a column begins. */
    private static final int MOST_REPEATED = 6;

    /** A note has two lines beside its box. */
    private static final int NOTE_LINES = 2;

    private static final int LONGEST_NOTE_LINE = 50;

    /** A box: the row that it shows, its line in its column, and whether its clock is drawn in an earlier column. */
    private record Cell(int row, int line, boolean repeated, List<String> note) {}

    private final class Column {
        final List<Cell> cells = new ArrayList<>();
        final Map<String, Cell> byName = new HashMap<>();
        /** How far down the line below a box goes already. */
        final Map<Cell, Integer> drawnTo = new HashMap<>();

        int left;
        int shallowest = Integer.MAX_VALUE;

        void add(int row, boolean repeated) {
            ClockSnapshot clock = rows.get(row).clock();
            Cell cell = new Cell(row, cells.size(), repeated, repeated ? List.of() : note(clock, byName));
            cells.add(cell);
            byName.put(clock.name(), cell);
            shallowest = Math.min(shallowest, depth(cell));
        }

        int width() {
            return cells.stream()
                    .mapToInt(cell -> (depth(cell) - shallowest) * INDENT + boxWidth + noteWidth(cell.note))
                    .max()
                    .orElse(0);
        }
    }

    private final List<TreeFormat.Row> rows;
    private final List<Column> columns = new ArrayList<>();
    private final int boxWidth;

    SvgTree(List<ClockSnapshot> clocks) {
        rows = TreeFormat.rows(clocks);
        int longest = 0;
        int deepest = 0;
        for (TreeFormat.Row row : rows) {
            longest = Math.max(longest, row.clock().name().length());
            longest = Math.max(longest, state(row.clock()).length());
            deepest = Math.max(deepest, row.depth());
        }
        boxWidth = textWidth(longest, FONT) + FONT;
        divide(parts(Math.min(deepest, MOST_REPEATED) * INDENT + boxWidth + COLUMN_GAP));
        int left = MARGIN;
        for (Column column : columns) {
            column.left = left;
            left += column.width() + COLUMN_GAP;
        }
    }

    /** In how many columns it is drawn, so that the picture grows to both sides alike. */
    private int parts(double columnWidth) {
        int most = Math.max(LINES, (int) Math.sqrt(rows.size() * columnWidth / ROW / WIDER_THAN_TALL));
        return Math.max(1, Math.ceilDiv(rows.size(), most));
    }

    /** Makes so many columns at most, as short as can be. */
    private void divide(int parts) {
        int lines = Math.ceilDiv(rows.size(), parts);
        divideByLines(lines);
        while (columns.size() > parts) {
            columns.clear();
            divideByLines(++lines);
        }
    }

    private void divideByLines(int lines) {
        columns.add(new Column());
        for (int i = 0; i < rows.size(); i++) {
            // A clock stays together with the first that it feeds.
            boolean feeds = i + 1 < rows.size() && rows.get(i + 1).above() == i;
            if (columns.getLast().cells.size() >= (feeds ? lines - 1 : lines)) {
                columns.add(new Column());
                above(i).forEach(row -> columns.getLast().add(row, true));
            }
            columns.getLast().add(i, false);
        }
    }

    /** The rows of what feeds a row's clock, the nearest last. */
    private Deque<Integer> above(int row) {
        Deque<Integer> above = new ArrayDeque<>();
        for (int at = rows.get(row).above();
                at >= 0 && above.size() < MOST_REPEATED;
                at = rows.get(at).above()) {
            above.addFirst(at);
        }
        return above;
    }

    String draw(String title) {
        String legend = "green runs, grey is off" + (columns.size() > 1 ? ", dotted is drawn further left" : "");
        Column last = columns.getLast();
        int width = last.left + last.width();
        width = Math.max(width, MARGIN + textWidth(title.length(), TITLE_FONT));
        width = Math.max(width, MARGIN + textWidth(legend.length(), SMALL_FONT)) + MARGIN;
        int lines =
                columns.stream().mapToInt(column -> column.cells.size()).max().orElse(0);
        int height = HEADING + lines * ROW + MARGIN;
        var out = new StringBuilder();
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                .formatted(width, height, width, height));
        out.append(" font-family=\"monospace\" font-size=\"%d\">\n".formatted(FONT));
        out.append("  <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        out.append("  <text x=\"%d\" y=\"25\" font-size=\"%d\" font-weight=\"bold\">%s</text>\n"
                .formatted(MARGIN, TITLE_FONT, escaped(title)));
        small(out, MARGIN, 42, legend);
        for (Column column : columns) {
            for (Cell cell : column.cells) {
                line(out, column, cell);
                box(out, column, cell);
            }
        }
        return out.append("</svg>\n").toString();
    }

    /** From below the box that feeds a cell's clock, or the one before it that this feeds, down and to the cell's box. */
    private void line(StringBuilder out, Column column, Cell cell) {
        int above = rows.get(cell.row).above();
        Cell from = above < 0 ? null : column.byName.get(rows.get(above).clock().name());
        if (from == null) {
            return;
        }
        int y = y(cell) + BOX_HEIGHT / 2;
        Integer drawnTo = column.drawnTo.put(from, y);
        out.append("  <path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#333\"/>\n"
                .formatted(
                        x(column, from) + INDENT / 2,
                        drawnTo == null ? y(from) + BOX_HEIGHT : drawnTo,
                        y,
                        x(column, cell)));
    }

    private void box(StringBuilder out, Column column, Cell cell) {
        ClockSnapshot clock = rows.get(cell.row).clock();
        int x = x(column, cell);
        int y = y(cell);
        out.append("  <rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"%s\" stroke=\"#333\"%s/>\n"
                .formatted(
                        x,
                        y,
                        boxWidth,
                        BOX_HEIGHT,
                        clock.enabled() ? "#e3f1e3" : "#eeeeee",
                        cell.repeated ? " stroke-dasharray=\"1 2\"" : ""));
        out.append("  <text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>\n"
                .formatted(x + FONT / 2, y + 14, escaped(clock.name())));
        out.append("  <text x=\"%d\" y=\"%d\">%s</text>\n".formatted(x + FONT / 2, y + 28, state(clock)));
        int baseline = cell.note.size() == 1 ? y + 21 : y + 14;
        for (String line : cell.note) {
            small(out, x + boxWidth + FONT / 2, baseline, line);
            baseline += 14;
        }
    }

    private static void small(StringBuilder out, int x, int y, String text) {
        out.append("  <text x=\"%d\" y=\"%d\" font-size=\"%d\" fill=\"#666\">%s</text>\n"
                .formatted(x, y, SMALL_FONT, escaped(text)));
    }

    private static String state(ClockSnapshot clock) {
        return Rates.text(clock.rateHz()) + (clock.enabled() ? "" : " (off)");
    }

    /** What a clock runs from that is not drawn above it, and what it could run from. */
    private static List<String> note(ClockSnapshot clock, Map<String, Cell> above) {
        String feeding = clock.parent();
        List<String> others = clock.parents().stream()
                .filter(parent -> !Objects.equals(parent, feeding))
                .toList();
        List<String> words = new ArrayList<>();
        if (feeding == null) {
            others.forEach(other -> words.add((words.isEmpty() ? "could run from " : "") + other));
        } else {
            if (!above.containsKey(feeding)) {
                words.add("from " + feeding);
            }
            int first = words.size();
            others.forEach(other -> words.add((words.size() == first ? "or from " : "") + other));
        }
        return wrapped(words);
    }

    /** Words with commas between them, in as many lines as there are; what is too much is counted. */
    private static List<String> wrapped(List<String> words) {
        List<String> lines = new ArrayList<>();
        var line = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i) + (i + 1 < words.size() ? "," : "");
            boolean full = !line.isEmpty() && line.length() + 1 + word.length() > LONGEST_NOTE_LINE;
            if (full && lines.size() + 1 == NOTE_LINES) {
                line.append(" and ").append(words.size() - i).append(" more");
                break;
            }
            if (full) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        if (!line.isEmpty()) {
            lines.add(line.toString());
        }
        return List.copyOf(lines);
    }

    private static int noteWidth(List<String> note) {
        int longest = note.stream().mapToInt(String::length).max().orElse(0);
        return longest == 0 ? 0 : textWidth(longest, SMALL_FONT) + FONT / 2;
    }

    /** Monospaced letters are 0.6 times as wide as they are high; a little more, for fonts that are wider. */
    private static int textWidth(int letters, int font) {
        return Math.ceilDiv(letters * font * 62, 100);
    }

    private int depth(Cell cell) {
        return rows.get(cell.row).depth();
    }

    private int x(Column column, Cell cell) {
        return column.left + (depth(cell) - column.shallowest) * INDENT;
    }

    private static int y(Cell cell) {
        return HEADING + cell.line * ROW;
    }

    private static String escaped(String text) {
        // XML 1.0 has no way to write most control characters.
        return text.replaceAll("[\\x00-\\x1f\\x7f]", "\ufffd")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
