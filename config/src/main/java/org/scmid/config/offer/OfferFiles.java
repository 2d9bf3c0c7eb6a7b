// Files that say what a platform offers, beside the board file that takes resources from it.
package org.scmid.config.offer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Source;
import org.scmid.config.document.YamlReader;

/** Files that say what a platform offers: NAME.upstream.yaml, in the folder of the file that describes the platform. */
public final class OfferFiles {
    private static final String ENDING = ".upstream.yaml";

    private OfferFiles() {}

    /** Where the file of a platform is. */
    public static Path place(Path folder, String upstream) {
        return folder.resolve(upstream + ENDING);
    }

    /**
     * The file's text; the same for the same offer.
     *
     * @param upstream the board file's name of the platform
     * @return null if it is larger than any file that scmid reads
     */
    public static @Nullable String text(String upstream, Offer offer) {
        String text = OfferWriter.write(upstream, offer);
        return text.getBytes(StandardCharsets.UTF_8).length > YamlReader.MAX_BYTES ? null : text;
    }

    /**
     * Reads a file.
     *
     * @param upstream the board file's name of the platform
     * @param problems takes what is wrong with it; resources that are wrong are left out
     * @return null if nothing useful can be read
     */
    public static @Nullable Offer read(String upstream, Path file, Problems problems) {
        try {
            return OfferReader.read(upstream, new Source.OnDisk(file), problems);
        } catch (ConfigException e) {
            problems.addAll(e);
            return null;
        }
    }
}
