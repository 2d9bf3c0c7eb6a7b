// Asks a platform for its power domains.
package org.scmid.upstream.discovery;

import java.util.ArrayList;
import java.util.List;
import org.scmid.config.offer.PowerDomainOffer;
import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.power.PowerDomainAttributes;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.power.PowerProtocolAttributes;

/** Asks for power domains. Versions 1.0 to 3.1. */
final class PowerDiscovery extends ProtocolDiscovery {
    private final PowerProtocolAttributes.Reply counts = new PowerProtocolAttributes.Reply();
    private final PowerDomainAttributes.Reply attributes = new PowerDomainAttributes.Reply();
    private final List<PowerDomainOffer> domains = new ArrayList<>();

    PowerDiscovery(Inquirer inquirer, Findings findings) {
        super(inquirer, findings, PowerMessage.TABLE, ResourceKind.POWER_DOMAIN);
    }

    List<PowerDomainOffer> domains() {
        return domains;
    }

    @Override
    void attributes() {
        inquirer.ask(PowerMessage.PROTOCOL_ATTRIBUTES, reply -> {
            if (reply.holds(counts)) {
                resources(counts.domains());
            } else {
                find("power domains are left out: " + reply.problem());
                end();
            }
        });
    }

    @Override
    void resource(int id) {
        askOf(id, PowerMessage.POWER_DOMAIN_ATTRIBUTES, reply -> {
            if (!reply.holds(attributes)) {
                leaveOut(id, reply.problem());
                return;
            }
            int bits = attributes.attributes() & PowerDomainAttributes.Reply.definedAttributes(version());
            name(
                    id,
                    (bits & PowerDomainAttributes.Reply.EXTENDED_NAME) != 0,
                    PowerMessage.POWER_DOMAIN_NAME_GET,
                    attributes.name(),
                    name -> {
                        boolean isOnlyAsynchronous = (bits & PowerDomainAttributes.Reply.SET_SYNC) == 0
                                && (bits & PowerDomainAttributes.Reply.SET_ASYNC) != 0;
                        boolean notifies = (bits & PowerDomainAttributes.Reply.CHANGED_NOTIFY) != 0
                                && has(PowerMessage.POWER_STATE_NOTIFY);
                        domains.add(new PowerDomainOffer(id, name, isOnlyAsynchronous, notifies));
                        nextResource();
                    });
        });
    }
}
