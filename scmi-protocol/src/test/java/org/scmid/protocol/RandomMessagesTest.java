/* Random bytes into every reader, and random values through every writer and reader. */
package org.scmid.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scmid.protocol.base.BaseDiscoverAgent;
import org.scmid.protocol.base.BaseDiscoverImplementationVersion;
import org.scmid.protocol.base.BaseDiscoverListProtocols;
import org.scmid.protocol.base.BaseDiscoverSubVendor;
import org.scmid.protocol.base.BaseDiscoverVendor;
import org.scmid.protocol.base.BaseErrorEvent;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.base.BaseNotifyErrors;
import org.scmid.protocol.base.BaseProtocolAttributes;
import org.scmid.protocol.base.BaseResetAgentConfiguration;
import org.scmid.protocol.base.BaseSetDevicePermissions;
import org.scmid.protocol.base.BaseSetProtocolPermissions;
import org.scmid.protocol.catalogue.MessageTables;
import org.scmid.protocol.catalogue.MessageText;
import org.scmid.protocol.clock.ClockAttributes;
import org.scmid.protocol.clock.ClockConfigGet;
import org.scmid.protocol.clock.ClockConfigSet;
import org.scmid.protocol.clock.ClockDescribeRates;
import org.scmid.protocol.clock.ClockGetPermissions;
import org.scmid.protocol.clock.ClockParentGet;
import org.scmid.protocol.clock.ClockParentSet;
import org.scmid.protocol.clock.ClockPossibleParentsGet;
import org.scmid.protocol.clock.ClockProtocolAttributes;
import org.scmid.protocol.clock.ClockRateEvent;
import org.scmid.protocol.clock.ClockRateGet;
import org.scmid.protocol.clock.ClockRateSet;
import org.scmid.protocol.common.NameReply;
import org.scmid.protocol.common.NegotiateProtocolVersion;
import org.scmid.protocol.common.NotifyRequest;
import org.scmid.protocol.common.ProtocolMessageAttributes;
import org.scmid.protocol.common.ProtocolVersionGet;
import org.scmid.protocol.common.ResourceRequest;
import org.scmid.protocol.performance.PerformanceDescribeFastchannel;
import org.scmid.protocol.performance.PerformanceDescribeLevels;
import org.scmid.protocol.performance.PerformanceDomainAttributes;
import org.scmid.protocol.performance.PerformanceLevelGet;
import org.scmid.protocol.performance.PerformanceLevelSet;
import org.scmid.protocol.performance.PerformanceLimitsGet;
import org.scmid.protocol.performance.PerformanceLimitsSet;
import org.scmid.protocol.performance.PerformanceNotifyLevel;
import org.scmid.protocol.performance.PerformanceNotifyLimits;
import org.scmid.protocol.performance.PerformanceProtocolAttributes;
import org.scmid.protocol.performance.PerformanceVersion;
import org.scmid.protocol.power.PowerDomainAttributes;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.power.PowerProtocolAttributes;
import org.scmid.protocol.power.PowerStateEvent;
import org.scmid.protocol.power.PowerStateGet;
import org.scmid.protocol.power.PowerStateSet;
import org.scmid.protocol.reset.ResetCommand;
import org.scmid.protocol.reset.ResetDomainAttributes;
import org.scmid.protocol.reset.ResetIssued;
import org.scmid.protocol.reset.ResetProtocolAttributes;
import org.scmid.protocol.sensor.SensorAxisDescriptionGet;
import org.scmid.protocol.sensor.SensorAxisNameGet;
import org.scmid.protocol.sensor.SensorConfigGet;
import org.scmid.protocol.sensor.SensorConfigSet;
import org.scmid.protocol.sensor.SensorContinuousUpdateNotify;
import org.scmid.protocol.sensor.SensorDescriptionGet;
import org.scmid.protocol.sensor.SensorListUpdateIntervals;
import org.scmid.protocol.sensor.SensorProtocolAttributes;
import org.scmid.protocol.sensor.SensorReadingGet;
import org.scmid.protocol.sensor.SensorTripPointConfig;
import org.scmid.protocol.sensor.SensorTripPointNotify;
import org.scmid.protocol.system.SystemPowerProtocolAttributes;
import org.scmid.protocol.system.SystemPowerStateGet;
import org.scmid.protocol.system.SystemPowerStateNotify;
import org.scmid.protocol.system.SystemPowerStateSet;
import org.scmid.protocol.voltage.VoltageConfigGet;
import org.scmid.protocol.voltage.VoltageConfigSet;
import org.scmid.protocol.voltage.VoltageDescribeLevels;
import org.scmid.protocol.voltage.VoltageDomainAttributes;
import org.scmid.protocol.voltage.VoltageLevelGet;
import org.scmid.protocol.voltage.VoltageLevelSet;
import org.scmid.protocol.voltage.VoltageProtocolAttributes;

