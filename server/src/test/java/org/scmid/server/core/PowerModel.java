// What the model says of power domains.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.Status;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.power.PowerVersion;
import org.scmid.server.core.ModelAgent.Notification;
import org.scmid.server.core.ModelAgent.Pending;
import org.scmid.transport.vhostuser.Request;

/** Power domains in the model: votes, parents, clocks that are needed and fed, one domain that takes its time. */
final class PowerModel extends ProtocolModel {
    static final String LONG_NAME = "a-domain-with-a-long-name";

    /** To be put behind a board's clocks. */
    static final String BOARD = """
            power-domains:
              soc:  { switch: { register: cru+0x100, bit: 0 } }
              gpu:  { parent: soc, feeds: [leaf], switch: { register: cru+0x100, bit: 1 } }
              slow: { switch: { register: cru+0x100, bit: 2, settle: 5 ms } }
              a-domain-with-a-long-name: { switch: { register: cru+0x100, bit: 3 } }
              dsp:  { parent: soc, clocks: [bus], feeds: [uart], when-in-use: wait, switch: { register: cru+0x100, bit: 4 } }
            """;

    private static final int ON = 0;
    private static final int OFF = 0x4000_0000;
    private static final int SETTLE_MILLIS = 5;
    private static final int REGISTER = 0x100;

    /** A domain. */
    private static final class Domain {
        final String name;
        final @Nullable Domain parent;
        final @Nullable String clock;
        final @Nullable String feeds;
        final boolean waits;
        final int millis;
        final List<Domain> children = new ArrayList<>();
        final Set<ModelAgent> votes = new HashSet<>();
        boolean on;
        boolean ours;
        boolean offWanted;
        boolean holds; // its parent and its clock
        int cause;

        @Nullable
        Boolean towards; // what it is being switched to

        int transitionCause;
        long ends;

        Domain(
                String name,
                @Nullable Domain parent,
                @Nullable String clock,
                @Nullable String feeds,
                boolean waits,
                int millis) {
            this.name = name;
            this.parent = parent;
            this.clock = clock;
            this.feeds = feeds;
            this.waits = waits;
            this.millis = millis;
            if (parent != null) {
                parent.children.add(this);
            }
        }

        /** The parent of all parents. */
        Domain top() {
            return parent == null ? this : parent.top();
        }

        boolean isWanted() {
            return !votes.isEmpty() || children.stream().anyMatch(child -> child.holds);
        }
    }

    /** Somebody who waits for a domain; pending is null for a synchronous command. */
    private record Waiter(
            ModelAgent agent, int header, @Nullable Pending pending, Domain domain, boolean on, boolean isRevoked) {

        /** Its agent has given up everything: it gets an answer, but nothing that it would hold. */
        Waiter revoked() {
            return new Waiter(agent, header, null, domain, on, on);
        }
    }

    private final List<Domain> domains = new ArrayList<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private final Map<ModelAgent, Map<String, Boolean>> asked = new HashMap<>();
    private final Map<ModelAgent, Set<String>> toldOfChanges = new HashMap<>();
    private final Map<ModelAgent, Set<String>> toldOfRequests = new HashMap<>();
    private final ClockModel clocks;
    private boolean reconsider;

    PowerModel(Model model, ClockModel clocks) {
        super(model, PowerMessage.TABLE, PowerVersion.V3_1, ResourceKind.POWER_DOMAIN);
        this.clocks = clocks;
        Domain soc = new Domain("soc", null, null, null, false, 0);
        domains.add(soc);
        domains.add(new Domain("gpu", soc, null, "leaf", false, 0));
        domains.add(new Domain("slow", null, null, null, false, SETTLE_MILLIS));
        domains.add(new Domain(LONG_NAME, null, null, null, false, 0));
        domains.add(new Domain("dsp", soc, "bus", "uart", true, 0));
        for (ModelAgent agent : model.agents) {
            asked.put(agent, new HashMap<>());
            toldOfChanges.put(agent, new HashSet<>());
            toldOfRequests.put(agent, new HashSet<>());
        }
        clocks.whenReleased(() -> reconsider = true);
    }

    private static <T> T of(ModelAgent agent, Map<ModelAgent, T> map) {
        return Objects.requireNonNull(map.get(agent));
    }

