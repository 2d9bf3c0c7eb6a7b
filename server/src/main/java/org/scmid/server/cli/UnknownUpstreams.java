// Says of which platforms it is not known what they offer.
package org.scmid.server.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.TreeSet;
import org.scmid.config.board.Board;
import org.scmid.config.offer.OfferFiles;
import org.scmid.config.upstream.UpstreamSpec;

/** Says of which platforms it is not known what they offer, to those who ask no platform. */
final class UnknownUpstreams {
    private UnknownUpstreams() {}

    /** Prints a line for each. */
    static void warn(Board board, PrintWriter out) {
        for (String name : new TreeSet<>(board.upstreams().unknown())) {
            UpstreamSpec upstream =
                    Objects.requireNonNull(board.upstreams().specs().get(name), name);
            out.println(upstream.place() + ": warning: it is not known what upstream `" + name
                    + "` offers, so nothing that is taken from it was looked at; `scmid upstream FILE " + name
                    + " --save` asks it and writes " + OfferFiles.place(upstream.folder(), name));
        }
        out.flush();
    }
}
