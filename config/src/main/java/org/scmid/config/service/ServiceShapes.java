// What a service file may say: its keys, their types, defaults and meaning.
package org.scmid.config.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Malformed;
import org.scmid.config.document.Node;
import org.scmid.config.register.Access;
import org.scmid.config.register.QtestShapes;
import org.scmid.config.register.RegisterShapes;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.serial.SerialShapes;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;
import org.scmid.config.window.SlotsShapes;
import org.scmid.config.window.WindowShapes;

/** What a service file may say. A new transport gets its word here, and a branch in {@link ServiceReader}. */
public final class ServiceShapes {
    private static final int LONGEST_AGENT_NAME = 15;

    private ServiceShapes() {}

    /** The transports that are served. */
    enum Transport {
        VHOST_USER,
        VIRTIO_MMIO,
        FAT_VIRTQUEUE,
        SOCKET,
        SERIAL
    }

    /** Keys of an agent. */
    public static final class Agent {
        static final Key<Transport> TRANSPORT = Key.required(
                "transport",
                Values.choice(Values.words(Transport.class)),
                "How the agent is reached: vhost-user, virtio-mmio, fat-virtqueue, socket or serial.");
        static final Key<Path> SOCKET =
                Key.optional("socket", Values.PATH, "The Unix socket; without it AGENT.sock in the runtime directory.");
        static final Key<TransportSpec.Mode> MODE = Key.withDefault(
                "mode",
                Values.choice(Values.words(TransportSpec.Mode.class)),
                TransportSpec.Mode.LISTEN,
                "listen",
                "Who listens on the socket: listen (we do) or connect (the other side does).");
        static final Key<Integer> SOCKET_MODE = Key.withDefault(
                "socket-mode", Values.MODE_BITS, 0600, "0600", "Permission bits of a socket that we create, octal.");
        static final Key<String> SOCKET_GROUP =
                Key.optional("socket-group", Values.NAME, "Group of a socket that we create, a name or a number.");
        static final Key<Duration> GRACE = Key.withDefault(
                "grace",
                Values.DURATION,
                Duration.ofSeconds(10),
                "10 s",
                "How long the other side may stay away, in connect mode or on a serial line, before its agent's state is dropped.");
        static final Key<MemoryWindow> WINDOW = Key.optional(
                "window",
                MemoryWindowShapes.VALUE,
                "How much of its memory the guest may share: a size, or `{ size: SIZE, guest-address: ADDRESS }`.");
        static final Key<Fields> REGION = Key.optional(
                "region",
                WindowShapes.Region.SHAPE,
                "Where its window is, as in `region: { file: /dev/shm/rtos-scmi, size: 64 KiB }`.");
        static final Key<WindowShapes.WrittenNotify> NOTIFY = Key.optional(
                "notify",
                WindowShapes.NOTIFY,
                "How both sides of a window learn that there is work: `poll`, the default, `{ poll: 10 ms }` or"
                        + " `{ ivshmem: SOCKET }`.");
        static final Key<Boolean> TRUSTED = Key.withDefault(
                "trusted",
                Values.BOOLEAN,
                false,
                false,
                "Whether the agent may take devices and protocols away from other agents, and reset them.");

        /** What the agent is given of each kind. */
        static final Map<ResourceKind, Key<List<Located<Grant>>>> GRANTS = grants();

        static final Key<Fields> SYSTEM_POWER = Key.optional(
                "system-power",
                SystemPowerShapes.SHAPE,
                "What the agent's requests for system power states do; without it that protocol is not offered.");

        private static final List<String> WINDOW_TRANSPORTS = List.of("virtio-mmio", "fat-virtqueue");

