// The platform library in C as a program on this machine, and scmid's own client at it.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.scmid.agent.AgentClient;
import org.scmid.agent.PlatformLink;
import org.scmid.agent.RingLink;
import org.scmid.agent.SocketLink;
import org.scmid.agent.frontend.DriverControl;
import org.scmid.agent.frontend.DriverWindow;
import org.scmid.agent.frontend.WindowDriver;
import org.scmid.linux.LinuxException;
import org.scmid.loop.ServiceLoop;
import org.scmid.transport.PollPacing;

/** guests/platform/hosted/platform-server.c, which serves the platform of guests/platform/test/demo.c, and an agent of it. */
final class PlatformServer implements AutoCloseable {
    /** How the two speak to each other. */
    enum Way {
        SOCKET,
        MMIO,
        FAT
    }

    private static final int WINDOW_BYTES = 0x10000;
    private static final long MILLI = 1_000_000L;
    private static final long LONGEST_PAUSE = MILLI;
    private static final long PATIENCE = Deadline.GENEROUS.toNanos();

    private final Console console;
    private final PlatformAgent agent;

    /** Starts one, and connects to it. */
    PlatformServer(Way way, Path folder) {
        Path place = folder.resolve(way.name());
        console = Console.start(
                "platform-server",
                List.of(
                        Programs.platform().resolve("platform-server-sanitized").toString(),
                        way.name().toLowerCase(Locale.ROOT),
                        place.toString()));
        console.ask("", "ready"); // an empty line asks nothing
        agent = new PlatformAgent((loop, client) -> link(way, place, loop, client));
        if (way != Way.SOCKET) {
            agent.awaitReady();
        }
    }

    private static PlatformLink link(Way way, Path place, ServiceLoop loop, AgentClient client) throws LinuxException {
        if (way == Way.SOCKET) {
            return SocketLink.connect(loop, place, client);
        }
        DriverWindow window = DriverWindow.open(place, 0, WINDOW_BYTES, 0);
        WindowDriver driver = way == Way.MMIO
                ? WindowDriver.mmio(window, WindowDriver.MmioPlan.USUAL, DriverControl.NO_BELL)
                : WindowDriver.fat(window, DriverControl.NO_BELL);
        return RingLink.overWindow(loop, driver, new PollPacing(loop), LONGEST_PAUSE, PATIENCE, client);
    }

    /** Who speaks to it. */
    PlatformAgent agent() {
        return agent;
    }

    /** Has the platform do something, see the program's first comment. */
    void tell(String line) {
        assertEquals("ok", console.ask(line, "ok", "error"));
    }

    @Override
    public void close() {
        agent.close();
        console.close();
    }
}
