// A core with a real clock tree over simulated registers, and agents that are spoken to in bytes.
package org.scmid.server.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.service.DeviceSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;
import org.scmid.config.service.SystemPowerSpec;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.clock.OpenedGates;
import org.scmid.platform.host.Host;
import org.scmid.platform.register.RegisterWindow;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.Status;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.state.AgentStateStore;
import org.scmid.server.core.system.CommandRunner;
import org.scmid.server.service.Core;
import org.scmid.server.service.Drivers;
import org.scmid.server.service.Hardware;
import org.scmid.testing.HandLoop;
import org.scmid.transport.AgentPort;
import org.scmid.transport.EventSink;
import org.scmid.upstream.driver.Platforms;

/** A core under test. Words are little-endian 32-bit; replies are given as words from the status on. */
public final class Bench {
    public static final int BASE = 0x10;
    public static final int CLOCK = 0x14;
    public static final int OK = Status.Code.SUCCESS;

    /** Sixteen rates of bus make a list, the 128 of uart a range; gate bits of cru+0x4: 0 bus, 1 uart, 2 leaf, 3 long name. */
    public static final String BOARD = """
            board: bench
            registers:
              cru: { at: 0x1000, size: 4 KiB, width: 32, access: simulated, initial: { 0x0: 1, 0x4: 0 } }
            clocks:
              osc: { fixed: 24 MHz }
              pll: { fixed: 600 MHz }
              bus:
                parent: osc
                divider: { register: cru+0x0, bits: 3..0, kind: linear }
                gate: { register: cru+0x4, bit: 0 }
              uart:
                parents: [osc, pll]
                mux: { register: cru+0x8, bits: 8..8 }
                divider: { register: cru+0x8, bits: 6..0, kind: linear }
                gate: { register: cru+0x4, bit: 1 }
                enable-delay: 50 us
              leaf:
                parent: bus
                gate: { register: cru+0x4, bit: 2 }
              a-clock-with-a-name-of-more-than-15:
                parent: bus
                divider: { register: cru+0xc, bits: 1..0, kind: power-of-two }
                gate: { register: cru+0x4, bit: 3 }
            """;

    private static final int LONGEST_REPLY_MILLIS = 60_000;
    private static final byte[] NOTHING = new byte[0];

    public static final String LONG_NAME = "a-clock-with-a-name-of-more-than-15";

    public final HandLoop loop;
    public final Windows windows;
    public final ClockTree tree;
    public final RegisterWindow cru;
    public final Hardware hardware;
    public final Core core;

    public Bench(Path directory) throws IOException, ConfigException {
        this(board(directory, BOARD));
    }

    public Bench(Board board) throws IOException {
        this(board, List.of(), Map.of(), new HandLoop());
    }

    /** A core over simulated registers, whose time is the loop's. */
    public Bench(Board board, List<DeviceSpec> devices, Map<String, SystemPowerSpec> systemPower, HandLoop loop)
            throws IOException {
        this(
                board,
                devices,
                ArbitrationSpec.NONE,
                systemPower,
                (agent, command) -> true,
                Windows.open(board, true, loop::nanoTime),
                OpenedGates.inMemory(),
                null,
                loop);
    }

    /** A core over simulated registers, for which the host's kernel measures. */
    public Bench(Board board, Host host, HandLoop loop) throws IOException {
        this(
                board,
                List.of(),
                ArbitrationSpec.NONE,
                Map.of(),
                (agent, command) -> true,
                Windows.open(board, true, loop::nanoTime),
                OpenedGates.inMemory(),
                host,
                loop);
    }

    /** A core over registers that were there before. */
    public Bench(Board board, Windows windows) {
        this(board, windows, OpenedGates.inMemory());
    }

    /** A core over registers of which an earlier one opened some gates. */
    public Bench(Board board, Windows windows, OpenedGates opened) {
        this(board, List.of(), ArbitrationSpec.NONE, windows, opened);
    }

    /** A core with devices that trusted agents may deny. */
    public Bench(Board board, List<DeviceSpec> devices) throws IOException {
        this(board, devices, ArbitrationSpec.NONE, Windows.open(board, true), OpenedGates.inMemory());
    }

    public Bench(
            Board board, List<DeviceSpec> devices, ArbitrationSpec arbitration, Windows windows, OpenedGates opened) {
        this(board, devices, arbitration, Map.of(), (agent, command) -> true, windows, opened);
    }

    public Bench(
            Board board,
            List<DeviceSpec> devices,
            ArbitrationSpec arbitration,
            Map<String, SystemPowerSpec> systemPower,
            CommandRunner commands,
            Windows windows,
            OpenedGates opened) {
        this(board, devices, arbitration, systemPower, commands, windows, opened, null, new HandLoop());
    }

    /** A core with all that a service file says, over registers that were there before. */
    Bench(
            Board board,
            List<DeviceSpec> devices,
            ArbitrationSpec arbitration,
            Map<String, SystemPowerSpec> systemPower,
            Windows windows,
            HandLoop loop) {
        this(
                board,
                devices,
                arbitration,
                systemPower,
                (agent, command) -> true,
                windows,
                OpenedGates.inMemory(),
                null,
                loop);
    }

