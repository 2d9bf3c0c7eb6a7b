// scmid's own client at a platform, on a loop of its own.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.scmid.agent.AgentClient;
import org.scmid.agent.Command;
import org.scmid.agent.PlatformLink;
import org.scmid.linux.LinuxException;
import org.scmid.loop.LoopOptions;
import org.scmid.loop.ServiceLoop;
import org.scmid.protocol.Header;
import org.scmid.upstream.discovery.Discovered;
import org.scmid.upstream.discovery.Discovery;
import org.scmid.upstream.discovery.Limits;

/** An agent of a platform: a test asks, and waits for what comes. */
final class PlatformAgent implements AutoCloseable {
    private static final long PATIENCE = Deadline.GENEROUS.toNanos();

    /** Begins the link to the platform. */
    interface Way {
        PlatformLink begin(ServiceLoop loop, AgentClient client) throws LinuxException;
    }

    private final Way way;
    private final ServiceLoop loop = newLoop();
    private final AgentClient client;
    private volatile Runnable whenWritable = () -> {};
    private final BlockingQueue<byte[]> replies = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> delayed = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> notifications = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    PlatformAgent(Way way) {
        this.way = way;
        client = new AgentClient(loop, PATIENCE, new AgentClient.Listener() {
            @Override
            public void notified(byte[] message, int length) {
                notifications.add(Arrays.copyOf(message, length));
            }

            @Override
            public void writable() {
                told.add("ready");
                whenWritable.run();
            }

            @Override
            public void lost(String why) {
                told.add("lost: " + why);
            }
        });
        loop.start();
        begin();
    }

    private static ServiceLoop newLoop() {
        try {
            return new ServiceLoop(LoopOptions.noSpin());
        } catch (LinuxException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private void begin() {
        onLoop(() -> client.begin(way.begin(loop, client)));
    }

    /** Begins another link after one that was lost, as often as it takes: a port is in use until its driver has let go of it. */
    void beginAgain() {
        Deadline deadline = Deadline.generous();
        String last = "";
        while (!last.equals("ready")) {
            if (deadline.isOver()) {
                throw new AssertionError("the link does not come back: " + last);
            }
            onLoop(client::end);
            told.clear();
            begin();
            last = take(told);
        }
    }

    /** Waits until there is a session, where the way has sessions. */
    void awaitReady() {
        assertEquals("ready", take(told));
    }

    /** Waits until the link is lost. */
    void awaitLoss() {
        while (!take(told).startsWith("lost")) {
            // there was room for another command
        }
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

    /** All that the platform offers. */
    Discovered discover() {
        BlockingQueue<Object> ended = new LinkedBlockingQueue<>();
        onLoop(() -> {
            var discovery = new Discovery(loop, client, new Limits(PATIENCE, PATIENCE), new Discovery.Listener() {
                @Override
                public void began() {}

                @Override
                public void discovered(Discovered all) {
                    ended.add(all);
                }

                @Override
                public void failed(String why) {
                    ended.add(why);
                }
            });
            whenWritable = discovery::writable;
            discovery.begin();
        });
        Object end = take(ended);
        whenWritable = () -> {};
        if (end instanceof Discovered all) {
            return all;
        }
        throw new AssertionError("nothing was discovered: " + end);
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

    /** Sends a command in words; the words behind the header of its reply. */
    int[] ask(int header, int... payload) {
        ByteBuffer request =
                ByteBuffer.allocate(Integer.BYTES * (1 + payload.length)).order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(header);
        for (int word : payload) {
            request.putInt(word);
        }
        return words(call(request.array()));
    }

    /** The words of a message behind its header. */
    static int[] words(byte[] message) {
        int[] words = new int[(message.length - Header.HEADER_BYTES) / Integer.BYTES];
        ByteBuffer.wrap(message)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(Header.HEADER_BYTES)
                .asIntBuffer()
                .get(words);
        return words;
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

    /** What came that no platform should send. */
    long oddities() {
        BlockingQueue<Long> count = new LinkedBlockingQueue<>();
        onLoop(() -> count.add(client.malformed() + client.unexpected() + client.late() + client.timeOuts()));
        return take(count) + told.stream().filter(each -> !each.equals("ready")).count();
    }

    @Override
    public void close() {
        onLoop(client::end);
        loop.close();
    }
}
