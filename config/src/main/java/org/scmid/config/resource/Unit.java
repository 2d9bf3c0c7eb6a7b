// What a board has by name, so that it can be repeated.
package org.scmid.config.resource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Something that a board has by name: register windows, and the resources of each kind.
 *
 * @param key the key of the board file under which they are
 * @param noun what one of them is called in messages
 */
public record Unit(String key, String noun) {
    /** The register windows. */
    public static final Unit REGISTERS = new Unit("registers", "register window");

    /** All kinds. */
    public static final List<Unit> ALL = all();

    private static List<Unit> all() {
        List<Unit> all = new ArrayList<>();
        all.add(REGISTERS);
        for (ResourceKind kind : ResourceKind.values()) {
            all.add(new Unit(kind.key(), kind.label()));
        }
        return Collections.unmodifiableList(all);
    }
}
