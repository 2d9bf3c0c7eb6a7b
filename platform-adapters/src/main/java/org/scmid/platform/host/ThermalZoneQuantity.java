// The temperature of a thermal zone of the host.
package org.scmid.platform.host;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.scmid.config.sensor.HostChannel;

/** The temperature of a zone of {@code /sys/class/thermal}. */
final class ThermalZoneQuantity extends HostQuantity {
    private final HostDevices zones;
    private final HostChannel.ThermalZone channel;

    ThermalZoneQuantity(Path sys, HostChannel.ThermalZone channel) {
        this.zones =
                new HostDevices(sys.resolve("class/thermal"), "thermal_zone", "thermal zone", List.of("type"), true);
        this.channel = channel;
    }

    @Override
    Path locate() throws IOException {
        return zones.find(channel.zone(), null, null);
    }

    @Override
    BigDecimal read(Path zone) throws IOException {
        return HostFile.number(zone.resolve("temp"));
    }

    @Override
    public String toString() {
        return "thermal zone " + channel.zone();
    }
}
