// One question to the service loop for many requests.
package org.scmid.server.management;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.scmid.server.service.ServiceSnapshot;

/**
 * Asks the service loop for snapshots, one at a time: a snapshot reads every register of the board's clocks, and however
 * many clients there are, guests shall not wait for them. Requests that come while one is being made share the next one,
 * so that each is answered with what was true after it came.
 */
final class SharedSnapshots {
    /** How long the service loop may take to answer before it counts as dead. */
    private static final long PATIENCE_MILLIS = 1000;

    private final Context context;
    private final Supplier<CompletableFuture<ServiceSnapshot>> source;

    // Used on the context's thread only.
    private List<Promise<ServiceSnapshot>> waiting = new ArrayList<>();
    private boolean asked;

    SharedSnapshots(Vertx vertx, Supplier<CompletableFuture<ServiceSnapshot>> source) {
        this.context = vertx.getOrCreateContext();
        this.source = source;
    }

    /** A snapshot that is made after this call; fails if the service loop does not answer in time. */
    Future<ServiceSnapshot> next() {
        Promise<ServiceSnapshot> promise = Promise.promise();
        context.runOnContext(now -> {
            waiting.add(promise);
            if (!asked) {
                ask();
            }
        });
        return promise.future();
    }

    private void ask() {
        asked = true;
        List<Promise<ServiceSnapshot>> served = waiting;
        waiting = new ArrayList<>();
        Future.fromCompletionStage(source.get(), context)
                .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .onComplete(answer -> {
                    asked = false;
                    if (answer.failed()) {
                        // A loop that does not answer these will not answer those that wait behind them either.
                        served.addAll(waiting);
                        waiting = new ArrayList<>();
                    }
                    served.forEach(promise -> promise.handle(answer));
                    if (!waiting.isEmpty() && !asked) {
                        ask();
                    }
                });
    }
}
