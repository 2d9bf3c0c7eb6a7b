// What a running service finds out of the platforms that it asks.
package org.scmid.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Problem;
import org.scmid.config.offer.Offer;
import org.scmid.config.service.Service;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.loop.LogBudget;
import org.scmid.server.service.KeptOffers;

/**
 * What a running service finds out of the platforms that it asks. It is kept for the next start if the service's file can be
 * read with it: a platform that lacks today what the board takes, or has new names that clash, keeps no service from
 * starting. If it was not known at this start what a platform offers, the service begins again with what it knows now, as
 * after a restart.
 */
final class Discoveries implements BiConsumer<UpstreamSpec, Offer> {
    private static final System.Logger LOG = System.getLogger(Discoveries.class.getName());

    /** What happened. */
    private sealed interface Event {
        record Found(String upstream) implements Event {}

        record Ended(Throwable fault) implements Event {}
    }

    /**
     * Where it is kept.
     *
     * @param file the service's file
     * @param runtime where sockets are that the file does not name
     * @param offers what is kept
     */
    record Keeping(Path file, Path runtime, KeptOffers offers) {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Map<String, Offer> newest =
            new ConcurrentHashMap<>(); // of each platform one, however fast it changes
    private final LogBudget budget = new LogBudget(System::nanoTime);
    private final Set<String> unknown;
    private final @Nullable Keeping keeping;

    /**
     * @param unknown the platforms of which it is not known what they offer
     * @param keeping where it is kept; null if no platform is asked
     */
    Discoveries(Set<String> unknown, @Nullable Keeping keeping) {
        this.unknown = unknown;
        this.keeping = keeping;
    }

    @Override
    public void accept(UpstreamSpec upstream, Offer offer) {
        if (newest.put(upstream.name(), offer) == null) {
            events.add(new Event.Found(upstream.name()));
        }
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
                    Offer offer = newest.remove(found.upstream());
                    if (keeping != null
                            && offer != null
                            && keep(found.upstream(), offer, keeping)
                            && unknown.contains(found.upstream())) {
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

    private boolean keep(String upstream, Offer offer, Keeping keeping) {
        try {
            Service with = ConfigFiles.service(
                    keeping.file(), keeping.runtime(), keeping.offers().with(upstream, offer));
            keeping.offers().keep(upstream, offer);
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "what upstream {0} offers fits board {1}",
                    upstream,
                    with.board().board().name());
            return true;
        } catch (ConfigException e) {
            if (!budget.mayReport()) {
                return false;
            }
            Problem first = e.problems().getFirst();
            int more = e.problems().size() - 1;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "what upstream {0} offers does not fit the board: {1}: {2}{3}; what was known of it before stays",
                    upstream,
                    first.place(),
                    first.message(),
                    more == 0 ? "" : ", and " + more + " more");
        } catch (IOException e) {
            if (!budget.mayReport()) {
                return false;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "what upstream {0} offers cannot be kept: {1}",
                    upstream,
                    e.getMessage());
        }
        return false;
    }
}
