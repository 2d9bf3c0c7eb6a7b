// The platforms that a service asks as an agent, and who waits for them.
package org.scmid.server.service;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.scmid.config.board.Board;
import org.scmid.config.offer.Offer;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.loop.EventLoop;
import org.scmid.transport.PollPacing;
import org.scmid.upstream.Upstream;
import org.scmid.upstream.UpstreamListener;
import org.scmid.upstream.discovery.Discovered;
import org.scmid.upstream.driver.Platforms;

/**
 * The platforms that a service asks as an agent. Agents that depend on one are served when it was there once: no guest sees
 * what was not found out yet. From then on it may go and come back.
 */
final class ServiceUpstreams {
    private final Map<String, Upstream> upstreams = new LinkedHashMap<>();
    private final Set<String> unknown;
    private final Set<String> found = new HashSet<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private final BiConsumer<UpstreamSpec, Offer> discovered;
    private final Platforms platforms;

    /** Somebody who waits for platforms. */
    private record Waiting(Set<String> upstreams, Runnable then) {}

    /**
     * @param board whose platforms they are
     * @param isSimulated whether they are simulated, and so not asked
     * @param pacing of the loop
     * @param discovered is told on the loop's thread each time that it was found out what a platform offers
     */
    ServiceUpstreams(
            EventLoop loop,
            PollPacing pacing,
            Board board,
            boolean isSimulated,
            BiConsumer<UpstreamSpec, Offer> discovered) {
        this.discovered = discovered;
        this.unknown = isSimulated ? Set.of() : board.upstreams().unknown();
        if (!isSimulated) {
            board.upstreams().specs().forEach((name, spec) -> upstreams.put(name, new Upstream(loop, pacing, spec)));
        }
        // Clocks and sensors learn that their platform is there before the agents do.
        platforms = isSimulated ? Platforms.simulated(loop, board) : new Platforms(loop, board, upstreams.values());
        upstreams.values().forEach(this::listen);
    }

    private void listen(Upstream upstream) {
        upstream.listen(new UpstreamListener() {
            @Override
            public void up(Discovered all) {
                // What was left out may only have been lost on the way: it does not replace what is known.
                if (all.findings().isEmpty() || unknown.contains(upstream.spec().name())) {
                    discovered.accept(upstream.spec(), all.offer());
                }
                if (!unknown.contains(upstream.spec().name())
                        && found.add(upstream.spec().name())) {
                    beginWhatWaits();
                }
            }
        });
    }

    /** Who asks the platforms, or simulates them. */
    Platforms platforms() {
        return platforms;
    }

    /** Whether an agent that depends on these can be served now. */
    boolean areFound(Set<String> names) {
        return upstreams.isEmpty() || found.containsAll(names);
    }

    /** Does something, on the loop's thread, as soon as all of these platforms were there. */
    void whenFound(Set<String> names, Runnable then) {
        waiting.add(new Waiting(names, then));
    }

    private void beginWhatWaits() {
        for (Waiting each : List.copyOf(waiting)) {
            if (areFound(each.upstreams)) {
                waiting.remove(each);
                each.then.run();
            }
        }
    }

    /** Begins to look for them; on the loop's thread. */
    void start() {
        platforms.startSimulated();
        upstreams.values().forEach(Upstream::start);
    }

    /** What is known of each. */
    List<Upstream.Snapshot> snapshots() {
        return upstreams.values().stream().map(Upstream::snapshot).toList();
    }

    void close() {
        upstreams.values().forEach(Upstream::close);
    }
}
