// What agents have switched on and off.
package org.scmid.server.core.protocol;

import java.util.function.Function;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Switch;
import org.scmid.platform.driver.Waiter;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.Operation;
import org.scmid.server.core.agent.Procedure;
import org.scmid.server.core.agent.ResourceView;
import org.scmid.server.core.state.ResourceState;

/**
 * On is a vote, one for each agent and resource: something is on while anybody votes for it. An agent's vote is a flag of its
 * state, and, while its driver counts it as a user, {@link AgentResource#isCounted}.
 *
 * <p>A vote is noted when the driver counts it, and taken back if the resource does not go on. Taking back a vote succeeds
 * also when others keep the resource on. What is in between if the service is killed is "the resource is on and this agent
 * does not vote", as after a boot loader; the command was not answered then, and comes again.
 *
 * <p>What an agent reads is one rule for all that it votes for, {@link #readsOn}: after it has asked for off it reads off,
 * though others keep the resource on, since that is what it asked for; else it reads what hardware says. That is what it
 * asked for, too, while its vote keeps the resource on; and what somebody left behind, as long as it has not voted.
 */
public final class Votes {
    private static final System.Logger LOG = System.getLogger(Votes.class.getName());

    private final Protocol protocol;
    private final Function<AgentResource, ? extends Switch> switches;
    private final int vote;
    private final int askedOff;

    /** Switches on. */
    public final Procedure on = new Procedure() {
        @Override
        protected Outcome ask(Operation operation) {
            return askForOn(operation);
        }

        @Override
        protected void undone(Operation operation) {
            takeBackOn(operation);
        }
    };

    /** Switches off. */
    public final Procedure off = new Procedure() {
        @Override
        protected Outcome ask(Operation operation) {
            return askForOff(operation);
        }

        @Override
        protected void undone(Operation operation) {
            takeBackOff(operation);
        }

        @Override
        protected boolean isHolding() {
            return false;
        }
    };

    /**
     * @param protocol whose resources these are
     * @param switches the driver of each
     * @param vote the flag of a vote in an agent's state
     * @param askedOff the flag of an agent that asked for off, in its state
     */
    public Votes(Protocol protocol, Function<AgentResource, ? extends Switch> switches, int vote, int askedOff) {
        this.protocol = protocol;
        this.switches = switches;
        this.vote = vote;
        this.askedOff = askedOff;
    }

    private ResourceState stateOf(Operation operation) {
        return protocol.state(operation.agent());
    }

    /** An agent that votes already may have seen that the resource is off all the same. */
    private Outcome askForOn(Operation operation) {
        AgentResource resource = operation.resource();
        Switch hardware = switches.apply(resource);
        boolean wasCounted = resource.isCounted();
        Outcome outcome = wasCounted ? hardware.keepOn(operation) : hardware.acquire(operation);
        if (outcome == Outcome.OK || outcome == Outcome.STARTED) {
            ResourceState state = stateOf(operation);
            operation.note(state.flags(resource.id()), !wasCounted);
            resource.setCounted(true);
            state.exchange(resource.id(), askedOff, vote);
        }
        return outcome;
    }

    private Outcome askForOff(Operation operation) {
        AgentResource resource = operation.resource();
        Switch hardware = switches.apply(resource);
        if (!hardware.isSwitchable()) {
            return Outcome.REFUSED; // it would be on all the same
        }
        ResourceState state = stateOf(operation);
        boolean wasCounted = resource.isCounted();
        operation.note(state.flags(resource.id()), wasCounted);
        state.exchange(resource.id(), vote, askedOff);
        resource.setCounted(false);
        Outcome outcome = wasCounted ? hardware.release(operation) : hardware.stop(operation);
        if (outcome != Outcome.OK && outcome != Outcome.STARTED) {
            takeBackOff(operation);
        }
        return outcome;
    }

    /** It came to nothing: the vote is as it was, unless the agent has asked for something else since. */
    private void takeBackOn(Operation operation) {
        AgentResource resource = operation.resource();
        ResourceState state = stateOf(operation);
        if (state.is(vote, resource.id()) && resource.isCounted()) {
            state.exchange(resource.id(), vote | askedOff, operation.before() & (vote | askedOff));
            if (operation.hasCounted()) {
                resource.setCounted(false);
            }
        }
    }

