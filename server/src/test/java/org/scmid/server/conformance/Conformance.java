// What is implemented and what is tested of every message in every version, and what is missing.
package org.scmid.server.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.server.conformance.Evidence.Entry;
import org.scmid.server.conformance.Evidence.Weight;

/**
 * Brings together what the tables say, what a core implements, and what the tests of a run showed. A message counts as
 * tested in a version when it succeeded at least once for an agent that speaks that version, with the lengths that the
 * table has for it.
 */
public final class Conformance {
    private final List<Section> sections = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<Message, List<Entry>> evidence = new HashMap<>();
    private final Map<Message, String> notes;

    /**
     * One protocol of a core.
     *
     * @param newest the newest version that it speaks
     * @param commands those that are bound to a handler
     */
    public record Implementation(MessageTable<?> table, int newest, Set<Message> commands) {
        /** The versions that agents can speak, oldest first. */
        List<Integer> versions() {
            return Arrays.stream(table.protocol().versions())
                    .filter(version -> ProtocolVersion.isAtLeast(newest, version))
                    .boxed()
                    .toList();
        }
    }

    /** What there is to say of a message in one version. */
    enum Cell {
        /** The version does not have it. */
        ABSENT("–"),
        NOT_IMPLEMENTED("no"),
        UNTESTED("UNTESTED"),
        /** It cannot succeed, or is never sent; the reason is noted. */
        NOTED("note"),
        SWEPT("swept"),
        TESTED("tested");

        private final String text;

        Cell(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        boolean isImplemented() {
            return this == UNTESTED || this == NOTED || isTested();
        }

        boolean isTested() {
            return this == SWEPT || this == TESTED;
        }
    }

    /**
     * A message.
     *
     * @param cells by the versions of the section
     * @param errors with which it was answered in tests
     */
    record Row(Message message, List<Cell> cells, Set<Status> errors) {}

    /** A protocol. */
    record Section(MessageTable<?> table, List<Integer> versions, List<Row> rows) {}

    /**
     * @param implementations the protocols of a core, by id
     * @param entries what tests showed
     * @param notes messages that cannot succeed, or are never sent, and why
     */
    public Conformance(List<Implementation> implementations, Collection<Entry> entries, Map<Message, String> notes) {
        this.notes = notes;
        for (Entry entry : entries) {
            if (entry.message().isIn(entry.version())) {
                evidence.computeIfAbsent(entry.message(), key -> new ArrayList<>())
                        .add(entry);
            }
        }
        implementations.forEach(one -> sections.add(section(one)));
    }

    private Section section(Implementation implementation) {
        List<Row> rows = new ArrayList<>();
        for (Message message : implementation.table().messages()) {
            Row row = row(implementation, message);
            rows.add(row);
            judge(implementation, row);
        }
        return new Section(implementation.table(), implementation.versions(), rows);
    }

    private Row row(Implementation implementation, Message message) {
        List<Cell> cells = new ArrayList<>();
        for (int version : implementation.versions()) {
            cells.add(message.isIn(version) ? cell(implementation, message, version) : Cell.ABSENT);
        }
        Set<Status> errors = EnumSet.noneOf(Status.class);
        evidence.getOrDefault(message, List.of()).forEach(entry -> errors.add(entry.status()));
        errors.remove(Status.SUCCESS);
        return new Row(message, cells, errors);
    }

    private Cell cell(Implementation implementation, Message message, int version) {
        if (!isImplemented(implementation, message)) {
            return Cell.NOT_IMPLEMENTED;
        }
        List<Weight> weights = evidence.getOrDefault(message, List.of()).stream()
                .filter(entry -> entry.version() == version && entry.status() == Status.SUCCESS)
                .map(Entry::weight)
                .toList();
        return switch (Evidence.best(weights)) {
            case TEST -> Cell.TESTED;
            case SWEEP -> Cell.SWEPT;
            case NOTHING -> notes.containsKey(message) ? Cell.NOTED : Cell.UNTESTED;
        };
    }

    /** Of events only a test can show that they are sent: they count as implemented with their protocol. */
    private static boolean isImplemented(Implementation implementation, Message message) {
        return switch (message.type()) {
            case COMMAND -> implementation.commands().contains(message);
            case DELAYED_RESPONSE -> {
                Message command = implementation.table().command(message.id());
                yield command != null && implementation.commands().contains(command);
            }
            case NOTIFICATION -> true;
        };
    }

    private void judge(Implementation implementation, Row row) {
        List<Integer> versions = implementation.versions();
        String name = implementation.table().protocol().label() + " " + row.message.name();
        for (int i = 0; i < versions.size(); i++) {
            Cell cell = row.cells.get(i);
            if (cell == Cell.UNTESTED) {
                problems.add(name + ": implemented, but no test had it succeed in version "
                        + ProtocolVersion.text(versions.get(i)));
            } else if (cell == Cell.NOT_IMPLEMENTED && row.message.isMandatory()) {
                problems.add(name + ": mandatory in version " + ProtocolVersion.text(versions.get(i))
                        + ", but not implemented");
            }
        }
        if (row.cells.contains(Cell.SWEPT) && !row.cells.contains(Cell.TESTED)) {
            problems.add(name + ": no test was written for it; only the sweep through the tables has it succeed");
        }
        if (notes.containsKey(row.message) && !row.cells.contains(Cell.NOTED)) {
            problems.add(name + ": the note on it is out of date: " + notes.get(row.message));
        }
    }

    List<Section> sections() {
        return List.copyOf(sections);
    }

    /** Why a message is noted. */
    String note(Message message) {
        return notes.getOrDefault(message, "");
    }

    /** What must not be: untested, or missing though mandatory. One sentence each. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    static boolean isCommand(Row row) {
        return row.message.type() == MessageType.COMMAND;
    }
}
