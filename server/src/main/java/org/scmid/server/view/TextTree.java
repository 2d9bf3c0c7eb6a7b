// The clock tree for a terminal.
package org.scmid.server.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.scmid.server.core.ServiceSnapshot.ClockSnapshot;

/** Draws the tree with line characters: name, rate, state, and for a mux what else it could be fed from. */
final class TextTree {
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
            out.append(labels.get(i)).repeat(' ', labelWidth - labels.get(i).length() + 2);
            out.repeat(' ', rateWidth - rate.length()).append(rate);
            out.append(clock.enabled() ? "  on" : "  off")
                    .append(alternatives(clock))
                    .append('\n');
        }
        return out.toString();
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
        return clock.parent() == null
                ? "  (no parent selected; possible: " + possible + ")"
                : "  (or from " + possible + ")";
    }
}
