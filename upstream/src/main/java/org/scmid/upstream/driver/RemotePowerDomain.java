// A power domain of another platform.
package org.scmid.upstream.driver;

import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.PowerDomainOffer;
import org.scmid.platform.driver.PowerDriver;
import org.scmid.platform.driver.PowerListener;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.RequestPayload;
import org.scmid.protocol.common.ResourceRequest;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.power.PowerState;
import org.scmid.protocol.power.PowerStateGet;
import org.scmid.protocol.power.PowerStateSet;

/**
 * A power domain of another platform, asked by messages of the Power domain protocol, versions 1.0 to 3.1. One that can be
 * switched asynchronously only has been switched for us when the platform has accepted it; what it does then it tells.
 */
public final class RemotePowerDomain extends RemoteSwitch implements PowerDriver {
    private final String name;
    private final int position;
    private final PowerListener listener;
    private final PowerStateSet.Request switched = new PowerStateSet.Request();
    private final ResourceRequest asked = new ResourceRequest(PowerMessage.POWER_STATE_GET);
    private final PowerStateGet.Reply answer = new PowerStateGet.Reply();
    private boolean isOnlyAsynchronous;
    private int id;

    /**
     * @param name the platform's name of it
     * @param position on the board, for the listener
     */
    RemotePowerDomain(Room room, String name, int position, PowerListener listener) {
        super(room);
        this.name = name;
        this.position = position;
        this.listener = listener;
    }

    String name() {
        return name;
    }

    int id() {
        return id;
    }

    /** The platform is there; what it offers by this name, null if it does not. */
    void found(@Nullable PowerDomainOffer offer) {
        if (offer != null) {
            id = offer.id();
            isOnlyAsynchronous = offer.asynchronous();
        }
        isThere(offer != null);
    }

    @Override
    int writeSwitch(MessageBuffer request, boolean on) {
        return switched.begin(request, 0)
                .flags(isOnlyAsynchronous ? PowerStateSet.Request.FLAG_ASYNC : 0)
                .resource(id)
                .powerState(PowerState.of(on))
                .messageLength();
    }

    @Override
    RequestPayload<?> writeState(MessageBuffer request) {
        return asked.begin(request, 0).resource(id);
    }

    /** What is neither quite on nor quite off is on to some degree. */
    @Override
    int stateIn(MessageBuffer reply) {
        if (!answer.wrap(reply).isSuccess()) {
            return -1;
        }
        return answer.powerState() == PowerState.OFF ? 0 : 1;
    }

    @Override
    void changed(boolean on, @Nullable Waiter cause) {
        listener.changed(position, on, cause);
    }

    /** The platform knows its own users; to it we are one that lets go. */
    @Override
    public boolean refusesToGoOff(boolean isCounted) {
        return false;
    }
}