    private Bench(
            Board board,
            List<DeviceSpec> devices,
            ArbitrationSpec arbitration,
            Map<String, SystemPowerSpec> systemPower,
            CommandRunner commands,
            Windows windows,
            OpenedGates opened,
            @Nullable Host host,
            HandLoop loop) {
        this(board, devices, arbitration, systemPower, commands, windows, opened, host, null, loop, null);
    }

    /** A core over simulated registers whose board takes resources from other platforms. */
    Bench(Board board, Platforms platforms, HandLoop loop) throws IOException {
        this(
                board,
                List.of(),
                ArbitrationSpec.NONE,
                Map.of(),
                (agent, command) -> true,
                Windows.open(board, true, loop::nanoTime),
                OpenedGates.inMemory(),
                null,
                platforms,
                loop,
                null);
    }

    /** A core to which hardware is late. */
    Bench(
            Board board,
            List<DeviceSpec> devices,
            ArbitrationSpec arbitration,
            Windows windows,
            OpenedGates opened,
            LateDrivers late) {
        this(
                board,
                devices,
                arbitration,
                Map.of(),
                (agent, command) -> true,
                windows,
                opened,
                null,
                null,
                new HandLoop(),
                late);
    }

    private Bench(
            Board board,
            List<DeviceSpec> devices,
            ArbitrationSpec arbitration,
            Map<String, SystemPowerSpec> systemPower,
            CommandRunner commands,
            Windows windows,
            OpenedGates opened,
            @Nullable Host host,
            @Nullable Platforms platforms,
            HandLoop loop,
            @Nullable LateDrivers late) {
        this.loop = loop;
        this.windows = windows;
        hardware = new Hardware(board, windows, opened, host, platforms, loop);
        Drivers drivers = late == null ? hardware.drivers() : late.around(hardware.drivers());
        core = new Core(board, devices, arbitration, systemPower, commands, drivers, loop);
        if (late == null) {
            hardware.tell(core);
        } else {
            late.tell(core);
            hardware.tell(late);
        }
        hardware.govern(core.clockAuthority());
        tree = hardware.clocks();
        cru = windows.window("cru");
    }

    public static Board board(Path directory, String yaml) throws IOException, ConfigException {
        Path file = directory.resolve("board.yaml");
        Files.writeString(file, yaml);
        return ConfigFiles.board(file);
    }

    /** An agent with grants as service files write them: {@code "uart"} or {@code "osc: read"}. */
    public Peer agent(String name, String... grants) throws IOException {
        return agent(name, AgentStateStore.inMemory(), new Agent.Presence(false, 10_000), grants);
    }

    public Peer agent(String name, AgentStateStore store, Agent.Presence presence, String... clocks)
            throws IOException {
        return agent(name, store, presence, Map.of(ResourceKind.CLOCK, grants(clocks)));
    }

    /** An agent with grants of several kinds. */
    public Peer agent(String name, Map<ResourceKind, List<Grant>> grants) throws IOException {
        return agent(name, AgentStateStore.inMemory(), new Agent.Presence(false, 10_000), grants);
    }

    /** An agent whose name begins with "trusted" is. */
    public Peer agent(
            String name, AgentStateStore store, Agent.Presence presence, Map<ResourceKind, List<Grant>> grants)
            throws IOException {
        return new Peer(core.join(name, name.startsWith("trusted"), presence, grants, store));
    }

    /** Grants as service files write them: {@code "uart"}, {@code "osc: read"} or {@code "pll: [state, rate]"}. */
    public static List<Grant> grants(String... texts) {
        return Arrays.stream(texts).map(Bench::grant).toList();
    }

    private static Grant grant(String text) {
        String[] parts = text.split(": ", -1);
        if (parts.length == 1) {
            return new Grant(parts[0], Permission.CONTROL);
        }
        String said = parts[1].toUpperCase(Locale.ROOT);
        return said.startsWith("[")
                ? new Grant(
                        parts[0],
                        Permission.CONTROL,
                        Arrays.stream(said.substring(1, said.length() - 1).split(", ", -1))
                                .map(Control::valueOf)
                                .collect(Collectors.toSet()))
                : new Grant(parts[0], Permission.valueOf(said));
    }

    public boolean gate(int bit) {
        return ((cru.read(4) >> bit) & 1) != 0;
    }

    /** The guest's side of an agent. */
    public final class Peer {
        public final Agent agent;
        public final Buffers events;
        private final Witness witness;
        private final byte[] reply = new byte[4096];
        private byte @Nullable [] deferred;
        private int capacity;
        private boolean waits;
        private int token = 5;

        public Peer(Agent agent) {
            this.agent = agent;
            witness = new Witness(core, agent);
            events = new Buffers(witness);
        }

        /** Gives it a platform-to-agent channel. */
        public Peer withEvents() {
            agent.attached(events, this::replyReady);
            return this;
        }

        public Peer withoutEvents() {
            agent.attached(null, this::replyReady);
            return this;
        }

