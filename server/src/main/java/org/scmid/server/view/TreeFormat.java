// The forms in which `scmid tree` draws a board's clocks.
package org.scmid.server.view;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.scmid.server.service.ServiceSnapshot.ClockSnapshot;

/** Draws clocks, each below the parent that feeds it now. */
public enum TreeFormat {
    /** An indented tree with rates, for a terminal. */
    TEXT {
        @Override
        public String draw(String title, List<ClockSnapshot> clocks) {
            return new TextTree(clocks).draw(title);
        }
    },
    /** A Graphviz digraph; edges that are possible but not selected are dashed. */
    DOT {
        @Override
        public String draw(String title, List<ClockSnapshot> clocks) {
            var out = new StringBuilder("digraph " + quoted(title) + " {\n  rankdir=LR;\n  node [shape=box];\n");
            for (ClockSnapshot clock : clocks) {
                out.append("  ").append(quoted(clock.name())).append(" [label=");
                out.append(quoted(clock.name() + "\n" + Rates.text(clock.rateHz())));
                out.append(clock.enabled() ? "];\n" : ", style=dotted];\n");
            }
            for (ClockSnapshot clock : clocks) {
                for (String parent : clock.parents()) {
                    out.append("  ").append(quoted(parent)).append(" -> ").append(quoted(clock.name()));
                    out.append(parent.equals(clock.parent()) ? ";\n" : " [style=dashed];\n");
                }
            }
            return out.append("}\n").toString();
        }
    },
    /** An array of {@code {name, parents, parent, rate_hz, enabled}}. */
    JSON {
        @Override
        public String draw(String title, List<ClockSnapshot> clocks) {
            return json(clocks).encodePrettily() + "\n";
        }
    },
    /** A picture for a browser or a document. */
    SVG {
        @Override
        public String draw(String title, List<ClockSnapshot> clocks) {
            return new SvgTree(clocks).draw(title);
        }
    };

    /**
     * The whole drawing, ending with a line feed.
     *
     * @param title the board's name
     * @param clocks in the board file's order
     */
    public abstract String draw(String title, List<ClockSnapshot> clocks);

    /** The clocks as JSON: an array of {@code {name, parents, parent, rate_hz, enabled}}. */
    public static JsonArray json(List<ClockSnapshot> clocks) {
        var array = new JsonArray();
        for (ClockSnapshot clock : clocks) {
            array.add(json(clock));
        }
        return array;
    }

    /** One clock as JSON; {@code parent} is null for a root. */
    public static JsonObject json(ClockSnapshot clock) {
        return new JsonObject()
                .put("name", clock.name())
                .put("parents", new JsonArray(clock.parents()))
                .put("parent", clock.parent())
                .put("rate_hz", clock.rateHz())
                .put("enabled", clock.enabled());
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * A clock's place in a drawing.
     *
     * @param clock the clock
     * @param depth how many clocks are above it
     * @param above the row of the clock that feeds it, -1 for a root
     * @param last whether no other clock that the same parent feeds follows
     */
    record Row(ClockSnapshot clock, int depth, int above, boolean last) {}

    /** All clocks in drawing order: every root, followed by what it feeds, children in the board file's order. */
    static List<Row> rows(List<ClockSnapshot> clocks) {
        Map<String, List<ClockSnapshot>> children = new HashMap<>();
        Set<String> names = new HashSet<>();
        clocks.forEach(clock -> names.add(clock.name()));
        // A stack of our own: a tree may be deeper than the thread's.
        Deque<Row> next = new ArrayDeque<>();
        for (ClockSnapshot clock : clocks.reversed()) {
            if (clock.parent() == null || !names.contains(clock.parent())) {
                next.push(new Row(clock, 0, -1, next.isEmpty()));
            } else {
                children.computeIfAbsent(clock.parent(), name -> new ArrayList<>())
                        .add(clock);
            }
        }
        List<Row> rows = new ArrayList<>(clocks.size());
        while (!next.isEmpty()) {
            Row row = next.pop();
            int above = rows.size();
            rows.add(row);
            boolean last = true;
            for (ClockSnapshot child : children.getOrDefault(row.clock().name(), List.of())) {
                next.push(new Row(child, row.depth() + 1, above, last));
                last = false;
            }
        }
        return rows;
    }
}
