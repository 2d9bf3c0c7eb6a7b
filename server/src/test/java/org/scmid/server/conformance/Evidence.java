// What was answered and sent in the tests of this run, message by message and version by version.
package org.scmid.server.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Status;
import org.scmid.protocol.catalogue.MessageTables;

/**
 * What was answered and sent in the tests of this run. It must be the same in every run; so tests whose messages are
 * random are tagged {@link #RANDOM}, and prove nothing.
 *
 * <p>{@link EvidenceListener} says which test runs; outside of a test nothing is recorded.
 */
public final class Evidence {
    /** Tag of tests that send other messages in every run. */
    public static final String RANDOM = "random";

    /** Tag of tests that go through the tables, whatever the messages mean. */
    public static final String SWEEP = "sweep";

    private static final String COMPLETE = "# complete";
    private static final String INCOMPLETE = "# incomplete: ";

    private static final Set<Entry> RECORDED = ConcurrentHashMap.newKeySet();

    /** What a recorded message proves. */
    public enum Weight {
        NOTHING,
        /** It was sent by a test that goes through the tables. */
        SWEEP,
        /** It was sent by a test that was written for it. */
        TEST
    }

    private static volatile Weight weight = Weight.NOTHING;

    private Evidence() {}

    /**
     * That a message was answered or sent.
     *
     * @param version what its protocol's version was for the agent
     * @param status of the response or delayed response; SUCCESS for a notification
     */
    public record Entry(Message message, int version, Status status, Weight weight) {}

    /** The result of a run. */
    public record Run(String problem, List<Entry> entries) {
        /** Whether every test ran, and passed. */
        public boolean isComplete() {
            return problem.isEmpty();
        }
    }

    /** What messages prove from now on. */
    static void weigh(Weight now) {
        weight = now;
    }

    /** Records a message; its bytes have been checked against the table. */
    public static void record(Message message, int version, Status status) {
        Weight now = weight;
        if (now != Weight.NOTHING) {
            RECORDED.add(new Entry(message, version, status, now));
        }
    }

    /**
     * Writes all that was recorded, one line each: protocol, type, id, name, version, status, weight.
     *
     * @param problem why it is not to be relied on; empty if it is
     */
    static void write(Path file, String problem) throws IOException {
        Set<String> lines = new TreeSet<>();
        RECORDED.forEach(entry -> lines.add(line(entry)));
        List<String> all = new ArrayList<>(lines);
        all.addFirst(problem.isEmpty() ? COMPLETE : INCOMPLETE + problem);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, all);
    }

    private static String line(Entry entry) {
        Message message = entry.message;
        return String.join(
                "\t",
                message.protocol().name(),
                message.type().name(),
                "0x%02x".formatted(message.id()),
                message.name(),
                "0x" + Integer.toHexString(entry.version),
                entry.status.name(),
                entry.weight.name());
    }

    /** Reads what {@link #write} wrote. */
    public static Run read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String title = lines.isEmpty() ? "" : lines.getFirst();
        if (!title.equals(COMPLETE)) {
            String problem = title.startsWith(INCOMPLETE) ? title.substring(INCOMPLETE.length()) : "it has no title";
            return new Run(problem, List.of());
        }
        return new Run("", lines.stream().skip(1).map(Evidence::entry).toList());
    }

    private static Entry entry(String line) {
        String[] columns = line.split("\t", -1);
        Message message = MessageTables.of(
                MessageType.valueOf(columns[1]), ProtocolId.valueOf(columns[0]).id(), Integer.decode(columns[2]));
        if (message == null || !message.name().equals(columns[3])) {
            throw new IllegalArgumentException("not of these tables: " + line);
        }
        return new Entry(message, Integer.decode(columns[4]), Status.valueOf(columns[5]), Weight.valueOf(columns[6]));
    }

    /** The best of several weights. */
    static Weight best(Collection<Weight> weights) {
        return weights.stream().max(Comparator.naturalOrder()).orElse(Weight.NOTHING);
    }
}
