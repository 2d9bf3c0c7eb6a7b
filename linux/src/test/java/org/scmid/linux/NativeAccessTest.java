// What a user reads whose Java may not call the C library.
package org.scmid.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NativeAccessTest {
    /** Started in a Java of its own. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                try {
                    NativeAccess.require();
                    System.out.println("allowed");
                } catch (IllegalStateException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    @Test
    void deniedAccessNamesTheFlagEveryTime() throws Exception {
        String line = "Java may not call the C library: start it with --enable-native-access=ALL-UNNAMED\n";
        assertEquals(line + line, ChildJava.run(Probe.class, "--illegal-native-access=deny"));
    }

    @Test
    void allowedAccessWorksWithoutAWarning() throws Exception {
        assertEquals("allowed\nallowed\n", ChildJava.run(Probe.class, "--enable-native-access=ALL-UNNAMED"));
    }
}
