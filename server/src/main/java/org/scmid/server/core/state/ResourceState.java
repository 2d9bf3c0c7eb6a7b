// What one protocol remembers of each resource of one agent.
package org.scmid.server.core.state;

import org.scmid.linux.Mapping;

/**
 * Some 32-bit words for each of an agent's resources, by the agent's id, in the memory of {@link AgentState}. Word 0 is
 * flags, such as a vote and subscriptions; what the others mean is the protocol's affair. Each change is one store.
 */
public final class ResourceState {
    /** Is told of each change of flags. */
    @FunctionalInterface
    public interface FlagListener {
        /**
         * @param resource the agent's id of it
         * @param before the flags that it had
         * @param after those that it has now
         */
        void flagsChanged(int resource, int before, int after);
    }

    private static final FlagListener NOBODY = (resource, before, after) -> {};

    private final Mapping memory;
    private final long start;
    private final int entries;
    private final int words;
    private FlagListener listener = NOBODY;

    ResourceState(Mapping memory, long start, int entries, int words) {
        this.memory = memory;
        this.start = start;
        this.entries = entries;
        this.words = words;
    }

    /** Says who is told of changed flags from now on; it is told of those that are set already. */
    public void listen(FlagListener newListener) {
        listener = newListener;
        for (int resource = 0; resource < entries; resource++) {
            int flags = word(resource, 0);
            if (flags != 0) {
                newListener.flagsChanged(resource, 0, flags);
            }
        }
    }

    /** How many resources it has entries for. */
    public int entries() {
        return entries;
    }

    /** Whether any of these flags of word 0 is set. */
    public boolean is(int flag, int resource) {
        return (word(resource, 0) & flag) != 0;
    }

    /** Sets or clears flags of word 0. */
    public void set(int flag, int resource, boolean on) {
        int old = word(resource, 0);
        put(resource, 0, on ? old | flag : old & ~flag);
    }

    /** Sets some flags of word 0 and clears others, in one store. */
    public void exchange(int resource, int cleared, int set) {
        put(resource, 0, (word(resource, 0) & ~cleared) | set);
    }

    /** The flags, word 0. */
    public int flags(int resource) {
        return word(resource, 0);
    }

    /** A word. */
    public int word(int resource, int word) {
        return memory.getInt(at(resource, word));
    }

    /** Stores a word. */
    public void put(int resource, int word, int value) {
        if (word == 0) {
            int before = word(resource, 0);
            memory.putInt(at(resource, 0), value);
            listener.flagsChanged(resource, before, value);
        } else {
            memory.putInt(at(resource, word), value);
        }
    }

    /** The 64-bit number in a word with an even index and the next one. */
    public long quad(int resource, int word) {
        return memory.getLong(at(resource, word));
    }

    /** Stores a 64-bit number in a word with an even index and the next one; the words of an entry are even in number. */
    public void putQuad(int resource, int word, long value) {
        memory.putLong(at(resource, word), value);
    }

    /** Forgets everything of a resource. */
    public void clear(int resource) {
        for (int word = 0; word < words; word++) {
            put(resource, word, 0);
        }
    }

    /** Whether nothing is remembered of a resource. */
    public boolean isEmpty(int resource) {
        for (int word = 0; word < words; word++) {
            if (word(resource, word) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether nothing is remembered of any resource. */
    public boolean isEmpty() {
        for (long at = start; at < start + (long) entries * words * Integer.BYTES; at += Integer.BYTES) {
            if (memory.getInt(at) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Takes over an entry of the same form. */
    void copy(ResourceState from, int itsResource, int resource) {
        for (int word = words - 1; word >= 0; word--) { // the flags last
            put(resource, word, from.word(itsResource, word));
        }
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
