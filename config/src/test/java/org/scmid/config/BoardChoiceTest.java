// `board: auto` finds the board of the machine that it runs on, and says why, or what there would be.
package org.scmid.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.BoardChoice;
import org.scmid.config.board.MachineIdentity;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problem;
import org.scmid.config.service.BoardRef;

class BoardChoiceTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path service;

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    @BeforeEach
    void writeService() throws IOException {
        service = folder.resolve("service.yaml");
        write("service.yaml", "board: auto\nagents: { a: { transport: socket, socket: a.sock } }\n");
    }

    private void deviceTree(String... names) throws IOException {
        write("root/sys/firmware/devicetree/base/compatible", String.join("\0", names) + "\0");
    }

    private void smbios(String vendor, String product, String board) throws IOException {
        write("root/sys/class/dmi/id/sys_vendor", vendor + "\n");
        write("root/sys/class/dmi/id/product_name", product + "\n");
        write("root/sys/class/dmi/id/board_name", board + "\n");
    }

    private void board(String file, String name, String keys) throws IOException {
        write("boards/" + file, "board: " + name + "\n" + keys + "\nclocks: { osc: { fixed: 1 MHz } }\n");
    }

    private BoardRef chosen() throws ConfigException {
        ConfigFile read = ConfigFiles.load(service, Path.of("/run/scmid"), folder.resolve("root"));
        return ((ConfigFile.OfService) read).service().board();
    }

    private List<Problem> refused() {
        return assertThrows(ConfigException.class, this::chosen).problems();
    }

    @Test
    void theMostSpecificNameOfTheDeviceTreeCounts() throws Exception {
        board("soc.yaml", "any-soc", "compatible: [\"vendor,soc\"]");
        board("mine.yaml", "mine", "compatible: [\"vendor,other\", \"vendor,mine\"]");
        deviceTree("vendor,mine", "vendor,soc");
        BoardRef board = chosen();
        assertEquals("mine", board.board().name());
        assertEquals(new BoardChoice("boards/mine.yaml", "the device tree says `vendor,mine`"), board.choice());
        assertEquals("auto", board.reference());

        deviceTree("vendor,third", "vendor,soc");
        assertEquals("any-soc", chosen().board().name());
    }

    @Test
    void aBuiltInBoardIsFoundAndOneInTheFolderIsPreferred() throws Exception {
        deviceTree("scmid,demo");
        assertEquals("demo", chosen().board().name());
        assertEquals(
                new BoardChoice("demo", "the device tree says `scmid,demo`"),
                BoardChoice.builtIn(MachineIdentity.of(folder.resolve("root"))));
        board("demo2.yaml", "my-demo", "compatible: [\"scmid,demo\"]");
        assertEquals("my-demo", chosen().board().name());
    }

    @Test
    void smbiosCountsWhereTheDeviceTreeSaysNothing() throws Exception {
        board("box.yaml", "box", "smbios: [{ vendor: Acme, product: Box 1 }, { board: B-77 }]");
        smbios("Acme", "Box 1", "B-1");
        assertEquals("box", chosen().board().name());
        assertEquals(
                "SMBIOS says vendor `Acme`, product `Box 1`",
                Objects.requireNonNull(chosen().choice()).reason());
        smbios("Other", "Box 2", "B-77");
        assertEquals("box", chosen().board().name());
        smbios("Acme", "Box 2", "B-1");
        assertTrue(refused().getFirst().message().contains("SMBIOS says vendor `Acme`, product `Box 2`, board `B-1`"));
    }

    @Test
    void whereNoneMatchesItIsSaidWhatTheMachineIsAndWhatBoardsThereAre() throws Exception {
        board("mine.yaml", "mine", "compatible: [\"vendor,mine\"]");
        write("boards/broken.yaml", "board: [\n");
        write("boards/part.yaml", "clocks: { osc: { fixed: 1 Hz } }\n");
        deviceTree("vendor,unknown", "vendor,soc");
        List<Problem> problems = refused();
        assertEquals(1, problems.size(), problems::toString);
        assertEquals(new Place(service.toString(), 1, 8), problems.getFirst().place());
        String message = problems.getFirst().message();
        for (String word : List.of(
                "its device tree says `vendor,unknown` and `vendor,soc`",
                "`boards/broken.yaml (cannot be read)`",
                "`boards/mine.yaml`",
                "`demo`",
                folder.resolve("boards").toString())) {
            assertTrue(message.contains(word), () -> "no " + word + " in " + message);
        }
        assertTrue(!message.contains("part.yaml"), message);
    }

    @Test
    void aMachineThatSaysNothingIsSaidToBeOne() {
        assertTrue(refused().getFirst().message().contains("neither a device tree nor SMBIOS"));
    }

    @Test
    void twoBoardsForOneMachineAreNotChosenFrom() throws Exception {
        board("a.yaml", "a", "compatible: [\"vendor,mine\"]");
        board("b.yaml", "b", "compatible: [\"vendor,mine\"]");
        deviceTree("vendor,mine");
        String message = refused().getFirst().message();
        assertTrue(message.contains("`boards/a.yaml` and `boards/b.yaml`") && message.contains("name one"), message);
    }

    @Test
    void mistakesOfTheChosenBoardAreReportedInItsFile() throws Exception {
        board("a.yaml", "a", "compatible: [\"vendor,mine\"]\ncolour: red");
        deviceTree("vendor,mine");
        Problem problem = refused().getFirst();
        assertEquals(new Place(folder.resolve("boards/a.yaml").toString(), 3, 1), problem.place());
    }

    @Test
    void whatABoardIncludesSaysForWhichMachinesItIs() throws Exception {
        write("socs/soc.yaml", "compatible: [\"vendor,soc\"]\nclocks: { osc: { fixed: 1 Hz } }\n");
        write("boards/b.yaml", "include: ../socs/soc.yaml\nboard: b\n");
        deviceTree("vendor,soc");
        assertEquals("b", chosen().board().name());
    }
}
