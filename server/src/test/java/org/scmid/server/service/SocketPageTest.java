// What docs/socket.md tells a suite of tests about the demo board is what an agent of its service file is told.
package org.scmid.server.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.Status;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.reset.ResetMessage;
import org.scmid.protocol.sensor.SensorMessage;
import org.scmid.protocol.voltage.VoltageMessage;

@Timeout(60)
class SocketPageTest {
    private static final String SECTION = "## Arm's compliance suite\n";
    private static final int NAME_WORDS = 4;
    private static final int NAME_LENGTH = 15;
    private static final int SCALAR_DESCRIPTOR_WORDS = 13; // of a sensor without axes: all but the last

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private String page;

    @SuppressWarnings("NullAway.Init")
    private ScmiService service;

    @SuppressWarnings("NullAway.Init")
    private SocketClient client;

    @BeforeEach
    void runTheServiceFileOfThePage() throws Exception {
        String all = Files.readString(Path.of("../docs/socket.md"));
        page = all.substring(all.indexOf(SECTION));
        int from = page.indexOf("```yaml\n") + "```yaml\n".length();
        Path socket = folder.resolve("suite.sock");
        String text = page.substring(from, page.indexOf("```", from)).replace("suite.sock", socket.toString());
        Path file = Files.writeString(folder.resolve("service.yaml"), text);
        service = ScmiService.start(ConfigFiles.service(file, folder), ServiceOptions.simulated());
        client = new SocketClient(socket);
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        service.close();
    }

    /** Sends a command; the words of its reply from the status on. */
    private int[] ask(Message command, int... payload) throws IOException {
        int[] words = new int[1 + payload.length];
        words[0] = Header.encode(command, 0);
        System.arraycopy(payload, 0, words, 1, payload.length);
        int[] reply = client.ask(words);
        return Arrays.copyOfRange(reply, 1, reply.length);
    }

    private void assertAnswers(Status status, Message command, int... payload) throws IOException {
        assertEquals(status.code(), ask(command, payload)[0], () -> command + " " + Arrays.toString(payload));
    }

