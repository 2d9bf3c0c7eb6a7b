// The power domains, resets, supplies and performance domains of one platform that a board has.
package org.scmid.upstream.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.scmid.config.document.Place;
import org.scmid.config.offer.Offered;
import org.scmid.config.offer.PerformanceDomainOffer;
import org.scmid.config.offer.PowerDomainOffer;
import org.scmid.config.offer.ResetOffer;
import org.scmid.config.offer.VoltageDomainOffer;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.platform.driver.PerformanceListener;
import org.scmid.platform.driver.PowerListener;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.common.NotifyRequest;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.performance.PerformanceNotifyLevel;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.power.PowerState;
import org.scmid.protocol.power.PowerStateEvent;
import org.scmid.upstream.AskedPlatform;
import org.scmid.upstream.UpstreamListener;
import org.scmid.upstream.discovery.Discovered;

/**
 * The power domains, resets, supplies and performance domains of one platform that a board has. Each time that the platform
 * is there they are found by their names; then it is asked to tell of changes, and what its users want is asked for again,
 * or what it is now is told. What the platform does not offer any more fails, until it does again.
 */
public final class PlatformDrivers implements UpstreamListener {
    private final AskedPlatform upstream;
    private final Room room;
    private final Subscriptions subscriptions;
    private final List<RemotePowerDomain> powerDomains = new ArrayList<>();
    private final List<RemoteReset> resets = new ArrayList<>();
    private final List<RemoteSupply> supplies = new ArrayList<>();
    private final List<RemotePerformanceDomain> performanceDomains = new ArrayList<>();
    private final ById<RemotePowerDomain> powerById = new ById<>();
    private final ById<RemotePerformanceDomain> performanceById = new ById<>();
    private final MessageBuffer event = new MessageBuffer();
    private final PowerStateEvent powerChanged = PowerStateEvent.changed();
    private final PerformanceNotifyLevel.Event levelChanged = new PerformanceNotifyLevel.Event();

    /** @param room the platform's */
    public PlatformDrivers(Room room) {
        this.upstream = room.upstream();
        this.room = room;
        this.subscriptions = new Subscriptions(room);
        upstream.listen(this);
    }

    /**
     * Makes a power domain; before the platform is looked for.
     *
     * @param position on the board, for the listener
     */
    public RemotePowerDomain powerDomain(PowerDomainOffer offer, int position, PowerListener listener) {
        RemotePowerDomain domain = new RemotePowerDomain(room, offer.name(), position, listener);
        powerDomains.add(domain);
        return domain;
    }

    /** Makes a reset; before the platform is looked for. */
    public RemoteReset reset(ResetOffer offer) {
        RemoteReset reset = new RemoteReset(room, offer);
        resets.add(reset);
        return reset;
    }

    /** Makes a supply; before the platform is looked for. */
    public RemoteSupply supply(VoltageDomainOffer offer) {
        RemoteSupply supply = new RemoteSupply(room, offer);
        supplies.add(supply);
        return supply;
    }

    /**
     * Makes a performance domain; before the platform is looked for.
     *
     * @param name the board's name of it
     * @param position on the board, for the listener
     * @param place where the board takes it
     */
    public RemotePerformanceDomain performanceDomain(
            PerformanceDomainOffer offer, String name, int position, Place place, PerformanceListener listener) {
        RemotePerformanceDomain domain = new RemotePerformanceDomain(room, offer, name, position, place, listener);
        performanceDomains.add(domain);
        return domain;
    }

    @Override
    public void up(Discovered all) {
        find(all);
        boolean apply = upstream.spec().whenBack() == UpstreamSpec.WhenBack.APPLY;
        supplies.forEach(supply -> supply.isBack(apply));
        powerDomains.forEach(domain -> domain.isBack(apply));
        performanceDomains.forEach(domain -> domain.isBack(apply));
        subscribe(all);
    }

