// What went wrong on a serial line.
package org.scmid.transport.serial;

/**
 * What an end of a serial line has seen so far.
 *
 * @param brokenFrames frames that were none, or whose check was wrong
 * @param strangePackets packets for or from other endpoints, or of another version of MCTP
 * @param droppedMessages messages that were incomplete, or not sound, or no messages of ours
 * @param repeatedMessages messages that came again, or out of order
 * @param lostMessages how often the numbers of messages before one were left out
 * @param foreignMessages SCMI messages of a session that is not the present one
 * @param sessions sessions that began
 */
public record SerialCounters(
        long brokenFrames,
        long strangePackets,
        long droppedMessages,
        long repeatedMessages,
        long lostMessages,
        long foreignMessages,
        long sessions) {}
