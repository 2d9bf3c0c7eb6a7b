// The phase-locked loop of a clock.
package org.scmid.platform.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.GateSpec;
import org.scmid.config.clock.PllSpec;
import org.scmid.config.clock.RateLimits;
import org.scmid.config.register.FieldValue;
import org.scmid.platform.register.RegisterField;
import org.scmid.platform.register.Windows;

/**
 * A phase-locked loop: input = parent / reference, oscillator = input x feedback, output = oscillator / post dividers.
 * If it is bypassed the output is the parent, whether the loop runs or not. As everywhere registers are the truth, and
 * one that does not run has the rate that it would have.
 */
final class Pll {
    /** One way to set it: the divisors, and the feedback in its steps. */
    static final class Setting {
        long reference = 1;
        long feedback;
        long scale = 1;
        long first = 1;
        long second = 1;

        void set(Setting other) {
            reference = other.reference;
            feedback = other.feedback;
            scale = other.scale;
            first = other.first;
            second = other.second;
        }
    }

    private final @Nullable Divider reference;
    private final Feedback feedback;
    private final Follower[] followers;
    private final @Nullable Divider first;
    private final @Nullable Divider second;
    private final RateLimits input;
    private final RateLimits oscillator;
    private final RegisterField[] enable;
    private final long[] enableOn;
    private final @Nullable Ready lock;
    private final boolean waitsForUnlock;
    private final @Nullable RegisterField bypass;
    private final long bypassOn;
    private final PllSpec.WhileChanging whileChanging;

    Pll(String clock, PllSpec spec, Windows windows) {
        reference = spec.reference() == null ? null : Divider.of(spec.reference(), windows);
        feedback = new Feedback(spec, windows);
        followers = spec.followers().stream()
                .map(follower -> new Follower(follower, windows))
                .toArray(Follower[]::new);
        first = spec.post().isEmpty() ? null : Divider.of(spec.post().get(0), windows);
        second = spec.post().size() < 2 ? null : Divider.of(spec.post().get(1), windows);
        input = spec.input();
        oscillator = spec.vco();
        enable = spec.enable().stream().map(GateSpec::field).map(windows::field).toArray(RegisterField[]::new);
        enableOn = spec.enable().stream()
                .mapToLong(bit -> bit.enableHigh() ? 1 : 0)
                .toArray();
        PllSpec.Lock its = spec.lock();
        lock = Ready.of(its == null ? null : its.bit(), "the lock of clock " + clock, windows);
        waitsForUnlock = its != null && its.waitsWhenOff();
        FieldValue bit = spec.bypass();
        bypass = bit == null ? null : windows.field(bit.field());
        bypassOn = bit == null ? 0 : bit.value();
        whileChanging = spec.whileChanging();
    }

    @Nullable
    Divider reference() {
        return reference;
    }

    Feedback feedback() {
        return feedback;
    }

    /** The post divider next to the oscillator. */
    @Nullable
    Divider first() {
        return first;
    }

    /** The post divider behind the first. */
    @Nullable
    Divider second() {
        return second;
    }

    RateLimits input() {
        return input;
    }

    RateLimits oscillator() {
        return oscillator;
    }

    PllSpec.WhileChanging whileChanging() {
        return whileChanging;
    }

    /** How it says that it is locked; null if nobody can tell. */
    @Nullable
    Ready lock() {
        return lock;
    }

    /** Whether it has to say that it is not locked before its settings are changed. */
    boolean waitsForUnlock() {
        return waitsForUnlock;
    }

    /** What has to say that the loop is locked before the output is what it should be; null if it is. */
    @Nullable
    Ready awaitedLock() {
        return lock != null && !isBypassed() && isEnabled() && !lock.says(lock.valueFor(true)) ? lock : null;
    }

    static long scale(@Nullable Divider divider) {
        return divider == null ? 1 : divider.scale();
    }

    private static long divisor(@Nullable Divider divider) {
        return divider == null ? 1 : divider.divisor();
    }

