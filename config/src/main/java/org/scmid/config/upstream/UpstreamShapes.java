// What a board file may say about the platforms that it takes resources from.
package org.scmid.config.upstream;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.scmid.config.document.Malformed;
import org.scmid.config.resource.Control;
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

/** What a board file may say about the platforms that it takes resources from. A way to come gets its word here. */
public final class UpstreamShapes {
    static final int LONGEST_NAME = 63;
    private static final long MOST_INSTANCE = 255;

    /** The ways in which a platform is reached. */
    enum Transport {
        SERIAL,
        SOCKET,
        VHOST_USER,
        VIRTIO_MMIO,
        FAT_VIRTQUEUE,
        DEVICE,
        KERNEL
    }

    static final Key<Transport> TRANSPORT = Key.required(
            "transport",
            Values.choice(Values.words(Transport.class)),
            "How the platform is reached: serial, socket, vhost-user, virtio-mmio, fat-virtqueue, device or kernel.");
    static final Key<Path> SOCKET =
            Key.optional("socket", Values.PATH, "The Unix socket that the platform listens on.");
    static final Key<Fields> REGION = Key.optional(
            "region",
            WindowShapes.Region.SHAPE,
            "Where the window is that the platform serves, as in `region: { file: /dev/shm/cpu1, size: 64 KiB }`.");
    static final Key<WindowShapes.WrittenNotify> NOTIFY = Key.optional(
            "notify",
            WindowShapes.NOTIFY,
            "How often the window is looked at: `poll`, the default, or `{ poll: 1 ms }`.");
    static final Key<Path> FILE_PATH = Key.optional(
            "path",
            Values.PATH,
            "With device, the character device whose driver is the platform; with kernel, where debugfs is mounted,"
                    + " /sys/kernel/debug if not given.");
    static final Key<Long> INSTANCE = Key.withDefault(
            "instance",
            Values.number(MOST_INSTANCE),
            0L,
            0,
            "Which of the kernel's own SCMI platforms it is, as debugfs numbers them.");
    static final Key<Duration> TIMEOUT = Key.withDefault(
            "timeout",
            Values.DURATION,
            Duration.ofMillis(500),
            "500 ms",
            "How long a reply is waited for, 1 ms to 60 s.");
    static final Key<UpstreamSpec.WhenBack> WHEN_BACK = Key.withDefault(
            "when-back",
            Values.choice(Values.words(UpstreamSpec.WhenBack.class)),
            UpstreamSpec.WhenBack.APPLY,
            "apply",
            "When the platform comes back anew: apply what agents have asked for, or report that it has changed.");

    /** The key of a resource that is a platform's; it stands for all else that is said of others of its kind. */
    public static final Key<From> FROM = Key.optional(
            "from",
            Values.named(
                    "resource-of-an-upstream",
                    Values.scalar(UpstreamShapes::from, Map.of("type", "string", "pattern", "^[^/]+/.+$"))),
            "The platform and the resource of it that this one is, as in `from: mcu/gpu-core`.");

    private static final Map<ResourceKind, Key<List<Located<Control>>>> PERMISSIONS = permissions();

    private static final List<String> SOCKETS = List.of("socket", "vhost-user");
    private static final List<String> WINDOWS = List.of("virtio-mmio", "fat-virtqueue");
    private static final List<String> FILES = List.of("device", "kernel");

    private static final Shape SHAPE = shape();

    /** The platforms, by name. */
    public static final Value<List<Named<String, Fields>>> UPSTREAMS =
            Values.map("upstream", UpstreamShapes::name, nameSchema(), SHAPE);

    private UpstreamShapes() {}

    private static Shape shape() {
        Shape shape = new Shape(
                "upstream",
                "A platform that is asked as an agent, and whose resources are taken.",
                Stream.of(
                                Stream.of(TRANSPORT),
                                SerialShapes.KEYS.stream(),
                                Stream.of(SOCKET, REGION, NOTIFY, SlotsShapes.ENTRIES, SlotsShapes.SLOT_SIZE),
                                Stream.of(FILE_PATH, INSTANCE),
                                Stream.of(TIMEOUT, WHEN_BACK))
                        .flatMap(keys -> keys)
                        .toArray(Key<?>[]::new));
        for (Key<?> key : SerialShapes.KEYS) {
            if (!key.equals(SerialShapes.RECONNECT_AFTER)) {
                shape.rule(new Shape.Rule.OnlyWith(key, TRANSPORT, List.of("serial"), true));
            }
        }
        shape.rule(new Shape.Rule.NeededWith(SerialShapes.PORT, TRANSPORT, "serial"));
        shape.rule(new Shape.Rule.OnlyWith(SOCKET, TRANSPORT, SOCKETS, true));
        SOCKETS.forEach(word -> shape.rule(new Shape.Rule.NeededWith(SOCKET, TRANSPORT, word)));
        shape.rule(new Shape.Rule.OnlyWith(REGION, TRANSPORT, WINDOWS, true));
        shape.rule(new Shape.Rule.OnlyWith(NOTIFY, TRANSPORT, WINDOWS, true));
        WINDOWS.forEach(word -> shape.rule(new Shape.Rule.NeededWith(REGION, TRANSPORT, word)));
        shape.rule(new Shape.Rule.OnlyWith(SlotsShapes.ENTRIES, TRANSPORT, List.of("fat-virtqueue"), true));
        shape.rule(new Shape.Rule.OnlyWith(SlotsShapes.SLOT_SIZE, TRANSPORT, List.of("fat-virtqueue"), true));
        shape.rule(new Shape.Rule.OnlyWith(FILE_PATH, TRANSPORT, FILES, true));
        shape.rule(new Shape.Rule.NeededWith(FILE_PATH, TRANSPORT, "device"));
        shape.rule(new Shape.Rule.OnlyWith(INSTANCE, TRANSPORT, List.of("kernel"), true));
        return shape;
    }

    private static String name(String text) throws Malformed {
        if (text.contains("/")) {
            throw new Malformed("is not a name of an upstream: `/` stands between it and the name of a resource");
        }
        if (text.equals(".") || text.equals("..")) {
            throw new Malformed("is not a name of an upstream: files are named after it");
        }
        return Values.name(text, LONGEST_NAME);
    }

    private static From from(String text) throws Malformed {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new Malformed("does not name a platform's resource; write both with a slash between them, like"
                    + " `mcu/gpu-core`");
        }
        return new From(text.substring(0, slash), text.substring(slash + 1));
    }

    private static Map<String, Object> nameSchema() {
        return new TreeMap<>(Values.nameSchema(LONGEST_NAME, "!-.0-~"));
    }

    private static Map<ResourceKind, Key<List<Located<Control>>>> permissions() {
        Map<ResourceKind, Key<List<Located<Control>>>> keys = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            Map<String, Control> words = Control.words(kind);
            keys.put(
                    kind,
                    Key.optional(
                            "permissions",
                            Values.list(Values.choice(words)),
                            "What of control anybody here may be given of a platform's " + kind.label() + ": "
                                    + String.join(", ", words.keySet()) + "; all of it if not said, none by `[]`."));
        }
        return keys;
    }

    /** What of control of a platform's resource anybody may be given; goes with {@link #FROM}. */
    public static Key<List<Located<Control>>> permissions(ResourceKind kind) {
        return Objects.requireNonNull(PERMISSIONS.get(kind));
    }
}
