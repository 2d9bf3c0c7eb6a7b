// A serial line that carries SCMI.
package org.scmid.config.serial;

import java.nio.file.Path;
import java.time.Duration;

/**
 * One end of a serial line, as docs/serial.md describes it.
 *
 * @param port the device's file, such as /dev/ttyUSB0
 * @param baud bits a second, {@value #SLOWEST} to {@value #FASTEST}
 * @param flowControl whether either side can hold the other up
 * @param eid the own MCTP endpoint id, {@value #LOWEST_EID} to {@value #HIGHEST_EID}
 * @param peerEid the other side's, in the same range and another one
 * @param enterprise the IANA enterprise number that marks our messages among those of other vendors, 0 to 2^32 - 1
 * @param reconnect how long after a port could not be had, or was lost, it is tried again; 100 ms to 1 h
 */
public record SerialSpec(
        Path port, int baud, FlowControl flowControl, int eid, int peerEid, long enterprise, Duration reconnect) {
    public static final int SLOWEST = 1200;
    public static final int FASTEST = 12_000_000;
    public static final int LOWEST_EID = 8;
    public static final int HIGHEST_EID = 254;
    public static final int DEFAULT_BAUD = 115_200;

    /** The number that IANA keeps for examples. */
    public static final long EXAMPLE_ENTERPRISE = 32_473;

    /** Whether either side can hold the other up. */
    public enum FlowControl {
        /** Nobody can. */
        NONE,
        /** By the lines RTS and CTS. */
        RTS_CTS
    }

    /**
     * Which side of the line the service is.
     *
     * @see SerialShapes#read
     */
    public enum Role {
        /** It sends commands. */
        AGENT(8, 9),
        /** It answers them. */
        PLATFORM(9, 8);

        private final int eid;
        private final int peerEid;

        Role(int eid, int peerEid) {
            this.eid = eid;
            this.peerEid = peerEid;
        }

        /** The own endpoint id, unless the file says otherwise. */
        public int eid() {
            return eid;
        }

        /** The other side's, unless the file says otherwise. */
        public int peerEid() {
            return peerEid;
        }
    }
}
