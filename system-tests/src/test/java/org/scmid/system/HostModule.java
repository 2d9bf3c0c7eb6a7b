// The kernel module that makes an SCMI platform of its own kernel, and what its tests share out.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** For all machines that run {@code guests/host-module/test/contract.c}. */
final class HostModule {
    /** The hardware of variables, a consumer of its clock, and the node with the file of the test program. */
    static final String TEST_NODES = """
            &{/} {
                test_osc: test-osc {
                    compatible = "fixed-clock";
                    #clock-cells = <0>;
                    clock-frequency = <24000000>;
                };
                test_hardware: test-hardware {
                    compatible = "scmid,test-hardware";
                    #clock-cells = <0>;
                    #reset-cells = <1>;
                    #power-domain-cells = <1>;
                    clocks = <&test_osc>;
                    test_core: adjustable {
                        regulator-name = "test-core";
                        regulator-min-microvolt = <850000>;
                        regulator-max-microvolt = <1150000>;
                    };
                };
                test-consumer {
                    compatible = "scmid,test-consumer";
                    clocks = <&test_hardware>;
                    clock-names = "a";
                };
                scmid-host-test {
                    compatible = "scmid,host-platform";
                    label = "test";
                    clocks = <&test_osc>, <&test_hardware>;
                    clock-names = "osc", "divided";
                    power-domains = <&test_hardware 0>, <&test_hardware 1>;
                    power-domain-names = "gpu", "video";
                    resets = <&test_hardware 0>, <&test_hardware 1>;
                    reset-names = "gpu", "video";
                    core-supply = <&test_core>;
                };
            };
            """;

    private HostModule() {}

    /** The test program's tests, each by its own name. */
    static Stream<DynamicTest> testsOf(LinuxGuest.Result run) {
        Stream<DynamicTest> tests = run.output()
                .lines()
                .filter(line -> line.matches("(ok|FAILED) .*"))
                .map(line -> dynamicTest(
                        line.replaceFirst("^\\S+\\s+", ""), () -> assertTrue(line.startsWith("ok "), run.output())));
        DynamicTest all = dynamicTest("the program ends well", () -> {
            assertEquals(0, run.status(), run.output());
            assertTrue(run.output().contains("ok "), run.output());
        });
        return Stream.concat(tests, Stream.of(all));
    }

    /** What a kernel says of mistakes that it has found in itself must not be there. */
    static void assertKernelFindsNothing(Function<String, LinuxGuest.Result> machine) {
        String log = machine.apply("dmesg").ok();
        String wrong =
                "WARNING|BUG|INFO: |possible |Oops|Call trace|inconsistent lock|sleeping function|REDZONE|Poison|"
                        + "use-after|unable to handle|blocked for more|suspicious RCU|not held";
        String found = machine.apply("dmesg | grep -E '" + wrong + "'").output();
        assertEquals("", found, log);
    }
}
