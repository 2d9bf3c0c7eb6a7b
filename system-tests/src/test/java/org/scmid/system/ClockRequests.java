// Random requests to clocks: rates, parents, on and off.
package org.scmid.system;

import static org.scmid.system.Scmi.CONFIG_SET;
import static org.scmid.system.Scmi.PARENT_SET;
import static org.scmid.system.Scmi.RATE_SET;
import static org.scmid.system.Scmi.clock;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Asks a service for this and that, as an agent does that knows nothing of the board; most of it makes sense. */
final class ClockRequests {
    private static final int DESCRIBE_RATES = 0x4;
    private static final int RANGE = 1 << 12;
    private static final int RETURNED = 0xfff;
    private static final int REMEMBERED = 12;

    /** What a request may be answered; anything else is a fault of the service. */
    private static final Set<Integer> LEGAL =
            Set.of(Scmi.SUCCESS, Scmi.INVALID_PARAMETERS, Scmi.OUT_OF_RANGE, Scmi.NOT_SUPPORTED);

    /**
     * A request and what came of it.
     *
     * @param kind rate, parent, enable or disable
     * @param clock the clock that it is to
     * @param parent the parent that it asks for; empty if it asks for none
     * @param hz the rate that it asks for, with {@code rounding}; 0 if it asks for none
     * @param status what it was answered
     */
    record Request(String kind, String clock, String parent, long hz, Rounding rounding, int status) {
        @Override
        public String toString() {
            String rate = hz == 0 ? "" : hz + " Hz " + rounding;
            return kind + " " + clock + " " + parent + rate + ": " + status;
        }
    }

    /** What is wanted if a rate cannot be made exactly. */
    enum Rounding {
        DOWN(0),
        UP(1 << 2),
        NEAREST(1 << 3);

        private final int flag;

        Rounding(int flag) {
            this.flag = flag;
        }
    }

    private final ClockService service;
    private static final int HARDWARE_ERROR = -9;

    private final Random random;
    private final Set<String> leftAlone;
    private final List<String> preferred;
    private final Predicate<Request> mayBeRefused;
    private final Map<String, Integer> done = new TreeMap<>();
    private final Deque<Request> last = new ArrayDeque<>();

    /**
     * @param service who is asked
     * @param random what is asked
     * @param leftAlone clocks that are asked for nothing
     * @param preferred clocks that are asked more often than others
     * @param mayBeRefused which requests hardware may refuse, which is HARDWARE_ERROR
     */
    ClockRequests(
            ClockService service,
            Random random,
            Set<String> leftAlone,
            List<String> preferred,
            Predicate<Request> mayBeRefused) {
        this.service = service;
        this.random = random;
        this.leftAlone = leftAlone;
        this.preferred = preferred;
        this.mayBeRefused = mayBeRefused;
    }

    /** Sends one request. */
    Request next() {
        List<String> names = random.nextInt(4) == 0 ? service.clocks() : preferred;
        String name = names.get(random.nextInt(names.size()));
        if (leftAlone.contains(name)) {
            return next();
        }
        return switch (random.nextInt(8)) {
            case 0, 1 -> enable(name, true);
            case 2 -> enable(name, false);
            case 3, 4 -> setParent(name);
            default -> setRate(name);
        };
    }

    /** How many of each kind succeeded. */
    Map<String, Integer> done() {
        return done;
    }

    /** The last few requests and their statuses. */
    String history() {
        return last.stream().map(Request::toString).collect(Collectors.joining("\n"));
    }

    private Request enable(String name, boolean on) {
        if (!service.maySwitch(name)) {
            return next();
        }
        int status = service.call(clock(CONFIG_SET), service.id(name), on ? 1 : 0, 0)[0];
        return answered(new Request(on ? "enable" : "disable", name, "", 0, Rounding.DOWN, status));
    }

    private Request setParent(String name) {
        List<String> parents = service.possibleParents(name);
        if (parents.isEmpty()) {
            return next();
        }
        String parent = parents.get(random.nextInt(parents.size()));
        int status = service.call(clock(PARENT_SET), service.id(name), service.id(parent))[0];
        return answered(new Request("parent", name, parent, 0, Rounding.DOWN, status));
    }

    private Request setRate(String name) {
        int[] rates = service.call(clock(DESCRIBE_RATES), service.id(name), 0);
        if (rates[0] != Scmi.SUCCESS || (rates[1] & RETURNED) == 0 || !service.maySetRate(name)) {
            return next();
        }
        long rate = (rates[1] & RANGE) != 0
                ? between(word(rates, 0), word(rates, 1))
                : Math.max(1, word(rates, random.nextInt(rates[1] & RETURNED)) + random.nextInt(-1, 2));
        Rounding rounding = Rounding.values()[random.nextInt(Rounding.values().length)];
        int status = service.call(
                        clock(RATE_SET), rounding.flag, service.id(name), (int) rate, (int) (rate >>> Integer.SIZE))[0];
        return answered(new Request("rate", name, "", rate, rounding, status));
    }

    /** As many low rates as high ones. */
    private long between(long lowest, long highest) {
        double low = Math.log((double) Math.max(1, lowest));
        double high = Math.log((double) Math.max(1, highest));
        return Math.round(Math.exp(low + random.nextDouble() * (high - low)));
    }

    private static long word(int[] reply, int index) {
        return Integer.toUnsignedLong(reply[2 + 2 * index]) | (long) reply[3 + 2 * index] << Integer.SIZE;
    }

    /** What no gate stops, neither its own nor one above it, is said to have no state that could be set. */
    private boolean isUnstoppable(Request request) {
        return request.kind().equals("disable")
                && request.status() == Scmi.DENIED
                && service.call(clock(Scmi.GET_PERMISSIONS), service.id(request.clock()))[1] >= 0;
    }

    private Request answered(Request request) {
        if (last.size() == REMEMBERED) {
            last.removeFirst();
        }
        last.addLast(request);
        boolean isRefused = request.status() == HARDWARE_ERROR && mayBeRefused.test(request);
        if (!LEGAL.contains(request.status()) && !isRefused && !isUnstoppable(request)) {
            throw new AssertionError("a request is answered " + request.status() + "; the last ones:\n" + history());
        }
        if (request.status() == Scmi.SUCCESS) {
            done.merge(request.kind(), 1, Integer::sum);
        }
        return request;
    }
}
