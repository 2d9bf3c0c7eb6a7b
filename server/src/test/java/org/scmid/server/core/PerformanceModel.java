// What the model says of performance domains.
package org.scmid.server.core;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.Message;
import org.scmid.protocol.Status;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.performance.PerformanceVersion;
import org.scmid.server.core.ModelAgent.Notification;
import org.scmid.transport.vhostuser.Request;

/** Performance domains in the model: limits of all agents, levels that are asked for, and what is told of both. */
final class PerformanceModel extends ProtocolModel {
    /** Clocks that no agent is given, to be put behind a board's others. */
    static final String CLOCKS = """
              %1$scpu: { parent: pll, divider: { register: cru+0x140, bits: 3..0, kind: linear } }
              %1$sgpu: { parent: pll, divider: { register: cru+0x144, bits: 3..0, kind: linear } }
            """.formatted(ModelSetup.NOT_GRANTED);

    /** To be put behind a board's clocks. */
    static final String BOARD = """
            performance-domains:
              cpu:
                clock: %1$scpu
                levels:
                  - { frequency: 100 MHz, power: 120.5 mW, latency: 50 us }
                  - { frequency: 200 MHz }
                  - { frequency: 300 MHz }
                  - { frequency: 600 MHz }
                sustained: 300 MHz
                rate-limit: 1 ms
              gpu-with-quite-a-long-name:
                clock: %1$sgpu
                levels:
                  - { level: 10, frequency: 100 MHz }
                  - { level: 20, frequency: 200 MHz }
                  - { level: 60, frequency: 600 MHz }
                sustained: 200 MHz
                level-indexing: true
            """.formatted(ModelSetup.NOT_GRANTED);

    private static final int PLL_MHZ = 600;

    /** A domain; levels are positions from 0. */
    private static final class Domain {
        final String name;
        final int register;
        final int rateLimit;
        final int sustained;
        final boolean indexed;
        final List<Integer> megahertz;
        final List<Integer> numbers;
        final Map<ModelAgent, Integer> asked = new HashMap<>();
        final Map<ModelAgent, Integer> highest = new HashMap<>();
        final Map<ModelAgent, Integer> lowest = new HashMap<>();
        int level;
        int upper;
        int lower;

        Domain(
                String name,
                int register,
                int rateLimit,
                int sustained,
                boolean indexed,
                List<Integer> megahertz,
                List<Integer> numbers) {
            this.name = name;
            this.register = register;
            this.rateLimit = rateLimit;
            this.sustained = sustained;
            this.indexed = indexed;
            this.megahertz = megahertz;
            this.numbers = numbers;
            level = last();
            upper = last();
        }

        int last() {
            return megahertz.size() - 1;
        }

        /** What agents call a level. */
        int number(int position, int version) {
            return indexed && version == PerformanceVersion.V4_0 ? position + 1 : numbers.get(position);
        }
    }

    private final List<Domain> domains = List.of(
            new Domain(
                    "cpu",
                    0x140,
                    1000,
                    2,
                    false,
                    List.of(100, 200, 300, 600),
                    List.of(100_000, 200_000, 300_000, 600_000)),
            new Domain("gpu-with-quite-a-long-name", 0x144, 0, 1, true, List.of(100, 200, 600), List.of(10, 20, 60)));
    private final Map<ModelAgent, Set<String>> toldOfLimits = new HashMap<>();
    private final Map<ModelAgent, Set<String>> toldOfLevels = new HashMap<>();

