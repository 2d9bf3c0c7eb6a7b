// A Java of its own, for what cannot be tried in the one that runs the tests.
package org.scmid.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Runs a main class of the tests with other flags. */
final class ChildJava {
    private ChildJava() {}

    /** What it printed, on both outputs; native access is allowed unless the flag is about that. */
    static String run(Class<?> main, String flag) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String access = flag.contains("native-access") ? flag : "--enable-native-access=ALL-UNNAMED";
        String classPath = System.getProperty("java.class.path");
        Process process = new ProcessBuilder(java, flag, access, "-cp", classPath, main.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
