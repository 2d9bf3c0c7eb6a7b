// The clock tree for a terminal.
package org.scmid.server.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.scmid.server.service.ServiceSnapshot.ClockSnapshot;

/**
 * Draws the tree with line characters: name, rate, state, and for a mux what else it could be fed from. That goes on in
 * further lines, below its beginning, where it would be longer than {@value #WIDTH} characters.
 */
final class TextTree {
    private static final int WIDTH = 100;
    private static final int SHORTEST_NOTE = 40;

    private final List<TreeFormat.Row> rows;

    TextTree(List<ClockSnapshot> clocks) {
        rows = TreeFormat.rows(clocks);
    }

    String draw(String title) {
        List<String> labels = new ArrayList<>();
        int labelWidth = 0;
        int rateWidth = 0;
        for (TreeFormat.Row row : rows) {
            String label = branch(row) + row.clock().name();
            labels.add(label);
            labelWidth = Math.max(labelWidth, label.length());
            rateWidth = Math.max(rateWidth, Rates.text(row.clock().rateHz()).length());
        }
        var out = new StringBuilder(title).append('\n');
        for (int i = 0; i < rows.size(); i++) {
            ClockSnapshot clock = rows.get(i).clock();
            String rate = Rates.text(clock.rateHz());
            String state = clock.enabled() ? "  on" : "  off";
            out.append(labels.get(i)).repeat(' ', labelWidth - labels.get(i).length() + 2);
            out.repeat(' ', rateWidth - rate.length()).append(rate).append(state);
            int noteAt = labelWidth + 2 + rateWidth + state.length() + 2;
            List<String> note = wrapped(alternatives(clock), Math.max(SHORTEST_NOTE, WIDTH - noteAt));
            for (int line = 0; line < note.size(); line++) {
                if (line == 0) {
                    out.append("  ").append(note.getFirst());
                } else {
                    String margin = margin(i);
                    out.append('\n').append(margin).repeat(' ', noteAt + 1 - margin.length());
                    out.append(note.get(line));
                }
            }
            out.append('\n');
        }
        return out.toString();
    }

    /** What stands left of a further line of a row: the tree's lines that go on. */
    private String margin(int row) {
        TreeFormat.Row at = rows.get(row);
        boolean feeds = row + 1 < rows.size() && rows.get(row + 1).above() == row;
        Deque<String> pieces = new ArrayDeque<>();
        pieces.push(feeds ? "│" : "");
        for (; at.above() >= 0; at = rows.get(at.above())) {
            pieces.push(at.last() ? "   " : "│  ");
        }
        return String.join("", pieces);
    }

    /** Breaks a text behind commas, if it is longer than a line. */
    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width) {
            int comma = rest.lastIndexOf(", ", width - 1);
            if (comma < 0) {
                comma = rest.indexOf(", ");
            }
            if (comma < 0) {
                break;
            }
            lines.add(rest.substring(0, comma + 1));
            rest = rest.substring(comma + 2);
        }
        if (!rest.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }

    /** The lines that lead to a row's clock; they are found from the clock to its root, so put together backwards. */
    private String branch(TreeFormat.Row row) {
        Deque<String> pieces = new ArrayDeque<>();
        TreeFormat.Row at = row;
        while (at.above() >= 0) {
            pieces.push(pieces.isEmpty() ? (at.last() ? "└─ " : "├─ ") : (at.last() ? "   " : "│  "));
            at = rows.get(at.above());
        }
        return String.join("", pieces);
    }

    private static String alternatives(ClockSnapshot clock) {
        List<String> others = clock.parents().stream()
                .filter(name -> !name.equals(clock.parent()))
                .toList();
        if (others.isEmpty()) {
            return "";
        }
        String possible = String.join(", ", others);
        return clock.parent() == null ? "(could run from " + possible + ")" : "(or from " + possible + ")";
    }
}
