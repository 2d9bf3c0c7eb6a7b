// What a board has of a platform, by the platform's numbers.
package org.scmid.upstream.driver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a board has of a platform, by the platform's numbers, which are others each time that the platform is there. So
 * whatever a platform tells of costs the same, however much of it the board has.
 *
 * @param <T> what it is
 */
final class ById<T> {
    private final List<@Nullable T> all = new ArrayList<>();

    void clear() {
        all.clear();
    }

    void put(int id, T resource) {
        while (all.size() <= id) {
            all.add(null);
        }
        all.set(id, resource);
    }

    /** What has this number; null if the board has nothing of that. */
    @Nullable
    T get(int id) {
        return id >= 0 && id < all.size() ? all.get(id) : null;
    }
}
