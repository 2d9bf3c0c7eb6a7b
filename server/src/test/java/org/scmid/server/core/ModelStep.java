// What can happen in a random sequence, as data.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.List;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.catalogue.MessageTables;

/**
 * One thing that happens in a random sequence. What makes no sense when its turn comes, such as a command of an agent
 * that is away, does nothing; so any part of a sequence is a sequence. Agents count from 1, as their ids.
 */
sealed interface ModelStep {
    /** Steps that may stand for this one when a failing sequence is made simpler; the simplest first. */
    default List<ModelStep> simpler() {
        return List.of();
    }

    /**
     * An agent sends a command.
     *
     * @param payload its words
     * @param held whether the loop does nothing more in this turn: nothing is sent or begun that the command caused
     */
    record Command(int agent, int protocol, int message, List<Integer> payload, boolean held) implements ModelStep {
        @Override
        public List<ModelStep> simpler() {
            List<ModelStep> simpler = new ArrayList<>();
            if (held) {
                simpler.add(new Command(agent, protocol, message, payload, false));
            }
            for (int i = 0; i < payload.size(); i++) {
                int word = payload.get(i);
                for (int instead : new int[] {0, 1, word >>> 1, word - 1}) {
                    boolean isWorthIt = instead != word - 1 || (word > 0 && word < 16);
                    if (isWorthIt && Integer.compareUnsigned(instead, word) < 0) {
                        List<Integer> words = new ArrayList<>(payload);
                        words.set(i, instead);
                        simpler.add(new Command(agent, protocol, message, List.copyOf(words), held));
                    }
                }
            }
            return simpler;
        }

        @Override
        public String toString() {
            MessageTable<?> table = MessageTables.of(protocol);
            Message known = table == null ? null : table.command(message);
            String name = known == null ? "command 0x%x of protocol 0x%x".formatted(message, protocol) : known.name();
            return "agent " + agent + ": " + name + " " + payload + (held ? ", and the loop stops there" : "");
        }
    }

    /** The agent's guest begins anew. */
    record GuestReset(int agent) implements ModelStep {
        @Override
        public String toString() {
            return "agent " + agent + ": its guest is reset";
        }
    }

    /** The agent's peer goes. */
    record Leave(int agent) implements ModelStep {
        @Override
        public String toString() {
            return "agent " + agent + ": its peer goes";
        }
    }

    /**
     * The agent's peer comes back.
     *
     * @param isSame whether it is the process that was there before
     * @param events whether it has a platform-to-agent channel
     */
    record Come(int agent, boolean isSame, boolean events) implements ModelStep {
        @Override
        public List<ModelStep> simpler() {
            return isSame && events ? List.of() : List.of(new Come(agent, true, true));
        }

        @Override
        public String toString() {
            return "agent " + agent + ": " + (isSame ? "its peer" : "another peer") + " comes, "
                    + (events ? "with" : "without") + " events";
        }
    }

    /** The agent gives so many buffers for events, and no more than these. */
    record Buffers(int agent, int free) implements ModelStep {
        /** As many as it takes. */
        static final int PLENTY = Integer.MAX_VALUE;

        @Override
        public String toString() {
            return "agent " + agent + ": has " + (free == PLENTY ? "plenty of" : free) + " event buffers";
        }
    }

    /**
     * The service is killed, and another one starts with the same registers and files; who was there is there again.
     *
     * @param unanswered the agent whose last command had not been answered, so that it comes again; 0 for none
     */
    record Restart(int unanswered) implements ModelStep {
        @Override
        public List<ModelStep> simpler() {
            return unanswered == 0 ? List.of() : List.of(new Restart(0));
        }

        @Override
        public String toString() {
            return "the service is killed and starts anew"
                    + (unanswered == 0 ? "" : "; agent " + unanswered + "'s last command comes again");
        }
    }

    /** Time passes. */
    record Pass(int millis) implements ModelStep {
        @Override
        public String toString() {
            return millis + " ms pass";
        }
    }

    /** The loop comes to its end: every agent is sent what waits for it. */
    record Turn() implements ModelStep {
        @Override
        public String toString() {
            return "the loop turns";
        }
    }
}
