// Values that another platform measures.
package org.scmid.platform.sensor;

import org.jspecify.annotations.Nullable;
import org.scmid.platform.remote.RemoteSensor;

/**
 * A sensor of another platform: one message asks for the values of all its axes. Each axis is a source of its own; what is
 * asked for after the message was sent is not answered by its reply, but by that of the next one.
 */
final class RemoteReading implements RemoteSensor.Sink {
    private final RemoteSensor sensor;
    private final Axis[] axes;
    private boolean asked;
    private boolean again;

    RemoteReading(RemoteSensor sensor, int channels) {
        this.sensor = sensor;
        axes = new Axis[channels];
        for (int i = 0; i < channels; i++) {
            axes[i] = new Axis();
        }
    }

    /** One value of it. */
    ValueSource channel(int position) {
        return axes[position];
    }

    /** One value while it is waited for. */
    private final class Axis implements ValueSource {
        private @Nullable ValueSink sink;
        private int ticket;
        private boolean isNext;

        @Override
        public void read(ValueSink its, int its_ticket) {
            boolean isRepeated = asked && (sink != null || again);
            sink = its;
            ticket = its_ticket;
            isNext = isRepeated;
            again |= isRepeated;
            if (!asked) {
                ask();
            }
        }
    }

    private void ask() {
        asked = true;
        sensor.read(this);
    }

    @Override
    public void values(long[] values) {
        end(values);
    }

    @Override
    public void failed() {
        end(null);
    }

    private void end(long @Nullable [] values) {
        asked = false;
        for (int i = 0; i < axes.length; i++) {
            Axis axis = axes[i];
            ValueSource.ValueSink sink = axis.sink;
            if (sink == null || axis.isNext) {
                axis.isNext = false;
                continue;
            }
            axis.sink = null;
            if (values == null) {
                sink.failed(axis.ticket);
            } else {
                sink.value(axis.ticket, values[i]);
            }
        }
        if (again) {
            again = false;
            ask();
        }
    }
}
