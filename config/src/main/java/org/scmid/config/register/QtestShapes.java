// What a file may say about a QEMU whose registers are used, and how it is read.
package org.scmid.config.register;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Node;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;

/** What a file may say about a QEMU whose registers are used, where {@code qtest:SOCKET} does not say enough. */
public final class QtestShapes {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    static final Key<Path> SOCKET =
            Key.required("qtest", Values.PATH, "The socket at which QEMU gives access to its machine's registers.");
    static final Key<Duration> TIMEOUT = Key.withDefault(
            "timeout",
            Values.DURATION,
            Access.Qtest.USUAL_TIMEOUT,
            "500 ms",
            "How long QEMU may take for an access, 1 ms to 30 s; nobody else is served meanwhile.");
    static final Shape SHAPE =
            new Shape("qtest access", "A QEMU that models the hardware, and how long it may take.", SOCKET, TIMEOUT);

    private QtestShapes() {}

    /** An access that is a word, or a mapping if it is a QEMU's. */
    static Value<Access> orWord(Value<Access> word) {
        return new QtestOrWord(word);
    }

    /** Whether a mapping is one access, and not accesses by the names of windows. */
    public static boolean isAccess(Node.Mapping mapping) {
        return mapping.entries().containsKey(SOCKET.name());
    }

    private record QtestOrWord(Value<Access> word) implements Value<Access> {
        @Override
        public @Nullable Access read(Node node, Context context) {
            if (!(node instanceof Node.Mapping)) {
                return word.read(node, context);
            }
            Fields fields = SHAPE.read(node, context);
            Path socket = fields == null ? null : fields.get(SOCKET);
            if (fields == null || socket == null || !fields.sound()) {
                return null;
            }
            Duration timeout = fields.get(TIMEOUT, Access.Qtest.USUAL_TIMEOUT);
            if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
                context.problem(
                        fields.place(TIMEOUT),
                        "has `timeout: " + fields.text(TIMEOUT) + "`; write 1 ms to 30 s, or leave it out for 500 ms");
                return null;
            }
            return new Access.Qtest(socket, timeout);
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            return Map.of("anyOf", List.of(word.schema(definitions), definitions.reference(SHAPE)));
        }
    }
}
