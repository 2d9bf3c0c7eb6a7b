// What one protocol remembers of each resource of one agent.
package org.scmid.server.core;

import org.scmid.linux.Mapping;

/**
 * Some 32-bit words for each of an agent's resources, by the agent's id, in the memory of {@link AgentState}. Word 0 is
 * flags, such as a vote and subscriptions; what the others mean is the protocol's affair. Each change is one store.
 */
final class ResourceState {
    private final Mapping memory;
    private final long start;
    private final int entries;
    private final int words;

    ResourceState(Mapping memory, long start, int entries, int words) {
        this.memory = memory;
        this.start = start;
        this.entries = entries;
        this.words = words;
    }

    /** Whether a flag of word 0 is set. */
    boolean is(int flag, int resource) {
        return (word(resource, 0) & flag) != 0;
    }

    void set(int flag, int resource, boolean on) {
        int old = word(resource, 0);
        put(resource, 0, on ? old | flag : old & ~flag);
    }

    int word(int resource, int word) {
        return memory.getInt(at(resource, word));
    }

    void put(int resource, int word, int value) {
        memory.putInt(at(resource, word), value);
    }

    /** The 64-bit number in a word with an even index and the next one. */
    long quad(int resource, int word) {
        return memory.getLong(at(resource, word));
    }

    /** Stores a 64-bit number in a word with an even index and the next one; the words of an entry are even in number. */
    void putQuad(int resource, int word, long value) {
        memory.putLong(at(resource, word), value);
    }

    /** Forgets everything of a resource. */
    void clear(int resource) {
        for (int word = 0; word < words; word++) {
            put(resource, word, 0);
        }
    }

    boolean isEmpty() {
        for (long at = start; at < start + (long) entries * words * Integer.BYTES; at += Integer.BYTES) {
            if (memory.getInt(at) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether no resource has other flags than these. */
    boolean hasOnly(int flags) {
        for (int resource = 0; resource < entries; resource++) {
            if ((word(resource, 0) & ~flags) != 0) {
                return false;
            }
        }
        return true;
    }

    private long at(int resource, int word) {
        if (resource < 0 || resource >= entries || word < 0 || word >= words) {
            throw new IndexOutOfBoundsException("word " + word + " of resource " + resource);
        }
        return start + ((long) resource * words + word) * Integer.BYTES;
    }
}
