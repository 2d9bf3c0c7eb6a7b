// A table in Markdown whose source can be read too.
package org.scmid.server.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in Markdown, with columns as wide as they need to be. */
final class MarkdownTable {
    /** The fewest hyphens that make a rule below the titles. */
    private static final int RULE = 3;

    private final List<List<String>> rows = new ArrayList<>();

    MarkdownTable(List<String> titles) {
        rows.add(titles);
    }

    MarkdownTable row(String... cells) {
        return row(Arrays.asList(cells));
    }

    MarkdownTable row(List<String> cells) {
        if (cells.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException(cells.size() + " cells under " + rows.getFirst());
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    /** The table's lines. */
    List<String> lines() {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .map(width -> Math.max(RULE, width))
                .toArray();
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add(IntStream.range(0, widths.length)
                    .mapToObj(column -> row.get(column)
                            + " ".repeat(widths[column] - row.get(column).length()))
                    .collect(Collectors.joining(" | ", "| ", " |")));
        }
        lines.add(
                1,
                Arrays.stream(widths)
                        .mapToObj(width -> "-".repeat(width))
                        .collect(Collectors.joining(" | ", "| ", " |")));
        return lines;
    }
}
