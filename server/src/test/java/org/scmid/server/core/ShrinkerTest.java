// Failing sequences become as short as they can be.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final List<Integer> MANY = IntStream.range(0, 300).boxed().toList();

    private int trials;

    private List<Integer> shrink(List<Integer> failing, Predicate<List<Integer>> fails, int most) {
        return new Shrinker<Integer>(
                        steps -> {
                            trials++;
                            return fails.test(steps);
                        },
                        number -> number == 0 ? List.of() : List.of(0, number / 2, number - 1),
                        most)
                .shrink(failing);
    }

    @Test
    void onlyTheStepsThatMatterAreLeft() {
        assertEquals(List.of(17, 203), shrink(MANY, steps -> isAtLeast(steps, 17) && isAtLeast(steps, 203), 10_000));
        assertEquals(true, trials < 1_000, trials + " trials");
    }

    private static boolean isAtLeast(List<Integer> steps, int number) {
        return steps.stream().anyMatch(step -> step == number);
    }

    @Test
    void stepsBecomeSimpler() {
        assertEquals(List.of(100), shrink(MANY, steps -> steps.stream().anyMatch(step -> step >= 100), 10_000));
    }

    @Test
    void theOrderOfStepsStays() {
        List<Integer> shrunk =
                shrink(MANY, steps -> steps.indexOf(5) >= 0 && steps.lastIndexOf(9) > steps.indexOf(5), 10_000);
        assertEquals(List.of(5, 9), shrunk);
    }

    @Test
    void aSequenceOfWhichEverythingMattersStaysAsItIs() {
        List<Integer> three = List.of(1, 2, 3);
        assertEquals(three, shrink(three, steps -> steps.equals(three), 10_000));
    }

    @Test
    void itEndsWhenItHasTriedOftenEnough() {
        List<Integer> shrunk = shrink(MANY, steps -> isAtLeast(steps, 17), 5);
        assertEquals(5, trials);
        assertEquals(true, isAtLeast(shrunk, 17));
    }
}