    /** Reads what is set now; a divisor of 0, or feedback 0, means that it stands still. */
    void read(Setting into) {
        into.reference = divisor(reference);
        into.scale = feedback.scale();
        into.feedback = feedback.value(into.scale);
        into.first = divisor(first);
        into.second = divisor(second);
    }

    /** Whether a setting lets it run at all. */
    static boolean moves(Setting setting) {
        return setting.reference != 0 && setting.feedback != 0 && setting.first != 0 && setting.second != 0;
    }

    /** Changes the rate of the parent into that of the output. */
    Ratio pass(Ratio rate, Setting setting) {
        return moves(setting) ? passPost(passLoop(passReference(rate, setting), setting), setting) : rate.set(0, 1);
    }

    Ratio passReference(Ratio rate, Setting setting) {
        return rate.scale(scale(reference), setting.reference);
    }

    Ratio passLoop(Ratio rate, Setting setting) {
        return rate.scale(setting.feedback, setting.scale);
    }

    private Ratio passPost(Ratio rate, Setting setting) {
        return rate.scale(scale(first), setting.first).scale(scale(second), setting.second);
    }

    /** Changes a bound of the output into that of the oscillator. */
    Ratio passPostBack(Ratio rate, Setting setting) {
        return rate.scale(setting.first, scale(first)).scale(setting.second, scale(second));
    }

    /** Whether input and oscillator are in their ranges with a parent's rate and a setting that moves. */
    boolean isWithin(Ratio parentRate, Setting setting, Ratio scratch) {
        return isWithin(passReference(scratch.set(parentRate), setting), input)
                && isWithin(passLoop(scratch, setting), oscillator);
    }

    /** As everywhere, a rate counts in whole Hz, rounded down. */
    static boolean isWithin(Ratio rate, RateLimits bounds) {
        long hz = rate.floor();
        return hz >= bounds.min() && hz <= bounds.max();
    }

    // ---- On, off, and around.

    boolean hasEnable() {
        return enable.length > 0;
    }

    /** Whether there is an output: the loop is on, or bypassed. */
    boolean hasOutput() {
        return isEnabled() || isBypassed();
    }

    /** Whether the loop is on. */
    boolean isEnabled() {
        for (int i = 0; i < enable.length; i++) {
            if (enable[i].read() != enableOn[i]) {
                return false;
            }
        }
        return true;
    }

    boolean isBypassed() {
        return bypass != null && bypass.read() == bypassOn;
    }

    /** Switches the loop on or off; bits that are there already are left alone. */
    void setEnabled(boolean on) {
        for (int i = 0; i < enable.length; i++) {
            int bit = on ? i : enable.length - 1 - i;
            long wanted = on ? enableOn[bit] : 1 - enableOn[bit];
            if (enable[bit].read() != wanted) {
                enable[bit].write(wanted);
            }
        }
    }

    /** Plans to switch it on or off. */
    void planEnabled(PllChange change, boolean on) {
        for (int i = 0; i < enable.length; i++) {
            int bit = on ? i : enable.length - 1 - i;
            change.store(
                    enable[bit].register(),
                    enable[bit].mask(),
                    enable[bit].bits(on ? enableOn[bit] : 1 - enableOn[bit]));
        }
    }

    void planBypassed(PllChange change, boolean on) {
        if (bypass != null) {
            change.store(bypass.register(), bypass.mask(), bypass.bits(on ? bypassOn : 1 - bypassOn));
        }
    }

    /** Plans the stores that set what differs. */
    void planSetting(PllChange change, Setting setting) {
        planDivider(change, reference, setting.reference);
        if (setting.feedback != feedback.value(setting.scale)) {
            feedback.plan(change, setting.feedback, setting.scale);
            for (int i = 0; i < followers.length; i++) {
                followers[i].plan(change, setting.feedback / setting.scale);
            }
        }
        planDivider(change, first, setting.first);
        planDivider(change, second, setting.second);
    }

    private static void planDivider(PllChange change, @Nullable Divider divider, long divisor) {
        long now = divisor(divider);
        if (divider != null && now != divisor) {
            change.factor(divider.register(), divider.mask(), divider.bitsOf(divisor), now != 0 && divisor > now);
        }
    }
}
