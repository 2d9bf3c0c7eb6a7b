// What a guest sees is what `scmid tree` prints.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag(LinuxGuest.TESTS)
@Tag(LinuxGuest.SAMPLE)
final class GuestSeesItsClocksTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"pci", "mmio"})
    void aGuestSeesEveryClockWithNameRateAndParentsAsTheTreeHasThem(String bus) {
        TestBoard board = TestBoard.withOneAgent(folder, "listen");
        var tree = new JsonArray(
                Scmid.command("tree", board.board, "--format", "json").ok());
        try (Scmid scmid = board.run();
                LinuxGuest guest = board.boot("linux", bus)) {
            assertEquals(6, tree.size());
            for (int i = 0; i < tree.size(); i++) {
                JsonObject clock = tree.getJsonObject(i);
                String folder = "/sys/kernel/debug/clk/" + clock.getString("name");
                assertEquals(
                        clock.getLong("rate_hz").toString(),
                        guest.run("cat " + folder + "/clk_rate").ok().strip());
                assertEquals(clock.getJsonArray("parents").getList(), possibleParents(guest, folder));
                String parent = guest.run("cat " + folder + "/clk_parent 2>/dev/null || true")
                        .ok()
                        .strip();
                assertEquals(Objects.requireNonNullElse(clock.getString("parent"), ""), parent);
            }
            assertTrue(scmid.pid() > 0);
        }
    }

    private static List<String> possibleParents(LinuxGuest guest, String folder) {
        // Linux has this file only for a clock with several parents; with one the parent says it all.
        String names = guest.run("cat " + folder + "/clk_possible_parents 2>/dev/null || cat " + folder
                        + "/clk_parent 2>/dev/null || true")
                .ok()
                .strip();
        return names.isEmpty() ? List.of() : List.of(names.split(" "));
    }
}
