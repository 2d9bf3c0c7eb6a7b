// The command line: exit codes, help, and what is said when something is wrong.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.config.ConfigFiles;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

class MainTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    static Stream<CommandSpec> commands() {
        List<CommandSpec> all = new ArrayList<>();
        collect(Main.commandLine(), all);
        return all.stream();
    }

    private static void collect(CommandLine commandLine, List<CommandSpec> into) {
        into.add(commandLine.getCommandSpec());
        commandLine.getSubcommands().values().forEach(below -> collect(below, into));
    }

    private static Object[] words(CommandSpec command, String last) {
        return (command.qualifiedName() + " " + last).replaceFirst("scmid ", "").split(" ", -1);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfInSentences(CommandSpec command) {
        String help = Invocation.of(words(command, "--help")).ok();
        assertTrue(help.startsWith("Usage: " + command.qualifiedName()), help);
        assertFalse(help.contains("<"), help);
        for (String sentence : command.usageMessage().description()) {
            assertTrue(sentence.endsWith("."), sentence);
        }
        for (ArgSpec argument : command.args()) {
            if (!argument.hidden()) {
                assertTrue(argument.description()[0].matches("(?s)[A-Z].*\\."), argument.description()[0]);
            }
        }
        assertEquals("scmid 0.1.0\n", Invocation.of(words(command, "--version")).ok());
    }

    @Test
    void theListOfCommandsHasAShortSentenceForEach() {
        for (CommandLine command : Main.commandLine().getSubcommands().values()) {
            String first = command.getCommandSpec().usageMessage().description()[0];
            assertTrue(first.endsWith(".") && first.length() < 80, first);
        }
    }

    @Test
    void wrongUsageIsExitCode2AndSaysWhereHelpIs() {
        String errors = Invocation.of("chek", "x.yaml").failed(2);
        assertTrue(errors.contains("'chek'") && errors.contains("scmid check"), errors);
        errors = Invocation.of().failed(2);
        assertTrue(errors.contains("a command is missing") && errors.contains("`scmid --help`"), errors);
        errors = Invocation.of("check").failed(2);
        assertTrue(errors.contains("FILE") && errors.contains("`scmid check --help`"), errors);
        errors = Invocation.of("tree", "demo", "--format", "png").failed(2);
        assertTrue(errors.contains("png") && errors.contains("svg"), errors);
        errors = Invocation.of("tree", "demo", "--fromat", "svg").failed(2);
        assertTrue(errors.contains("--fromat") && errors.contains("--help"), errors);
        assertTrue(Invocation.of("tree").failed(2).contains("BOARD"));
        assertTrue(Invocation.of("guest").failed(2).contains("dts or qemu"));
        assertTrue(Invocation.of("guest", "dts", "x").failed(2).contains("AGENT"));
        assertTrue(Invocation.of("ctl").failed(2).contains("clocks, sensors, agents, health, metrics or power"));
        assertTrue(Invocation.of("ctl", "power", "linux").failed(2).contains("STATE"));
        assertTrue(Invocation.of("ctl", "power", "linux", "off").failed(2).contains("`off` is not shutdown"));
        assertTrue(Invocation.of("ctl", "power", "linux", "suspend", "--forceful", "--timeout", "1s")
                .failed(2)
                .contains("--timeout is for a graceful shutdown; leave it out with --forceful"));
        assertTrue(Invocation.of("ctl", "power", "linux", "cold-reset", "--timeout", "1s")
                .failed(2)
                .contains("--timeout is for a graceful shutdown; leave it out with cold-reset"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "host:", ":80", "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4:999999", "http://x:1"})
    void anAddressThatIsNoneIsWrongUsage(String address) {
        String errors = Invocation.of("ctl", "health", "--at", address).failed(2);
        assertTrue(errors.contains("`" + address + "` is not HOST:PORT, for example 127.0.0.1:8080"), errors);
    }

    @Test
    void aFaultOfOurOwnIsExitCode70() {
        var errors = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.addSubcommand("fail", new Failing()).setErr(new PrintWriter(errors));
        assertEquals(70, commandLine.execute("fail"));
        assertTrue(errors.toString().startsWith("scmid: a fault in scmid itself; please report it"), errors::toString);
        assertTrue(errors.toString().contains("the reason"), errors::toString);
    }

    @CommandLine.Command
    static final class Failing implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("the reason");
        }
    }

    @Test
    void boardsListsEachWithWhatItHas() {
        String listed = Invocation.of("boards").ok();
        assertEquals(2L * ConfigFiles.builtInBoards().size(), listed.lines().count());
        assertTrue(
                listed.matches("(?s)demo +a small simulated .*\\n +[0-9]+ clocks, [0-9]+ power domains, .*"), listed);
    }

    @Test
    void aTreeIsDrawnByNameAndByPath() throws Exception {
        assertTrue(Invocation.of("tree", "demo").ok().startsWith("demo\nosc "));
        Path file = Files.writeString(folder.resolve("b.yaml"), "board: mine\nclocks: { osc: { fixed: 24 MHz } }\n");
        assertEquals("mine\nosc  24 MHz  on\n", Invocation.of("tree", file).ok());
        var json = new JsonArray(Invocation.of("tree", file, "--format", "JSON").ok());
        assertEquals("osc", json.getJsonObject(0).getString("name"));
        assertTrue(Invocation.of("tree", file, "--format=dot").ok().startsWith("digraph"));
        assertTrue(Invocation.of("tree", file, "--format", "svg").ok().startsWith("<svg"));
    }

    @Test
    void aBoardThatThereIsNotIsSaidWithWhatIsLikeIt() {
        String errors = Invocation.of("tree", "demoo").failed(1);
        assertTrue(errors.contains("no board `demoo`") && errors.contains("did you mean `demo`?"), errors);
    }

    @Test
    void aFileOfTheOtherKindIsSaidInOneLine() throws Exception {
        Path board = Files.writeString(
                folder.resolve("b.yaml"),
                "# mine\nboard: mine\nregisters: { w: { at: 0, size: 4 } }\nclocks: { osc: { fixed: 24 MHz } }\n");
        String isBoard = board + ":2:1: this is a board file; `run` and `guest` take a service file, which names the"
                + " board: see docs/services.md\n";
        assertEquals(isBoard, Invocation.of("run", board).failed(1));
        assertEquals(isBoard, Invocation.of("guest", "dts", board, "linux").failed(1));
        Path service = service();
        String isService = ":1:1: this is a service file; name its board, or a board file: see docs/boards.md\n";
        assertEquals(service + isService, Invocation.of("tree", service).failed(1));
        Path twice = Files.writeString(
                folder.resolve("twice.yaml"), "board: ./service.yaml\nagents: { a: { transport: socket } }\n");
        assertTrue(Invocation.of("check", twice).failed(1).endsWith("service.yaml" + isService));
    }

    private Path service() throws Exception {
        return Files.writeString(folder.resolve("service.yaml"), """
                board: demo
                agents:
                  linux: { transport: vhost-user, socket: vm.sock, clocks: [uart0, osc: read] }
                  tools: { transport: socket, socket: tools.sock, clocks: all }
                """);
    }

    @Test
    void guestPrintsOverlayAndOptionsOfAnAgent() throws Exception {
        Path service = service();
        assertTrue(Invocation.of("guest", "dts", service, "linux").ok().contains("protocol@14"));
        assertTrue(Invocation.of("guest", "dts", service, "tools").ok().contains("protocol@14"));
        String options = Invocation.of("guest", "qemu", service, "linux").ok();
        assertTrue(options.contains(folder.resolve("vm.sock").toString()), options);
        assertTrue(options.contains("vhost-user-scmi-pci") && options.lines().count() == 1, options);
        options = Invocation.of("guest", "qemu", service, "linux", "--bus", "mmio", "--memory", "1G")
                .ok();
        assertTrue(options.contains("-m 1G") && options.contains("-device vhost-user-scmi,"), options);
    }

    @Test
    void guestSaysWhichAgentsThereAreAndWhatCannotBeAttached() throws Exception {
        Path service = service();
        String errors = Invocation.of("guest", "dts", service, "linus").failed(1);
        assertTrue(errors.contains("no agent `linus`") && errors.contains("linux, tools"), errors);
        errors = Invocation.of("guest", "qemu", service, "tools").failed(1);
        assertTrue(errors.contains("`tools` is not reached by vhost-user"), errors);
        errors = Invocation.of("guest", "qemu", service, "linux", "--memory", "lots")
                .failed(2);
        assertTrue(errors.contains("lots") && errors.contains("512M"), errors);
        errors = Invocation.of("guest", "dts", folder.resolve("none"), "x").failed(1);
        assertTrue(errors.contains("no such file"), errors);
    }
}