    private void find(Discovered all) {
        Missing missing = new Missing();
        Map<String, Offered> offers = offers(all, ResourceKind.POWER_DOMAIN, powerDomains);
        for (RemotePowerDomain domain : powerDomains) {
            domain.found((PowerDomainOffer) missing.find(offers, ResourceKind.POWER_DOMAIN, domain.name()));
        }
        offers = offers(all, ResourceKind.RESET, resets);
        for (RemoteReset reset : resets) {
            reset.found((ResetOffer) missing.find(offers, ResourceKind.RESET, reset.name()));
        }
        offers = offers(all, ResourceKind.VOLTAGE_DOMAIN, supplies);
        for (RemoteSupply supply : supplies) {
            supply.found((VoltageDomainOffer) missing.find(offers, ResourceKind.VOLTAGE_DOMAIN, supply.name()));
        }
        offers = offers(all, ResourceKind.PERFORMANCE_DOMAIN, performanceDomains);
        Discovered.Spoken performance = all.protocol(ProtocolId.PERFORMANCE);
        for (RemotePerformanceDomain domain : performanceDomains) {
            domain.found(
                    (PerformanceDomainOffer) missing.find(offers, ResourceKind.PERFORMANCE_DOMAIN, domain.name()),
                    performance == null ? 0 : performance.version());
        }
        missing.report(upstream);
        powerById.clear();
        powerDomains.stream().filter(RemotePowerDomain::isThere).forEach(domain -> powerById.put(domain.id(), domain));
        performanceById.clear();
        performanceDomains.stream()
                .filter(RemotePerformanceDomain::isThere)
                .forEach(domain -> performanceById.put(domain.id(), domain));
    }

    /** What is offered by name, if the board has anything of that kind. */
    private static Map<String, Offered> offers(Discovered all, ResourceKind kind, List<?> taken) {
        Map<String, Offered> offers = new HashMap<>();
        if (!taken.isEmpty()) {
            all.offer().of(kind).forEach(offer -> offers.put(offer.name(), offer));
        }
        return offers;
    }

    private void subscribe(Discovered all) {
        subscriptions.clear();
        Discovered.Spoken power = all.protocol(ProtocolId.POWER);
        if (power != null && power.has(PowerMessage.POWER_STATE_NOTIFY)) {
            NotifyRequest asked = new NotifyRequest(PowerMessage.POWER_STATE_NOTIFY);
            powerDomains.stream()
                    .filter(RemotePowerDomain::isThere)
                    .forEach(domain -> subscriptions.want(asked, domain.id()));
        }
        Discovered.Spoken performance = all.protocol(ProtocolId.PERFORMANCE);
        if (performance != null && performance.has(PerformanceMessage.PERFORMANCE_NOTIFY_LEVEL)) {
            NotifyRequest asked = new NotifyRequest(PerformanceMessage.PERFORMANCE_NOTIFY_LEVEL);
            performanceDomains.stream()
                    .filter(RemotePerformanceDomain::isThere)
                    .forEach(domain -> subscriptions.want(asked, domain.id()));
        }
        subscriptions.goOn();
    }

    @Override
    public void notified(byte[] message, int length) {
        event.wrap(message, 0, length);
        int header = event.getU32(0);
        if (MessageType.of(Header.type(header)) != MessageType.NOTIFICATION) {
            return;
        }
        int protocol = Header.protocolId(header);
        int id = Header.messageId(header);
        if (protocol == ProtocolId.POWER.id() && id == PowerMessage.POWER_STATE_CHANGED.id()) {
            powerChanged();
        } else if (protocol == ProtocolId.PERFORMANCE.id() && id == PerformanceMessage.PERFORMANCE_LEVEL_CHANGED.id()) {
            levelChanged();
        }
    }

    private void powerChanged() {
        if (!powerChanged.wrap(event).isComplete()) {
            return;
        }
        RemotePowerDomain domain = powerById.get(powerChanged.domain());
        if (domain != null) {
            domain.hasState(powerChanged.powerState() != PowerState.OFF, null);
        }
    }

    private void levelChanged() {
        if (!levelChanged.wrap(event).isComplete()) {
            return;
        }
        RemotePerformanceDomain domain = performanceById.get(levelChanged.domain());
        if (domain != null) {
            domain.levelChanged(levelChanged.level());
        }
    }
}
