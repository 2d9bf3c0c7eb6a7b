// Everything that one agent sees, kind by kind.
package org.scmid.server.core;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.scmid.config.board.Board;
import org.scmid.config.service.Grant;
import org.scmid.config.resource.ResourceKind;

/** Everything that one agent sees: a {@link ResourceView} of each kind. */
final class ResourceViews {
    private final Map<ResourceKind, ResourceView> views = new EnumMap<>(ResourceKind.class);

    ResourceViews(Board board, Map<ResourceKind, List<Grant>> grants) {
        for (ResourceKind kind : ResourceKind.values()) {
            views.put(kind, new ResourceView(List.copyOf(board.names(kind)), grants.getOrDefault(kind, List.of())));
        }
    }

    ResourceView of(ResourceKind kind) {
        return Objects.requireNonNull(views.get(kind));
    }
}
