// All that a platform has said of itself.
package org.scmid.upstream.discovery;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.Offer;
import org.scmid.protocol.Message;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.ProtocolVersion;

/**
 * All that a platform has said of itself.
 *
 * @param offer what it offers
 * @param protocols its protocols, Base first, then as it lists them; those that scmid has no use for too
 * @param findings what was wrong or could not be used, for people, in the order in which it was found
 */
public record Discovered(Offer offer, List<Spoken> protocols, List<String> findings) {
    /** Copies. */
    public Discovered {
        protocols = List.copyOf(protocols);
        findings = List.copyOf(findings);
    }

    /**
     * One protocol of the platform.
     *
     * @param id 0x10 to 0xFF
     * @param offered the version that the platform has
     * @param version the version that is spoken with it; 0 if scmid does not speak the protocol with it
     * @param commands the commands that it has, by their id; those that every protocol has are not asked about
     */
    public record Spoken(int id, int offered, int version, Set<Integer> commands) {
        /** Copies. */
        public Spoken {
            commands = Set.copyOf(commands);
        }

        /** Whether the platform has a command. */
        public boolean has(Message command) {
            return commands.contains(command.id());
        }

        /** Name and version, for people: {@code clock 3.0}, {@code vendor protocol 0x85 1.0}. */
        public String shown() {
            ProtocolId known = ProtocolId.of(id);
            String name = known != null
                    ? known.label()
                    : (id >= ProtocolId.FIRST_OF_VENDORS ? "vendor protocol 0x" : "protocol 0x")
                            + Integer.toHexString(id);
            String spoken =
                    version == 0 || version == offered ? "" : " (" + ProtocolVersion.text(version) + " is spoken)";
            return name + " " + ProtocolVersion.text(offered) + spoken;
        }
    }

    /** What is spoken of a protocol; null if nothing is. */
    public @Nullable Spoken protocol(ProtocolId protocol) {
        for (Spoken spoken : protocols) {
            if (spoken.id() == protocol.id() && spoken.version() != 0) {
                return spoken;
            }
        }
        return null;
    }
}
