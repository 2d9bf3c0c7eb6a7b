// Long random sequences of several agents against a small model of what they should see.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.protocol.Status;
import org.scmid.server.conformance.Evidence;

/**
 * Three agents with different permissions do random things to five clocks; the model says what each should be answered
 * and told. To repeat a failure run with {@code -Dscmid.seed=...} as printed.
 */
@Tag(Evidence.RANDOM)
class ModelTest {
    private static final int STEPS = 20_000;
    private static final int CLOCK = Bench.CLOCK;
    private static final long OSC_HZ = 24_000_000;

    // Clocks of the board.
    private static final int OSC = 0;
    private static final int PLL = 1;
    private static final int BUS = 2;
    private static final int UART = 3;
    private static final int LEAF = 4;
    private static final int LONG = 5;
    private static final int CLOCKS = 6;
    private static final int[] GATES = {-1, -1, 0, 1, 2, 3};
    private static final int[] PARENTS = {-1, -1, OSC, OSC, BUS, BUS};

    private static final char NONE = 'n';
    private static final char READ = 'r';
    private static final char NOTIFY = 'y';
    private static final char CONTROL = 'c';

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    /** What the service should be like. */
    private static final class Model {
        final int[][] view;
        final char[][] permissions;
        final boolean[][] votes;
        final boolean[][] subscribed;
        int busDivider = 1; // raw, as the board begins
        int uartDivider;
        int longDivider;
        boolean uartFromPll;

        Model(int[][] view, char[][] permissions) {
            this.view = view;
            this.permissions = permissions;
            votes = new boolean[view.length][CLOCKS];
            subscribed = new boolean[view.length][CLOCKS];
        }

        long rate(int clock) {
            return switch (clock) {
                case OSC -> OSC_HZ;
                case PLL -> 600_000_000;
                case BUS, LEAF -> OSC_HZ / (busDivider + 1);
                case UART -> rate(uartFromPll ? PLL : OSC) / (uartDivider + 1);
                default -> OSC_HZ / ((busDivider + 1) * (1L << longDivider));
            };
        }

        long[] rates() {
            long[] rates = new long[CLOCKS];
            for (int clock = 0; clock < CLOCKS; clock++) {
                rates[clock] = rate(clock);
            }
            return rates;
        }

        boolean voted(int clock) {
            for (boolean[] own : votes) {
                if (own[clock]) {
                    return true;
                }
            }
            return false;
        }

        boolean gate(int clock) {
            return voted(clock) || (clock == BUS && (voted(LEAF) || voted(LONG)));
        }

        /** Sets the greatest rate that is not above the wish; false if there is none, or the wish is above all. */
        boolean setRate(int clock, long wish) {
            int limit = switch (clock) {
                case BUS -> 16;
                case UART -> 128;
                case LONG -> 4;
                default -> 1;
            };
            for (int raw = 0; raw < limit; raw++) {
                long rate = switch (clock) {
                    case BUS -> OSC_HZ / (raw + 1);
                    case UART -> rate(uartFromPll ? PLL : OSC) / (raw + 1);
                    case LONG -> OSC_HZ / ((busDivider + 1) * (1L << raw));
                    default -> rate(clock);
                };
                if (raw == 0 && wish > rate) {
                    return false;
                }
                if (rate <= wish) {
                    switch (clock) {
                        case BUS -> busDivider = raw;
                        case UART -> uartDivider = raw;
                        case LONG -> longDivider = raw;
                        default -> {}
                    }
                    return true;
                }
            }
            return false;
        }
    }

    @RepeatedTest(2)
    void agentsSeeWhatTheModelSays() throws Exception {
        long seed = Long.getLong("scmid.seed", System.nanoTime());
        try {
            run(seed);
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
        }
    }

    private void run(long seed) throws Exception {
        Random random = new Random(seed);
        Bench bench = new Bench(directory);
        int[][] view = {{UART, BUS, OSC, LONG}, {BUS, LEAF, LONG, UART}, {LEAF, UART, PLL, OSC}};
        char[][] permissions = {
            {CONTROL, CONTROL, READ, NOTIFY}, {CONTROL, CONTROL, CONTROL, NONE}, {NOTIFY, CONTROL, READ, CONTROL}
        };
        Model model = new Model(view, permissions);
        String[] names = {"osc", "pll", "bus", "uart", "leaf", Bench.LONG_NAME};
        List<Bench.Peer> peers = new ArrayList<>();
        for (int agent = 0; agent < view.length; agent++) {
            String[] grants = new String[view[agent].length];
            for (int id = 0; id < grants.length; id++) {
                String permission = switch (permissions[agent][id]) {
                    case NONE -> "none";
                    case READ -> "read";
                    case NOTIFY -> "notify";
                    default -> "control";
                };
                grants[id] = names[view[agent][id]] + ": " + permission;
            }
            peers.add(bench.agent("agent" + agent, grants).withEvents());
        }
        bench.loop.turn();
        for (int step = 0; step < STEPS; step++) {
            step(bench, model, peers, random, step);
        }
    }

