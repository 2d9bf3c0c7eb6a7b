// Everything that one agent sees, kind by kind.
package org.scmid.server.core.agent;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.Grant;
import org.scmid.server.core.state.Numbering;

/** Everything that one agent sees: a {@link ResourceView} of each kind. */
public final class ResourceViews {
    private final Map<ResourceKind, ResourceView> views = new EnumMap<>(ResourceKind.class);

    /**
     * @param board what there is
     * @param numbering what the agent's ids mean
     * @param grants what the agent is given
     */
    public ResourceViews(Board board, Numbering numbering, Map<ResourceKind, List<Grant>> grants) {
        for (ResourceKind kind : ResourceKind.values()) {
            views.put(
                    kind,
                    new ResourceView(
                            List.copyOf(board.names(kind)), numbering.of(kind), grants.getOrDefault(kind, List.of())));
        }
    }

    /** What it sees of a kind. */
    public ResourceView of(ResourceKind kind) {
        return Objects.requireNonNull(views.get(kind));
    }
}