    private static String text(int[] words, int from) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * NAME_WORDS).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < NAME_WORDS; i++) {
            bytes.putInt(words[from + i]);
        }
        return new String(bytes.array(), StandardCharsets.US_ASCII).replaceFirst("\0.*", "");
    }

    /** How many resources PROTOCOL_ATTRIBUTES counts. */
    private int count(Message protocolAttributes) throws IOException {
        return ask(protocolAttributes)[1] & 0xffff;
    }

    /** The names of a protocol's resources in the order of their ids, as the page writes values. */
    private String names(Message protocolAttributes, Message attributes) throws IOException {
        var names = new ArrayList<String>();
        for (int id = 0; id < count(protocolAttributes); id++) {
            int[] reply = ask(attributes, id);
            names.add('"' + text(reply, reply.length - NAME_WORDS) + '"');
        }
        return String.join(", ", names);
    }

    /** The rows of the table with this head: the cells of each, without backquotes. */
    private List<String[]> rows(String head) {
        var rows = new ArrayList<String[]>();
        int at = page.indexOf(head + "\n");
        assertTrue(at >= 0, head);
        String table = page.substring(at, page.indexOf("\n\n", at));
        Matcher row = Pattern.compile("(?m)^\\| (.*) \\|$").matcher(table);
        while (row.find()) {
            rows.add(row.group(1).replace("`", "").split(" \\| ", -1));
        }
        return rows.subList(2, rows.size());
    }

    private String value(String function) {
        return rows("| function | value |").stream()
                .filter(row -> row[0].equals(function))
                .map(row -> row[1])
                .findFirst()
                .orElse("no row for " + function);
    }

    @Test
    void thePageSaysWhatBaseSays() throws IOException {
        int attributes = ask(BaseMessage.PROTOCOL_ATTRIBUTES)[1];
        assertEquals(value("pal_base_get_expected_num_protocols"), String.valueOf(attributes & 0xff));
        assertEquals(value("pal_base_get_expected_num_agents"), String.valueOf(attributes >> 8));
        String vendor = text(ask(BaseMessage.BASE_DISCOVER_VENDOR), 1);
        assertEquals(value("pal_base_get_expected_vendor_name"), '"' + vendor + '"');
        String board = text(ask(BaseMessage.BASE_DISCOVER_SUB_VENDOR), 1);
        assertEquals(value("pal_base_get_expected_subvendor_name"), '"' + board + '"');
        int version = ask(BaseMessage.BASE_DISCOVER_IMPLEMENTATION_VERSION)[1];
        assertEquals(value("pal_base_get_expected_implementation_version"), String.valueOf(version));
    }

    @Test
    void theDeviceOfThePageIsAllThatTheAgentHasOfItsProtocol() throws IOException {
        assertEquals("0x13", value("pal_device_get_accessible_protocol"));
        int agent = ask(BaseMessage.BASE_DISCOVER_AGENT, -1)[1];
        int device = Integer.parseInt(value("pal_agent_get_accessible_device"));
        assertAnswers(Status.SUCCESS, BaseMessage.BASE_SET_DEVICE_PERMISSIONS, agent, device, 0);
        assertAnswers(Status.DENIED, PerformanceMessage.PROTOCOL_VERSION);
        assertAnswers(Status.SUCCESS, BaseMessage.BASE_SET_DEVICE_PERMISSIONS, agent, device, 1);
        assertAnswers(Status.SUCCESS, PerformanceMessage.PROTOCOL_VERSION);
        int none = Integer.parseInt(value("pal_agent_get_inaccessible_device"));
        assertAnswers(Status.NOT_FOUND, BaseMessage.BASE_SET_DEVICE_PERMISSIONS, agent, none, 0);
    }

    @Test
    void thePageCountsAndNamesTheDomains() throws IOException {
        Map<String, Message> counts = Map.of(
                "pal_power_get_expected_num_domains", PowerMessage.PROTOCOL_ATTRIBUTES,
                "pal_performance_get_expected_num_domains", PerformanceMessage.PROTOCOL_ATTRIBUTES,
                "pal_reset_get_expected_num_domains", ResetMessage.PROTOCOL_ATTRIBUTES,
                "pal_voltage_get_expected_num_domains", VoltageMessage.PROTOCOL_ATTRIBUTES);
        for (Map.Entry<String, Message> entry : counts.entrySet()) {
            assertEquals(value(entry.getKey()), String.valueOf(count(entry.getValue())), entry.getKey());
        }
        assertEquals(
                value("pal_performance_get_expected_name"),
                names(PerformanceMessage.PROTOCOL_ATTRIBUTES, PerformanceMessage.PERFORMANCE_DOMAIN_ATTRIBUTES));
        int levels = ask(PerformanceMessage.PERFORMANCE_DESCRIBE_LEVELS, 0, 0)[1];
        assertEquals(value("pal_performance_get_expected_number_of_level"), String.valueOf(levels));
        assertEquals(
                value("pal_reset_get_expected_name"),
                names(ResetMessage.PROTOCOL_ATTRIBUTES, ResetMessage.RESET_DOMAIN_ATTRIBUTES));
        assertEquals(
                value("pal_voltage_get_expected_name"),
                names(VoltageMessage.PROTOCOL_ATTRIBUTES, VoltageMessage.VOLTAGE_DOMAIN_ATTRIBUTES));
    }

    @Test
    void thePageListsTheClocksWithTheirRatesAndWhetherTheyStop() throws IOException {
        int attributes = ask(ClockMessage.PROTOCOL_ATTRIBUTES)[1];
        assertEquals(value("pal_clock_get_expected_max_async_cmd"), String.valueOf(attributes >> 16));
        int count = attributes & 0xffff;
        assertEquals(value("pal_clock_get_expected_num_clocks"), String.valueOf(count));
        List<String[]> clocks = rows("| clock | rates | always on |");
        assertEquals(count, clocks.size());
        for (int id = 0; id < clocks.size(); id++) {
            String[] row = clocks.get(id);
            assertEquals(row[0], text(ask(ClockMessage.CLOCK_ATTRIBUTES, id), 2));
            int rates = ask(ClockMessage.CLOCK_DESCRIBE_RATES, id, 0)[1]; // a list, nothing remaining
            assertEquals(row[1], String.valueOf(rates), row[0]);
            Status off = row[2].equals("yes") ? Status.DENIED : Status.SUCCESS;
            assertAnswers(off, ClockMessage.CLOCK_CONFIG_SET, id, 0, 0);
        }
    }

    @Test
    void thePageListsTheSensorsWithTheirTripPointsAndWhetherTheyAreReadAsynchronously() throws IOException {
        List<String[]> sensors = rows("| sensor | trip points | asynchronous |");
        int[] reply = ask(SensorMessage.SENSOR_DESCRIPTION_GET, 0);
        assertEquals(sensors.size(), reply[1], "all sensors by one reply");
        assertEquals(value("pal_sensor_get_expected_num_sensors"), String.valueOf(sensors.size()));
        for (int id = 0; id < sensors.size(); id++) {
            String[] row = sensors.get(id);
            int at = 2 + id * SCALAR_DESCRIPTOR_WORDS;
            String name = row[0].substring(0, Math.min(NAME_LENGTH, row[0].length()));
            assertEquals(name, text(reply, at + 3));
            assertEquals(row[1], String.valueOf(reply[at + 1] & 0xff), row[0]);
            assertEquals(row[2], reply[at + 1] < 0 ? "yes" : "no", row[0]);
        }
    }
}
