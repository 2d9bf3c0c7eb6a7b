// The demo board, with everything on it given to a trusted agent and to another one.
package org.scmid.server.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Place;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.DeviceSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;
import org.scmid.config.service.SystemPowerAction;
import org.scmid.config.service.SystemPowerSpec;
import org.scmid.config.service.SystemPowerState;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.testing.HandLoop;

/**
 * The demo board, which has every kind of resource; some names are longer than there, so that each kind has one that does
 * not fit 15 characters. Two agents may do all with all of it. Agent 1 is trusted, and has a P2A channel as agent 2 has.
 */
final class Everything implements AutoCloseable {
    static final Board BOARD = withLongNames();
    static final String SUPPLY = "supply-of-the-sd-card";
    static final String CORES = "cores-with-their-cache";
    private static final int ROOM = 4096;
    private static final int NEGOTIATE = 0x10;

    final Bench bench;
    final Bench.Peer trusted;
    final Bench.Peer other;

    Everything() throws IOException {
        Place nowhere = new Place("test", 1, 1);
        SystemPowerSpec shutdown =
                new SystemPowerSpec(Map.of(SystemPowerState.SHUTDOWN, new SystemPowerAction.Notify()));
        bench = new Bench(
                BOARD,
                List.of(new DeviceSpec("device", Map.of(), nowhere)),
                Map.of("trusted", shutdown, "other", shutdown),
                new HandLoop());
        trusted = bench.agent("trusted", all()).withEvents();
        other = bench.agent("other", all()).withEvents();
        bench.loop.settle();
    }

    static Board demo() {
        try {
            return ConfigFiles.builtInBoard("demo");
        } catch (ConfigException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static Board withLongNames() {
        try (InputStream in = Board.class.getResourceAsStream("/org/scmid/config/boards/demo.yaml")) {
            String yaml = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            String domains = renamed(
                    renamed(yaml, "voltage-domains:", "vdd-sd", SUPPLY + ":\n    asynchronous: true"),
                    "performance-domains:",
                    "cpu",
                    CORES + ":");
            Path file = Files.createTempFile("scmid-everything", ".yaml");
            try {
                Files.writeString(file, domains);
                return ConfigFiles.board(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException | ConfigException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** A resource behind a line gets another name, and what comes right behind it. */
    private static String renamed(String yaml, String section, String name, String beginning) {
        int start = yaml.indexOf("\n" + section);
        int at = yaml.indexOf("\n  " + name + ":", start);
        if (start < 0 || at < 0) {
            throw new IllegalStateException("the demo board has no " + name + " in " + section);
        }
        return yaml.substring(0, at) + "\n  " + beginning + yaml.substring(at + name.length() + 4);
    }

    private static Map<ResourceKind, List<Grant>> all() {
        Map<ResourceKind, List<Grant>> all = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            all.put(
                    kind,
                    BOARD.names(kind).stream()
                            .map(name -> new Grant(name, Permission.CONTROL))
                            .toList());
        }
        return all;
    }

    /** The id of a resource, for both agents. */
    static int id(ResourceKind kind, String name) {
        int id = List.copyOf(BOARD.names(kind)).indexOf(name);
        if (id < 0) {
            throw new IllegalArgumentException("the demo board has no " + kind.label() + " " + name);
        }
        return id;
    }

    // ---- What there is.

    /** The labels of all protocols. */
    static Stream<String> protocols() throws IOException {
        try (Everything all = new Everything()) {
            return all.bench.core.protocols().stream()
                    .map(protocol -> protocol.id().label())
                    .toList()
                    .stream();
        }
    }

    Protocol protocol(String label) {
        return bench.core.protocols().stream()
                .filter(protocol -> protocol.id().label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    /** The versions of a protocol that agents can speak, oldest first. */
    static List<Integer> versions(Protocol protocol) {
        return Arrays.stream(protocol.id().versions())
                .filter(version -> ProtocolVersion.isAtLeast(protocol.newest(), version))
                .boxed()
                .toList();
    }

    /** The commands of a protocol that are implemented in a version. */
    static List<Message> commands(Protocol protocol, int version) {
        return protocol.table().messages().stream()
                .filter(message -> message.type() == MessageType.COMMAND)
                .filter(message -> message.isIn(version) && protocol.implementsCommand(message))
                .<Message>map(message -> message)
                .toList();
    }

    // ---- What agents do.

    /** Has an agent speak a version from now on. */
    static void negotiate(Bench.Peer peer, Protocol protocol, int version) {
        int status = peer.status(protocol.id().id(), NEGOTIATE, version);
        if (status != Status.Code.SUCCESS) {
            throw new AssertionError(protocol.id() + " " + ProtocolVersion.text(version) + ": " + status);
        }
    }

    static byte[] send(Bench.Peer peer, byte[] request) {
        return peer.exchangeAndSettle(request, ROOM);
    }

    @Override
    public void close() {
        bench.core.agents().forEach(Agent::close);
    }
}
