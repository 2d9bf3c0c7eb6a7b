// Asks a platform for its resets.
package org.scmid.upstream.discovery;

import java.util.ArrayList;
import java.util.List;
import org.scmid.config.offer.ResetOffer;
import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.reset.ResetDomainAttributes;
import org.scmid.protocol.reset.ResetMessage;
import org.scmid.protocol.reset.ResetProtocolAttributes;

/** Asks for resets. Versions 1.0 to 3.1. */
final class ResetDiscovery extends ProtocolDiscovery {
    private final ResetProtocolAttributes.Reply counts = new ResetProtocolAttributes.Reply();
    private final ResetDomainAttributes.Reply attributes = new ResetDomainAttributes.Reply();
    private final List<ResetOffer> resets = new ArrayList<>();

    ResetDiscovery(Inquirer inquirer, Findings findings) {
        super(inquirer, findings, ResetMessage.TABLE, ResourceKind.RESET);
    }

    List<ResetOffer> resets() {
        return resets;
    }

    @Override
    void attributes() {
        inquirer.ask(ResetMessage.PROTOCOL_ATTRIBUTES, reply -> {
            if (reply.holds(counts)) {
                resources(counts.domains());
            } else {
                find("resets are left out: " + reply.problem());
                end();
            }
        });
    }

    @Override
    void resource(int id) {
        askOf(id, ResetMessage.RESET_DOMAIN_ATTRIBUTES, reply -> {
            if (!reply.holds(attributes)) {
                leaveOut(id, reply.problem());
                return;
            }
            int bits = attributes.attributes() & ResetDomainAttributes.Reply.definedAttributes(version());
            long latency = Integer.toUnsignedLong(attributes.latency());
            name(
                    id,
                    (bits & ResetDomainAttributes.Reply.EXTENDED_NAME) != 0,
                    ResetMessage.RESET_DOMAIN_NAME_GET,
                    attributes.name(),
                    name -> {
                        resets.add(new ResetOffer(id, name, latency, (bits & ResetDomainAttributes.Reply.ASYNC) != 0));
                        nextResource();
                    });
        });
    }
}