        /** Sends a command, lets the reply be published, and returns its words from the status on. */
        public int[] call(int protocol, int message, int... payload) {
            int[] words = callWithin(4096, protocol, message, payload);
            agent.flushEvents();
            loop.settle();
            return words;
        }

        public int status(int protocol, int message, int... payload) {
            int[] words = call(protocol, message, payload);
            if (words[0] != OK && words.length != 1) {
                throw new AssertionError("an error must be a status only: " + Arrays.toString(words));
            }
            return words[0];
        }

        /** As {@link #call} with a reply buffer of so many bytes, without letting anything else happen. */
        public int[] callWithin(int capacity, int protocol, int message, int... payload) {
            int header = message | (protocol << 10) | ((token++ & 0x3FF) << 18);
            ByteBuffer request = ByteBuffer.allocate(4 + 4 * payload.length).order(ByteOrder.LITTLE_ENDIAN);
            request.putInt(header);
            for (int word : payload) {
                request.putInt(word);
            }
            byte[] bytes = exchange(request.array(), capacity);
            int[] words = words(bytes);
            if (words.length == 0) {
                return words;
            }
            if (words[0] != header) {
                throw new AssertionError("the reply's header is %08x, not %08x".formatted(words[0], header));
            }
            return Arrays.copyOfRange(words, 1, words.length);
        }

        /** Whether its last command is not answered yet. */
        boolean isWaiting() {
            return waits;
        }

        private void replyReady(int length) {
            checkWithinCapacity(length);
            waits = false;
            deferred = Arrays.copyOf(reply, length);
            witness.answered(deferred);
            agent.flushEvents(); // as a transport does once it has published the reply
        }

        /**
         * The words from the status on of the reply to the last command, if that was put off.
         *
         * @return null while there is none
         */
        public int @Nullable [] deferredReply() {
            byte[] came = deferred;
            if (came == null) {
                return null;
            }
            deferred = null;
            int[] words = words(came);
            return Arrays.copyOfRange(words, 1, words.length);
        }

        /** Lets time pass until the reply is there to a command that was put off, and returns its words from the status on. */
        public int[] awaitReply(long millis) {
            loop.passMillis(millis);
            int[] words = deferredReply();
            if (words == null) {
                throw new AssertionError("no reply after " + millis + " ms");
            }
            return words;
        }

        /** Sends raw bytes and returns the reply's; checks that nothing is written beyond the capacity. */
        public byte[] exchange(byte[] request, int capacity) {
            Arrays.fill(reply, (byte) 0xA5);
            deferred = null;
            witness.asked(request);
            int length = agent.execute(request, request.length, reply, capacity);
            this.capacity = capacity;
            waits = length == AgentPort.DEFERRED;
            if (waits) {
                return NOTHING; // see deferredReply
            }
            checkWithinCapacity(length);
            byte[] answer = Arrays.copyOf(reply, length);
            witness.answered(answer);
            return answer;
        }

        private void checkWithinCapacity(int length) {
            if (length > capacity) {
                throw new AssertionError(length + " bytes in a buffer of " + capacity);
            }
            for (int i = capacity; i < reply.length; i++) {
                if (reply[i] != (byte) 0xA5) {
                    throw new AssertionError("byte " + i + " was written beyond the buffer's " + capacity);
                }
            }
        }

        /** As {@link #exchange}, but lets events flow, and time pass until a reply that was put off is there. */
        byte[] exchangeAndSettle(byte[] request, int capacity) {
            byte[] answer = exchange(request, capacity);
            agent.flushEvents();
            loop.settle();
            for (int millis = 0; waits; millis++) {
                if (millis == LONGEST_REPLY_MILLIS) {
                    throw new AssertionError("no reply after " + millis + " ms");
                }
                loop.passMillis(1);
            }
            byte[] came = deferred;
            deferred = null;
            return came == null ? answer : came;
        }

        public int lastToken() {
            return (token - 1) & 0x3FF;
        }
    }

    /** The agent's event buffers. */
    public static final class Buffers implements EventSink {
        public int free = Integer.MAX_VALUE;
        int size = 136;
        public final List<int[]> received = new ArrayList<>();
        private final Witness witness;

        public Buffers(Witness witness) {
            this.witness = witness;
        }

        @Override
        public int maxLength() {
            return size;
        }

        @Override
        public Result offer(byte[] event, int length) {
            if (free == 0) {
                return Result.NO_BUFFER;
            }
            if (length > size) {
                return Result.TOO_LONG;
            }
            free--;
            byte[] bytes = Arrays.copyOf(event, length);
            witness.sent(bytes);
            received.add(words(bytes));
            return Result.SENT;
        }

        /** All that came, as hex words, and forgets it. */
        public List<String> take() {
            List<String> taken = received.stream()
                    .map(words -> String.join(
                            " ",
                            Arrays.stream(words).mapToObj(Integer::toHexString).toList()))
                    .toList();
            received.clear();
            return taken;
        }
    }

    public static int[] words(byte[] bytes) {
        if (bytes.length % 4 != 0) {
            throw new AssertionError(bytes.length + " bytes are no whole words");
        }
        int[] words = new int[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
        return words;
    }
}
