// What one protocol brings to the model.
package org.scmid.server.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.Status;
import org.scmid.server.core.ModelAgent.Notification;
import org.scmid.server.core.ModelAgent.Pending;

/**
 * What one protocol brings to the {@link Model}: random commands, what they are answered and what they change, and what
 * the hardware must show. The model itself does what all protocols have in common.
 */
abstract class ProtocolModel {
    static final int OK = Status.Code.SUCCESS;

    /** An asynchronous command ends later, by {@link Model#finishLater}. */
    static final int NOT_YET = Integer.MIN_VALUE;

    final Model model;
    final MessageTable<?> table;

    /** The version that is spoken unless another one was negotiated. */
    final int newest;

    /** What it is about; null if it has no resources. */
    final @Nullable ResourceKind kind;

    ProtocolModel(Model model, MessageTable<?> table, int newest, @Nullable ResourceKind kind) {
        this.model = model;
        this.table = table;
        this.newest = newest;
        this.kind = kind;
    }

    /** A command that passed all checks which protocols have in common. */
    static final class Request {
        private final ModelAgent agent;
        private final int header;
        private final int[] payload;
        private final int version;
        private final int resource;

        /**
         * @param agent who sends it
         * @param header its header
         * @param payload its words
         * @param version what the agent speaks
         * @param resource the agent's id of the resource that it names, -1 for none
         */
        Request(ModelAgent agent, int header, int[] payload, int version, int resource) {
            this.agent = agent;
            this.header = header;
            this.payload = payload;
            this.version = version;
            this.resource = resource;
        }

        ModelAgent agent() {
            return agent;
        }

        int header() {
            return header;
        }

        int message() {
            return Header.messageId(header);
        }

        int[] payload() {
            return payload;
        }

        int version() {
            return version;
        }

        int resource() {
            return resource;
        }

        @Override
        public String toString() {
            return "command " + Integer.toHexString(header);
        }
    }

    final int id() {
        return table.protocol().id();
    }

    final ResourceKind kind() {
        ResourceKind its = kind;
        if (its == null) {
            throw new IllegalStateException(table.protocol() + " has no resources");
        }
        return its;
    }

    /** Whether the core has this message; most have all. */
    boolean isServed(Message message) {
        return true;
    }

    /** Random words for a command; resources may be one too many. */
    abstract List<Integer> randomPayload(Random random, Message command);

    /** How often a command is sent, compared with others of the protocol. */
    int weight(Message command) {
        return 1;
    }

    /**
     * Carries out a command, but the ones that are the same in every protocol.
     *
     * @return the reply from the status on; null if it comes later, by {@link Model#complete}
     */
    abstract int @Nullable [] reply(Request request);

    /** Gives up what an agent holds. */
    abstract void release(ModelAgent agent);

    /** What survives a kill is again as the registers say. */
    void restarted() {}

    /** What MESSAGE_ATTRIBUTES says of a command. */
    int attributesOf(ModelAgent agent, Message command) {
        return 0;
    }

    /** What comes with time. */
    void pass(long now) {}

    /** In which order that is, among parts: the one in which the core makes their timers. */
    int passOrder() {
        return 1;
    }

    /** Carries out an asynchronous command: its status, or {@link #NOT_YET}; sets its result. */
    int carryOut(ModelAgent agent, Pending command) {
        throw new IllegalStateException("no asynchronous commands");
    }

    /** Whether what a command, with its header in front, does, or what happens on the way, depends on votes. */
    boolean followsVotes(ModelAgent agent, int[] words) {
        return false;
    }

    boolean hasDelayedResponse(int flags) {
        return true;
    }

    /** The delayed response of a command that ended well, from after the status. */
    int[] delayedResponse(Pending command) {
        throw new IllegalStateException("no delayed responses");
    }

    /** A notification's payload; null if it is not wanted any more. */
    int @Nullable [] notification(ModelAgent agent, Notification notification) {
        throw new IllegalStateException("no notifications");
    }

    /** What of the hardware is not as it should be; null if all is. */
    @Nullable
    String difference(Bench bench) {
        return null;
    }

    // ---- What parts use.

    static int[] status(int status) {
        return new int[] {status};
    }

    static int[] words(int... words) {
        return words;
    }

    /** A name in so many bytes, cut to one less. */
    static int[] name(String name, int bytes) {
        byte[] padded = new byte[bytes];
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, padded, 0, Math.min(ascii.length, bytes - 1));
        int[] words = new int[bytes / 4];
        ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
        return words;
    }

    static int[] join(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    static int[] nameGet(String name) {
        return name.length() <= 15 ? status(Status.Code.NOT_SUPPORTED) : join(words(OK, 0), name(name, 64));
    }
}
