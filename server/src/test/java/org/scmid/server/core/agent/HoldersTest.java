// Who holds what of a resource, over the borders of the words that say it.
package org.scmid.server.core.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HoldersTest {
    private static final int VOTE = 1;
    private static final int WISH = 1 << 31;

    private final Holders holders = new Holders(3);

    private void set(int place, int index, int flag) {
        holders.changed(place, index, 0, flag);
    }

    private List<Integer> holdersOf(int flag, int index) {
        List<Integer> places = new ArrayList<>();
        for (int place = holders.next(flag, index, 0);
                place != Holders.NOBODY;
                place = holders.next(flag, index, place + 1)) {
            places.add(place);
        }
        return places;
    }

    @Test
    void nobodyHoldsWhatNobodyHasSet() {
        assertEquals(Holders.NOBODY, holders.next(VOTE, 0, 0));
        assertFalse(holders.any(VOTE, 2));
    }

    @Test
    void holdersAreFoundInOrderOverTheBordersOfWords() {
        List<Integer> places = List.of(0, 1, 62, 63, 64, 65, 127, 128, 191, 192, 253, 254);
        places.reversed().forEach(place -> set(place, 1, VOTE));
        assertEquals(places, holdersOf(VOTE, 1));
        assertEquals(List.of(), holdersOf(VOTE, 0), "another resource, whose words are in front");
        assertEquals(List.of(), holdersOf(VOTE, 2), "and behind");
        assertEquals(List.of(), holdersOf(WISH, 1), "another flag");
    }

    @Test
    void aSearchBeginsAtItsPlaceAndNotBefore() {
        set(63, 0, VOTE);
        set(200, 0, VOTE);
        assertEquals(63, holders.next(VOTE, 0, 63));
        assertEquals(200, holders.next(VOTE, 0, 64));
        assertEquals(200, holders.next(VOTE, 0, 200));
        assertEquals(Holders.NOBODY, holders.next(VOTE, 0, 201));
        assertEquals(Holders.NOBODY, holders.next(VOTE, 0, Agents.MOST), "behind the last place");
        set(Agents.MOST - 1, 0, VOTE);
        assertEquals(Agents.MOST - 1, holders.next(VOTE, 0, Agents.MOST - 1));
    }

    @Test
    void allAgentsMayHoldOneThing() {
        List<Integer> all = IntStream.range(0, Agents.MOST).boxed().toList();
        all.forEach(place -> set(place, 2, WISH));
        assertEquals(all, holdersOf(WISH, 2));
    }

    @Test
    void onlyFlagsThatHaveChangedAreSetAndCleared() {
        holders.changed(70, 1, 0, VOTE | WISH);
        holders.changed(71, 1, 0, VOTE);
        holders.changed(70, 1, VOTE | WISH, WISH | 2);
        assertEquals(List.of(71), holdersOf(VOTE, 1));
        assertEquals(List.of(70), holdersOf(WISH, 1), "it was set before and after");
        assertEquals(List.of(70), holdersOf(2, 1));
        holders.changed(71, 1, VOTE, 0);
        assertFalse(holders.any(VOTE, 1));
        assertTrue(holders.any(WISH, 1));
    }

    @Test
    void anAgentThatIsForgottenHoldsNothingAndItsNeighboursHoldWhatTheyHeld() {
        for (int place : new int[] {0, 63, 64, 65, 128}) {
            for (int index = 0; index < 3; index++) {
                holders.changed(place, index, 0, VOTE | WISH);
            }
        }
        holders.forget(64);
        for (int index = 0; index < 3; index++) {
            assertEquals(List.of(0, 63, 65, 128), holdersOf(VOTE, index));
            assertEquals(List.of(0, 63, 65, 128), holdersOf(WISH, index));
        }
        holders.changed(64, 0, 0, VOTE);
        assertEquals(List.of(0, 63, 64, 65, 128), holdersOf(VOTE, 0), "whoever has the place next");
    }
}
