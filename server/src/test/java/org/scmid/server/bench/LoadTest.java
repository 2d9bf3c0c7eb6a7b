// What measuring costs the one who measures.
package org.scmid.server.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceOptions;

@Timeout(120)
class LoadTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long RUN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** Several times: what the compiler allocates on this thread happens in some of them. */
    @Test
    @SuppressWarnings("try") // the service only has to run
    void messagesAllocateNothing() throws Exception {
        BenchMessage message = BenchMessage.parse("clock-rate-get=0", false);
        var options = new BackEnd.Options(folder.resolve("linux.sock"), false, TimeUnit.SECONDS.toNanos(10), 8, false);
        try (ScmiService running = ScmiService.start(ConfigFiles.builtInService(folder), ServiceOptions.simulated());
                BackEnd backEnd = BackEnd.open(options)) {
            Load load = new Load(backEnd, message, Inquiry.of(backEnd, message).version());
            double least = Double.MAX_VALUE;
            for (int attempt = 0; attempt < 6; attempt++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                DepthResult result = load.run(8, 0, RUN_NANOS);
                long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
                assertTrue(result.right() && result.messages() > 0, result.toString());
                least = Math.min(least, (double) allocated / result.messages());
            }
            assertTrue(least < 1, least + " bytes for each message");
        }
    }

    @Test
    @SuppressWarnings("try") // the service only has to run
    void aLoadThatIsStoppedEndsWithWhatItHas() throws Exception {
        BenchMessage message = BenchMessage.parse(BenchMessage.DEFAULT, false);
        var options = new BackEnd.Options(folder.resolve("linux.sock"), false, TimeUnit.SECONDS.toNanos(10), 8, false);
        try (ScmiService running = ScmiService.start(ConfigFiles.builtInService(folder), ServiceOptions.simulated());
                BackEnd backEnd = BackEnd.open(options)) {
            Load load = new Load(backEnd, message, Inquiry.of(backEnd, message).version());
            backEnd.stop();
            DepthResult result = load.run(8, TimeUnit.SECONDS.toNanos(1000), TimeUnit.SECONDS.toNanos(1000));
            assertEquals(0, result.messages());
            assertTrue(result.interrupted() && result.right(), result.toString());
        }
    }
}
