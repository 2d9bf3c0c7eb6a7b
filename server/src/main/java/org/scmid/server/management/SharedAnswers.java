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

/**
 * Asks the service loop one question at a time: however many clients there are, guests shall not wait for them. Requests
 * that come while an answer is being made share the next one, so that each is answered with what was true after it came.
 */
final class SharedAnswers<T> {
    private final Context context;
    private final Supplier<CompletableFuture<T>> source;
    private final long patienceMillis;

    // Used on the context's thread only.
    private List<Promise<T>> waiting = new ArrayList<>();
    private boolean asked;

    /**
     * @param source asks the service loop
     * @param patienceMillis how long it may take to answer before it counts as dead
     */
    SharedAnswers(Vertx vertx, Supplier<CompletableFuture<T>> source, long patienceMillis) {
        this.context = vertx.getOrCreateContext();
        this.source = source;
        this.patienceMillis = patienceMillis;
    }

    /** An answer that is made after this call; fails if the service loop does not answer in time. */
    Future<T> next() {
        Promise<T> promise = Promise.promise();
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
        List<Promise<T>> served = waiting;
        waiting = new ArrayList<>();
        Future.fromCompletionStage(source.get(), context)
                .timeout(patienceMillis, TimeUnit.MILLISECONDS)
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
