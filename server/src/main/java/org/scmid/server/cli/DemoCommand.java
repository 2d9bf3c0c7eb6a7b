// scmid demo: a real Linux guest shows the resources that it got.
package org.scmid.server.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.scmid.server.demo.Demo;
import org.scmid.server.guest.QemuOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Boots a Linux guest in QEMU and shows its resources beside the server's.",
            "The board is the built-in demo board, simulated; with --coprocessor the clocks are those of a microcontroller"
                    + " that QEMU emulates too. The guest is built on first use, which takes some minutes, and kept."
        })
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--coprocessor",
            description = "The guest's clocks are a microcontroller's, which is asked on a serial line.")
    private boolean coprocessor;

    @Option(names = "--shell", description = "Leaves a shell in the guest at the end; `poweroff` ends it.")
    private boolean shell;

    @Option(
            names = "--bus",
            paramLabel = "BUS",
            description =
                    "The bus on which the guest finds the device: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.",
            defaultValue = "pci")
    @SuppressWarnings("NullAway.Init") // picocli's
    private QemuOptions.Bus bus;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Logging.onlyWarnings(); // the demo tells what happens in its own words
        String home = System.getProperty("scmid.home");
        Demo.run(
                new Demo.Options(coprocessor, shell, bus, home == null ? null : Path.of(home)),
                spec.commandLine().getOut());
        return 0;
    }
}