    private void takeBackOff(Operation operation) {
        AgentResource resource = operation.resource();
        ResourceState state = stateOf(operation);
        if (!state.is(vote, resource.id()) && !resource.isCounted()) {
            state.exchange(resource.id(), vote | askedOff, operation.before() & (vote | askedOff));
            if (operation.hasCounted()) {
                switches.apply(resource).adopt();
                resource.setCounted(true);
            }
        }
    }

    /** Takes an agent's vote away: it has gone, or may not have it any more. */
    public void release(Agent agent, AgentResource resource) {
        protocol.state(agent).exchange(resource.id(), vote | askedOff, 0);
        if (resource.isCounted()) {
            resource.setCounted(false);
            switches.apply(resource).release(agent.behalf());
        }
    }

    /**
     * Has the driver count a vote from before a restart. What is on is not written. Who switched it off meanwhile had a
     * reason, and the agent may switch it on again.
     *
     * @param apply whether to switch on what is off: simulated hardware ended with the process before
     */
    public void restore(Agent agent, AgentResource resource, boolean apply) {
        if (protocol.state(agent).is(vote, resource.id())) {
            new Restoration(agent, resource, apply).begin();
        }
    }

    /** One vote from before a restart, until it is counted. Hardware may take its time with each step. */
    private final class Restoration implements Waiter {
        private final Agent agent;
        private final AgentResource resource;
        private final boolean apply;
        private boolean isOn;
        private boolean isStarting;

        Restoration(Agent agent, AgentResource resource, boolean apply) {
            this.agent = agent;
            this.resource = resource;
            this.apply = apply;
        }

        void begin() {
            if (switches.apply(resource).isToldAgain()) {
                isOn = true;
                ended(Outcome.OK);
            } else {
                ended(switches.apply(resource).readState(this));
            }
        }

        /** The agent may have switched it on itself meanwhile, let go of it, got other ids, or left. */
        private boolean isWanted() {
            return !resource.isCounted()
                    && protocol.agents().withId(agent.id()) == agent
                    && isItsOwn()
                    && protocol.state(agent).is(vote, resource.id());
        }

        /** Also if the service file hides it: what the agent held of it is given up by itself. */
        private boolean isItsOwn() {
            ResourceView resources = protocol.view(agent);
            return resource.id() < resources.size() && resources.at(resource.id()) == resource;
        }

        @Override
        public void value(long read) {
            isOn = read != 0;
        }

        @Override
        public void mayAskAgain() {
            if (!isStarting) {
                begin();
            } else if (isWanted()) {
                start();
            }
        }

        @Override
        public void ended(Outcome outcome) {
            if (outcome.isLater()) {
                return;
            }
            if (isStarting) {
                if (outcome != Outcome.OK) {
                    resource.setCounted(false);
                    warn("does not go on any more");
                }
            } else if (outcome == Outcome.OK && isWanted()) {
                count();
            } else if (outcome != Outcome.OK) {
                warn("cannot be asked");
            }
        }

        private void count() {
            if (isOn) {
                switches.apply(resource).adopt();
                resource.setCounted(true);
            } else if (apply) {
                start();
            } else {
                warn("is off, as its hardware says; it is left so");
            }
        }

        private void start() {
            isStarting = true;
            Outcome outcome = switches.apply(resource).acquire(this);
            resource.setCounted(outcome == Outcome.OK || outcome == Outcome.STARTED);
        }

        private void warn(String what) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "agent " + agent.name() + " has switched " + resource.name() + " on, but it " + what);
        }

        @Override
        public Waiter cause() {
            return agent.behalf();
        }
    }

    /** Whether an agent reads that its resource is on, of which an operation has read what hardware says. */
    public boolean readsOn(Operation operation) {
        return operation.value() != 0
                && !stateOf(operation).is(askedOff, operation.resource().id());
    }
}
