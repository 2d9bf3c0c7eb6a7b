// One sensor of a platform.
package org.scmid.upstream.driver;

import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.SensorOffer;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.remote.RemoteSensor;
import org.scmid.protocol.sensor.SensorReadingGet;
import org.scmid.protocol.sensor.SensorVersion;

/** One sensor of a platform, asked by messages of the Sensor protocol, versions 1.0 to 3.1. */
final class SensorClient implements RemoteSensor {
    private final String name;
    private final long[] values;
    private final Readings readings;
    private @Nullable Sink sink;
    private int id;
    private int version;
    private boolean isThere;
    private boolean isAsynchronous;

    SensorClient(Room room, SensorOffer offer) {
        this.name = offer.name();
        this.values = new long[offer.channels().size()];
        this.readings = new Readings(room);
    }

    /** The platform's name of it. */
    String name() {
        return name;
    }

    /** The platform is there, and offers the sensor like this. */
    void found(SensorOffer offer, int spoken) {
        id = offer.id();
        version = spoken;
        isAsynchronous = offer.asynchronous();
        isThere = offer.channels().size() == values.length;
    }

    /** The platform does not offer it any more. */
    void missed() {
        isThere = false;
    }

    @Override
    public void read(Sink told) {
        sink = told;
        ask();
    }

    private void ask() {
        Outcome outcome = isThere ? readings.ask() : Outcome.FAILED;
        if (!outcome.isLater()) {
            end(outcome);
        }
    }

    private void end(Outcome outcome) {
        Sink told = sink;
        sink = null;
        if (told == null) {
            return;
        }
        if (outcome == Outcome.OK) {
            told.values(values);
        } else {
            told.failed();
        }
    }

    private final class Readings extends Exchange implements Waiter {
        private final SensorReadingGet.Request asked = new SensorReadingGet.Request();
        private final SensorReadingGet.Reply answer = new SensorReadingGet.Reply();
        private final SensorReadingGet.Delayed late = new SensorReadingGet.Delayed();

        Readings(Room room) {
            super(room);
        }

        Outcome ask() {
            asked.begin(request, 0).resource(id).flags(isAsynchronous ? SensorReadingGet.Request.FLAG_ASYNC : 0);
            return send(asked.messageLength(), isAsynchronous, this);
        }

        @Override
        public void mayAskAgain() {
            SensorClient.this.ask();
        }

        @Override
        public void ended(Outcome outcome) {
            end(outcome);
        }

        @Override
        Outcome ended() {
            int needed = isAsynchronous
                    ? SensorReadingGet.Delayed.messageLength(values.length, version)
                    : SensorReadingGet.Reply.messageLength(values.length, version);
            if (reply.length() < needed) {
                return Outcome.FAILED;
            }
            boolean isBare = version < SensorVersion.V2_0;
            if (isAsynchronous) {
                late.wrap(reply);
            } else {
                answer.wrap(reply);
            }
            for (int i = 0; i < values.length; i++) {
                values[i] = isAsynchronous
                        ? (isBare ? late.valueV1() : late.value(i))
                        : (isBare ? answer.valueV1() : answer.value(i));
            }
            return Outcome.OK;
        }
    }
}
