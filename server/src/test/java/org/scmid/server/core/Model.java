// What the core should do, said simply: the reference that random sequences are held against.
package org.scmid.server.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.Header;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.Tier;
import org.scmid.server.core.ModelAgent.DeniedProtocol;
import org.scmid.server.core.ModelAgent.Notification;
import org.scmid.server.core.ModelAgent.Pending;

/** What all protocols have in common: who is there, what each is permitted, and in which order things are told. */
final class Model {
    static final int PLATFORM = 0;
    private static final int REPETITION_MILLIS = 50;

    final ModelSetup setup;
    final List<ModelAgent> agents = new ArrayList<>();
    final List<ProtocolModel> parts = new ArrayList<>();
    private final ArrayDeque<ModelAgent> toFlush = new ArrayDeque<>();
    private int acting = PLATFORM;
    private long now;

    /**
     * @param parts makes the parts, by ascending protocol id
     */
    Model(ModelSetup setup, ModelSetup.Parts parts) {
        this.setup = setup;
        this.agents.addAll(setup.agents());
        this.parts.addAll(parts.of(this));
    }

    ModelAgent agent(int id) {
        return agents.get(id - 1);
    }

    @Nullable
    ProtocolModel part(int protocol) {
        return parts.stream().filter(part -> part.id() == protocol).findFirst().orElse(null);
    }

    // ---- Commands.

    /** The words of the reply, from the status on; null if it comes later. */
    int @Nullable [] execute(ModelAgent agent, int header, int[] payload) {
        agent.resuming = false;
        ProtocolModel part = part(Header.protocolId(header));
        if (part == null || !isOffered(part, agent)) {
            return refuse(Status.Code.NOT_SUPPORTED);
        }
        if (isDenied(agent, part)) {
            return refuse(Status.Code.DENIED);
        }
        int version = version(agent, part);
        Message command = find(part, Header.messageId(header), version);
        if (command == null) {
            return refuse(Status.Code.NOT_FOUND);
        }
        if (!command.acceptsRequest(4 * payload.length, version)) {
            return refuse(Status.Code.PROTOCOL_ERROR);
        }
        int offset = command.description().fromAgent().resourceOffset();
        int resource = offset == Layout.NO_RESOURCE ? -1 : payload[offset / 4];
        if (offset != Layout.NO_RESOURCE) {
            if (!agent.sees(part.kind(), resource)) {
                return refuse(Status.Code.NOT_FOUND);
            }
            if (!permits(agent, part.kind(), resource, command.tier(), command.aspect())) {
                return refuse(Status.Code.DENIED);
            }
        }
        if (setsReservedBits(command, payload, version)) {
            return refuse(Status.Code.INVALID_PARAMETERS);
        }
        if (command.tier() == Tier.NOTIFY && !agent.events) {
            return refuse(Status.Code.NOT_SUPPORTED);
        }
        int before = act(agent.id);
        try {
            int[] reply = switch (command.id()) {
                case 0x0 -> new int[] {Status.Code.SUCCESS, part.newest};
                case 0x2 -> messageAttributes(agent, part, payload[0], version);
                case 0x10 -> negotiate(agent, part, payload[0]);
                default -> part.reply(new ProtocolModel.Request(agent, header, payload, version, resource));
            };
            agent.unanswered = reply == null ? header : 0;
            return reply;
        } finally {
            act(before);
        }
    }

    /** Whether what a command does, or what happens on the way, depends on votes, the agent's among them. */
    boolean followsVotes(ModelAgent agent, int[] words) {
        ProtocolModel part = part(Header.protocolId(words[0]));
        return part != null && part.followsVotes(agent, words);
    }

    private static boolean setsReservedBits(Message command, int[] payload, int version) {
        MessageBuffer request = new MessageBuffer(4 * payload.length);
        for (int i = 0; i < payload.length; i++) {
            request.putU32(4 * i, payload[i]);
        }
        return command.fromAgent().setsReservedBits(request, 0, version);
    }

    /** The reply comes that was put off, and then what waits. */
    void complete(ModelAgent agent, int status) {
        if (agent.unanswered != 0) {
            agent.lateReplies.add(new int[] {agent.unanswered, status});
            agent.unanswered = 0;
            flush(agent);
        }
    }

    long now() {
        return now;
    }

    private static int[] refuse(int status) {
        return new int[] {status};
    }

    private static @Nullable Message find(ProtocolModel part, int id, int version) {
        Message command = part.table.command(id);
        return command != null && part.isServed(command) && (id == 0x10 || command.isIn(version)) ? command : null;
    }

    private static int[] messageAttributes(ModelAgent agent, ProtocolModel part, int id, int version) {
        Message command = find(part, id, version);
        return command == null || (command.tier() == Tier.NOTIFY && !agent.events)
                ? refuse(Status.Code.NOT_FOUND)
                : new int[] {Status.Code.SUCCESS, part.attributesOf(agent, command)};
    }

