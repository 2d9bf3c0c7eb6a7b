// Turns the tree of a service file into a service, and checks what the shapes cannot.
package org.scmid.config.service;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.board.BoardChoice;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.register.Access;
import org.scmid.config.register.WindowOverlap;
import org.scmid.config.register.WindowSpec;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.resource.ResourceNames;
import org.scmid.config.serial.SerialShapes;
import org.scmid.config.serial.SerialSpec;
import org.scmid.config.service.ServiceShapes.AccessOverride;
import org.scmid.config.service.ServiceShapes.Agent;
import org.scmid.config.service.ServiceShapes.Device;
import org.scmid.config.service.ServiceShapes.Management;
import org.scmid.config.service.ServiceShapes.Transport;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;
import org.scmid.config.upstream.Origin;
import org.scmid.config.window.NotifySpec;
import org.scmid.config.window.RegionSpec;
import org.scmid.config.window.SlotsShapes;
import org.scmid.config.window.SlotsSpec;
import org.scmid.config.window.WindowShapes;

/** Turns the tree of a service file into a service, and checks what the shapes cannot. */
public final class ServiceReader {
    /** SCMI counts agents in 8 bits. */
    private static final int MOST_AGENTS = 255;

    /** What fits sun_path of Linux's sockaddr_un, with its terminating zero. */
    private static final int LONGEST_SOCKET_PATH = 107;

    private final Problems problems;
    private final Path folder;
    private final Path runtimeDirectory;
    private final @Nullable Board board;
    private final @Nullable BoardChoice choice;
    private final Map<Path, String> sockets = new HashMap<>();
    private final Map<Path, String> ports = new HashMap<>();
    private final AgentRegions regions = new AgentRegions();

    private ServiceReader(
            Problems problems,
            Path folder,
            Path runtimeDirectory,
            @Nullable Board board,
            @Nullable BoardChoice choice) {
        this.problems = problems;
        this.folder = folder;
        this.runtimeDirectory = runtimeDirectory;
        this.board = board;
        this.choice = choice;
    }

    /** Finds the board that a service file names. */
    public interface BoardLoader {
        /** The board, or null if there is none or it is wrong and the problems say so. */
        @Nullable
        Board load(String reference, Place place, Problems problems);

        /** The board for this machine; null if there is none and the problems say so. */
        @Nullable
        BoardChoice choose(Place place, Problems problems);
    }

    /**
     * Reads a service.
     *
     * @param folder what relative paths start from
     * @param problems takes everything that is wrong; if it took anything the service is not to be used
     */
    public static @Nullable Service read(
            Node.Mapping root, Path folder, Path runtimeDirectory, BoardLoader boards, Problems problems) {
        try {
            return readAll(root, folder, runtimeDirectory, boards, problems);
        } catch (Problems.Enough enough) {
            return null;
        }
    }

    private static @Nullable Service readAll(
            Node.Mapping root, Path folder, Path runtimeDirectory, BoardLoader boards, Problems problems) {
        Fields fields =
                ServiceShapes.Root.SHAPE.read(root, Value.Context.of("the service file", root.place(), problems));
        if (fields == null) {
            return null;
        }
        String reference = fields.get(ServiceShapes.Root.BOARD);
        Place place = fields.place(ServiceShapes.Root.BOARD);
        BoardChoice choice = BoardChoice.AUTO.equals(reference) ? boards.choose(place, problems) : null;
        Board board = null;
        if (choice != null) {
            board = boards.load(choice.reference(), place, problems);
        } else if (reference != null && !reference.equals(BoardChoice.AUTO)) {
            board = boards.load(reference, place, problems);
        }
        return new ServiceReader(problems, folder, runtimeDirectory, board, choice)
                .service(fields, reference == null ? "" : reference, place);
    }

