// Turns the tree of a service file into a service, and checks what the shapes cannot.
package org.scmid.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ServiceShapes.AccessOverride;
import org.scmid.config.ServiceShapes.Agent;
import org.scmid.config.ServiceShapes.Device;
import org.scmid.config.ServiceShapes.Management;
import org.scmid.config.ServiceShapes.Transport;
import org.scmid.config.ServiceShapes.WrittenGrant;
import org.scmid.config.Values.Located;
import org.scmid.config.Values.Named;

/** Turns the tree of a service file into a service, and checks what the shapes cannot. */
final class ServiceReader {
    /** SCMI counts agents in 8 bits. */
    private static final int MOST_AGENTS = 255;

    /** What fits sun_path of Linux's sockaddr_un, with its terminating zero. */
    private static final int LONGEST_SOCKET_PATH = 107;

    private final Problems problems;
    private final Path folder;
    private final Path runtimeDirectory;
    private final @Nullable Board board;
    private final Map<Path, String> sockets = new HashMap<>();

    private ServiceReader(Problems problems, Path folder, Path runtimeDirectory, @Nullable Board board) {
        this.problems = problems;
        this.folder = folder;
        this.runtimeDirectory = runtimeDirectory;
        this.board = board;
    }

    /** Finds the board that a service file names. */
    interface BoardLoader {
        /** The board, or null if there is none or it is wrong and the problems say so. */
        @Nullable
        Board load(String reference, Place place, Problems problems);
    }

    /**
     * Reads a service.
     *
     * @param folder what relative paths start from
     * @param problems takes everything that is wrong; if it took anything the service is not to be used
     */
    static @Nullable Service read(
            Node.Mapping root, Path folder, Path runtimeDirectory, BoardLoader boards, Problems problems) {
        Fields fields =
                ServiceShapes.Root.SHAPE.read(root, Value.Context.of("the service file", root.place(), problems));
        if (fields == null) {
            return null;
        }
        String reference = fields.get(ServiceShapes.Root.BOARD);
        Place place = fields.place(ServiceShapes.Root.BOARD);
        Board board = null;
        if (reference != null && NotYet.BOARDS.contains(reference)) {
            problems.add(place, NotYet.message("`board: " + reference + "`") + "; name the board");
        } else if (reference != null) {
            board = boards.load(reference, place, problems);
        }
        return new ServiceReader(problems, folder, runtimeDirectory, board)
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
                        new BoardRef(reference, served, boardPlace),
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
            if (board != null && !board.names(kind).contains(item.value())) {
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
            Access all = BoardReader.access(override.all(), folder);
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
                windows.put(named.key(), window.withAccess(BoardReader.access(named.value(), folder)));
            }
        }
        for (WindowSpec window : windows.values()) {
            boolean isNewlyPhysical = window.access() instanceof Access.Devmem
                    && !window.equals(board.registers().get(window.name()));
            // A board file may leave the address out of a window that it does not reach by address.
            if (isNewlyPhysical && window.at() == 0) {
                problems.add(
                        places.getOrDefault(window.name(), place),
                        "`access` of the service file: `devmem` needs the address of window "
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
        for (ResourceKind kind : ResourceKind.values()) {
            List<Located<WrittenGrant>> written = fields.get(Agent.grants(kind));
            if (written != null) {
                grants.put(kind, grants(kind, fields, written));
            } else if (alone && !fields.has(Agent.grants(kind))) {
                grants.put(kind, everything(kind, Permission.CONTROL, Set.of()));
            }
        }
        Fields systemPower = fields.get(Agent.SYSTEM_POWER);
        return transport == null
                ? null
                : new AgentSpec(
                        name,
                        transport,
                        grants,
                        fields.get(Agent.TRUSTED, false),
                        systemPower == null ? null : SystemPowerShapes.spec(systemPower, folder),
                        fields.owner());
    }

    private @Nullable TransportSpec transport(String name, Fields fields) {
        Transport transport = fields.get(Agent.TRANSPORT);
        Path socket = socket(name, fields);
        TransportSpec.Mode mode = fields.get(Agent.MODE, TransportSpec.Mode.LISTEN);
        int socketMode = fields.get(Agent.SOCKET_MODE, 0600);
        String group = fields.get(Agent.SOCKET_GROUP);
        if (transport == null || socket == null) {
            return null;
        }
        return switch (transport) {
            case VHOST_USER ->
                new TransportSpec.VhostUser(
                        socket,
                        mode,
                        socketMode,
                        group,
                        fields.get(Agent.GRACE, Duration.ofSeconds(10)),
                        fields.get(Agent.WINDOW));
            case SOCKET -> {
                if (mode != TransportSpec.Mode.LISTEN) {
                    problems.add(
                            fields.place(Agent.MODE),
                            "`mode` of " + fields.what() + ": `connect` goes only with `transport: vhost-user`;"
                                    + " a `socket` agent is always listened for");
                }
                yield new TransportSpec.Socket(socket, TransportSpec.Mode.LISTEN, socketMode, group);
            }
        };
    }

    private @Nullable Path socket(String name, Fields fields) {
        Path written = fields.get(Agent.SOCKET);
        if (written == null && fields.has(Agent.SOCKET)) {
            return null;
        }
        Path socket = written == null ? runtimeDirectory.resolve(name + ".sock") : folder.resolve(written);
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_SOCKET_PATH) {
            problems.add(
                    fields.place(Agent.SOCKET),
                    "`socket` of " + fields.what() + ": " + Problems.quote(socket.toString()) + " has " + length
                            + " bytes; a Unix socket's path has at most " + LONGEST_SOCKET_PATH);
        }
        String other = sockets.putIfAbsent(socket.toAbsolutePath().normalize(), fields.what());
        if (other != null) {
            problems.add(
                    fields.place(Agent.SOCKET),
                    "`socket` of " + fields.what() + ": " + Problems.quote(socket.toString()) + " is already that of "
                            + other + "; every agent needs its own");
        }
        return socket;
    }

    // Resource lists

    private List<Grant> grants(ResourceKind kind, Fields agent, List<Located<WrittenGrant>> written) {
        String list = "`" + kind.key() + "` of " + agent.what();
        Set<String> named = new HashSet<>();
        for (Located<WrittenGrant> item : written) {
            String resource = item.value().resource();
            if (!named.add(resource)) {
                problems.add(
                        item.place(),
                        list + " lists " + Problems.quote(resource) + " twice; an agent sees a " + kind.label()
                                + " once");
            }
        }
        List<Grant> grants = new ArrayList<>();
        for (Located<WrittenGrant> item : written) {
            String resource = item.value().resource();
            if (resource.equals(BoardShapes.ALL)) {
                grants.addAll(everything(kind, item.value().permission(), named));
            } else if (board != null && !board.names(kind).contains(resource)) {
                problems.add(
                        item.place(),
                        list + ": the board has no " + kind.label() + " " + Problems.quote(resource)
                                + problems.didYouMean(resource, board.names(kind)));
            } else {
                grants.add(new Grant(resource, item.value().permission()));
            }
        }
        return grants;
    }

    /** All resources of a kind that the board has, in its order, but those that are named beside {@code all}. */
    private List<Grant> everything(ResourceKind kind, Permission permission, Set<String> named) {
        if (board == null) {
            return List.of();
        }
        return board.names(kind).stream()
                .filter(resource -> !named.contains(resource))
                .map(resource -> new Grant(resource, permission))
                .toList();
    }
}
