// The model's side of one agent.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;

/** What the model knows of one agent. */
final class ModelAgent {
    static final int MAX_PENDING = 8;
    static final int MAX_QUEUED = 64;

    /** Its peer is not away. */
    static final long HERE = Long.MAX_VALUE;

    final int id;
    final String name;
    final boolean isTrusted;

    /** Whether all is forgotten as soon as its peer goes. */
    final boolean dropWhenGone;

    final Map<ResourceKind, List<Grant>> grants;

    // What survives the service.
    final Map<Integer, Integer> versions = new HashMap<>();
    final List<Pending> pending = new ArrayList<>();
    final Set<Integer> deniedDevices = new HashSet<>();
    final Set<DeniedProtocol> deniedProtocols = new HashSet<>();
    boolean notifiesErrors;
    int process;

    // What does not.
    final List<Notification> queue = new ArrayList<>();
    boolean attached;
    boolean events;
    boolean resuming;
    long awaySince = HERE;

    /** The header of the command whose reply comes later; 0 if there is none. */
    int unanswered;

    // The guest's own.
    final List<int[]> received = new ArrayList<>();
    final List<int[]> lateReplies = new ArrayList<>();
    int free = Integer.MAX_VALUE;

    /** A protocol that was denied of a device. */
    record DeniedProtocol(int device, int protocol) {}

    /** An asynchronous command that was accepted. */
    static final class Pending {
        final int header;
        final ProtocolModel part;
        final int resource;
        final int flags;
        final long wanted;
        boolean begun;
        boolean done;
        int status;
        long result;

        Pending(int header, ProtocolModel part, int resource, int flags, long wanted) {
            this.header = header;
            this.part = part;
            this.resource = resource;
            this.flags = flags;
            this.wanted = wanted;
        }

        boolean isSame(int otherHeader, int otherResource, int otherFlags, long otherWanted) {
            return header == otherHeader && resource == otherResource && flags == otherFlags && wanted == otherWanted;
        }
    }

    /** A notification that waits. */
    record Notification(
            ProtocolModel part, int kind, boolean isState, int resource, int causer, long first, long second) {
        boolean isSameState(Notification other) {
            return isState && part.id() == other.part.id() && kind == other.kind && resource == other.resource;
        }
    }

    ModelAgent(int id, String name, boolean dropWhenGone, Map<ResourceKind, List<Grant>> grants) {
        this.id = id;
        this.name = name;
        this.isTrusted = name.startsWith("trusted");
        this.dropWhenGone = dropWhenGone;
        this.grants = grants;
    }

    List<Grant> grants(ResourceKind kind) {
        return grants.getOrDefault(kind, List.of());
    }

    /** Whether it sees a resource at an id. */
    boolean sees(ResourceKind kind, int resource) {
        List<Grant> its = grants(kind);
        return resource >= 0 && resource < its.size() && its.get(resource).permission() != Permission.NONE;
    }

    /** Its id of a resource on the board; -1 if it does not see it. */
    int idOf(ResourceKind kind, String name) {
        List<Grant> its = grants(kind);
        for (int resource = 0; resource < its.size(); resource++) {
            if (its.get(resource).resource().equals(name) && sees(kind, resource)) {
                return resource;
            }
        }
        return -1;
    }

    String nameOf(ResourceKind kind, int resource) {
        return grants(kind).get(resource).resource();
    }
}
