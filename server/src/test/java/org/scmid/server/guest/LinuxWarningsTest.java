// What `scmid guest dts` warns of is what a newer Linux trips over, and nothing else.
package org.scmid.server.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.config.ConfigFiles;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.Service;

class LinuxWarningsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private List<String> warnings(String sensors) throws Exception {
        Path board = folder.resolve("board.yaml");
        Files.writeString(board, """
                board: test
                registers: { soc: { at: 0x1000, size: 4 KiB, access: simulated } }
                clocks: { osc: { fixed: 24 MHz } }
                sensors:
                  core:   { unit: celsius, source: { register: soc+0x0, bits: 7..0 } }
                  supply: { unit: V, source: { register: soc+0x4, bits: 7..0 } }
                  case:   { unit: celsius, source: { register: soc+0x8, bits: 7..0 } }
                """);
        Path file = folder.resolve("service.yaml");
        Files.writeString(file, """
                board: board.yaml
                agents: { vm: { transport: vhost-user, sensors: %s } }
                """.formatted(sensors));
        Service service = ConfigFiles.service(file);
        AgentSpec agent = service.agents().get("vm");
        assertNotNull(agent);
        return LinuxWarnings.of(service.board().board(), agent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[core, case, supply]", "[case, supply: read]", "[supply: read]", "[core, case: none]", "[]"})
    void temperatureSensorsThatComeFirstAndMayBeSwitchedAreFine(String sensors) throws Exception {
        assertEquals(List.of(), warnings(sensors));
    }

    @Test
    void aTemperatureSensorBehindAnotherIsTakenForThatOne() throws Exception {
        assertEquals(
                List.of("Linux newer than 6.12 switches on `supply`, sensor 1, where it means `case`, sensor 2;"
                        + " put the temperature sensors first in `sensors`"),
                warnings("[core, supply, case]"));
    }

    @Test
    void aTemperatureSensorThatMayNotBeSwitchedHasNoThermalZone() throws Exception {
        assertEquals(
                List.of("Linux newer than 6.12 has no thermal zone of `case`, since it may not switch on `case`; give"
                        + " `control` of that sensor"),
                warnings("[core, case: notify, supply]"));
    }

    @Test
    void theSensorThatIsTakenForTheOtherMustBeSwitchableToo() throws Exception {
        assertEquals(
                List.of(
                        "Linux newer than 6.12 switches on `supply`, sensor 0, where it means `core`, sensor 1;"
                                + " put the temperature sensors first in `sensors`",
                        "Linux newer than 6.12 has no thermal zone of `core`, since it may not switch on `supply`;"
                                + " give `control` of that sensor"),
                warnings("[supply: read, core]"));
        assertEquals(
                List.of(
                        "Linux newer than 6.12 switches on one that is not for this guest, sensor 0, where it means"
                                + " `core`, sensor 1; put the temperature sensors first in `sensors`",
                        "Linux newer than 6.12 has no thermal zone of `core`, since it may not switch on one that is not"
                                + " for this guest; give `control` of that sensor"),
                warnings("[supply: none, core]"));
    }
}
