// Asks a platform for its clocks.
package org.scmid.upstream.discovery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.OfferedRates;
import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.clock.ClockAttributes;
import org.scmid.protocol.clock.ClockDescribeRates;
import org.scmid.protocol.clock.ClockGetPermissions;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.clock.ClockPossibleParentsGet;
import org.scmid.protocol.clock.ClockProtocolAttributes;

/** Asks for clocks: attributes, names, rates, parents, permissions. Versions 1.0 to 3.0. */
final class ClockDiscovery extends ProtocolDiscovery {
    static final int MOST_RATES = 65_536;
    private static final int MOST_PARENTS = 2 * ClockPossibleParentsGet.Reply.MAX_COUNT;

    private final ClockProtocolAttributes.Reply counts = new ClockProtocolAttributes.Reply();
    private final ClockAttributes.Reply attributes = new ClockAttributes.Reply();
    private final ClockDescribeRates.Reply rates = new ClockDescribeRates.Reply();
    private final ClockPossibleParentsGet.Reply parents = new ClockPossibleParentsGet.Reply();
    private final ClockGetPermissions.Reply permissions = new ClockGetPermissions.Reply();
    private final List<Draft> drafts = new ArrayList<>();
    private final List<ClockOffer> clocks = new ArrayList<>();
    private boolean asynchronous;

    /** A clock that is being asked for. */
    private static final class Draft {
        final int id;
        final String name;
        final int bits;
        final long enableDelay;
        int allowed = ~0;
        long[] rates = new long[0];
        int rateCount;

        @Nullable
        OfferedRates offered;

        List<Integer> parents = new ArrayList<>();

        Draft(int id, String name, int bits, long enableDelay) {
            this.id = id;
            this.name = name;
            this.bits = bits;
            this.enableDelay = enableDelay;
        }

        boolean is(int bit) {
            return (bits & bit) != 0;
        }
    }

    ClockDiscovery(Inquirer inquirer, Findings findings) {
        super(inquirer, findings, ClockMessage.TABLE, ResourceKind.CLOCK);
    }

    List<ClockOffer> clocks() {
        return clocks;
    }

    @Override
    void attributes() {
        inquirer.ask(ClockMessage.PROTOCOL_ATTRIBUTES, reply -> {
            if (reply.holds(counts)) {
                asynchronous = counts.maxPending() > 0;
                resources(counts.clocks());
            } else {
                find("clocks are left out: " + reply.problem());
                end();
            }
        });
    }

    @Override
    void resource(int id) {
        askOf(id, ClockMessage.CLOCK_ATTRIBUTES, reply -> {
            if (!reply.holds(attributes)) {
                leaveOut(id, reply.problem());
                return;
            }
            int bits = attributes.attributes() & ClockAttributes.Reply.definedAttributes(version());
            long delay = Integer.toUnsignedLong(attributes.enableDelay());
            name(
                    id,
                    (bits & ClockAttributes.Reply.EXTENDED_NAME) != 0,
                    ClockMessage.CLOCK_NAME_GET,
                    attributes.name(),
                    name -> permissions(new Draft(id, name, bits, delay)));
        });
    }

    private void permissions(Draft clock) {
        if (!clock.is(ClockAttributes.Reply.RESTRICTED) || !has(ClockMessage.CLOCK_GET_PERMISSIONS)) {
            parents(clock);
            return;
        }
        askOf(clock.id, ClockMessage.CLOCK_GET_PERMISSIONS, reply -> {
            if (reply.holds(permissions)) {
                clock.allowed = permissions.permissions();
            } else {
                find(what(clock.id) + " may only be read: it is restricted, and " + reply.problem());
                clock.allowed = 0;
            }
            parents(clock);
        });
    }

    // ---- parents ----

    private void parents(Draft clock) {
        if (clock.is(ClockAttributes.Reply.PARENTS) && has(ClockMessage.CLOCK_POSSIBLE_PARENTS_GET)) {
            askParents(clock, new Paging(MOST_PARENTS));
        } else {
            rates(clock);
        }
    }

    private void askParents(Draft clock, Paging paging) {
        inquirer.ask(
                ClockMessage.CLOCK_POSSIBLE_PARENTS_GET,
                new ClockPossibleParentsGet.Request()
                        .begin(inquirer.request(), 0)
                        .resource(clock.id)
                        .skipParents(paging.taken()),
                reply -> {
                    if (!reply.holds(parents)) {
                        noParents(clock, reply.problem());
                        return;
                    }
                    int returned = parents.returned();
                    String wrong = paging.page(returned, parents.remaining());
                    if (wrong != null || !inquirer.mayKeep(returned)) {
                        noParents(
                                clock,
                                wrong == null ? "the platform offers more than scmid keeps" : "its list " + wrong);
                        return;
                    }
                    for (int i = 0; i < returned; i++) {
                        clock.parents.add(parents.parent(i));
                    }
                    if (paging.isComplete()) {
                        rates(clock);
                    } else {
                        askParents(clock, paging);
                    }
                });
    }

