// Drivers behind which everything ends later, or fails: what a platform that is asked by messages is like.
package org.scmid.server.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.scmid.config.performance.PerformanceDomainSpec;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.platform.driver.ClockDriver;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.PerformanceDriver;
import org.scmid.platform.driver.PowerDriver;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.ResetAction;
import org.scmid.platform.driver.ResetDriver;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.SensorDriver;
import org.scmid.platform.driver.Switch;
import org.scmid.platform.driver.VoltageDriver;
import org.scmid.platform.driver.Waiter;
import org.scmid.server.service.Drivers;
import org.scmid.server.service.HardwareListener;

/**
 * Stands between the protocols and real drivers. What is asked, a rate that is read as well as a domain that is switched, is
 * kept, and asked of the real driver by {@link #run}, in the order of asking for each resource; or it is busy first; or it
 * fails and the real driver is never asked. What happens is drawn for each question.
 */
final class LateDrivers implements HardwareListener {
    /** What becomes of a question. */
    enum Fate {
        /** It is asked at once, if nothing before it waits. */
        AT_ONCE,
        LATE,
        /** It is busy, and then late. */
        BUSY_AND_LATE,
        FAILED,
        FAILED_LATE
    }

    /** Asks the real driver. */
    private interface Question {
        Outcome ask(Waiter waiter);
    }

    private final Supplier<Fate> fates;
    private final List<Line> lines = new ArrayList<>();
    private @Nullable HardwareListener core;
    private @Nullable Waiter asking;

    /** @param fates draws what becomes of the next question */
    LateDrivers(Supplier<Fate> fates) {
        this.fates = fates;
    }

    /** The same resources, later. */
    Drivers around(Drivers real) {
        return new Drivers(
                real.clocks().stream().map(LateClock::new).toList(),
                real.powerDomains().stream().map(LatePower::new).toList(),
                real.sensors().stream().map(LateSensor::new).toList(),
                real.resets().stream().map(LateReset::new).toList(),
                real.supplies().stream().map(LateSupply::new).toList(),
                real.performanceDomains().stream().map(LatePerformance::new).toList());
    }

    /** Says whom to tell of what the real hardware tells. */
    void tell(HardwareListener listener) {
        core = listener;
    }

    /** Whether anything waits to be asked. */
    boolean isBusy() {
        return lines.stream().anyMatch(line -> !line.waiting.isEmpty());
    }

    /** Asks what was kept, until nothing is. */
    void run() {
        while (isBusy()) {
            for (Line line : lines) {
                line.askNext();
            }
        }
    }

    /** Lets all ask again that were busy, until what waits is on its way. */
    void letAskAgain() {
        for (Line line : lines) {
            while (line.isBusy()) {
                line.askNext();
            }
        }
    }

    /** Forgets what was kept: whoever asked has ended. */
    void forget() {
        lines.forEach(line -> line.waiting.clear());
    }

    // ---- What hardware tells belongs to whom it is asked for at the moment, as with hardware that takes its time.

    private HardwareListener core() {
        HardwareListener its = core;
        if (its == null) {
            throw new IllegalStateException("nobody listens");
        }
        return its;
    }

    private @Nullable Waiter causeOf(@Nullable Waiter told) {
        Waiter its = asking;
        return told != null || its == null || its.cause().equals(Waiter.NOBODY) ? told : its.cause();
    }

    @Override
    public void rateChanged(int clock, long hz, @Nullable Waiter cause) {
        core().rateChanged(clock, hz, causeOf(cause));
    }

    @Override
    public void changed(int domain, boolean on, @Nullable Waiter cause) {
        core().changed(domain, on, cause);
    }

    @Override
    public void sampled(int sensor) {
        core().sampled(sensor);
    }

    @Override
    public void levelChanged(int domain, int level, @Nullable Waiter cause) {
        core().levelChanged(domain, level, causeOf(cause));
    }

    // ---- What waits.

    /** What was asked and has not ended. */
    private final class Late implements Waiter {
        private final Waiter asker;
        private final Question question;
        private Fate fate;
        private boolean isAcquire;
        private boolean isVoid;

        Late(Waiter asker, Question question, Fate fate) {
            this.asker = asker;
            this.question = question;
            this.fate = fate;
        }

        void ask() {
            switch (fate) {
                case BUSY_AND_LATE -> asker.mayAskAgain();
                case FAILED_LATE -> asker.ended(Outcome.FAILED);
                default -> askReal();
            }
        }

        private void askReal() {
            Waiter before = asking;
            asking = this;
            Outcome outcome;
            try {
                outcome = question.ask(this);
            } catch (RuntimeException | InternalError failure) {
                outcome = Outcome.FAILED;
            } finally {
                asking = before;
            }
            if (!outcome.isLater()) {
                asker.ended(outcome);
            }
        }

