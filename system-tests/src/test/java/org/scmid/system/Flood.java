// What an agent can do to others by sending: floods of one kind each, on a thread of its own.
package org.scmid.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.scmid.agent.frontend.DriverMemory;
import org.scmid.agent.frontend.DriverRing;
import org.scmid.agent.frontend.VhostUserFrontend;
import org.scmid.linux.EventFd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixSocket;
import org.scmid.protocol.Field;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.catalogue.MessageTables;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.transport.vhostuser.VhostUser;

/** A flood that runs until it is closed. */
final class Flood implements AutoCloseable {
    private static final int MESSAGES = 4096;

    /** What is sent. */
    enum Kind {
        /** What nothing is done for: the measure of the others. */
        ECHO,
        /** Every message of the tables, with ids of resources that are there, and values of chance. */
        LEGAL,
        /** Rates that no clock has, and some that it has. */
        RATE_SET,
        /** What tells lists, from the first item and from others. */
        DESCRIBE,
        /** Ids of chance for protocols, messages and resources, lengths of chance, messages that are no commands. */
        ILLEGAL,
        /** Subscriptions to everything, then changes. */
        SUBSCRIBED,
        /** Frames of any length and of any bytes, or requests of a VMM that make no sense. */
        MALFORMED,
        /** Descriptors of any kind, heads and indices of any number. By rings only. */
        BAD_RINGS,
        /** Connections that end as soon as they were made. */
        CONNECTIONS,
        /** Requests to the management API for all that there is. */
        MANAGEMENT;

        boolean isPossible(Peer.Transport transport) {
            return switch (this) {
                case BAD_RINGS -> transport == Peer.Transport.RINGS;
                case MANAGEMENT -> transport == Peer.Transport.SOCKET;
                default -> true;
            };
        }
    }

    private interface Attack {
        void run() throws IOException;
    }

    private final Path socket;
    private final Peer.Transport transport;
    private final RandomBoard board;
    private final int managementPort;
    private final Random random;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> defect = new AtomicReference<>();
    private final Thread thread;

    Flood(Kind kind, Path socket, Peer.Transport transport, RandomBoard board, int managementPort, long seed) {
        this.socket = socket;
        this.transport = transport;
        this.board = board;
        this.managementPort = managementPort;
        this.random = new Random(seed + kind.name().hashCode());
        Attack attack = switch (kind) {
            case ECHO -> messages(List.of(), this::echo);
            case LEGAL -> messages(List.of(), this::legal);
            case RATE_SET -> messages(List.of(), this::rateSet);
            case DESCRIBE -> messages(List.of(), this::describe);
            case ILLEGAL -> messages(List.of(), this::illegal);
            case SUBSCRIBED -> messages(subscriptions(), this::change);
            case MALFORMED -> transport == Peer.Transport.SOCKET ? this::badFrames : this::badRequests;
            case BAD_RINGS -> this::badRings;
            case CONNECTIONS -> this::connections;
            case MANAGEMENT -> this::management;
        };
        thread = Thread.ofPlatform().name("flood of " + kind).start(() -> repeat(attack));
    }

    /** How many messages, frames or connections there were. */
    long sent() {
        return sent.get();
    }

