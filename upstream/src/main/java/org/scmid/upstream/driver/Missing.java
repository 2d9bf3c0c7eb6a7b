// What a platform offers no more when it comes back, for the log.
package org.scmid.upstream.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.Offered;
import org.scmid.config.resource.ResourceKind;
import org.scmid.upstream.AskedPlatform;

/** Collects what a platform offers no more, and says it in one line: the first ones by name. */
final class Missing {
    private static final System.Logger LOG = System.getLogger(Missing.class.getName());
    private static final int MOST_NAMED = 5;

    private final List<String> named = new ArrayList<>();
    private int count;

    void add(ResourceKind kind, String name) {
        count++;
        if (named.size() < MOST_NAMED) {
            named.add(kind.label() + " " + name);
        }
    }

    /** What is offered by a name; null if nothing is, which is noted. */
    @Nullable
    Offered find(Map<String, Offered> offers, ResourceKind kind, String name) {
        Offered offer = offers.get(name);
        if (offer == null) {
            add(kind, name);
        }
        return offer;
    }

    void report(AskedPlatform upstream) {
        if (count > 0 && upstream.mayReport()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "upstream {0} does not offer any more: {1}{2}; what agents ask of them fails",
                    upstream.spec().name(),
                    String.join(", ", named),
                    count > named.size() ? " and " + (count - named.size()) + " more" : "");
        }
    }
}
