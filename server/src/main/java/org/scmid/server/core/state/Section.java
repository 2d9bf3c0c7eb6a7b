// What one protocol remembers of an agent.
package org.scmid.server.core.state;

import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;

/**
 * What one protocol remembers of an agent: an entry of 32-bit words for each resource.
 *
 * @param protocolId 0x10..0x1F
 * @param key what the entries are of, a key of the {@link Numbering}; null for one entry that is of the agent as a whole
 * @param words of each entry; even if any of them holds one half of a 64-bit number
 * @param flags the bits that word 0 of an entry may have; a file with others is damaged
 */
public record Section(int protocolId, @Nullable String key, int words, int flags) {
    /** What a protocol remembers of resources of a kind. */
    public static Section of(int protocolId, ResourceKind kind, int words, int flags) {
        return new Section(protocolId, kind.key(), words, flags);
    }

    int entries(Numbering numbering) {
        return key == null ? 1 : numbering.of(key).size();
    }

    long bytes(Numbering numbering) {
        return ((long) entries(numbering) * words * Integer.BYTES + Long.BYTES - 1) & -Long.BYTES;
    }
}