    @Override
    public void close() {
        over.set(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        Throwable found = defect.get();
        if (found != null) {
            throw new AssertionError(thread.getName(), found);
        }
    }

    private void repeat(Attack attack) {
        while (!over.get()) {
            try {
                attack.run();
            } catch (IOException sentAway) {
                Thread.onSpinWait(); // once more
            } catch (RuntimeException | Error found) {
                defect.set(found);
                return;
            }
        }
    }

    // ---- messages ----

    private interface Maker {
        byte[] make();
    }

    /**
     * One connection, by which messages go that were made before, in turn. It never waits, as those do not that send what is
     * no message: all floods take a processor, so that what tells them apart is the service's.
     */
    private Attack messages(List<byte[]> first, Maker maker) {
        byte[][] all = new byte[MESSAGES][];
        for (int i = 0; i < all.length; i++) {
            all[i] = maker.make();
        }
        return () -> {
            try (Peer peer = transport.connect(socket)) {
                for (byte[] message : first) {
                    peer.call(message);
                }
                int next = 0;
                while (!over.get()) {
                    int count = 0;
                    while (count < Peer.DEPTH && peer.send(all[next])) {
                        next = (next + 1) % all.length;
                        count++;
                    }
                    sent.lazySet(sent.get() + count);
                    peer.flush();
                    while (peer.take()) {
                        // room for the next
                    }
                }
            }
        };
    }

    private byte[] echo() {
        return request(BaseMessage.PROTOCOL_VERSION);
    }

    private byte[] legal() {
        List<MessageTable<?>> tables = MessageTables.all();
        while (true) {
            MessageTable<?> table = tables.get(random.nextInt(tables.size()));
            Message message =
                    table.messages().get(random.nextInt(table.messages().size()));
            if (message.type() == MessageType.COMMAND) {
                return request(message);
            }
        }
    }

    private byte[] rateSet() {
        return request(ClockMessage.CLOCK_RATE_SET);
    }

    private byte[] describe() {
        while (true) {
            byte[] message = legal();
            int header = new MessageBuffer().wrap(message, 0, message.length).getU32(0);
            Message found = MessageTables.of(MessageType.COMMAND, Header.protocolId(header), Header.messageId(header));
            if (found != null && found.name().matches(".*(DESCRI|LIST|ATTRIBUTES|NAME_GET|PARENTS_GET).*")) {
                return message;
            }
        }
    }

    private byte[] change() {
        while (true) {
            byte[] message = legal();
            int header = new MessageBuffer().wrap(message, 0, message.length).getU32(0);
            Message found = MessageTables.of(MessageType.COMMAND, Header.protocolId(header), Header.messageId(header));
            if (found != null && found.name().matches(".*(_SET|RESET).*")) {
                return message;
            }
        }
    }

    private byte[] illegal() {
        byte[] bytes = new byte
                [4 * (1 + random.nextInt(random.nextInt(8) == 0 ? 1024 : 8)) - (random.nextInt(3) == 0 ? 1 : 0)];
        byte[] message = new byte[Math.max(4, bytes.length)];
        random.nextBytes(message);
        int type = random.nextInt(4) == 0 ? random.nextInt(4) : 0;
        int header = random.nextInt(0x20)
                | type << 8
                | (random.nextInt(4) == 0 ? random.nextInt(256) : 0x10 + random.nextInt(10)) << 10;
        new MessageBuffer().wrap(message, 0, message.length).putU32(0, header);
        return message;
    }

    private List<byte[]> subscriptions() {
        List<byte[]> all = new ArrayList<>();
        for (MessageTable<?> table : MessageTables.all()) {
            for (Message message : table.messages()) {
                if (message.type() == MessageType.COMMAND && message.name().contains("NOTIFY")) {
                    for (int id = 0; id < Math.min(64, board.count(table.protocol())); id++) {
                        byte[] request = request(message);
                        MessageBuffer words = new MessageBuffer().wrap(request, 0, request.length);
                        if (request.length >= 12) {
                            words.putU32(4, id);
                            words.putU32(8, 1);
                            all.add(request);
                        }
                    }
                }
            }
        }
        return all;
    }

    /** A request of the right length: ids of resources that are there, everything else of chance. */
    private byte[] request(Message message) {
        List<Field> fields = message.fromAgent().fields();
        int length = Header.HEADER_BYTES;
        for (Field field : fields) {
            length += field.kind().bytes();
        }
        byte[] bytes = new byte[length];
        MessageBuffer buffer = new MessageBuffer().wrap(bytes, 0, length);
        buffer.putU32(0, Header.encode(message, 0));
        int at = Header.HEADER_BYTES;
        for (Field field : fields) {
            if (field.resource()) {
                buffer.putU32(at, random.nextInt(Math.max(1, board.count(message.protocol()))));
            } else if (field.kind().bytes() == Long.BYTES) {
                buffer.putU64(at, wide());
            } else {
                buffer.putU32(at, (int) narrow());
            }
            at += field.kind().bytes();
        }
        return bytes;
    }

    private long narrow() {
        return switch (random.nextInt(8)) {
            case 0 -> -1;
            case 1 -> random.nextInt();
            case 2 -> 1 << random.nextInt(32);
            case 3 -> random.nextInt(2_000_000);
            default -> random.nextInt(4);
        };
    }

    private long wide() {
        return switch (random.nextInt(8)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> -1;
            case 2 -> random.nextLong() >>> random.nextInt(64);
            case 3 -> random.nextInt(4);
            default -> 1 + random.nextInt(1_500_000_000);
        };
    }

    // ---- what is no message ----

    private void badFrames() throws LinuxException {
        try (UnixSocket connection = UnixSocket.connect(socket)) {
            byte[] bytes = new byte[4 * (1 + random.nextInt(2000))];
            random.nextBytes(bytes);
            MessageBuffer words = new MessageBuffer().wrap(bytes, 0, bytes.length);
            boolean isLegalAtFirst = random.nextBoolean();
            for (int at = 0; isLegalAtFirst && at + 8 < bytes.length - 64; at += 8) {
                words.putU32(at, 4);
                words.putU32(at + 4, Header.encode(BaseMessage.PROTOCOL_VERSION, 0));
            }
            connection.send(bytes, 0, bytes.length);
            sent.lazySet(sent.get() + 1);
            Deadline deadline = Deadline.in(Duration.ofMillis(1));
            byte[] in = new byte[4096];
            while (!deadline.isOver() && connection.receive(in, 0, in.length, null) != UnixSocket.CLOSED) {
                Thread.onSpinWait(); // what it has to say
            }
        }
    }

    private void badRequests() throws LinuxException {
        try (DriverMemory memory = new DriverMemory();
                VhostUserFrontend frontend = VhostUserFrontend.connect(socket)) {
            DriverMemory.Region region = memory.add(0x1000_0000L, 0x10000, 0);
            if (random.nextBoolean()) {
                frontend.negotiate(-1, VhostUser.PROTOCOL_REPLY_ACK);
            }
            for (int i = 0; i < 50 && !over.get(); i++) {
                byte[] payload = new byte[8 * random.nextInt(6)];
                if (random.nextBoolean()) {
                    random.nextBytes(payload);
                }
                if (random.nextInt(4) == 0) {
                    frontend.send(random.nextInt(40), random.nextInt(16), payload, region.fd());
                } else {
                    frontend.send(random.nextInt(40), random.nextInt(16), payload);
                }
                sent.lazySet(sent.get() + 1);
            }
        }
    }

    private void badRings() throws LinuxException {
        int entries = 64;
        long ringAt = 0x1000_0000L;
        try (DriverMemory memory = new DriverMemory();
                EventFd kick = EventFd.create();
                EventFd called = EventFd.create();
                VhostUserFrontend frontend = VhostUserFrontend.connect(socket)) {
            memory.add(ringAt, 0x20000, 0);
            DriverRing ring = new DriverRing(memory, ringAt, entries, false);
            frontend.negotiate(VhostUser.F_INDIRECT_DESC, VhostUser.PROTOCOL_REPLY_ACK);
            frontend.shareTable(memory);
            frontend.startRing(0, memory, ring, 0, kick, called);
            frontend.enableRing(0, true);
            for (int i = 0; i < 2000 && !over.get(); i++) {
                for (int index = 0; index < entries; index++) {
                    boolean inMemory = random.nextInt(8) != 0;
                    ring.setDescriptor(
                            index,
                            inMemory ? ringAt + 0x4000 + random.nextInt(0x1c000) : random.nextLong(),
                            random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(4096),
                            random.nextInt(8),
                            random.nextInt(entries + 1));
                }
                for (int count = 0; count < Peer.DEPTH; count++) {
                    ring.offer(random.nextInt(200) == 0 ? random.nextInt(0x10000) : random.nextInt(entries));
                }
                ring.publish();
                kick.signal();
                sent.lazySet(sent.get() + Peer.DEPTH);
                Deadline deadline = Deadline.in(Duration.ofMillis(2));
                while (ring.usedWaiting() < Peer.DEPTH && !deadline.isOver()) {
                    Thread.onSpinWait();
                }
                if (ring.usedWaiting() < Peer.DEPTH) {
                    return; // the ring is broken: anew
                }
                while (ring.usedWaiting() > 0) {
                    ring.nextUsed();
                }
            }
        }
    }

    private void connections() throws LinuxException {
        if (transport == Peer.Transport.RINGS) {
            transport.connect(socket).close();
        } else {
            UnixSocket.connect(socket).close();
        }
        sent.lazySet(sent.get() + 1);
    }

    private void management() throws IOException {
        byte[] request = Stream.of("/api/clocks", "/metrics", "/health")
                .map(path -> "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
        try (SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), managementPort))) {
            ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
            ByteBuffer out =
                    ByteBuffer.allocateDirect(request.length).put(request).flip();
            while (!over.get()) {
                channel.configureBlocking(true);
                out.rewind();
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                sent.lazySet(sent.get() + 3);
                channel.configureBlocking(false);
                while (channel.read(in.clear()) >= 0 && in.position() == 0 && !over.get()) {
                    Thread.onSpinWait();
                }
                while (channel.read(in.clear()) > 0) {
                    // all that is there
                }
            }
        }
    }
}
