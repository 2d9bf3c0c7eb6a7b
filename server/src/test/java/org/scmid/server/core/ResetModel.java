// What the model says of resets.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.Comparator;
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
import org.scmid.protocol.Message;
import org.scmid.protocol.Status;
import org.scmid.protocol.reset.ResetMessage;
import org.scmid.protocol.reset.ResetVersion;
import org.scmid.server.core.ModelAgent.Notification;
import org.scmid.server.core.ModelAgent.Pending;
import org.scmid.transport.vhostuser.Request;

/** Resets in the model: asserted or not, one request after the other, the last one wins. */
final class ResetModel extends ProtocolModel {
    /** To be put behind a board's clocks. */
    static final String BOARD = """
            resets:
              plain: { register: cru+0x110, bit: 0, hold: 1 ms, latency: 20 us }
              lazy: { register: cru+0x110, bit: 1, hold: 3 ms, asynchronous: true }
              a-reset-with-a-long-name: { register: cru+0x110, bit: 2, hold: 1 ms }
              quick: { on-reset: [write: { register: cru+0x114, bit: 0, value: 1 }], asynchronous: true }
            """;

    private static final int REGISTER = 0x110;
    private static final int AUTONOMOUS = 1;
    private static final int ASSERT = 2;
    private static final int ASYNC = 4;

    /** A reset; one without a bit can be reset but not held. */
    private static final class Line {
        final String name;
        final int latency;
        final int holdMillis;
        final boolean hasBit;
        final boolean isAsync;
        final List<Waiting> waiting = new ArrayList<>();
        boolean asserted;

        @Nullable
        Wish running;

        /** Who asked for what was begun last, and in which round. */
        @Nullable
        ModelAgent last;

        int round;
        long ends;
        long begun; // counts what was begun of all lines

        Line(String name, int latency, int holdMillis, boolean hasBit, boolean isAsync) {
            this.name = name;
            this.latency = latency;
            this.holdMillis = holdMillis;
            this.hasBit = hasBit;
            this.isAsync = isAsync;
        }
    }

    /** Something that an agent wants done; pending is null for a synchronous command. */
    private record Wish(
            ModelAgent agent, int header, @Nullable Pending pending, int action) {}

    /** A wish whose turn has not come: agents take turns, and those of an earlier round come first. */
    private record Waiting(Wish wish, int round) {}

    private final List<Line> lines = List.of(
            new Line("plain", 20, 1, true, false),
            new Line("lazy", -1, 3, true, true),
            new Line("a-reset-with-a-long-name", -1, 1, true, false),
            new Line("quick", -1, 0, false, true));
    private final Map<ModelAgent, Set<String>> told = new HashMap<>();
    private long begun;

    ResetModel(Model model) {
        super(model, ResetMessage.TABLE, ResetVersion.V3_1, ResourceKind.RESET);
        model.agents.forEach(agent -> told.put(agent, new HashSet<>()));
    }

    private Set<String> told(ModelAgent agent) {
        return Objects.requireNonNull(told.get(agent));
    }

    private Line line(ModelAgent agent, int id) {
        String name = agent.nameOf(kind(), id);
        return lines.stream().filter(line -> line.name.equals(name)).findFirst().orElseThrow();
    }

    // ---- Commands.

    @Override
    int weight(Message command) {
        return switch ((ResetMessage) command) {
            case RESET -> 12;
            case RESET_NOTIFY -> 4;
            default -> 1;
        };
    }

    @Override
    List<Integer> randomPayload(Random random, Message command) {
        int domain = random.nextInt(random.nextInt(10) == 0 ? 8 : 4);
        return switch ((ResetMessage) command) {
            case RESET -> {
                int flags = new int[] {AUTONOMOUS, AUTONOMOUS | ASYNC, ASSERT, 0}[random.nextInt(4)];
                yield List.of(
                        domain, random.nextInt(20) == 0 ? random.nextInt(16) : flags, random.nextInt(50) == 0 ? 1 : 0);
            }
            case RESET_NOTIFY -> List.of(domain, random.nextInt(50) == 0 ? 2 : random.nextInt(4) > 0 ? 1 : 0);
            case PROTOCOL_ATTRIBUTES -> List.of();
            default -> List.of(domain);
        };
    }

    @Override
    int @Nullable [] reply(Request request) {
        ModelAgent agent = request.agent();
        ResetMessage message = (ResetMessage) Objects.requireNonNull(table.command(request.message()));
        if (message == ResetMessage.PROTOCOL_ATTRIBUTES) {
            return words(OK, agent.grants(kind()).size());
        }
        Line line = line(agent, request.resource());
        return switch (message) {
            case RESET_DOMAIN_ATTRIBUTES -> attributes(request, line);
            case RESET -> reset(request, line);
            case RESET_NOTIFY -> subscribe(agent, line, request.payload()[1]);
            case RESET_DOMAIN_NAME_GET -> nameGet(line.name);
            default -> throw new IllegalStateException(request.toString());
        };
    }

