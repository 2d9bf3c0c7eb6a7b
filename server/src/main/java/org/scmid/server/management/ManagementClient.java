// Asks the management API of a running service.
package org.scmid.server.management;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.ManagementSpec;
import org.scmid.server.service.ServiceSnapshot.AgentSnapshot;
import org.scmid.server.service.ServiceSnapshot.ClockSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorValue;
import org.scmid.transport.SharedRegion;
import org.scmid.upstream.Upstream;

/** The other side of {@link ManagementServer}. Whatever answers at the address, the caller gets a result or a message. */
public final class ManagementClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    private final ManagementSpec at;

    /** A client of the service that listens there. */
    public ManagementClient(ManagementSpec at) {
        this.at = at;
    }

    /**
     * What a service says of itself.
     *
     * @param up whether its loop answers
     * @param board the board's name, empty if it is down
     * @param agents its agents, empty if it is down; without what only {@link #agents} tells: events, memory
     */
    public record Health(boolean up, String board, List<AgentSnapshot> agents) {
        /** Copies the list. */
        public Health {
            agents = List.copyOf(agents);
        }
    }

    /**
     * Whether the service lives, and who is connected.
     *
     * @throws ManagementException if nobody answers there, or not as scmid does
     */
    public Health health() throws ManagementException {
        HttpResponse<String> answer = get("/health");
        if (answer.statusCode() == 503) {
            return new Health(false, "", List.of());
        }
        try {
            JsonObject health = new JsonObject(body(answer));
            var agents = new ArrayList<AgentSnapshot>();
            for (Object each : required(health.getJsonArray("agents"))) {
                JsonObject agent = (JsonObject) each;
                boolean connected = required(agent.getBoolean("connected"));
                agents.add(new AgentSnapshot(
                        required(agent.getInteger("id")),
                        required(agent.getString("name")),
                        connected,
                        connected,
                        List.of()));
            }
            return new Health(true, required(health.getString("board")), agents);
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            throw notScmid("/health");
        }
    }

    /**
     * The agents, and what the service has mapped of their memory.
     *
     * @throws ManagementException if nobody answers there, or not as scmid does
     */
    public List<AgentSnapshot> agents() throws ManagementException {
        try {
            var agents = new ArrayList<AgentSnapshot>();
            for (Object each : new JsonArray(body(get("/api/agents")))) {
                JsonObject agent = (JsonObject) each;
                var memory = new ArrayList<SharedRegion>();
                for (Object one : required(agent.getJsonArray("memory"))) {
                    JsonObject region = (JsonObject) one;
                    memory.add(new SharedRegion(
                            required(region.getLong("guest_address")), required(region.getLong("size"))));
                }
                agents.add(new AgentSnapshot(
                        required(agent.getInteger("id")),
                        required(agent.getString("name")),
                        required(agent.getBoolean("connected")),
                        required(agent.getBoolean("events")),
                        memory));
            }
            return agents;
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            throw notScmid("/api/agents");
        }
    }

    /**
     * What is known of each platform that the service asks.
     *
     * @throws ManagementException if nobody answers there, or not as scmid does
     */
    public List<Upstream.Snapshot> upstreams() throws ManagementException {
        try {
            var upstreams = new ArrayList<Upstream.Snapshot>();
            for (Object each : new JsonArray(body(get("/api/upstreams")))) {
                JsonObject upstream = (JsonObject) each;
                upstreams.add(new Upstream.Snapshot(
                        required(upstream.getString("name")),
                        required(upstream.getString("way")),
                        Upstream.State.valueOf(
                                required(upstream.getString("state")).toUpperCase(Locale.ROOT)),
                        (long) (required(upstream.getDouble("for_s")) * 1e9),
                        Objects.requireNonNullElse(upstream.getString("why"), ""),
                        required(upstream.getLong("commands")),
                        required(upstream.getInteger("pending")),
                        required(upstream.getLong("time_outs")),
                        required(upstream.getLong("late")),
                        required(upstream.getLong("losses")),
                        required(upstream.getLong("malformed"))));
            }
            return upstreams;
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            throw notScmid("/api/upstreams");
        }
    }

    /**
     * The clocks as the registers have them now.
     *
     * @throws ManagementException if nobody answers there, or not as scmid does
     */
    public List<ClockSnapshot> clocks() throws ManagementException {
        try {
            var clocks = new ArrayList<ClockSnapshot>();
            for (Object each : new JsonArray(body(get("/api/clocks")))) {
                JsonObject clock = (JsonObject) each;
                clocks.add(new ClockSnapshot(
                        required(clock.getString("name")),
                        names(clock.getJsonArray("parents")),
                        clock.getString("parent"),
                        required(clock.getLong("rate_hz")),
                        required(clock.getBoolean("enabled")),
                        names(clock.getJsonArray("votes"))));
            }
            return clocks;
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            throw notScmid("/api/clocks");
        }
    }

    /**
     * The sensors as they read now.
     *
     * @throws ManagementException if nobody answers there, or not as scmid does
     */
    public List<SensorSnapshot> sensors() throws ManagementException {
        try {
            var sensors = new ArrayList<SensorSnapshot>();
            for (Object each : new JsonArray(body(get("/api/sensors")))) {
                sensors.add(sensor((JsonObject) each));
            }
            return sensors;
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            throw notScmid("/api/sensors");
        }
    }

    private static SensorSnapshot sensor(JsonObject sensor) {
        String name = required(sensor.getString("name"));
        JsonArray axes = sensor.getJsonArray("axes");
        var values = new ArrayList<SensorValue>();
        if (axes == null) {
            values.add(new SensorValue(name, required(sensor.getString("unit")), sensor.getDouble("value")));
        } else {
            for (Object each : axes) {
                JsonObject axis = (JsonObject) each;
                values.add(new SensorValue(
                        required(axis.getString("name")), required(axis.getString("unit")), axis.getDouble("value")));
            }
        }
        return new SensorSnapshot(
                name,
                required(sensor.getBoolean("enabled")),
                Math.round(required(sensor.getDouble("interval_s")) * 1e9),
                axes != null,
                values,
                names(sensor.getJsonArray("enabled_by")));
    }

    /**
     * The metrics, in Prometheus' text format.
     *
     * @throws ManagementException if nobody answers there, or not as scmid does
     */
    public String metrics() throws ManagementException {
        return body(get("/metrics"));
    }

    /**
     * Asks an agent to shut down, reset or suspend.
     *
     * @param state one of {@link org.scmid.config.service.SystemPowerState}'s words
     * @param timeout how long a graceful shutdown may take, such as {@code 10 s}; null for no limit, and with all else
     * @throws ManagementException if the agent cannot be asked, the message says why; or if nobody answers there
     */
    public void requestSystemPower(String agent, String state, boolean graceful, @Nullable String timeout)
            throws ManagementException {
        JsonObject wanted = new JsonObject().put("state", state).put("graceful", graceful);
        if (timeout != null) {
            wanted.put("timeout", timeout);
        }
        String path = "/api/agents/"
                + URLEncoder.encode(agent, StandardCharsets.UTF_8).replace("+", "%20") + "/system-power";
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create("http://" + authority() + path))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(wanted.encode())));
        if (answer.statusCode() != 202) {
            throw new ManagementException(reason(answer));
        }
    }

    private String reason(HttpResponse<String> answer) throws ManagementException {
        try {
            String error = new JsonObject(answer.body()).getString("error");
            if (error != null) {
                return error;
            }
        } catch (DecodeException | ClassCastException e) {
            // not scmid, or down
        }
        return body(answer);
    }

    private HttpResponse<String> get(String path) throws ManagementException {
        return send(HttpRequest.newBuilder(URI.create("http://" + authority() + path)));
    }

    private HttpResponse<String> send(HttpRequest.Builder unfinished) throws ManagementException {
        try {
            var request = unfinished.timeout(PATIENCE).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new ManagementException("no service answers at " + authority()
                    + "; is it running, and is this the address of its management API (`scmid run` prints it)?");
        } catch (HttpTimeoutException e) {
            throw new ManagementException(authority() + " did not answer within " + PATIENCE.toSeconds() + " seconds");
        } catch (IOException e) {
            throw new ManagementException(
                    authority() + " does not answer as a web server does; another program may" + " listen there");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ManagementException("interrupted while " + authority() + " was asked");
        }
    }

    private String body(HttpResponse<String> answer) throws ManagementException {
        return switch (answer.statusCode()) {
            case 200 -> answer.body();
            case 503 ->
                throw new ManagementException(
                        "the service at " + authority() + " is down: its loop does not answer; its log says why");
            default -> throw notScmid(answer.uri().getPath() + " with status " + answer.statusCode());
        };
    }

    private ManagementException notScmid(String what) {
        return new ManagementException(
                authority() + " does not answer as scmid does (" + what + "); another program may listen there");
    }

    private String authority() {
        return (at.host().contains(":") ? "[" + at.host() + "]" : at.host()) + ":" + at.port();
    }

    private static List<String> names(@Nullable JsonArray array) {
        var names = new ArrayList<String>();
        for (Object name : required(array)) {
            names.add((String) name);
        }
        return names;
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("a value is missing");
        }
        return value;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
