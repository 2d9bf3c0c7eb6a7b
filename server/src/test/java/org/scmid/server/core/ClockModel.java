// What the model says of clocks.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.Status;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.clock.ClockVersion;
import org.scmid.server.core.ModelAgent.Notification;
import org.scmid.server.core.ModelAgent.Pending;
import org.scmid.transport.vhostuser.Request;

/** The clocks of {@link Bench#BOARD} in the model: votes, rates, parents, wishes and subscriptions. */
class ClockModel extends ProtocolModel {
    private static final int ASYNC = 1;
    private static final int NO_DELAYED_RESPONSE = 2;
    private static final int ROUND_UP = 4;
    private static final int ROUND_NEAREST = 8;
    private static final long OSC_HZ = 24_000_000;
    private static final long PLL_HZ = 600_000_000;

    /** Each clock of the board, and the clocks that it can run from. */
    private static final Map<String, List<String>> PARENTS = parents();

    /** Bits of the gates' register. */
    private static final List<String> GATES = List.of("bus", "uart", "leaf", Bench.LONG_NAME);

    private int busDivider = 1; // raw, as the board begins
    private int uartDivider;
    private int longDivider;
    private boolean uartFromPll;
    private final Map<ModelAgent, Set<String>> votes = new HashMap<>();
    private final Map<ModelAgent, Set<String>> askedOff = new HashMap<>();
    private final Map<ModelAgent, Set<String>> toldOfChanges = new HashMap<>();
    private final Map<ModelAgent, Set<String>> toldOfRequests = new HashMap<>();
    private final Map<ModelAgent, Map<String, Wish>> wishes = new HashMap<>();

    private final List<String> held = new ArrayList<>(); // by power domains, once for each
    private Runnable released = () -> {};
    private boolean busIsLeftOn;

    /** A rate that an agent asked for, and how it is rounded. */
    private record Wish(long rate, int flags) {}

    ClockModel(Model model) {
        super(model, ClockMessage.TABLE, ClockVersion.V3_0, ResourceKind.CLOCK);
        for (ModelAgent agent : model.agents) {
            votes.put(agent, new HashSet<>());
            askedOff.put(agent, new HashSet<>());
            toldOfChanges.put(agent, new HashSet<>());
            toldOfRequests.put(agent, new HashSet<>());
            wishes.put(agent, new HashMap<>());
        }
    }

    private static Map<String, List<String>> parents() {
        Map<String, List<String>> parents = new LinkedHashMap<>();
        parents.put("osc", List.of());
        parents.put("pll", List.of());
        parents.put("bus", List.of("osc"));
        parents.put("uart", List.of("osc", "pll"));
        parents.put("leaf", List.of("bus"));
        parents.put(Bench.LONG_NAME, List.of("bus"));
        return parents;
    }

    private static <T> T of(ModelAgent agent, Map<ModelAgent, T> map) {
        return Objects.requireNonNull(map.get(agent));
    }

    // ---- Random commands.

    @Override
    int weight(Message command) {
        return switch ((ClockMessage) command) {
            case CLOCK_RATE_SET -> 14;
            case CLOCK_CONFIG_SET -> 10;
            case CLOCK_RATE_NOTIFY, CLOCK_RATE_CHANGE_REQUESTED_NOTIFY -> 6;
            case CLOCK_PARENT_SET, CLOCK_RATE_GET, CLOCK_CONFIG_GET, CLOCK_DESCRIBE_RATES -> 3;
            default -> 1;
        };
    }