        @Override
        public void mayAskAgain() {
            askReal();
        }

        @Override
        public void ended(Outcome outcome) {
            asker.ended(outcome);
        }

        @Override
        public void value(long value) {
            asker.value(value);
        }

        @Override
        public Waiter cause() {
            return asker.cause();
        }
    }

    /** What waits for one resource. */
    private class Line {
        final ArrayDeque<Late> waiting = new ArrayDeque<>();

        Line() {
            lines.add(this);
        }

        /** What is never busy. */
        Outcome askForCertain(Waiter waiter, Question question) {
            Fate fate = fates.get();
            return ask(waiter, question, fate == Fate.BUSY_AND_LATE ? Fate.LATE : fate);
        }

        Outcome ask(Waiter waiter, Question question) {
            return ask(waiter, question, fates.get());
        }

        Outcome ask(Waiter waiter, Question question, Fate fate) {
            if (fate == Fate.AT_ONCE && waiting.isEmpty()) {
                return question.ask(waiter);
            }
            if (fate == Fate.FAILED) {
                return Outcome.FAILED;
            }
            waiting.add(new Late(waiter, question, fate == Fate.AT_ONCE ? Fate.LATE : fate));
            return fate == Fate.BUSY_AND_LATE ? Outcome.BUSY : Outcome.STARTED;
        }

        boolean isBusy() {
            Late next = waiting.peek();
            return next != null && next.fate == Fate.BUSY_AND_LATE;
        }

        void askNext() {
            Late next = waiting.poll();
            if (next != null) {
                next.ask();
            }
        }
    }

    /** As {@link Switch} asks of a driver: an acquire that fails after its user was released takes away nothing. */
    private abstract class LateSwitch extends Line implements Switch {
        private final Switch real;

        LateSwitch(Switch real) {
            this.real = real;
        }

        @Override
        public boolean isSwitchable() {
            return real.isSwitchable();
        }

        @Override
        public Outcome readState(Waiter waiter) {
            return ask(waiter, real::readState);
        }

        @Override
        public Outcome acquire(Waiter waiter) {
            Outcome outcome = ask(waiter, real::acquire);
            Late last = waiting.peekLast();
            if (outcome == Outcome.STARTED && last != null) {
                last.isAcquire = true;
            }
            return outcome;
        }

        @Override
        public Outcome keepOn(Waiter waiter) {
            return ask(waiter, real::keepOn);
        }

        @Override
        public Outcome release(Waiter waiter) {
            // The user whose acquiring waits here and will fail was never counted by the real driver.
            for (Late late : waiting) {
                boolean fails = late.isAcquire && late.fate == Fate.FAILED_LATE && !late.isVoid;
                if (fails && late.cause().equals(waiter.cause())) {
                    late.isVoid = true;
                    return Outcome.OK;
                }
            }
            Fate fate = fates.get();
            if (fate == Fate.FAILED || fate == Fate.FAILED_LATE) {
                // Who has let go is counted no more, though it fails.
                return ask(waiter, this::releaseInVain, Fate.LATE);
            }
            return ask(waiter, real::release, fate == Fate.BUSY_AND_LATE ? Fate.LATE : fate);
        }

        private Outcome releaseInVain(Waiter waiter) {
            real.release(Waiter.NOBODY);
            return Outcome.FAILED;
        }

        @Override
        public Outcome stop(Waiter waiter) {
            return askForCertain(waiter, real::stop);
        }

        @Override
        public void adopt() {
            real.adopt();
        }
    }

    private final class LateClock extends LateSwitch implements ClockDriver {
        private final ClockDriver real;

        LateClock(ClockDriver real) {
            super(real);
            this.real = real;
        }

        @Override
        public long enableDelayMicros() {
            return real.enableDelayMicros();
        }

        @Override
        public int parents() {
            return real.parents();
        }

        @Override
        public int parent(int position) {
            return real.parent(position);
        }

        @Override
        public Outcome readRate(Waiter waiter) {
            return ask(waiter, real::readRate);
        }

        @Override
        public Outcome readParent(Waiter waiter) {
            return ask(waiter, real::readParent);
        }

        @Override
        public Outcome describeRates(Waiter waiter) {
            return ask(waiter, real::describeRates);
        }

        @Override
        public RateDescription rates() {
            return real.rates();
        }

        @Override
        public Outcome setRate(long hz, Rounding rounding, Waiter waiter) {
            return ask(waiter, its -> real.setRate(hz, rounding, its));
        }

