// What scmid bench prints: a table for people, an object for machines.
package org.scmid.server.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.ProtocolVersion;

/** Puts results into words, whatever the locale. */
public final class BenchReport {
    private static final String ROW = "%5s %12s %10s %10s %10s %10s %10s %12s %7s";

    private final BackEnd.Options options;
    private final BenchMessage message;
    private final Inquiry inquiry;

    /** A report on one back end. */
    public BenchReport(BackEnd.Options options, BenchMessage message, Inquiry inquiry) {
        this.options = options;
        this.message = message;
        this.inquiry = inquiry;
    }

    // ---- text ----

    /** The lines before the table's rows, without the last line's end. */
    public String head() {
        return "back end: " + whoItIs() + "\n"
                + "message:  " + message + ", replies "
                + (options.spins() ? "looked for in memory all the time" : "announced by an eventfd") + "\n"
                + String.format(
                        Locale.ROOT,
                        ROW,
                        "depth",
                        "messages/s",
                        "p50 µs",
                        "p90 µs",
                        "p99 µs",
                        "p99.9 µs",
                        "max µs",
                        "messages",
                        "wrong");
    }

    private String whoItIs() {
        String text = inquiry.vendor() == null ? "vendor unknown" : inquiry.vendor();
        if (inquiry.subVendor() != null) {
            text += " " + inquiry.subVendor();
        }
        text += ", Base " + ProtocolVersion.text(inquiry.baseVersion());
        ProtocolId protocol = message.message().protocol();
        if (protocol != ProtocolId.BASE) {
            text += ", " + protocol.label() + " " + ProtocolVersion.text(inquiry.version());
        }
        return text;
    }

    /** The row of one depth. */
    public static String row(DepthResult result) {
        DepthResult.Latency latency = result.latency();
        return String.format(
                        Locale.ROOT,
                        ROW,
                        result.depth(),
                        String.format(Locale.ROOT, "%.0f", result.messagesPerSecond()),
                        micros(latency.p50()),
                        micros(latency.p90()),
                        micros(latency.p99()),
                        micros(latency.p999()),
                        micros(latency.longest()),
                        result.messages(),
                        result.wrong())
                + (result.lost() == 0 ? "" : "  lost: " + result.lost())
                + (result.interrupted()
                        ? String.format(Locale.ROOT, "  interrupted after %.1f s", result.nanos() / 1e9)
                        : "");
    }

    private static String micros(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e3);
    }

    /** What was wrong at a depth, in a sentence; null if nothing was. */
    public static @Nullable String complaint(DepthResult result) {
        String at = "at depth " + result.depth() + ": ";
        if (result.failure() != null) {
            return at + result.failure();
        }
        if (result.wrong() > 0) {
            return at + result.wrong() + (result.wrong() == 1 ? " reply was" : " replies were") + " wrong; the first: "
                    + result.firstWrong();
        }
        return null;
    }

    // ---- JSON ----

    /** All of it as one object. */
    public String json(List<DepthResult> results) {
        JsonArray depths = new JsonArray();
        for (DepthResult result : results) {
            depths.add(json(result));
        }
        return new JsonObject()
                .put("socket", options.socket().toString())
                .put("vendor", inquiry.vendor())
                .put("sub_vendor", inquiry.subVendor())
                .put("base_version", ProtocolVersion.text(inquiry.baseVersion()))
                .put("protocol_version", ProtocolVersion.text(inquiry.version()))
                .put("message", message.toString())
                .put("spin", options.spins())
                .put("depths", depths)
                .encodePrettily();
    }

    private static JsonObject json(DepthResult result) {
        DepthResult.Latency latency = result.latency();
        return new JsonObject()
                .put("depth", result.depth())
                .put("messages", result.messages())
                .put("seconds", result.nanos() / 1e9)
                .put("messages_per_second", result.messagesPerSecond())
                .put(
                        "latency_ns",
                        new JsonObject()
                                .put("p50", latency.p50())
                                .put("p90", latency.p90())
                                .put("p99", latency.p99())
                                .put("p99_9", latency.p999())
                                .put("max", latency.longest()))
                .put("wrong", result.wrong())
                .put("first_wrong", result.firstWrong())
                .put("lost", result.lost())
                .put("error", result.failure())
                .put("interrupted", result.interrupted());
    }
}
