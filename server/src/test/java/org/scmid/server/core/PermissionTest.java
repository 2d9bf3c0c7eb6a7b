// Every agent, every resource, every message: answered as the service file says, and nothing else.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;
import org.scmid.config.service.Service;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.Tier;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.reset.ResetMessage;
import org.scmid.protocol.sensor.SensorMessage;
import org.scmid.protocol.voltage.VoltageMessage;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.protocol.Protocol;

/**
 * What each command on each resource should be answered follows from the service file and the message's tier alone. The
 * command is the shortest legal one, with zeros but for the resource's id.
 */
@Tag(Evidence.SWEEP)
class PermissionTest {
    /** Ids that no agent has, but for those right behind its last one. */
    private static final int[] FAR_IDS = {0x100, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF};

    private static final int NEGOTIATE = 0x10;

    /** Commands that refuse for a reason of their own though the agent may use them, and that reason. */
    private static final Map<Message, Refusal> REFUSALS = Map.of(
            ClockMessage.CLOCK_PARENT_GET,
                    new Refusal(Status.Code.DENIED, "the present parent is a clock that the agent does not see"),
            ClockMessage.CLOCK_PARENT_SET,
                    new Refusal(Status.Code.NOT_FOUND, "clock 0, the wanted parent, is not visible to the agent"),
            ClockMessage.CLOCK_CONFIG_SET,
                    new Refusal(Status.Code.DENIED, "nothing can stop the clock, which is to be switched off"),
            VoltageMessage.VOLTAGE_CONFIG_SET, new Refusal(Status.Code.DENIED, "nothing can switch the supply off"));

    private record Refusal(int status, String reason) {}

    /**
     * A bit of a reply that tells an agent what it may do.
     *
     * @param says the command that is answered: it names the resource, or is a list that begins at its id
     * @param word of the payload, from 0
     * @param isInverted whether the bit set means that it may not
     * @param may what it may do, all of it
     * @param isCertain whether the bit depends on the permission only; else a resource may lack the feature
     */
    private record Claim(Message says, int word, int bit, boolean isInverted, List<Message> may, boolean isCertain) {
        Claim(Message says, int word, int bit, boolean isInverted, Message may, boolean isCertain) {
            this(says, word, bit, isInverted, List.of(may), isCertain);
        }
    }

    private static final List<Claim> CLAIMS = List.of(
            new Claim(ClockMessage.CLOCK_ATTRIBUTES, 0, 31, false, ClockMessage.CLOCK_RATE_NOTIFY, true),
            new Claim(
                    ClockMessage.CLOCK_ATTRIBUTES, 0, 30, false, ClockMessage.CLOCK_RATE_CHANGE_REQUESTED_NOTIFY, true),
            new Claim(
                    ClockMessage.CLOCK_ATTRIBUTES,
                    0,
                    1,
                    true,
                    List.of(ClockMessage.CLOCK_RATE_SET, ClockMessage.CLOCK_CONFIG_SET, ClockMessage.CLOCK_PARENT_SET),
                    false),
            new Claim(ClockMessage.CLOCK_GET_PERMISSIONS, 0, 31, false, ClockMessage.CLOCK_CONFIG_SET, false),
            new Claim(ClockMessage.CLOCK_GET_PERMISSIONS, 0, 30, false, ClockMessage.CLOCK_PARENT_SET, true),
            new Claim(ClockMessage.CLOCK_GET_PERMISSIONS, 0, 29, false, ClockMessage.CLOCK_RATE_SET, true),
            new Claim(
                    SensorMessage.SENSOR_DESCRIPTION_GET,
                    2,
                    30,
                    false,
                    SensorMessage.SENSOR_CONTINUOUS_UPDATE_NOTIFY,
                    false),
            claim(PowerMessage.POWER_DOMAIN_ATTRIBUTES, 31, PowerMessage.POWER_STATE_NOTIFY),
            claim(PowerMessage.POWER_DOMAIN_ATTRIBUTES, 29, PowerMessage.POWER_STATE_SET),
            claim(PowerMessage.POWER_DOMAIN_ATTRIBUTES, 28, PowerMessage.POWER_STATE_CHANGE_REQUESTED_NOTIFY),
            new Claim(ResetMessage.RESET_DOMAIN_ATTRIBUTES, 0, 31, false, ResetMessage.RESET, false),
            claim(ResetMessage.RESET_DOMAIN_ATTRIBUTES, 30, ResetMessage.RESET_NOTIFY),
            new Claim(VoltageMessage.VOLTAGE_DOMAIN_ATTRIBUTES, 0, 31, false, VoltageMessage.VOLTAGE_LEVEL_SET, false),
            claim(PerformanceMessage.PERFORMANCE_DOMAIN_ATTRIBUTES, 31, PerformanceMessage.PERFORMANCE_LIMITS_SET),
            claim(PerformanceMessage.PERFORMANCE_DOMAIN_ATTRIBUTES, 30, PerformanceMessage.PERFORMANCE_LEVEL_SET),
            claim(PerformanceMessage.PERFORMANCE_DOMAIN_ATTRIBUTES, 29, PerformanceMessage.PERFORMANCE_NOTIFY_LIMITS),
            claim(PerformanceMessage.PERFORMANCE_DOMAIN_ATTRIBUTES, 28, PerformanceMessage.PERFORMANCE_NOTIFY_LEVEL));

