// What the model says of supplies.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.Message;
import org.scmid.protocol.Status;
import org.scmid.protocol.voltage.VoltageMessage;
import org.scmid.protocol.voltage.VoltageVersion;
import org.scmid.server.core.ModelAgent.Pending;
import org.scmid.transport.vhostuser.Request;

/** Supplies in the model: votes, wishes for the level, and replies that come when a supply has settled. */
final class VoltageModel extends ProtocolModel {
    /** To be put behind a board's clocks. */
    static final String BOARD = """
            voltage-domains:
              sd:
                levels: [1.8 V, 3.3 V]
                level: { register: cru+0x120, bits: 3..0, values: [2, 7] }
                enable: { register: cru+0x130, bit: 0 }
                settle: 2 ms
                asynchronous: true
              a-supply-with-a-long-name:
                levels: [1 V, 1.1 V, 1.2 V]
                level: { register: cru+0x124, bits: 3..0 }
                enable: { register: cru+0x130, bit: 1, active: high }
              core:
                range: { min: 600 mV, max: 1.3 V, step: 12.5 mV }
                level: { register: cru+0x128, bits: 7..0, start: 16 }
                asynchronous: true
              fixed: { levels: [5 V] }
            """;

    private static final int ENABLES = 0x130;
    private static final int ON = 7;
    private static final int VENDOR_OFF = 8;
    private static final int UNKNOWN = Integer.MIN_VALUE;

    /** A supply; the bit of its switch is -1 if it has none. */
    private static final class Supply {
        final String name;
        final List<Integer> levels;
        final boolean isRange;
        final int bit;
        final int settleMillis;
        final boolean isAsync;
        final Set<ModelAgent> votes = new HashSet<>();
        final Set<ModelAgent> askedOff = new HashSet<>();
        final Map<ModelAgent, Integer> wishes = new HashMap<>();
        int level;
        boolean isSettling;
        long ends;

        Supply(
                String name,
                List<Integer> levels,
                boolean isRange,
                int bit,
                int settleMillis,
                boolean isAsync,
                int level) {
            this.name = name;
            this.levels = levels;
            this.isRange = isRange;
            this.bit = bit;
            this.settleMillis = settleMillis;
            this.isAsync = isAsync;
            this.level = level;
        }

        boolean isOn() {
            return bit < 0 || !votes.isEmpty();
        }
    }

    /** Somebody who waits; pending is null for a synchronous command. */
    private record Waiter(
            ModelAgent agent,
            int header,
            @Nullable Pending pending,
            Supply supply,
            boolean isHolding,
            boolean isRevoked) {

        /** Its agent has given up everything: it gets an answer, but nothing that it would hold. */
        Waiter revoked() {
            return new Waiter(agent, header, pending, supply, isHolding, isHolding);
        }
    }

    private final List<Supply> supplies = List.of(
            new Supply("sd", List.of(1_800_000, 3_300_000), false, 0, 2, true, UNKNOWN),
            new Supply(
                    "a-supply-with-a-long-name",
                    List.of(1_000_000, 1_100_000, 1_200_000),
                    false,
                    1,
                    0,
                    false,
                    1_000_000),
            new Supply(
                    "core",
                    IntStream.rangeClosed(0, 56)
                            .mapToObj(i -> 600_000 + 12_500 * i)
                            .toList(),
                    true,
                    -1,
                    0,
                    true,
                    UNKNOWN),
            new Supply("fixed", List.of(5_000_000), false, -1, 0, false, 5_000_000));
    private final List<Waiter> waiters = new ArrayList<>();

    VoltageModel(Model model) {
        super(model, VoltageMessage.TABLE, VoltageVersion.V2_1, ResourceKind.VOLTAGE_DOMAIN);
    }

