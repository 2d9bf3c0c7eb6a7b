// How one end of a serial line is set.
package org.scmid.transport.serial;

import java.nio.file.Path;

/**
 * One end of a serial line.
 *
 * @param port the device's file
 * @param baud bits a second
 * @param isFlowControlled whether RTS and CTS hold the sides up
 * @param eid the own MCTP endpoint id, 8 to 254
 * @param peerEid the other side's
 * @param enterprise the IANA enterprise number, 0 to 2^32 - 1
 */
public record SerialSettings(Path port, int baud, boolean isFlowControlled, int eid, int peerEid, long enterprise) {}