    private void noParents(Draft clock, String why) {
        find(what(clock.id) + " stays with its parent: " + why);
        clock.parents.clear();
        rates(clock);
    }

    // ---- rates ----

    private void rates(Draft clock) {
        if (has(ClockMessage.CLOCK_DESCRIBE_RATES)) {
            askRates(clock, new Paging(MOST_RATES));
        } else {
            drafts.add(clock);
            nextResource();
        }
    }

    private void askRates(Draft clock, Paging paging) {
        inquirer.ask(
                ClockMessage.CLOCK_DESCRIBE_RATES,
                new ClockDescribeRates.Request()
                        .begin(inquirer.request(), 0)
                        .resource(clock.id)
                        .rateIndex(paging.taken()),
                reply -> {
                    String wrong = reply.holds(rates) ? page(clock, paging) : reply.problem();
                    if (wrong != null) {
                        find("the rates of " + what(clock.id) + " are not known: " + wrong);
                        clock.rates = new long[0];
                        clock.offered = null;
                    } else if (!paging.isComplete()) {
                        askRates(clock, paging);
                        return;
                    } else if (clock.offered == null) {
                        clock.offered = list(clock);
                    }
                    clock.rates = new long[0];
                    drafts.add(clock);
                    nextResource();
                });
    }

    /** Takes a page of rates; what is wrong with it, or null. */
    private @Nullable String page(Draft clock, Paging paging) {
        int returned = rates.returned();
        boolean isRange = rates.isRange();
        boolean isFirst = paging.taken() == 0;
        String wrong = paging.page(returned, rates.remaining());
        if (wrong != null) {
            return "what is listed " + wrong;
        }
        if (isRange) {
            return isFirst && returned == ClockDescribeRates.Reply.RANGE_VALUES && paging.isComplete()
                    ? range(clock)
                    : "what is listed is a range that is not of three numbers";
        }
        if (!inquirer.mayKeep(returned)) {
            return "the platform offers more than scmid keeps";
        }
        if (clock.rates.length < clock.rateCount + returned) {
            clock.rates = Arrays.copyOf(clock.rates, Math.max(clock.rateCount + returned, 2 * clock.rates.length));
        }
        for (int i = 0; i < returned; i++) {
            clock.rates[clock.rateCount++] = rates.rate(i);
        }
        return null;
    }

    private @Nullable String range(Draft clock) {
        long lowest = rates.rate(0);
        long highest = rates.rate(1);
        long step = rates.rate(2);
        if (lowest < 0 || highest < lowest) {
            return "the range from " + Long.toUnsignedString(lowest) + " Hz to " + Long.toUnsignedString(highest)
                    + " Hz is none";
        }
        if (lowest == highest) {
            clock.offered = new OfferedRates.Listed(List.of(lowest));
        } else {
            clock.offered = new OfferedRates.Range(lowest, highest, step > 0 ? step : 1);
        }
        return null;
    }

    /** The rates that were listed, in order and once; null if there is none. */
    private @Nullable OfferedRates list(Draft clock) {
        Arrays.sort(clock.rates, 0, clock.rateCount);
        List<Long> hz = new ArrayList<>(clock.rateCount);
        for (int i = 0; i < clock.rateCount; i++) {
            long rate = clock.rates[i];
            if (rate >= 0 && (hz.isEmpty() || rate != hz.getLast())) {
                hz.add(rate);
            }
        }
        if (clock.rates.length > 0 && clock.rates[0] < 0) {
            find("rates of " + what(clock.id) + " are left out: they are above " + Long.MAX_VALUE + " Hz");
        }
        return hz.isEmpty() ? null : new OfferedRates.Listed(hz);
    }

    // ---- all of them ----

    @Override
    void complete() {
        Map<Integer, String> names = new HashMap<>();
        drafts.forEach(clock -> names.put(clock.id, clock.name));
        for (Draft clock : drafts) {
            List<String> possible = new ArrayList<>();
            for (int parent : clock.parents) {
                String name = names.get(parent);
                if (name == null) {
                    find("a parent of " + what(clock.id) + " is left out: the platform does not offer clock "
                            + Integer.toUnsignedString(parent));
                } else if (!possible.contains(name)) {
                    possible.add(name);
                }
            }
            clocks.add(offer(clock, possible));
        }
        drafts.clear();
    }

    private ClockOffer offer(Draft clock, List<String> possible) {
        return new ClockOffer(
                clock.id,
                clock.name,
                clock.offered,
                possible,
                clock.enableDelay,
                has(ClockMessage.CLOCK_CONFIG_SET) && (clock.allowed & ClockGetPermissions.Reply.STATE) != 0,
                has(ClockMessage.CLOCK_RATE_SET) && (clock.allowed & ClockGetPermissions.Reply.RATE) != 0,
                has(ClockMessage.CLOCK_PARENT_SET)
                        && possible.size() > 1
                        && (clock.allowed & ClockGetPermissions.Reply.PARENT) != 0,
                asynchronous,
                clock.is(ClockAttributes.Reply.RATE_CHANGED_NOTIFY) && has(ClockMessage.CLOCK_RATE_NOTIFY));
    }
}