    private @Nullable Service service(Fields fields, String reference, Place boardPlace) {
        Board served = board == null
                ? null
                : reached(board, fields.get(ServiceShapes.Root.ACCESS), fields.place(ServiceShapes.Root.ACCESS));
        List<Named<String, Fields>> written = fields.get(ServiceShapes.Root.AGENTS, List.of());
        if (fields.get(ServiceShapes.Root.AGENTS) != null
                && fields.mapping(ServiceShapes.Root.AGENTS).isEmpty()) {
            problems.add(
                    fields.place(ServiceShapes.Root.AGENTS),
                    "`agents` of the service file is empty; describe at least one");
        }
        if (written.size() > MOST_AGENTS) {
            problems.add(
                    written.get(MOST_AGENTS).place(),
                    "there are " + written.size() + " agents; SCMI can count " + MOST_AGENTS);
        }
        int agentsInFile = fields.mapping(ServiceShapes.Root.AGENTS).size();
        Map<String, AgentSpec> agents = new LinkedHashMap<>();
        for (Named<String, Fields> agent : written) {
            if (agent.value() != null) {
                AgentSpec spec = agent(agent.key(), agent.value(), agentsInFile == 1);
                if (spec != null) {
                    agents.put(agent.key(), spec);
                }
            }
        }
        ArbitrationSpec arbitration = ArbitrationReader.read(
                fields.get(ServiceShapes.Root.ARBITRATION),
                board,
                agents,
                fields.mapping(ServiceShapes.Root.AGENTS).keySet(),
                problems);
        Fields management = fields.get(ServiceShapes.Root.MANAGEMENT);
        ManagementSpec listen =
                management == null ? ManagementSpec.DEFAULT : management.get(Management.LISTEN, ManagementSpec.DEFAULT);
        return served == null
                ? null
                : new Service(
                        new BoardRef(reference, served, choice, boardPlace),
                        agents,
                        devices(fields),
                        arbitration,
                        listen,
                        fields.owner());
    }

    private Map<String, DeviceSpec> devices(Fields fields) {
        Map<String, DeviceSpec> devices = new LinkedHashMap<>();
        for (Named<String, Fields> device : fields.get(ServiceShapes.Root.DEVICES, List.of())) {
            Map<ResourceKind, List<String>> resources = new EnumMap<>(ResourceKind.class);
            if (device.value() != null) {
                int before = problems.count();
                Device.RESOURCES.forEach((kind, key) -> resources.put(kind, resources(kind, device.value(), key)));
                if (resources.values().stream().allMatch(List::isEmpty)
                        && device.value().sound()
                        && problems.count() == before) {
                    problems.add(
                            device.place(),
                            device.value().what() + " has nothing; list what belongs to it, as in `clocks: [uart]`");
                }
            }
            devices.put(device.key(), new DeviceSpec(device.key(), resources, device.place()));
        }
        return devices;
    }

    private List<String> resources(ResourceKind kind, Fields device, Key<List<Located<String>>> key) {
        Set<String> names = new LinkedHashSet<>();
        for (Located<String> item : device.get(key, List.of())) {
            String list = "`" + kind.key() + "` of " + device.what();
            if (board != null && !board.mayHave(kind, item.value())) {
                problems.add(
                        item.place(),
                        list + ": the board has no " + kind.label() + " " + Problems.quote(item.value())
                                + problems.didYouMean(item.value(), board.names(kind)));
            } else if (!names.add(item.value())) {
                problems.add(item.place(), list + " lists " + Problems.quote(item.value()) + " twice");
            }
        }
        return List.copyOf(names);
    }

