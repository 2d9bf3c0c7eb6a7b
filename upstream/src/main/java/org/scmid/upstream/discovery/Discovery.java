// Asks a platform for everything that it offers.
package org.scmid.upstream.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.agent.AgentClient;
import org.scmid.config.offer.Offer;
import org.scmid.loop.EventLoop;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.common.ProtocolVersionGet;

/**
 * Asks a platform for everything that it offers, one question after the other, on the loop. It changes nothing on the
 * platform but the versions that are spoken.
 *
 * <p>The platform is not trusted. What it says of a resource or of a protocol is checked; what is wrong leaves that
 * resource or protocol out, and a finding says so. Whatever it says, a discovery ends in a bounded time and keeps a bounded
 * number of values: lists that have no end, that change while they are read, or that are longer than 65,536 items are not
 * taken. Only a platform that does not answer, or does not speak the Base protocol, is not discovered at all.
 */
public final class Discovery {
    /** Who is told of it, once. */
    public interface Listener {
        /** The first question is out: the platform can be reached. */
        void began();

        /** All was asked. */
        void discovered(Discovered all);

        /** It cannot be discovered, for this reason; what has been found out is of no use. */
        void failed(String why);
    }

    private final Listener listener;
    private final Inquirer inquirer;
    private final Findings findings = new Findings();
    private final BaseDiscovery base;
    private final ClockDiscovery clocks;
    private final PowerDiscovery power;
    private final SensorDiscovery sensors;
    private final ResetDiscovery resets;
    private final VoltageDiscovery voltages;
    private final PerformanceDiscovery performance;
    private final ProtocolVersionGet.Reply versionReply = new ProtocolVersionGet.Reply();
    private final List<Discovered.Spoken> spoken = new ArrayList<>();
    private List<Integer> protocols = List.of();
    private int next;

    /**
     * Makes one, for one use.
     *
     * @param client has a link
     */
    public Discovery(EventLoop loop, AgentClient client, Limits limits, Listener listener) {
        this.listener = listener;
        this.inquirer = new Inquirer(loop, client, limits, new Inquirer.Listener() {
            @Override
            public void began() {
                listener.began();
            }

            @Override
            public void gaveUp(String why) {
                listener.failed(why);
            }
        });
        base = new BaseDiscovery(inquirer, findings);
        clocks = new ClockDiscovery(inquirer, findings);
        power = new PowerDiscovery(inquirer, findings);
        sensors = new SensorDiscovery(inquirer, findings);
        resets = new ResetDiscovery(inquirer, findings);
        voltages = new VoltageDiscovery(inquirer, findings);
        performance = new PerformanceDiscovery(inquirer, findings);
    }

    /** Begins; once. */
    public void begin() {
        base.begin(() -> {
            protocols = base.protocols();
            spoken.add(base.spoken());
            nextProtocol();
        });
    }

    /** There may be room for a question that could not be sent. */
    public void writable() {
        inquirer.writable();
    }

    /** Ends it: nobody is told anything any more. */
    public void end() {
        inquirer.end();
    }

    private void nextProtocol() {
        if (next == protocols.size()) {
            inquirer.end();
            listener.discovered(result());
            return;
        }
        int id = protocols.get(next++);
        ProtocolDiscovery asked = of(id);
        if (asked == null) {
            askVersion(id);
        } else {
            asked.begin(() -> {
                Discovered.Spoken said = asked.spoken();
                if (said != null) {
                    spoken.add(said);
                }
                nextProtocol();
            });
        }
    }

    private @Nullable ProtocolDiscovery of(int id) {
        ProtocolId known = ProtocolId.of(id);
        if (known == null) {
            return null;
        }
        return switch (known) {
            case CLOCK -> clocks;
            case POWER -> power;
            case SENSOR -> sensors;
            case RESET -> resets;
            case VOLTAGE -> voltages;
            case PERFORMANCE -> performance;
            default -> null;
        };
    }

    /** Of what scmid has no use for only the version is asked, for people. */
    private void askVersion(int id) {
        int question = BaseMessage.PROTOCOL_VERSION.id();
        inquirer.request().putU32(0, Header.encode(question, MessageType.COMMAND, id, 0));
        inquirer.ask("PROTOCOL_VERSION of protocol 0x" + Integer.toHexString(id), Header.HEADER_BYTES, reply -> {
            int version = reply.holds(versionReply) ? versionReply.version() : 0;
            spoken.add(new Discovered.Spoken(id, version, 0, Set.of()));
            nextProtocol();
        });
    }

    private Discovered result() {
        Offer offer = new Offer(
                base.vendor(),
                base.subVendor(),
                base.implementationVersion(),
                clocks.clocks(),
                power.domains(),
                sensors.sensors(),
                resets.resets(),
                voltages.domains(),
                performance.domains());
        return new Discovered(offer, spoken, findings.all());
    }
}
