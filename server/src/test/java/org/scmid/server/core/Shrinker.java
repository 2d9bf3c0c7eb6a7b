// Makes a failing sequence of steps as short and simple as it can be.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes a failing sequence short: takes out chunks, then single steps, then puts simpler steps in their places, and all
 * over again while that helps. Each trial runs the sequence anew, so that a run must depend on its steps only.
 *
 * @param <S> a step
 */
final class Shrinker<S> {
    private final Predicate<List<S>> fails;
    private final Function<S, List<S>> simpler;
    private final int mostTrials;
    private int trials;

    /**
     * @param fails whether a sequence still fails
     * @param simpler what may stand for a step instead, the simplest first; none of it may lead back to the step
     * @param mostTrials how often it is tried
     */
    Shrinker(Predicate<List<S>> fails, Function<S, List<S>> simpler, int mostTrials) {
        this.fails = fails;
        this.simpler = simpler;
        this.mostTrials = mostTrials;
    }

    /** The shortest and simplest sequence that was found to fail; the given one if no other does. */
    List<S> shrink(List<S> failing) {
        List<S> shortest = List.copyOf(failing);
        List<S> before;
        do {
            before = shortest;
            for (int chunk = shortest.size() / 2; chunk >= 1; chunk /= 2) {
                shortest = withoutChunks(shortest, chunk);
            }
            shortest = withSimplerSteps(shortest);
        } while (!shortest.equals(before));
        return shortest;
    }

    /** From the end, since what comes last depends on what came before. */
    private List<S> withoutChunks(List<S> steps, int chunk) {
        List<S> shortest = steps;
        for (int end = steps.size(); end > 0; end -= chunk) {
            int from = Math.max(0, end - chunk);
            List<S> trial = new ArrayList<>(shortest.subList(0, from));
            trial.addAll(shortest.subList(end, shortest.size()));
            shortest = stillFails(trial) ? trial : shortest;
        }
        return shortest;
    }

    private List<S> withSimplerSteps(List<S> steps) {
        List<S> simplest = new ArrayList<>(steps);
        for (int i = 0; i < simplest.size(); i++) {
            boolean found = true;
            while (found) {
                found = false;
                S step = simplest.get(i);
                for (S instead : simpler.apply(step)) {
                    simplest.set(i, instead);
                    if (stillFails(List.copyOf(simplest))) {
                        found = true;
                        break;
                    }
                    simplest.set(i, step);
                }
            }
        }
        return simplest;
    }

    private boolean stillFails(List<S> trial) {
        return trials++ < mostTrials && fails.test(trial);
    }
}
