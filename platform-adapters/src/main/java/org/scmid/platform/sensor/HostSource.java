// Values that the host's own kernel measures.
package org.scmid.platform.sensor;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import org.scmid.config.SensorSource;
import org.scmid.platform.Scheduler;
import org.scmid.platform.host.Host;
import org.scmid.platform.host.HostQuantity;
import org.scmid.platform.host.HostWorkers;

/**
 * A file of the host's kernel, read by a thread that may wait. A reading that hangs is joined by those that come later,
 * so that it holds one thread however often the sensor is asked.
 *
 * <p>The log says why a sensor cannot be read, once, and again at most every {@value #QUIET_NANOS} ns if the reason
 * changes; and that it can be read again.
 */
final class HostSource implements ValueSource, HostWorkers.Work {
    static final long QUIET_NANOS = 10_000_000_000L;

    private static final System.Logger LOG = System.getLogger(HostSource.class.getName());
    private static final BigDecimal LARGEST = BigDecimal.valueOf(SensorSource.Host.LARGEST);

    private final String sensor;
    private final HostQuantity quantity;
    private final int shift;
    private final Scheduler scheduler;
    private final HostWorkers.Job job;
    private final String hanging;

    // Of the loop's thread.
    private @Nullable ValueSink waiting;
    private int waitingTicket;
    private @Nullable String said;
    private boolean hasSaid;
    private long saidAtNanos;

    // Of the thread that reads, while the job is under way; else of the loop's.
    private boolean looksOnly;
    private @Nullable String problem;
    private long value;

    /**
     * Has the device looked for, without measuring, so that the log says early if it is not there.
     *
     * @param sensor the sensor's name, for the log
     * @param scheduler the loop's clock
     */
    HostSource(String sensor, SensorSource.Host source, Host host, Scheduler scheduler) {
        this.sensor = sensor;
        this.scheduler = scheduler;
        this.quantity = host.quantity(source.channel());
        this.shift = source.shift();
        this.hanging = "reading " + quantity + " takes longer than a second";
        this.job = host.workers().job(this);
        looksOnly = true;
        job.submit();
    }

    @Override
    public void read(ValueSink sink, int ticket) {
        waiting = sink;
        waitingTicket = ticket;
        if (!job.isBusy()) {
            job.submit();
        } else if (job.busyNanos() >= Sensor.READING_TIMEOUT_NANOS) {
            say(hanging);
        }
    }

    @Override
    public void run() {
        problem = null;
        try {
            if (looksOnly) {
                quantity.find();
            } else {
                value = converted(quantity.read());
            }
        } catch (IOException failure) {
            problem = String.valueOf(failure.getMessage());
        } catch (RuntimeException | Error defect) {
            problem = "reading " + quantity + ": " + defect;
        }
    }

    private long converted(BigDecimal number) throws IOException {
        BigDecimal scaled = number.scaleByPowerOfTen(shift).setScale(0, RoundingMode.FLOOR);
        if (scaled.abs().compareTo(LARGEST) > 0) {
            throw new IOException(quantity + " gives " + number + ", which is beyond 2^60 in the sensor's scale");
        }
        return scaled.longValueExact();
    }

    @Override
    public void ended() {
        boolean looked = looksOnly;
        looksOnly = false;
        String why = problem;
        if (why != null) {
            say(why);
        } else if (!looked && said != null) {
            said = null;
            LOG.log(System.Logger.Level.INFO, "sensor " + sensor + " can be read again");
        }
        ValueSink sink = waiting;
        if (sink == null) {
            return;
        }
        if (looked) {
            job.submit(); // somebody asked for the value meanwhile
            return;
        }
        waiting = null;
        if (why != null) {
            sink.failed(waitingTicket);
        } else {
            sink.value(waitingTicket, value);
        }
    }

    private void say(String why) {
        long now = scheduler.nanoTime();
        boolean mayLog = !hasSaid || now - saidAtNanos >= QUIET_NANOS;
        if (mayLog && !why.equals(said)) {
            hasSaid = true;
            said = why;
            saidAtNanos = now;
            LOG.log(System.Logger.Level.WARNING, "sensor " + sensor + " cannot be read: " + why);
        }
    }
}
