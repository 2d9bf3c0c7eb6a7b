// The portable driver's own tests, in C, with and without sanitizers: each of them is a test here.
package org.scmid.system;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class RingDriverTest {
    @TestFactory
    Stream<DynamicTest> theDriverHoldsAgainstAServerThatDoesWhatARealOneNeverDoes() {
        return Stream.of("driver-test", "driver-test-sanitized", "driver-test-threads")
                .flatMap(program -> TestProgram.testsOf(Programs.ring(), program, 11));
    }
}
