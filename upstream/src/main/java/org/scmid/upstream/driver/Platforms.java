// All platforms that a board takes resources from.
package org.scmid.upstream.driver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.PerformanceDomainOffer;
import org.scmid.config.offer.PowerDomainOffer;
import org.scmid.config.offer.ResetOffer;
import org.scmid.config.offer.SensorOffer;
import org.scmid.config.offer.VoltageDomainOffer;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.upstream.Origin;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.PerformanceListener;
import org.scmid.platform.driver.PowerListener;
import org.scmid.platform.remote.RemoteClock;
import org.scmid.platform.remote.RemoteResources;
import org.scmid.platform.remote.RemoteSensor;
import org.scmid.upstream.Upstream;

/**
 * All platforms that a board takes resources from, by name: gives its trees what they need of them, and drivers for all
 * else, each at its position on the board, which is behind the board's own of its kind.
 */
public final class Platforms implements RemoteResources {
    private final Board board;
    private final Map<String, PlatformResources> resources = new LinkedHashMap<>();
    private final Map<String, PlatformDrivers> drivers = new LinkedHashMap<>();
    private final List<SimulatedPlatform> simulated = new ArrayList<>();

    /**
     * @param time the loop
     * @param board which takes resources from them
     * @param upstreams the platforms, which are not looked for yet
     */
    public Platforms(Scheduler time, Board board, Iterable<Upstream> upstreams) {
        this.board = board;
        for (Upstream upstream : upstreams) {
            Room room = new Room(time, upstream);
            resources.put(upstream.spec().name(), new PlatformResources(room));
            drivers.put(upstream.spec().name(), new PlatformDrivers(room));
        }
    }

    private Platforms(Board board) {
        this.board = board;
    }

    /** All platforms of a board, simulated by what is known of them; clocks and sensors of theirs trees simulate. */
    public static Platforms simulated(EventLoop loop, Board board) {
        Platforms all = new Platforms(board);
        board.upstreams().specs().forEach((name, spec) -> {
            SimulatedPlatform platform =
                    new SimulatedPlatform(loop, spec, board.upstreams().taken(name));
            all.simulated.add(platform);
            all.drivers.put(name, new PlatformDrivers(new Room(loop, platform)));
        });
        return all;
    }

    /** Who asks for the clocks and sensors that trees need; null if these are simulated. */
    public @Nullable RemoteResources trees() {
        return simulated.isEmpty() ? this : null;
    }

    /** Those that are simulated are there from now on; on the loop's thread. */
    public void startSimulated() {
        simulated.forEach(SimulatedPlatform::start);
    }

    private static <T> T of(Map<String, T> platforms, Origin origin) {
        T platform = platforms.get(origin.from().upstream());
        if (platform == null) {
            throw new IllegalArgumentException(
                    "there is no upstream " + origin.from().upstream());
        }
        return platform;
    }

    private static IllegalArgumentException unknown(Origin origin) {
        return new IllegalArgumentException("it is not known what " + origin.from() + " is");
    }

    // ---- For trees.

    @Override
    public RemoteClock clock(Origin origin) {
        if (origin.offer() instanceof ClockOffer offer) {
            return of(resources, origin).clock(offer);
        }
        throw unknown(origin);
    }

    @Override
    public RemoteSensor sensor(Origin origin) {
        if (origin.offer() instanceof SensorOffer offer) {
            return of(resources, origin).sensor(offer);
        }
        throw unknown(origin);
    }

    // ---- Drivers of their own; each list once.

    /** The power domains, in the board's order. */
    public List<RemotePowerDomain> powerDomains(PowerListener listener) {
        List<RemotePowerDomain> all = new ArrayList<>();
        int own = board.powerDomains().size();
        for (Origin origin :
                board.upstreams().origins(ResourceKind.POWER_DOMAIN).values()) {
            if (!(origin.offer() instanceof PowerDomainOffer offer)) {
                throw unknown(origin);
            }
            all.add(of(drivers, origin).powerDomain(offer, own + all.size(), listener));
        }
        return all;
    }

    /** The resets, in the board's order. */
    public List<RemoteReset> resets() {
        List<RemoteReset> all = new ArrayList<>();
        for (Origin origin : board.upstreams().origins(ResourceKind.RESET).values()) {
            if (!(origin.offer() instanceof ResetOffer offer)) {
                throw unknown(origin);
            }
            all.add(of(drivers, origin).reset(offer));
        }
        return all;
    }

    /** The supplies, in the board's order. */
    public List<RemoteSupply> supplies() {
        List<RemoteSupply> all = new ArrayList<>();
        for (Origin origin :
                board.upstreams().origins(ResourceKind.VOLTAGE_DOMAIN).values()) {
            if (!(origin.offer() instanceof VoltageDomainOffer offer)) {
                throw unknown(origin);
            }
            all.add(of(drivers, origin).supply(offer));
        }
        return all;
    }

    /** The performance domains, in the board's order. */
    public List<RemotePerformanceDomain> performanceDomains(PerformanceListener listener) {
        List<RemotePerformanceDomain> all = new ArrayList<>();
        int own = board.performanceDomains().size();
        for (Map.Entry<String, Origin> each :
                board.upstreams().origins(ResourceKind.PERFORMANCE_DOMAIN).entrySet()) {
            Origin origin = each.getValue();
            if (!(origin.offer() instanceof PerformanceDomainOffer offer)) {
                throw unknown(origin);
            }
            all.add(of(drivers, origin)
                    .performanceDomain(offer, each.getKey(), own + all.size(), origin.place(), listener));
        }
        return all;
    }
}
