// A number that changes whenever an agent's ids or permissions mean something else.
package org.scmid.server.core;

import java.util.List;
import java.util.Map;
import org.scmid.config.service.Grant;
import org.scmid.config.resource.ResourceKind;

/** Hashes, FNV-1a, of what an agent sees: what is stored for one view must not be read by another. */
final class ViewHash {
    static final long EMPTY = 0xcbf29ce484222325L;

    private ViewHash() {}

    /** Mixes a line of text into a hash. */
    static long of(long start, String line) {
        long mixed = start;
        for (int i = 0; i < line.length(); i++) {
            mixed = (mixed ^ line.charAt(i)) * 0x100000001b3L;
        }
        return (mixed ^ '\n') * 0x100000001b3L;
    }

    /** Mixes names and permissions of all that an agent is given into a hash, in their order. */
    static long of(long start, Map<ResourceKind, List<Grant>> grants) {
        long mixed = start;
        for (ResourceKind kind : ResourceKind.values()) {
            mixed = of(mixed, kind.key());
            for (Grant grant : grants.getOrDefault(kind, List.of())) {
                mixed = of(mixed, grant.resource() + ':' + grant.permission());
            }
        }
        return mixed;
    }
}
