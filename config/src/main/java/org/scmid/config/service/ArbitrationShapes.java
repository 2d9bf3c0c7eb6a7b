// What a service file may say about arbitration.
package org.scmid.config.service;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Node;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;

/** What a service file may say about arbitration. A kind to come gets a key in {@link #kinds}. */
final class ArbitrationShapes {
    /** The keys by the kind of resource that they are about. */
    static final Map<ResourceKind, Key<WrittenPolicies>> KINDS = kinds();

    static final Shape SHAPE = new Shape(
            "arbitration",
            "How the wishes of several agents for one resource become one.",
            KINDS.values().toArray(Key<?>[]::new));

    private ArbitrationShapes() {}

    /**
     * What was written for a kind.
     *
     * @param all the policy of all resources of the kind; null if resources are named
     * @param named the policies by resource
     */
    record WrittenPolicies(
            @Nullable Located<ArbitrationPolicy> all, List<Named<String, Located<ArbitrationPolicy>>> named) {}

    private static Map<ResourceKind, Key<WrittenPolicies>> kinds() {
        Map<ResourceKind, Key<WrittenPolicies>> keys = new EnumMap<>(ResourceKind.class);
        keys.put(ResourceKind.CLOCK, key("clocks", "rates"));
        keys.put(ResourceKind.VOLTAGE_DOMAIN, key("voltage", "voltages"));
        keys.put(ResourceKind.PERFORMANCE_DOMAIN, key("performance", "levels of performance"));
        return keys;
    }

    private static Key<WrittenPolicies> key(String name, String what) {
        return Key.optional(
                name,
                new PoliciesValue(),
                "Whose " + what
                        + " are set: `last-writer` (the default), `highest` or `{ owner: AGENT }`, for all or by"
                        + " name.");
    }

    /** One policy: a word, or {@code owner: AGENT}. */
    private static final class PolicyValue implements Value<Located<ArbitrationPolicy>> {
        private static final Value<ArbitrationPolicy> WORDS = Values.choice(words());
        private static final Key<String> OWNER = Key.required("owner", Values.TEXT, "The agent that decides.");
        private static final Shape OWNED = new Shape("owner policy", "One agent decides.", OWNER);

        private static Map<String, ArbitrationPolicy> words() {
            Map<String, ArbitrationPolicy> words = new LinkedHashMap<>();
            words.put("last-writer", new ArbitrationPolicy.LastWriter());
            words.put("highest", new ArbitrationPolicy.Highest());
            return words;
        }

        /** Whether this is {@code owner: AGENT}, not a mapping by resource. */
        static boolean isOwner(Node.Mapping mapping) {
            Node.Entry owner = mapping.entries().get(OWNER.name());
            return mapping.entries().size() == 1 && owner != null && owner.value() instanceof Node.Text;
        }

        @Override
        public @Nullable Located<ArbitrationPolicy> read(Node node, Context context) {
            if (node instanceof Node.Mapping) {
                Fields fields = OWNED.read(node, context);
                String owner = fields == null ? null : fields.get(OWNER);
                return fields == null || owner == null
                        ? null
                        : new Located<>(new ArbitrationPolicy.Owner(owner), fields.place(OWNER));
            }
            ArbitrationPolicy policy = WORDS.read(node, context);
            return policy == null ? null : new Located<>(policy, node.place());
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            return Map.of("anyOf", List.of(WORDS.schema(definitions), definitions.reference(OWNED)));
        }
    }

    /** One policy for all, or a mapping of policies by resource. */
    private static final class PoliciesValue implements Value<WrittenPolicies> {
        private static final Value<Located<ArbitrationPolicy>> POLICY = new PolicyValue();
        private static final Value<List<Named<String, Located<ArbitrationPolicy>>>> BY_NAME =
                Values.map("policy of", name -> name, Map.of("minLength", 1), POLICY);

        @Override
        public @Nullable WrittenPolicies read(Node node, Context context) {
            if (node instanceof Node.Mapping mapping && !PolicyValue.isOwner(mapping)) {
                List<Named<String, Located<ArbitrationPolicy>>> named = BY_NAME.read(node, context);
                return named == null ? null : new WrittenPolicies(null, named);
            }
            Located<ArbitrationPolicy> all = POLICY.read(node, context);
            return all == null ? null : new WrittenPolicies(all, List.of());
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            return Map.of("anyOf", List.of(POLICY.schema(definitions), BY_NAME.schema(definitions)));
        }
    }
}
