// What platforms offer, asked without serving anybody.
package org.scmid.server.service;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.linux.LinuxException;
import org.scmid.loop.LoopOptions;
import org.scmid.loop.ServiceLoop;
import org.scmid.transport.PollPacing;
import org.scmid.upstream.Upstream;
import org.scmid.upstream.UpstreamListener;
import org.scmid.upstream.discovery.Discovered;

/** Asks platforms what they offer, as their agent, and changes nothing on them. They are asked at the same time. */
public final class OfferSurvey implements AutoCloseable {
    private final ServiceLoop loop;
    private final Map<UpstreamSpec, CompletableFuture<Discovered>> answers = new LinkedHashMap<>();
    private final List<Upstream> links = new ArrayList<>(); // the loop's

    private OfferSurvey(ServiceLoop loop) {
        this.loop = loop;
    }

    /**
     * Begins to ask.
     *
     * @throws LinuxException if the machine has no more file descriptors
     */
    public static OfferSurvey of(List<UpstreamSpec> platforms) throws LinuxException {
        OfferSurvey survey = new OfferSurvey(new ServiceLoop(LoopOptions.noSpin()));
        PollPacing pacing = new PollPacing(survey.loop);
        platforms.forEach(platform -> survey.answers.put(platform, new CompletableFuture<>()));
        survey.loop.start();
        survey.loop.post(() -> survey.answers.forEach((platform, answer) -> survey.ask(pacing, platform, answer)));
        return survey;
    }

    private void ask(PollPacing pacing, UpstreamSpec platform, CompletableFuture<Discovered> answer) {
        Upstream upstream = new Upstream(
                loop.scope(thrown -> answer.completeExceptionally(new IllegalStateException(thrown))),
                pacing,
                platform);
        upstream.listen(new UpstreamListener() {
            @Override
            public void up(Discovered all) {
                answer.complete(all);
            }

            @Override
            public void unreachable(String why) {
                answer.completeExceptionally(new IOException(why));
            }
        });
        links.add(upstream);
        upstream.start();
    }

    /**
     * Waits for what one platform offers.
     *
     * @param platform one of those that are asked
     * @param deadline until when, by {@link System#nanoTime}
     * @throws IOException if it cannot be reached; the message says why, for people
     * @throws TimeoutException if it has not said all that it offers by then
     */
    public Discovered await(UpstreamSpec platform, long deadline)
            throws IOException, TimeoutException, InterruptedException {
        CompletableFuture<Discovered> answer = answers.get(platform);
        if (answer == null) {
            throw new IllegalArgumentException(platform.name() + " is not asked");
        }
        try {
            return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException unreachable) {
                throw unreachable;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        loop.post(() -> links.forEach(Upstream::close));
        loop.close();
    }
}
