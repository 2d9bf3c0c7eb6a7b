// The type of a key's value: how it is read, and how the JSON schema describes it.
package org.scmid.config.shape;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Malformed;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;

/**
 * The type of a key's value: how it is read, and how the JSON schema describes it.
 *
 * @param <T> what it is read as
 */
public interface Value<T> {

    /** The value, or null if it is wrong and the problems say so. */
    @Nullable
    T read(Node node, Context context);

    /** The JSON schema of the value; shapes are put into the definitions and referred to. */
    Map<String, Object> schema(Definitions definitions);

    /** What a value is read for. Its name is put together only when a message needs it: most files are right. */
    final class Context {
        private final @Nullable String noun;
        private final @Nullable String key;
        private final @Nullable Context outer;
        private final Place owner;
        private final Problems problems;

        private Context(
                @Nullable String noun, @Nullable String key, @Nullable Context outer, Place owner, Problems problems) {
            this.noun = noun;
            this.key = key;
            this.outer = outer;
            this.owner = owner;
            this.problems = problems;
        }

        /** The context of a whole file. */
        public static Context of(String what, Place owner, Problems problems) {
            return new Context(what, null, null, owner, problems);
        }

        /** The name of the value in messages: {@code `fixed` of clock `osc`}. */
        String what() {
            String name = (noun == null ? "" : noun)
                    + (noun == null || key == null ? "" : " ")
                    + (key == null ? "" : Problems.quote(key));
            return outer == null ? name : name + " of " + outer.what();
        }

        /** Where the value's key is, for what is missing in the value. */
        Place owner() {
            return owner;
        }

        Problems problems() {
            return problems;
        }

        public void problem(Place place, String message) {
            problems.add(place, what() + " " + message);
        }

        void malformed(Node.Text text, Malformed malformed) {
            problems.add(text.place(), what() + ": " + Problems.quote(text.value()) + " " + malformed.reason());
        }

        /** The same value's part at another place. */
        Context at(Place place) {
            return new Context(noun, key, outer, place, problems);
        }

        /** The value of a key of this mapping. */
        public Context part(String name, Place place) {
            return new Context(null, name, this, place, problems);
        }

        /** A numbered part of this mapping: {@code table entry `0` of `divider` of clock `osc`}. */
        Context numbered(String thing, String number, Place place) {
            return new Context(thing, number, outer == null ? this : outer, place, problems);
        }

        /** A thing with a name of its own, which says enough: {@code clock `osc`}. */
        Context named(String thing, String name, Place place) {
            return new Context(thing, name, null, place, problems);
        }
    }

    /** Takes the definitions that a schema refers to. */
    interface Definitions {
        /** A reference to the shape's definition, which is added if it is not there yet. */
        Map<String, Object> reference(Shape shape);

        /**
         * A reference to a definition, which is added if it is not there yet.
         *
         * @param name stands for this schema everywhere
         */
        Map<String, Object> reference(String name, Map<String, Object> schema);
    }
}
