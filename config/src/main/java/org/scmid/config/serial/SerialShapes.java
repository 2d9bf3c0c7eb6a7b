// What may be written about a serial line, wherever one is, and how it is read.
package org.scmid.config.serial;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Problems;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;

/** Keys of a serial line; they stand among those of the agent or upstream that is reached by it. */
public final class SerialShapes {
    private static final Duration RECONNECT = Duration.ofSeconds(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final long LARGEST_ENTERPRISE = 0xFFFF_FFFFL;
    private static final Value<Long> ENDPOINT_ID = Values.number(SerialSpec.HIGHEST_EID);

    public static final Key<Path> PORT = Key.optional(
            "port", Values.PATH, "The serial port's device, as in /dev/ttyUSB0 or /dev/serial/by-id/NAME.");
    public static final Key<Long> BAUD = Key.withDefault(
            "baud",
            Values.number(SerialSpec.FASTEST),
            (long) SerialSpec.DEFAULT_BAUD,
            SerialSpec.DEFAULT_BAUD,
            "Bits a second on the serial line, 1200 to 12000000; both sides know it.");
    public static final Key<SerialSpec.FlowControl> FLOW_CONTROL = Key.withDefault(
            "flow-control",
            Values.choice(Values.words(SerialSpec.FlowControl.class)),
            SerialSpec.FlowControl.NONE,
            "none",
            "Whether the sides of the serial line hold each other up: none, or rts-cts by these wires.");
    public static final Key<Long> EID = Key.optional(
            "eid",
            ENDPOINT_ID,
            "The service's MCTP endpoint id on the serial line, 8 to 254; 9 as a platform, 8 as an agent.");
    public static final Key<Long> PEER_EID = Key.optional(
            "peer-eid",
            ENDPOINT_ID,
            "The other side's MCTP endpoint id on the serial line, 8 to 254; 8 of an agent, 9 of a platform.");
    public static final Key<Long> ENTERPRISE = Key.withDefault(
            "enterprise",
            Values.number(LARGEST_ENTERPRISE),
            SerialSpec.EXAMPLE_ENTERPRISE,
            SerialSpec.EXAMPLE_ENTERPRISE,
            "The IANA enterprise number of the messages on the serial line; both sides know it.");
    public static final Key<Duration> RECONNECT_AFTER = Key.withDefault(
            "reconnect",
            Values.DURATION,
            RECONNECT,
            "1 s",
            "How long after it could not be had or was lost the serial port is tried again, 100 ms to 1 h.");

    /** All of them. */
    public static final List<Key<?>> KEYS =
            List.of(PORT, BAUD, FLOW_CONTROL, EID, PEER_EID, ENTERPRISE, RECONNECT_AFTER);

    private SerialShapes() {}

    /**
     * Makes a line of what was read.
     *
     * @param fields of the shape that has {@link #KEYS} among its own
     * @param folder what relative paths start from
     * @param role which side of the line the service is
     * @return null if something is wrong, and the problems say what
     */
    public static @Nullable SerialSpec read(Fields fields, Path folder, SerialSpec.Role role, Problems problems) {
        int before = problems.count();
        Path port = fields.get(PORT);
        long baud = fields.get(BAUD, (long) SerialSpec.DEFAULT_BAUD);
        if (baud < SerialSpec.SLOWEST) {
            problems.add(
                    fields.place(BAUD),
                    "`baud` of " + fields.what() + " is " + fields.text(BAUD) + "; allowed are " + SerialSpec.SLOWEST
                            + " to " + SerialSpec.FASTEST);
        }
        int eid = endpoint(fields, EID, role.eid(), problems);
        int peerEid = endpoint(fields, PEER_EID, role.peerEid(), problems);
        if (eid == peerEid) {
            Key<Long> written = fields.has(PEER_EID) ? PEER_EID : EID;
            problems.add(
                    fields.place(written),
                    "`" + written.name() + "` of " + fields.what() + ": both ends of the line would be endpoint " + eid
                            + "; give them different ids with `eid` and `peer-eid`");
        }
        Duration reconnect = fields.get(RECONNECT_AFTER, RECONNECT);
        if (reconnect.compareTo(SHORTEST_PAUSE) < 0 || reconnect.compareTo(LONGEST_PAUSE) > 0) {
            problems.add(
                    fields.place(RECONNECT_AFTER),
                    "`reconnect` of " + fields.what() + " is " + fields.text(RECONNECT_AFTER)
                            + "; write 100 ms to 1 h");
        }
        if (port == null || !fields.sound() || problems.count() != before) {
            return null;
        }
        return new SerialSpec(
                folder.resolve(port),
                (int) baud,
                fields.get(FLOW_CONTROL, SerialSpec.FlowControl.NONE),
                eid,
                peerEid,
                fields.get(ENTERPRISE, SerialSpec.EXAMPLE_ENTERPRISE),
                reconnect);
    }

    private static int endpoint(Fields fields, Key<Long> key, int otherwise, Problems problems) {
        long id = fields.get(key, (long) otherwise);
        if (id < SerialSpec.LOWEST_EID) {
            problems.add(
                    fields.place(key),
                    "`" + key.name() + "` of " + fields.what() + " is " + fields.text(key)
                            + "; MCTP keeps the endpoint ids below 8 for itself, allowed are 8 to 254");
        }
        return (int) id;
    }
}
