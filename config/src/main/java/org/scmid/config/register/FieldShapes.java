// The words by which all parts of a board file say where a field is.
package org.scmid.config.register;

import java.util.LinkedHashMap;
import java.util.Map;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.BitRange;
import org.scmid.config.shape.Values.Register;

/** The words by which all parts of a board file say where a field is, and what a bit means. */
public final class FieldShapes {
    private FieldShapes() {}

    /** A level of a bit: high is 1. */
    public static final Value<Boolean> LEVEL = Values.named("level-of-a-bit", Values.choice(levels()));

    public static final Key<Register> REGISTER =
            Key.required("register", Values.REGISTER_REF, "The register: window and byte offset, such as `cru+0x10`.");
    public static final Key<Register> REGISTER_IF_ANY =
            Key.optional("register", Values.REGISTER_REF, "The register: window and byte offset, such as `cru+0x10`.");
    public static final Key<BitRange> BITS =
            Key.optional("bits", Values.BITS, "The field's highest and lowest bit, such as `9..8`.");
    public static final Key<BitRange> BIT = Key.optional("bit", Values.BIT, "The field's bit if it is only one.");

    private static Map<String, Boolean> levels() {
        Map<String, Boolean> levels = new LinkedHashMap<>();
        levels.put("high", true);
        levels.put("low", false);
        return levels;
    }
}