    private static Claim claim(Message says, int bit, Message may) {
        return new Claim(says, 0, bit, false, may, true);
    }

    /** The service files. */
    enum Source {
        /** The one that is built in. */
        DEMO,
        /** On the demo board, agents such that each resource is granted in every way, at several positions. */
        EVERY_PERMISSION
    }

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    // ---- The service files.

    /**
     * A service.
     *
     * @param grants what its file says, agent by agent
     */
    private record Given(Service service, Map<String, Map<ResourceKind, List<Grant>>> grants) {
        Board board() {
            return service.board().board();
        }
    }

    private Given given(Source source) throws Exception {
        return switch (source) {
            case DEMO -> {
                Service service = ConfigFiles.builtInService(directory);
                Map<String, Map<ResourceKind, List<Grant>>> grants = new LinkedHashMap<>();
                service.agents().forEach((name, spec) -> grants.put(name, spec.grants()));
                yield new Given(service, grants);
            }
            case EVERY_PERMISSION -> everyPermission();
        };
    }

    private Given everyPermission() throws Exception {
        Board board = Everything.demo();
        Map<String, Map<ResourceKind, List<Grant>>> grants = new LinkedHashMap<>();
        int ways = Arrays.stream(ResourceKind.values())
                .mapToInt(kind -> ways(kind).size())
                .max()
                .orElseThrow();
        for (int shift = 0; shift < ways; shift++) {
            int first = shift;
            grants.put("mixed" + shift, perKind(board, (kind, names) -> mixed(kind, names, first)));
        }
        grants.put("owner", perKind(board, (kind, names) -> alike(names, Permission.CONTROL)));
        grants.put("reader", perKind(board, (kind, names) -> alike(names.reversed(), Permission.READ)));
        grants.put("few", perKind(board, (kind, names) -> alike(names.subList(0, 1), Permission.NOTIFY)));
        grants.put("blind", perKind(board, (kind, names) -> alike(names, Permission.NONE)));
        Path file = directory.resolve("service.yaml");
        Files.writeString(file, yaml(grants));
        return new Given(ConfigFiles.service(file, directory), grants);
    }

    private interface Granting {
        List<Grant> of(ResourceKind kind, List<String> names);
    }

