// Judges a service by the registers that it drives: what it wrote, what it left alone, and what it says of them.
package org.scmid.system;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.clock.PllSpec;

/** Looks at all registers of a board after each request, as something else than the service sees them. */
final class RegisterJudge {
    private final BoardModelTest hardware;
    private final ModelledService service;
    private final Map<Long, Integer> status;
    private final Set<String> wanted = new HashSet<>();
    private Map<Long, Integer> words;

    /**
     * @param hardware what is special about the registers
     * @param words every register as it is now, by physical address
     */
    RegisterJudge(BoardModelTest hardware, ModelledService service, Map<Long, Integer> words) {
        this.hardware = hardware;
        this.service = service;
        this.words = words;
        status = hardware.statusBits();
    }

    /**
     * Judges a request that was just answered.
     *
     * @param writes what the service has written since the one before
     * @param after every register as it is now
     * @throws AssertionError if something is not as the board file and the request say
     */
    void judge(ClockRequests.Request request, List<QtestTap.Write> writes, Map<Long, Integer> after) {
        Map<Long, Integer> before = words;
        words = after;
        var effects = new RequestEffects(service.board(), new BoardOracle(service.board(), before), request);
        try {
            Map<Long, Integer> written = new WriteRules(service.board(), before, status).follow(writes, effects);
            readBack(before, written, after, effects);
            fulfilled(request, new BoardOracle(service.board(), after));
            followed(before, after);
            compare(service, after, worthALook(before, after));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\nwrites: " + writes, e);
        }
    }

    /** What was written is what is read, and nothing else has changed. */
    private void readBack(
            Map<Long, Integer> before, Map<Long, Integer> written, Map<Long, Integer> after, RequestEffects effects) {
        after.forEach((address, word) -> {
            int relevant = ~status.getOrDefault(address, 0);
            int old = before.getOrDefault(address, 0);
            int stored = written.getOrDefault(address, 0);
            if (((word ^ stored) & relevant) != 0) {
                throw new AssertionError(
                        "0x%x reads 0x%08x, and 0x%08x was written to it".formatted(address, word, stored));
            }
            if (((word ^ old) & relevant & ~WriteRules.forced(service.board(), address) & ~effects.changed(address))
                    != 0) {
                throw new AssertionError("0x%x was 0x%08x and is 0x%08x; the request is about the bits 0x%08x"
                        .formatted(address, old, word, effects.changed(address)));
            }
        });
    }

    /** What was asked for is what came of it. */
    private void fulfilled(ClockRequests.Request request, BoardOracle now) {
        if (request.status() != Scmi.SUCCESS) {
            return;
        }
        note(request);
        String clock = request.clock();
        if (hardware.headstrong().contains(clock)) {
            return;
        }
        BoardOracle.State state = now.state(clock);
        boolean isFulfilled = switch (request.kind()) {
            case "enable" -> now.isOpenUpwards(clock); // if nothing is selected it stands all the same
            case "disable" -> now.isOff(clock) || mayRunOn(clock, now);
            case "parent" -> state.parent().equals(request.parent());
            default ->
                switch (request.rounding()) {
                    case DOWN -> state.hz() <= request.hz();
                    case UP -> state.hz() >= request.hz();
                    case NEAREST -> state.hz() > 0;
                };
        };
        if (!isFulfilled) {
            throw new AssertionError("came of it: " + state);
        }
    }

    /** Where the feedback of a phase-locked loop has changed, what belongs to it is what the board file says. */
    private void followed(Map<Long, Integer> before, Map<Long, Integer> after) {
        var old = new BoardOracle(service.board(), before);
        var now = new BoardOracle(service.board(), after);
        for (ClockSpec clock : service.board().clocks().values()) {
            PllSpec pll = clock.pll();
            long feedback = pll == null ? 0 : now.wholeFeedback(pll);
            if (pll == null || feedback == old.wholeFeedback(pll)) {
                continue;
            }
            for (PllSpec.Follower follower : pll.followers()) {
                SortedMap<Long, Long> upTo = follower.values().headMap(feedback + 1);
                long wanted = upTo.isEmpty()
                        ? follower.values().firstEntry().getValue()
                        : upTo.lastEntry().getValue();
                if (now.value(follower.field()) != wanted) {
                    throw new AssertionError("the feedback of " + clock.name() + " is " + feedback + ", to which "
                            + wanted + " belongs, and " + now.value(follower.field()) + " is there");
                }
            }
        }
    }

    private void note(ClockRequests.Request request) {
        if (request.kind().equals("enable")) {
            wanted.add(request.clock());
        } else if (request.kind().equals("disable")) {
            wanted.remove(request.clock());
        }
    }

    /** Whether a clock is needed by one that is still wanted, or hardware has the last word. */
    private boolean mayRunOn(String clock, BoardOracle now) {
        return wanted.stream().anyMatch(other -> now.chain(other).contains(clock))
                || RequestEffects.switches(service.spec(clock))
                        .anyMatch(field ->
                                (status.getOrDefault(BoardOracle.address(service.board(), field), 0) & field.mask())
                                        != 0);
    }

    /** The clocks that are not what they were, and some of those that are. */
    private Collection<String> worthALook(Map<Long, Integer> before, Map<Long, Integer> after) {
        int others = hardware.othersLookedAt();
        if (others >= service.clocks().size()) {
            return service.clocks();
        }
        var old = new BoardOracle(service.board(), before);
        var now = new BoardOracle(service.board(), after);
        var chosen = new TreeSet<String>();
        service.clocks().stream()
                .filter(clock -> !old.state(clock).equals(now.state(clock)))
                .forEach(chosen::add);
        for (int i = 0; i < others; i++) {
            chosen.add(service.clocks()
                    .get(hardware.random().nextInt(service.clocks().size())));
        }
        return chosen;
    }

    /** Compares what messages say of each clock with what the registers say. */
    static void compareAll(ModelledService service, Map<Long, Integer> words) {
        compare(service, words, service.clocks());
    }

    private static void compare(ModelledService service, Map<Long, Integer> words, Collection<String> clocks) {
        var oracle = new BoardOracle(service.board(), words);
        var wrong = new ArrayList<String>();
        for (String clock : clocks) {
            BoardOracle.State expected = oracle.state(clock);
            BoardOracle.State said = service.state(clock);
            if (!expected.equals(said)) {
                wrong.add(clock + " has " + expected + " in its registers, and " + said + " by messages");
            }
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError(String.join("\n", wrong));
        }
    }
}
