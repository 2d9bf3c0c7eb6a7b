// The service's counters as Prometheus metrics.
package org.scmid.server.management;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentMetrics;
import org.scmid.server.core.agent.AgentMetrics.EventCount;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceSnapshot;
import org.scmid.server.service.ServiceSnapshot.AgentSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorValue;
import org.scmid.transport.MalformedInput;
import org.scmid.upstream.Upstream;

/**
 * Shows the counters of all agents:
 *
 * <ul>
 *   <li>{@code scmid_messages_total{agent, protocol, message, status}}: commands answered
 *   <li>{@code scmid_malformed_total{agent, reason}}: input that was no message
 *   <li>{@code scmid_events_total{agent, event}}: notifications and delayed responses, sent and dropped
 *   <li>{@code scmid_message_seconds{agent}}: a histogram of the core's time for each command, without the ring's
 *   <li>{@code scmid_agent_connected{agent}}: 1 while messages can be carried
 *   <li>{@code scmid_sensor_value{sensor, axis, unit}}: what a sensor reads, NaN while it is off or cannot be read
 *   <li>what the JVM says of itself: {@code jvm_*}, {@code process_*}, {@code system_*}
 * </ul>
 *
 * <p>The service loop only counts; all the work of showing is done by the thread that scrapes.
 */
final class ServiceMetrics implements AutoCloseable {
    /** Below 128 ns and above 1 s nobody needs to tell times apart; both are powers of two, as the counters are. */
    private static final int FIRST_BUCKET = 7;

    private static final int LAST_BUCKET = 30;

    private final ScmiService service;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Map<Tags, AtomicLong> messages = new HashMap<>();
    private final Map<String, AtomicInteger> connected = new HashMap<>();
    private final Map<Tags, AtomicReference<Double>> sensors = new HashMap<>();
    private final Map<String, ShownUpstream> upstreams = new HashMap<>();

    ServiceMetrics(ScmiService service) {
        this.service = service;
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        for (Agent agent : service.agents()) {
            bind(agent);
        }
        registry.getPrometheusRegistry().register((Collector) this::times);
    }

    private void bind(Agent agent) {
        for (MalformedInput reason : MalformedInput.values()) {
            FunctionCounter.builder("scmid.malformed", agent.metrics(), metrics -> metrics.malformed(reason))
                    .description("Input that was no SCMI message")
                    .tags("agent", agent.name(), "reason", reason.label())
                    .register(registry);
        }
        for (EventCount event : EventCount.values()) {
            FunctionCounter.builder("scmid.events", agent.metrics(), metrics -> metrics.events(event))
                    .description("Notifications and delayed responses to the agent")
                    .tags("agent", agent.name(), "event", label(event))
                    .register(registry);
        }
        var isConnected = new AtomicInteger();
        connected.put(agent.name(), isConnected);
        Gauge.builder("scmid.agent.connected", isConnected, AtomicInteger::get)
                .description("Whether messages can be carried")
                .tags("agent", agent.name())
                .register(registry);
    }

    /**
     * Everything in Prometheus' text format. One scrape at a time.
     *
     * @param snapshot what the agents are doing, and the sensors read, now
     */
    synchronized String scrape(ServiceSnapshot snapshot) {
        for (SensorSnapshot sensor : snapshot.sensors()) {
            sensor.values().forEach(value -> show(sensor, value));
        }
        for (AgentSnapshot agent : snapshot.agents()) {
            AtomicInteger isConnected = connected.get(agent.name());
            if (isConnected != null) {
                isConnected.set(agent.attached() ? 1 : 0);
            }
        }
        for (Upstream.Snapshot upstream : snapshot.peers().upstreams()) {
            upstreams.computeIfAbsent(upstream.name(), name -> newUpstream(upstream)).now = upstream;
        }
        for (Agent agent : service.agents()) {
            agent.metrics()
                    .forEachMessage((protocol, message, status, count) -> messages.computeIfAbsent(
                                    Tags.of(
                                            "agent",
                                            agent.name(),
                                            "protocol",
                                            protocol,
                                            "message",
                                            message,
                                            "status",
                                            status.name()),
                                    this::newMessageCounter)
                            .set(count));
        }
        return registry.scrape();
    }

