// A platform that is simulated by what it is known to offer.
package org.scmid.upstream.driver;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.agent.AgentClient;
import org.scmid.agent.Command;
import org.scmid.agent.PlatformLink;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.PerformanceDomainOffer;
import org.scmid.config.offer.VoltageDomainOffer;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.loop.EventLoop;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Status;
import org.scmid.protocol.StatusReply;
import org.scmid.protocol.common.ResourceRequest;
import org.scmid.protocol.performance.PerformanceLevelGet;
import org.scmid.protocol.performance.PerformanceLevelSet;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.performance.PerformanceVersion;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.power.PowerState;
import org.scmid.protocol.power.PowerStateGet;
import org.scmid.protocol.power.PowerStateSet;
import org.scmid.protocol.reset.ResetCommand;
import org.scmid.protocol.voltage.VoltageConfig;
import org.scmid.protocol.voltage.VoltageConfigGet;
import org.scmid.protocol.voltage.VoltageConfigSet;
import org.scmid.protocol.voltage.VoltageLevelGet;
import org.scmid.protocol.voltage.VoltageLevelSet;
import org.scmid.protocol.voltage.VoltageMessage;
import org.scmid.upstream.AskedPlatform;
import org.scmid.upstream.UpstreamListener;
import org.scmid.upstream.discovery.Discovered;

/**
 * A platform that is simulated by what it is known to offer: power domains, resets, supplies and performance domains. It
 * does what it is asked in the loop's next turn, and keeps it. At first all is off, supplies have their lowest levels, and
 * performance domains those that they can keep up. It allocates for each message, as nothing is measured with it.
 */
final class SimulatedPlatform implements AskedPlatform, PlatformLink {
    private static final int LONGEST_REPLY = 64;

    private final UpstreamSpec spec;
    private final Offer offer;
    private final AgentClient client;
    private final EventLoop loop;
    private final EventLoop.Task answer = new EventLoop.Task(this::answer);
    private final ArrayDeque<byte[]> requests = new ArrayDeque<>();
    private final List<UpstreamListener> listeners = new ArrayList<>();
    private final Map<Integer, Integer> powerStates = new HashMap<>();
    private final Map<Integer, Integer> supplyStates = new HashMap<>();
    private final Map<Integer, Integer> microvolts = new HashMap<>();
    private final Map<Integer, Integer> levels = new HashMap<>();
    private final MessageBuffer asked = new MessageBuffer();
    private final MessageBuffer reply = new MessageBuffer(LONGEST_REPLY);
    private boolean isUp;

    SimulatedPlatform(EventLoop loop, UpstreamSpec spec, Offer offer) {
        this.loop = loop;
        // What agents have asked for before a restart holds: nobody else has changed anything.
        this.spec = new UpstreamSpec(
                spec.name(),
                spec.way(),
                Duration.ofSeconds(1),
                spec.reconnect(),
                UpstreamSpec.WhenBack.APPLY,
                spec.folder(),
                spec.place());
        this.offer = offer;
        offer.powerDomains().forEach(domain -> powerStates.put(domain.id(), PowerState.OFF));
        for (VoltageDomainOffer supply : offer.voltageDomains()) {
            supplyStates.put(supply.id(), VoltageConfig.OFF);
            microvolts.put(supply.id(), supply.levels().getFirst());
        }
        for (PerformanceDomainOffer domain : offer.performanceDomains()) {
            levels.put(
                    domain.id(), (int) domain.levels().get(domain.sustained()).level());
        }
        client = new AgentClient(loop, spec.timeout().toNanos(), new AgentClient.Listener() {
            @Override
            public void notified(byte[] message, int length) {}

            @Override
            public void writable() {}

            @Override
            public void lost(String why) {}
        });
        client.begin(this);
    }

    /** It is there from now on. */
    void start() {
        isUp = true;
        int version = PerformanceVersion.V3_0; // in which levels have their own numbers
        Discovered.Spoken performance = new Discovered.Spoken(ProtocolId.PERFORMANCE.id(), version, version, Set.of());
        Discovered all = new Discovered(offer, List.of(performance), List.of());
        listeners.forEach(listener -> listener.up(all));
    }

    @Override
    public UpstreamSpec spec() {
        return spec;
    }

    @Override
    public boolean isUp() {
        return isUp;
    }

    @Override
    public Command command(Command.Listener told) {
        return client.command(told);
    }

    @Override
    public void listen(UpstreamListener listener) {
        listeners.add(listener);
    }

