// Finds out whose the resources of a board are that are not its own.
package org.scmid.config.upstream;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.Offered;
import org.scmid.config.resource.Control;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Values.Located;
import org.scmid.config.shape.Values.Named;

/** Finds out whose the resources of a board are that are not its own: those that it names, then all the others. */
public final class Origins {
    private final Set<String> described;
    private final Map<String, UpstreamSpec> upstreams;
    private final Offers offers;
    private final Problems problems;
    private final Map<String, Offer> known = new HashMap<>();
    private final Set<String> unknown = new HashSet<>();
    private final Map<ResourceKind, Set<String>> openEnded = new EnumMap<>(ResourceKind.class);

    /**
     * @param described the names of all platforms that the file describes, rightly or wrongly
     * @param upstreams those that are right
     * @param offers what is known of them
     */
    public Origins(Set<String> described, Map<String, UpstreamSpec> upstreams, Offers offers, Problems problems) {
        this.described = Set.copyOf(described);
        this.upstreams = upstreams;
        this.offers = offers;
        this.problems = problems;
    }

    /**
     * The origins of those resources of a kind that are a platform's, by their names on the board.
     *
     * @param critical the key that says whether one has to be on; null if there is none
     */
    public Map<String, Origin> of(
            ResourceKind kind, List<Named<String, Fields>> written, @Nullable Key<Boolean> critical) {
        Map<String, Origin> origins = new LinkedHashMap<>();
        Map<From, Place> taken = new HashMap<>();
        for (Named<String, Fields> resource : written) {
            Fields fields = resource.value();
            From from = fields == null ? null : fields.get(UpstreamShapes.FROM);
            if (from == null || fields == null) {
                continue;
            }
            Place place = fields.place(UpstreamShapes.FROM);
            Place before = taken.putIfAbsent(from, place);
            if (before != null) {
                problems.add(
                        place,
                        "`from` of " + fields.what() + ": " + Problems.quote(from.toString())
                                + " is already another " + kind.label() + ", in " + before.seenFrom(place)
                                + "; a platform's resource can be taken once");
                continue;
            }
            Origin origin = origin(
                    kind,
                    fields.what(),
                    from,
                    critical != null && fields.get(critical, false),
                    allowed(kind, fields),
                    place);
            boolean isTree = kind == ResourceKind.CLOCK || kind == ResourceKind.SENSOR;
            if (origin != null && origin.offer() == null && !isTree) {
                // What it is like is all that there is of it; it comes when that is known.
                openEnded.computeIfAbsent(kind, its -> new HashSet<>()).add(from.upstream());
            } else if (origin != null) {
                origins.put(resource.key(), origin);
            }
        }
        return origins;
    }

    private Set<Control> allowed(ResourceKind kind, Fields fields) {
        List<Located<Control>> written = fields.get(UpstreamShapes.permissions(kind));
        if (written == null) {
            return Control.of(kind);
        }
        Set<Control> allowed = EnumSet.noneOf(Control.class);
        for (Located<Control> part : written) {
            if (!allowed.add(part.value())) {
                problems.add(
                        part.place(),
                        "`permissions` of " + fields.what() + " lists "
                                + Problems.quote(part.value().name().toLowerCase(Locale.ROOT)) + " twice");
            }
        }
        return allowed;
    }

    /** What a platform offers all of whose resources of a kind are taken; null if it is not known, or there is none. */
    @Nullable
    Offer allOf(ResourceKind kind, String name, String what, Place place) {
        UpstreamSpec upstream = upstream(name, what, place);
        Offer offer = upstream == null ? null : offer(upstream);
        if (upstream != null && offer == null) {
            openEnded.computeIfAbsent(kind, its -> new HashSet<>()).add(name);
        }
        return offer;
    }

    private @Nullable Origin origin(
            ResourceKind kind, String what, From from, boolean critical, Set<Control> allowed, Place place) {
        UpstreamSpec upstream = upstream(from.upstream(), "`from` of " + what, place);
        if (upstream == null) {
            return null;
        }
        Offer offer = offer(upstream);
        if (offer == null) {
            return new Origin(from, null, critical, allowed, place);
        }
        Set<String> names = new HashSet<>();
        for (Offered offered : offer.of(kind)) {
            if (offered.name().equals(from.name())) {
                return new Origin(from, offered, critical, allowed, place);
            }
            names.add(offered.name());
        }
        problems.add(
                place,
                "`from` of " + what + ": upstream " + Problems.quote(from.upstream()) + " offers no " + kind.label()
                        + " " + Problems.quote(from.name()) + problems.didYouMean(from.name(), names));
        return null;
    }

    private @Nullable UpstreamSpec upstream(String name, String what, Place place) {
        UpstreamSpec upstream = upstreams.get(name);
        if (upstream == null && !described.contains(name)) {
            problems.add(
                    place,
                    what + " names the unknown upstream " + Problems.quote(name) + problems.didYouMean(name, described)
                            + (described.isEmpty() ? "; describe it under `upstreams`" : ""));
        }
        return upstream;
    }

    private @Nullable Offer offer(UpstreamSpec upstream) {
        String name = upstream.name();
        if (!known.containsKey(name) && !unknown.contains(name)) {
            Offer offer = offers.of(upstream, problems);
            if (offer == null) {
                unknown.add(name);
            } else {
                known.put(name, offer);
            }
        }
        return known.get(name);
    }

    /** The platforms of which it is not known what they offer, and of which something is taken. */
    public Set<String> unknown() {
        return Set.copyOf(unknown);
    }

    /** By kind, the platforms all of whose resources are taken, which are not known. */
    public Map<ResourceKind, Set<String>> openEnded() {
        return openEnded;
    }
}
