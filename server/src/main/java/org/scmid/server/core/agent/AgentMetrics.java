// What is counted for one agent.
package org.scmid.server.core.agent;

import java.util.List;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.Status;
import org.scmid.transport.MalformedInput;

/**
 * What is counted for one agent: commands by protocol, message and status, malformed input by reason, events, and the
 * time that commands take. The service loop counts, into arrays that are made once; any thread reads.
 */
@SuppressWarnings("EnumOrdinal") // places in arrays of this process only; nothing of it is stored or sent
public final class AgentMetrics {
    /** Buckets of the histogram of times; the last takes everything that is longer. */
    public static final int TIME_BUCKETS = 40;

    /** What a message or protocol is called that is in no table. */
    public static final String UNKNOWN = "unknown";

    private static final int STATUSES = Status.values().length;

    private final List<MessageTable<?>> tables;
    private final int[] firstCell; // by place in tables; one more for unknown protocols
    private final Counters messages;
    private final Counters malformed = new Counters(MalformedInput.values().length);
    private final Counters events = new Counters(EventCount.values().length);
    private final Counters times = new Counters(TIME_BUCKETS);
    private final Counters totalTime = new Counters(1);

    /** What became of an event to the agent. */
    public enum EventCount {
        /** Notifications that were put into the agent's buffers. */
        NOTIFICATION_SENT,
        /** Notifications that were lost, or merged into a newer one, since the agent gave no room for them in time, or not enough. */
        NOTIFICATION_DROPPED,
        /** Delayed responses that were put into the agent's buffers. */
        DELAYED_RESPONSE_SENT
    }

    /** Receives one count of commands. */
    @FunctionalInterface
    public interface MessageVisitor {
        /**
         * @param protocol the protocol's short name or {@link #UNKNOWN}
         * @param message the message's name in the specification or {@link #UNKNOWN}
         * @param status the status of the responses
         * @param count how many, at least 1
         */
        void visit(String protocol, String message, Status status, long count);
    }

    AgentMetrics(List<MessageTable<?>> tables) {
        this.tables = tables;
        firstCell = new int[tables.size() + 1];
        int cells = 0;
        for (int place = 0; place < tables.size(); place++) {
            firstCell[place] = cells;
            cells += (tables.get(place).commandLimit() + 1) * STATUSES;
        }
        firstCell[tables.size()] = cells;
        messages = new Counters(cells + STATUSES);
    }

    /** Malformed inputs of one kind. Any thread. */
    public long malformed(MalformedInput reason) {
        return malformed.get(reason.ordinal());
    }

    /** Events of one kind. Any thread. */
    public long events(EventCount kind) {
        return events.get(kind.ordinal());
    }

    /**
     * Commands that took from 2^bucket to 2^(bucket+1)-1 nanoseconds in the core, the ring not counted; bucket 0 has
     * those below 2 ns too. Any thread.
     *
     * @param bucket 0..{@link #TIME_BUCKETS}-1
     */
    public long timed(int bucket) {
        return times.get(bucket);
    }

    /** The sum of all times of {@link #timed}, in nanoseconds. Any thread. */
    public long totalNanos() {
        return totalTime.get(0);
    }

    /** Visits every count of commands that is not 0. Any thread. */
    public void forEachMessage(MessageVisitor visitor) {
        for (int place = 0; place < tables.size(); place++) {
            MessageTable<?> table = tables.get(place);
            for (int id = 0; id <= table.commandLimit(); id++) {
                Message message = table.command(id);
                visit(
                        visitor,
                        table.protocol().label(),
                        message == null ? UNKNOWN : message.name(),
                        firstCell[place] + id * STATUSES);
            }
        }
        visit(visitor, UNKNOWN, UNKNOWN, firstCell[tables.size()]);
    }

    private void visit(MessageVisitor visitor, String protocol, String message, int cell) {
        for (Status status : Status.values()) {
            long count = messages.get(cell + status.ordinal());
            if (count > 0) {
                visitor.visit(protocol, message, status, count);
            }
        }
    }

    /**
     * Counts a command.
     *
     * @param place the protocol's place in the list of tables, -1 for an unknown one
     * @param messageId 0..255
     * @param status 0..-11
     */
    void command(int place, int messageId, int status, long nanos) {
        int cell = firstCell[tables.size()];
        if (place >= 0) {
            MessageTable<?> table = tables.get(place);
            int row = table.command(messageId) == null ? table.commandLimit() : messageId;
            cell = firstCell[place] + row * STATUSES;
        }
        messages.increment(cell - status);
        times.increment(Math.min(TIME_BUCKETS - 1, Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos | 1)));
        totalTime.add(0, nanos);
    }

    void countMalformed(MalformedInput reason) {
        malformed.increment(reason.ordinal());
    }

    public void count(EventCount kind) {
        events.increment(kind.ordinal());
    }
}