    /** The board with its windows reached as the service file says. */
    private Board reached(Board board, @Nullable AccessOverride override, Place place) {
        if (override == null) {
            return board;
        }
        Map<String, WindowSpec> windows = new LinkedHashMap<>(board.registers());
        Map<String, Place> places = new HashMap<>();
        if (override.all() != null) {
            Access all = override.all().from(folder);
            windows.replaceAll((name, window) -> window.withAccess(all));
        }
        for (Named<String, Access> named : override.windows()) {
            WindowSpec window = windows.get(named.key());
            places.put(named.key(), named.valuePlace());
            if (window == null) {
                problems.add(
                        named.place(),
                        "`access` of the service file: the board has no register window "
                                + Problems.quote(named.key())
                                + problems.didYouMean(named.key(), windows.keySet()));
            } else if (named.value() != null) {
                windows.put(named.key(), window.withAccess(named.value().from(folder)));
            }
        }
        for (WindowSpec window : windows.values()) {
            String addressed = window.access().needingAddress();
            boolean isNew = !window.equals(board.registers().get(window.name()));
            // A board file may leave the address out of a window that it does not reach by address.
            if (isNew && addressed != null && window.at() == 0) {
                problems.add(
                        places.getOrDefault(window.name(), place),
                        "`access` of the service file: `" + addressed + "` needs the address of window "
                                + Problems.quote(window.name()) + ", and " + window.place()
                                + " gives none; add `at` there");
            }
        }
        WindowOverlap.checkAccess(windows.values(), window -> places.getOrDefault(window.name(), place), problems);
        return board.withRegisters(windows);
    }

    private @Nullable AgentSpec agent(String name, Fields fields, boolean alone) {
        TransportSpec transport = transport(name, fields);
        boolean lists = Agent.GRANTS.values().stream().anyMatch(fields::has);
        if (!alone && !lists) {
            problems.add(
                    fields.owner(),
                    fields.what() + " lists nothing: with several agents each lists what it gets;"
                            + " write `clocks: [...]`, or `clocks: all`, and likewise for the other kinds");
        }
        Map<ResourceKind, List<Grant>> grants = new EnumMap<>(ResourceKind.class);
        Set<ResourceKind> openEnded = EnumSet.noneOf(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            List<Located<Grant>> written = fields.get(Agent.grants(kind));
            boolean isAll = alone && !fields.has(Agent.grants(kind));
            if (written != null) {
                grants.put(kind, allowed(kind, grants(kind, fields, written)));
            } else if (isAll) {
                grants.put(
                        kind,
                        allowed(kind, everything(kind, new Grant(ResourceNames.ALL, Permission.CONTROL), Set.of())));
            }
            if (isAll || (written != null && isOpenEnded(kind, written))) {
                openEnded.add(kind);
            }
        }
        Fields systemPower = fields.get(Agent.SYSTEM_POWER);
        return transport == null
                ? null
                : new AgentSpec(
                        name,
                        transport,
                        grants,
                        openEnded,
                        fields.get(Agent.TRUSTED, false),
                        systemPower == null ? null : SystemPowerShapes.spec(systemPower, folder),
                        fields.owner());
    }

    private @Nullable TransportSpec transport(String name, Fields fields) {
        Transport transport = fields.get(Agent.TRANSPORT);
        if (transport == null) {
            return null;
        }
        return switch (transport) {
            case VHOST_USER, SOCKET -> bySocket(transport, name, fields);
            case VIRTIO_MMIO, FAT_VIRTQUEUE -> byWindow(transport, fields);
            case SERIAL -> bySerialLine(fields);
        };
    }

    private @Nullable TransportSpec bySerialLine(Fields fields) {
        for (Key<?> key : List.of(Agent.SOCKET_MODE, Agent.SOCKET_GROUP)) {
            if (fields.has(key)) {
                problems.add(
                        fields.keyPlace(key.name()),
                        "`" + key.name() + "` of " + fields.what()
                                + " does not go with `transport: serial`, which has no socket; remove it");
            }
        }
        SerialSpec line = SerialShapes.read(fields, folder, SerialSpec.Role.PLATFORM, problems);
        if (line == null) {
            return null;
        }
        String other = ports.putIfAbsent(line.port().toAbsolutePath().normalize(), fields.what());
        if (other != null) {
            problems.add(
                    fields.place(SerialShapes.PORT),
                    "`port` of " + fields.what() + ": "
                            + Problems.quote(line.port().toString()) + " is already that of " + other
                            + "; every agent needs its own");
        }
        return new TransportSpec.Serial(line, fields.get(Agent.GRACE, Duration.ofSeconds(10)));
    }