    private static int[] negotiate(ModelAgent agent, ProtocolModel part, int version) {
        if (!part.table.protocol().hasVersion(version) || !ProtocolVersion.isAtLeast(part.newest, version)) {
            return refuse(Status.Code.NOT_SUPPORTED);
        }
        agent.versions.put(part.id(), version);
        return refuse(Status.Code.SUCCESS);
    }

    int version(ModelAgent agent, ProtocolModel part) {
        return agent.versions.getOrDefault(part.id(), part.newest);
    }

    boolean isOffered(ProtocolModel part, ModelAgent agent) {
        return part.kind == null || !agent.grants(part.kind).isEmpty();
    }

    int act(int agent) {
        int before = acting;
        acting = agent;
        return before;
    }

    // ---- What is permitted.

    /** Whether an agent may be told of events. */
    boolean mayBeNotified(ModelAgent agent, ResourceKind kind, int resource) {
        return permits(agent, kind, resource, Tier.NOTIFY, Aspect.NONE);
    }

    boolean mayChange(ModelAgent agent, ResourceKind kind, int resource, Aspect aspect) {
        return permits(agent, kind, resource, Tier.CONTROL, aspect);
    }

    private boolean permits(ModelAgent agent, ResourceKind kind, int resource, Tier tier, Aspect aspect) {
        Grant grant = agent.grants(kind).get(resource);
        Permission permission = grant.permission();
        boolean enough = switch (tier) {
            case READ -> permission != Permission.NONE;
            case NOTIFY -> permission == Permission.NOTIFY || permission == Permission.CONTROL;
            case CONTROL -> grant.permits(Control.valueOf(aspect.name()));
        };
        return enough && !isDenied(agent, kind, agent.nameOf(kind, resource));
    }

    boolean isDenied(ModelAgent agent, ResourceKind kind, String name) {
        return setup.devicesOf(kind, name).stream().anyMatch(agent.deniedDevices::contains)
                || isDeniedByProtocol(agent, kind, name);
    }

    private boolean isDeniedByProtocol(ModelAgent agent, ResourceKind kind, String name) {
        int protocol = parts.stream()
                .filter(part -> part.kind == kind)
                .mapToInt(ProtocolModel::id)
                .findFirst()
                .orElseThrow();
        return setup.devicesOf(kind, name).stream()
                .anyMatch(device -> agent.deniedProtocols.contains(new DeniedProtocol(device, protocol)));
    }

    /** A protocol is denied as a whole if it is for each resource that the agent sees. */
    boolean isDenied(ModelAgent agent, ProtocolModel part) {
        ResourceKind kind = part.kind;
        if (kind == null) {
            return agent.deniedProtocols.stream().anyMatch(denied -> denied.protocol() == part.id());
        }
        Set<Boolean> denied = new HashSet<>();
        for (int resource = 0; resource < agent.grants(kind).size(); resource++) {
            if (agent.sees(kind, resource)) {
                denied.add(isDenied(agent, kind, agent.nameOf(kind, resource)));
            }
        }
        return denied.equals(Set.of(true));
    }

    // ---- Events.

    /** Protocols that the core has, though no part says what they do. */
    final Set<Integer> served = new HashSet<>();

    /** Accepts an asynchronous command; one that comes again after a kill is accepted once. */
    int accept(ProtocolModel part, ProtocolModel.Request request, int flags, long wanted) {
        List<Pending> pending = request.agent().pending;
        for (Pending other : pending) {
            if (!other.begun && other.isSame(request.header(), request.resource(), flags, wanted)) {
                return Status.Code.SUCCESS;
            }
        }
        if (pending.size() == ModelAgent.MAX_PENDING) {
            return Status.Code.BUSY;
        }
        pending.add(new Pending(request.header(), part, request.resource(), flags, wanted));
        return Status.Code.SUCCESS;
    }

    /** Tells all who subscribed, him who acts too. */
    void tellSubscribers(
            ProtocolModel part, int kind, boolean isState, Subscribers subscribed, String name, long value) {
        for (ModelAgent agent : agents) {
            int resource = agent.idOf(part.kind(), name);
            if (resource >= 0 && mayBeNotified(agent, part.kind(), resource) && subscribed.contain(agent)) {
                tell(agent, new Notification(part, kind, isState, resource, acting, value, 0));
            }
        }
    }

    /** Who wants to be told. */
    interface Subscribers {
        boolean contain(ModelAgent agent);
    }

    void tell(ModelAgent agent, Notification notification) {
        if (agent.queue.size() == ModelAgent.MAX_QUEUED) {
            int dropped = 0;
            for (int i = agent.queue.size() - 1; i >= 0 && notification.isState(); i--) {
                dropped = agent.queue.get(i).isSameState(notification) ? i : dropped;
            }
            agent.queue.remove(dropped);
        }
        agent.queue.add(notification);
        flushSoon(agent);
    }

    private void flushSoon(ModelAgent agent) {
        if (agent.events && !toFlush.contains(agent)) {
            toFlush.add(agent);
        }
    }

