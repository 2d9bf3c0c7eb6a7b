// The board and the agents of one random sequence.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.scmid.config.board.Board;
import org.scmid.config.document.Place;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.service.DeviceSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;

/** A board, and eight agents with random permissions, ids and rules between them. It follows from its seed. */
final class ModelSetup {
    static final int AGENTS = 8;
    static final int GRACE_MILLIS = 110_000;

    /** What agents are not given begins with this. */
    static final String NOT_GRANTED = "inner-";

    private static final String[] NAMES = {
        "linux", "zephyr", "trusted", "android", "rtos", "monitor", "trusted-too", "guest"
    };
    private static final Place NOWHERE = new Place("model.yaml", 1, 1);

    final Board board;
    final List<DeviceSpec> devices;
    final ArbitrationSpec arbitration;
    private final List<Map<ResourceKind, List<Grant>>> grants = new ArrayList<>();

    /** Makes the parts of a model. */
    @FunctionalInterface
    interface Parts {
        List<ProtocolModel> of(Model model);
    }

    ModelSetup(Board board, long seed) {
        this.board = board;
        Random random = new Random(seed);
        for (int agent = 0; agent < AGENTS; agent++) {
            Map<ResourceKind, List<Grant>> its = new EnumMap<>(ResourceKind.class);
            for (ResourceKind kind : ResourceKind.values()) {
                its.put(kind, randomGrants(random, kind, List.copyOf(board.names(kind))));
            }
            grants.add(its);
        }
        arbitration = randomPolicies(random);
        devices = randomDevices(random);
    }

    private static List<Grant> randomGrants(Random random, ResourceKind kind, List<String> names) {
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, random);
        List<Grant> grants = new ArrayList<>();
        for (String name : shuffled) {
            if (!name.startsWith(NOT_GRANTED) && random.nextInt(5) > 0) {
                grants.add(randomGrant(random, kind, name));
            }
        }
        return List.copyOf(grants);
    }

    private static Grant randomGrant(Random random, ResourceKind kind, String name) {
        return switch (random.nextInt(10)) {
            case 0 -> new Grant(name, Permission.NONE);
            case 1 -> new Grant(name, Permission.READ);
            case 2, 3 -> new Grant(name, Permission.NOTIFY);
            case 4, 5 -> new Grant(name, Permission.CONTROL, randomPart(random, kind));
            default -> new Grant(name, Permission.CONTROL);
        };
    }

    /** What of control is given: any, but nothing at all. */
    private static Set<Control> randomPart(Random random, ResourceKind kind) {
        List<Control> shuffled = new ArrayList<>(Control.of(kind));
        Collections.shuffle(shuffled, random);
        return EnumSet.copyOf(shuffled.subList(0, 1 + random.nextInt(shuffled.size())));
    }

    private ArbitrationSpec randomPolicies(Random random) {
        Map<ResourceKind, Map<String, ArbitrationPolicy>> policies = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind :
                List.of(ResourceKind.CLOCK, ResourceKind.VOLTAGE_DOMAIN, ResourceKind.PERFORMANCE_DOMAIN)) {
            Map<String, ArbitrationPolicy> byName = new HashMap<>();
            for (String name : board.names(kind)) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> byName.put(name, new ArbitrationPolicy.Highest());
                    case 2 -> byName.put(name, new ArbitrationPolicy.Owner(NAMES[random.nextInt(AGENTS)]));
                    default -> {}
                }
            }
            policies.put(kind, byName);
        }
        return new ArbitrationSpec(policies);
    }

    /** Each resource belongs to one of two devices, or to none, or to both. */
    private List<DeviceSpec> randomDevices(Random random) {
        List<DeviceSpec> made = new ArrayList<>();
        for (int device = 0; device < 2; device++) {
            Map<ResourceKind, List<String>> resources = new EnumMap<>(ResourceKind.class);
            for (ResourceKind kind : ResourceKind.values()) {
                resources.put(
                        kind,
                        board.names(kind).stream()
                                .filter(name -> random.nextBoolean())
                                .toList());
            }
            made.add(new DeviceSpec("device" + device, resources, NOWHERE));
        }
        return List.copyOf(made);
    }

    /** The agents as they begin: nobody is there yet. */
    List<ModelAgent> agents() {
        List<ModelAgent> agents = new ArrayList<>();
        for (int i = 0; i < AGENTS; i++) {
            agents.add(new ModelAgent(i + 1, NAMES[i], i == 1, grants.get(i)));
        }
        return agents;
    }

    /** Which devices a resource belongs to. */
    Set<Integer> devicesOf(ResourceKind kind, String name) {
        Set<Integer> found = new HashSet<>();
        for (int device = 0; device < devices.size(); device++) {
            if (devices.get(device).resources(kind).contains(name)) {
                found.add(device);
            }
        }
        return found;
    }

    ArbitrationPolicy policy(ResourceKind kind, String name) {
        return arbitration.policy(kind, name);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (ModelAgent agent : agents()) {
            text.append("agent %d, %s%s:%n".formatted(agent.id, agent.name, agent.dropWhenGone ? ", listens" : ""));
            for (ResourceKind kind : ResourceKind.values()) {
                List<String> its = new ArrayList<>();
                for (Grant grant : agent.grants(kind)) {
                    its.add(its.size() + " " + grant.resource() + ": "
                            + (grant.isPartial() ? grant.controls() : grant.permission()));
                }
                if (!its.isEmpty()) {
                    text.append("  %s%n".formatted(String.join(", ", its)));
                }
            }
        }
        arbitration.policies().forEach((kind, policies) -> {
            if (!policies.isEmpty()) {
                text.append("%s: %s%n".formatted(kind.key(), policies));
            }
        });
        for (DeviceSpec device : devices) {
            text.append("%s: %s%n".formatted(device.name(), device.resources().values()));
        }
        return text.toString();
    }
}
