// Whether this Java may do system calls at all.
package org.scmid.linux;

import org.jspecify.annotations.Nullable;

/** The check to make first: whether Java runs where this package works, and was allowed to call the C library. */
public final class NativeAccess {
    /** Found out once: a class that could not be linked does not say why a second time. */
    private static final @Nullable String PROBLEM = problem();

    private NativeAccess() {}

    /**
     * Links the C library, or says what is missing.
     *
     * @throws IllegalStateException with a text for the user: not Linux on x86-64 or aarch64, a C library that is too
     *     old, or native access that is denied, with the flag that allows it
     */
    public static void require() {
        if (PROBLEM != null) {
            throw new IllegalStateException(PROBLEM);
        }
    }

    private static @Nullable String problem() {
        String system = System.getProperty("os.name");
        String machine = System.getProperty("os.arch");
        if (!system.equals("Linux") || !(machine.equals("amd64") || machine.equals("aarch64"))) {
            return "Linux on x86-64 or aarch64 is needed, this is " + system + " on " + machine;
        }
        try {
            LibC.fcntl(0, LibC.F_GETFL, 0);
            return null;
        } catch (ExceptionInInitializerError e) {
            if (e.getCause() instanceof IllegalStateException cause) {
                return cause.getMessage();
            }
            throw e;
        }
    }
}