/** Give another seed with {@code -Dscmid.seed=N}; the seed of a run is printed. */
class RandomMessagesTest {
    private static final int ROUNDS = 300;
    private static final int MAX_BYTES = 200;

    private static final List<Payload<?>> PAYLOADS = List.of(
            new ProtocolVersionGet.Reply(),
            new ProtocolMessageAttributes.Request(BaseMessage.PROTOCOL_MESSAGE_ATTRIBUTES),
            new ProtocolMessageAttributes.Reply(),
            new NegotiateProtocolVersion.Request(BaseMessage.NEGOTIATE_PROTOCOL_VERSION),
            new NameReply(),
            new BaseProtocolAttributes.Reply(),
            new BaseDiscoverVendor.Reply(),
            new BaseDiscoverSubVendor.Reply(),
            new BaseDiscoverImplementationVersion.Reply(),
            new BaseDiscoverListProtocols.Request(),
            new BaseDiscoverListProtocols.Reply(),
            new BaseDiscoverAgent.Request(),
            new BaseDiscoverAgent.Reply(),
            new BaseDiscoverAgent.ReplyV1(),
            new BaseNotifyErrors.Request(),
            new BaseSetDevicePermissions.Request(),
            new BaseSetProtocolPermissions.Request(),
            new BaseResetAgentConfiguration.Request(),
            new BaseErrorEvent.Event(),
            new ClockProtocolAttributes.Reply(),
            new ClockAttributes.Reply(),
            new ClockDescribeRates.Request(),
            new ClockDescribeRates.Reply(),
            new ClockRateSet.Request(),
            new ClockRateSet.Delayed(),
            new ClockRateGet.Reply(),
            new ClockConfigSet.Request(),
            ClockRateEvent.changed(),
            ClockRateEvent.changeRequested(),
            new ClockConfigGet.Request(),
            new ClockConfigGet.Reply(),
            new ClockPossibleParentsGet.Request(),
            new ClockPossibleParentsGet.Reply(),
            new ClockParentSet.Request(),
            new ClockParentGet.Reply(),
            new ClockGetPermissions.Reply(),
            new SystemPowerProtocolAttributes.Reply(),
            new SystemPowerStateSet.Request(),
            new SystemPowerStateGet.Reply(),
            new SystemPowerStateNotify.Request(),
            new SystemPowerStateNotify.Event(),
            new PerformanceProtocolAttributes.Reply(),
            new PerformanceDomainAttributes.Reply(),
            new PerformanceDescribeLevels.Request(),
            new PerformanceDescribeLevels.Reply(PerformanceVersion.V3_0),
            new PerformanceDescribeLevels.Reply(PerformanceVersion.V4_0),
            new PerformanceLimitsSet.Request(),
            new PerformanceLimitsGet.Reply(),
            new PerformanceLevelSet.Request(),
            new PerformanceLevelGet.Reply(),
            new PerformanceNotifyLimits.Event(),
            new PerformanceNotifyLevel.Event(),
            new PerformanceDescribeFastchannel.Request(),
            new PerformanceDescribeFastchannel.Reply(),
            new VoltageProtocolAttributes.Reply(),
            new VoltageDomainAttributes.Reply(),
            new VoltageDescribeLevels.Request(),
            new VoltageDescribeLevels.Reply(),
            new VoltageConfigSet.Request(),
            new VoltageConfigGet.Reply(),
            new VoltageLevelSet.Request(),
            new VoltageLevelSet.Delayed(),
            new VoltageLevelGet.Reply(),
            new ResourceRequest(PowerMessage.POWER_STATE_GET),
            new NotifyRequest(PowerMessage.POWER_STATE_NOTIFY),
            new PowerProtocolAttributes.Reply(),
            new PowerDomainAttributes.Reply(),
            new PowerStateSet.Request(),
            new PowerStateGet.Reply(),
            PowerStateEvent.changed(),
            PowerStateEvent.changeRequested(),
            new ResetProtocolAttributes.Reply(),
            new ResetDomainAttributes.Reply(),
            new ResetCommand.Request(),
            new ResetCommand.Delayed(),
            new ResetIssued(),
            new SensorProtocolAttributes.Reply(),
            new SensorDescriptionGet.Request(),
            new SensorDescriptionGet.Reply(),
            new SensorTripPointNotify.Event(),
            new SensorTripPointConfig.Request(),
            new SensorReadingGet.Request(),
            new SensorReadingGet.Reply(),
            new SensorReadingGet.Delayed(),
            new SensorAxisDescriptionGet.Request(),
            new SensorAxisDescriptionGet.Reply(),
            new SensorListUpdateIntervals.Request(),
            new SensorListUpdateIntervals.Reply(),
            new SensorConfigGet.Reply(),
            new SensorConfigSet.Request(),
            new SensorContinuousUpdateNotify.Event(),
            new SensorAxisNameGet.Request(),
            new SensorAxisNameGet.Reply());