    /** A platform as the last scrape found it. */
    private static final class ShownUpstream {
        private Upstream.Snapshot now;

        ShownUpstream(Upstream.Snapshot now) {
            this.now = now;
        }
    }

    private ShownUpstream newUpstream(Upstream.Snapshot first) {
        String name = first.name();
        var now = new ShownUpstream(first);
        Gauge.builder("scmid.upstream.up", now, its -> its.now.state() == Upstream.State.UP ? 1 : 0)
                .description("Whether a platform is there")
                .tags("upstream", name)
                .register(registry);
        Gauge.builder("scmid.upstream.commands.pending", now, its -> its.now.pending())
                .description("Commands to a platform that have not ended yet")
                .tags("upstream", name)
                .register(registry);
        counter("scmid.upstream.commands", "Commands sent to a platform", name, now, Upstream.Snapshot::commands);
        counter("scmid.upstream.timeouts", "Commands not answered in time", name, now, Upstream.Snapshot::timeOuts);
        counter(
                "scmid.upstream.late",
                "Answers that came after that and answered nobody",
                name,
                now,
                Upstream.Snapshot::late);
        counter("scmid.upstream.losses", "How often a platform was lost", name, now, Upstream.Snapshot::losses);
        counter(
                "scmid.upstream.malformed",
                "Messages of a platform that were none",
                name,
                now,
                Upstream.Snapshot::malformed);
        return now;
    }

    private void counter(
            String metric,
            String description,
            String upstream,
            ShownUpstream now,
            ToLongFunction<Upstream.Snapshot> count) {
        FunctionCounter.builder(metric, now, its -> (double) count.applyAsLong(its.now))
                .description(description)
                .tags("upstream", upstream)
                .register(registry);
    }

    private void show(SensorSnapshot sensor, SensorValue value) {
        Tags tags =
                Tags.of("sensor", sensor.name(), "axis", sensor.hasAxes() ? value.name() : "", "unit", value.unit());
        sensors.computeIfAbsent(tags, this::newSensorGauge).set(value.value() == null ? Double.NaN : value.value());
    }

    private AtomicReference<Double> newSensorGauge(Tags tags) {
        var value = new AtomicReference<>(Double.NaN);
        Gauge.builder("scmid.sensor.value", value, AtomicReference::get)
                .description("What a sensor reads, in its unit")
                .tags(tags)
                .register(registry);
        return value;
    }

    /** A series appears with its first message: most of the combinations never do. */
    private AtomicLong newMessageCounter(Tags tags) {
        var value = new AtomicLong();
        FunctionCounter.builder("scmid.messages", value, AtomicLong::get)
                .description("Commands answered")
                .tags(tags)
                .register(registry);
        return value;
    }

    private MetricSnapshot times() {
        HistogramSnapshot.Builder histogram = HistogramSnapshot.builder()
                .name("scmid_message_seconds")
                .help("The core's time for a command")
                .unit(Unit.SECONDS);
        for (Agent agent : service.agents()) {
            histogram.dataPoint(times(agent.name(), agent.metrics()));
        }
        return histogram.build();
    }

    private static HistogramDataPointSnapshot times(String agent, AgentMetrics metrics) {
        List<Double> bounds = new ArrayList<>();
        List<Number> counts = new ArrayList<>();
        long count = 0;
        for (int bucket = 0; bucket < AgentMetrics.TIME_BUCKETS; bucket++) {
            count += metrics.timed(bucket);
            boolean shown = bucket >= FIRST_BUCKET && bucket <= LAST_BUCKET;
            if (shown || bucket == AgentMetrics.TIME_BUCKETS - 1) {
                bounds.add(shown ? (1L << (bucket + 1)) / 1e9 : Double.POSITIVE_INFINITY);
                counts.add(count);
                count = 0;
            }
        }
        return HistogramDataPointSnapshot.builder()
                .labels(Labels.of("agent", agent))
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                .sum(metrics.totalNanos() / 1e9)
                .build();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
