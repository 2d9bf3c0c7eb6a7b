// The clocks and sensors of one platform that a board has.
package org.scmid.upstream.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.SensorOffer;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.clock.ClockRateEvent;
import org.scmid.protocol.common.NotifyRequest;
import org.scmid.upstream.AskedPlatform;
import org.scmid.upstream.UpstreamListener;
import org.scmid.upstream.discovery.Discovered;

/**
 * The clocks and sensors of one platform that a board has. Each time that the platform is there they are found by their
 * names, its numbers may be others than before; then it is asked to tell of changes, and each clock learns that it is back.
 * What the platform does not offer any more fails, until it does again.
 */
final class PlatformResources implements UpstreamListener {
    private final AskedPlatform upstream;
    private final Room room;
    private final List<ClockClient> clocks = new ArrayList<>();
    private final List<SensorClient> sensors = new ArrayList<>();
    private final Subscriptions subscriptions;
    private final MessageBuffer event = new MessageBuffer();
    private final ClockRateEvent rateChanged = ClockRateEvent.changed();
    private final ById<ClockClient> byId = new ById<>();
    private Restoration restoration;

    /** @param room the platform's */
    PlatformResources(Room room) {
        this.upstream = room.upstream();
        this.room = room;
        this.subscriptions = new Subscriptions(room);
        this.restoration = new Restoration(room, List.of());
        upstream.listen(this);
    }

    /** Makes a clock; before the platform is looked for. */
    ClockClient clock(ClockOffer offer) {
        ClockClient clock =
                new ClockClient(room, offer.name(), new int[offer.parents().size()]);
        clocks.add(clock);
        return clock;
    }

    /** Makes a sensor; before the platform is looked for. */
    SensorClient sensor(SensorOffer offer) {
        SensorClient sensor = new SensorClient(room, offer);
        sensors.add(sensor);
        return sensor;
    }

    @Override
    public void up(Discovered all) {
        Missing missing = new Missing();
        List<ClockClient> bound = bindClocks(all, missing);
        bindSensors(all, missing);
        missing.report(upstream);
        restoration.cancel();
        if (upstream.spec().whenBack() == UpstreamSpec.WhenBack.APPLY) {
            restoration = new Restoration(room, bound);
            restoration.begin();
        } else {
            bound.forEach(clock -> clock.listener().isBack(/* apply= */ false));
        }
        subscribe(all.protocol(ProtocolId.CLOCK));
    }

    /** A clock whose new rates the platform does not tell is read when somebody asks. */
    private void subscribe(Discovered.@Nullable Spoken protocol) {
        subscriptions.clear();
        if (protocol != null && protocol.has(ClockMessage.CLOCK_RATE_NOTIFY)) {
            NotifyRequest asked = new NotifyRequest(ClockMessage.CLOCK_RATE_NOTIFY);
            clocks.stream().filter(ClockClient::isThere).forEach(clock -> subscriptions.want(asked, clock.id()));
        }
        subscriptions.goOn();
    }

    /** The clocks that are there, see {@link Restoration#order}. */
    private List<ClockClient> bindClocks(Discovered all, Missing missing) {
        Discovered.Spoken protocol = all.protocol(ProtocolId.CLOCK);
        Map<String, ClockOffer> offered = new HashMap<>();
        all.offer().clocks().forEach(offer -> offered.put(offer.name(), offer));
        byId.clear();
        Map<String, ClockClient> bound = new HashMap<>();
        for (ClockClient clock : clocks) {
            ClockOffer offer = offered.get(clock.name());
            if (offer == null || protocol == null) {
                clock.missed();
                missing.add(ResourceKind.CLOCK, clock.name());
                continue;
            }
            int[] parents = new int[offer.parents().size()];
            for (int i = 0; i < parents.length; i++) {
                ClockOffer parent = offered.get(offer.parents().get(i));
                parents[i] = parent == null ? -1 : parent.id();
            }
            clock.found(offer, parents, protocol.version());
            byId.put(offer.id(), clock);
            bound.put(clock.name(), clock);
        }
        return Restoration.order(all.offer().clocks(), bound);
    }

    private void bindSensors(Discovered all, Missing missing) {
        Discovered.Spoken protocol = all.protocol(ProtocolId.SENSOR);
        Map<String, SensorOffer> offered = new HashMap<>();
        all.offer().sensors().forEach(offer -> offered.put(offer.name(), offer));
        for (SensorClient sensor : sensors) {
            SensorOffer offer = offered.get(sensor.name());
            if (offer == null || protocol == null) {
                sensor.missed();
                missing.add(ResourceKind.SENSOR, sensor.name());
            } else {
                sensor.found(offer, protocol.version());
            }
        }
    }

    @Override
    public void notified(byte[] message, int length) {
        event.wrap(message, 0, length);
        int header = event.getU32(0);
        boolean isRate = Header.protocolId(header) == ProtocolId.CLOCK.id()
                && Header.messageId(header) == ClockMessage.CLOCK_RATE_CHANGED.id()
                && MessageType.of(Header.type(header)) == MessageType.NOTIFICATION;
        if (!isRate || !rateChanged.wrap(event).isComplete()) {
            return;
        }
        ClockClient clock = byId.get(rateChanged.clock());
        if (clock != null) {
            clock.listener().hasRate(rateChanged.rate());
        }
    }
}
