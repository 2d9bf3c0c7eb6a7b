// Who is looked at when, and for how long: with a clock that only work moves.
package org.scmid.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PollersTest {
    private static final long QUANTUM = Share.QUANTUM_NANOS;

    private long now = 1_000;
    private final Pollers pollers = new Pollers(() -> now, 0);
    private final List<Throwable> failures = new ArrayList<>();

    /** A peer that always has more to do, in pieces of one cost. */
    private class Busy implements EventLoop.Poller {
        final long piece;
        int pieces;
        int turns;
        EventLoop.Polling polling;

        @SuppressWarnings("this-escape")
        Busy(long piece, boolean behind) {
            this.piece = piece;
            polling = behind ? pollers.addBehind(this, failures::add) : pollers.add(this, failures::add);
        }

        @Override
        public boolean poll() {
            turns++;
            do {
                now += piece;
                pieces++;
            } while (pollers.hasTime());
            return true;
        }

        @Override
        public boolean prepareToWait() {
            return true;
        }

        long taken() {
            return pieces * piece;
        }
    }

    private Busy busy(long piece) {
        return new Busy(piece, false);
    }

    private Busy busyBehind(long piece) {
        return new Busy(piece, true);
    }

    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            pollers.leaveQuietOnes(now);
            pollers.pollAll();
        }
    }

    @Test
    void noPollerIsCalledTwiceBeforeTheOtherReadyOnes() {
        List<Busy> all = List.of(busy(QUANTUM), busy(QUANTUM / 3), busy(QUANTUM));
        for (int i = 1; i <= 100; i++) {
            turns(1);
            assertEquals(
                    List.of(i, i, i), all.stream().map(poller -> poller.turns).toList());
        }
    }

    @Test
    void cheapPiecesAreDoneUntilTheShareIsUsedUp() {
        Busy cheap = busy(QUANTUM / 10);
        turns(3);
        assertEquals(30, cheap.pieces);
        assertEquals(3, cheap.turns);
    }

    @Test
    void eachTakesTheSameTimeWhateverItsPiecesCost() {
        Busy cheap = busy(QUANTUM / 50);
        Busy middling = busy(QUANTUM * 3 / 2);
        Busy dear = busy(40 * QUANTUM);
        turns(4000);
        assertTrue(Math.abs(cheap.taken() - 4000 * QUANTUM) <= 40 * QUANTUM, cheap.pieces + " pieces");
        assertTrue(Math.abs(middling.taken() - 4000 * QUANTUM) <= 40 * QUANTUM, middling.pieces + " pieces");
        assertTrue(Math.abs(dear.taken() - 4000 * QUANTUM) <= 40 * QUANTUM, dear.pieces + " pieces");
    }

    @Test
    void betweenTwoTurnsOfACalmOneIsOnePieceOfEachOther() {
        busy(40 * QUANTUM);
        busy(QUANTUM / 2);
        busyBehind(QUANTUM / 2);
        List<Long> looks = new ArrayList<>();
        pollers.add(
                new EventLoop.Poller() {
                    @Override
                    public boolean poll() {
                        looks.add(now);
                        return false;
                    }

                    @Override
                    public boolean prepareToWait() {
                        return true;
                    }
                },
                failures::add);
        turns(100);
        assertEquals(100, looks.size());
        int longOnes = 0;
        for (int i = 1; i < looks.size(); i++) {
            long waited = looks.get(i) - looks.get(i - 1);
            assertTrue(waited <= 42 * QUANTUM, "waited " + waited);
            longOnes += waited > 2 * QUANTUM ? 1 : 0;
        }
        assertTrue(longOnes <= 3, longOnes + " of 100 turns had a long piece, one in 40 may");
    }

    @Test
    void whatIsOwedIsNotForgottenWhileTheOwnerIsQuiet() {
        Busy dear = busy(10 * QUANTUM);
        turns(1);
        dear.polling.ready();
        turns(9);
        assertEquals(1, dear.turns, "it owes nine turns");
        turns(1);
        assertEquals(2, dear.turns);
    }

    @Test
    void timeIsOverForThoseWhoReadTheClockThemselvesOnceTheyHaveReadIt() {
        pollers.beginTurn(now, QUANTUM);
        assertTrue(pollers.hadTime());
        now += QUANTUM;
        assertTrue(pollers.hadTime(), "nobody has looked");
        pollers.now();
        assertFalse(pollers.hadTime());
    }

    @Test
    void timeThatWasNotUsedIsNotSaved() {
        Busy calm = busy(QUANTUM / 5);
        for (int i = 0; i < 100; i++) {
            now += QUANTUM;
            pollers.leaveQuietOnes(now);
        }
        turns(1);
        assertEquals(5, calm.pieces);
    }

    @Test
    void thoseBehindHaveOneShareBetweenThem() {
        List<Busy> behind = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            behind.add(busyBehind(QUANTUM / 5));
        }
        Busy front = busy(QUANTUM / 5);
        long begin = now;
        turns(1);
        assertEquals(5, front.pieces);
        assertEquals(2 * QUANTUM, now - begin);
        turns(59);
        assertEquals(60 * 5, front.pieces);
        for (Busy each : behind) {
            assertEquals(5, each.pieces, "one after the other");
        }
    }

    @Test
    void whatThoseBehindOverrunIsTakenFromAllOfThem() {
        Busy dear = busyBehind(4 * QUANTUM);
        Busy other = busyBehind(QUANTUM / 2);
        turns(4);
        assertEquals(1, dear.turns);
        assertEquals(0, other.turns, "three turns are owed");
        turns(1);
        assertEquals(1, other.turns);
    }

    @Test
    void oneThatIsBehindAndQuietMakesNobodyLoseHisPlace() {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "p" + i;
            int turns = i == 1 ? 1 : 100;
            pollers.addBehind(
                    new EventLoop.Poller() {
                        private int left = turns;

                        @Override
                        public boolean poll() {
                            if (left == 0) {
                                return false;
                            }
                            left--;
                            order.add(name);
                            now += QUANTUM;
                            return true;
                        }

                        @Override
                        public boolean prepareToWait() {
                            return left > 0;
                        }
                    },
                    failures::add);
        }
        turns(8);
        assertEquals(List.of("p0", "p1", "p2", "p3", "p0", "p2", "p3", "p0"), order);
    }

    @Test
    void oneThatThrowsIsTakenOut() {
        RuntimeException no = new IllegalStateException("no");
        pollers.add(
                new EventLoop.Poller() {
                    @Override
                    public boolean poll() {
                        throw no;
                    }

                    @Override
                    public boolean prepareToWait() {
                        return true;
                    }
                },
                failures::add);
        turns(2);
        assertEquals(List.of(no), failures);
        assertTrue(pollers.isEmpty());
    }

    @Test
    void aCancelledOneIsNotLookedAt() {
        Busy gone = busy(1);
        gone.polling.cancel();
        turns(1);
        assertEquals(0, gone.turns);
        assertTrue(pollers.isEmpty());
    }
}
