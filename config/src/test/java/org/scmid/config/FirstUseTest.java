// Whatever a process loads first must not decide whether it can be loaded.
package org.scmid.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.config.document.ConfigException;

final class FirstUseTest {
    /** Loads one thing in a fresh process, where no class is initialised yet. */
    public static final class Loader {
        private Loader() {}

        public static void main(String[] arguments) throws ConfigException {
            switch (arguments[0]) {
                case "board" -> ConfigFiles.builtInBoard("demo");
                case "service" -> ConfigFiles.builtInService(Path.of("run"));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"board", "service"})
    void aFreshProcessMayBeginWithEither(String what) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Loader.class.getName(),
                        what)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }
}