    private final long seed = Long.getLong("scmid.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @BeforeEach
    void printSeed() {
        System.out.println(getClass().getSimpleName() + ": -Dscmid.seed=" + seed);
    }

    @Test
    void aCompletePayloadOfRandomBytesCanBeReadWhole() throws ReflectiveOperationException {
        int complete = 0;
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            MessageBuffer message = randomMessage();
            for (Payload<?> payload : PAYLOADS) {
                payload.wrap(message);
                if (payload.isComplete()) {
                    complete++;
                    read += readEverything(payload);
                }
            }
        }
        assertTrue(complete > ROUNDS, "too few complete payloads: " + complete);
        assertTrue(read > complete, "too few getters found: " + read);
    }

    @Test
    void randomBytesHaveALineOfPrintableText() {
        for (int round = 0; round < ROUNDS * 20; round++) {
            MessageBuffer message = randomMessage();
            if (message.length() >= Header.HEADER_BYTES && random.nextBoolean()) {
                makeKnown(message);
            }
            int version = random.nextBoolean() ? random.nextInt() : random.nextInt(4) << 16;
            for (String line : List.of(
                    MessageText.ofRequest(message),
                    MessageText.ofReply(message),
                    MessageText.ofRequest(message, version),
                    MessageText.ofReply(message, version))) {
                assertFalse(line.isEmpty());
                assertTrue(line.chars().allMatch(character -> character >= ' ' && character <= '~'), line);
            }
        }
    }

    @Test
    void randomValuesOfARequestAreReadBack() {
        ClockRateSet.Request writer = new ClockRateSet.Request();
        ClockRateSet.Request reader = new ClockRateSet.Request();
        for (int round = 0; round < ROUNDS; round++) {
            MessageBuffer message = Wire.room();
            int token = random.nextInt(Header.MAX_TOKEN + 1);
            int flags = random.nextInt(16);
            int clock = random.nextInt();
            long rate = random.nextLong();
            writer.begin(message, token).flags(flags).resource(clock).rate(rate);
            reader.wrap(new MessageBuffer().wrap(message.array(), 0, writer.messageLength()));
            assertTrue(reader.isComplete());
            assertEquals(token, Header.token(reader.header()));
            assertEquals(flags, reader.flags());
            assertEquals(clock, reader.resource());
            assertEquals(rate, reader.rate());
        }
    }

    @Test
    void randomListsAreReadBackAndAreIncompleteWhenOneByteIsMissing() {
        ClockDescribeRates.Reply writer = new ClockDescribeRates.Reply();
        ClockDescribeRates.Reply reader = new ClockDescribeRates.Reply();
        for (int round = 0; round < ROUNDS; round++) {
            MessageBuffer message = Wire.room();
            long[] rates = random.longs(random.nextInt(60)).toArray();
            int remaining = random.nextInt(ClockDescribeRates.Reply.MAX_REMAINING + 1);
            writer.begin(message, random.nextInt()).list(rates.length, remaining);
            for (int i = 0; i < rates.length; i++) {
                writer.rate(i, rates[i]);
            }
            int length = writer.messageLength();
            assertEquals(rates.length, ClockDescribeRates.Reply.capacity(length));
            reader.wrap(new MessageBuffer().wrap(message.array(), 0, length));
            assertTrue(reader.isSuccess());
            assertEquals(rates.length, reader.returned());
            assertEquals(remaining, reader.remaining());
            for (int i = 0; i < rates.length; i++) {
                assertEquals(rates[i], reader.rate(i));
            }
            reader.wrap(new MessageBuffer().wrap(message.array(), 0, length - 1));
            assertFalse(reader.isComplete());
        }
    }

