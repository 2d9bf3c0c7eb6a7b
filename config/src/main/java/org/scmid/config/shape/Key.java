// One key of a mapping: its name, type, default and meaning.
package org.scmid.config.shape;

import org.jspecify.annotations.Nullable;

/**
 * One key of a mapping.
 *
 * @param name as it is written
 * @param value its type
 * @param doc its meaning in one sentence, for editors
 * @param required whether the mapping must have it
 * @param absent what it is read as if it is not there; null if that is nothing in particular
 * @param absentText the default as it would be written; null if there is none
 * @param <T> what its value is read as
 */
public record Key<T>(
        String name,
        Value<T> value,
        String doc,
        boolean required,
        @Nullable T absent,
        @Nullable Object absentText) {

    public static <T> Key<T> optional(String name, Value<T> value, String doc) {
        return new Key<>(name, value, doc, false, null, null);
    }

    public static <T> Key<T> required(String name, Value<T> value, String doc) {
        return new Key<>(name, value, doc, true, null, null);
    }

    /** An optional key with a default, which is also given as it would be written. */
    public static <T> Key<T> withDefault(String name, Value<T> value, T absent, Object absentText, String doc) {
        return new Key<>(name, value, doc, false, absent, absentText);
    }

    /** Keys are looked up for every value of a file; the other components would not tell many apart. */
    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