    PerformanceModel(Model model) {
        super(model, PerformanceMessage.TABLE, PerformanceVersion.V4_0, ResourceKind.PERFORMANCE_DOMAIN);
        for (ModelAgent agent : model.agents) {
            toldOfLimits.put(agent, new HashSet<>());
            toldOfLevels.put(agent, new HashSet<>());
        }
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
    boolean isServed(Message command) {
        return command != PerformanceMessage.PERFORMANCE_DESCRIBE_FASTCHANNEL;
    }

    @Override
    int weight(Message command) {
        return switch ((PerformanceMessage) command) {
            case PERFORMANCE_DESCRIBE_FASTCHANNEL -> 0;
            case PERFORMANCE_LIMITS_SET, PERFORMANCE_LEVEL_SET -> 10;
            case PERFORMANCE_NOTIFY_LIMITS, PERFORMANCE_NOTIFY_LEVEL -> 4;
            default -> 1;
        };
    }

    @Override
    List<Integer> randomPayload(Random random, Message command) {
        int domain = random.nextInt(random.nextInt(10) == 0 ? 8 : 2);
        return switch ((PerformanceMessage) command) {
            case PERFORMANCE_DESCRIBE_LEVELS -> List.of(domain, random.nextInt(5));
            case PERFORMANCE_LIMITS_SET -> List.of(domain, randomLevel(random), randomLevel(random));
            case PERFORMANCE_LEVEL_SET -> List.of(domain, randomLevel(random));
            case PERFORMANCE_NOTIFY_LIMITS, PERFORMANCE_NOTIFY_LEVEL ->
                List.of(domain, random.nextInt(50) == 0 ? 2 : random.nextInt(4) > 0 ? 1 : 0);
            case PROTOCOL_ATTRIBUTES -> List.of();
            default -> List.of(domain);
        };
    }

    private int randomLevel(Random random) {
        List<Integer> numbers = domains.get(random.nextInt(2)).numbers;
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(5);
            case 1 -> random.nextInt(700_000);
            default -> numbers.get(random.nextInt(numbers.size()));
        };
    }

    @Override
    int[] reply(Request request) {
        ModelAgent agent = request.agent();
        int[] payload = request.payload();
        int version = request.version();
        PerformanceMessage message = (PerformanceMessage) Objects.requireNonNull(table.command(request.message()));
        if (message == PerformanceMessage.PROTOCOL_ATTRIBUTES) {
            int unit = version >= PerformanceVersion.V3_0 ? 2 : 1;
            return words(OK, agent.grants(kind()).size() | unit << 16, 0, 0, 0);
        }
        Domain domain = domain(agent, request.resource());
        return switch (message) {
            case PERFORMANCE_DOMAIN_ATTRIBUTES -> attributes(request, domain);
            case PERFORMANCE_DESCRIBE_LEVELS -> describe(domain, payload[1], version);
            case PERFORMANCE_LIMITS_SET -> limitsSet(request, domain);
            case PERFORMANCE_LIMITS_GET ->
                words(OK, domain.number(domain.upper, version), domain.number(domain.lower, version));
            case PERFORMANCE_LEVEL_SET -> levelSet(request, domain);
            case PERFORMANCE_LEVEL_GET -> words(OK, domain.number(domain.level, version));
            case PERFORMANCE_NOTIFY_LIMITS -> subscribe(of(agent, toldOfLimits), domain.name, payload[1]);
            case PERFORMANCE_NOTIFY_LEVEL -> subscribe(of(agent, toldOfLevels), domain.name, payload[1]);
            case PERFORMANCE_DOMAIN_NAME_GET -> nameGet(domain.name);
            default -> throw new IllegalStateException(request.toString());
        };
    }

    private int[] attributes(Request request, Domain domain) {
        ModelAgent agent = request.agent();
        int bits = 0;
        boolean mayDecide = mayDecide(agent, domain);
        bits |= mayDecide && model.mayChange(agent, kind(), request.resource(), Aspect.LIMITS) ? 1 << 31 : 0;
        bits |= mayDecide && model.mayChange(agent, kind(), request.resource(), Aspect.LEVEL) ? 1 << 30 : 0;
        if (agent.events && model.mayBeNotified(agent, kind(), request.resource())) {
            bits |= 3 << 28;
        }
        bits |= domain.name.length() > 15 && request.version() >= PerformanceVersion.V3_0 ? 1 << 26 : 0;
        bits |= domain.indexed && request.version() >= PerformanceVersion.V4_0 ? 1 << 25 : 0;
        return join(
                words(
                        OK,
                        bits,
                        domain.rateLimit,
                        domain.megahertz.get(domain.sustained) * 1000,
                        domain.numbers.get(domain.sustained)),
                name(domain.name, 16));
    }

