// All resources of one kind that one agent sees.
package org.scmid.server.core;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.Grant;

/** The resources of one kind that one agent sees, by its own ids, 0 to {@link #size} - 1. */
final class ResourceView {
    private static final int NO_ID = -1;

    private final AgentResource[] resources;
    private final int[] idByIndex; // by the resource's position on the board

    /**
     * @param names all of this kind on the board, in its order
     * @param grants what the agent is given, in the order of its ids
     * @throws IllegalArgumentException if a grant names what the board does not have
     */
    ResourceView(List<String> names, List<Grant> grants) {
        resources = new AgentResource[grants.size()];
        idByIndex = new int[names.size()];
        Arrays.fill(idByIndex, NO_ID);
        var indexes = new java.util.HashMap<String, Integer>();
        for (String name : names) {
            indexes.put(name, indexes.size());
        }
        for (int id = 0; id < resources.length; id++) {
            Grant grant = grants.get(id);
            Integer index = indexes.get(grant.resource());
            if (index == null) {
                throw new IllegalArgumentException("the board has no " + grant.resource());
            }
            resources[id] = new AgentResource(id, index, grant.resource(), grant.permission());
            if (resources[id].isVisible()) {
                idByIndex[index] = id;
            }
        }
    }

    /** How many ids there are; those of hidden ones are counted too, so that ids are dense. */
    int size() {
        return resources.length;
    }

    /** The resource with this id; null if there is none, or it is hidden. */
    @Nullable
    AgentResource visible(int id) {
        return id >= 0 && id < resources.length && resources[id].isVisible() ? resources[id] : null;
    }

    /** Any resource with this id, 0 to {@link #size} - 1, hidden or not. */
    AgentResource at(int id) {
        return resources[id];
    }

    /** The agent's resource for one of the board, by its position there; null if the agent does not see it. */
    @Nullable
    AgentResource of(int index) {
        int id = idByIndex[index];
        return id == NO_ID ? null : resources[id];
    }
}