    @Test
    void randomHeadersAreReadBack() {
        for (int round = 0; round < ROUNDS; round++) {
            int id = random.nextInt(256);
            int protocol = random.nextInt(256);
            int token = random.nextInt(1024);
            for (MessageType type : MessageType.values()) {
                int header = Header.encode(id, type, protocol, token);
                assertEquals(id, Header.messageId(header));
                assertEquals(type, MessageType.of(Header.type(header)));
                assertEquals(protocol, Header.protocolId(header));
                assertEquals(token, Header.token(header));
                assertEquals(0, Header.reserved(header));
            }
        }
    }

    /** Random bytes; counts of lists are often small, so that complete lists occur. */
    private MessageBuffer randomMessage() {
        byte[] bytes = new byte[random.nextInt(MAX_BYTES)];
        random.nextBytes(bytes);
        MessageBuffer message = new MessageBuffer().wrap(bytes);
        if (bytes.length >= 16 && random.nextBoolean()) {
            message.putU32(8, random.nextInt(8));
            message.putU32(4, random.nextInt(2) * message.getU32(4));
        }
        return message;
    }

    private void makeKnown(MessageBuffer message) {
        List<MessageTable<?>> tables = MessageTables.all();
        List<? extends Message> messages =
                tables.get(random.nextInt(tables.size())).messages();
        message.putU32(0, Header.encode(messages.get(random.nextInt(messages.size())), random.nextInt()));
        if (message.length() >= Header.RESPONSE_PAYLOAD && random.nextBoolean()) {
            message.putU32(Header.HEADER_BYTES, Status.Code.SUCCESS);
        }
    }

    /** Calls every getter, those of lists for every item; returns how many calls that were. */
    private static int readEverything(Payload<?> payload) throws ReflectiveOperationException {
        int calls = 0;
        for (Method method : payload.getClass().getMethods()) {
            boolean isGetter = method.getDeclaringClass() != Object.class
                    && !Modifier.isStatic(method.getModifiers())
                    && !Payload.class.isAssignableFrom(method.getReturnType());
            if (!isGetter || method.getName().equals("messageLength")) {
                continue;
            }
            if (method.getParameterCount() == 0) {
                call(payload, method);
                calls++;
            } else if (method.getParameterCount() == 1) {
                for (int item = 0; item < items(payload); item++) {
                    call(payload, method, item);
                    calls++;
                }
            }
        }
        return calls;
    }

    private static int items(Payload<?> payload) {
        return switch (payload) {
            case BaseDiscoverListProtocols.Reply list -> list.count();
            case BaseErrorEvent.Event event -> event.reports();
            case ClockDescribeRates.Reply list -> list.returned();
            case ClockPossibleParentsGet.Reply list -> list.returned();
            case PerformanceDescribeLevels.Reply list -> list.returned();
            case VoltageDescribeLevels.Reply list -> list.returned();
            case SensorDescriptionGet.Reply list -> list.returned();
            case SensorAxisDescriptionGet.Reply list -> list.returned();
            case SensorAxisNameGet.Reply list -> list.returned();
            case SensorListUpdateIntervals.Reply list -> list.returned();
            case SensorReadingGet.Reply reply -> reply.readings();
            case SensorReadingGet.Delayed reply -> reply.readings();
            case SensorContinuousUpdateNotify.Event event -> event.readings();
            default -> 0;
        };
    }

    private static void call(Payload<?> payload, Method method, Object... arguments)
            throws ReflectiveOperationException {
        try {
            method.invoke(payload, arguments);
        } catch (InvocationTargetException failure) {
            throw new AssertionError(payload.getClass().getName() + "." + method.getName(), failure.getCause());
        }
    }
}