    @Override
    List<Integer> randomPayload(Random random, Message command) {
        int clock = random.nextInt(random.nextInt(10) == 0 ? 8 : 5);
        return switch ((ClockMessage) command) {
            case CLOCK_DESCRIBE_RATES -> List.of(clock, random.nextInt(random.nextBoolean() ? 1 : 18));
            case CLOCK_RATE_SET -> {
                int flags = (random.nextInt(3) == 0 ? ASYNC : 0) | (random.nextInt(5) == 0 ? NO_DELAYED_RESPONSE : 0);
                flags |= new int[] {0, ROUND_UP, ROUND_NEAREST, ROUND_UP | ROUND_NEAREST, 16}
                        [random.nextInt(100) == 0 ? 4 : random.nextInt(4)];
                long rate = randomRate(random);
                yield List.of(flags, clock, (int) rate, (int) (rate >>> 32));
            }
            case CLOCK_CONFIG_SET -> {
                int attributes = random.nextInt(20) == 0 ? random.nextInt() : random.nextInt(2);
                yield random.nextInt(10) == 0 ? List.of(clock, attributes) : List.of(clock, attributes, 0);
            }
            case CLOCK_RATE_NOTIFY, CLOCK_RATE_CHANGE_REQUESTED_NOTIFY ->
                List.of(clock, random.nextInt(50) == 0 ? 2 : random.nextInt(4) > 0 ? 1 : 0);
            case CLOCK_CONFIG_GET -> List.of(clock, random.nextInt(20) == 0 ? random.nextInt() : 0);
            case CLOCK_POSSIBLE_PARENTS_GET -> List.of(clock, random.nextInt(3));
            case CLOCK_PARENT_SET -> List.of(clock, random.nextInt(6));
            case PROTOCOL_ATTRIBUTES -> List.of();
            default -> List.of(clock);
        };
    }

