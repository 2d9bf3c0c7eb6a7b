// What users have switched on and off.
package org.scmid.platform.driver;

/**
 * What is on while anybody uses it: a clock, a power domain, a supply. The driver counts its users, of whom agents are only
 * some: a clock is used by those that run from it, too.
 */
public interface Switch {
    /**
     * Whether anything can switch it off, something that it depends on too. What cannot is on whatever is asked: nobody is told
     * that he may switch it, and asking for off is refused. Always the same.
     */
    boolean isSwitchable();

    /**
     * Whether who owns it forgets its users with this process, and is told of them again as soon as he can be reached: those of
     * an earlier process are {@linkplain #adopt adopted} whatever he says. Always the same.
     */
    default boolean isToldAgain() {
        return false;
    }

    /** Reads whether hardware says that it is on: 1, else 0. */
    Outcome readState(Waiter waiter);

    /**
     * Adds a user. With the first one it is switched on, after what it depends on.
     *
     * @return if it is {@link Outcome#OK} or {@link Outcome#STARTED}, the user is counted from now on. If what was started
     *     ends otherwise, the driver does not count it any more, unless it was {@linkplain #release released} meanwhile:
     *     then it is taken away once
     */
    Outcome acquire(Waiter waiter);

    /** Makes sure that it is on although its user is counted already: something may have switched it off. */
    Outcome keepOn(Waiter waiter);

    /**
     * Takes a user away that is counted, for good: also if it ends {@link Outcome#FAILED}, as whoever has gone does not come
     * back for it. Who wants to be counted on then says so by {@link #adopt}. After the last one it is switched off, as soon
     * as nothing else needs it; which is not waited for.
     *
     * <p>Never {@link Outcome#BUSY}: who lets go does not come again to do so.
     *
     * @param waiter has the same {@link Waiter#cause} as the waiter of {@link #acquire}, if that is still under way: by this
     *     the driver knows whose acquiring it is that has become void
     */
    Outcome release(Waiter waiter);

    /**
     * Switches it off for somebody who is not counted, as it was left on before us; unless anybody uses it. Never {@link
     * Outcome#BUSY}.
     */
    Outcome stop(Waiter waiter);

    /**
     * Counts a user of what is on, from before a restart or because it could not be switched off, or of what is {@linkplain
     * #isToldAgain told again}: nothing is written, and nothing is waited for.
     */
    void adopt();
}
