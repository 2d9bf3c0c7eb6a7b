// The portable driver's own tests, in C, with and without sanitizers: each of them is a test here.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class RingDriverTest {
    private static final List<String> PROGRAMS = List.of("driver-test", "driver-test-sanitized", "driver-test-threads");

    @TestFactory
    Stream<DynamicTest> theDriverHoldsAgainstAServerThatDoesWhatARealOneNeverDoes() {
        return PROGRAMS.stream().flatMap(RingDriverTest::testsOf);
    }

    private static Stream<DynamicTest> testsOf(String program) {
        try (Console console =
                Console.start(program, List.of(Programs.ring().resolve(program).toString()))) {
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
                assertTrue(tests.size() > 10, text);
            });
            return Stream.concat(tests.stream(), Stream.of(all));
        }
    }
}
