// Orders what has parents so that parents come first, and finds loops.
package org.scmid.config.resource;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * Orders clocks or power domains so that parents come first, and finds loops. It never recurses: a board may have a chain of ten
 * thousand clocks.
 *
 * @param parentsFirst those that no loop feeds, every one behind all its parents
 * @param loops each loop as the names on it, each before its parent, beginning with the one that is first in the
 *     file
 */
public record ParentOrder(List<String> parentsFirst, List<List<String>> loops) {

    /**
     * Orders names.
     *
     * @param parents the parents of each, in the order of the file; unknown parents do not count
     */
    public static ParentOrder of(Map<String, List<String>> parents) {
        List<String> names = List.copyOf(parents.keySet());
        Map<String, Integer> index = new HashMap<>();
        for (String name : names) {
            index.put(name, index.size());
        }
        int[] waitingFor = new int[names.size()];
        List<List<Integer>> children = new ArrayList<>();
        names.forEach(name -> children.add(new ArrayList<>()));
        for (int i = 0; i < waitingFor.length; i++) {
            for (String parent : parents.getOrDefault(names.get(i), List.of())) {
                Integer p = index.get(parent);
                if (p != null) {
                    waitingFor[i]++;
                    children.get(p).add(i);
                }
            }
        }
        List<String> order = new ArrayList<>();
        ArrayDeque<Integer> ready = new ArrayDeque<>();
        for (int i = 0; i < waitingFor.length; i++) {
            if (waitingFor[i] == 0) {
                ready.add(i);
            }
        }
        while (!ready.isEmpty()) {
            int i = ready.remove();
            order.add(names.get(i));
            for (int child : children.get(i)) {
                if (--waitingFor[child] == 0) {
                    ready.add(child);
                }
            }
        }
        return new ParentOrder(order, loops(names, index, parents, waitingFor));
    }

    /** Everything that still waits has a parent that waits: following these ends in a loop. */
    private static List<List<String>> loops(
            List<String> names, Map<String, Integer> index, Map<String, List<String>> parents, int[] waitingFor) {
        List<List<String>> loops = new ArrayList<>();
        int[] walk = new int[names.size()];
        Arrays.fill(walk, -1);
        for (int start = 0; start < waitingFor.length; start++) {
            if (waitingFor[start] == 0) {
                continue;
            }
            SequencedSet<Integer> path = new LinkedHashSet<>();
            int at = start;
            while (walk[at] < 0) {
                walk[at] = start;
                path.add(at);
                at = waitingParent(parents.getOrDefault(names.get(at), List.of()), index, waitingFor);
            }
            if (walk[at] == start) {
                List<Integer> all = List.copyOf(path);
                loops.add(fromFirst(all.subList(all.indexOf(at), all.size()), names));
            }
        }
        return loops;
    }

    private static int waitingParent(List<String> parents, Map<String, Integer> index, int[] waitingFor) {
        for (String parent : parents) {
            Integer p = index.get(parent);
            if (p != null && waitingFor[p] > 0) {
                return p;
            }
        }
        throw new IllegalStateException("something waits for no parent");
    }

    private static List<String> fromFirst(List<Integer> loop, List<String> names) {
        int first = 0;
        for (int i = 1; i < loop.size(); i++) {
            if (loop.get(i) < loop.get(first)) {
                first = i;
            }
        }
        List<String> turned = new ArrayList<>();
        for (int i = 0; i < loop.size(); i++) {
            turned.add(names.get(loop.get((first + i) % loop.size())));
        }
        return turned;
    }
}