    @Override
    public boolean mayReport() {
        return true;
    }

    // ---- the platform's side ----

    @Override
    public boolean send(byte[] message, int length) {
        requests.add(Arrays.copyOf(message, length));
        loop.runSoon(answer);
        return true;
    }

    @Override
    public void close() {
        requests.clear();
    }

    private void answer() {
        for (int count = requests.size(); count > 0 && !requests.isEmpty(); count--) {
            byte[] request = requests.remove();
            asked.wrap(request, 0, request.length);
            int header = asked.getU32(0);
            ProtocolId protocol = ProtocolId.of(Header.protocolId(header));
            int length = execute(protocol, header);
            client.received(reply.array(), length);
            if (protocol == ProtocolId.RESET) {
                later(header, new ResetCommand.Request().wrap(asked).flags() & ResetCommand.Request.FLAG_ASYNC);
            } else if (protocol == ProtocolId.VOLTAGE
                    && Header.messageId(header) == VoltageMessage.VOLTAGE_LEVEL_SET.id()) {
                later(header, new VoltageLevelSet.Request().wrap(asked).flags() & VoltageLevelSet.Request.FLAG_ASYNC);
            }
        }
    }

    /** @return the reply's length in bytes */
    private int execute(@Nullable ProtocolId protocol, int header) {
        if (protocol == null) {
            return StatusReply.write(reply, header, Status.Code.NOT_SUPPORTED);
        }
        return switch (protocol) {
            case POWER -> power(header);
            case VOLTAGE -> voltage(header);
            case PERFORMANCE -> performance(header);
            case RESET -> StatusReply.write(reply, header, Status.Code.SUCCESS);
            default -> StatusReply.write(reply, header, Status.Code.NOT_SUPPORTED);
        };
    }

    /** Who has asked to be told later is told now; that it is done is all that drivers want to know. */
    private void later(int header, int asynchronously) {
        if (asynchronously != 0) {
            int length = StatusReply.writeDelayed(reply, header, Status.Code.SUCCESS);
            client.received(reply.array(), length);
        }
    }

    private int power(int header) {
        if (Header.messageId(header) == PowerMessage.POWER_STATE_SET.id()) {
            PowerStateSet.Request set = new PowerStateSet.Request().wrap(asked);
            return set(powerStates, set.resource(), set.powerState(), header);
        }
        int state = get(powerStates, PowerMessage.POWER_STATE_GET);
        return new PowerStateGet.Reply().begin(reply, header).powerState(state).messageLength();
    }

    private int voltage(int header) {
        int id = Header.messageId(header);
        if (id == VoltageMessage.VOLTAGE_CONFIG_SET.id()) {
            VoltageConfigSet.Request set = new VoltageConfigSet.Request().wrap(asked);
            return set(supplyStates, set.resource(), set.config(), header);
        }
        if (id == VoltageMessage.VOLTAGE_LEVEL_SET.id()) {
            VoltageLevelSet.Request set = new VoltageLevelSet.Request().wrap(asked);
            return set(microvolts, set.resource(), set.level(), header);
        }
        if (id == VoltageMessage.VOLTAGE_CONFIG_GET.id()) {
            int state = get(supplyStates, VoltageMessage.VOLTAGE_CONFIG_GET);
            return new VoltageConfigGet.Reply()
                    .begin(reply, header)
                    .config(state)
                    .messageLength();
        }
        int level = get(microvolts, VoltageMessage.VOLTAGE_LEVEL_GET);
        return new VoltageLevelGet.Reply().begin(reply, header).level(level).messageLength();
    }

    private int performance(int header) {
        if (Header.messageId(header) == PerformanceMessage.PERFORMANCE_LEVEL_SET.id()) {
            PerformanceLevelSet.Request set = new PerformanceLevelSet.Request().wrap(asked);
            return set(levels, set.resource(), set.level(), header);
        }
        int level = get(levels, PerformanceMessage.PERFORMANCE_LEVEL_GET);
        return new PerformanceLevelGet.Reply().begin(reply, header).level(level).messageLength();
    }

    private int set(Map<Integer, Integer> states, int id, int state, int header) {
        states.put(id, state);
        return StatusReply.write(reply, header, Status.Code.SUCCESS);
    }

    private int get(Map<Integer, Integer> states, Message command) {
        return states.getOrDefault(new ResourceRequest(command).wrap(asked).resource(), 0);
    }
}
