// Reads the platforms that a board takes resources from, and checks what the shapes cannot.
package org.scmid.config.upstream;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.serial.SerialShapes;
import org.scmid.config.serial.SerialSpec;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values.Named;
import org.scmid.config.upstream.UpstreamShapes.Transport;
import org.scmid.config.window.NotifySpec;
import org.scmid.config.window.RegionSpec;
import org.scmid.config.window.SlotsShapes;
import org.scmid.config.window.SlotsSpec;
import org.scmid.config.window.WindowShapes;

/** Reads the platforms that a board takes resources from, and checks what the shapes cannot. */
public final class UpstreamReader {
    /** What fits sun_path of Linux's sockaddr_un, with its terminating zero. */
    private static final int LONGEST_SOCKET_PATH = 107;

    /** What scmid's driver needs for registers, rings and a few buffers of a virtio-mmio ring. */
    private static final long SMALLEST_MMIO_WINDOW = 24 << 10;

    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private static final Path DEBUGFS = Path.of("/sys/kernel/debug");

    private final Map<String, Path> folders;
    private final Problems problems;

    private UpstreamReader(Map<String, Path> folders, Problems problems) {
        this.folders = folders;
        this.problems = problems;
    }

    /**
     * Reads platforms; those that are wrong are left out, and the problems say so.
     *
     * @param folders what relative paths start from, by the file in which they are written
     */
    public static Map<String, UpstreamSpec> read(
            List<Named<String, Fields>> written, Map<String, Path> folders, Problems problems) {
        UpstreamReader reader = new UpstreamReader(folders, problems);
        Map<String, UpstreamSpec> upstreams = new LinkedHashMap<>();
        for (Named<String, Fields> named : written) {
            UpstreamSpec spec = named.value() == null ? null : reader.upstream(named.key(), named.value());
            if (spec != null) {
                upstreams.put(named.key(), spec);
            }
        }
        return upstreams;
    }

    private @Nullable UpstreamSpec upstream(String name, Fields fields) {
        Transport transport = fields.get(UpstreamShapes.TRANSPORT);
        UpstreamSpec.Way way = transport == null ? null : way(transport, fields);
        Duration timeout = bounded(fields, UpstreamShapes.TIMEOUT, SHORTEST_TIMEOUT, LONGEST_TIMEOUT, "1 ms to 60 s");
        Duration reconnect =
                bounded(fields, SerialShapes.RECONNECT_AFTER, SHORTEST_PAUSE, LONGEST_PAUSE, "100 ms to 1 h");
        UpstreamSpec.WhenBack whenBack = fields.get(UpstreamShapes.WHEN_BACK);
        return way == null || timeout == null || reconnect == null || whenBack == null
                ? null
                : new UpstreamSpec(name, way, timeout, reconnect, whenBack, folder(fields), fields.owner());
    }

    private @Nullable Duration bounded(
            Fields fields, Key<Duration> key, Duration shortest, Duration longest, String allowed) {
        Duration value = fields.get(key);
        if (value != null && (value.compareTo(shortest) < 0 || value.compareTo(longest) > 0)) {
            problems.add(
                    fields.place(key),
                    "`" + key.name() + "` of " + fields.what() + " is " + fields.text(key) + "; write " + allowed);
            return null;
        }
        return value;
    }

    private UpstreamSpec.@Nullable Way way(Transport transport, Fields fields) {
        return switch (transport) {
            case SERIAL -> {
                SerialSpec line = SerialShapes.read(fields, folder(fields), SerialSpec.Role.AGENT, problems);
                yield line == null ? null : new UpstreamSpec.Serial(line);
            }
            case SOCKET -> {
                Path socket = socket(fields);
                yield socket == null ? null : new UpstreamSpec.Socket(socket);
            }
            case VHOST_USER -> {
                Path socket = socket(fields);
                yield socket == null ? null : new UpstreamSpec.VhostUser(socket);
            }
            case VIRTIO_MMIO, FAT_VIRTQUEUE -> window(transport, fields);
            case DEVICE -> {
                Path device = fields.get(UpstreamShapes.FILE_PATH);
                yield device == null
                        ? null
                        : new UpstreamSpec.Device(folder(fields).resolve(device));
            }
            case KERNEL -> {
                Path debugfs = fields.get(UpstreamShapes.FILE_PATH);
                Long instance = fields.get(UpstreamShapes.INSTANCE);
                yield instance == null || (debugfs == null && fields.has(UpstreamShapes.FILE_PATH))
                        ? null
                        : new UpstreamSpec.Kernel(
                                debugfs == null ? DEBUGFS : folder(fields).resolve(debugfs), instance.intValue());
            }
        };
    }

    private Path folder(Fields fields) {
        Place place = fields.owner();
        return folders.getOrDefault(place.file(), Path.of(""));
    }

    private @Nullable Path socket(Fields fields) {
        Path written = fields.get(UpstreamShapes.SOCKET);
        if (written == null) {
            return null;
        }
        Path socket = folder(fields).resolve(written);
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_SOCKET_PATH) {
            problems.add(
                    fields.place(UpstreamShapes.SOCKET),
                    "`socket` of " + fields.what() + ": the path " + Problems.quote(socket.toString()) + " has "
                            + length + " bytes, and a socket's path can have " + LONGEST_SOCKET_PATH);
            return null;
        }
        return socket;
    }

    private UpstreamSpec.@Nullable Way window(Transport transport, Fields fields) {
        Fields written = fields.get(UpstreamShapes.REGION);
        RegionSpec region = written == null ? null : WindowShapes.region(written, folder(fields), problems);
        WindowShapes.WrittenNotify notify = fields.get(UpstreamShapes.NOTIFY);
        SlotsSpec slots = transport == Transport.FAT_VIRTQUEUE ? SlotsShapes.read(fields, problems) : null;
        if (notify instanceof WindowShapes.WrittenNotify.Ivshmem bell) {
            problems.add(
                    bell.place(),
                    "`ivshmem` of `notify` of " + fields.what() + ": an upstream's window is looked at;"
                            + " write `notify: poll`, or `notify: { poll: 1 ms }`");
            return null;
        }
        boolean unsound = (fields.has(UpstreamShapes.NOTIFY) && notify == null)
                || (transport == Transport.FAT_VIRTQUEUE && slots == null);
        if (region == null || written == null || unsound) {
            return null;
        }
        WindowShapes.checkSize(
                region, written, slots == null ? SMALLEST_MMIO_WINDOW : slots.neededBytes(), false, problems);
        NotifySpec.Poll poll =
                notify instanceof WindowShapes.WrittenNotify.Poll looked ? looked.spec() : WindowShapes.POLL;
        return slots == null
                ? new UpstreamSpec.VirtioMmio(region, poll)
                : new UpstreamSpec.FatVirtqueue(region, poll, slots);
    }
}