    private @Nullable TransportSpec bySocket(Transport transport, String name, Fields fields) {
        Path socket = socket(name, fields);
        TransportSpec.Mode mode = fields.get(Agent.MODE, TransportSpec.Mode.LISTEN);
        int socketMode = fields.get(Agent.SOCKET_MODE, 0600);
        String group = fields.get(Agent.SOCKET_GROUP);
        if (socket == null) {
            return null;
        }
        if (transport == Transport.VHOST_USER) {
            return new TransportSpec.VhostUser(
                    socket,
                    mode,
                    socketMode,
                    group,
                    fields.get(Agent.GRACE, Duration.ofSeconds(10)),
                    fields.get(Agent.WINDOW));
        }
        if (mode != TransportSpec.Mode.LISTEN) {
            problems.add(
                    fields.place(Agent.MODE),
                    "`mode` of " + fields.what() + ": `connect` goes only with `transport: vhost-user`;"
                            + " a `socket` agent is always listened for");
        }
        return new TransportSpec.Socket(socket, TransportSpec.Mode.LISTEN, socketMode, group);
    }

    private @Nullable TransportSpec byWindow(Transport transport, Fields fields) {
        Fields written = fields.get(Agent.REGION);
        RegionSpec region = written == null ? null : WindowShapes.region(written, folder, problems);
        NotifySpec notify = notification(fields);
        SlotsSpec slots = transport == Transport.VIRTIO_MMIO ? null : SlotsShapes.read(fields, problems);
        boolean sound = transport == Transport.VIRTIO_MMIO || slots != null;
        if (region == null || written == null) {
            return null;
        }
        if (notify instanceof NotifySpec.Ivshmem) {
            checkBar(region, written);
        }
        if (sound) {
            long needed = slots == null ? RegionSpec.SMALLEST_MMIO_WINDOW : slots.neededBytes();
            WindowShapes.checkSize(region, written, needed, notify instanceof NotifySpec.Ivshmem, problems);
        }
        boolean rings = notify instanceof NotifySpec.Ivshmem;
        regions.add(new AgentRegions.AgentRegion(fields.what(), region, rings, written.owner()), problems);
        if (notify == null || !sound) {
            return null;
        }
        return slots == null
                ? new TransportSpec.VirtioMmio(region, notify)
                : new TransportSpec.FatVirtqueue(region, notify, slots);
    }

    private @Nullable NotifySpec notification(Fields fields) {
        WindowShapes.WrittenNotify notify = fields.get(Agent.NOTIFY);
        boolean unsound = fields.has(Agent.NOTIFY) && notify == null;
        boolean rings = notify instanceof WindowShapes.WrittenNotify.Ivshmem;
        for (Key<?> key : List.of(Agent.SOCKET_MODE, Agent.SOCKET_GROUP)) {
            if (fields.has(key) && !rings && !unsound) {
                problems.add(
                        fields.keyPlace(key.name()),
                        "`" + key.name() + "` of " + fields.what()
                                + " goes only with `notify: { ivshmem: SOCKET }`, since there is no other socket;"
                                + " remove it");
            }
        }
        if (unsound) {
            return null;
        }
        if (!(notify instanceof WindowShapes.WrittenNotify.Ivshmem it)) {
            return notify instanceof WindowShapes.WrittenNotify.Poll poll ? poll.spec() : WindowShapes.POLL;
        }
        Path socket = folder.resolve(it.socket());
        checkSocket("`ivshmem` of `notify` of " + fields.what(), fields.what(), socket, it.place());
        return new NotifySpec.Ivshmem(socket, fields.get(Agent.SOCKET_MODE, 0600), fields.get(Agent.SOCKET_GROUP));
    }

