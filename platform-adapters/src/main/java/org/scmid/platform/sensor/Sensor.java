// One sensor of the board: read on demand, and at its update interval while somebody needs that.
package org.scmid.platform.sensor;

import org.jspecify.annotations.Nullable;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.loop.Scheduler;

/**
 * One sensor. It is read when somebody asks, and at every update interval while it is enabled and has
 * {@linkplain #needSamples users of samples}. Used on the loop's thread.
 */
public final class Sensor {
    /** A reading that takes longer has failed. */
    static final long READING_TIMEOUT_NANOS = 1_000_000_000L;

    private static final int NANOS_EXPONENT = -9;

    private final SensorSpec spec;
    private final int index;
    private final Channel[] channels;
    private final Scheduler scheduler;
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
    private int users;
    private long nextSampleNanos;

    private int ticket;
    private int missing;
    private boolean reading;
    private boolean starting;
    private boolean failed;
    private boolean sampleWaits;
    private boolean askerWaits;

    Sensor(SensorSpec spec, int index, ValueSource[] sources, Scheduler scheduler) {
        this.spec = spec;
        this.index = index;
        this.channels = new Channel[sources.length];
        for (int i = 0; i < sources.length; i++) {
            channels[i] = new Channel(sources[i]);
        }
        this.scheduler = scheduler;
        this.sampling = scheduler.timer(this::sample);
        this.timeout = scheduler.timer(this::giveUp);
        this.values = new long[sources.length];
        this.enabled = spec.enabled();
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

    /** What the board file says of it. */
    public SensorSpec spec() {
        return spec;
    }

    public String name() {
        return spec.name();
    }

    /** Its position among the board's sensors, from 0. */
    public int index() {
        return index;
    }

    /** How many values a reading has: 1, or the number of axes. */
    public int channels() {
        return values.length;
    }

    // What was read last

    /** Whether it was read since the start. */
    public boolean isKnown() {
        return known;
    }

    /** Whether it was read since the start, and the last reading that ended did not fail. */
    public boolean isUpToDate() {
        return known && !lastFailed;
    }

    /** The value that was read last, in 10^scale of the channel's unit; 0 if there is none yet. */
    public long value(int channel) {
        return values[channel];
    }

    /** When that was, on the monotonic clock, in 10^timestamp-scale s. */
    public long timestamp() {
        return timeNanos / timestampUnit;
    }

    // Settings

    public boolean enabled() {
        return enabled;
    }

    /** Switches it; while it is off there are no samples. */
    public void setEnabled(boolean enabled) {
        if (this.enabled != enabled) {
            this.enabled = enabled;
            schedule();
        }
    }

    /** Nanoseconds from one sample to the next. */
    public long intervalNanos() {
        return intervalNanos;
    }

    /** Sets the time from one sample to the next; the next one comes that much later than now. */
    public void setIntervalNanos(long nanos) {
        if (nanos <= 0) {
            throw new IllegalArgumentException("update interval of " + nanos + " ns");
        }
        if (intervalNanos != nanos) {
            intervalNanos = nanos;
            schedule();
        }
    }

    /** Counts one more who needs samples at every update interval. */
    public void needSamples() {
        if (users++ == 0) {
            schedule();
        }
    }

    /** Takes back one {@link #needSamples}. */
    public void dropSamples() {
        if (users == 0) {
            throw new IllegalStateException("nobody needs samples of " + spec.name());
        }
        if (--users == 0) {
            schedule();
        }
    }

    /** Whether it is read at its update interval. */
    public boolean isSampling() {
        return enabled && users > 0;
    }

    private void schedule() {
        if (isSampling()) {
            nextSampleNanos = scheduler.nanoTime() + intervalNanos;
            sampling.arm(intervalNanos);
        } else {
            sampling.disarm();
            sampleWaits = false;
        }
    }

    private void sample() {
        long now = scheduler.nanoTime();
        nextSampleNanos += intervalNanos;
        if (nextSampleNanos - now <= 0) {
            // The loop was busy for longer than an interval: what was missed is not made up for.
            nextSampleNanos = now + intervalNanos;
        }
        sampling.arm(nextSampleNanos - now);
        switch (start()) {
            case DONE -> tellSample();
            case PENDING -> sampleWaits = true;
            case FAILED -> {}
        }
    }

    // Reading

    /** Reads all values, or joins a reading that is under way. */
    public ReadOutcome read() {
        ReadOutcome outcome = start();
        askerWaits |= outcome == ReadOutcome.PENDING;
        return outcome;
    }

    private ReadOutcome start() {
        if (reading) {
            return ReadOutcome.PENDING;
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
            return ReadOutcome.PENDING;
        }
        return finish() ? ReadOutcome.DONE : ReadOutcome.FAILED;
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
        boolean asker = askerWaits;
        sampleWaits = false;
        askerWaits = false;
        if (asker && listener != null) {
            listener.readingEnded(this, succeeded);
        }
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
            listener.sampled(this);
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