        @Override
        public Outcome checkRate(long hz, Rounding rounding, Waiter waiter) {
            return ask(waiter, its -> real.checkRate(hz, rounding, its));
        }

        @Override
        public Outcome setParent(int clock, Waiter waiter) {
            return ask(waiter, its -> real.setParent(clock, its));
        }
    }

    private final class LatePower extends LateSwitch implements PowerDriver {
        private final PowerDriver real;

        LatePower(PowerDriver real) {
            super(real);
            this.real = real;
        }

        @Override
        public boolean refusesToGoOff(boolean isCounted) {
            return real.refusesToGoOff(isCounted);
        }
    }

    private final class LateSensor extends Line implements SensorDriver {
        private final SensorDriver real;

        LateSensor(SensorDriver real) {
            this.real = real;
        }

        @Override
        public SensorSpec spec() {
            return real.spec();
        }

        @Override
        public int index() {
            return real.index();
        }

        @Override
        public int channels() {
            return real.channels();
        }

        @Override
        public Outcome read(Waiter waiter) {
            return ask(waiter, real::read);
        }

        @Override
        public boolean isKnown() {
            return real.isKnown();
        }

        @Override
        public long value(int channel) {
            return real.value(channel);
        }

        @Override
        public long timestamp() {
            return real.timestamp();
        }

        @Override
        public Outcome readSettings(Waiter waiter) {
            return ask(waiter, real::readSettings);
        }

        @Override
        public boolean enabled() {
            return real.enabled();
        }

        @Override
        public long intervalNanos() {
            return real.intervalNanos();
        }

        @Override
        public Outcome configure(boolean enabled, long intervalNanos, Waiter waiter) {
            return askForCertain(waiter, its -> real.configure(enabled, intervalNanos, its));
        }

        @Override
        public void sample(boolean wanted) {
            real.sample(wanted);
        }

        @Override
        public boolean isSampling() {
            return real.isSampling();
        }
    }

    private final class LateReset extends Line implements ResetDriver {
        private final ResetDriver real;

        LateReset(ResetDriver real) {
            this.real = real;
        }

        @Override
        public long latencyMicros() {
            return real.latencyMicros();
        }

        @Override
        public boolean isAsynchronous() {
            return real.isAsynchronous();
        }

        @Override
        public boolean supports(ResetAction action) {
            return real.supports(action);
        }

        @Override
        public Outcome perform(ResetAction action, Waiter waiter) {
            return askForCertain(waiter, its -> real.perform(action, its));
        }
    }

    private final class LateSupply extends LateSwitch implements VoltageDriver {
        private final VoltageDriver real;

        LateSupply(VoltageDriver real) {
            super(real);
            this.real = real;
        }

        @Override
        public boolean isAsynchronous() {
            return real.isAsynchronous();
        }

        @Override
        public boolean isFollowing() {
            return real.isFollowing();
        }

        @Override
        public boolean isRange() {
            return real.isRange();
        }

        @Override
        public int levels() {
            return real.levels();
        }

        @Override
        public int levelAt(int position) {
            return real.levelAt(position);
        }

        @Override
        public int step() {
            return real.step();
        }

        @Override
        public boolean isLevel(int microvolts) {
            return real.isLevel(microvolts);
        }

        @Override
        public Outcome readLevel(Waiter waiter) {
            return ask(waiter, real::readLevel);
        }

        @Override
        public Outcome setLevel(int microvolts, Waiter waiter) {
            return ask(waiter, its -> real.setLevel(microvolts, its));
        }
    }

    private final class LatePerformance extends Line implements PerformanceDriver {
        private final PerformanceDriver real;

        LatePerformance(PerformanceDriver real) {
            this.real = real;
        }

        @Override
        public PerformanceDomainSpec spec() {
            return real.spec();
        }

        @Override
        public int levels() {
            return real.levels();
        }

        @Override
        public Outcome readLevel(Waiter waiter) {
            return ask(waiter, real::readLevel);
        }

        @Override
        public Outcome readLimits(Waiter waiter) {
            return ask(waiter, real::readLimits);
        }

        @Override
        public int lowest() {
            return real.lowest();
        }

        @Override
        public int highest() {
            return real.highest();
        }

        @Override
        public boolean maySet(Waiter waiter) {
            return real.maySet(waiter);
        }

        @Override
        public Outcome setLevel(int level, Waiter waiter) {
            return askForCertain(waiter, its -> real.setLevel(level, its));
        }

        @Override
        public Outcome setLimits(int lowest, int highest, Waiter waiter) {
            return askForCertain(waiter, its -> real.setLimits(lowest, highest, its));
        }

        @Override
        public void restore(int level, int lowest, int highest) {
            real.restore(level, lowest, highest);
        }
    }
}
