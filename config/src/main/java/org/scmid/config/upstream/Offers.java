// What is known of what platforms offer.
package org.scmid.config.upstream;

import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Problems;
import org.scmid.config.offer.Offer;

/** What is known of what platforms offer, while a board is read that takes resources from them. */
@FunctionalInterface
public interface Offers {
    /** Nothing is known. */
    Offers NONE = (upstream, problems) -> null;

    /**
     * What a platform offers.
     *
     * @param problems takes what is wrong with a file that says it
     * @return null if that is not known
     */
    @Nullable
    Offer of(UpstreamSpec upstream, Problems problems);
}
