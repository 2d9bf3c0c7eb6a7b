// The commands that are measured, and what their replies must be.
package org.scmid.benchmarks;

import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Status;
import org.scmid.protocol.StatusReply;
import org.scmid.protocol.clock.ClockMessage;

/** Makes commands of the Clock protocol as the bytes that an agent sends. */
final class Commands {
    private Commands() {}

    /** CLOCK_RATE_GET. */
    static byte[] rateGet(int clock) {
        MessageBuffer command = command(ClockMessage.CLOCK_RATE_GET, 4);
        command.putU32(4, clock);
        return command.array();
    }

    /** CLOCK_RATE_SET, synchronous, rounding down. */
    static byte[] rateSet(int clock, long hz) {
        MessageBuffer command = command(ClockMessage.CLOCK_RATE_SET, 16);
        command.putU32(4, 0);
        command.putU32(8, clock);
        command.putU64(12, hz);
        return command.array();
    }

    /** CLOCK_DESCRIBE_RATES from the first rate on. */
    static byte[] describeRates(int clock) {
        MessageBuffer command = command(ClockMessage.CLOCK_DESCRIBE_RATES, 8);
        command.putU32(4, clock);
        command.putU32(8, 0);
        return command.array();
    }

    private static MessageBuffer command(Message message, int payloadBytes) {
        MessageBuffer command = new MessageBuffer(Header.HEADER_BYTES + payloadBytes);
        command.putU32(0, Header.encode(message, 0));
        return command;
    }

    /** Throws unless reply[0..length) is a success: a refusal is fast, and would be measured instead. */
    static void checkSucceeded(byte[] reply, int length) {
        MessageBuffer message = new MessageBuffer().wrap(reply, 0, length);
        if (!StatusReply.isComplete(message) || StatusReply.status(message) != Status.Code.SUCCESS) {
            throw new IllegalStateException("a measured command does not succeed: a reply of " + length + " bytes"
                    + (StatusReply.isComplete(message) ? ", " + Status.nameOf(StatusReply.status(message)) : ""));
        }
    }
}
