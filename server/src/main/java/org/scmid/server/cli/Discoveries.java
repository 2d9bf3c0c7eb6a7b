// What a running service finds out of the platforms that it asks.
package org.scmid.server.cli;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.Offer;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.server.service.KeptOffers;

/**
 * What a running service finds out of the platforms that it asks: it is kept for the next start. If it was not known at this
 * start what one of them offers, the service begins again with what it knows now, as after a restart: its agents lose
 * nothing by that.
 */
final class Discoveries implements BiConsumer<UpstreamSpec, Offer> {
    private static final System.Logger LOG = System.getLogger(Discoveries.class.getName());

    /** What happened. */
    private sealed interface Event {
        record Found(String upstream, Offer offer) implements Event {}

        record Ended(Throwable fault) implements Event {}
    }

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Set<String> unknown;
    private final @Nullable KeptOffers kept;

    /**
     * @param unknown the platforms of which it is not known what they offer
     * @param kept keeps it; null if nothing is asked
     */
    Discoveries(Set<String> unknown, @Nullable KeptOffers kept) {
        this.unknown = unknown;
        this.kept = kept;
    }

    @Override
    public void accept(UpstreamSpec upstream, Offer offer) {
        events.add(new Event.Found(upstream.name(), offer));
    }

    /** The service has ended by a fault. */
    void end(Throwable fault) {
        events.add(new Event.Ended(fault));
    }

    /**
     * Keeps what is found out, until there is something to do.
     *
     * @return the fault that has ended the service; null if it is to begin again
     */
    @Nullable
    Throwable await() throws InterruptedException {
        while (true) {
            switch (events.take()) {
                case Event.Ended ended -> {
                    return ended.fault();
                }
                case Event.Found found -> {
                    if (keep(found) && unknown.contains(found.upstream())) {
                        LOG.log(
                                System.Logger.Level.INFO,
                                "it is known now what upstream {0} offers: the service begins again with that",
                                found.upstream());
                        return null;
                    }
                }
            }
        }
    }

    private boolean keep(Event.Found found) {
        if (kept == null) {
            return false;
        }
        try {
            kept.keep(found.upstream(), found.offer());
            return true;
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "what upstream {0} offers cannot be kept: {1}",
                    found.upstream(),
                    e.getMessage());
            return false;
        }
    }
}
