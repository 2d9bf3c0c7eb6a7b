// For every message a request that succeeds, and for every event what brings it about, on the demo board.
package org.scmid.server.core;

import static java.util.Map.entry;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Status;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.power.PowerState;
import org.scmid.protocol.reset.ResetCommand;
import org.scmid.protocol.reset.ResetMessage;
import org.scmid.protocol.sensor.SensorMessage;
import org.scmid.protocol.system.SystemPowerMessage;
import org.scmid.protocol.system.SystemState;
import org.scmid.protocol.voltage.VoltageMessage;
import org.scmid.server.core.protocol.Protocol;

/**
 * For every command a request that succeeds, and for every event what brings it about, on {@link Everything}. Most
 * commands succeed for some resource with zeros in all other fields, and are not listed.
 */
final class Examples {
    private static final int UART = Everything.id(ResourceKind.CLOCK, "uart0");
    private static final int OSC = Everything.id(ResourceKind.CLOCK, "osc");
    private static final int HZ_12M = 12_000_000;
    private static final int AMBIENT = Everything.id(ResourceKind.SENSOR, "board-ambient-temperature");
    private static final int BOTH_WAYS = 3;
    private static final int TENTHS_247 = 247; // it starts at 24.5 degrees, and moves by tenths
    private static final int SUPPLY = Everything.id(ResourceKind.VOLTAGE_DOMAIN, Everything.SUPPLY);
    private static final int MICROVOLTS_1V8 = 1_800_000;
    private static final int CORES = Everything.id(ResourceKind.PERFORMANCE_DOMAIN, Everything.CORES);
    private static final int LEVEL_600M = 600_000; // kHz
    private static final int GPU_POWER = Everything.id(ResourceKind.POWER_DOMAIN, "gpu-pd");
    private static final int GPU_RESET = Everything.id(ResourceKind.RESET, "gpu-rst");
    private static final int ASYNC = 1;
    private static final int ASYNC_NO_RESPONSE = 3;

    private static final Map<Message, int[]> REQUESTS = Map.ofEntries(
            entry(BaseMessage.BASE_SET_DEVICE_PERMISSIONS, words(2, 0, 1)),
            entry(BaseMessage.BASE_SET_PROTOCOL_PERMISSIONS, words(2, 0, ProtocolId.CLOCK.id(), 1)),
            entry(BaseMessage.BASE_RESET_AGENT_CONFIGURATION, words(1, 0)),
            entry(ClockMessage.CLOCK_RATE_SET, words(0, UART, HZ_12M, 0)),
            entry(ClockMessage.CLOCK_PARENT_SET, words(UART, OSC)),
            entry(VoltageMessage.VOLTAGE_LEVEL_SET, words(SUPPLY, 0, MICROVOLTS_1V8)),
            entry(PerformanceMessage.PERFORMANCE_LEVEL_SET, words(CORES, LEVEL_600M)),
            entry(PerformanceMessage.PERFORMANCE_LIMITS_SET, words(CORES, LEVEL_600M, LEVEL_600M)));

    /** A command of one of the two agents. */
    record Step(boolean isByReceiver, Message command, List<Integer> words) {
        byte[] request() {
            return Requests.of(command, words.stream().mapToInt(word -> word).toArray());
        }
    }

