// What platforms offered when they were there last, kept beside the agents' states.
package org.scmid.server.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.Problems;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.OfferFiles;
import org.scmid.config.upstream.Offers;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.server.core.state.StateFolder;

/**
 * What platforms offered when they were there last: so a service knows at its start what its board has, whether they are
 * there or not. Where nothing is kept, what was saved beside the board file counts.
 */
public final class KeptOffers implements Offers {
    private static final String FOLDER = "upstreams";
    private static final String NEW = ".new";

    private final Path folder;

    /** @param stateDirectory where the service's agents are remembered */
    public KeptOffers(Path stateDirectory) {
        folder = stateDirectory.resolve(FOLDER);
    }

    @Override
    public @Nullable Offer of(UpstreamSpec upstream, Problems problems) {
        Offer kept = kept(upstream.name());
        return kept == null ? ConfigFiles.SAVED.of(upstream, problems) : kept;
    }

    /** What is kept, with something else of one platform. */
    public Offers with(String upstream, Offer offer) {
        return (asked, problems) -> asked.name().equals(upstream) ? offer : of(asked, problems);
    }

    /** What is kept of a platform; what cannot be read is as good as nothing: it is found out again. */
    private @Nullable Offer kept(String upstream) {
        Path file = OfferFiles.place(folder, upstream);
        if (!Files.exists(file)) {
            return null;
        }
        Problems wrong = new Problems();
        Offer offer = OfferFiles.read(upstream, file, wrong);
        return wrong.count() == 0 ? offer : null;
    }

    /**
     * Keeps what a platform offers.
     *
     * @throws IOException if it cannot be written; the message says why
     */
    public void keep(String upstream, Offer offer) throws IOException {
        if (offer.equals(kept(upstream))) {
            return;
        }
        String text = OfferFiles.text(upstream, offer);
        if (text == null) {
            throw new IOException("upstream " + upstream + " offers more than can be kept");
        }
        StateFolder.open(folder);
        Path file = OfferFiles.place(folder, upstream);
        Path beside = folder.resolve(file.getFileName() + NEW);
        Files.deleteIfExists(beside);
        Files.writeString(beside, text);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
