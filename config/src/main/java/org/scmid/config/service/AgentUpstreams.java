// The platforms that an agent depends on.
package org.scmid.config.service;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.performance.PerformanceDomainSpec;
import org.scmid.config.power.PowerDomainSpec;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.upstream.Origin;
import org.scmid.config.upstream.Upstreams;

/** The platforms that an agent depends on: a guest must not see what was not found out yet. */
final class AgentUpstreams {
    private final Board board;
    private final Set<String> found = new TreeSet<>();
    private final Set<String> clocksSeen = new HashSet<>();

    private AgentUpstreams(Board board) {
        this.board = board;
    }

    static Set<String> of(Board board, AgentSpec agent) {
        AgentUpstreams upstreams = new AgentUpstreams(board);
        if (!board.upstreams().specs().isEmpty()) {
            for (ResourceKind kind : ResourceKind.values()) {
                upstreams.addAll(kind, agent.grants(kind));
            }
            agent.openEnded()
                    .forEach(kind -> upstreams.found.addAll(board.upstreams().openEnded(kind)));
        }
        return upstreams.found;
    }

    private void addAll(ResourceKind kind, List<Grant> grants) {
        for (Grant grant : grants) {
            add(kind, grant.resource());
        }
    }

    private void add(ResourceKind kind, String name) {
        Upstreams upstreams = board.upstreams();
        Origin origin = upstreams.origins(kind).get(name);
        if (origin != null) {
            found.add(origin.from().upstream());
            return;
        }
        switch (kind) {
            case CLOCK -> addClock(name);
            case POWER_DOMAIN -> addPowerDomain(board.powerDomains().get(name));
            case PERFORMANCE_DOMAIN -> {
                PerformanceDomainSpec domain = board.performanceDomains().get(name);
                if (domain != null) {
                    addClock(domain.clock());
                }
            }
            case SENSOR, RESET, VOLTAGE_DOMAIN -> {
                // They hang on nothing else.
            }
        }
    }

    private void addPowerDomain(@Nullable PowerDomainSpec domain) {
        for (PowerDomainSpec each = domain; each != null; ) {
            each.clocks().forEach(this::addClock);
            each = each.parent() == null ? null : board.powerDomains().get(each.parent());
        }
    }

    private void addClock(String name) {
        Deque<String> toSee = new ArrayDeque<>(List.of(name));
        while (!toSee.isEmpty()) {
            String next = toSee.remove();
            ClockSpec clock = board.clocks().get(next);
            if (clock == null || !clocksSeen.add(next)) {
                continue;
            }
            Origin origin = board.upstreams().origins(ResourceKind.CLOCK).get(next);
            if (origin != null) {
                found.add(origin.from().upstream());
            }
            toSee.addAll(clock.parents());
        }
    }
}