        public static final Shape SHAPE = new Shape(
                        "agent",
                        "A guest or a tool that is served.",
                        Stream.concat(
                                        Stream.<Key<?>>of(
                                                TRANSPORT,
                                                SOCKET,
                                                MODE,
                                                SOCKET_MODE,
                                                SOCKET_GROUP,
                                                GRACE,
                                                WINDOW,
                                                REGION,
                                                NOTIFY,
                                                SlotsShapes.ENTRIES,
                                                SlotsShapes.SLOT_SIZE,
                                                TRUSTED),
                                        Stream.of(
                                                        SerialShapes.KEYS.stream(),
                                                        GRANTS.values().stream(),
                                                        Stream.of(SYSTEM_POWER))
                                                .flatMap(keys -> keys))
                                .toArray(Key<?>[]::new))
                .rule(new Shape.Rule.OnlyWith(GRACE, TRANSPORT, List.of("vhost-user", "serial"), true))
                .rule(new Shape.Rule.OnlyWith(WINDOW, TRANSPORT, List.of("vhost-user"), true))
                .rule(new Shape.Rule.OnlyWith(MODE, TRANSPORT, List.of("vhost-user", "socket"), true))
                .rule(new Shape.Rule.OnlyWith(SOCKET, TRANSPORT, List.of("vhost-user", "socket"), true))
                .rule(new Shape.Rule.OnlyWith(REGION, TRANSPORT, WINDOW_TRANSPORTS, true))
                .rule(new Shape.Rule.OnlyWith(NOTIFY, TRANSPORT, WINDOW_TRANSPORTS, true))
                .rule(new Shape.Rule.OnlyWith(SlotsShapes.ENTRIES, TRANSPORT, List.of("fat-virtqueue"), true))
                .rule(new Shape.Rule.OnlyWith(SlotsShapes.SLOT_SIZE, TRANSPORT, List.of("fat-virtqueue"), true))
                .rule(new Shape.Rule.NeededWith(REGION, TRANSPORT, "virtio-mmio"))
                .rule(new Shape.Rule.NeededWith(REGION, TRANSPORT, "fat-virtqueue"))
                .rule(new Shape.Rule.NeededWith(SerialShapes.PORT, TRANSPORT, "serial"));

        static {
            SerialShapes.KEYS.forEach(
                    key -> SHAPE.rule(new Shape.Rule.OnlyWith(key, TRANSPORT, List.of("serial"), true)));
        }

        private static Map<ResourceKind, Key<List<Located<Grant>>>> grants() {
            Map<ResourceKind, Key<List<Located<Grant>>>> keys = new EnumMap<>(ResourceKind.class);
            for (ResourceKind kind : ResourceKind.values()) {
                GrantShapes grants = new GrantShapes(kind);
                String what =
                        "The " + kind.label() + "s that the agent sees, ids by position: " + grants.summary() + ".";
                keys.put(kind, Key.optional(kind.key(), grants, what));
            }
            return keys;
        }

        /** The key of the grants of a kind. */
        static Key<List<Located<Grant>>> grants(ResourceKind kind) {
            return Objects.requireNonNull(GRANTS.get(kind));
        }

        private Agent() {}
    }

    /** Keys of a device. */
    static final class Device {
        /** What belongs to the device of each kind. */
        static final Map<ResourceKind, Key<List<Located<String>>>> RESOURCES = resources();

        static final Shape SHAPE = new Shape(
                "device",
                "What of the board belongs together: what a trusted agent takes away as one.",
                RESOURCES.values().toArray(Key<?>[]::new));

        private static Map<ResourceKind, Key<List<Located<String>>>> resources() {
            Map<ResourceKind, Key<List<Located<String>>>> keys = new EnumMap<>(ResourceKind.class);
            for (ResourceKind kind : ResourceKind.values()) {
                keys.put(
                        kind,
                        Key.optional(
                                kind.key(), Values.list(Values.TEXT), "The device's " + kind.label() + "s, by name."));
            }
            return keys;
        }

        private Device() {}
    }

    /** Keys of the management API. */
    static final class Management {
        static final Key<ManagementSpec> LISTEN = Key.withDefault(
                "listen",
                Values.scalar(
                        ServiceShapes::listen,
                        Map.of(
                                "type",
                                "string",
                                "pattern",
                                "^((localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]):[0-9]{1,5}|none)$")),
                ManagementSpec.DEFAULT,
                "127.0.0.1:8080",
                "Loopback address and port where the management API listens, or `none`.");
        static final Shape SHAPE = new Shape("management", "The management API.", LISTEN);