    private static int[] describe(Domain domain, int index, int version) {
        boolean isNew = version == PerformanceVersion.V4_0;
        if (index < 0 || index > domain.last()) {
            return status(isNew ? Status.Code.OUT_OF_RANGE : Status.Code.INVALID_PARAMETERS);
        }
        int[] reply = words(OK, domain.last() + 1 - index);
        for (int i = index; i <= domain.last(); i++) {
            boolean isKnown = i == 0 && domain.name.equals("cpu");
            int power = !isKnown ? 0 : version >= PerformanceVersion.V3_0 ? 120_500 : 121;
            reply = join(reply, words(domain.numbers.get(i), power, isKnown ? 50 : 0));
            if (isNew) {
                reply = join(reply, words(domain.megahertz.get(i) * 1000, i + 1));
            }
        }
        return reply;
    }

    private boolean mayDecide(ModelAgent agent, Domain domain) {
        return owns(agent, model.setup.policy(kind(), domain.name)) && mayMoveClockOf(agent, domain);
    }

    /** No agent is given the clock of a domain, so none wishes a rate of it. */
    private boolean mayMoveClockOf(ModelAgent agent, Domain domain) {
        String clock = domain.name.equals("cpu") ? "inner-cpu" : "inner-gpu";
        return owns(agent, model.setup.policy(ResourceKind.CLOCK, clock))
                && !model.isDenied(agent, ResourceKind.CLOCK, clock);
    }

    private static boolean owns(ModelAgent agent, ArbitrationPolicy policy) {
        return !(policy instanceof ArbitrationPolicy.Owner owner)
                || owner.agent().equals(agent.name);
    }

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

    // ---- Limits.

    private int[] limitsSet(Request request, Domain domain) {
        ModelAgent agent = request.agent();
        int version = request.version();
        if (!mayDecide(agent, domain)) {
            return status(Status.Code.DENIED);
        }
        boolean mayLeave = version >= PerformanceVersion.V3_0;
        boolean setsUpper = request.payload()[1] != 0 || !mayLeave;
        boolean setsLower = request.payload()[2] != 0 || !mayLeave;
        if (!setsUpper && !setsLower) {
            return status(Status.Code.OUT_OF_RANGE);
        }
        int upper = setsUpper
                ? request.payload()[1]
                : domain.number(domain.highest.getOrDefault(agent, domain.last()), version);
        int lower = setsLower ? request.payload()[2] : domain.number(domain.lowest.getOrDefault(agent, 0), version);
        if (Integer.compareUnsigned(upper, lower) < 0) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        if (isOutside(domain, upper, version) || isOutside(domain, lower, version)) {
            return status(Status.Code.OUT_OF_RANGE);
        }
        int highest = domain.last();
        while (domain.number(highest, version) > upper) {
            highest--;
        }
        int lowest = 0;
        while (domain.number(lowest, version) < lower) {
            lowest++;
        }
        if (highest < lowest) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        if (setsUpper) {
            domain.highest.put(agent, highest);
        }
        if (setsLower) {
            domain.lowest.put(agent, lowest);
        }
        int effective = limits(domain);
        followLimits(domain);
        if (limits(domain) == effective && isOverruled(agent, domain)) {
            int id = request.resource();
            if (of(agent, toldOfLimits).contains(domain.name) && model.mayBeNotified(agent, kind(), id)) {
                model.tell(agent, new Notification(this, 0, true, id, agent.id, effective, 0));
            }
        }
        return status(OK);
    }

    private static boolean isOutside(Domain domain, int number, int version) {
        return Integer.compareUnsigned(number, domain.number(0, version)) < 0
                || Integer.compareUnsigned(number, domain.number(domain.last(), version)) > 0;
    }

