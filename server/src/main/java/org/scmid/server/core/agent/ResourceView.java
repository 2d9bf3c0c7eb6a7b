// All resources of one kind that one agent sees.
package org.scmid.server.core.agent;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;

/** The resources of one kind that one agent sees, by its own ids, 0 to {@link #size} - 1. */
public final class ResourceView {
    private static final int NO_ID = -1;

    private final AgentResource[] resources;
    private final int[] idByIndex; // by the resource's position on the board

    /**
     * @param names all of this kind on the board, in its order
     * @param ids names of what the agent's ids mean, in their order
     * @param grants what the agent is given; an id whose resource is not among them is hidden
     */
    ResourceView(List<String> names, List<String> ids, List<Grant> grants) {
        resources = new AgentResource[ids.size()];
        idByIndex = new int[names.size()];
        Arrays.fill(idByIndex, NO_ID);
        Map<String, Integer> indexes = new HashMap<>();
        names.forEach(name -> indexes.put(name, indexes.size()));
        Map<String, Permission> permissions = new HashMap<>();
        grants.forEach(grant -> permissions.put(grant.resource(), grant.permission()));
        for (int id = 0; id < resources.length; id++) {
            String name = ids.get(id);
            int index = indexes.getOrDefault(name, AgentResource.NOT_THERE);
            Permission permission = index == AgentResource.NOT_THERE
                    ? Permission.NONE
                    : permissions.getOrDefault(name, Permission.NONE);
            resources[id] = new AgentResource(id, index, name, permission);
            if (resources[id].isVisible()) {
                idByIndex[index] = id;
            }
        }
    }

    /** How many ids there are; those of hidden ones are counted too, so that ids are dense. */
    public int size() {
        return resources.length;
    }

    /** The resource with this id; null if there is none, or it is hidden. */
    @Nullable
    public AgentResource visible(int id) {
        return id >= 0 && id < resources.length && resources[id].isVisible() ? resources[id] : null;
    }

    /** Any resource with this id, 0 to {@link #size} - 1, hidden or not. */
    public AgentResource at(int id) {
        return resources[id];
    }

    /** The agent's resource for one of the board, by its position there; null if the agent does not see it. */
    @Nullable
    public AgentResource of(int index) {
        int id = idByIndex[index];
        return id == NO_ID ? null : resources[id];
    }
}