    private static Map<ResourceKind, List<Grant>> perKind(Board board, Granting granting) {
        Map<ResourceKind, List<Grant>> grants = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            if (!board.names(kind).isEmpty()) {
                grants.put(kind, granting.of(kind, List.copyOf(board.names(kind))));
            }
        }
        return grants;
    }

    private static List<Grant> alike(List<String> names, Permission permission) {
        return names.stream().map(name -> new Grant(name, permission)).toList();
    }

    private static List<Grant> mixed(ResourceKind kind, List<String> names, int shift) {
        List<Way> ways = ways(kind);
        List<Grant> grants = new ArrayList<>();
        for (String name : names) {
            Way way = ways.get((grants.size() + shift) % ways.size());
            grants.add(new Grant(name, way.permission, way.controls));
        }
        return grants;
    }

    /** A way to grant something of a kind. */
    private record Way(Permission permission, Set<Control> controls) {}

    /** Every permission, and every list of what control consists of. */
    private static List<Way> ways(ResourceKind kind) {
        List<Way> ways = new ArrayList<>();
        for (Permission permission : Permission.values()) {
            ways.add(new Way(permission, new Grant("any", permission).controls()));
        }
        List<Control> words = List.copyOf(Control.of(kind));
        for (int subset = 1; subset < 1 << words.size(); subset++) {
            Set<Control> some = EnumSet.noneOf(Control.class);
            for (int i = 0; i < words.size(); i++) {
                if ((subset >> i & 1) != 0) {
                    some.add(words.get(i));
                }
            }
            ways.add(new Way(Permission.CONTROL, some));
        }
        return ways;
    }

    /** A service file as people write it. */
    private static String yaml(Map<String, Map<ResourceKind, List<Grant>>> agents) {
        StringBuilder yaml = new StringBuilder("board: demo\nagents:\n");
        agents.forEach((name, grants) -> {
            yaml.append("  ").append(name).append(":\n    transport: socket\n");
            grants.forEach((kind, list) -> yaml.append("    ")
                    .append(kind.key())
                    .append(": ")
                    .append(list.stream()
                            .map(grant -> grant.resource() + ": " + written(grant))
                            .toList())
                    .append('\n'));
        });
        return yaml.toString();
    }

    private static String written(Grant grant) {
        Object said = grant.isPartial() ? grant.controls() : grant.permission();
        return said.toString().toLowerCase(Locale.ROOT);
    }

    // ---- What should be answered.

    private enum Expected {
        NO_SUCH_PROTOCOL(Status.Code.NOT_SUPPORTED),
        NO_SUCH_RESOURCE(Status.Code.NOT_FOUND),
        FORBIDDEN(Status.Code.DENIED),
        NO_CHANNEL(Status.Code.NOT_SUPPORTED),
        PERMITTED(Status.Code.SUCCESS);

        final int status;

        Expected(int status) {
            this.status = status;
        }
    }

    private static Expected expected(Case one, List<Grant> grants, int id, Message command) {
        if (grants.isEmpty()) {
            return Expected.NO_SUCH_PROTOCOL;
        }
        if (id < 0 || id >= grants.size() || grants.get(id).permission() == Permission.NONE) {
            return Expected.NO_SUCH_RESOURCE;
        }
        if (!tiers(grants.get(id).permission()).contains(command.tier())
                || (command.tier() == Tier.CONTROL && !grants.get(id).permits(control(command)))) {
            return Expected.FORBIDDEN;
        }
        if (command.tier() == Tier.CONTROL
                && isKeptFromClockOf(one, grants.get(id).resource(), command)) {
            return Expected.FORBIDDEN;
        }
        return command.tier() == Tier.NOTIFY && !one.hasChannel ? Expected.NO_CHANNEL : Expected.PERMITTED;
    }

    /** A level sets a clock: who is kept from that one sets no level either. */
    private static boolean isKeptFromClockOf(Case one, String domain, Message command) {
        if (!(command instanceof PerformanceMessage)) {
            return false;
        }
        String clock = Objects.requireNonNull(
                        one.given.board().performanceDomains().get(domain))
                .clock();
        return one.grants(ResourceKind.CLOCK).contains(new Grant(clock, Permission.NONE));
    }

    /** By itself, not by the table of messages: what a service file's words mean. */
    private static Control control(Message command) {
        return switch (command) {
            case ClockMessage clock ->
                switch (clock) {
                    case CLOCK_CONFIG_SET -> Control.STATE;
                    case CLOCK_PARENT_SET -> Control.PARENT;
                    default -> Control.RATE;
                };
            case PowerMessage power -> Control.STATE;
            case VoltageMessage voltage -> voltage == VoltageMessage.VOLTAGE_CONFIG_SET ? Control.STATE : Control.LEVEL;
            case PerformanceMessage performance ->
                performance == PerformanceMessage.PERFORMANCE_LIMITS_SET ? Control.LIMITS : Control.LEVEL;
            case ResetMessage reset -> Control.RESET;
            case SensorMessage sensor -> Control.CONFIG;
            default -> throw new IllegalArgumentException(command.name());
        };
    }

    private static Set<Tier> tiers(Permission permission) {
        return switch (permission) {
            case NONE -> Set.of();
            case READ -> Set.of(Tier.READ);
            case NOTIFY -> Set.of(Tier.READ, Tier.NOTIFY);
            case CONTROL -> Set.of(Tier.READ, Tier.NOTIFY, Tier.CONTROL);
        };
    }

    // ---- The service under test.

    /** All agents of a service, over fresh simulated hardware. */
    private static final class World implements AutoCloseable {
        final Bench bench;
        private final Map<String, Bench.Peer> agents = new LinkedHashMap<>();
        private final Board board;

        World(Given given, boolean haveChannels) throws IOException {
            board = given.board();
            bench = new Bench(board);
            for (AgentSpec spec : given.service().agents().values()) {
                Bench.Peer peer = bench.agent(spec.name(), spec.grants());
                agents.put(spec.name(), haveChannels ? peer.withEvents() : peer.withoutEvents());
            }
            bench.loop.settle();
        }

        Bench.Peer agent(String name) {
            return Objects.requireNonNull(agents.get(name));
        }

        /** All registers. */
        List<Long> registers() {
            List<Long> values = new ArrayList<>();
            for (String name : board.registers().keySet()) {
                var window = bench.windows.window(name);
                for (long at = 0; at < window.size(); at += window.width() / Byte.SIZE) {
                    values.add(window.read(at));
                }
            }
            return values;
        }

        @Override
        public void close() {
            bench.core.agents().forEach(Agent::close);
        }
    }

    /** One agent's use of one protocol in one version. */
    private record Case(Given given, String agent, int protocolId, int version, boolean hasChannel) {
        World world() throws IOException {
            World world = new World(given, hasChannel);
            // An agent that is not offered the protocol cannot negotiate either.
            world.agent(agent).call(protocolId, NEGOTIATE, version);
            return world;
        }

        Protocol protocol(World world) {
            return world.bench.core.protocols().stream()
                    .filter(protocol -> protocol.id().id() == protocolId)
                    .findFirst()
                    .orElseThrow();
        }

        List<Grant> grants(ResourceKind kind) {
            return Objects.requireNonNull(given.grants.get(agent)).getOrDefault(kind, List.of());
        }

        String what(Message command, int id) {
            return "%s, %s %s, resource %s, %s channel"
                    .formatted(
                            agent,
                            command.name(),
                            ProtocolVersion.text(version),
                            Integer.toUnsignedString(id),
                            hasChannel ? "with" : "without");
        }
    }

    private static List<Case> cases(Given given) throws IOException {
        List<Case> cases = new ArrayList<>();
        try (World world = new World(given, true)) {
            for (Protocol protocol : world.bench.core.protocols()) {
                if (protocol.kind() == null) {
                    continue;
                }
                for (int version : Everything.versions(protocol)) {
                    for (String agent : given.grants.keySet()) {
                        cases.add(new Case(given, agent, protocol.id().id(), version, true));
                        cases.add(new Case(given, agent, protocol.id().id(), version, false));
                    }
                }
            }
        }
        return cases;
    }

    private static List<Message> commandsOnResources(Protocol protocol, int version) {
        return Everything.commands(protocol, version).stream()
                .filter(command -> command.description().fromAgent().resourceOffset() != Layout.NO_RESOURCE)
                .toList();
    }

    private static int[] ids(int granted) {
        return IntStream.concat(IntStream.range(0, granted + 2), Arrays.stream(FAR_IDS))
                .toArray();
    }

    // ---- The tests.

    @ParameterizedTest
    @EnumSource
    void everyCommandOnEveryResourceIsAnsweredAsTheServiceFileSays(Source source) throws Exception {
        for (Case one : cases(given(source))) {
            try (World world = one.world()) {
                refusesWhatItShould(one, world);
            }
        }
    }

    /** Asks for all that changes nothing in one world; what is permitted and may change it gets its own. */
    private static void refusesWhatItShould(Case one, World world) throws IOException {
        Protocol protocol = one.protocol(world);
        List<Grant> grants = one.grants(kind(protocol));
        List<Long> before = world.registers();
        for (Message command : commandsOnResources(protocol, one.version)) {
            for (int id : ids(grants.size())) {
                Expected expected = expected(one, grants, id, command);
                byte[] request = Requests.shortest(command, one.version, id);
                if (expected != Expected.PERMITTED) {
                    int status = Requests.status(Everything.send(world.agent(one.agent), request));
                    assertEquals(expected.status, status, one.what(command, id) + ": " + expected);
                } else if (command.tier() == Tier.READ) {
                    isLetThrough(one, world, command, id, request);
                } else {
                    try (World fresh = one.world()) {
                        isLetThrough(one, fresh, command, id, request);
                    }
                }
            }
        }
        assertEquals(before, world.registers(), one.agent + ": what is refused, or reads, changes no register");
    }

    private static void isLetThrough(Case one, World world, Message command, int id, byte[] request) {
        int status = Requests.status(Everything.send(world.agent(one.agent), request));
        Refusal refusal = REFUSALS.get(command);
        if (refusal != null && refusal.status == status) {
            return;
        }
        Set<Integer> wrong = Set.of(
                Status.Code.NOT_FOUND,
                Status.Code.DENIED,
                Status.Code.PROTOCOL_ERROR,
                Status.Code.GENERIC_ERROR,
                Status.Code.HARDWARE_ERROR);
        assertFalse(
                wrong.contains(status), one.what(command, id) + ": permitted, but answered " + Status.nameOf(status));
    }

    @Test
    void everyReasonOfACommandsOwnToRefuseDoesOccur() throws Exception {
        Set<Message> refused = new HashSet<>();
        for (Case one : cases(given(Source.EVERY_PERMISSION))) {
            try (World world = one.world()) {
                Protocol protocol = one.protocol(world);
                List<Grant> grants = one.grants(kind(protocol));
                for (Message command : commandsOnResources(protocol, one.version)) {
                    Refusal refusal = REFUSALS.get(command);
                    for (int id = 0; refusal != null && id < grants.size(); id++) {
                        if (expected(one, grants, id, command) == Expected.PERMITTED
                                && Requests.status(Everything.send(
                                                world.agent(one.agent), Requests.shortest(command, one.version, id)))
                                        == refusal.status) {
                            refused.add(command);
                        }
                    }
                }
            }
        }
        assertEquals(REFUSALS.keySet(), refused, "a reason that does not occur needs no place in REFUSALS");
    }

    @ParameterizedTest
    @EnumSource
    void whatAnAgentIsToldOfItsRightsIsWhatTheServiceFileSays(Source source) throws Exception {
        for (Case one : cases(given(source))) {
            try (World world = one.world()) {
                Protocol protocol = one.protocol(world);
                boolean isNewest = one.version == Everything.versions(protocol).getLast();
                for (Claim claim : CLAIMS) {
                    if (isNewest && claim.says.protocol() == protocol.id()) {
                        isTrue(one, world, protocol, claim);
                    }
                }
            }
        }
    }

    private static void isTrue(Case one, World world, Protocol protocol, Claim claim) {
        List<Grant> grants = one.grants(kind(protocol));
        for (int id = 0; id < grants.size(); id++) {
            if (grants.get(id).permission() == Permission.NONE) {
                continue;
            }
            boolean isList = claim.says.description().fromAgent().resourceOffset() == Layout.NO_RESOURCE;
            byte[] request = isList ? Requests.of(claim.says, id) : Requests.shortest(claim.says, one.version, id);
            byte[] reply = Everything.send(world.agent(one.agent), request);
            int word = ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).getInt(8 + 4 * claim.word);
            boolean says = ((word >>> claim.bit & 1) != 0) != claim.isInverted;
            int at = id;
            boolean may =
                    claim.may.stream().allMatch(command -> expected(one, grants, at, command) == Expected.PERMITTED);
            String what = one.what(claim.says, id) + ", bit " + claim.bit + " about " + claim.may;
            if (claim.isCertain) {
                assertEquals(may, says, what);
            } else {
                assertTrue(may || !says, what);
            }
        }
    }

    @Test
    void theBoardAndTheListsHaveSomethingOfEveryProtocol() throws Exception {
        Given given = given(Source.EVERY_PERMISSION);
        Set<String> claimed = CLAIMS.stream()
                .map(claim -> claim.says.protocol().label())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> withResources = new TreeSet<>();
        try (World world = new World(given, true)) {
            for (Protocol protocol : world.bench.core.protocols()) {
                ResourceKind kind = protocol.kind();
                if (kind == null) {
                    continue;
                }
                withResources.add(protocol.id().label());
                int count = given.board().names(kind).size();
                assertTrue(count > 0, "the demo board has no " + kind.label() + ": add one to demo.yaml");
                Set<Way> granted = given.grants.values().stream()
                        .flatMap(grants -> grants.getOrDefault(kind, List.of()).stream())
                        .map(grant -> new Way(grant.permission(), grant.controls()))
                        .collect(Collectors.toSet());
                assertEquals(Set.copyOf(ways(kind)), granted, kind.label());
            }
        }
        assertEquals(withResources, claimed, "protocols with an entry in CLAIMS");
    }

    private static ResourceKind kind(Protocol protocol) {
        @Nullable ResourceKind kind = protocol.kind();
        if (kind == null) {
            throw new IllegalStateException(protocol.id() + " has no resources");
        }
        return kind;
    }
}
