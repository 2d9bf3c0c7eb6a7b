// The path of the management API that asks agents to shut down or to reset.
package org.scmid.server.management;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.DurationText;
import org.scmid.config.service.SystemPowerState;
import org.scmid.server.core.system.SystemPowerOutcome;
import org.scmid.server.service.ScmiService;

/**
 * {@code POST /api/agents/NAME/system-power} with {@code {"state": "shutdown", "graceful": true, "timeout": "10 s"}}:
 * asks an agent to enter a state.
 *
 * <ul>
 *   <li>state: shutdown, cold-reset, warm-reset or suspend; required
 *   <li>graceful: true unless said otherwise
 *   <li>timeout: how long a graceful shutdown may take, none if missing; SCMI has it for nothing else
 * </ul>
 *
 * <p>Answers 202 if the agent is told; else {@code {error}} with 400 (a body that is wrong), 404 (no such agent), 409
 * (the agent is not offered the protocol, is not connected, or has not subscribed), 413 (a body of more than 4096
 * bytes), 415 (the body must be {@code application/json}, which no web page can make a browser send here without asking
 * first, and that is not answered) or 403: browsers say by Origin which page asks, and only one of this host may.
 */
final class SystemPowerRoute {
    private static final String PATH = "/api/agents/:agent/system-power";

    /** The path as a message shows it. */
    static final String SHOWN = "/api/agents/NAME/system-power";

    private static final int LONGEST_BODY = 4096;
    private static final Set<String> KEYS = Set.of("state", "graceful", "timeout");

    private final ScmiService service;

    SystemPowerRoute(ScmiService service) {
        this.service = service;
    }

    /** Whether a request's path is one of these. */
    static boolean isPath(String path) {
        return path.matches("/api/agents/[^/]+/system-power");
    }

    void addTo(Router router) {
        router.post(PATH).handler(SystemPowerRoute::refusePages).handler(this::read);
    }

    private static void refusePages(RoutingContext context) {
        for (String origin : context.request().headers().getAll(HttpHeaders.ORIGIN)) {
            if (!isLoopback(origin)) {
                ManagementServer.refuse(context, 403, "web pages of other hosts may not ask for this: " + origin);
                return;
            }
        }
        context.next();
    }

    private static boolean isLoopback(String origin) {
        try {
            return ManagementServer.isLoopback(new URI(origin).getHost());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Collects the body; a client that breaks it, or goes away meanwhile, is nothing that the log should have. */
    private void read(RoutingContext context) {
        Buffer body = Buffer.buffer();
        context.request()
                .exceptionHandler(broken -> ManagementServer.refuse(context, 400, "the body cannot be read"))
                .handler(part -> {
                    if (body.length() + part.length() <= LONGEST_BODY) {
                        body.appendBuffer(part);
                    } else {
                        ManagementServer.refuse(context, 413, "the body has more than 4096 bytes");
                    }
                })
                .endHandler(complete -> {
                    if (!context.response().ended()) {
                        request(context, body.toString());
                    }
                });
    }

    /** What a body asks for. */
    private record Wanted(SystemPowerState state, boolean graceful, Duration timeout) {}

    private void request(RoutingContext context, String body) {
        String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.toLowerCase(java.util.Locale.ROOT).matches("application/json\\s*(;.*)?")) {
            ManagementServer.refuse(context, 415, "the request's Content-Type must be application/json");
            return;
        }
        Wanted wanted;
        try {
            wanted = wanted(body);
        } catch (IllegalArgumentException e) {
            ManagementServer.refuse(context, 400, String.valueOf(e.getMessage()));
            return;
        }
        String agent = context.pathParam("agent");
        Future.fromCompletionStage(
                        service.requestSystemPower(agent, wanted.state, wanted.graceful, wanted.timeout),
                        context.vertx().getOrCreateContext())
                .timeout(1, TimeUnit.SECONDS)
                .onSuccess(outcome -> answer(context, agent, wanted, outcome))
                .onFailure(down -> ManagementServer.answer(
                        context,
                        503,
                        ManagementServer.JSON,
                        new JsonObject().put("status", "down").encode()));
    }

    private static Wanted wanted(String body) {
        JsonObject json;
        try {
            json = new JsonObject(body);
        } catch (DecodeException e) {
            throw new IllegalArgumentException("the body is not a JSON object like {\"state\": \"shutdown\"}", e);
        }
        for (String key : json.fieldNames()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(
                        "`" + key + "` is not known; allowed are `state`, `graceful` and `timeout`");
            }
        }
        SystemPowerState state = state(json);
        boolean graceful = !Boolean.FALSE.equals(value(json, "graceful", Boolean.class, "true or false"));
        String timeout = value(json, "timeout", String.class, "a text like \"10 s\"");
        if (timeout != null && !(graceful && state == SystemPowerState.SHUTDOWN)) {
            throw new IllegalArgumentException("`timeout` goes with a graceful shutdown only");
        }
        return new Wanted(state, graceful, timeout == null ? Duration.ZERO : timeout(timeout));
    }

    private static SystemPowerState state(JsonObject json) {
        String words = "\"shutdown\", \"cold-reset\", \"warm-reset\" or \"suspend\"";
        String word = value(json, "state", String.class, words);
        return SystemPowerState.of(word == null ? "" : word)
                .orElseThrow(() -> new IllegalArgumentException("`state` must be " + words));
    }

    private static Duration timeout(String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("`timeout`: " + e.getMessage(), e);
        }
    }

    private static <T> @Nullable T value(JsonObject json, String key, Class<T> type, String what) {
        Object value = json.getValue(key);
        if (value != null && !type.isInstance(value)) {
            throw new IllegalArgumentException("`" + key + "` must be " + what);
        }
        return type.cast(value);
    }

    private static void answer(RoutingContext context, String agent, Wanted wanted, SystemPowerOutcome outcome) {
        switch (outcome) {
            case REQUESTED ->
                ManagementServer.answer(
                        context,
                        202,
                        ManagementServer.JSON,
                        new JsonObject()
                                .put("agent", agent)
                                .put("state", wanted.state.word())
                                .encode());
            case NO_SUCH_AGENT -> ManagementServer.refuse(context, 404, "there is no agent " + agent);
            case NOT_OFFERED ->
                ManagementServer.refuse(
                        context,
                        409,
                        "agent " + agent + " does not have the System power protocol; give it `system-power: {}` in the"
                                + " service file");
            case NOT_CONNECTED ->
                ManagementServer.refuse(context, 409, "agent " + agent + " is not connected, it cannot be told");
            case NOT_SUBSCRIBED ->
                ManagementServer.refuse(
                        context,
                        409,
                        "agent " + agent + " has not asked to be told (SYSTEM_POWER_STATE_NOTIFY); is its driver"
                                + " running? In Linux that is scmi_power_control");
        }
    }
}
