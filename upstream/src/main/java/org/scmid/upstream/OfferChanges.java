// What is no longer as it was when a platform comes back.
package org.scmid.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.Offered;
import org.scmid.config.resource.ResourceKind;

/** Compares what a platform offers with what it offered before, resource by resource, by their names. */
final class OfferChanges {
    private static final int MOST = 20;

    private OfferChanges() {}

    /** What has changed, for people; nothing if all is as it was. */
    static List<String> between(Offer before, Offer now) {
        List<String> changes = new ArrayList<>();
        for (ResourceKind kind : ResourceKind.values()) {
            Map<String, Offered> left = new HashMap<>();
            now.of(kind).forEach(resource -> left.put(resource.name(), resource));
            for (Offered old : before.of(kind)) {
                Offered same = left.remove(old.name());
                if (same == null) {
                    changes.add(kind.label() + " " + old.name() + " is gone");
                } else if (!same.equals(old)) {
                    changes.add(kind.label() + " " + old.name() + " is another one");
                }
            }
            now.of(kind).stream()
                    .filter(resource -> left.containsKey(resource.name()))
                    .forEach(resource -> changes.add(kind.label() + " " + resource.name() + " is new"));
        }
        if (changes.size() > MOST) {
            int more = changes.size() - MOST;
            changes.subList(MOST, changes.size()).clear();
            changes.add("and " + more + " more");
        }
        return changes;
    }
}
