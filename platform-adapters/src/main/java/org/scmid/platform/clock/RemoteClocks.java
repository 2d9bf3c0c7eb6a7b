// Lets those roots be asked of their platforms that are clocks of others.
package org.scmid.platform.clock;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.upstream.From;
import org.scmid.config.upstream.Origin;
import org.scmid.platform.driver.ClockDriver;
import org.scmid.platform.remote.RemoteClock;
import org.scmid.platform.remote.RemoteResources;

/** Lets those roots be asked of their platforms that are clocks of others, before anything is asked of the tree. */
public final class RemoteClocks {
    private RemoteClocks() {}

    /**
     * Connects a board's clocks of other platforms.
     *
     * @param board the board
     * @param tree its clocks
     * @param remote who asks the platforms; null if they are simulated, and do at once what they are told
     */
    public static void connect(Board board, ClockTree tree, @Nullable RemoteResources remote) {
        Map<String, Origin> origins = board.upstreams().origins(ResourceKind.CLOCK);
        Map<From, Integer> positions = new HashMap<>();
        origins.forEach(
                (name, origin) -> positions.put(origin.from(), tree.get(name).index()));
        origins.forEach((name, origin) -> {
            Clock clock = tree.get(name);
            ClockOffer offer = origin.offer() instanceof ClockOffer known ? known : null;
            RemoteClock asked = remote == null || offer == null ? null : remote.clock(origin);
            RemoteRoot root = new RemoteRoot(
                    tree,
                    clock,
                    asked,
                    offer == null ? null : offer.rates(),
                    "upstream " + origin.from().upstream());
            clock.setForeign(root);
            if (asked != null) {
                asked.listen(root);
                tree.setDriver(clock, driver(tree, clock, asked, origin.from().upstream(), offer, positions));
            }
        });
    }

    private static RemoteTreeClock driver(
            ClockTree tree,
            Clock clock,
            RemoteClock asked,
            String upstream,
            @Nullable ClockOffer offer,
            Map<From, Integer> positions) {
        List<String> names = offer == null ? List.of() : offer.parents();
        int[] all = new int[names.size()];
        int[] parents = new int[names.size()];
        int[] choices = new int[names.size()];
        int count = 0;
        for (int i = 0; i < names.size(); i++) {
            Integer position = positions.get(new From(upstream, names.get(i)));
            all[i] = position == null ? ClockDriver.NO_PARENT : position;
            if (position != null) {
                parents[count] = position;
                choices[count++] = i;
            }
        }
        asked.setParents(all);
        return new RemoteTreeClock(
                new TreeClock(tree, clock), asked, Arrays.copyOf(parents, count), Arrays.copyOf(choices, count));
    }
}
