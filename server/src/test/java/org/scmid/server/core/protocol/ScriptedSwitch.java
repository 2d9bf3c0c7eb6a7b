// A resource whose hardware answers as a test says.
package org.scmid.server.core.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Switch;
import org.scmid.platform.driver.Waiter;

/** Tells what it is asked, and answers what was scripted; {@link Outcome#OK} if nothing was. */
final class ScriptedSwitch implements Switch {
    private final List<String> asked = new ArrayList<>();
    private final Deque<Outcome> outcomes = new ArrayDeque<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private boolean isOn;
    private boolean isSwitchable = true;

    /** What it answers, question by question. */
    ScriptedSwitch answers(Outcome... its) {
        outcomes.addAll(Arrays.asList(its));
        return this;
    }

    /** What {@link #readState} reads. */
    void isOn(boolean on) {
        isOn = on;
    }

    /** What it was asked since the last time. */
    List<String> asked() {
        List<String> taken = List.copyOf(asked);
        asked.clear();
        return taken;
    }

    /** The one that has waited longest for an end or to ask again. */
    Waiter waiter() {
        return waiters.remove();
    }

    @Override
    public boolean isSwitchable() {
        return isSwitchable;
    }

    /** Nothing switches it off. */
    void isAlwaysOn() {
        isSwitchable = false;
        isOn = true;
    }

    private Outcome answer(String question, Waiter waiter) {
        asked.add(question);
        Outcome outcome = outcomes.isEmpty() ? Outcome.OK : outcomes.remove();
        if (outcome.isLater()) {
            waiters.add(waiter);
        }
        return outcome;
    }

    @Override
    public Outcome readState(Waiter waiter) {
        Outcome outcome = answer("readState", waiter);
        if (outcome == Outcome.OK) {
            waiter.value(isOn ? 1 : 0);
        }
        return outcome;
    }

    @Override
    public Outcome acquire(Waiter waiter) {
        return answer("acquire", waiter);
    }

    @Override
    public Outcome keepOn(Waiter waiter) {
        return answer("keepOn", waiter);
    }

    @Override
    public Outcome release(Waiter waiter) {
        return answer("release", waiter);
    }

    @Override
    public Outcome stop(Waiter waiter) {
        return answer("stop", waiter);
    }

    @Override
    public void adopt() {
        asked.add("adopt");
    }
}
