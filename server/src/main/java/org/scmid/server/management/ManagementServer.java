// The management API over HTTP.
package org.scmid.server.management;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.upstream.Origin;
import org.scmid.server.service.PowerDomainSnapshot;
import org.scmid.server.service.ResetSnapshot;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceSnapshot;
import org.scmid.server.service.ServiceSnapshot.AgentSnapshot;
import org.scmid.server.service.ServiceSnapshot.ClockSnapshot;
import org.scmid.server.service.ServiceSnapshot.Peers;
import org.scmid.server.service.ServiceSnapshot.PerformanceDomainSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorValue;
import org.scmid.server.service.ServiceSnapshot.VoltageDomainSnapshot;
import org.scmid.server.view.TreeFormat;
import org.scmid.transport.SharedRegion;
import org.scmid.upstream.Upstream;

/**
 * Answers on one address:
 *
 * <ul>
 *   <li>{@code GET /health}: 200 and {@code {status: "up", board, agents: [{id, name, connected}], upstreams: [{name, state}]}} while the
 *       service loop answers, 503 and {@code {status: "down"}} if it does not within a second,
 *       which every other path does too
 *   <li>{@code GET /metrics}: Prometheus' text format, see {@link ServiceMetrics}
 *   <li>{@code GET /api/agents}: {@code [{id, name, connected, events, memory: [{guest_address, size}]}]}, memory being
 *       what the service has mapped of the agent's
 *   <li>{@code GET /api/clocks}: {@code [{name, parents, parent, rate_hz, enabled, votes}]}, the registers read now
 *   <li>{@code GET /api/sensors}: {@code [{name, unit, value, enabled, interval_s, enabled_by}]}, with {@code axes:
 *       [{name, unit, value}]} instead of unit and value for a sensor that has axes; read now
 *   <li>{@code GET /api/voltage-domains}: {@code [{name, microvolts, lowest, highest, enabled, settling, votes}]}
 *   <li>{@code GET /api/performance-domains}: {@code [{name, clock, level, rate_hz, lowest, highest, changing}]}
 *   <li>{@code GET /api/upstreams}: {@code [{name, way, state, for_s, why, commands, pending, time_outs, late, losses,
 *       malformed}]}, the platforms that the service asks as an agent
 *   <li>{@code POST /api/agents/NAME/system-power}, see {@link SystemPowerRoute}
 * </ul>
 *
 * <p>What cannot be answered is {@code {error}} with status 404 (no such path), 405 (another method than the path has) or
 * 403: the request's Host is not a loopback name. A web page anywhere can have its own name resolve to 127.0.0.1 and then
 * read what is served there; but it cannot make the browser send another Host than its own.
 *
 * <p>There are at most 64 clients at a time, fewer if agents need the descriptors, and each has 10 seconds for a request,
 * see {@link ManagementConnections}.
 *
 * <p>It has threads of its own. The service loop never waits for them; it is asked one question of a kind at a time, and
 * reads the board in pieces behind all agents.
 */
public final class ManagementServer implements AutoCloseable {
    static final String JSON = "application/json";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How long the service loop may take to say who is connected before it counts as dead. */
    private static final long LOOP_PATIENCE_MILLIS = 1000;

    /** How long it may then take to read the board, which comes behind all agents. */
    private static final long SNAPSHOT_PATIENCE_MILLIS = 5000;

    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final List<String> paths = new ArrayList<>();
    private final ServiceMetrics metrics;
    private final Vertx vertx;
    private final HttpServer http;
    private final SharedAnswers<Peers> peers;
    private final SharedAnswers<ServiceSnapshot> snapshots;
    private final ScmiService service;
    private final ManagementConnections connections;

