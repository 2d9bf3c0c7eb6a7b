// The platform library in C as a program on this machine, and scmid's own client at it.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.scmid.agent.AgentClient;
import org.scmid.agent.Command;
import org.scmid.agent.PlatformLink;
import org.scmid.agent.RingLink;
import org.scmid.agent.SocketLink;
import org.scmid.agent.frontend.DriverControl;
import org.scmid.agent.frontend.DriverWindow;
import org.scmid.agent.frontend.WindowDriver;
import org.scmid.linux.LinuxException;
import org.scmid.loop.LoopOptions;
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
    private final ServiceLoop loop;
    private final AgentClient client;
    private final BlockingQueue<byte[]> replies = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> delayed = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> notifications = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    /** Starts one, and connects to it. */
    PlatformServer(Way way, Path folder) throws IOException {
        Path place = folder.resolve(way.name());
        console = Console.start(
                "platform-server",
                List.of(
                        Programs.platform().resolve("platform-server-sanitized").toString(),
                        way.name().toLowerCase(Locale.ROOT),
                        place.toString()));
        console.ask("", "ready"); // an empty line asks nothing
        loop = new ServiceLoop(LoopOptions.noSpin());
        client = new AgentClient(loop, PATIENCE, new AgentClient.Listener() {
            @Override
            public void notified(byte[] message, int length) {
                notifications.add(Arrays.copyOf(message, length));
            }

            @Override
            public void writable() {
                told.add("ready");
            }

            @Override
            public void lost(String why) {
                told.add("lost: " + why);
            }
        });
        loop.start();
        onLoop(() -> client.begin(link(way, place)));
        if (way != Way.SOCKET) {
            assertEquals("ready", take(told));
        }
    }

    private PlatformLink link(Way way, Path place) throws LinuxException {
        if (way == Way.SOCKET) {
            return SocketLink.connect(loop, place, client);
        }
        DriverWindow window = DriverWindow.open(place, 0, WINDOW_BYTES, 0);
        WindowDriver driver = way == Way.MMIO
                ? WindowDriver.mmio(window, WindowDriver.MmioPlan.USUAL, DriverControl.NO_BELL)
                : WindowDriver.fat(window, DriverControl.NO_BELL);
        return RingLink.overWindow(loop, driver, new PollPacing(loop), LONGEST_PAUSE, PATIENCE, client);
    }

    private interface Action {
        void run() throws LinuxException;
    }

    private void onLoop(Action action) {
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        loop.post(() -> {
            try {
                action.run();
                ended.add("done");
            } catch (LinuxException | RuntimeException e) {
                ended.add(e.toString());
            }
        });
        assertEquals("done", take(ended));
    }

    private static <T> T take(BlockingQueue<T> from) {
        try {
            T taken = from.poll(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS);
            if (taken == null) {
                throw new AssertionError("nothing came within " + Deadline.GENEROUS.toSeconds() + " s");
            }
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private Command command() {
        return client.command(new Command.Listener() {
            @Override
            public void replied(byte[] message, int length) {
                replies.add(Arrays.copyOf(message, length));
            }

            @Override
            public void delayed(byte[] message, int length) {
                delayed.add(Arrays.copyOf(message, length));
            }

            @Override
            public void failed(Command.Failure why) {
                throw new AssertionError("a command failed: " + why);
            }
        });
    }

    /** Sends a command; its reply, header and status included. */
    byte[] call(byte[] request) {
        onLoop(() -> {
            if (!command().send(request, request.length, PATIENCE)) {
                throw new IllegalStateException("there is no room for a command of " + request.length + " bytes");
            }
        });
        return take(replies);
    }

    /** Sends an asynchronous command; its reply. */
    byte[] callAsynchronously(byte[] request) {
        onLoop(() -> command().sendAsynchronous(request, request.length, PATIENCE, PATIENCE));
        return take(replies);
    }

    /** The next delayed response. */
    byte[] awaitDelayed() {
        return take(delayed);
    }

    /** The next notification. */
    byte[] awaitNotification() {
        return take(notifications);
    }

    /** Has the platform do something, see the program's first comment. */
    void tell(String line) {
        assertEquals("ok", console.ask(line, "ok", "error"));
    }

    /** What came that no platform should send. */
    long oddities() {
        BlockingQueue<Long> count = new LinkedBlockingQueue<>();
        onLoop(() -> count.add(client.malformed() + client.unexpected() + client.late() + client.timeOuts()));
        return take(count) + told.size();
    }

    @Override
    public void close() {
        onLoop(client::end);
        loop.close();
        console.close();
    }
}