    /** What all allow; of limits that contradict each other the lowest upper one. */
    private void followLimits(Domain domain) {
        int before = limits(domain);
        domain.upper = domain.highest.values().stream().min(Integer::compare).orElse(domain.last());
        domain.lower = Math.min(
                domain.upper,
                domain.lowest.values().stream().max(Integer::compare).orElse(0));
        change(domain, wish(domain));
        if (limits(domain) != before) {
            model.tellSubscribers(
                    this, 0, true, agent -> of(agent, toldOfLimits).contains(domain.name), domain.name, limits(domain));
        }
    }

    private static int limits(Domain domain) {
        return domain.upper << 16 | domain.lower;
    }

    private static boolean isOverruled(ModelAgent agent, Domain domain) {
        return domain.highest.getOrDefault(agent, domain.last()) != domain.upper
                || domain.lowest.getOrDefault(agent, 0) != domain.lower;
    }

    private static int wish(Domain domain) {
        return domain.asked.values().stream().max(Integer::compare).orElse(domain.level);
    }

    // ---- Levels.

    private int[] levelSet(Request request, Domain domain) {
        ModelAgent agent = request.agent();
        int number = request.payload()[1];
        int version = request.version();
        if (!mayDecide(agent, domain)) {
            return status(Status.Code.DENIED);
        }
        if (isOutside(domain, number, version)) {
            return status(Status.Code.OUT_OF_RANGE);
        }
        int position = 0;
        while (domain.number(position, version) < number) {
            position++;
        }
        if (domain.number(position, version) != number) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        if (position < domain.lower || position > domain.upper) {
            return status(Status.Code.OUT_OF_RANGE);
        }
        if (!(model.setup.policy(kind(), domain.name) instanceof ArbitrationPolicy.Highest)) {
            domain.asked.clear();
        }
        domain.asked.put(agent, position);
        change(domain, wish(domain));
        return status(OK);
    }

    private void change(Domain domain, int wanted) {
        int level = Math.max(domain.lower, Math.min(wanted, domain.upper));
        if (level != domain.level) {
            domain.level = level;
            model.tellSubscribers(
                    this, 1, true, agent -> of(agent, toldOfLevels).contains(domain.name), domain.name, level);
        }
    }

    // ---- What is told, and what is given up.

    @Override
    int @Nullable [] notification(ModelAgent agent, Notification notification) {
        Domain domain = domain(agent, notification.resource());
        int version = model.version(agent, this);
        int what = (int) notification.first();
        int[] start = words(notification.causer(), notification.resource());
        if (notification.kind() == 0) {
            return of(agent, toldOfLimits).contains(domain.name)
                    ? join(start, words(domain.number(what >> 16, version), domain.number(what & 0xFFFF, version)))
                    : null;
        }
        return of(agent, toldOfLevels).contains(domain.name) ? join(start, words(domain.number(what, version))) : null;
    }

    @Override
    void release(ModelAgent agent) {
        for (int id = 0; id < agent.grants(kind()).size(); id++) {
            Domain domain = domain(agent, id);
            of(agent, toldOfLimits).remove(domain.name);
            of(agent, toldOfLevels).remove(domain.name);
            boolean hadUpper = domain.highest.remove(agent) != null;
            boolean hadLower = domain.lowest.remove(agent) != null;
            if (domain.asked.remove(agent) != null) {
                change(domain, wish(domain));
            }
            if (hadUpper || hadLower) {
                followLimits(domain);
            }
        }
    }

    // ---- The hardware.

    @Override
    @Nullable
    String difference(Bench bench) {
        for (Domain domain : domains) {
            long megahertz = PLL_MHZ / (bench.cru.read(domain.register) + 1);
            if (megahertz != domain.megahertz.get(domain.level)) {
                return domain.name + " has " + megahertz + " MHz";
            }
        }
        return null;
    }
}
