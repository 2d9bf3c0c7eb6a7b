// Turns what a service file says about arbitration into policies, and checks the names in it.
package org.scmid.config.service;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.document.Problems;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationShapes.WrittenPolicies;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;

/** Turns what a service file says about arbitration into policies, and checks the names in it. */
final class ArbitrationReader {
    private final Map<String, AgentSpec> agents;
    private final Set<String> agentNames;
    private final Problems problems;

    private ArbitrationReader(Map<String, AgentSpec> agents, Set<String> agentNames, Problems problems) {
        this.agents = agents;
        this.agentNames = agentNames;
        this.problems = problems;
    }

    /**
     * The policies.
     *
     * @param board the board that is served; null if it is wrong, then its names are not judged
     * @param agents those agents of the file that are right
     * @param agentNames all agents of the file
     */
    static ArbitrationSpec read(
            @Nullable Fields fields,
            @Nullable Board board,
            Map<String, AgentSpec> agents,
            Set<String> agentNames,
            Problems problems) {
        if (fields == null || board == null) {
            return ArbitrationSpec.NONE;
        }
        return new ArbitrationReader(agents, agentNames, problems).spec(fields, board);
    }

    private ArbitrationSpec spec(Fields fields, Board served) {
        Map<ResourceKind, Map<String, ArbitrationPolicy>> policies = new EnumMap<>(ResourceKind.class);
        ArbitrationShapes.KINDS.forEach((kind, key) -> {
            WrittenPolicies written = fields.get(key);
            if (written != null) {
                policies.put(kind, policies(kind, "`" + key.name() + "` of " + fields.what(), written, served));
            }
        });
        return new ArbitrationSpec(policies);
    }

    private Map<String, ArbitrationPolicy> policies(
            ResourceKind kind, String what, WrittenPolicies written, Board served) {
        Map<String, ArbitrationPolicy> policies = new HashMap<>();
        Located<ArbitrationPolicy> all = written.all();
        if (all != null && isAgent(what, all)) {
            checkControlOfAll(kind, what, served, all);
            served.names(kind).forEach(resource -> policies.put(resource, all.value()));
        }
        for (Named<String, Located<ArbitrationPolicy>> named : written.named()) {
            Located<ArbitrationPolicy> policy = named.value();
            if (!served.mayHave(kind, named.key())) {
                problems.add(
                        named.place(),
                        what + ": the board has no " + kind.label() + " " + Problems.quote(named.key())
                                + problems.didYouMean(named.key(), served.names(kind)));
            } else if (policy != null && isAgent(what, policy)) {
                checkControl(kind, what, named.key(), policy);
                policies.put(named.key(), policy.value());
            }
        }
        return policies;
    }

    private boolean isAgent(String what, Located<ArbitrationPolicy> policy) {
        if (policy.value() instanceof ArbitrationPolicy.Owner owner && !agentNames.contains(owner.agent())) {
            problems.add(
                    policy.place(),
                    what + ": there is no agent " + Problems.quote(owner.agent())
                            + problems.didYouMean(owner.agent(), agentNames));
            return false;
        }
        return true;
    }

    /** An owner that may not change the resource would leave it to nobody. */
    private void checkControl(ResourceKind kind, String what, String resource, Located<ArbitrationPolicy> policy) {
        AgentSpec owner = ownerOf(policy);
        if (owner == null || granted(owner, kind, Control.ofWishes(kind)).contains(resource)) {
            return;
        }
        if (controlled(owner, kind).contains(resource)) {
            addPartMissing(kind, what, List.of(resource), policy);
        } else {
            addControlMissing(kind, what, List.of(resource), policy);
        }
    }

    /** The owner of all of a kind need not list them all: what no agent may change is nobody's in any case. */
    private void checkControlOfAll(ResourceKind kind, String what, Board served, Located<ArbitrationPolicy> policy) {
        AgentSpec owner = ownerOf(policy);
        if (owner == null) {
            return;
        }
        Control needed = Control.ofWishes(kind);
        Set<String> owned = granted(owner, kind, needed);
        Set<String> controlled = controlled(owner, kind);
        Set<String> wanted = new HashSet<>();
        agents.values().forEach(agent -> wanted.addAll(granted(agent, kind, needed)));
        List<String> withoutPart = new ArrayList<>();
        List<String> withoutControl = new ArrayList<>();
        for (String resource : served.names(kind)) {
            if (!owned.contains(resource) && controlled.contains(resource)) {
                withoutPart.add(resource);
            } else if (!owned.contains(resource) && wanted.contains(resource)) {
                withoutControl.add(resource);
            }
        }
        if (!withoutPart.isEmpty()) {
            addPartMissing(kind, what, withoutPart, policy);
        }
        if (!withoutControl.isEmpty()) {
            addControlMissing(kind, what, withoutControl, policy);
        }
    }

    private @Nullable AgentSpec ownerOf(Located<ArbitrationPolicy> policy) {
        return policy.value() instanceof ArbitrationPolicy.Owner owner ? agents.get(owner.agent()) : null;
    }

    /** What an agent has control of, all of it or parts. */
    private static Set<String> controlled(AgentSpec agent, ResourceKind kind) {
        return agent.grants(kind).stream()
                .filter(grant -> grant.permission() == Permission.CONTROL)
                .map(Grant::resource)
                .collect(Collectors.toSet());
    }

    /** What an agent has this part of control of. */
    private static Set<String> granted(AgentSpec agent, ResourceKind kind, Control part) {
        return agent.grants(kind).stream()
                .filter(grant -> grant.permission() == Permission.CONTROL && grant.permits(part))
                .map(Grant::resource)
                .collect(Collectors.toSet());
    }

    private void addControlMissing(
            ResourceKind kind, String what, List<String> resources, Located<ArbitrationPolicy> policy) {
        problems.add(
                policy.place(),
                what + ": agent " + quotedOwner(policy) + " has no control of " + Problems.allOf(resources) + "; list "
                        + (resources.size() == 1 ? "it" : "them") + " under `" + kind.key() + "` of that agent");
    }

    private void addPartMissing(
            ResourceKind kind, String what, List<String> resources, Located<ArbitrationPolicy> policy) {
        String word = Control.ofWishes(kind).name().toLowerCase(Locale.ROOT);
        problems.add(
                policy.place(),
                what + ": agent " + quotedOwner(policy) + " may not set the " + word + " of "
                        + Problems.allOf(resources) + "; add " + Problems.quote(word)
                        + (resources.size() == 1 ? " to its list" : " to their lists") + " under `" + kind.key()
                        + "` of that agent");
    }

    private static String quotedOwner(Located<ArbitrationPolicy> policy) {
        return policy.value() instanceof ArbitrationPolicy.Owner owner ? Problems.quote(owner.agent()) : "";
    }
}
