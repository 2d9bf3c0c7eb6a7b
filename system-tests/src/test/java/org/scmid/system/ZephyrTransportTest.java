// The Zephyr module's transport against fakes of Zephyr's SCMI subsystem as it has been, with sanitizers, and the
// sample
// compiled against each of them. Zephyr itself is not needed.
package org.scmid.system;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ZephyrTransportTest {
    @TestFactory
    Stream<DynamicTest> theTransportServesEachSubsystemThatIsKnown() {
        return Stream.of("4.0", "4.4", "2026", "ivshmem")
                .flatMap(subsystem -> TestProgram.testsOf(Programs.zephyr(), "transport-test-" + subsystem, 8));
    }
}
