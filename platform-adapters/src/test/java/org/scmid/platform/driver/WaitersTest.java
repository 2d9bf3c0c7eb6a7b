// Who is told of an end, in which order, and who is not.
package org.scmid.platform.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scmid.platform.Allocation;
import org.scmid.platform.Asker;
import org.scmid.platform.Logged;

class WaitersTest {
    private static final int UP = 1;
    private static final int DOWN = 2;

    private final List<String> told = new ArrayList<>();
    private final Waiters waiters = new Waiters();

    private Asker asker(String name) {
        return new Asker(name, told);
    }

    @Test
    void allAreToldOnceInTheOrderInWhichTheyCame() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiters.add(asker("w" + i));
            expected.add("w" + i + " OK");
        }
        waiters.end(Outcome.OK);
        assertEquals(expected, told);
        waiters.end(Outcome.FAILED);
        assertEquals(expected, told);
    }

    @Test
    void whoComesWhileOthersAreToldWaitsForTheNextEnd() {
        waiters.add(asker("first").then(() -> waiters.add(asker("new"))));
        waiters.add(asker("second"));
        waiters.end(Outcome.OK);
        assertEquals(List.of("first OK", "second OK"), told);
        waiters.end(Outcome.FAILED);
        assertEquals(List.of("first OK", "second OK", "new FAILED"), told);
    }

    @Test
    void whoBeginsSomethingThatEndsAtOnceDoesNotChangeHowItEndedForTheOthers() {
        waiters.add(asker("first").then(() -> {
            waiters.add(asker("new"));
            waiters.end(Outcome.OK);
        }));
        waiters.add(asker("second"));
        waiters.end(Outcome.FAILED);
        assertEquals(List.of("first FAILED", "second FAILED", "new OK"), told);
    }

    @Test
    void whoThrowsIsLoggedAndTheOthersAreTold() {
        waiters.add(asker("first").then(() -> {
            throw new IllegalStateException("as the test wants");
        }));
        waiters.add(asker("second"));
        List<String> logged = Logged.by(Waiters.class, () -> waiters.end(Outcome.OK));
        assertEquals(List.of("first OK", "second OK"), told);
        assertEquals(List.of("what was to follow the end of a request failed"), logged);
    }

    @Test
    void onlyThoseOfTheKindThatHasEndedAreTold() {
        waiters.add(asker("a"), UP);
        waiters.add(asker("b"), DOWN);
        waiters.add(asker("c"), UP);
        waiters.end(UP, Outcome.FAILED);
        assertEquals(List.of("a FAILED", "c FAILED"), told);
        waiters.end(Outcome.OK);
        assertEquals(List.of("a FAILED", "c FAILED", "b OK"), told);
    }

    @Test
    void onlyThoseOfTheSameCauseTurn() {
        Asker one = asker("one");
        waiters.add(new Asker("a", told, one), UP);
        waiters.add(new Asker("b", told, asker("other")), UP);
        waiters.turn(one, UP, DOWN);
        waiters.end(DOWN, Outcome.OK);
        assertEquals(List.of("a OK"), told);
    }

    @Test
    void waitingAllocatesNothing() {
        long allocated = Allocation.ofRuns(() -> {
            for (int i = 0; i < 10; i++) {
                waiters.add(Waiter.NOBODY);
            }
            waiters.end(Outcome.OK);
        });
        assertEquals(0, allocated, "bytes for 1000 rounds");
    }
}
