// Which bits of a board's registers a request to a clock may change, and which it may change on the way.
package org.scmid.system;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.DividerSpec;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.clock.PllSpec;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.FieldValue;

/** The bits of the clocks that a request is about, by what the board file says; all others must stay as they are. */
final class RequestEffects {
    private final Board board;
    private final BoardOracle before;
    private final Map<Long, Integer> changed = new HashMap<>();
    private final Map<Long, Integer> onTheWay = new HashMap<>();
    private final Set<String> rated = new HashSet<>();

    /**
     * @param before the registers before the request
     * @param request what was asked, and answered: one that is refused may change nothing
     */
    RequestEffects(Board board, BoardOracle before, ClockRequests.Request request) {
        this.board = board;
        this.before = before;
        if (request.status() != Scmi.SUCCESS) {
            return;
        }
        switch (request.kind()) {
            case "enable", "disable" -> gates(request.clock());
            case "parent" -> parent(request.clock(), request.parent());
            case "rate" -> rate(request.clock());
            default -> throw new AssertionError(request);
        }
    }

    /** The bits of a register that may be others behind the request. */
    int changed(long address) {
        return changed.getOrDefault(address, 0);
    }

    /** The bits of a register that may be others while the request is carried out. */
    int onTheWay(long address) {
        return changed(address) | onTheWay.getOrDefault(address, 0);
    }

    /** A clock and all that it runs from may be switched. */
    private void gates(String clock) {
        for (String above : before.chain(clock)) {
            add(changed, switches(spec(above)));
        }
    }

    /** What the clock runs from may be switched on, and what it ran from off. */
    private void parent(String clock, String parent) {
        ClockSpec spec = spec(clock);
        add(changed, Stream.of(Objects.requireNonNull(spec.mux()).field()));
        gates(parent);
        before.chain(clock).stream().skip(1).forEach(above -> add(changed, switches(spec(above))));
        add(onTheWay, loopBits(spec));
    }

    /** The clock's own settings, and if it may ask for it those of what it runs from, or may run from. */
    private void rate(String clock) {
        ClockSpec spec = spec(clock);
        if (!rated.add(clock)) {
            return;
        }
        add(changed, settings(spec));
        add(changed, loopBits(spec)); // a loop that was bypassed locks instead
        if (spec.reparent() && spec.mux() != null) {
            spec.parents().forEach(parent -> parent(clock, parent));
        }
        if (spec.setParentRate()) {
            (spec.reparent() ? spec.parents().stream() : Stream.of(before.parent(clock)))
                    .filter(parent -> !parent.isEmpty())
                    .forEach(this::rate);
        }
    }

    /** What stops a phase-locked loop, or leads past it. */
    private static Stream<FieldRef> loopBits(ClockSpec spec) {
        PllSpec pll = spec.pll();
        return pll == null
                ? Stream.of()
                : Stream.concat(
                        pll.enable().stream().map(GateSpec::field),
                        Stream.ofNullable(pll.bypass()).map(FieldValue::field));
    }

    /** The bits that switch a clock on and off. */
    static Stream<FieldRef> switches(ClockSpec spec) {
        PllSpec pll = spec.pll();
        return Stream.concat(Stream.ofNullable(spec.gate()), pll == null ? Stream.of() : pll.enable().stream())
                .map(GateSpec::field);
    }

    private static Stream<FieldRef> settings(ClockSpec spec) {
        PllSpec pll = spec.pll();
        if (pll == null) {
            return fields(spec.divider());
        }
        return Stream.of(
                        fields(pll.reference()),
                        fields(pll.feedback()),
                        pll.post().stream().flatMap(RequestEffects::fields),
                        Stream.ofNullable(pll.fraction()).map(PllSpec.Fraction::numerator),
                        pll.followers().stream().map(PllSpec.Follower::field))
                .flatMap(fields -> fields);
    }

    private static Stream<FieldRef> fields(@Nullable DividerSpec divider) {
        return switch (divider) {
            case null -> Stream.of();
            case DividerSpec.Linear linear -> Stream.of(linear.field());
            case DividerSpec.OneBased oneBased -> Stream.of(oneBased.field());
            case DividerSpec.PowerOfTwo power -> Stream.of(power.field());
            case DividerSpec.Table table -> Stream.of(table.field());
            case DividerSpec.Fractional fractional -> Stream.of(fractional.integer(), fractional.fraction());
        };
    }

    private void add(Map<Long, Integer> to, Stream<FieldRef> fields) {
        fields.forEach(field -> to.merge(BoardOracle.address(board, field), (int) field.mask(), (a, b) -> a | b));
    }

    private ClockSpec spec(String clock) {
        return Objects.requireNonNull(board.clocks().get(clock), clock);
    }
}