    private ManagementServer(ScmiService service, Duration patience) {
        this.service = service;
        metrics = new ServiceMetrics(service);
        // One thread is plenty for a person and a scraper; nothing is read from files.
        var options = new VertxOptions()
                .setEventLoopPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setWorkerPoolSize(1);
        options.getFileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
        vertx = Vertx.vertx(options);
        peers = new SharedAnswers<>(vertx, service::peersNow, LOOP_PATIENCE_MILLIS);
        snapshots = new SharedAnswers<>(vertx, service::snapshot, SNAPSHOT_PATIENCE_MILLIS);
        connections = new ManagementConnections(
                vertx, ManagementConnections.mostBeside(service.agents().size()), patience);
        http = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false));
    }

    /**
     * Starts to listen.
     *
     * @param host a loopback address
     * @param port 1 to 65535; 0: any free one, see {@link #port}
     * @throws ManagementException if it cannot listen there
     */
    public static ManagementServer start(String host, int port, ScmiService service) throws ManagementException {
        return start(host, port, service, PATIENCE);
    }

    /** The same, with less or more patience with clients that do not complete their requests. */
    static ManagementServer start(String host, int port, ScmiService service, Duration patience)
            throws ManagementException {
        var server = new ManagementServer(service, patience);
        try {
            server.http
                    .connectionHandler(server.connections::opened)
                    .requestHandler(server.routes())
                    .listen(port, host)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            return server;
        } catch (ExecutionException | TimeoutException e) {
            server.close();
            throw new ManagementException("the management API cannot listen on " + host + ":" + port + ": " + reason(e)
                    + "; choose another port with `management: { listen: HOST:PORT }` in the service file, or do without"
                    + " with `listen: none`");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.close();
            throw new ManagementException("interrupted while the management API was started");
        }
    }

    private static String reason(Exception failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof BindException && String.valueOf(cause.getMessage()).contains("already in use")) {
            return "another program, or another scmid, uses this port";
        }
        return cause == null || cause.getMessage() == null ? "no reason given" : cause.getMessage();
    }

    /** The port that it listens on. */
    public int port() {
        return http.actualPort();
    }

    private Router routes() {
        Router router = Router.router(vertx);
        router.route().handler(this::guard);
        servePeers(router, "/health", this::health);
        serve(
                router,
                "/metrics",
                (context, snapshot) -> answer(context, 200, PROMETHEUS_TEXT, metrics.scrape(snapshot)));
        servePeers(router, "/api/agents", ManagementServer::agents);
        servePeers(router, "/api/upstreams", ManagementServer::upstreams);
        serve(router, "/api/clocks", this::clocks);
        serve(router, "/api/voltage-domains", this::voltageDomains);
        serve(router, "/api/performance-domains", this::performanceDomains);
        serve(router, "/api/power-domains", this::powerDomains);
        serve(router, "/api/sensors", this::sensors);
        serve(router, "/api/resets", this::resets);
        new SystemPowerRoute(service).addTo(router);
        paths.add(SystemPowerRoute.SHOWN);
        String known = "no such path; there are " + String.join(", ", paths);
        // Whatever a client sends, the log is not the place for it.
        router.errorHandler(400, context -> refuse(context, 400, "this is no HTTP request as it should be"));
        router.errorHandler(404, context -> refuse(context, 404, known));
        router.errorHandler(405, context -> {
            boolean isAction = SystemPowerRoute.isPath(context.request().path());
            context.response().putHeader("allow", isAction ? "POST" : "GET, HEAD");
            refuse(context, 405, isAction ? "this path takes POST only" : "this path is read-only: GET and HEAD");
        });
        return router;
    }

    /** Answers a path with whom the service loop speaks to; that it answers at all is what health means. */
    private void servePeers(Router router, String path, BiConsumer<RoutingContext, Peers> answering) {
        serve(router, path, peers::next, answering);
    }

    /** Answers a path with what the board looks like. A loop that is dead is found out without waiting for that. */
    private void serve(Router router, String path, BiConsumer<RoutingContext, ServiceSnapshot> answering) {
        serve(router, path, () -> peers.next().compose(alive -> snapshots.next()), answering);
    }

    private <T> void serve(
            Router router, String path, Supplier<Future<T>> question, BiConsumer<RoutingContext, T> answering) {
        paths.add(path);
        router.route(path)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context -> question.get()
                        .onSuccess(answer -> answering.accept(context, answer))
                        .onFailure(failure -> answer(
                                context,
                                503,
                                JSON,
                                new JsonObject().put("status", "down").encode())));
    }

    /** What holds for every answer, and who is answered at all. */
    private void guard(RoutingContext context) {
        HttpConnection connection = context.request().connection();
        connections.asked(connection, context.request());
        context.addEndHandler(answered -> connections.answered(connection));
        HttpServerResponse response = context.response();
        response.putHeader("cache-control", "no-store").putHeader("x-content-type-options", "nosniff");
        HostAndPort asked = context.request().authority();
        if (isLoopback(asked == null ? null : asked.host())) {
            context.next();
        } else {
            refuse(
                    context,
                    403,
                    "this API is for this host only: the request's Host must be a loopback address or localhost, not "
                            + (asked == null ? "missing" : asked.host()));
        }
    }

    /** Whether the name that a client knows us by is one that only this host can mean. */
    static boolean isLoopback(@Nullable String host) {
        if (host == null) {
            return false;
        }
        return switch (host.toLowerCase(Locale.ROOT)) {
            case "localhost", "::1", "[::1]" -> true;
            default -> host.matches("127(\\.[0-9]{1,3}){3}");
        };
    }

    private void health(RoutingContext context, Peers now) {
        var agents = new JsonArray();
        for (AgentSnapshot agent : now.agents()) {
            agents.add(new JsonObject()
                    .put("id", agent.id())
                    .put("name", agent.name())
                    .put("connected", agent.attached()));
        }
        var health = new JsonObject()
                .put("status", "up")
                .put("board", service.service().board().board().name())
                .put("agents", agents);
        if (!now.upstreams().isEmpty()) {
            var upstreams = new JsonArray();
            for (Upstream.Snapshot upstream : now.upstreams()) {
                upstreams.add(new JsonObject()
                        .put("name", upstream.name())
                        .put("state", upstream.state().shown()));
            }
            health.put("upstreams", upstreams);
        }
        answer(context, 200, JSON, health.encode());
    }

    private static void upstreams(RoutingContext context, Peers now) {
        var upstreams = new JsonArray();
        for (Upstream.Snapshot upstream : now.upstreams()) {
            upstreams.add(new JsonObject()
                    .put("name", upstream.name())
                    .put("way", upstream.way())
                    .put("state", upstream.state().shown())
                    .put("for_s", upstream.stateNanos() / 1_000_000_000.0)
                    .put("why", upstream.why().isEmpty() ? null : upstream.why())
                    .put("commands", upstream.commands())
                    .put("pending", upstream.pending())
                    .put("time_outs", upstream.timeOuts())
                    .put("late", upstream.late())
                    .put("losses", upstream.losses())
                    .put("malformed", upstream.malformed()));
        }
        answer(context, 200, JSON, upstreams.encode());
    }

    private static void agents(RoutingContext context, Peers now) {
        var agents = new JsonArray();
        for (AgentSnapshot agent : now.agents()) {
            var memory = new JsonArray();
            for (SharedRegion region : agent.memory()) {
                memory.add(new JsonObject()
                        .put("guest_address", region.guestAddress())
                        .put("size", region.size()));
            }
            agents.add(new JsonObject()
                    .put("id", agent.id())
                    .put("name", agent.name())
                    .put("connected", agent.attached())
                    .put("events", agent.events())
                    .put("memory", memory));
        }
        answer(context, 200, JSON, agents.encode());
    }

    /** Says whose a resource is, if it is another platform's. */
    private JsonObject marked(ResourceKind kind, String name, JsonObject json) {
        Origin origin =
                service.service().board().board().upstreams().origins(kind).get(name);
        return origin == null ? json : json.put("upstream", origin.from().upstream());
    }

    private void clocks(RoutingContext context, ServiceSnapshot snapshot) {
        var clocks = new JsonArray();
        for (ClockSnapshot clock : snapshot.clocks()) {
            clocks.add(marked(ResourceKind.CLOCK, clock.name(), TreeFormat.json(clock))
                    .put("votes", new JsonArray(clock.votes())));
        }
        answer(context, 200, JSON, clocks.encode());
    }

    private void sensors(RoutingContext context, ServiceSnapshot snapshot) {
        var sensors = new JsonArray();
        for (SensorSnapshot sensor : snapshot.sensors()) {
            sensors.add(marked(ResourceKind.SENSOR, sensor.name(), json(sensor)));
        }
        answer(context, 200, JSON, sensors.encode());
    }

    private static JsonObject json(SensorSnapshot sensor) {
        var json = new JsonObject().put("name", sensor.name());
        if (sensor.hasAxes()) {
            var axes = new JsonArray();
            for (SensorValue axis : sensor.values()) {
                axes.add(new JsonObject()
                        .put("name", axis.name())
                        .put("unit", axis.unit())
                        .put("value", axis.value()));
            }
            json.put("axes", axes);
        } else {
            SensorValue value = sensor.values().getFirst();
            json.put("unit", value.unit()).put("value", value.value());
        }
        return json.put("enabled", sensor.enabled())
                .put("interval_s", sensor.intervalNanos() / 1e9)
                .put("enabled_by", new JsonArray(sensor.enabledBy()));
    }

    private void powerDomains(RoutingContext context, ServiceSnapshot snapshot) {
        var domains = new JsonArray();
        for (PowerDomainSnapshot domain : snapshot.powerDomains()) {
            domains.add(marked(ResourceKind.POWER_DOMAIN, domain.name(), new JsonObject().put("name", domain.name()))
                    .put("parent", domain.parent())
                    .put("on", domain.on())
                    .put("switching", domain.switching())
                    .put("votes", new JsonArray(domain.votes())));
        }
        answer(context, 200, JSON, domains.encode());
    }

    private void voltageDomains(RoutingContext context, ServiceSnapshot snapshot) {
        var domains = new JsonArray();
        for (VoltageDomainSnapshot domain : snapshot.voltageDomains()) {
            domains.add(marked(ResourceKind.VOLTAGE_DOMAIN, domain.name(), new JsonObject().put("name", domain.name()))
                    .put("microvolts", domain.microvolts())
                    .put("lowest", domain.lowest())
                    .put("highest", domain.highest())
                    .put("enabled", domain.enabled())
                    .put("settling", domain.settling())
                    .put("votes", new JsonArray(domain.votes())));
        }
        answer(context, 200, JSON, domains.encode());
    }

    private void resets(RoutingContext context, ServiceSnapshot snapshot) {
        var resets = new JsonArray();
        for (ResetSnapshot reset : snapshot.resets()) {
            resets.add(marked(ResourceKind.RESET, reset.name(), new JsonObject().put("name", reset.name()))
                    .put("asserted", reset.asserted())
                    .put("busy", reset.busy()));
        }
        answer(context, 200, JSON, resets.encode());
    }

    private void performanceDomains(RoutingContext context, ServiceSnapshot snapshot) {
        var domains = new JsonArray();
        for (PerformanceDomainSnapshot domain : snapshot.performanceDomains()) {
            domains.add(
                    marked(ResourceKind.PERFORMANCE_DOMAIN, domain.name(), new JsonObject().put("name", domain.name()))
                            .put("clock", domain.clock())
                            .put("level", domain.level())
                            .put("rate_hz", domain.rateHz())
                            .put("lowest", domain.lowest())
                            .put("highest", domain.highest())
                            .put("changing", domain.changing()));
        }
        answer(context, 200, JSON, domains.encode());
    }

    static void refuse(RoutingContext context, int status, String error) {
        answer(context, status, JSON, new JsonObject().put("error", error).encode());
    }

    static void answer(RoutingContext context, int status, String type, String body) {
        HttpServerResponse response = context.response();
        if (!response.ended() && !response.closed()) { // the client may be gone by now
            Future<Void> sent = response.setStatusCode(status)
                    .putHeader("content-type", type)
                    .end(body);
            sent.onFailure(gone -> {
                // nobody is left to be told
            });
        }
    }

    /** Stops to listen, and ends its threads. */
    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .exceptionally(e -> null)
                .join();
        metrics.close();
    }
}