    private static long randomRate(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt(700_000_000);
            case 2, 3, 4 -> random.nextInt(30_000_000);
            case 5 -> PLL_HZ / (random.nextInt(128) + 1);
            case 6 -> 0;
            default -> OSC_HZ / (random.nextInt(16) + 1);
        };
    }

    // ---- Commands.

    @Override
    int[] reply(Request request) {
        ModelAgent agent = request.agent();
        int[] payload = request.payload();
        ClockMessage message = (ClockMessage) Objects.requireNonNull(table.command(request.message()));
        if (message == ClockMessage.PROTOCOL_ATTRIBUTES) {
            int pending = agent.events ? ModelAgent.MAX_PENDING : 0;
            return words(OK, agent.grants(kind()).size() | pending << 16);
        }
        String clock = agent.nameOf(kind(), request.resource());
        return switch (message) {
            case CLOCK_ATTRIBUTES -> attributes(agent, clock, request.version());
            case CLOCK_DESCRIBE_RATES -> describe(agent, clock, payload[1]);
            case CLOCK_RATE_SET -> rateSet(request, clock);
            case CLOCK_RATE_GET -> words(OK, (int) rate(clock), (int) (rate(clock) >>> 32));
            case CLOCK_CONFIG_SET -> configSet(request, clock);
            case CLOCK_NAME_GET -> nameGet(clock);
            case CLOCK_RATE_NOTIFY -> subscribe(of(agent, toldOfChanges), clock, payload[1]);
            case CLOCK_RATE_CHANGE_REQUESTED_NOTIFY -> subscribe(of(agent, toldOfRequests), clock, payload[1]);
            case CLOCK_CONFIG_GET ->
                payload[1] == 0 ? words(OK, 0, reads(agent, clock), 0) : status(Status.Code.INVALID_PARAMETERS);
            case CLOCK_POSSIBLE_PARENTS_GET -> possibleParents(agent, clock, payload[1]);
            case CLOCK_PARENT_SET -> parentSet(agent, clock, payload[1]);
            case CLOCK_PARENT_GET -> parentGet(agent, clock);
            case CLOCK_GET_PERMISSIONS -> words(OK, permissions(agent, clock));
            default -> throw new IllegalStateException(request.toString());
        };
    }

    private int permissions(ModelAgent agent, String clock) {
        int id = agent.idOf(kind(), clock);
        boolean mayDecide = mayDecide(agent, clock);
        return (isStoppable(clock) && model.mayChange(agent, kind(), id, Aspect.STATE) ? 1 << 31 : 0)
                | (mayDecide && model.mayChange(agent, kind(), id, Aspect.PARENT) ? 1 << 30 : 0)
                | (mayDecide && model.mayChange(agent, kind(), id, Aspect.RATE) ? 1 << 29 : 0);
    }

    private int[] attributes(ModelAgent agent, String clock, int version) {
        int id = agent.idOf(kind(), clock);
        int bits = reads(agent, clock);
        bits |= permissions(agent, clock) == 7 << 29 ? 0 : 2;
        bits |= visibleParents(agent, clock).isEmpty() ? 0 : 1 << 28;
        bits |= clock.length() > 15 ? 1 << 29 : 0;
        bits |= agent.events && model.mayBeNotified(agent, kind(), id) ? 3 << 30 : 0;
        int[] start = join(words(OK, bits & bitsIn(version)), name(clock, 16));
        return version == ClockVersion.V1_0 ? start : join(start, words(clock.equals("uart") ? 50 : 0));
    }

    /** Whether it has a gate, or any clock has one that it could run from. */
    private static boolean isStoppable(String clock) {
        return GATES.contains(clock)
                || Objects.requireNonNull(PARENTS.get(clock)).stream().anyMatch(ClockModel::isStoppable);
    }

    private static int bitsIn(int version) {
        return version == ClockVersion.V3_0 ? -1 : version == ClockVersion.V2_0 ? 7 << 29 | 1 : 1;
    }

    private int[] describe(ModelAgent agent, String clock, int index) {
        List<Long> rates = possibleRates(agent, clock);
        if (clock.equals("uart")) {
            return index == 0
                    ? join(words(OK, 3 | 1 << 12), quads(List.of(rates.getFirst(), rates.getLast(), 1L)))
                    : status(Status.Code.OUT_OF_RANGE);
        }
        return index >= 0 && index < rates.size()
                ? join(words(OK, rates.size() - index), quads(rates.subList(index, rates.size())))
                : status(Status.Code.OUT_OF_RANGE);
    }

    /** Whether an agent reads that a clock runs: not after it has asked for off. */
    private int reads(ModelAgent agent, String clock) {
        return runs(clock) && !of(agent, askedOff).contains(clock) ? 1 : 0;
    }

    private static int[] quads(List<Long> numbers) {
        return numbers.stream()
                .flatMapToInt(number -> Arrays.stream(new int[] {(int) (long) number, (int) (number >>> 32)}))
                .toArray();
    }

    private static int[] subscribe(Set<String> subscriptions, String clock, int enable) {
        if ((enable & ~1) != 0) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        if (enable == 1) {
            subscriptions.add(clock);
        } else {
            subscriptions.remove(clock);
        }
        return status(OK);
    }

    // ---- On and off.

    private int[] configSet(Request request, String clock) {
        int[] payload = request.payload();
        int attributes = payload[1];
        boolean isNew = request.version() == ClockVersion.V3_0;
        boolean isExtended = isNew && (attributes >>> 16 & 0xFF) != 0;
        if (isExtended && payload.length < 3) {
            return status(Status.Code.PROTOCOL_ERROR);
        }
        if (isExtended || (attributes & ~1) != 0) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        if (attributes == 1) {
            of(request.agent(), votes).add(clock);
            of(request.agent(), askedOff).remove(clock);
            busIsLeftOn &= !isBusUsed();
        } else if (!isStoppable(clock)) {
            return status(Status.Code.DENIED);
        } else {
            of(request.agent(), votes).remove(clock);
            of(request.agent(), askedOff).add(clock);
            busIsLeftOn &= isVotedFor(clock) || parent(clock) == null || clock.equals("uart"); // else it is stopped
            released.run();
        }
        return status(OK);
    }

    /** Whether anybody wants a clock to run. */
    boolean isVotedFor(String clock) {
        return votesFor(clock) > 0;
    }

    /** Says what is done whenever somebody lets go of a clock. */
    final void whenReleased(Runnable action) {
        released = action;
    }

    /** A power domain needs a clock. */
    final void hold(String clock) {
        held.add(clock);
        busIsLeftOn = false;
    }

    /** A power domain needs it no more. */
    final void letGo(String clock) {
        held.remove(clock);
    }

    /** The service was killed: what runs for a domain that is on, without a vote for it, goes on, and nobody counts it. */
    final void letGoOfAll() {
        busIsLeftOn = isGateOpen("bus");
        held.clear();
        busIsLeftOn &= !isBusUsed();
    }

    private boolean isBusUsed() {
        return held.contains("bus") || isVotedFor("bus") || isVotedFor("leaf") || isVotedFor(Bench.LONG_NAME);
    }

    final long votesFor(String clock) {
        return votes.values().stream().filter(its -> its.contains(clock)).count();
    }

    private boolean isGateOpen(String clock) {
        return !GATES.contains(clock) || isVotedFor(clock) || (clock.equals("bus") && (busIsLeftOn || isBusUsed()));
    }

    private boolean runs(String clock) {
        String parent = parent(clock);
        return isGateOpen(clock) && (parent == null || runs(parent));
    }

    // ---- Rates.

    private long rate(String clock) {
        return switch (clock) {
            case "osc" -> OSC_HZ;
            case "pll" -> PLL_HZ;
            case "bus", "leaf" -> OSC_HZ / (busDivider + 1);
            case "uart" -> uartSource() / (uartDivider + 1);
            default -> OSC_HZ / ((busDivider + 1) * (1L << longDivider));
        };
    }

    private long uartSource() {
        return uartFromPll ? PLL_HZ : OSC_HZ;
    }

    /** By the raw value of its divider; one for a clock without. */
    private List<Long> ratesByRaw(String clock) {
        List<Long> rates = new ArrayList<>();
        int count = switch (clock) {
            case "bus" -> 16;
            case "uart" -> 128;
            case Bench.LONG_NAME -> 4;
            default -> 1;
        };
        for (int raw = 0; raw < count; raw++) {
            rates.add(
                    switch (clock) {
                        case "bus" -> OSC_HZ / (raw + 1);
                        case "uart" -> uartSource() / (raw + 1);
                        case Bench.LONG_NAME -> OSC_HZ / ((busDivider + 1) * (1L << raw));
                        default -> rate(clock);
                    });
        }
        return rates;
    }

    private List<Long> possibleRates(@Nullable ModelAgent agent, String clock) {
        return isHeldByOthers(agent, clock)
                ? List.of(rate(clock))
                : ratesByRaw(clock).stream().sorted().toList();
    }

    /** Whether a clock that runs from this one has to keep its rate. */
    private boolean isHeldByOthers(@Nullable ModelAgent agent, String clock) {
        return clock.equals("bus")
                && runs("bus")
                && !(policy("bus") instanceof ArbitrationPolicy.Owner && owns(agent, "bus"))
                && Stream.of("leaf", Bench.LONG_NAME).anyMatch(below -> isGateOpen(below) && keepsRate(agent, below));
    }

    @Override
    boolean followsVotes(ModelAgent agent, int[] words) {
        if (words.length != 5
                || Header.messageId(words[0]) != ClockMessage.CLOCK_RATE_SET.id()
                || !agent.sees(kind(), words[2])) {
            return false;
        }
        String clock = agent.nameOf(kind(), words[2]);
        return isHeldByOthers(agent, clock)
                || of(agent, wishes).containsKey(clock) // the wish before this one goes too
                || Objects.requireNonNull(PARENTS.get(clock)).stream()
                        .anyMatch(of(agent, wishes)::containsKey); // the rate that it divides may change
    }

    private boolean keepsRate(@Nullable ModelAgent agent, String clock) {
        return policy(clock) instanceof ArbitrationPolicy.Highest
                || (policy(clock) instanceof ArbitrationPolicy.Owner && !owns(agent, clock));
    }

    /** Whether it is the owner, if there is one. */
    private boolean owns(@Nullable ModelAgent agent, String clock) {
        return !(policy(clock) instanceof ArbitrationPolicy.Owner owner)
                || (agent != null && owner.agent().equals(agent.name));
    }

    /** The status of a wish that no rate fulfils. */
    private int refusal(@Nullable ModelAgent agent, String clock, long wish, int flags) {
        List<Long> all = ratesByRaw(clock).stream().sorted().toList();
        boolean mayBeHigher = (flags & (ROUND_UP | ROUND_NEAREST)) != 0;
        boolean isPossible = wish >= 0 && wish <= all.getLast() && (mayBeHigher || wish >= all.getFirst() - 1);
        return isPossible && isHeldByOthers(agent, clock) ? Status.Code.DENIED : Status.Code.INVALID_PARAMETERS;
    }

    /** The rate that a wish gives; negative if it is refused. */
    long roundedRate(@Nullable ModelAgent agent, String clock, long wish, int flags) {
        List<Long> rates = possibleRates(agent, clock);
        if (wish < 0 || wish > rates.getLast()) {
            return -1;
        }
        long above = rates.stream().filter(rate -> rate >= wish).findFirst().orElseThrow();
        long below = rates.reversed().stream()
                .filter(rate -> rate <= wish)
                .findFirst()
                .orElse(-1L);
        if ((flags & ROUND_NEAREST) != 0) {
            return below < 0 || above - wish <= wish - below ? above : below;
        }
        return (flags & ROUND_UP) != 0 ? above : below;
    }

    /** @param agent who asks; null if nobody does, since it follows what was asked for before */
    private boolean setRate(@Nullable ModelAgent agent, String clock, long wish, int flags) {
        long rate = roundedRate(agent, clock, wish, flags);
        if (rate < 0) {
            return false;
        }
        if (agent != null) {
            model.tellSubscribers(
                    this, 1, false, told -> of(told, toldOfRequests).contains(clock), clock, wish);
        }
        Map<String, Long> before = rates();
        int raw = ratesByRaw(clock).indexOf(rate);
        switch (clock) {
            case "bus" -> busDivider = raw;
            case "uart" -> uartDivider = raw;
            case Bench.LONG_NAME -> longDivider = raw;
            default -> {}
        }
        tellChanges(before);
        return true;
    }

    private Map<String, Long> rates() {
        Map<String, Long> rates = new HashMap<>();
        PARENTS.keySet().forEach(clock -> rates.put(clock, rate(clock)));
        return rates;
    }

    private void tellChanges(Map<String, Long> before) {
        for (String clock : PARENTS.keySet()) {
            if (rate(clock) != Objects.requireNonNull(before.get(clock))) {
                model.tellSubscribers(
                        this, 0, true, agent -> of(agent, toldOfChanges).contains(clock), clock, rate(clock));
            }
        }
    }

    // ---- Whose wish is followed.

    private ArbitrationPolicy policy(String clock) {
        return model.setup.policy(kind(), clock);
    }

    private boolean mayDecide(ModelAgent agent, String clock) {
        return owns(agent, clock);
    }

    private int[] rateSet(Request request, String clock) {
        int[] payload = request.payload();
        int flags = payload[0];
        long rate = Integer.toUnsignedLong(payload[2]) | (long) payload[3] << 32;
        if (!mayDecide(request.agent(), clock)) {
            return status(Status.Code.DENIED);
        }
        if ((flags & ASYNC) != 0 && !request.agent().events) {
            return status(Status.Code.NOT_SUPPORTED);
        }
        if ((flags & ~15) != 0) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        return status(
                (flags & ASYNC) != 0
                        ? model.accept(this, request, flags, rate)
                        : wish(request.agent(), clock, rate, flags));
    }

    private int wish(ModelAgent agent, String clock, long rate, int flags) {
        if (!(policy(clock) instanceof ArbitrationPolicy.Highest)) {
            return setRate(agent, clock, rate, flags) ? OK : refusal(agent, clock, rate, flags);
        }
        Wish highest = highestWish(clock, agent);
        if (highest == null || Long.compareUnsigned(rate, highest.rate()) >= 0) {
            if (!setRate(agent, clock, rate, flags)) {
                return refusal(agent, clock, rate, flags);
            }
            of(agent, wishes).put(clock, new Wish(rate, flags));
            return OK;
        }
        if (roundedRate(agent, clock, rate, flags) < 0) {
            return refusal(agent, clock, rate, flags);
        }
        of(agent, wishes).put(clock, new Wish(rate, flags));
        setRate(null, clock, highest.rate(), highest.flags());
        return OK;
    }

    /** The highest wish of all agents but one; the first of equal ones. */
    private @Nullable Wish highestWish(String clock, ModelAgent but) {
        return model.agents.stream()
                .filter(agent -> agent != but)
                .map(agent -> of(agent, wishes).get(clock))
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .reduce((one, other) -> Long.compareUnsigned(other.rate(), one.rate()) > 0 ? other : one)
                .orElse(null);
    }

    @Override
    int carryOut(ModelAgent agent, Pending command) {
        String clock = agent.nameOf(kind(), command.resource);
        int status = wish(agent, clock, command.wanted, command.flags);
        command.result = rate(clock);
        return status;
    }

    @Override
    boolean hasDelayedResponse(int flags) {
        return (flags & NO_DELAYED_RESPONSE) == 0;
    }

    @Override
    int[] delayedResponse(Pending command) {
        return words(command.resource, (int) command.result, (int) (command.result >>> 32));
    }

    // ---- Parents.

    private @Nullable String parent(String clock) {
        if (clock.equals("uart")) {
            return uartFromPll ? "pll" : "osc";
        }
        List<String> parents = Objects.requireNonNull(PARENTS.get(clock));
        return parents.isEmpty() ? null : parents.getFirst();
    }

    private List<Integer> visibleParents(ModelAgent agent, String clock) {
        return Objects.requireNonNull(PARENTS.get(clock)).stream()
                .map(parent -> agent.idOf(kind(), parent))
                .filter(id -> id >= 0)
                .toList();
    }

    private int[] possibleParents(ModelAgent agent, String clock, int skip) {
        List<Integer> parents = visibleParents(agent, clock);
        if (parents.isEmpty()) {
            return status(Status.Code.NOT_SUPPORTED);
        }
        if (skip < 0 || skip >= parents.size()) {
            return status(Status.Code.OUT_OF_RANGE);
        }
        List<Integer> rest = parents.subList(skip, parents.size());
        return join(words(OK, rest.size()), rest.stream().mapToInt(id -> id).toArray());
    }

    private int[] parentGet(ModelAgent agent, String clock) {
        String parent = parent(clock);
        if (parent == null || visibleParents(agent, clock).isEmpty()) {
            return status(Status.Code.NOT_SUPPORTED);
        }
        int id = agent.idOf(kind(), parent);
        return id < 0 ? status(Status.Code.DENIED) : words(OK, id);
    }

    private int[] parentSet(ModelAgent agent, String clock, int parent) {
        if (!mayDecide(agent, clock)) {
            return status(Status.Code.DENIED);
        }
        if (visibleParents(agent, clock).isEmpty()) {
            return status(Status.Code.NOT_SUPPORTED);
        }
        if (!agent.sees(kind(), parent)) {
            return status(Status.Code.NOT_FOUND);
        }
        boolean isWished = policy(clock) instanceof ArbitrationPolicy.Highest && highestWish(clock, agent) != null;
        if (model.isDenied(agent, kind(), agent.nameOf(kind(), parent)) || isWished) {
            return status(Status.Code.DENIED);
        }
        if (!visibleParents(agent, clock).contains(parent)) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        Map<String, Long> before = rates();
        if (clock.equals("uart")) {
            uartFromPll = agent.nameOf(kind(), parent).equals("pll");
        }
        tellChanges(before);
        return status(OK);
    }

    // ---- What is told, and what is given up.

    @Override
    int @Nullable [] notification(ModelAgent agent, Notification notification) {
        String clock = agent.nameOf(kind(), notification.resource());
        boolean isWanted = of(agent, notification.kind() == 0 ? toldOfChanges : toldOfRequests)
                        .contains(clock)
                && model.version(agent, this) != ClockVersion.V1_0;
        long rate = notification.first();
        return isWanted ? words(notification.causer(), notification.resource(), (int) rate, (int) (rate >>> 32)) : null;
    }

    @Override
    void release(ModelAgent agent) {
        of(agent, votes).clear();
        of(agent, askedOff).clear();
        released.run();
        for (int id = 0; id < agent.grants(kind()).size(); id++) {
            String clock = agent.nameOf(kind(), id);
            of(agent, toldOfChanges).remove(clock);
            of(agent, toldOfRequests).remove(clock);
            if (of(agent, wishes).remove(clock) != null) {
                Wish highest = highestWish(clock, agent);
                if (highest != null) {
                    setRate(null, clock, highest.rate(), highest.flags());
                }
            }
        }
    }

    // ---- The hardware.

    @Override
    @Nullable
    String difference(Bench bench) {
        for (String clock : GATES) {
            boolean isOpen = bench.gate(GATES.indexOf(clock));
            if (isOpen != isGateOpen(clock)) {
                return "the gate of " + clock + " is " + (isOpen ? "open" : "closed");
            }
        }
        return PARENTS.keySet().stream()
                .sorted(Comparator.naturalOrder())
                .filter(clock -> bench.tree.get(clock).rate() != rate(clock))
                .findFirst()
                .map(clock -> clock + " has " + bench.tree.get(clock).rate() + " Hz, not " + rate(clock))
                .orElse(null);
    }
}
