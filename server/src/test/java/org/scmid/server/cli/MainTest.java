// The command line: exit codes, help, and what is said when something is wrong.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    /** A part of a drawing in a file must not be taken for all of it. */
    @ParameterizedTest
    @ValueSource(strings = {"boards", "--help", "tree demo", "tree demo --format json"})
    void outputThatADiskHasNoRoomForIsAFailure(String command) throws Exception {
        StringWriter errors = new StringWriter();
        try (OutputStream full = new FileOutputStream("/dev/full")) {
            assertEquals(1, Main.execute(full, new PrintWriter(errors), command.split(" ", -1)));
        }
        assertEquals("scmid: the output cannot be written: No space left on device\n", errors.toString());
    }

    /** {@code scmid boards | head -1}. */
    @Test
    void outputThatNobodyReadsToItsEndIsNoFailure() throws Exception {
        StringWriter errors = new StringWriter();
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertEquals(0, Main.execute(gone, new PrintWriter(errors), "boards"));
        assertEquals("", errors.toString());
    }

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
        assertTrue(
                Invocation.of("ctl").failed(2).contains("clocks, sensors, agents, upstreams, health, metrics, power"));
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
        assertEquals(2L * ConfigFiles.builtInBoards().size() + 1, listed.lines().count());
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
    void theBoardThatAutoChoosesIsSaidWithTheReason() throws Exception {
        String none = Invocation.of("boards", "--machine", folder).ok();
        assertTrue(
                none.endsWith("`board: auto` chooses none of these here: this machine has neither a device tree nor"
                        + " SMBIOS\n"),
                none);
        Path names = folder.resolve("sys/firmware/devicetree/base/compatible");
        Files.createDirectories(names.getParent());
        Files.writeString(names, "vendor,board\0scmid,demo\0");
        String demo = Invocation.of("boards", "--machine", folder).ok();
        assertTrue(demo.endsWith("`board: auto` chooses demo here, as the device tree says `scmid,demo`\n"), demo);
    }

    @Test
    void aTreeIsDrawnByADumpOfItsRegisters() throws Exception {
        Path board = Files.writeString(folder.resolve("b.yaml"), """
                board: mine
                registers:
                  cru: { at: 0x1000, size: 16 B, initial: { 0x4: 1 } }
                  pmic: { at: 0x2000, size: 4 B, width: 8 }
                clocks:
                  osc: { fixed: 24 MHz }
                  a: { parent: osc, divider: { register: cru, bits: 3..0, kind: linear } }
                  b: { parent: osc, divider: { register: cru+0x4, bits: 3..0, kind: linear } }
                  c: { parent: osc, divider: { register: pmic+0x1, bits: 3..0, kind: linear } }
                """);
        Path dump = Files.writeString(folder.resolve("regs.txt"), """
                # made with: for a in ...; do echo $a $(devmem $a); done
                0x00001000 0x00000002   # cru+0
                pmic+1: 7
                9000 1
                cru+2 1
                pmic+0 100
                nothing
                none+0 1
                0x1000 zz
                0x1000 0x3
                """);
        Invocation drawn = Invocation.of("tree", board, "--dump", dump);
        assertEquals(0, drawn.status());
        assertEquals("mine\nosc   24 MHz  on\n├─ a   6 MHz  on\n├─ b  12 MHz  on\n└─ c   3 MHz  on\n", drawn.output());
        String file = dump.toString();
        assertEquals(
                List.of(
                        file + ":4: no register window of the board has the address `9000`",
                        file + ":5: cru+0x2 is no register: those of `cru` have 32 bits",
                        file + ":6: 0x100 does not fit pmic+0x0, which has 8 bits",
                        file + ":7: `nothing` is no `ADDRESS VALUE`",
                        file + ":8: the board has no register window `none`",
                        file + ":9: `zz` is no hexadecimal number of at most 64 bits",
                        file + ":10: cru+0x0 was 0x2 before; the last value counts",
                        file + ": has 2 registers of the board; 1 that say something of its clocks are not there and"
                                + " have their initial values"),
                drawn.errors().lines().toList());

        Files.writeString(dump, "1000: 00000001 00000002\n2001 0\n");
        assertEquals(
                "mine\nosc   24 MHz  on\n├─ a  12 MHz  on\n├─ b   8 MHz  on\n└─ c  24 MHz  on\n",
                Invocation.of("tree", board, "--dump", dump).ok());

        assertTrue(Invocation.of("tree", board, "--dump", folder.resolve("none"))
                .failed(1)
                .contains("the dump cannot be read"));
        assertTrue(
                Invocation.of("tree", board, "--dump", dump, "--live").failed(2).contains("exclude each other"));
    }

    @Test
    void aDumpIsReadFromStandardInputButNotFromAPipeByItsName() throws Exception {
        Path board = Files.writeString(folder.resolve("b.yaml"), """
                board: mine
                registers:
                  cru: { at: 0x1000, size: 4 B }
                clocks:
                  osc: { fixed: 24 MHz }
                  a: { parent: osc, divider: { register: cru, bits: 3..0, kind: linear } }
                """);
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("1000 2\n1000 3\n".getBytes(StandardCharsets.US_ASCII)));
        try {
            Invocation drawn = Invocation.of("tree", board, "--dump", "-");
            assertEquals("mine\nosc   24 MHz  on\n└─ a   6 MHz  on\n", drawn.output());
            assertEquals("standard input:2: cru+0x0 was 0x2 before; the last value counts\n", drawn.errors());
        } finally {
            System.setIn(before);
        }

        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertEquals(
                "scmid: the dump cannot be read: " + pipe + " is a pipe, a socket or a device, and no file;"
                        + " `--dump -` reads standard input\n",
                assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Invocation.of("tree", board, "--dump", pipe))
                        .failed(1));
        assertEquals(
                "scmid: the dump cannot be read: " + folder + " is a directory\n",
                Invocation.of("tree", board, "--dump", folder).failed(1));
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
        errors = Invocation.of("guest", "dts", service, "tools").failed(1);
        assertEquals(
                "scmid: agent `tools` is reached by a socket, which is no device of a guest; there is an overlay for"
                        + " vhost-user, virtio-mmio and fat-virtqueue\n",
                errors);
        errors = Invocation.of("guest", "qemu", service, "linux", "--memory", "lots")
                .failed(2);
        assertTrue(errors.contains("lots") && errors.contains("512M"), errors);
        errors = Invocation.of("guest", "dts", folder.resolve("none"), "x").failed(1);
        assertTrue(errors.contains("no such file"), errors);
    }
}