    private static void step(Bench bench, Model model, List<Bench.Peer> peers, Random random, int step) {
        int agent = random.nextInt(peers.size());
        int id = random.nextInt(model.view[agent].length + 1);
        Bench.Peer peer = peers.get(agent);
        boolean exists = id < model.view[agent].length && model.permissions[agent][id] != NONE;
        int clock = exists ? model.view[agent][id] : OSC;
        char permission = exists ? model.permissions[agent][id] : NONE;
        long[] before = model.rates();
        String what = "step " + step + ", agent " + (agent + 1) + ", id " + id;
        List<String> delayed = List.of();
        switch (random.nextInt(9)) {
            case 0 -> {
                boolean on = random.nextBoolean();
                int expected = expect(exists, permission, CONTROL, Status.Code.DENIED);
                assertEquals(expected, peer.status(CLOCK, 7, id, on ? 1 : 0, 0), what + " config set " + on);
                if (expected == 0) {
                    model.votes[agent][clock] = on;
                }
            }
            case 1, 2 -> {
                boolean async = random.nextInt(3) == 0;
                long wish = random.nextInt(5) == 0 ? random.nextLong() : random.nextInt(30_000_000);
                int expected = expect(exists, permission, CONTROL, Status.Code.DENIED);
                boolean done = expected == 0 && wish >= 0 && model.setRate(clock, wish);
                int later = done ? 0 : Status.Code.INVALID_PARAMETERS;
                int now = expected == 0 && !async ? later : expected;
                assertEquals(
                        now,
                        peer.status(CLOCK, 5, async ? 1 : 0, id, (int) wish, (int) (wish >>> 32)),
                        what + " rate set " + wish);
                if (expected == 0 && async) {
                    String header = Integer.toHexString(0x5205 | (peer.lastToken() << 18));
                    delayed = List.of(
                            done
                                    ? header + " 0 " + id + " " + Long.toHexString(model.rate(clock)) + " 0"
                                    : header + " fffffffe");
                }
            }
            case 3 -> {
                int[] words = peer.call(CLOCK, 6, id);
                assertEquals(exists ? 0 : Status.Code.NOT_FOUND, words[0], what + " rate get");
                if (exists) {
                    assertEquals(model.rate(clock), words[1], what + " rate get");
                }
            }
            case 4 -> {
                int[] words = peer.call(CLOCK, 0xB, id, 0);
                assertEquals(exists ? 0 : Status.Code.NOT_FOUND, words[0], what + " config get");
                if (exists) {
                    boolean runs =
                            GATES[clock] < 0 || (model.gate(clock) && (PARENTS[clock] != BUS || model.gate(BUS)));
                    assertEquals(runs ? 1 : 0, words[2], what + " config get");
                }
            }
            case 5, 6 -> {
                boolean on = random.nextBoolean();
                int expected = expect(exists, permission, NOTIFY, Status.Code.DENIED);
                assertEquals(expected, peer.status(CLOCK, 9, id, on ? 1 : 0), what + " notify " + on);
                if (expected == 0) {
                    model.subscribed[agent][clock] = on;
                }
            }
            case 7 -> {
                if (random.nextInt(20) == 0) {
                    peer.agent.guestReset();
                    Arrays.fill(model.votes[agent], false);
                    Arrays.fill(model.subscribed[agent], false);
                }
            }
            default -> {
                Bench.Peer third = peers.get(2); // sees uart as 1, pll as 2 and osc as 3
                boolean pll = random.nextBoolean();
                agent = 2;
                assertEquals(0, third.status(CLOCK, 0xD, 1, pll ? 2 : 3), what + " parent set");
                model.uartFromPll = pll;
                assertEquals(pll ? 2 : 3, third.call(CLOCK, 0xE, 1)[1]);
            }
        }
        check(bench, model, peers, agent, before, delayed, what);
    }

    private static int expect(boolean exists, char permission, char needed, int refusal) {
        if (!exists) {
            return Status.Code.NOT_FOUND;
        }
        boolean enough = permission == CONTROL || (needed == NOTIFY && permission == NOTIFY);
        return enough ? 0 : refusal;
    }

    private static void check(
            Bench bench,
            Model model,
            List<Bench.Peer> peers,
            int causer,
            long[] before,
            List<String> delayed,
            String what) {
        for (int clock = 0; clock < CLOCKS; clock++) {
            if (GATES[clock] >= 0) {
                assertEquals(model.gate(clock), bench.gate(GATES[clock]), what + ": gate of clock " + clock);
            }
        }
        for (int agent = 0; agent < peers.size(); agent++) {
            List<String> expected = new ArrayList<>(agent == causer ? delayed : List.of());
            for (int id = 0; id < model.view[agent].length && agent != causer; id++) {
                int clock = model.view[agent][id];
                if (model.subscribed[agent][clock] && model.rate(clock) != before[clock]) {
                    expected.add("5300 " + (causer + 1) + " " + id + " " + Long.toHexString(model.rate(clock)) + " 0");
                }
            }
            List<String> received = new ArrayList<>(peers.get(agent).events.take());
            expected.sort(null);
            received.sort(null);
            assertEquals(expected, received, what + ": events of agent " + (agent + 1));
        }
    }
}
