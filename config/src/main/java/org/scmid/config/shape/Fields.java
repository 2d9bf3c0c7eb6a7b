// A mapping that was read: the values of its keys and where they are.
package org.scmid.config.shape;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;

/** A mapping that was read by its shape. A key whose value is wrong is there, but has no value. */
public final class Fields {
    private final Value.Context context;
    private final Node.Mapping mapping;
    private final Map<Key<?>, Object> values;
    private final boolean sound;

    Fields(Value.Context context, Node.Mapping mapping, Map<Key<?>, Object> values, boolean sound) {
        this.context = context;
        this.mapping = mapping;
        this.values = values;
        this.sound = sound;
    }

    /** How messages name it: {@code `mux` of clock `uart`}. */
    public String what() {
        return context.what();
    }

    /** Where the key is whose value this is. */
    public Place owner() {
        return context.owner();
    }

    /** Whether the key was written, with a right value or a wrong one. */
    public boolean has(Key<?> key) {
        return mapping.entries().containsKey(key.name());
    }

    /** Whether something of this name was written, even if no key is called so. */
    public boolean has(String key) {
        return mapping.entries().containsKey(key);
    }

    /** Whether nothing was wrong in the mapping, nor in what is nested in it. */
    public boolean sound() {
        return sound;
    }

    /** The entries of a mapping as they were written; none if the value is no mapping. */
    public Map<String, Node.Entry> mapping(Key<?> key) {
        Node.Entry entry = mapping.entries().get(key.name());
        return entry != null && entry.value() instanceof Node.Mapping written ? written.entries() : Map.of();
    }

    /** The key's value, or its default if it was not written, or null. */
    public <T> @Nullable T get(Key<T> key) {
        // Only the key's own type puts values in, see Shape.read.
        @SuppressWarnings("unchecked")
        T value = (T) values.get(key);
        return value != null || has(key) ? value : key.absent();
    }

    /** The key's value, or what is given if it has none. */
    public <T> T get(Key<T> key, T otherwise) {
        T value = get(key);
        return value != null ? value : otherwise;
    }

    /** Where the value of a key is; where the mapping's own key is if it was not written. */
    public Place place(Key<?> key) {
        Node.Entry entry = mapping.entries().get(key.name());
        return entry == null ? owner() : entry.value().place();
    }

    public Place keyPlace(String key) {
        Node.Entry entry = mapping.entries().get(key);
        return entry == null ? owner() : entry.place();
    }

    /** A single value as it was written; empty if there is none. */
    public String text(Key<?> key) {
        Node.Entry entry = mapping.entries().get(key.name());
        return entry != null && entry.value() instanceof Node.Text text ? text.value() : "";
    }
}
