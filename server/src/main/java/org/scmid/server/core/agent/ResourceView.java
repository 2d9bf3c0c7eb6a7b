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
    private final boolean[] barred; // likewise
    private final boolean[] withheld; // likewise
    private final boolean isAny;

    /** How many the agent sees that no trusted agent took away. */
    private int left;

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
        Map<String, Grant> granted = new HashMap<>();
        grants.forEach(grant -> granted.put(grant.resource(), grant));
        withheld = new boolean[names.size()];
        for (int index = 0; index < withheld.length; index++) {
            Grant grant = granted.get(names.get(index));
            withheld[index] = grant != null && grant.permission() == Permission.NONE;
        }
        barred = withheld.clone();
        for (int id = 0; id < resources.length; id++) {
            String name = ids.get(id);
            int index = indexes.getOrDefault(name, AgentResource.NOT_THERE);
            Grant grant = index == AgentResource.NOT_THERE ? null : granted.get(name);
            resources[id] = new AgentResource(id, index, grant == null ? new Grant(name, Permission.NONE) : grant);
            if (resources[id].isVisible()) {
                idByIndex[index] = id;
                left++;
            }
        }
        isAny = left > 0;
    }

    /** How many ids there are; those of hidden ones are counted too, so that ids are dense. */
    public int size() {
        return resources.length;
    }

    /** How many the board has, whether the agent sees them or not. */
    public int ofBoard() {
        return idByIndex.length;
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

    /**
     * Whether the agent is kept from a resource of the board: the service file says {@code none}, or a trusted agent took it
     * away. One that the service file does not list is not.
     */
    public boolean isBarred(int index) {
        return barred[index];
    }

    /** A trusted agent takes a resource of the board away, whether the agent sees it or not, or gives it back. */
    public void setDenied(int index, boolean denied) {
        barred[index] = withheld[index] || denied;
        AgentResource its = of(index);
        if (its != null && its.isDenied() != denied) {
            its.setDenied(denied);
            left += denied ? -1 : 1;
        }
    }

    /** Whether a trusted agent took away everything that the agent sees. */
    public boolean isDenied() {
        return left == 0 && isAny;
    }

    /** The agent's resource for one of the board, by its position there; null if the agent does not see it. */
    @Nullable
    public AgentResource of(int index) {
        int id = idByIndex[index];
        return id == NO_ID ? null : resources[id];
    }
}
