// Turns what a service file says about arbitration into policies, and checks the names in it.
package org.scmid.config.service;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.document.Problems;
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
        if (!(policy.value() instanceof ArbitrationPolicy.Owner owner)) {
            return;
        }
        AgentSpec agent = agents.get(owner.agent());
        if (agent == null) {
            return;
        }
        Control needed = Control.ofWishes(kind);
        List<Grant> its = agent.grants(kind).stream()
                .filter(grant -> grant.resource().equals(resource) && grant.permission() == Permission.CONTROL)
                .toList();
        String quoted = Problems.quote(resource);
        if (its.isEmpty()) {
            problems.add(
                    policy.place(),
                    what + ": agent " + Problems.quote(owner.agent()) + " has no control of " + quoted
                            + "; list it under `" + kind.key() + "` of that agent");
        } else if (its.stream().noneMatch(grant -> grant.permits(needed))) {
            String word = needed.name().toLowerCase(Locale.ROOT);
            problems.add(
                    policy.place(),
                    what + ": agent " + Problems.quote(owner.agent()) + " may not set the " + word + " of " + quoted
                            + "; add " + Problems.quote(word) + " to its list under `" + kind.key()
                            + "` of that agent");
        }
    }
}
