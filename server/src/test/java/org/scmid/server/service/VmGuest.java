// A VM in a test: a VMM that speaks vhost-user, and its guest's SCMI driver.
package org.scmid.server.service;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.scmid.agent.frontend.DriverMemory;
import org.scmid.agent.frontend.DriverRing;
import org.scmid.agent.frontend.VhostUserFrontend;
import org.scmid.linux.EventFd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixListener;
import org.scmid.linux.UnixSocket;
import org.scmid.server.core.Bench;
import org.scmid.transport.vhostuser.VhostUser;

/** Rings of 64 entries, one command at a time, event buffers as Linux posts them. Words are little-endian 32-bit. */
final class VmGuest implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;
    private static final long BASE = 0x40000000L;
    private static final long REQUEST = BASE + 0x10000;
    private static final long REPLY = BASE + 0x12000;
    private static final long EVENTS = BASE + 0x20000;
    private static final int REPLY_BYTES = 4096;
    private static final int EVENT_BYTES = 136;
    private static final int ENTRIES = 64;
    private static final long FEATURES = VhostUser.F_P2A_CHANNELS | VhostUser.F_EVENT_IDX | VhostUser.F_INDIRECT_DESC;
    private static final long PROTOCOL_FEATURES =
            VhostUser.PROTOCOL_REPLY_ACK | VhostUser.PROTOCOL_CONFIGURE_MEM_SLOTS | VhostUser.PROTOCOL_MQ;

    final DriverMemory memory = new DriverMemory();
    final DriverMemory.Region ram;
    final DriverRing commands;
    final DriverRing events;
    private final EventFd commandKick = EventFd.create();
    private final EventFd commandCall = EventFd.create();
    private final EventFd eventKick = EventFd.create();
    private final EventFd eventCall = EventFd.create();
    private @Nullable VhostUserFrontend vmm;
    private final long[] eventBuffers = new long[ENTRIES]; // by descriptor
    private int nextSlot;
    private int token;
    private int sentHeader;

    VmGuest() throws LinuxException {
        ram = memory.add(BASE, 0x100000, 0x1000);
        commands = new DriverRing(memory, BASE, ENTRIES, true);
        events = new DriverRing(memory, BASE + 0x4000, ENTRIES, true);
    }

    VhostUserFrontend vmm() {
        VhostUserFrontend connected = vmm;
        if (connected == null) {
            throw new IllegalStateException("not connected");
        }
        return connected;
    }

    /** Starts the guest on a socket that the service listens on. */
    VmGuest bootOn(Path socket) throws LinuxException {
        return boot(VhostUserFrontend.connect(socket));
    }

    /** Starts the guest once the service has connected. */
    VmGuest bootFor(UnixListener listener) throws LinuxException {
        return boot(new VhostUserFrontend(accept(listener)));
    }

    private VmGuest boot(VhostUserFrontend connection) throws LinuxException {
        connect(connection);
        commands.reset();
        events.reset();
        startRings(0, 0);
        postEventBuffers(8);
        return this;
    }

    /** As QEMU goes on with a back end that came back: from the used indices. */
    void goOnWith(UnixListener listener) throws LinuxException {
        vmm().close();
        connect(new VhostUserFrontend(accept(listener)));
        startRings(commands.usedIdx(), events.usedIdx());
    }

    private void connect(VhostUserFrontend connection) throws LinuxException {
        vmm = connection;
        connection.negotiate(FEATURES, PROTOCOL_FEATURES);
        connection.addRegion(ram);
    }

    static UnixSocket accept(UnixListener listener) throws LinuxException {
        @Nullable UnixSocket[] accepted = new UnixSocket[1];
        await("the service to connect", () -> {
            try {
                accepted[0] = listener.accept();
            } catch (LinuxException e) {
                throw new IllegalStateException(e);
            }
            return accepted[0] != null;
        });
        UnixSocket socket = accepted[0];
        if (socket == null) {
            throw new IllegalStateException();
        }
        return socket;
    }

    void startRings(int commandBase, int eventBase) throws LinuxException {
        vmm().startRing(0, memory, commands, commandBase, commandKick, commandCall);
        vmm().startRing(1, memory, events, eventBase, eventKick, eventCall);
        vmm().enableRing(0, true);
        vmm().enableRing(1, true);
    }

    /** As QEMU's {@code stop}, and the first half of its {@code system_reset}. */
    int[] stopRings() throws LinuxException {
        vmm().enableRing(0, false);
        vmm().enableRing(1, false);
        return new int[] {vmm().stopRing(0), vmm().stopRing(1)};
    }

    /** The guest is reset and boots again. */
    void reset() throws LinuxException {
        stopRings();
        commands.reset();
        events.reset();
        startRings(0, 0);
    }

    /** Sends a command and returns its reply's words from the status on. */
    int[] call(int protocol, int message, int... payload) throws LinuxException {
        send(protocol, message, payload);
        return reply();
    }

    int status(int protocol, int message, int... payload) throws LinuxException {
        return call(protocol, message, payload)[0];
    }

    /** Makes a command available without waiting. */
    void send(int protocol, int message, int... payload) throws LinuxException {
        sentHeader = message | (protocol << 10) | ((token++ & 0x3FF) << 18);
        ByteBuffer request = ByteBuffer.allocate(4 + 4 * payload.length).order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(sentHeader);
        for (int word : payload) {
            request.putInt(word);
        }
        memory.write(REQUEST, request.array(), request.capacity());
        commands.add(new long[] {REQUEST, REPLY}, new int[] {request.capacity(), REPLY_BYTES}, 1, 2);
        commands.publish();
        kick(commands, commandKick);
    }

    /** Waits for the reply to {@link #send}. */
    int[] reply() {
        await("a reply", commands::takeUsed);
        int[] words = read(REPLY, commands.usedLength());
        if (words.length < 2 || words[0] != sentHeader) {
            throw new AssertionError("to %08x came %s".formatted(sentHeader, hex(words)));
        }
        return Arrays.copyOfRange(words, 1, words.length);
    }

    void postEventBuffers(int count) throws LinuxException {
        for (int i = 0; i < count; i++) {
            long at = EVENTS + (nextSlot++ % ENTRIES) * 256L;
            int head = events.add(new long[] {at}, new int[] {EVENT_BYTES}, 0, 1);
            if (head >= 0) {
                eventBuffers[head] = at;
            }
        }
        events.publish();
        kick(events, eventKick);
    }

    private static void kick(DriverRing ring, EventFd bell) throws LinuxException {
        if (ring.needsKick()) {
            bell.signal();
        }
    }

    /** Waits for so many events, as hex words; the buffers are not posted again. */
    List<String> awaitEvents(int count) {
        List<String> all = new ArrayList<>();
        while (all.size() < count) {
            await("event " + all.size() + " of " + count, events::takeUsed);
            all.add(hex(read(eventBuffers[events.usedId()], events.usedLength())));
        }
        return all;
    }

    private int[] read(long at, int length) {
        byte[] bytes = new byte[length];
        memory.read(at, bytes, length);
        return Bench.words(bytes);
    }

    private static String hex(int[] words) {
        return String.join(
                " ", Arrays.stream(words).mapToObj(Integer::toHexString).toList());
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + PATIENCE_SECONDS + " s in vain for " + what);
            }
            LockSupport.parkNanos(50_000);
        }
    }

    /** The VM ends. */
    @Override
    public void close() {
        VhostUserFrontend connected = vmm;
        if (connected != null) {
            connected.close();
        }
        memory.close();
        commandKick.close();
        commandCall.close();
        eventKick.close();
        eventCall.close();
    }
}
