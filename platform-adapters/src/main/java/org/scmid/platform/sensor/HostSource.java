// Values that the host's own kernel measures.
package org.scmid.platform.sensor;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import org.scmid.config.sensor.SensorSource;
import org.scmid.loop.Scheduler;
import org.scmid.platform.host.Complaint;
import org.scmid.platform.host.Host;
import org.scmid.platform.host.HostQuantity;
import org.scmid.platform.host.HostWorkers;

/**
 * A file of the host's kernel, read by a thread that may wait. A reading that hangs is joined by those that come later,
 * so that it holds one thread however often the sensor is asked.
 */
final class HostSource implements ValueSource, HostWorkers.Work {
    private static final BigDecimal LARGEST = BigDecimal.valueOf(SensorSource.Host.LARGEST);

    private final HostQuantity quantity;
    private final int shift;
    private final Complaint complaint;
    private final HostWorkers.Job job;
    private final String hanging;

    // Of the loop's thread.
    private @Nullable ValueSink waiting;
    private int waitingTicket;

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
        this.complaint = new Complaint("sensor " + sensor, scheduler);
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
            complaint.failed(hanging);
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
            complaint.failed(why);
        } else if (!looked) {
            complaint.succeeded();
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
}
