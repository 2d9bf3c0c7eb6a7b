// All sensors of a board.
package org.scmid.platform.sensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.scmid.config.Board;
import org.scmid.config.SensorSource;
import org.scmid.config.SensorSpec;
import org.scmid.platform.Scheduler;
import org.scmid.platform.register.Windows;

/** All sensors of a board. Making them reads nothing. */
public final class Sensors {
    private final List<Sensor> all = new ArrayList<>();
    private final Map<String, Sensor> byName = new LinkedHashMap<>();

    /**
     * The sensors that a board file describes.
     *
     * @param board the board
     * @param windows its register windows
     * @param scheduler the loop's clock and timers
     */
    public Sensors(Board board, Windows windows, Scheduler scheduler) {
        for (SensorSpec spec : board.sensors().values()) {
            List<SensorSpec.Channel> channels = spec.channels();
            ValueSource[] sources = new ValueSource[channels.size()];
            for (int i = 0; i < sources.length; i++) {
                sources[i] = source(channels.get(i).source(), windows, scheduler);
            }
            add(new Sensor(spec, all.size(), sources, scheduler));
        }
    }

    private static ValueSource source(SensorSource source, Windows windows, Scheduler scheduler) {
        return switch (source) {
            case SensorSource.Register register -> new RegisterSource(windows.field(register.field()), register);
            case SensorSource.Simulated simulated -> new SimulatedSource(simulated, scheduler);
        };
    }

    private void add(Sensor sensor) {
        all.add(sensor);
        byName.put(sensor.name(), sensor);
    }

    /** Who is told of samples, and of readings that took time. One at most. */
    public void setListener(SensorListener listener) {
        for (Sensor sensor : all) {
            sensor.setListener(listener);
        }
    }

    /** All sensors, in the board file's order. */
    public List<Sensor> all() {
        return List.copyOf(all);
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