    private static final Map<Message, List<Step>> EVENTS = Map.ofEntries(
            entry(
                    BaseMessage.BASE_ERROR_EVENT,
                    List.of(
                            receiver(BaseMessage.BASE_NOTIFY_ERRORS, 1),
                            receiver(ClockMessage.CLOCK_RATE_SET, ASYNC_NO_RESPONSE, UART, 1, 0))),
            entry(
                    ClockMessage.CLOCK_RATE_SET_COMPLETE,
                    List.of(receiver(ClockMessage.CLOCK_RATE_SET, ASYNC, UART, HZ_12M, 0))),
            entry(
                    ClockMessage.CLOCK_RATE_CHANGED,
                    List.of(
                            receiver(ClockMessage.CLOCK_RATE_NOTIFY, UART, 1),
                            sender(ClockMessage.CLOCK_RATE_SET, 0, UART, HZ_12M, 0))),
            entry(
                    ClockMessage.CLOCK_RATE_CHANGE_REQUESTED,
                    List.of(
                            receiver(ClockMessage.CLOCK_RATE_CHANGE_REQUESTED_NOTIFY, UART, 1),
                            sender(ClockMessage.CLOCK_RATE_SET, 0, UART, HZ_12M, 0))),
            entry(
                    SensorMessage.SENSOR_READING_COMPLETE,
                    List.of(receiver(SensorMessage.SENSOR_READING_GET, AMBIENT, ASYNC))),
            entry(
                    SensorMessage.SENSOR_TRIP_POINT_EVENT,
                    List.of(
                            receiver(SensorMessage.SENSOR_TRIP_POINT_NOTIFY, AMBIENT, 1),
                            receiver(SensorMessage.SENSOR_TRIP_POINT_CONFIG, AMBIENT, BOTH_WAYS, TENTHS_247, 0))),
            entry(
                    SensorMessage.SENSOR_UPDATE,
                    List.of(receiver(SensorMessage.SENSOR_CONTINUOUS_UPDATE_NOTIFY, AMBIENT, 1))),
            entry(
                    PowerMessage.POWER_STATE_CHANGED,
                    List.of(
                            receiver(PowerMessage.POWER_STATE_NOTIFY, GPU_POWER, 1),
                            sender(PowerMessage.POWER_STATE_SET, 0, GPU_POWER, PowerState.ON))),
            entry(
                    PowerMessage.POWER_STATE_CHANGE_REQUESTED,
                    List.of(
                            receiver(PowerMessage.POWER_STATE_CHANGE_REQUESTED_NOTIFY, GPU_POWER, 1),
                            sender(PowerMessage.POWER_STATE_SET, 0, GPU_POWER, PowerState.ON))),
            entry(
                    ResetMessage.RESET_COMPLETE,
                    List.of(receiver(
                            ResetMessage.RESET,
                            GPU_RESET,
                            ResetCommand.Request.FLAG_AUTONOMOUS | ResetCommand.Request.FLAG_ASYNC,
                            0))),
            entry(
                    ResetMessage.RESET_ISSUED,
                    List.of(
                            receiver(ResetMessage.RESET_NOTIFY, GPU_RESET, 1),
                            sender(ResetMessage.RESET, GPU_RESET, ResetCommand.Request.FLAG_AUTONOMOUS, 0))),
            entry(
                    VoltageMessage.VOLTAGE_LEVEL_SET_COMPLETE,
                    List.of(receiver(VoltageMessage.VOLTAGE_LEVEL_SET, SUPPLY, ASYNC, MICROVOLTS_1V8))),
            entry(
                    PerformanceMessage.PERFORMANCE_LIMITS_CHANGED,
                    List.of(
                            receiver(PerformanceMessage.PERFORMANCE_NOTIFY_LIMITS, CORES, 1),
                            sender(PerformanceMessage.PERFORMANCE_LIMITS_SET, CORES, LEVEL_600M, LEVEL_600M))),
            entry(
                    PerformanceMessage.PERFORMANCE_LEVEL_CHANGED,
                    List.of(
                            receiver(PerformanceMessage.PERFORMANCE_NOTIFY_LEVEL, CORES, 1),
                            sender(PerformanceMessage.PERFORMANCE_LEVEL_SET, CORES, LEVEL_600M))),
            entry(
                    SystemPowerMessage.SYSTEM_POWER_STATE_NOTIFIER,
                    List.of(
                            receiver(SystemPowerMessage.SYSTEM_POWER_STATE_NOTIFY, 1),
                            sender(SystemPowerMessage.SYSTEM_POWER_STATE_SET, 0, SystemState.SHUTDOWN))));

    private Examples() {}

    private static int[] words(int... words) {
        return words;
    }

    private static Step receiver(Message command, int... words) {
        return new Step(true, command, Arrays.stream(words).boxed().toList());
    }

    private static Step sender(Message command, int... words) {
        return new Step(false, command, Arrays.stream(words).boxed().toList());
    }

    /** What brings an event about; null if that is not listed. */
    static @Nullable List<Step> stepsTo(Message event) {
        return EVENTS.get(event);
    }

    /**
     * A request that succeeds for an agent that may do all, and speaks this version.
     *
     * @throws AssertionError if none is listed, and zeros do not do
     */
    static byte[] succeeding(Protocol protocol, Message command, int version) throws IOException {
        if (command.name().equals("NEGOTIATE_PROTOCOL_VERSION")) {
            return Requests.of(command, version);
        }
        int[] words = REQUESTS.get(command);
        if (words != null) {
            return Requests.of(command, words);
        }
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (int resource = 0; resource < resources(command); resource++) {
            byte[] request = Requests.shortest(command, version, resource);
            int status = tryOut(protocol, version, request);
            if (status == Status.Code.SUCCESS) {
                return request;
            }
            seen.merge(Status.nameOf(status), 1, Integer::sum);
        }
        throw new AssertionError(command.protocol().label() + " " + command.name() + ": with zeros it is answered "
                + seen + "; list a request that succeeds in " + Examples.class.getSimpleName() + ".REQUESTS");
    }

    private static int resources(Message command) {
        return command.description().fromAgent().resourceOffset() == Layout.NO_RESOURCE ? 1 : MOST_RESOURCES;
    }

    private static final int MOST_RESOURCES = Arrays.stream(ResourceKind.values())
            .mapToInt(kind -> Everything.demo().names(kind).size())
            .max()
            .orElse(1);

    /** The status of a request in a fresh world. */
    private static int tryOut(Protocol protocol, int version, byte[] request) throws IOException {
        try (Everything world = new Everything()) {
            Everything.negotiate(world.trusted, protocol, version);
            return Requests.status(Everything.send(world.trusted, request));
        }
    }
}
