/* The promise that reading and writing messages allocates nothing. */
package org.scmid.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.scmid.protocol.clock.ClockAttributes;
import org.scmid.protocol.clock.ClockDescribeRates;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.clock.ClockRateSet;
import org.scmid.protocol.clock.ClockVersion;

class AllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int MESSAGES = 100_000;

    private final byte[] memory = new byte[256];
    private final MessageBuffer request = new MessageBuffer();
    private final MessageBuffer reply = new MessageBuffer(256);
    private final ClockRateSet.Request rateSet = new ClockRateSet.Request();
    private final ClockAttributes.Reply attributes = new ClockAttributes.Reply();
    private final ClockDescribeRates.Reply rates = new ClockDescribeRates.Reply();

    @Test
    void messagesAreWrittenAndReadWithoutAllocation() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long expected = exchange(WARM_UP) / WARM_UP * MESSAGES;
        long before = threads.getCurrentThreadAllocatedBytes();
        long result = exchange(MESSAGES);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(expected, result);
        // The measurement itself, and a class that is linked late, may cost a little; one object per message may not.
        assertTrue(allocated < MESSAGES, allocated + " bytes for " + MESSAGES + " messages");
    }

    /** What a server does with a message, and an agent: returns a sum, so that nothing is optimised away. */
    private long exchange(int messages) {
        long sum = 0;
        for (int i = 0; i < messages; i++) {
            request.wrap(memory, 16, 20);
            rateSet.begin(request, 5).flags(0).resource(2).rate(1000);
            int header = request.getU32(0);
            Message message = ClockMessage.TABLE.command(Header.messageId(header));
            if (message != null && message.acceptsRequest(16, ClockVersion.V3_0)) {
                sum += rateSet.wrap(request).rate();
            }
            attributes.begin(reply, header).attributes(-1, ClockVersion.V3_0).name("a clock with a long name");
            sum += attributes.isSuccess() ? attributes.messageLength(ClockVersion.V3_0) : 0;
            rates.begin(reply, header).list(2, 0).rate(0, 1).rate(1, 2);
            sum += rates.isSuccess() ? rates.rate(1) : 0;
            sum += StatusReply.write(reply, header, Status.DENIED.code());
        }
        return sum;
    }
}