    /** Begins what was accepted and sends what waits. */
    void flush(ModelAgent agent) {
        if (!agent.attached || agent.resuming) {
            return;
        }
        int before = act(agent.id);
        for (Pending command : List.copyOf(agent.pending)) {
            if (!command.begun) {
                command.begun = true;
                int status = command.part.carryOut(agent, command);
                if (status != ProtocolModel.NOT_YET) {
                    finish(agent, command, status);
                }
            }
        }
        act(before);
        if (agent.events && sendDelayedResponses(agent)) {
            sendNotifications(agent);
        }
    }

    /** An asynchronous command has ended. */
    private void finish(ModelAgent agent, Pending command, int status) {
        if (command.part.hasDelayedResponse(command.flags)) {
            command.status = status;
            command.done = true;
            return;
        }
        agent.pending.remove(command);
        if (status != Status.Code.SUCCESS && agent.events && agent.notifiesErrors) {
            long report = Integer.toUnsignedLong(command.header) | (long) status << 32;
            ProtocolModel base = Objects.requireNonNull(part(0x10));
            tell(agent, new Notification(base, 0, false, 0, agent.id, report, 0));
        }
    }

    /** An asynchronous command has ended that took time. */
    void finishLater(ModelAgent agent, Pending command, int status) {
        finish(agent, command, status);
        flushSoon(agent);
    }

    private static boolean sendDelayedResponses(ModelAgent agent) {
        for (Pending command : List.copyOf(agent.pending)) {
            if (!command.done) {
                continue;
            }
            if (agent.free == 0) {
                return false;
            }
            int[] start = {
                Header.encode(
                        Header.messageId(command.header),
                        MessageType.DELAYED_RESPONSE,
                        command.part.id(),
                        Header.token(command.header)),
                command.status
            };
            agent.free--;
            agent.received.add(
                    command.status == Status.Code.SUCCESS
                            ? ProtocolModel.join(start, command.part.delayedResponse(command))
                            : start);
            agent.pending.remove(command);
        }
        return true;
    }

    private static void sendNotifications(ModelAgent agent) {
        while (!agent.queue.isEmpty()) {
            Notification first = agent.queue.getFirst();
            int[] payload = first.part().notification(agent, first);
            if (payload != null) {
                if (agent.free == 0) {
                    return;
                }
                agent.free--;
                int header = Header.encode(
                        first.kind(), MessageType.NOTIFICATION, first.part().id(), 0);
                agent.received.add(ProtocolModel.join(new int[] {header}, payload));
            }
            agent.queue.removeFirst();
        }
    }

    /** Sends what was caused in this turn. */
    void turn() {
        for (ModelAgent agent = toFlush.poll(); agent != null; agent = toFlush.poll()) {
            flush(agent);
        }
    }

    /** Time passes: who is away too long is forgotten, and nobody waits any more for commands to come again. */
    void pass(int millis) {
        now += millis;
        parts.stream().sorted(Comparator.comparingInt(ProtocolModel::passOrder)).forEach(part -> part.pass(now));
        for (ModelAgent agent : agents) {
            if (agent.awaySince != ModelAgent.HERE && now - agent.awaySince >= ModelSetup.GRACE_MILLIS) {
                agent.awaySince = ModelAgent.HERE;
                drop(agent);
            }
            if (agent.attached && agent.resuming && millis >= REPETITION_MILLIS) {
                agent.resuming = false;
                flush(agent);
            }
        }
        turn();
    }

    // ---- Coming and going.

    void come(ModelAgent agent, int process, boolean events) {
        agent.awaySince = ModelAgent.HERE;
        if (agent.process != 0 && agent.process != process) {
            drop(agent);
        }
        agent.process = process;
        agent.attached = true;
        agent.events = events;
        if (!agent.resuming) {
            flushSoon(agent);
        }
    }

    void leave(ModelAgent agent) {
        agent.attached = false;
        agent.events = false;
        agent.unanswered = 0;
        if (agent.dropWhenGone) {
            drop(agent);
        } else {
            agent.awaySince = now;
        }
    }

    /** Nothing is left but what trusted agents denied. */
    void drop(ModelAgent agent) {
        agent.resuming = false;
        agent.unanswered = 0;
        release(agent);
        agent.versions.clear();
    }

    void release(ModelAgent agent) {
        for (ProtocolModel part : parts) {
            agent.pending.removeIf(command -> command.part.id() == part.id());
            part.release(agent);
        }
        agent.queue.clear();
    }

    /** The service was killed, and has started anew. */
    void restart() {
        toFlush.clear();
        for (ModelAgent agent : agents) {
            agent.queue.clear();
            agent.pending.forEach(command -> command.begun = command.done);
            agent.attached = false;
            agent.events = false;
            agent.resuming = true;
            agent.unanswered = 0;
            agent.awaySince = now;
        }
        parts.forEach(ProtocolModel::restarted);
    }
}