    /** What the VMM is given becomes a BAR of a PCI device: the whole file, wherever the guest puts it. */
    private void checkBar(RegionSpec region, Fields written) {
        if (!(region.location() instanceof RegionSpec.File)) {
            problems.add(
                    written.owner(),
                    written.what() + " with `notify: { ivshmem: SOCKET }` must be a `file`, which the VMM is given;"
                            + " write `file: /dev/shm/NAME`, or `notify: poll`");
        } else if (region.offset() != 0) {
            problems.add(
                    written.place(WindowShapes.Region.OFFSET),
                    "`offset` of " + written.what()
                            + " does not go with `notify: { ivshmem: SOCKET }`, since the VMM is"
                            + " given the whole file; remove it");
        }
        if (region.guestAddress() != 0) {
            problems.add(
                    written.place(WindowShapes.Region.GUEST_ADDRESS),
                    "`guest-address` of " + written.what()
                            + " does not go with `notify: { ivshmem: SOCKET }`: the guest"
                            + " may move the device's memory, so it counts from 0; remove it");
        }
    }

    private @Nullable Path socket(String name, Fields fields) {
        Path written = fields.get(Agent.SOCKET);
        if (written == null && fields.has(Agent.SOCKET)) {
            return null;
        }
        Path socket = written == null ? runtimeDirectory.resolve(name + ".sock") : folder.resolve(written);
        checkSocket("`socket` of " + fields.what(), fields.what(), socket, fields.place(Agent.SOCKET));
        return socket;
    }

    private void checkSocket(String key, String agent, Path socket, Place place) {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_SOCKET_PATH) {
            problems.add(
                    place,
                    key + ": " + Problems.quote(socket.toString()) + " has " + length
                            + " bytes; a Unix socket's path has at most " + LONGEST_SOCKET_PATH);
        }
        String other = sockets.putIfAbsent(socket.toAbsolutePath().normalize(), agent);
        if (other != null) {
            problems.add(
                    place,
                    key + ": " + Problems.quote(socket.toString()) + " is already that of " + other
                            + "; every agent needs its own");
        }
    }

    // Resource lists

    private List<Grant> grants(ResourceKind kind, Fields agent, List<Located<Grant>> written) {
        String list = "`" + kind.key() + "` of " + agent.what();
        Set<String> named = new HashSet<>();
        for (Located<Grant> item : written) {
            String resource = item.value().resource();
            if (!named.add(resource)) {
                problems.add(
                        item.place(),
                        list + " lists " + Problems.quote(resource) + " twice; an agent sees a " + kind.label()
                                + " once");
            }
        }
        List<Grant> grants = new ArrayList<>();
        for (Located<Grant> item : written) {
            String resource = item.value().resource();
            if (resource.equals(ResourceNames.ALL)) {
                grants.addAll(everything(kind, item.value(), named));
            } else if (board != null && !board.mayHave(kind, resource)) {
                problems.add(
                        item.place(),
                        list + ": the board has no " + kind.label() + " " + Problems.quote(resource)
                                + problems.didYouMean(resource, board.names(kind)));
            } else if (board == null || board.names(kind).contains(resource)) {
                grants.add(item.value());
            }
        }
        return grants;
    }

    /** What is left of grants by what platforms let us do with what is theirs: nobody is told that he may do more. */
    private List<Grant> allowed(ResourceKind kind, List<Grant> grants) {
        if (board == null || board.upstreams().origins(kind).isEmpty()) {
            return grants;
        }
        List<Grant> allowed = new ArrayList<>();
        for (Grant grant : grants) {
            Origin origin = board.upstreams().origins(kind).get(grant.resource());
            allowed.add(origin == null ? grant : grant.without(kind, Withheld.of(kind, origin)));
        }
        return allowed;
    }

    /** Whether a list gives what the board may have when it knows what platforms offer. */
    private boolean isOpenEnded(ResourceKind kind, List<Located<Grant>> written) {
        return board != null
                && !board.upstreams().openEnded(kind).isEmpty()
                && written.stream()
                        .map(item -> item.value().resource())
                        .anyMatch(resource -> resource.equals(ResourceNames.ALL)
                                || !board.names(kind).contains(resource));
    }

    /** All resources of a kind that the board has, in its order, but those that are named beside {@code all}. */
    private List<Grant> everything(ResourceKind kind, Grant all, Set<String> named) {
        if (board == null) {
            return List.of();
        }
        return board.names(kind).stream()
                .filter(resource -> !named.contains(resource))
                .map(all::of)
                .toList();
    }
}