    private Supply supply(ModelAgent agent, int id) {
        String name = agent.nameOf(kind(), id);
        return supplies.stream()
                .filter(supply -> supply.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    // ---- Commands.

    @Override
    int weight(Message command) {
        return switch ((VoltageMessage) command) {
            case VOLTAGE_LEVEL_SET -> 10;
            case VOLTAGE_CONFIG_SET -> 6;
            default -> 1;
        };
    }

    @Override
    List<Integer> randomPayload(Random random, Message command) {
        int domain = random.nextInt(random.nextInt(10) == 0 ? 8 : 4);
        return switch ((VoltageMessage) command) {
            case VOLTAGE_DESCRIBE_LEVELS -> List.of(domain, random.nextInt(4));
            case VOLTAGE_CONFIG_SET ->
                List.of(domain, new int[] {ON, ON, 0, VENDOR_OFF, random.nextInt(17)}[random.nextInt(5)]);
            case VOLTAGE_LEVEL_SET -> {
                List<Integer> levels = supplies.get(random.nextInt(supplies.size())).levels;
                int level = random.nextInt(20) == 0 ? random.nextInt() : levels.get(random.nextInt(levels.size()));
                yield List.of(domain, random.nextInt(50) == 0 ? 2 : random.nextInt(3) == 0 ? 1 : 0, level);
            }
            case PROTOCOL_ATTRIBUTES -> List.of();
            default -> List.of(domain);
        };
    }

    @Override
    int @Nullable [] reply(Request request) {
        ModelAgent agent = request.agent();
        VoltageMessage message = (VoltageMessage) Objects.requireNonNull(table.command(request.message()));
        if (message == VoltageMessage.PROTOCOL_ATTRIBUTES) {
            return words(OK, agent.grants(kind()).size());
        }
        Supply supply = supply(agent, request.resource());
        return switch (message) {
            case VOLTAGE_DOMAIN_ATTRIBUTES -> {
                boolean mayChange = model.mayChange(agent, kind(), request.resource(), Aspect.LEVEL);
                int bits = agent.events && supply.isAsync && mayChange ? 1 << 31 : 0;
                bits |= supply.name.length() > 15 ? 1 << 30 : 0;
                yield join(words(OK, request.version() == VoltageVersion.V1_0 ? 0 : bits), name(supply.name, 16));
            }
            case VOLTAGE_DESCRIBE_LEVELS -> describe(supply, request.payload()[1]);
            case VOLTAGE_CONFIG_SET -> configSet(request, supply);
            case VOLTAGE_CONFIG_GET -> words(OK, supply.isOn() && !supply.askedOff.contains(agent) ? ON : 0);
            case VOLTAGE_LEVEL_SET -> levelSet(request, supply);
            case VOLTAGE_LEVEL_GET ->
                supply.level == UNKNOWN ? status(Status.Code.GENERIC_ERROR) : words(OK, supply.level);
            case VOLTAGE_DOMAIN_NAME_GET -> nameGet(supply.name);
            default -> throw new IllegalStateException(request.toString());
        };
    }

    private static int[] describe(Supply supply, int index) {
        if (index < 0 || index >= (supply.isRange ? 1 : supply.levels.size())) {
            return status(Status.Code.OUT_OF_RANGE);
        }
        if (supply.isRange) {
            return words(OK, 3 | 1 << 12, supply.levels.getFirst(), supply.levels.getLast(), 12_500);
        }
        List<Integer> rest = supply.levels.subList(index, supply.levels.size());
        return join(
                words(OK, rest.size()), rest.stream().mapToInt(level -> level).toArray());
    }

    private int @Nullable [] configSet(Request request, Supply supply) {
        int config = request.payload()[1];
        if (config != ON && config != 0 && config != VENDOR_OFF) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        if (config != ON && supply.bit < 0) {
            return status(Status.Code.DENIED);
        }
        boolean wasOn = supply.isOn();
        if (config == ON) {
            supply.votes.add(request.agent());
            supply.askedOff.remove(request.agent());
        } else {
            supply.votes.remove(request.agent());
            supply.askedOff.add(request.agent());
        }
        if (!wasOn && supply.isOn()) {
            settle(supply);
        }
        return whenSettled(request, supply, config == ON);
    }

    private int @Nullable [] levelSet(Request request, Supply supply) {
        ModelAgent agent = request.agent();
        int flags = request.payload()[1];
        int level = request.payload()[2];
        if (model.setup.policy(kind(), supply.name) instanceof ArbitrationPolicy.Owner owner
                && !owner.agent().equals(agent.name)) {
            return status(Status.Code.DENIED);
        }
        boolean isAsync = (flags & 1) != 0;
        if (!supply.levels.contains(level)) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        if (isAsync && !(supply.isAsync && agent.events)) {
            return status(Status.Code.NOT_SUPPORTED);
        }
        if (isAsync) {
            return status(model.accept(this, request, flags, level));
        }
        wish(agent, supply, level);
        return whenSettled(request, supply, true);
    }

    private int @Nullable [] whenSettled(Request request, Supply supply, boolean isHolding) {
        if (!supply.isSettling) {
            return status(OK);
        }
        waiters.add(new Waiter(request.agent(), request.header(), null, supply, isHolding, false));
        return null;
    }

    @Override
    int carryOut(ModelAgent agent, Pending command) {
        Supply supply = supply(agent, command.resource);
        wish(agent, supply, (int) command.wanted);
        if (supply.isSettling) {
            waiters.add(new Waiter(agent, command.header, command, supply, true, false));
            return NOT_YET;
        }
        command.result = supply.level;
        return OK;
    }

    @Override
    int[] delayedResponse(Pending command) {
        return words(command.resource, (int) command.result);
    }

    // ---- What supplies do.

    private void wish(ModelAgent agent, Supply supply, int level) {
        if (model.setup.policy(kind(), supply.name) instanceof ArbitrationPolicy.Highest) {
            supply.wishes.put(agent, level);
            followWishes(supply);
        } else {
            setLevel(supply, level);
        }
    }

    private void followWishes(Supply supply) {
        supply.wishes.values().stream().max(Integer::compare).ifPresent(level -> setLevel(supply, level));
    }

    private void setLevel(Supply supply, int level) {
        if (supply.level != level) {
            supply.level = level;
            settle(supply);
        }
    }

    private void settle(Supply supply) {
        if (supply.settleMillis > 0) {
            supply.isSettling = true;
            supply.ends = model.now() + supply.settleMillis;
        }
    }

    @Override
    void pass(long now) {
        for (Supply supply : supplies) {
            if (supply.isSettling && supply.ends <= now) {
                supply.isSettling = false;
                settled(supply);
            }
        }
    }

    /** Supplies were made before power domains and resets. */
    @Override
    int passOrder() {
        return 0;
    }

    /** Replies first, then delayed responses; each agent by agent. */
    private void settled(Supply supply) {
        List<Waiter> ended = waiters.stream()
                .filter(waiter -> waiter.supply == supply)
                .sorted((one, other) -> Integer.compare(one.agent.id, other.agent.id))
                .toList();
        waiters.removeAll(ended);
        for (Waiter waiter : ended) {
            if (waiter.pending == null && waiter.agent.unanswered == waiter.header) {
                model.complete(waiter.agent, waiter.isRevoked ? Status.Code.BUSY : OK);
            }
        }
        for (Waiter waiter : ended) {
            Pending pending = waiter.pending;
            if (pending != null && waiter.agent.pending.contains(pending)) {
                pending.result = supply.level;
                model.finishLater(waiter.agent, pending, OK);
            }
        }
    }

    // ---- What is given up.

    @Override
    void release(ModelAgent agent) {
        waiters.replaceAll(waiter -> waiter.agent == agent ? waiter.revoked() : waiter);
        for (int id = 0; id < agent.grants(kind()).size(); id++) {
            Supply supply = supply(agent, id);
            if (supply.wishes.remove(agent) != null) {
                followWishes(supply);
            }
            supply.votes.remove(agent);
            supply.askedOff.remove(agent);
        }
    }

    /** Who waited for a supply to settle is not answered; his command comes again. */
    @Override
    void restarted() {
        waiters.clear();
        supplies.forEach(supply -> supply.isSettling = false);
    }

    // ---- The hardware.

    @Override
    @Nullable
    String difference(Bench bench) {
        long bits = bench.cru.read(ENABLES);
        for (Supply supply : supplies) {
            if (supply.bit >= 0 && (bits >> supply.bit & 1) != 0 != supply.isOn()) {
                return "supply " + supply.name + " is " + (supply.isOn() ? "off" : "on");
            }
        }
        return null;
    }
}
