// One sensor of the board: read on demand, and at its update interval while somebody needs that.
package org.scmid.platform.sensor;

import org.jspecify.annotations.Nullable;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.SensorDriver;
import org.scmid.platform.driver.SensorListener;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.driver.Waiters;

/**
 * One sensor. It is read when somebody asks, and at every update interval while it is enabled and {@linkplain #sample
 * samples are needed}. Used on the loop's thread.
 */
public final class Sensor implements SensorDriver {
    /** A reading that takes longer has failed. */
    static final long READING_TIMEOUT_NANOS = 1_000_000_000L;

    private static final int NANOS_EXPONENT = -9;

    private final SensorSpec spec;
    private final int index;
    private final Channel[] channels;
    private final Scheduler scheduler;
    private final SampleQueue samples;
    private final Scheduler.Timer sampling;
    private final Scheduler.Timer timeout;
    private final long timestampUnit;
    private @Nullable SensorListener listener;

    private final long[] values;
    private boolean known;
    private boolean lastFailed;
    private long timeNanos;

    private boolean enabled;
    private long intervalNanos;
    private boolean samplesNeeded;

    /** When the last sample was taken, or, if there is none yet, when the first one began to be waited for. */
    private long lastSampleNanos;

    private long nextSampleNanos;
    private boolean isQueued;

    /** Who comes after this one in the {@link SampleQueue}. */
    @Nullable
    Sensor behind;

    private long offSinceNanos;
    private boolean hasMissedSamples = true;

    private int ticket;
    private int missing;
    private boolean reading;
    private boolean starting;
    private boolean failed;
    private boolean sampleWaits;
    private final Waiters waiters = new Waiters();

    Sensor(SensorSpec spec, int index, ValueSource[] sources, Scheduler scheduler, SampleQueue samples) {
        this.spec = spec;
        this.index = index;
        this.channels = new Channel[sources.length];
        for (int i = 0; i < sources.length; i++) {
            channels[i] = new Channel(sources[i]);
        }
        this.scheduler = scheduler;
        this.samples = samples;
        this.sampling = scheduler.timer(this::sampleIsDue);
        this.timeout = scheduler.timer(this::giveUp);
        this.values = new long[sources.length];
        this.enabled = spec.enabled();
        this.offSinceNanos = scheduler.nanoTime();
        this.intervalNanos = spec.intervalNanos();
        long unit = 1;
        for (int i = NANOS_EXPONENT; i < spec.timestampScale(); i++) {
            unit *= 10;
        }
        this.timestampUnit = unit;
    }

    void setListener(@Nullable SensorListener listener) {
        this.listener = listener;
    }

