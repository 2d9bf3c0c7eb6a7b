// Whose wish for a quantity is followed.
package org.scmid.server.core.protocol;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.agent.Holders;
import org.scmid.server.core.state.ResourceState;

/**
 * Whose wish is followed, of one kind of resource: a clock's rate, a supply's level, a performance level. By the policy of
 * the resource only its owner is heard, the highest of all wishes counts, or the last one.
 *
 * <p>A wish is a 64-bit number in an agent's state, with a flag that says whether it counts.
 */
public final class Arbitration {
    /** What {@link #highest} says if nobody wishes anything. */
    public static final long NONE = Long.MIN_VALUE;

    private final Protocol protocol;
    private final ArbitrationPolicy[] policies; // by the resource's position
    private final int flag;
    private final int word;
    private final Following following;

    /**
     * @param protocol whose resources these are
     * @param spec the policies
     * @param kind what they are for
     * @param names of all resources of the board, in its order
     * @param flag in an agent's state: the wish counts
     * @param word where the wish is, even, and the next word
     * @param follower has hardware follow the wishes after one of them has gone
     */
    public Arbitration(
            Protocol protocol,
            ArbitrationSpec spec,
            ResourceKind kind,
            Collection<String> names,
            int flag,
            int word,
            Following.Follower follower) {
        this.protocol = protocol;
        this.policies = names.stream().map(name -> spec.policy(kind, name)).toArray(ArbitrationPolicy[]::new);
        this.flag = flag;
        this.word = word;
        this.following = new Following(kind, follower, protocol.agents().scheduler());
    }

    /** Whether the agent's wishes are heard at all. */
    public boolean hears(Agent agent, AgentResource resource) {
        return !(policies[resource.index()] instanceof ArbitrationPolicy.Owner owner)
                || owner.agent().equals(agent.name());
    }

    /** Whether the highest of all wishes counts. */
    public boolean isHighestFirst(int index) {
        return policies[index] instanceof ArbitrationPolicy.Highest;
    }

    /** Whether no other agent wishes more than this, if that counts. */
    public boolean prevails(Agent agent, AgentResource resource, long wish) {
        if (!isHighestFirst(resource.index())) {
            return true;
        }
        Agent highest = wisherOfMost(resource.index(), agent);
        return highest == null || wish >= wishOf(highest, resource.index());
    }

    /** Whether the highest of all wishes counts, and another agent has one: then nobody goes around it. */
    public boolean isWishedByOthers(Agent agent, AgentResource resource) {
        return isHighestFirst(resource.index()) && wisherOfMost(resource.index(), agent) != null;
    }

    /** Notes an agent's wish: it counts from now on. */
    public void note(Agent agent, AgentResource resource, long wish) {
        ResourceState state = protocol.state(agent);
        state.set(flag, resource.id(), false); // never half of one wish and half of another
        state.putQuad(resource.id(), word, wish);
        state.set(flag, resource.id(), true);
    }

    /** Those of all other agents do not count any more. */
    public void forgetOthers(Agent agent, AgentResource resource) {
        int index = resource.index();
        Agents agents = protocol.agents();
        for (int place = first(index); place != Holders.NOBODY; place = next(index, place)) {
            Agent other = agents.get(place);
            AgentResource its = protocol.view(other).of(index);
            if (other != agent && its != null) {
                protocol.state(other).set(flag, its.id(), false);
            }
        }
    }

    /** An agent's wish does not count any more; {@link #follow} has hardware follow what is left. */
    public boolean forget(Agent agent, AgentResource resource) {
        ResourceState state = protocol.state(agent);
        boolean did = state.is(flag, resource.id());
        if (did) {
            state.set(flag, resource.id(), false);
            state.putQuad(resource.id(), word, 0);
        }
        return did;
    }

    /** The highest wish for a resource; {@link #NONE} if there is none. */
    public long highest(int index) {
        Agent agent = wisherOfMost(index, null);
        return agent == null ? NONE : wishOf(agent, index);
    }

    /** The agent that wishes the most of a resource, but for one; null if none wishes anything. */
    public @Nullable Agent wisherOfMost(int index, @Nullable Agent but) {
        Agents agents = protocol.agents();
        Agent most = null;
        long itsWish = NONE;
        for (int place = first(index); place != Holders.NOBODY; place = next(index, place)) {
            Agent agent = agents.get(place);
            if (agent != but && protocol.view(agent).of(index) != null) {
                long wish = wishOf(agent, index);
                if (most == null || wish > itsWish) {
                    most = agent;
                    itsWish = wish;
                }
            }
        }
        return most;
    }

    /** What an agent wishes that wishes something. */
    public long wishOf(Agent agent, int index) {
        AgentResource its = protocol.view(agent).of(index);
        return its == null ? NONE : protocol.state(agent).quad(its.id(), word);
    }

    private int first(int index) {
        return protocol.holders().next(flag, index, 0);
    }

    private int next(int index, int place) {
        return protocol.holders().next(flag, index, place + 1);
    }

    /** Has hardware follow the wishes for a resource, now or, if it is busy, as soon as it is possible. */
    public void follow(int index) {
        following.follow(index);
    }
}
