// The clock tree as a picture.
package org.scmid.server.view;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.scmid.server.core.ServiceSnapshot.ClockSnapshot;

/** Draws boxes from left to right, roots first; full lines feed now, dashed ones could. */
final class SvgTree {
    private static final int ROW = 44;
    private static final int BOX_HEIGHT = 34;
    private static final int GAP = 70;
    private static final int CHARACTER = 8;
    private static final int MARGIN = 20;
    private static final int HEADING = 40;

    private final List<TreeFormat.Row> rows;
    private final Map<String, Integer> positions = new HashMap<>();
    private final int boxWidth;

    SvgTree(List<ClockSnapshot> clocks) {
        rows = TreeFormat.rows(clocks);
        int longest = 0;
        for (int i = 0; i < rows.size(); i++) {
            ClockSnapshot clock = rows.get(i).clock();
            positions.put(clock.name(), i);
            longest = Math.max(longest, clock.name().length());
            longest = Math.max(longest, Rates.text(clock.rateHz()).length());
        }
        boxWidth = longest * CHARACTER + 2 * CHARACTER;
    }

    String draw(String title) {
        int deepest = rows.stream().mapToInt(TreeFormat.Row::depth).max().orElse(0);
        int width = 2 * MARGIN + (deepest + 1) * boxWidth + deepest * GAP;
        int height = HEADING + rows.size() * ROW + MARGIN;
        var out = new StringBuilder();
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                .formatted(width, height, width, height));
        out.append(" font-family=\"monospace\" font-size=\"13\">\n");
        out.append("  <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        out.append("  <text x=\"%d\" y=\"25\" font-size=\"16\" font-weight=\"bold\">%s</text>\n"
                .formatted(MARGIN, escaped(title)));
        for (TreeFormat.Row row : rows) {
            for (String parent : row.clock().parents()) {
                line(out, parent, row.clock());
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            box(out, i);
        }
        return out.append("</svg>\n").toString();
    }

    private void line(StringBuilder out, String parent, ClockSnapshot child) {
        Integer from = positions.get(parent);
        Integer to = positions.get(child.name());
        if (from == null || to == null) {
            return;
        }
        int x1 = x(from) + boxWidth;
        int y1 = y(from) + BOX_HEIGHT / 2;
        int x2 = x(to);
        int y2 = y(to) + BOX_HEIGHT / 2;
        boolean feeds = parent.equals(child.parent());
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

    private void box(StringBuilder out, int index) {
        ClockSnapshot clock = rows.get(index).clock();
        int x = x(index);
        int y = y(index);
        out.append("  <rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"%s\" stroke=\"#333\"/>\n"
                .formatted(x, y, boxWidth, BOX_HEIGHT, clock.enabled() ? "#e3f1e3" : "#eeeeee"));
        out.append("  <text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>\n"
                .formatted(x + CHARACTER, y + 14, escaped(clock.name())));
        out.append("  <text x=\"%d\" y=\"%d\">%s%s</text>\n"
                .formatted(x + CHARACTER, y + 28, Rates.text(clock.rateHz()), clock.enabled() ? "" : " (off)"));
    }

    private int x(int index) {
        return MARGIN + rows.get(index).depth() * (boxWidth + GAP);
    }

    private static int y(int index) {
        return HEADING + index * ROW;
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
