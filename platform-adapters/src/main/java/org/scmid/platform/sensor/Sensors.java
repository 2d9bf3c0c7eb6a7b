// All sensors of a board.
package org.scmid.platform.sensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.sensor.SensorSource;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.SensorDriver;
import org.scmid.platform.driver.SensorListener;
import org.scmid.platform.host.Host;
import org.scmid.platform.register.Windows;
import org.scmid.platform.remote.RemoteResources;

/** All sensors of a board. Making them measures nothing; devices of the host are looked for. */
public final class Sensors {
    private final List<Sensor> all = new ArrayList<>();
    private final Map<String, Sensor> byName = new LinkedHashMap<>();

    /**
     * The sensors that a board file describes.
     *
     * @param board the board
     * @param windows its register windows
     * @param scheduler the loop's clock and timers
     * @param host reads what the host's kernel measures; null if that is simulated
     * @param remote asks other platforms; null if they are simulated
     */
    public Sensors(
            Board board, Windows windows, Scheduler scheduler, @Nullable Host host, @Nullable RemoteResources remote) {
        SampleQueue samples = new SampleQueue(scheduler);
        for (SensorSpec spec : board.sensors().values()) {
            List<SensorSpec.Channel> channels = spec.channels();
            ValueSource[] sources = new ValueSource[channels.size()];
            RemoteReading reading = null;
            for (int i = 0; i < sources.length; i++) {
                SensorSource source = channels.get(i).source();
                if (source instanceof SensorSource.Remote its && remote != null) {
                    reading =
                            reading == null ? new RemoteReading(remote.sensor(its.origin()), sources.length) : reading;
                    sources[i] = reading.channel(i);
                } else {
                    sources[i] = source(spec.name(), source, windows, scheduler, host);
                }
            }
            add(new Sensor(spec, all.size(), sources, scheduler, samples));
        }
    }

    private static ValueSource source(
            String sensor, SensorSource source, Windows windows, Scheduler scheduler, @Nullable Host host) {
        return switch (source) {
            case SensorSource.Register register -> new RegisterSource(windows.field(register.field()), register);
            case SensorSource.Simulated simulated -> new SimulatedSource(simulated, scheduler);
            case SensorSource.Host measured ->
                host == null
                        ? new SimulatedSource(measured.simulation(), scheduler)
                        : new HostSource(sensor, measured, host, scheduler);
            case SensorSource.Remote its ->
                new SimulatedSource(SensorSource.Simulated.constant(middle(its.lowest(), its.highest())), scheduler);
        };
    }

    private static long middle(long lowest, long highest) {
        return lowest / 2 + highest / 2;
    }

    private void add(Sensor sensor) {
        all.add(sensor);
        byName.put(sensor.name(), sensor);
    }

    /** Who is told of samples; null for nobody. */
    public void setListener(@Nullable SensorListener listener) {
        for (Sensor sensor : all) {
            sensor.setListener(listener);
        }
    }

    /** All sensors, in the board file's order. */
    public List<Sensor> all() {
        return List.copyOf(all);
    }

    /** What the Sensor protocol uses, in the board file's order. */
    public List<SensorDriver> drivers() {
        return Collections.unmodifiableList(all);
    }

    /**
     * A sensor.
     *
     * @throws IllegalArgumentException if the board has none of this name
     */
    public Sensor get(String name) {
        Sensor sensor = byName.get(name);
        if (sensor == null) {
            throw new IllegalArgumentException("no sensor " + name);
        }
        return sensor;
    }
}
