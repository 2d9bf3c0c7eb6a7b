// Asks a platform to tell of what changes by itself.
package org.scmid.upstream.driver;

import java.util.ArrayList;
import java.util.List;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.common.NotifyRequest;

/** Asks for notifications, resource by resource. What a platform does not tell of is read when somebody asks. */
final class Subscriptions extends Exchange implements Waiter {
    private record Wanted(NotifyRequest request, int resource) {}

    private final List<Wanted> wanted = new ArrayList<>();
    private int next;

    Subscriptions(Room room) {
        super(room);
    }

    /** Forgets what was wanted of the platform as it was before. */
    void clear() {
        wanted.clear();
        next = 0;
    }

    /**
     * Wants a kind of notification of a resource.
     *
     * @param request asks for it
     */
    void want(NotifyRequest request, int resource) {
        wanted.add(new Wanted(request, resource));
    }

    /** Asks for all of them, one after the other. */
    void goOn() {
        while (next < wanted.size() && !isUnderWay()) {
            Wanted one = wanted.get(next);
            one.request().begin(request, 0).resource(one.resource()).notifyEnable(true);
            if (send(one.request().messageLength(), false, this) == Outcome.BUSY) {
                return; // and again when there is room
            }
            next++;
        }
    }

    @Override
    public void mayAskAgain() {
        goOn();
    }

    @Override
    public void ended(Outcome outcome) {
        goOn();
    }

    @Override
    Outcome ended() {
        return Outcome.OK;
    }
}
