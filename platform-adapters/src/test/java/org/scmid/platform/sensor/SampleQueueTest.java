// How many samples all sensors together take, and who takes them.
package org.scmid.platform.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.scmid.platform.BoardBuilder;
import org.scmid.testing.HandLoop;

class SampleQueueTest {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;
    private static final int MOST_A_SECOND = 1000;

    private final HandLoop time = new HandLoop();
    private final SampleQueue queue = new SampleQueue(time);
    private final List<Sensor> sensors = new ArrayList<>();
    private final List<Integer> samples = new ArrayList<>();

    private Sensor sensor(long intervalNanos) {
        SensorSpec.Channel value = new SensorSpec.Channel(
                "s", SensorUnit.VOLT, 0, new SensorSource.Simulated(0, 0, 0, 0, MS, 0), 1, 0, 0, 0);
        SensorSpec spec = new SensorSpec(
                "s" + sensors.size(),
                false,
                List.of(value),
                0,
                new UpdateIntervals.Listed(List.of(intervalNanos)),
                intervalNanos,
                true,
                -9,
                false,
                true,
                true,
                null,
                BoardBuilder.PLACE);
        int index = sensors.size();
        Sensor sensor = new Sensor(
                spec,
                index,
                new ValueSource[] {
                    (sink, ticket) -> {
                        samples.add(index);
                        sink.value(ticket, 1);
                    }
                },
                time,
                queue);
        sensors.add(sensor);
        return sensor;
    }

    private void sampled(int count, long intervalNanos) {
        for (int i = 0; i < count; i++) {
            sensor(intervalNanos).sample(true);
        }
    }

    private int samplesOf(int index) {
        return (int) samples.stream().filter(each -> each == index).count();
    }

    private void assertAtMost(long millis) {
        long most = millis * MOST_A_SECOND / 1000 + SampleQueue.BURST;
        assertTrue(samples.size() <= most, samples.size() + " samples in " + millis + " ms");
    }

    @Test
    void oneSensorThatWantsToBeReadEveryMicrosecondTakesAThousandSamplesASecond() {
        sampled(1, US);
        time.passMillis(2000);
        assertAtMost(2000);
        assertTrue(samples.size() >= 2 * MOST_A_SECOND, samples.size() + " samples");
    }

    @Test
    void manySensorsTogetherTakeNoMoreThanOneAndEachAsMany() {
        sampled(50, US);
        sampled(50, 5 * MS);
        time.passMillis(1000);
        assertAtMost(1000);
        for (int i = 0; i < sensors.size(); i++) {
            assertTrue(Math.abs(samplesOf(i) - 10) <= 1, "sensor " + i + ": " + samplesOf(i) + " samples");
        }
    }

    @Test
    void oneThatWantsFewSamplesGetsThemBesideManyThatWantMore() {
        sampled(20, US);
        Sensor calm = sensor(100 * MS);
        calm.sample(true);
        for (int second = 1; second <= 3; second++) {
            time.passMillis(1000);
            int its = samplesOf(calm.index());
            assertTrue(its >= 10 * second - 1, its + " samples in " + second + " s");
        }
        assertAtMost(3000);
    }

    @Test
    void samplesThatFallTogetherAreNotLateUnlessTheyAreMany() {
        sampled(SampleQueue.BURST + 3, 100 * MS);
        time.runFor(100 * MS);
        assertEquals(SampleQueue.BURST, samples.size());
        time.runFor(MS);
        assertEquals(SampleQueue.BURST + 1, samples.size());
        time.runFor(2 * MS);
        assertEquals(SampleQueue.BURST + 3, samples.size());
        samples.clear();
        time.runFor(97 * MS);
        assertEquals(SampleQueue.BURST, samples.size(), "at 200 ms: who was late once is not late for ever");
    }

    /** The property, for random sensors whose settings change at random times. */
    @Test
    void whateverIsSwitchedAndSetThereAreNotMoreSamplesAndNoneStopsForEver() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            samples.clear();
            sensors.clear();
            sampled(1 + random.nextInt(30), 1 + random.nextLong(3 * MS));
            long millis = 0;
            for (int step = 0; step < 300; step++) {
                Sensor sensor = sensors.get(random.nextInt(sensors.size()));
                switch (random.nextInt(4)) {
                    case 0 -> sensor.setEnabled(random.nextBoolean());
                    case 1 -> sensor.sample(random.nextBoolean());
                    case 2 -> sensor.setIntervalNanos(1 + random.nextLong(3 * MS));
                    default -> {
                        int passing = random.nextInt(3);
                        time.passMillis(passing);
                        millis += passing;
                    }
                }
            }
            assertAtMost(millis);
            sensors.forEach(sensor -> {
                sensor.setEnabled(true);
                sensor.sample(true);
            });
            samples.clear();
            time.passMillis(100);
            for (int i = 0; i < sensors.size(); i++) {
                assertTrue(samplesOf(i) >= 2, "seed " + seed + ", sensor " + i + ": " + samplesOf(i) + " samples");
            }
            sensors.forEach(sensor -> sensor.sample(false));
            samples.clear();
            time.passMillis(100);
            assertEquals(List.of(), samples, "nobody wants any");
            assertEquals(0, time.armed());
        }
    }

    @Test
    void aSensorThatWasSwitchedOffWhileItWaitedTakesNobodysPlace() {
        sampled(40, US);
        time.passMillis(50);
        samples.clear();
        sensors.forEach(sensor -> sensor.setEnabled(false));
        sensors.get(7).setEnabled(true);
        time.passMillis(20);
        assertTrue(samples.size() >= 19, samples.size() + " samples");
        assertEquals(samples.size(), samplesOf(7));
    }

    @Test
    void whoIsStoppedAndStartedWhileItWaitsIsNotReadBeforeItsIntervalIsOver() {
        Sensor calm = sensor(100 * MS);
        calm.sample(true);
        sampled(60, US);
        time.passMillis(100); // now it waits behind the others
        assertEquals(0, samplesOf(calm.index()));
        calm.sample(false);
        calm.sample(true);
        time.passMillis(99);
        assertEquals(0, samplesOf(calm.index()));
        time.passMillis(65);
        assertEquals(1, samplesOf(calm.index()));
    }

    @Test
    void takingTurnsAllocatesNothing() {
        SensorSource.Simulated source = new SensorSource.Simulated(0, 0, 100, 1, 1, 0);
        for (int i = 0; i < 5; i++) {
            Sensor made = new Sensor(
                    sensor(US).spec(), i, new ValueSource[] {new SimulatedSource(source, time)}, time, queue);
            made.sample(true);
        }
        assertEquals(0, Allocation.ofRuns(() -> time.runFor(MS)));
    }
}
