// The part of docs/conformance.md that is generated: which messages there are, implemented and tested.
package org.scmid.server.conformance;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Tier;
import org.scmid.server.conformance.Conformance.Cell;
import org.scmid.server.conformance.Conformance.Row;
import org.scmid.server.conformance.Conformance.Section;

/** Writes the generated part of docs/conformance.md, between two marks; the rest of the page is written by people. */
public final class ConformancePage {
    static final String BEGIN = "<!-- Generated from the tables and the tests, by ";
    static final String END = "<!-- End of what is generated. -->";

    private static final String LEGEND = """
            **Legend.** A cell for each version that agents can negotiate:

            | cell       | means |
            | ---------- | ----- |
            | `tested`   | implemented, and a test written for the message has it succeed in this version |
            | `swept`    | implemented, and a test that goes through all tables has it succeed in this version; a test written for it does in another |
            | `note`     | cannot succeed, or is never sent: see below the table |
            | `no`       | not implemented; optional |
            | –          | this version does not have it |

            "Succeed" includes that the reply, or the event, has the length that the table has for that version.

            - **M** is mandatory for a platform, **O** is optional.
            - **permission**: what an agent must be permitted to do with the resource that the command names. `notify` needs a
              P2A channel too; other words are [parts of `control`](services.md#parts-of-control). A command that names no
              resource is for everybody.
            - **request**, **reply**: bytes of payload, without header and status; of an event, all after its header, or after
              its status.
            - **errors tested**: the statuses but SUCCESS with which tests saw it answered.
            """;

    private final Conformance conformance;
    private final String command;

    /** @param command what writes the page anew */
    public ConformancePage(Conformance conformance, String command) {
        this.conformance = conformance;
        this.command = command;
    }

    /**
     * A page with its generated part as it should be.
     *
     * @param page the page as it is
     * @throws IllegalArgumentException if it lacks the marks
     */
    public String renew(String page) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("the page has no lines that begin with `" + BEGIN + "` and `" + END
                    + "`, between which the generated part belongs");
        }
        return page.substring(0, begin) + String.join("\n", generated()) + "\n" + page.substring(end);
    }

    /** Where two pages differ, in a line or two; empty if they do not. */
    public static String difference(String is, String shouldBe) {
        List<String> now = is.lines().toList();
        List<String> then = shouldBe.lines().toList();
        for (int i = 0; i < Math.max(now.size(), then.size()); i++) {
            String one = i < now.size() ? now.get(i) : "(the end)";
            String other = i < then.size() ? then.get(i) : "(the end)";
            if (!one.equals(other)) {
                return "line " + (i + 1) + " is\n  " + one + "\nand should be\n  " + other;
            }
        }
        return "";
    }

    private List<String> generated() {
        List<String> lines = new ArrayList<>();
        lines.add(BEGIN + "`" + command + "`: do not edit. -->");
        lines.add("");
        lines.addAll(LEGEND.lines().toList());
        lines.add("");
        lines.addAll(summary().lines());
        lines.add("");
        lines.add(notThere());
        for (Section section : conformance.sections()) {
            lines.add("");
            lines.addAll(section(section));
        }
        lines.add("");
        return lines;
    }

    private MarkdownTable summary() {
        MarkdownTable table =
                new MarkdownTable(List.of("protocol", "id", "versions", "commands implemented", "cells tested"));
        for (Section section : conformance.sections()) {
            long commands =
                    section.rows().stream().filter(Conformance::isCommand).count();
            long implemented = section.rows().stream()
                    .filter(Conformance::isCommand)
                    .filter(row -> row.cells().stream().anyMatch(Cell::isImplemented))
                    .count();
            List<Cell> cells = section.rows().stream()
                    .flatMap(row -> row.cells().stream())
                    .filter(Cell::isImplemented)
                    .toList();
            table.row(
                    title(section.table().protocol()),
                    hex(section.table().protocol().id()),
                    versions(section),
                    implemented + " of " + commands,
                    cells.stream().filter(Cell::isTested).count() + " of " + cells.size());
        }
        return table;
    }

    private String notThere() {
        Set<ProtocolId> missing = EnumSet.allOf(ProtocolId.class);
        conformance.sections().forEach(section -> missing.remove(section.table().protocol()));
        if (missing.isEmpty()) {
            return "No protocol of SCMI 3.2 is missing.";
        }
        return missing.stream()
                .map(protocol -> title(protocol) + " (" + hex(protocol.id()) + ")")
                .collect(Collectors.joining(", ", "Not there, so that every command is NOT_SUPPORTED: ", "."));
    }

    private List<String> section(Section section) {
        List<String> lines = new ArrayList<>();
        ProtocolId protocol = section.table().protocol();
        lines.add("## " + title(protocol) + " (protocol " + hex(protocol.id()) + "), versions " + versions(section));
        lines.add("");
        List<String> titles = new ArrayList<>(List.of("id", "message", "", "permission", "request", "reply"));
        section.versions().forEach(version -> titles.add(ProtocolVersion.text(version)));
        titles.add("errors tested");
        MarkdownTable table = new MarkdownTable(titles);
        section.rows().forEach(row -> table.row(cells(section, row)));
        lines.addAll(table.lines());
        List<Row> noted = section.rows().stream()
                .filter(row -> row.cells().contains(Cell.NOTED))
                .toList();
        if (!noted.isEmpty()) {
            lines.add("");
            noted.forEach(row -> lines.add("- " + row.message().name() + ": " + conformance.note(row.message()) + "."));
        }
        return lines;
    }

    private static List<String> cells(Section section, Row row) {
        Message message = row.message();
        List<Integer> having = section.versions().stream().filter(message::isIn).toList();
        boolean isCommand = Conformance.isCommand(row);
        List<String> cells = new ArrayList<>();
        cells.add(hex(message.id()));
        cells.add(message.name() + kind(message.type()));
        cells.add(isCommand ? message.isMandatory() ? "M" : "O" : "");
        cells.add(permission(message));
        cells.add(isCommand ? LayoutText.of(message.description().fromAgent(), having) : "");
        cells.add(LayoutText.of(message.description().fromPlatform(), having));
        row.cells().forEach(cell -> cells.add(cell.text()));
        cells.add(row.errors().stream().map(Enum::name).collect(Collectors.joining(", ")));
        return cells;
    }

    private static String kind(MessageType type) {
        return switch (type) {
            case COMMAND -> "";
            case DELAYED_RESPONSE -> " (delayed response)";
            case NOTIFICATION -> " (notification)";
        };
    }

    private static String permission(Message message) {
        boolean namesResource = message.description().fromAgent().resourceOffset() != Layout.NO_RESOURCE;
        if (!namesResource && message.tier() != Tier.NOTIFY) {
            return "";
        }
        String word = message.tier() == Tier.CONTROL
                ? message.aspect().name()
                : message.tier().name();
        return word.toLowerCase(Locale.ROOT);
    }

    private static String versions(Section section) {
        return section.versions().stream().map(ProtocolVersion::text).collect(Collectors.joining(", "));
    }

    private static String title(ProtocolId protocol) {
        String label = protocol.label();
        return Character.toUpperCase(label.charAt(0)) + label.substring(1);
    }

    private static String hex(int id) {
        return "0x" + Integer.toHexString(id).toUpperCase(Locale.ROOT);
    }
}
