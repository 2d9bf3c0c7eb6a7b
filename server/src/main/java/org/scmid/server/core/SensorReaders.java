// Who waits for sensors that take time to be read.
package org.scmid.server.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The agents that wait for readings which take time: each for one reply at most, and for its asynchronous readings. */
final class SensorReaders {
    private final List<Reader> readers = new ArrayList<>();

    /** What one agent waits for; made once. */
    private static final class Reader {
        private @Nullable Call call;
        private int ticket;
        private int sensor;
        private final boolean[] waits = new boolean[AgentState.MAX_PENDING];
        private final int[] sequences = new int[AgentState.MAX_PENDING];
        private final int[] sensors = new int[AgentState.MAX_PENDING];
    }

    /** Carries on with a command whose sensor was read. */
    interface Replier {
        void reply(Call call, int ticket);
    }

    /** Carries on with an asynchronous command whose sensor was read. */
    interface Finisher {
        void finish(Agent agent, int sequence);
    }

    private Reader of(Agent agent) {
        while (readers.size() < agent.id()) {
            readers.add(new Reader());
        }
        return readers.get(agent.id() - 1);
    }

    /** A reply waits for a sensor, by its position on the board; it takes the place of one that nobody waits for now. */
    void await(Call call, int ticket, int sensor) {
        Reader reader = of(call.agent());
        reader.call = call;
        reader.ticket = ticket;
        reader.sensor = sensor;
    }

    /** An asynchronous command, by its sequence number, waits for a sensor, by its position on the board. */
    void await(Agent agent, int sequence, int sensor) {
        Reader reader = of(agent);
        int slot = 0;
        while (reader.waits[slot]) {
            slot++; // there is always one: no more commands than that are accepted
        }
        reader.waits[slot] = true;
        reader.sequences[slot] = sequence;
        reader.sensors[slot] = sensor;
    }

    /** A sensor was read, or could not be: everybody who waits for it goes on. */
    void ended(Agents agents, int sensor, Replier replier, Finisher finisher) {
        for (int i = 0; i < readers.size(); i++) {
            Reader reader = readers.get(i);
            for (int slot = 0; slot < AgentState.MAX_PENDING; slot++) {
                if (reader.waits[slot] && reader.sensors[slot] == sensor) {
                    reader.waits[slot] = false;
                    finisher.finish(agents.get(i), reader.sequences[slot]);
                }
            }
            // A reply comes last: with it the agent's next command is taken, which may wait for the next reading.
            Call call = reader.call;
            if (call != null && reader.sensor == sensor) {
                reader.call = null;
                replier.reply(call, reader.ticket);
            }
        }
    }

    /** The agent waits for nothing any more. */
    void forget(Agent agent) {
        Reader reader = of(agent);
        reader.call = null;
        for (int slot = 0; slot < AgentState.MAX_PENDING; slot++) {
            reader.waits[slot] = false;
        }
    }
}
