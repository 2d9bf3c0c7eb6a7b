// All platforms that a board takes resources from.
package org.scmid.upstream.driver;

import java.util.LinkedHashMap;
import java.util.Map;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.SensorOffer;
import org.scmid.config.upstream.Origin;
import org.scmid.loop.Scheduler;
import org.scmid.platform.remote.RemoteClock;
import org.scmid.platform.remote.RemoteResources;
import org.scmid.platform.remote.RemoteSensor;
import org.scmid.upstream.Upstream;

/** All platforms that a board takes resources from, by name: gives its trees what they need of them. */
public final class Platforms implements RemoteResources {
    private final Map<String, PlatformResources> platforms = new LinkedHashMap<>();

    /**
     * @param time the loop
     * @param upstreams the platforms, which are not looked for yet
     */
    public Platforms(Scheduler time, Iterable<Upstream> upstreams) {
        for (Upstream upstream : upstreams) {
            platforms.put(upstream.spec().name(), new PlatformResources(time, upstream));
        }
    }

    private PlatformResources platform(Origin origin) {
        PlatformResources platform = platforms.get(origin.from().upstream());
        if (platform == null) {
            throw new IllegalArgumentException(
                    "there is no upstream " + origin.from().upstream());
        }
        return platform;
    }

    @Override
    public RemoteClock clock(Origin origin) {
        if (origin.offer() instanceof ClockOffer offer) {
            return platform(origin).clock(offer);
        }
        throw new IllegalArgumentException("it is not known what " + origin.from() + " is");
    }

    @Override
    public RemoteSensor sensor(Origin origin) {
        if (origin.offer() instanceof SensorOffer offer) {
            return platform(origin).sensor(offer);
        }
        throw new IllegalArgumentException("it is not known what " + origin.from() + " is");
    }
}