        private Management() {}
    }

    /**
     * How register windows are reached instead of as the board file says.
     *
     * @param all how all are reached; null if the windows are named
     */
    record AccessOverride(@Nullable Access all, List<Named<String, Access>> windows) {}

    /**
     * Keys of a whole service file. Like its parts in a class of its own: the class around them has no state, so that it does
     * not matter which of them is used first.
     */
    public static final class Root {
        static final Key<String> BOARD =
                Key.required("board", Values.TEXT, "The board that is served: a built-in name or a path.");
        static final Key<AccessOverride> ACCESS = Key.optional(
                "access",
                new AccessValue(),
                "How register windows are reached instead of as the board says: one access for all, or by window.");
        static final Key<List<Named<String, Fields>>> AGENTS = Key.required(
                "agents",
                Values.map(
                        "agent",
                        ServiceShapes::agentName,
                        Values.nameSchema(LONGEST_AGENT_NAME, "!-.0-~"),
                        Agent.SHAPE),
                "The agents, by the name that the guest sees.");
        static final Key<List<Named<String, Fields>>> DEVICES = Key.optional(
                "devices",
                Values.map("device", text -> Values.name(text, 63), Values.nameSchema(63, "!-~"), Device.SHAPE),
                "What trusted agents can take away from others as one, ids by position.");
        static final Key<Fields> ARBITRATION = Key.optional(
                "arbitration",
                ArbitrationShapes.SHAPE,
                "How the wishes of several agents for one resource become one.");
        static final Key<Fields> MANAGEMENT = Key.optional("management", Management.SHAPE, "The management API.");

        /** A service file. */
        public static final Shape SHAPE = new Shape(
                "service file",
                "Which board is served to which agents.",
                BOARD,
                ACCESS,
                AGENTS,
                DEVICES,
                ARBITRATION,
                MANAGEMENT);

        private Root() {}
    }

    private static String agentName(String text) throws Malformed {
        if (text.contains("/")) {
            throw new Malformed("is not a name of an agent: `/` is not allowed, files are named after it");
        }
        if (text.equals(".") || text.equals("..")) {
            throw new Malformed("is not a name of an agent: files are named after it");
        }
        return Values.name(text, LONGEST_AGENT_NAME);
    }

    private static ManagementSpec listen(String text) throws Malformed {
        if (text.equals("none")) {
            return ManagementSpec.NONE;
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String port = colon < 0 ? "" : text.substring(colon + 1);
        if (colon < 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            throw new Malformed(
                    "is not an address and a port from 0 to 65535; write it like `127.0.0.1:8080`, or `none`");
        }
        boolean loopback = host.equals("localhost")
                || host.equals("[::1]")
                || host.matches("127(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}");
        if (!loopback) {
            throw new Malformed("is not a loopback address; the management API has no access control, so it listens"
                    + " only on `127.0.0.1`, `[::1]` or `localhost`");
        }
        return new ManagementSpec(host.equals("[::1]") ? "::1" : host, Integer.parseInt(port));
    }

    /** One access for all windows, or a mapping of accesses by window. */
    private static final class AccessValue implements Value<AccessOverride> {
        private static final Value<List<Named<String, Access>>> BY_WINDOW = Values.map(
                "register window", name -> name, Map.of("minLength", 1), RegisterShapes.Window.ACCESS.value());

        @Override
        public @Nullable AccessOverride read(Node node, Context context) {
            if (node instanceof Node.Mapping mapping && !QtestShapes.isAccess(mapping)) {
                List<Named<String, Access>> windows = BY_WINDOW.read(node, context);
                return windows == null ? null : new AccessOverride(null, windows);
            }
            Access all = RegisterShapes.Window.ACCESS.value().read(node, context);
            return all == null ? null : new AccessOverride(all, List.of());
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            return Map.of(
                    "anyOf",
                    List.of(RegisterShapes.Window.ACCESS.value().schema(definitions), BY_WINDOW.schema(definitions)));
        }
    }
}