    @Override
    public SensorSpec spec() {
        return spec;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int channels() {
        return values.length;
    }

    // What was read last

    @Override
    public boolean isKnown() {
        return known;
    }

    /** Whether it was read since the start, and the last reading that ended did not fail. */
    public boolean isUpToDate() {
        return known && !lastFailed;
    }

    @Override
    public long value(int channel) {
        return values[channel];
    }

    @Override
    public long timestamp() {
        return timeNanos / timestampUnit;
    }

    // Settings

    @Override
    public Outcome readSettings(Waiter waiter) {
        return Outcome.OK;
    }

    @Override
    public boolean enabled() {
        return enabled;
    }

    /**
     * Switches it, and sets the interval; while it is off there are no samples. The next sample comes an interval after
     * the last one, or at once if that has passed, and a longer interval does not move the one that is due: however often
     * some change its settings, others get their samples.
     */
    @Override
    public Outcome configure(boolean isToBeOn, long nanos, Waiter waiter) {
        setIntervalNanos(nanos);
        setEnabled(isToBeOn);
        return Outcome.OK;
    }

    void setEnabled(boolean enabled) {
        if (this.enabled != enabled) {
            this.enabled = enabled;
            long now = scheduler.nanoTime();
            if (enabled) {
                hasMissedSamples = now - offSinceNanos >= intervalNanos;
            } else {
                offSinceNanos = now;
            }
            if (samplesNeeded) {
                goOnSampling(lastSampleNanos + intervalNanos);
            }
        }
    }

    @Override
    public long intervalNanos() {
        return intervalNanos;
    }

    void setIntervalNanos(long nanos) {
        if (nanos <= 0) {
            throw new IllegalArgumentException("update interval of " + nanos + " ns");
        }
        if (intervalNanos != nanos) {
            intervalNanos = nanos;
            if (isSampling()) {
                long due = lastSampleNanos + nanos;
                goOnSampling(due - nextSampleNanos < 0 ? due : nextSampleNanos);
            }
        }
    }

    @Override
    public void sample(boolean wanted) {
        if (samplesNeeded != wanted) {
            samplesNeeded = wanted;
            sampleWaits &= wanted;
            lastSampleNanos = scheduler.nanoTime();
            goOnSampling(lastSampleNanos + intervalNanos);
        }
    }

    @Override
    public boolean isSampling() {
        return enabled && samplesNeeded;
    }

    @Override
    public boolean hasMissedSamples() {
        return hasMissedSamples;
    }

    /** @param due when the next sample is to be taken; now, if that has passed */
    private void goOnSampling(long due) {
        if (isSampling()) {
            nextSampleNanos = due;
            if (!isQueued) {
                sampling.arm(Math.max(0, due - scheduler.nanoTime()));
            }
        } else {
            sampling.disarm();
        }
    }

    private void sampleIsDue() {
        isQueued = true;
        samples.add(this);
    }

    /** Its turn has come: whether a sample is still due. If not, it waits until one is. */
    boolean isDue() {
        isQueued = false;
        boolean isDue = isSampling() && nextSampleNanos - scheduler.nanoTime() <= 0;
        if (!isDue) {
            goOnSampling(nextSampleNanos);
        }
        return isDue;
    }

    /** Reads it, and waits for the next sample. */
    void takeSample() {
        long now = scheduler.nanoTime();
        lastSampleNanos = nextSampleNanos;
        if (now - lastSampleNanos >= intervalNanos) {
            lastSampleNanos = now; // the loop was busy for longer than an interval: what was missed is not made up for
        }
        goOnSampling(lastSampleNanos + intervalNanos);
        switch (start()) {
            case OK -> tellSample();
            case STARTED -> sampleWaits = true;
            default -> {}
        }
    }

    // Reading

    @Override
    public Outcome read(Waiter waiter) {
        Outcome outcome = start();
        if (outcome == Outcome.STARTED) {
            waiters.add(waiter);
        }
        return outcome;
    }

    private Outcome start() {
        if (reading) {
            return Outcome.STARTED;
        }
        ticket++;
        missing = channels.length;
        failed = false;
        reading = true;
        starting = true;
        for (Channel channel : channels) {
            channel.start(ticket);
        }
        starting = false;
        if (missing > 0) {
            timeout.arm(READING_TIMEOUT_NANOS);
            return Outcome.STARTED;
        }
        return finish() ? Outcome.OK : Outcome.FAILED;
    }

    private void arrived() {
        missing--;
        if (missing == 0 && !starting) {
            timeout.disarm();
            end();
        }
    }

    private void giveUp() {
        failed = true;
        end();
    }

    private void end() {
        boolean succeeded = finish();
        boolean sample = sampleWaits;
        sampleWaits = false;
        waiters.end(succeeded ? Outcome.OK : Outcome.FAILED);
        if (sample && succeeded) {
            tellSample();
        }
    }

    /** Makes what was read the values, all of it or nothing. */
    private boolean finish() {
        reading = false;
        lastFailed = failed;
        if (failed) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = channels[i].value;
        }
        timeNanos = scheduler.nanoTime();
        known = true;
        return true;
    }

    private void tellSample() {
        if (listener != null && isSampling()) {
            listener.sampled(index);
        }
    }

    /** One value while it is being read. */
    private final class Channel implements ValueSource.ValueSink {
        private final ValueSource source;
        private int awaited;
        private boolean waiting;
        private long value;

        Channel(ValueSource source) {
            this.source = source;
        }

        void start(int ticket) {
            awaited = ticket;
            waiting = true;
            source.read(this, ticket);
        }

        @Override
        public void value(int answered, long newValue) {
            if (isAwaited(answered)) {
                value = newValue;
                arrived();
            }
        }

        @Override
        public void failed(int answered) {
            if (isAwaited(answered)) {
                failed = true;
                arrived();
            }
        }

        /** An answer that comes after the reading was given up, or twice, is nobody's. */
        private boolean isAwaited(int answered) {
            boolean awaitedNow = reading && waiting && answered == awaited;
            waiting &= !awaitedNow;
            return awaitedNow;
        }
    }

    @Override
    public String toString() {
        return "sensor " + spec.name();
    }
}
