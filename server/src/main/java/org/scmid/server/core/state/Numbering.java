// Which resource each id of an agent means.
package org.scmid.server.core.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.Grant;

/**
 * Which resource each id of an agent means: names, by the key of what they name, in the order of ids. A guest that runs has
 * discovered its ids, so they keep their meaning until it begins anew, whatever the service file says by then.
 *
 * @param names by key, such as {@code clocks}
 */
public record Numbering(Map<String, List<String>> names) {
    /** The key of the devices, whose ids are no agent's but the service's. */
    public static final String DEVICES = "devices";

    private static final String BETWEEN = "\t";
    private static final String BETWEEN_LISTS = "\n";

    /** Copies the lists. */
    public Numbering {
        Map<String, List<String>> copies = new LinkedHashMap<>();
        names.forEach((key, list) -> copies.put(key, List.copyOf(list)));
        names = copies;
    }

    /**
     * The numbering that a service file asks for.
     *
     * @param grants what the agent is given of each kind
     * @param devices names of the service's devices
     */
    public static Numbering of(Map<ResourceKind, List<Grant>> grants, List<String> devices) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        for (ResourceKind kind : ResourceKind.values()) {
            names.put(
                    kind.key(),
                    grants.getOrDefault(kind, List.of()).stream()
                            .map(Grant::resource)
                            .toList());
        }
        names.put(DEVICES, devices);
        return new Numbering(names);
    }

    /** Names of a kind, by id. */
    public List<String> of(ResourceKind kind) {
        return of(kind.key());
    }

    /** Names under a key, by id; none if it is not there. */
    public List<String> of(String key) {
        return names.getOrDefault(key, List.of());
    }

    /** This numbering for a guest that has discovered an earlier one: what it knows keeps its id, what is new is appended. */
    public Numbering after(Numbering discovered) {
        Map<String, List<String>> both = new LinkedHashMap<>();
        names.forEach((key, list) -> {
            Set<String> merged = new LinkedHashSet<>(key.equals(DEVICES) ? List.of() : discovered.of(key));
            merged.addAll(list);
            both.put(key, List.copyOf(merged));
        });
        return new Numbering(both);
    }

    /** The ids of names under a key. */
    Map<String, Integer> ids(String key) {
        Map<String, Integer> ids = new HashMap<>();
        of(key).forEach(name -> ids.put(name, ids.size()));
        return ids;
    }

    /** One line for each key: the key and the names, with tabs between; no name has a tab or a line's end in it. */
    String text() {
        StringBuilder text = new StringBuilder();
        names.forEach((key, list) -> {
            text.append(key);
            list.forEach(name -> text.append(BETWEEN).append(name));
            text.append(BETWEEN_LISTS);
        });
        return text.toString();
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException if a name stands twice under one key
     */
    static Numbering parse(String text) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            List<String> words = new ArrayList<>(List.of(line.split(BETWEEN, -1)));
            String key = words.removeFirst();
            if (new HashSet<>(words).size() < words.size()) {
                throw new IllegalArgumentException("a name stands twice among the " + key);
            }
            names.put(key, words);
        }
        return new Numbering(names);
    }
}