    private Domain domain(ModelAgent agent, int id) {
        String name = agent.nameOf(kind(), id);
        return domains.stream()
                .filter(domain -> domain.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    // ---- Commands.

    @Override
    int weight(Message command) {
        return switch ((PowerMessage) command) {
            case POWER_STATE_SET -> 16;
            case POWER_STATE_GET, POWER_STATE_NOTIFY, POWER_STATE_CHANGE_REQUESTED_NOTIFY -> 4;
            default -> 1;
        };
    }

    @Override
    List<Integer> randomPayload(Random random, Message command) {
        int domain = random.nextInt(random.nextInt(10) == 0 ? 8 : 4);
        return switch ((PowerMessage) command) {
            case POWER_STATE_SET ->
                List.of(
                        random.nextInt(50) == 0 ? 2 : random.nextInt(3) == 0 ? 1 : 0,
                        domain,
                        random.nextInt(50) == 0 ? 1 : random.nextBoolean() ? ON : OFF);
            case POWER_STATE_NOTIFY, POWER_STATE_CHANGE_REQUESTED_NOTIFY ->
                List.of(domain, random.nextInt(50) == 0 ? 2 : random.nextInt(4) > 0 ? 1 : 0);
            case PROTOCOL_ATTRIBUTES -> List.of();
            default -> List.of(domain);
        };
    }

    @Override
    int @Nullable [] reply(Request request) {
        ModelAgent agent = request.agent();
        int[] payload = request.payload();
        PowerMessage message = (PowerMessage) Objects.requireNonNull(table.command(request.message()));
        if (message == PowerMessage.PROTOCOL_ATTRIBUTES) {
            return words(OK, agent.grants(kind()).size(), 0, 0, 0);
        }
        Domain domain = domain(agent, request.resource());
        return switch (message) {
            case POWER_DOMAIN_ATTRIBUTES -> attributes(request, domain);
            case POWER_STATE_SET -> stateSet(request, domain);
            case POWER_STATE_GET -> {
                boolean askedOff = Boolean.FALSE.equals(of(agent, asked).get(domain.name));
                yield words(OK, domain.on && !askedOff ? ON : OFF);
            }
            case POWER_STATE_NOTIFY -> subscribe(of(agent, toldOfChanges), domain.name, payload[1]);
            case POWER_STATE_CHANGE_REQUESTED_NOTIFY -> subscribe(of(agent, toldOfRequests), domain.name, payload[1]);
            case POWER_DOMAIN_NAME_GET -> nameGet(domain.name);
            default -> throw new IllegalStateException(request.toString());
        };
    }

    private int[] attributes(Request request, Domain domain) {
        ModelAgent agent = request.agent();
        int bits = 0;
        if (model.mayChange(agent, kind(), request.resource(), Aspect.STATE)) {
            bits |= agent.events ? 3 << 29 : 1 << 29;
        }
        if (agent.events && model.mayBeNotified(agent, kind(), request.resource())) {
            bits |= 1 << 31 | (request.version() >= 0x21000 ? 1 << 28 : 0);
        }
        bits |= domain.name.length() > 15 && request.version() >= PowerVersion.V3_0 ? 1 << 27 : 0;
        return join(words(OK, bits), name(domain.name, 16));
    }

    private int @Nullable [] stateSet(Request request, Domain domain) {
        ModelAgent agent = request.agent();
        int flags = request.payload()[0];
        int wanted = request.payload()[2];
        if (wanted != ON && wanted != OFF) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        if ((flags & 1) != 0 && !agent.events) {
            return status(Status.Code.NOT_SUPPORTED);
        }
        if (wanted == OFF && isRefused(agent, domain)) {
            return status(Status.Code.BUSY);
        }
        if (flags == 1) {
            return status(model.accept(this, request, flags, wanted));
        }
        if (isDoneAtOnce(agent, domain, wanted == ON)) {
            return status(OK);
        }
        waiters.add(new Waiter(agent, request.header(), null, domain, wanted == ON, false));
        return null;
    }

    @Override
    int carryOut(ModelAgent agent, Pending command) {
        Domain domain = domain(agent, command.resource);
        boolean on = command.wanted == ON;
        if (!on && isRefused(agent, domain)) {
            return Status.Code.BUSY;
        }
        if (isDoneAtOnce(agent, domain, on)) {
            return OK;
        }
        waiters.add(new Waiter(agent, 0, command, domain, on, false));
        return NOT_YET;
    }

    @Override
    boolean hasDelayedResponse(int flags) {
        return false;
    }

    /**
     * What is given up may overtake a domain that is late to go on. If that was the last vote among its parents and
     * children, they go off in between, and then on and off once more: hardware did so, and all are told.
     */
    @Override
    boolean followsVotes(ModelAgent agent, int[] words) {
        if (words.length != 4
                || Header.messageId(words[0]) != PowerMessage.POWER_STATE_SET.id()
                || !agent.sees(kind(), words[2])
                || words[3] != ON) {
            return false;
        }
        Domain domain = domain(agent, words[2]);
        return domains.stream()
                .anyMatch(other -> other != domain && other.top() == domain.top() && other.votes.contains(agent));
    }

    private boolean isRefused(ModelAgent agent, Domain domain) {
        return !domain.waits && domain.votes.stream().allMatch(voter -> voter == agent) && isInUse(domain);
    }

    private boolean isInUse(Domain domain) {
        return domain.children.stream().anyMatch(child -> child.isWanted() || child.towards != null || child.on)
                || (domain.feeds != null && clocks.votesFor(domain.feeds) > 0);
    }

    /** Votes for a state; true if nothing is left to wait for. */
    private boolean isDoneAtOnce(ModelAgent agent, Domain domain, boolean on) {
        model.tellSubscribers(
                this, 1, false, other -> of(other, toldOfRequests).contains(domain.name), domain.name, on ? ON : OFF);
        of(agent, asked).put(domain.name, on);
        if (on) {
            domain.votes.add(agent);
            domain.ours = true;
            domain.cause = agent.id;
            advance(domain);
            return domain.towards == null;
        }
        domain.votes.remove(agent);
        return !domain.votes.isEmpty() || makeOff(domain, agent.id);
    }

    private boolean makeOff(Domain domain, int cause) {
        domain.cause = cause;
        domain.ours = true;
        domain.offWanted = true;
        advance(domain);
        return domain.towards == null;
    }

    // ---- What domains do.

    private void advance(Domain domain) {
        if (domain.towards != null) {
            return;
        }
        if (domain.isWanted()) {
            domain.offWanted = false;
            hold(domain);
            if (!domain.on) {
                begin(domain, true);
            }
        } else if (domain.offWanted && !domain.on) {
            domain.offWanted = false;
        } else if (domain.offWanted && !isInUse(domain)) {
            begin(domain, false);
        }
    }

    private void hold(Domain domain) {
        boolean held = domain.holds;
        domain.holds = true;
        Domain parent = domain.parent;
        if (parent != null) {
            parent.cause = domain.cause;
            advance(parent);
        }
        if (!held && domain.clock != null) {
            clocks.hold(domain.clock);
        }
    }

    private void letGo(Domain domain, int cause) {
        if (!domain.holds) {
            return;
        }
        domain.holds = false;
        if (domain.clock != null) {
            clocks.letGo(domain.clock);
            reconsider = true;
        }
        Domain parent = domain.parent;
        if (parent != null) {
            parent.offWanted |= parent.ours && !parent.isWanted();
            parent.cause = cause;
        }
    }

    private void begin(Domain domain, boolean on) {
        domain.towards = on;
        domain.transitionCause = domain.cause;
        domain.on = on;
        if (!on && domain.clock != null && !domain.holds) {
            clocks.hold(domain.clock); // while it is switched
            clocks.letGo(domain.clock);
            reconsider = true;
        }
        if (domain.millis > 0) {
            domain.ends = model.now() + domain.millis;
        } else {
            end(domain, on);
        }
    }

    private void end(Domain domain, boolean on) {
        domain.towards = null;
        domain.ours = on;
        if (!on) {
            domain.offWanted = false;
            letGo(domain, domain.transitionCause);
        }
        tellChange(domain, on, domain.transitionCause);
        finish(domain, on);
        advance(domain);
        if (domain.parent != null && domain.parent.offWanted) {
            advance(domain.parent);
        }
        if (domain.towards == null) {
            finish(domain, null);
        }
    }

    private void tellChange(Domain domain, boolean on, int cause) {
        int before = model.act(cause);
        model.tellSubscribers(
                this, 0, true, agent -> of(agent, toldOfChanges).contains(domain.name), domain.name, on ? ON : OFF);
        model.act(before);
    }

    /** Ends those who wait for a state, or all with null; not those who come meanwhile. */
    private void finish(Domain domain, @Nullable Boolean on) {
        for (Waiter waiter : List.copyOf(waiters)) {
            if (waiter.domain == domain && (on == null || waiter.on == on) && waiters.remove(waiter)) {
                if (waiter.pending == null && waiter.agent.unanswered == waiter.header) {
                    model.complete(waiter.agent, waiter.isRevoked ? Status.Code.BUSY : OK);
                } else if (waiter.pending != null) {
                    model.finishLater(waiter.agent, waiter.pending, OK);
                }
            }
        }
    }

    @Override
    void pass(long now) {
        for (Domain domain : domains) {
            Boolean towards = domain.towards;
            if (towards != null && domain.ends <= now) {
                end(domain, towards);
            }
        }
        if (reconsider) {
            reconsider = false;
            domains.stream()
                    .filter(domain -> domain.offWanted && domain.towards == null)
                    .forEach(this::advance);
        }
    }

    // ---- What is told, and what is given up.

    private static int[] subscribe(Set<String> subscriptions, String name, int enable) {
        if ((enable & ~1) != 0) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        if (enable == 1) {
            subscriptions.add(name);
        } else {
            subscriptions.remove(name);
        }
        return status(OK);
    }

    @Override
    int @Nullable [] notification(ModelAgent agent, Notification notification) {
        String name = agent.nameOf(kind(), notification.resource());
        boolean isWanted = notification.kind() == 0
                ? of(agent, toldOfChanges).contains(name)
                : of(agent, toldOfRequests).contains(name) && model.version(agent, this) != PowerVersion.V1_0;
        return isWanted ? words(notification.causer(), notification.resource(), (int) notification.first()) : null;
    }

    @Override
    void release(ModelAgent agent) {
        waiters.removeIf(waiter -> waiter.agent == agent && waiter.pending != null);
        waiters.replaceAll(waiter -> waiter.agent == agent ? waiter.revoked() : waiter);
        for (int id = 0; id < agent.grants(kind()).size(); id++) {
            Domain domain = domain(agent, id);
            of(agent, asked).remove(domain.name);
            of(agent, toldOfChanges).remove(domain.name);
            of(agent, toldOfRequests).remove(domain.name);
            if (domain.votes.remove(agent) && domain.votes.isEmpty()) {
                makeOff(domain, agent.id);
            }
        }
    }

    /**
     * What is on stays on. Only votes are remembered: who was to go off waits no more, and a domain that was switched on
     * for one below it counts as if it had been on before.
     */
    @Override
    void restarted() {
        waiters.clear();
        reconsider = false;
        for (Domain domain : domains) {
            domain.votes.clear();
            domain.holds = false;
            domain.towards = null;
            domain.offWanted = false;
            domain.ours = false;
        }
        clocks.letGoOfAll();
        for (ModelAgent agent : model.agents) {
            for (Domain domain : domains) {
                if (Boolean.TRUE.equals(of(agent, asked).get(domain.name)) && domain.on) {
                    domain.votes.add(agent);
                    domain.ours = true;
                    holdQuietly(domain);
                }
            }
        }
    }

    private void holdQuietly(Domain domain) {
        if (!domain.holds) {
            domain.holds = true;
            if (domain.clock != null) {
                clocks.hold(domain.clock);
            }
        }
        if (domain.parent != null && domain.parent.on) {
            holdQuietly(domain.parent);
        }
    }

    // ---- The hardware.

    @Override
    @Nullable
    String difference(Bench bench) {
        long bits = bench.cru.read(REGISTER);
        for (int i = 0; i < domains.size(); i++) {
            boolean on = (bits >> i & 1) != 0;
            if (on != domains.get(i).on) {
                return "power domain " + domains.get(i).name + " is " + (on ? "on" : "off");
            }
        }
        return null;
    }
}
