// What a board file may say about its windows of registers.
package org.scmid.config.register;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.scmid.config.document.Malformed;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Named;

/** What a board file may say about its windows of registers. */
public final class RegisterShapes {
    private RegisterShapes() {}

    /** Keys of a register window. */
    public static final class Window {
        static final Key<Long> AT = Key.optional("at", Values.NUMBER, "Physical address of the first register.");
        static final Key<Long> SIZE =
                Key.required("size", Values.SIZE, "Length of the window in bytes, such as `4 KiB`.");
        static final Key<Integer> WIDTH =
                Key.withDefault("width", Values.choice(widths()), 32, 32, "Width of the registers in bits.");
        public static final Key<Access> ACCESS = Key.withDefault(
                "access",
                QtestShapes.orWord(Values.scalar(
                        RegisterShapes::access,
                        Map.of("type", "string", "pattern", "^(devmem|simulated|uio:.+|file:.+|qtest:.+)$"))),
                new Access.Devmem(),
                "devmem",
                "How the registers are reached: devmem, uio:NAME, file:PATH, qtest:SOCKET or simulated.");
        static final Key<Long> WRITE_KEY = Key.optional(
                "write-key", Values.NUMBER, "Bits that are set in every word that is written (a password).");
        static final Key<Long> WRITE_MASK_SHIFT = Key.optional(
                "write-mask-shift",
                Values.positive(63),
                "Every write also sets the mask of the bits it changes, shifted left by this; 16 for Rockchip.");
        static final Key<List<Named<Long, Long>>> INITIAL = Key.optional(
                "initial",
                Values.numberMap("initial value at", Long.MAX_VALUE, Values.NUMBER),
                "Values by byte offset that a simulated window starts with; others are 0.");

        static final Shape SHAPE = new Shape(
                "register window",
                "A window of registers of one width.",
                AT,
                SIZE,
                WIDTH,
                ACCESS,
                WRITE_KEY,
                WRITE_MASK_SHIFT,
                RuleShapes.Window.WRITE_TWICE,
                RuleShapes.Window.BIG_ENDIAN,
                RuleShapes.Window.UNLOCK,
                RuleShapes.Window.RELOCK,
                RuleShapes.Window.RULES,
                RuleShapes.Window.SHARE_WITH_KERNEL,
                INITIAL);

        private Window() {}
    }

    /** The windows, by name. */
    public static Value<List<Named<String, Fields>>> windows() {
        return Values.map(
                "register window",
                RegisterShapes::windowName,
                Map.of("pattern", "^[A-Za-z_][A-Za-z0-9_.-]{0,62}$"),
                Window.SHAPE);
    }

    /**
     * Reads {@code devmem}, {@code uio:NAME}, {@code file:PATH}, {@code qtest:SOCKET} or {@code simulated}; the path stays
     * relative.
     */
    static Access access(String text) throws Malformed {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String rest = colon < 0 ? "" : text.substring(colon + 1).strip();
        boolean named = !rest.isEmpty();
        if (kind.equals("devmem") && colon < 0) {
            return new Access.Devmem();
        }
        if (kind.equals("simulated") && colon < 0) {
            return new Access.Simulated();
        }
        if (kind.equals("uio") && named) {
            return new Access.Uio(rest);
        }
        if (kind.equals("file") && named) {
            Path path = Values.path(rest);
            return new Access.File(path);
        }
        if (kind.equals("qtest") && named) {
            Path socket = Values.path(rest);
            return new Access.Qtest(socket);
        }
        throw new Malformed(
                "is not known; allowed are `devmem`, `uio:NAME`, `file:PATH`, `qtest:SOCKET` and `simulated`");
    }

    private static String windowName(String text) throws Malformed {
        if (!text.matches("[A-Za-z_][A-Za-z0-9_.-]{0,62}")) {
            throw new Malformed("is not a name of a register window: letters, digits, `_`, `-` and `.` are allowed, "
                    + "and a letter must be first");
        }
        return text;
    }

    private static Map<String, Integer> widths() {
        Map<String, Integer> widths = new LinkedHashMap<>();
        for (int width : List.of(8, 16, 32, 64)) {
            widths.put(Integer.toString(width), width);
        }
        return widths;
    }
}
