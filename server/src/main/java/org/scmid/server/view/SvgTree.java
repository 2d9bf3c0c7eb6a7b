// The clock tree as a picture.
package org.scmid.server.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.scmid.server.core.ServiceSnapshot.ClockSnapshot;

/**
 * Draws boxes from left to right, roots first; full lines feed now, dashed ones could. What would be too tall for a screen
 * is drawn in columns: each begins with the clocks that feed what goes on there, in dotted boxes, and what a clock could
 * run from in another column stands beside it.
 */
final class SvgTree {
    private static final int ROW = 44;
    private static final int BOX_HEIGHT = 34;
    private static final int GAP = 70;
    private static final int CHARACTER = 8;
    private static final int MARGIN = 20;
    private static final int HEADING = 40;
    private static final int COLUMN_GAP = 40;

    /** A column has at least as many lines, if there are as many, and the picture grows to both sides alike. */
    private static final int LINES = 60;

    private static final double WIDER_THAN_TALL = 1.6;

    /** How many of the clocks above are drawn again where a column begins. */
    private static final int MOST_REPEATED = 6;

    private static final int LONGEST_NOTE = 40;

    /** A box: the row that it shows, its line in its column, and whether its clock is drawn in an earlier column. */
    private record Cell(int row, int line, boolean repeated) {}

    private final class Column {
        final List<Cell> cells = new ArrayList<>();
        final Map<String, Cell> byName = new HashMap<>();
        int left;

        void add(int row, boolean repeated) {
            Cell cell = new Cell(row, cells.size(), repeated);
            cells.add(cell);
            byName.put(rows.get(row).clock().name(), cell);
        }

        int shallowest() {
            return cells.stream()
                    .mapToInt(cell -> rows.get(cell.row).depth())
                    .min()
                    .orElse(0);
        }

        int boxesWidth() {
            int deepest = cells.stream()
                    .mapToInt(cell -> rows.get(cell.row).depth())
                    .max()
                    .orElse(0);
            return (deepest - shallowest() + 1) * (boxWidth + GAP) - GAP;
        }

        int width() {
            int notes = cells.stream()
                    .filter(cell -> !cell.repeated)
                    .mapToInt(cell -> {
                        int note = note(this, cell).length();
                        return note == 0 ? 0 : x(this, cell) - left + boxWidth + (note + 1) * CHARACTER;
                    })
                    .max()
                    .orElse(0);
            return Math.max(boxesWidth(), notes);
        }
    }

    private final List<TreeFormat.Row> rows;
    private final List<Column> columns = new ArrayList<>();
    private final Set<String> drawn = new HashSet<>();
    private final int boxWidth;

    SvgTree(List<ClockSnapshot> clocks) {
        rows = TreeFormat.rows(clocks);
        int longest = 0;
        int deepest = 0;
        for (TreeFormat.Row row : rows) {
            drawn.add(row.clock().name());
            longest = Math.max(longest, row.clock().name().length());
            longest = Math.max(longest, Rates.text(row.clock().rateHz()).length());
            deepest = Math.max(deepest, row.depth());
        }
        boxWidth = longest * CHARACTER + 2 * CHARACTER;
        double columnWidth = Math.min(deepest + 1, MOST_REPEATED) * (double) (boxWidth + GAP);
        int lines = Math.max(LINES, (int) Math.sqrt(rows.size() * columnWidth / ROW / WIDER_THAN_TALL));
        divide(lines);
        int left = MARGIN;
        for (Column column : columns) {
            column.left = left;
            left += column.width() + COLUMN_GAP;
        }
    }

    private void divide(int lines) {
        columns.add(new Column());
        for (int i = 0; i < rows.size(); i++) {
            if (columns.getLast().cells.size() >= lines) {
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
        Column last = columns.getLast();
        int width = last.left + last.width() + MARGIN;
        int lines =
                columns.stream().mapToInt(column -> column.cells.size()).max().orElse(0);
        int height = HEADING + lines * ROW + MARGIN;
        var out = new StringBuilder();
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                .formatted(width, height, width, height));
        out.append(" font-family=\"monospace\" font-size=\"13\">\n");
        out.append("  <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        out.append("  <text x=\"%d\" y=\"25\" font-size=\"16\" font-weight=\"bold\">%s</text>\n"
                .formatted(MARGIN, escaped(title)));
        for (Column column : columns) {
            for (Cell cell : column.cells) {
                lines(out, column, cell);
            }
        }
        for (Column column : columns) {
            for (Cell cell : column.cells) {
                box(out, column, cell);
            }
        }
        return out.append("</svg>\n").toString();
    }

    private void lines(StringBuilder out, Column column, Cell cell) {
        ClockSnapshot clock = rows.get(cell.row).clock();
        for (String parent : clock.parents()) {
            Cell from = column.byName.get(parent);
            boolean feeds = parent.equals(clock.parent());
            if (from != null && (feeds || !cell.repeated)) {
                line(out, column, from, cell, feeds);
            }
        }
    }

    private void line(StringBuilder out, Column column, Cell from, Cell to, boolean feeds) {
        int x1 = x(column, from) + boxWidth;
        int y1 = y(from) + BOX_HEIGHT / 2;
        int x2 = x(column, to);
        int y2 = y(to) + BOX_HEIGHT / 2;
        out.append("  <path d=\"M%d %d C%d %d %d %d %d %d\" fill=\"none\" stroke=\"%s\"%s/>\n"
                .formatted(
                        x1,
                        y1,
                        x1 + GAP / 2,
                        y1,
                        x2 - GAP / 2,
                        y2,
                        x2,
                        y2,
                        feeds ? "#333" : "#bbb",
                        feeds ? "" : " stroke-dasharray=\"4 3\""));
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
                .formatted(x + CHARACTER, y + 14, escaped(clock.name())));
        out.append("  <text x=\"%d\" y=\"%d\">%s%s</text>\n"
                .formatted(x + CHARACTER, y + 28, Rates.text(clock.rateHz()), clock.enabled() ? "" : " (off)"));
        String note = cell.repeated ? "" : note(column, cell);
        if (!note.isEmpty()) {
            out.append("  <text x=\"%d\" y=\"%d\" fill=\"#888\">%s</text>\n"
                    .formatted(x + boxWidth + CHARACTER, y + 21, escaped(note)));
        }
    }

    /** What a clock could run from that its column does not have, and so no line leads to it. */
    private String note(Column column, Cell cell) {
        ClockSnapshot clock = rows.get(cell.row).clock();
        List<String> elsewhere = clock.parents().stream()
                .filter(parent -> drawn.contains(parent)
                        && !column.byName.containsKey(parent)
                        && !Objects.equals(parent, clock.parent()))
                .toList();
        String feeding = clock.parent();
        boolean far = feeding != null && drawn.contains(feeding) && !column.byName.containsKey(feeding);
        if (elsewhere.isEmpty() && !far) {
            return "";
        }
        String note = (far ? "from " + feeding : "")
                + (far && !elsewhere.isEmpty() ? ", " : "")
                + (elsewhere.isEmpty() ? "" : "or from " + String.join(", ", elsewhere));
        return note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE) + "…";
    }

    private int x(Column column, Cell cell) {
        return column.left + (rows.get(cell.row).depth() - column.shallowest()) * (boxWidth + GAP);
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
