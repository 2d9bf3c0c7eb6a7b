// A test program in C that writes one line for each of its tests: each of them is a test here.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

final class TestProgram {
    private TestProgram() {}

    /** Runs a program of that folder to its end. It must have at least so many tests. */
    static Stream<DynamicTest> testsOf(Path folder, String program, int least) {
        try (Console console =
                Console.start(program, List.of(folder.resolve(program).toString()))) {
            int status = console.awaitEnd();
            Deadline.await("its output was read", () -> console.isRead());
            String text = console.text();
            List<DynamicTest> tests = text.lines()
                    .filter(line -> line.matches("(ok|FAILED|failed|not ok) .*"))
                    .map(line -> dynamicTest(
                            program + ": " + line.replaceFirst("^\\S+\\s+", ""),
                            () -> assertTrue(line.startsWith("ok "), text)))
                    .toList();
            DynamicTest all = dynamicTest(program + " ends well", () -> {
                assertEquals(0, status, text);
                assertTrue(tests.size() >= least, text);
            });
            return Stream.concat(tests.stream(), Stream.of(all));
        }
    }
}
