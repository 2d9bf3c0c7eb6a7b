// In the steady state a message in a window allocates nothing, on either side.
package org.scmid.transport.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.agent.frontend.WindowDriver.Ending;
import org.scmid.transport.EventSink;
import org.scmid.transport.EventSink.Result;
import org.scmid.transport.ReplyListener;
import org.scmid.transport.window.WindowFixture.Layout;

/** The loop of the tests allocates, so the transport is turned without it. */
class WindowAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 20_000;
    private static final int ATTEMPTS = 5;

    private static final byte[] MESSAGE = new byte[64];

    /** Measures rounds, several times: what the compiler and others allocate on this thread happens in some of them. */
    private static void expectNoAllocation(int bytesPerRound, Runnable round) {
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt <= ATTEMPTS; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                round.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least <= (long) bytesPerRound * ROUNDS + 2_000, least + " bytes in " + ROUNDS + " rounds");
    }

    private static void turn(WindowFixture f) {
        f.server.poll();
        f.server.prepareToWait();
        f.driver.step();
    }

    private static void expect(WindowFixture f, Ending ending) {
        if (!f.driver.poll() || f.driver.ending() != ending) {
            throw new AssertionError(f.driver + " " + f.driver.ending());
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void commandsAllocateNothing(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            expectNoAllocation(0, () -> {
                if (f.driver.send(MESSAGE, 64) == 0) {
                    throw new AssertionError(f.driver);
                }
                turn(f);
                expect(f, Ending.REPLY);
                turn(f);
            });
            assertEquals(1, f.state());
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void eventsAllocateNothing(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            EventSink sink = f.port.events;
            assertNotNull(sink);
            expectNoAllocation(0, () -> {
                if (sink.offer(MESSAGE, 64) != Result.SENT) {
                    throw new AssertionError(f.driver);
                }
                turn(f);
                expect(f, Ending.EVENT);
                turn(f);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void lateRepliesAllocateNothingInTheTransport(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            ReplyListener replies = f.port.replies;
            assertNotNull(replies);
            f.port.deferring = true;
            // The port copies each request of 64 bytes: an array of 80 bytes, and nothing else.
            expectNoAllocation(80, () -> {
                f.driver.send(MESSAGE, 64);
                turn(f);
                replies.replyReady(8);
                turn(f);
                expect(f, Ending.REPLY);
            });
        }
    }

    @Test
    void registerWritesAllocateNothing() throws IOException {
        try (WindowFixture f = WindowFixture.atRegisters()) {
            expectNoAllocation(0, () -> {
                f.driver.registers().beginWrite(0x064, 1);
                turn(f);
                if (!f.driver.registers().isWritten()) {
                    throw new AssertionError(f.driver);
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aWindowWithoutTrafficAllocatesNothing(Layout layout) throws IOException {
        try (WindowFixture f = WindowFixture.ready(layout)) {
            expectNoAllocation(0, () -> turn(f));
        }
    }
}
