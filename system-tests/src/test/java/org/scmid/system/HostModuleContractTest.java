// The kernel module's file, by a program in C, on the guests' kernels.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.server.guest.GuestException;
import org.scmid.server.guest.GuestImages;

/** Each time with a module that was built for that kernel. {@link HostModuleTest} has it where locks are checked, too. */
@Tag(LinuxGuest.TESTS)
@Tag(LinuxGuest.SAMPLE)
final class HostModuleContractTest {
    @TestFactory
    Stream<DynamicTest> theFileKeepsItsPromises(@TempDir Path folder) throws GuestException {
        Path kernel = GuestImages.takeOrBuild(Programs.of(".")).kernel();
        Path module = Programs.hostModule(kernel.resolveSibling("."));
        GuestImages images = new GuestImages(kernel, module.resolve("initramfs.cpio.gz"));
        Path tree = GuestImages.deviceTree("/dts-v1/;\n/plugin/;\n" + HostModule.TEST_NODES, LinuxGuest.MEMORY, folder);
        List<String> command = images.bootCommand(tree, "quiet scmid.mode=test");
        try (LinuxGuest guest = LinuxGuest.launch("host-module", folder, command)) {
            guest.awaitReady();
            guest.run("insmod /host/host_test.ko && insmod /host/scmid_host.ko").ok();
            String log = guest.run("dmesg | grep scmid-host").output();
            assertTrue(
                    log.contains("/dev/scmid-host-test shares 2 clocks, 2 power domains, 2 resets and 1 supplies"),
                    log);
            LinuxGuest.Result run = guest.run("/host/contract");
            HostModule.assertKernelFindsNothing(guest::run);
            return HostModule.testsOf(run);
        }
    }
}