    private int[] attributes(Request request, Line line) {
        ModelAgent agent = request.agent();
        int bits = 0;
        if (agent.events && line.isAsync && model.mayChange(agent, kind(), request.resource(), Aspect.RESET)) {
            bits |= 1 << 31;
        }
        if (agent.events && model.mayBeNotified(agent, kind(), request.resource())) {
            bits |= 1 << 30;
        }
        if (line.name.length() > 15 && request.version() >= ResetVersion.V3_0) {
            bits |= 1 << 29;
        }
        return join(words(OK, bits, line.latency), name(line.name, 16));
    }

    private int @Nullable [] reset(Request request, Line line) {
        int flags = request.payload()[1];
        int state = request.payload()[2];
        boolean isAsync = (flags & ASYNC) != 0;
        int action = (flags & AUTONOMOUS) != 0 ? AUTONOMOUS : flags & ASSERT;
        if ((isAsync && action != AUTONOMOUS) || state != 0) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        if (action == AUTONOMOUS ? isAsync && !(line.isAsync && request.agent().events) : !line.hasBit) {
            return status(Status.Code.NOT_SUPPORTED);
        }
        if (isAsync) {
            return status(model.accept(this, request, flags, state));
        }
        return perform(line, new Wish(request.agent(), request.header(), null, action)) ? status(OK) : null;
    }

    @Override
    int carryOut(ModelAgent agent, Pending command) {
        Wish wish = new Wish(agent, command.header, command, AUTONOMOUS);
        return perform(line(agent, command.resource), wish) ? OK : NOT_YET;
    }

    @Override
    int[] delayedResponse(Pending command) {
        return words(command.resource);
    }

    // ---- What resets do.

    /** True if it is done at once. */
    private boolean perform(Line line, Wish wish) {
        if (line.running != null) {
            int round = line.waiting.stream()
                    .filter(before -> before.wish.agent == wish.agent)
                    .mapToInt(before -> before.round + 1)
                    .reduce(line.last == wish.agent ? line.round + 1 : line.round, Math::max);
            line.waiting.add(new Waiting(wish, round));
            return false;
        }
        if (!start(line, wish)) {
            return false;
        }
        tellIssued(line, wish);
        return true;
    }

    /** True if it has ended already. */
    private boolean start(Line line, Wish wish) {
        line.last = wish.agent;
        line.asserted = line.hasBit && wish.action != 0;
        if (wish.action != AUTONOMOUS || line.holdMillis == 0) {
            return true;
        }
        line.running = wish;
        line.ends = model.now() + line.holdMillis;
        line.begun = begun++;
        return false;
    }

    private void tellIssued(Line line, Wish wish) {
        if (wish.action != 0) {
            int before = model.act(wish.agent.id);
            model.tellSubscribers(this, 0, false, agent -> told(agent).contains(line.name), line.name, 0);
            model.act(before);
        }
    }

    private void end(Line line, Wish wish) {
        tellIssued(line, wish);
        if (wish.pending == null) {
            if (wish.agent.unanswered == wish.header) { // else nobody waits any more
                model.complete(wish.agent, OK);
            }
        } else if (wish.agent.pending.contains(wish.pending)) {
            model.finishLater(wish.agent, wish.pending, OK);
        }
    }

    @Override
    void pass(long now) {
        lines.stream()
                .filter(line -> line.running != null && line.ends <= now)
                .sorted(Comparator.comparingLong((Line line) -> line.ends).thenComparingLong(line -> line.begun))
                .toList()
                .forEach(this::endRunning);
    }

    private void endRunning(Line line) {
        Wish wish = Objects.requireNonNull(line.running);
        line.running = null;
        line.asserted = false;
        end(line, wish);
        while (!line.waiting.isEmpty() && line.running == null) {
            Waiting next = line.waiting.stream()
                    .min(Comparator.comparingInt(Waiting::round))
                    .orElseThrow();
            line.waiting.remove(next);
            line.round = next.round;
            if (start(line, next.wish)) {
                end(line, next.wish);
            }
        }
    }

    // ---- What is told, and what is given up.

    private int[] subscribe(ModelAgent agent, Line line, int enable) {
        if ((enable & ~1) != 0) {
            return status(Status.Code.INVALID_PARAMETERS);
        }
        if (enable == 1) {
            told(agent).add(line.name);
        } else {
            told(agent).remove(line.name);
        }
        return status(OK);
    }

    @Override
    int @Nullable [] notification(ModelAgent agent, Notification notification) {
        String name = agent.nameOf(kind(), notification.resource());
        return told(agent).contains(name)
                ? words(notification.causer(), notification.resource(), (int) notification.first())
                : null;
    }

    /** Resets stay as they are. */
    @Override
    void release(ModelAgent agent) {
        told(agent).clear();
    }

    /** What was being done ends where it stands. */
    @Override
    void restarted() {
        for (Line line : lines) {
            line.running = null;
            line.waiting.clear();
            line.last = null;
            line.round = 0;
        }
    }

    // ---- The hardware.

    @Override
    @Nullable
    String difference(Bench bench) {
        long bits = bench.cru.read(REGISTER);
        for (Line line : lines) {
            boolean asserted = (bits >> lines.indexOf(line) & 1) != 0;
            if (line.hasBit && asserted != line.asserted) {
                return "reset " + line.name + " is " + (asserted ? "asserted" : "released");
            }
        }
        return null;
    }
}
