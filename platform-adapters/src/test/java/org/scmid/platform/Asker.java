// Somebody who asks something of a driver.
package org.scmid.platform;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;

/** Somebody who asks something of a driver, and notes what he was told in a list that he may have in common with others. */
public final class Asker implements Waiter {
    private final String name;
    private final List<String> told;
    private final @Nullable Waiter cause;
    private Runnable next = () -> {};
    private long value;

    /**
     * @param name what he is called in what is told
     * @param told where it is noted
     */
    public Asker(String name, List<String> told) {
        this(name, told, null);
    }

    /** As {@link #Asker(String, List)}, on behalf of another one. */
    public Asker(String name, List<String> told, @Nullable Waiter cause) {
        this.name = name;
        this.told = told;
        this.cause = cause;
    }

    /** Somebody whom nobody asks what he was told. */
    public static Asker named(String name) {
        return new Asker(name, new ArrayList<>());
    }

    /** What he does as soon as he is told of an end. */
    public Asker then(Runnable action) {
        next = action;
        return this;
    }

    /** What was read last. */
    public long value() {
        return value;
    }

    @Override
    public void mayAskAgain() {
        told.add(name + " again");
    }

    @Override
    public void ended(Outcome outcome) {
        told.add(name + " " + outcome);
        next.run();
    }

    @Override
    public void value(long read) {
        value = read;
    }

    @Override
    public Waiter cause() {
        return cause == null ? this : cause;
    }

    @Override
    public String toString() {
        return name;
    }
}
