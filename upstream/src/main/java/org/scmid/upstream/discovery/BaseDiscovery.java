// Asks a platform who it is and which protocols it has.
package org.scmid.upstream.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.base.BaseDiscoverImplementationVersion;
import org.scmid.protocol.base.BaseDiscoverListProtocols;
import org.scmid.protocol.base.BaseDiscoverSubVendor;
import org.scmid.protocol.base.BaseDiscoverVendor;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.base.BaseProtocolAttributes;
import org.scmid.protocol.common.NegotiateProtocolVersion;
import org.scmid.protocol.common.ProtocolVersionGet;

/** Asks for what the Base protocol tells. Without an answer to its version and its protocols there is no platform. */
final class BaseDiscovery {
    private static final int LONGEST_VENDOR = 15;

    private final Inquirer inquirer;
    private final Findings findings;
    private final ProtocolVersionGet.Reply versionReply = new ProtocolVersionGet.Reply();
    private final BaseProtocolAttributes.Reply attributes = new BaseProtocolAttributes.Reply();
    private final BaseDiscoverVendor.Reply vendorReply = new BaseDiscoverVendor.Reply();
    private final BaseDiscoverSubVendor.Reply subVendorReply = new BaseDiscoverSubVendor.Reply();
    private final BaseDiscoverImplementationVersion.Reply buildReply = new BaseDiscoverImplementationVersion.Reply();
    private final BaseDiscoverListProtocols.Reply list = new BaseDiscoverListProtocols.Reply();
    private final Set<Integer> protocols = new TreeSet<>();
    private Runnable end = () -> {};
    private int offered;
    private int version;
    private int announced;
    private int listed;
    private String vendor = "";
    private String subVendor = "";
    private long build;

    BaseDiscovery(Inquirer inquirer, Findings findings) {
        this.inquirer = inquirer;
        this.findings = findings;
    }

    Discovered.Spoken spoken() {
        return new Discovered.Spoken(ProtocolId.BASE.id(), offered, version, Set.of());
    }

    String vendor() {
        return vendor;
    }

    String subVendor() {
        return subVendor;
    }

    long implementationVersion() {
        return build;
    }

    /** The ids of the platform's other protocols, ascending. */
    List<Integer> protocols() {
        return new ArrayList<>(protocols);
    }

    void begin(Runnable whenDone) {
        end = whenDone;
        inquirer.ask(BaseMessage.PROTOCOL_VERSION, this::versionIs);
    }

    private void versionIs(Reply reply) {
        if (!reply.holds(versionReply)) {
            inquirer.giveUp(reply.problem());
            return;
        }
        offered = versionReply.version();
        int newest = ProtocolId.BASE.newestVersion();
        if (ProtocolVersion.isAtLeast(newest, offered)) {
            version = offered;
            attributes();
            return;
        }
        inquirer.ask(
                BaseMessage.NEGOTIATE_PROTOCOL_VERSION,
                new NegotiateProtocolVersion.Request(BaseMessage.NEGOTIATE_PROTOCOL_VERSION)
                        .begin(inquirer.request(), 0)
                        .version(newest),
                negotiated -> {
                    // What is asked below is the same in all versions that there are: a refusal need not end it.
                    version = newest;
                    if (!negotiated.isSuccess()) {
                        findings.add("the base protocol is newer than scmid knows, " + ProtocolVersion.text(offered)
                                + ", and is taken as " + ProtocolVersion.text(newest));
                    }
                    attributes();
                });
    }

    private void attributes() {
        inquirer.ask(BaseMessage.PROTOCOL_ATTRIBUTES, reply -> {
            if (!reply.holds(attributes)) {
                inquirer.giveUp(reply.problem());
                return;
            }
            announced = attributes.protocols();
            inquirer.ask(BaseMessage.BASE_DISCOVER_VENDOR, this::vendorIs);
        });
    }

    private void vendorIs(Reply reply) {
        if (reply.holds(vendorReply)) {
            vendor = usable(vendorReply.name());
        } else {
            findings.add("the platform's vendor is not known: " + reply.problem());
        }
        inquirer.ask(BaseMessage.BASE_DISCOVER_SUB_VENDOR, this::subVendorIs);
    }

    private void subVendorIs(Reply reply) {
        if (reply.holds(subVendorReply)) { // it is optional
            subVendor = usable(subVendorReply.name());
        }
        inquirer.ask(BaseMessage.BASE_DISCOVER_IMPLEMENTATION_VERSION, this::buildIs);
    }

    private static String usable(String name) {
        String usable = name.strip();
        return usable.substring(0, Math.min(usable.length(), LONGEST_VENDOR)).strip();
    }

    private void buildIs(Reply reply) {
        if (reply.holds(buildReply)) {
            build = Integer.toUnsignedLong(buildReply.version());
        } else {
            findings.add("the platform's implementation version is not known: " + reply.problem());
        }
        listProtocols();
    }

    private void listProtocols() {
        if (announced == 0) {
            end.run();
            return;
        }
        inquirer.ask(
                BaseMessage.BASE_DISCOVER_LIST_PROTOCOLS,
                new BaseDiscoverListProtocols.Request()
                        .begin(inquirer.request(), 0)
                        .skip(listed),
                this::listIs);
    }

    private void listIs(Reply reply) {
        if (!reply.holds(list)) {
            inquirer.giveUp(reply.problem());
            return;
        }
        int count = list.count();
        for (int i = 0; i < count; i++) {
            int id = list.protocol(i);
            if (id <= ProtocolId.BASE.id()) {
                findings.add("protocol 0x" + Integer.toHexString(id) + " is left out: no protocol has that id");
            } else if (!protocols.add(id)) {
                findings.add("protocol 0x" + Integer.toHexString(id) + " is listed twice");
            }
        }
        listed += count;
        if (listed < announced && count > 0) {
            listProtocols();
            return;
        }
        if (listed != announced) {
            findings.add("the platform says that it has " + announced + " protocols, and lists " + listed);
        }
        end.run();
    }
}
