// When a sensor is read, what it says then, and what happens when it cannot be read.
package org.scmid.platform.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.scmid.config.sensor.SensorSource;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.config.sensor.SensorUnit;
import org.scmid.config.sensor.UpdateIntervals;
import org.scmid.platform.Allocation;
import org.scmid.platform.Asker;
import org.scmid.platform.BoardBuilder;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.testing.HandLoop;

class SensorTest {
    private static final long MS = 1_000_000;

    private final HandLoop time = new HandLoop(1_000_000_007);
    private final List<String> heard = new ArrayList<>();

    /** A source whose answers the test gives, at once or when it wants. */
    private static final class ManualSource implements ValueSource {
        private final List<Integer> tickets = new ArrayList<>();
        private final List<ValueSink> sinks = new ArrayList<>();
        private boolean isSlow;
        private boolean isBroken;
        private long value;

        @Override
        public void read(ValueSink sink, int ticket) {
            tickets.add(ticket);
            sinks.add(sink);
            if (isBroken) {
                sink.failed(ticket);
            } else if (!isSlow) {
                sink.value(ticket, value);
            }
        }

        void answer(int reading, long answer) {
            sinks.get(reading).value(tickets.get(reading), answer);
        }
    }

    private static SensorSpec spec(int channels, boolean enabled, int timestampScale) {
        List<SensorSpec.Channel> all = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            all.add(new SensorSpec.Channel(
                    "c" + i, SensorUnit.VOLT, 0, new SensorSource.Simulated(0, 0, 0, 0, MS, 0), 1, 0, 0, 0));
        }
        return new SensorSpec(
                "s",
                channels > 1,
                all,
                0,
                new UpdateIntervals.Listed(List.of(100 * MS)),
                100 * MS,
                true,
                timestampScale,
                false,
                true,
                enabled,
                null,
                BoardBuilder.PLACE);
    }

    private Sensor sensor(SensorSpec spec, ValueSource... sources) {
        Sensor sensor = new Sensor(spec, 0, sources, time, new SampleQueue(time));
        sensor.setListener(index -> heard.add("sample " + sensor.value(0)));
        return sensor;
    }

    private Outcome read(Sensor sensor) {
        return sensor.read(reader(sensor));
    }

    /** Notes what the sensor says as soon as it has been read. */
    private Waiter reader(Sensor sensor) {
        return new Waiter() {
            @Override
            public void mayAskAgain() {}

            @Override
            public void ended(Outcome outcome) {
                heard.add((outcome == Outcome.OK ? "read " : "failed ") + sensor.value(0));
            }
        };
    }

    @Test
    void aReadingThatTakesNoTimeIsThereAtOnce() {
        ManualSource x = new ManualSource();
        ManualSource y = new ManualSource();
        Sensor sensor = sensor(spec(2, true, -6), x, y);
        assertFalse(sensor.isKnown());
        x.value = 3;
        y.value = -4;
        assertEquals(Outcome.OK, read(sensor));
        assertTrue(sensor.isKnown());
        assertEquals(3, sensor.value(0));
        assertEquals(-4, sensor.value(1));
        assertEquals(1_000_000_007 / 1000, sensor.timestamp());
        assertEquals(List.of(), heard);
        assertEquals(0, time.armed());
    }

    @Test
    void aReadingThatTakesTimeEndsWithTheLastValue() {
        ManualSource x = new ManualSource();
        ManualSource y = new ManualSource();
        x.isSlow = true;
        y.isSlow = true;
        Sensor sensor = sensor(spec(2, true, -9), x, y);
        assertEquals(Outcome.STARTED, read(sensor));
        assertEquals(Outcome.STARTED, sensor.read(Waiter.NOBODY));
        assertEquals(1, x.tickets.size(), "the second joined the first");
        y.answer(0, 5);
        assertEquals(List.of(), heard);
        x.answer(0, 6);
        assertEquals(List.of("read 6"), heard);
        assertEquals(5, sensor.value(1));
        assertEquals(0, time.armed());
    }

    @Test
    void aReadingThatFailsLeavesTheOldValues() {
        ManualSource x = new ManualSource();
        ManualSource y = new ManualSource();
        x.value = 1;
        y.value = 2;
        Sensor sensor = sensor(spec(2, true, -9), x, y);
        read(sensor);
        x.value = 7;
        y.isBroken = true;
        assertEquals(Outcome.FAILED, read(sensor));
        assertEquals(1, sensor.value(0));
        assertEquals(2, sensor.value(1));
        y.isBroken = false;
        assertEquals(Outcome.OK, read(sensor));
        assertEquals(7, sensor.value(0));
    }

    @Test
    void aFailureIsRememberedUntilAReadingSucceeds() {
        ManualSource x = new ManualSource();
        Sensor sensor = sensor(spec(1, true, -9), x);
        assertFalse(sensor.isUpToDate());
        read(sensor);
        assertTrue(sensor.isUpToDate());
        x.isBroken = true;
        read(sensor);
        assertFalse(sensor.isUpToDate());
        x.isBroken = false;
        x.isSlow = true;
        read(sensor);
        assertFalse(sensor.isUpToDate(), "nothing is known of the one under way");
        x.answer(x.tickets.size() - 1, 3);
        assertTrue(sensor.isUpToDate());
    }

    @Test
    void aReadingThatNeverEndsIsGivenUpAndItsLateAnswerIsNobodys() {
        ManualSource x = new ManualSource();
        x.isSlow = true;
        Sensor sensor = sensor(spec(1, true, -9), x);
        read(sensor);
        time.runFor(Sensor.READING_TIMEOUT_NANOS - 1);
        assertEquals(List.of(), heard);
        time.runFor(1);
        assertEquals(List.of("failed 0"), heard);
        read(sensor);
        x.answer(0, 99);
        assertEquals(List.of("failed 0"), heard);
        x.answer(1, 4);
        x.answer(1, 5);
        assertEquals(List.of("failed 0", "read 4"), heard);
        assertEquals(4, sensor.value(0));
    }

    @Test
    void samplesAreTakenOnlyWhileSomebodyNeedsThem() {
        ManualSource x = new ManualSource();
        x.value = 8;
        Sensor sensor = sensor(spec(1, true, -9), x);
        time.runFor(1000 * MS);
        assertEquals(0, x.tickets.size());
        sensor.sample(true);
        sensor.sample(true);
        time.runFor(250 * MS);
        assertEquals(List.of("sample 8", "sample 8"), heard);
        sensor.sample(true);
        time.runFor(50 * MS);
        assertEquals(3, heard.size(), "to need them again changes nothing");
        sensor.sample(false);
        assertEquals(0, time.armed());
        time.runFor(1000 * MS);
        assertEquals(3, heard.size());
    }

    @Test
    void aSensorThatIsOffHasNoSamples() {
        ManualSource x = new ManualSource();
        Sensor sensor = sensor(spec(1, false, -9), x);
        sensor.sample(true);
        time.runFor(1000 * MS);
        assertEquals(0, x.tickets.size());
        sensor.setEnabled(true);
        time.settle();
        assertEquals(1, heard.size(), "one is overdue");
        time.runFor(100 * MS);
        assertEquals(2, heard.size());
        sensor.setEnabled(false);
        time.runFor(1000 * MS);
        assertEquals(2, heard.size());
    }

    @Test
    void anotherIntervalHoldsFromTheLastSampleOn() {
        ManualSource x = new ManualSource();
        Sensor sensor = sensor(spec(1, true, -9), x);
        sensor.sample(true);
        time.runFor(10 * MS);
        sensor.setIntervalNanos(30 * MS);
        time.runFor(19 * MS);
        assertEquals(0, heard.size());
        time.runFor(1 * MS);
        assertEquals(1, heard.size());
        time.runFor(25 * MS);
        sensor.setIntervalNanos(20 * MS);
        time.settle();
        assertEquals(2, heard.size(), "it is overdue");
        sensor.setIntervalNanos(1000 * MS);
        time.runFor(20 * MS);
        assertEquals(3, heard.size(), "what was due is not put off");
        time.runFor(994 * MS);
        assertEquals(3, heard.size());
        time.runFor(6 * MS);
        assertEquals(4, heard.size());
        assertThrows(IllegalArgumentException.class, () -> sensor.setIntervalNanos(0));
    }

    /** The property, for random wars of two that can set the sensor: none of it makes a sample come later than due. */
    @Test
    void whoeverChangesItsSettingsAgainAndAgainKeepsNoSamplesFromOthers() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            heard.clear();
            Sensor sensor = sensor(spec(1, true, -9), new ManualSource());
            sensor.sample(true);
            long longest = 120 * MS;
            long[] intervals = {100 * MS, 101 * MS, longest};
            int seen = 0;
            long last = time.nanoTime();
            for (int step = 0; step < 500; step++) {
                switch (random.nextInt(3)) {
                    case 0 -> sensor.configure(true, intervals[random.nextInt(3)], Waiter.NOBODY);
                    case 1 -> {
                        sensor.setEnabled(false);
                        time.runFor(random.nextLong(150 * MS));
                        sensor.setEnabled(true);
                        time.settle();
                    }
                    default -> time.runFor(random.nextLong(40 * MS));
                }
                long now = time.nanoTime();
                if (heard.size() > seen) {
                    seen = heard.size();
                    last = now;
                }
                assertTrue(
                        now - last <= longest + (150 + 40) * MS, "seed " + seed + ": none for " + (now - last) + " ns");
            }
            assertTrue(seen >= 1, "seed " + seed);
            sensor.sample(false);
        }
    }

    @Test
    void aReadingUnderWayIsTheSampleAlsoIfItWasOffForAMoment() {
        ManualSource x = new ManualSource();
        x.isSlow = true;
        Sensor sensor = sensor(spec(1, true, -9), x);
        sensor.sample(true);
        time.runFor(100 * MS);
        sensor.setEnabled(false);
        sensor.setEnabled(true);
        x.answer(0, 5);
        assertEquals(List.of("sample 5"), heard);
        assertFalse(sensor.hasMissedSamples());
        sensor.setEnabled(false);
        time.runFor(100 * MS);
        sensor.setEnabled(true);
        assertTrue(sensor.hasMissedSamples());
    }

    @Test
    void samplesDoNotDriftAndThoseThatWereMissedAreLeftOut() {
        ManualSource x = new ManualSource();
        Sensor sensor = sensor(spec(1, true, -9), x);
        sensor.sample(true);
        time.stall(130 * MS);
        assertEquals(1, heard.size());
        time.runFor(70 * MS);
        assertEquals(2, heard.size(), "the second comes at 200 ms, not at 230");
        time.stall(1000 * MS);
        assertEquals(3, heard.size());
        time.runFor(100 * MS);
        assertEquals(4, heard.size());
    }

    @Test
    void aSampleOfASlowSensorComesWhenItIsRead() {
        ManualSource x = new ManualSource();
        x.isSlow = true;
        Sensor sensor = sensor(spec(1, true, -9), x);
        sensor.sample(true);
        time.runFor(100 * MS);
        assertEquals(List.of(), heard);
        read(sensor);
        x.answer(0, 5);
        assertEquals(List.of("read 5", "sample 5"), heard);
        time.runFor(100 * MS);
        sensor.sample(false);
        x.answer(1, 6);
        assertEquals(2, heard.size(), "nobody waits any more");
    }

    @Test
    void aSampleThatFailsIsNotTold() {
        ManualSource x = new ManualSource();
        x.isBroken = true;
        Sensor sensor = sensor(spec(1, true, -9), x);
        sensor.sample(true);
        time.runFor(300 * MS);
        assertEquals(3, x.tickets.size());
        assertEquals(List.of(), heard);
    }

    @Test
    void allWhoJoinedAReadingAreToldOfItsEndAndWhoReadsAgainOfTheNext() {
        ManualSource x = new ManualSource();
        x.isSlow = true;
        Sensor sensor = sensor(spec(1, true, -9), x);
        Asker again = new Asker("again", heard);
        sensor.read(new Asker("first", heard).then(() -> assertEquals(Outcome.STARTED, sensor.read(again))));
        sensor.read(new Asker("second", heard));
        x.answer(0, 5);
        assertEquals(List.of("first OK", "second OK"), heard);
        time.runFor(Sensor.READING_TIMEOUT_NANOS);
        assertEquals(List.of("first OK", "second OK", "again FAILED"), heard);
        assertEquals(0, time.armed());
    }

    @Test
    void aWaiterThatThrowsKeepsNobodyFromBeingTold() {
        ManualSource x = new ManualSource();
        x.isSlow = true;
        Sensor sensor = sensor(spec(1, true, -9), x);
        sensor.sample(true);
        time.runFor(100 * MS);
        sensor.read(new Asker("first", heard).then(() -> {
            throw new IllegalStateException("as the test wants");
        }));
        sensor.read(new Asker("second", heard));
        x.answer(0, 5);
        assertEquals(List.of("first OK", "second OK", "sample 5"), heard);
    }

    @Test
    void settingsThatAreSoAlreadyDoNotPutOffTheNextSample() {
        ManualSource x = new ManualSource();
        Sensor sensor = sensor(spec(1, true, -9), x);
        sensor.sample(true);
        time.runFor(90 * MS);
        assertEquals(Outcome.OK, sensor.configure(true, 100 * MS, Waiter.NOBODY));
        time.runFor(10 * MS);
        assertEquals(1, heard.size());
        assertEquals(Outcome.OK, sensor.configure(true, 20 * MS, Waiter.NOBODY));
        time.runFor(40 * MS);
        assertEquals(3, heard.size());
        assertEquals(Outcome.OK, sensor.configure(false, 50 * MS, Waiter.NOBODY));
        assertEquals(Outcome.OK, sensor.readSettings(Waiter.NOBODY));
        assertFalse(sensor.enabled());
        assertEquals(50 * MS, sensor.intervalNanos());
        assertEquals(0, time.armed());
        assertThrows(IllegalArgumentException.class, () -> sensor.configure(true, 0, Waiter.NOBODY));
    }

    @Test
    void readingThatTakesTimeAllocatesNothing() {
        Sensor sensor = new Sensor(
                spec(1, true, -9),
                0,
                new ValueSource[] {new SimulatedSource(new SensorSource.Simulated(0, 0, 100, 1, 1, MS), time)},
                time,
                new SampleQueue(time));
        long[] ends = {0};
        Waiter waiter = new Waiter() {
            @Override
            public void mayAskAgain() {}

            @Override
            public void ended(Outcome outcome) {
                ends[0]++;
            }
        };
        long allocated = Allocation.ofRuns(() -> {
            sensor.read(waiter);
            sensor.read(waiter);
            time.runFor(MS);
        });
        assertTrue(ends[0] >= 2000, ends[0] + " ends");
        assertEquals(0, allocated, "bytes for 1000 readings");
    }

    @Test
    void readingAllocatesNothing() {
        Sensor sensor = new Sensor(
                spec(2, true, -9),
                0,
                new ValueSource[] {
                    new SimulatedSource(new SensorSource.Simulated(0, 0, 100, 1, 1, 0), time),
                    new SimulatedSource(new SensorSource.Simulated(0, 0, 100, 1, 1, 0), time)
                },
                time,
                new SampleQueue(time));
        long[] sum = {0};
        long allocated = Allocation.ofRuns(() -> {
            sensor.read(Waiter.NOBODY);
            sum[0] += sensor.value(0) + sensor.timestamp();
        });
        assertTrue(sum[0] > 0);
        assertEquals(0, allocated, "bytes for 1000 readings");
    }
}
