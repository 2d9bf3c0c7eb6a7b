// The clocks of a platform, as an agent knows them that has asked for this and that.
package org.scmid.system;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.scmid.config.offer.ClockOffer;

/**
 * The clocks of a platform, asked directly or through somebody. The agent is the only one: what it asked for is known here. So
 * is what has to run by that: what it wants on, and what that runs from.
 */
abstract class PlatformClocks implements ClockService {
    /** Sends a command, and takes its reply. */
    interface Asker {
        /** Returns the status and what comes behind it. */
        int[] call(int header, int... payload);
    }

    private final Asker asker;
    private final Map<String, ClockOffer> offers = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Map<String, Long> rates = new HashMap<>();
    private final Map<String, String> parents = new HashMap<>();
    private final Set<String> wanted = new HashSet<>();
    private final Set<String> unwanted = new HashSet<>();

    /**
     * @param clocks what the agent is offered
     */
    PlatformClocks(List<ClockOffer> clocks, Asker asker) {
        this.asker = asker;
        for (ClockOffer clock : clocks) {
            offers.put(clock.name(), clock);
            names.add(clock.name());
        }
    }

    ClockOffer offer(String name) {
        return Objects.requireNonNull(offers.get(name), name);
    }

    @Override
    public List<String> clocks() {
        return names;
    }

    @Override
    public int id(String name) {
        return offer(name).id();
    }

    @Override
    public List<String> possibleParents(String name) {
        return offer(name).maySetParent() ? offer(name).parents() : List.of();
    }

    @Override
    public boolean maySwitch(String name) {
        return offer(name).maySwitch();
    }

    @Override
    public boolean maySetRate(String name) {
        return offer(name).maySetRate();
    }

    /** Asks anew for a clock, and all that runs from it: others are not asked for again. */
    void askAnew(String name) {
        for (String below : names) {
            if (isBelow(below, name)) {
                rates.remove(below);
            }
        }
        parents.remove(name);
    }

    /** Has a clock on or off, as this agent wants it from then on; the status. */
    int turn(String name, boolean on) {
        int status = call(Scmi.clock(Scmi.CONFIG_SET), id(name), on ? 1 : 0, 0)[0];
        if (status == Scmi.SUCCESS) {
            hasAskedFor(name, on);
        }
        return status;
    }

    /** Notes what the agent has asked for. */
    void hasAskedFor(String name, boolean on) {
        (on ? wanted : unwanted).add(name);
        (on ? unwanted : wanted).remove(name);
    }

    /** Whether the agent has asked for off last: then it reads off, whatever the clock does. */
    boolean isUnwanted(String name) {
        return unwanted.contains(name);
    }

    @Override
    public long rate(String name) {
        return rates.computeIfAbsent(name, this::readRate);
    }

    /** The rate as the platform says it now. */
    long readRate(String name) {
        int[] reply = checked(name, call(Scmi.clock(Scmi.RATE_GET), id(name)));
        return Integer.toUnsignedLong(reply[1]) | (long) reply[2] << Integer.SIZE;
    }

    /** Whether the platform says that a clock is on. */
    boolean readEnabled(String name) {
        return (checked(name, call(Scmi.clock(Scmi.CONFIG_GET), id(name), 0))[2] & 1) != 0;
    }

    /** What the agent wants on. */
    Set<String> wanted() {
        return wanted;
    }

    /** Whether the agent wants something on that runs from a clock, or the clock itself. */
    boolean isNeeded(String name) {
        return wanted.stream().anyMatch(each -> isBelow(each, name));
    }

    @Override
    public long output(String name) {
        return isEnabled(name) ? rate(name) : 0;
    }

    @Override
    public String parent(String name) {
        return parents.computeIfAbsent(name, clock -> {
            String said = readParent(clock);
            return said.isEmpty() ? onlyParent(clock) : said;
        });
    }

    /** The parent of a clock that has no choice, since not everybody tells of it; empty if it has none. */
    abstract String onlyParent(String name);

    /** The parent as the platform says it now; empty if the clock has none. */
    String readParent(String name) {
        int[] reply = call(Scmi.clock(Scmi.PARENT_GET), id(name));
        return reply[0] == Scmi.NOT_SUPPORTED ? "" : nameOf(checked(name, reply)[1]);
    }

    @Override
    public int[] call(int header, int... payload) {
        return asker.call(header, payload);
    }

    private String nameOf(int id) {
        return offers.values().stream()
                .filter(offer -> offer.id() == id)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no clock has the number " + id))
                .name();
    }

    private static int[] checked(String name, int[] reply) {
        if (reply[0] != Scmi.SUCCESS) {
            throw new AssertionError("clock " + name + " is answered " + reply[0]);
        }
        return reply;
    }
}
