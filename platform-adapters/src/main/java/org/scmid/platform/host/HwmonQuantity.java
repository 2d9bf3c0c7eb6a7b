// A value of a chip of the host's hwmon.
package org.scmid.platform.host;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.scmid.config.sensor.HostChannel;

/** A value of a chip of {@code /sys/class/hwmon}. */
final class HwmonQuantity extends HostQuantity {
    private final HostDevices chips;
    private final HostChannel.Hwmon channel;

    HwmonQuantity(Path sys, HostChannel.Hwmon channel) {
        this.chips = new HostDevices(sys.resolve("class/hwmon"), "hwmon", "hwmon chip", List.of("name"), false);
        this.channel = channel;
    }

    @Override
    Path locate() throws IOException {
        return chips.find(channel.chip(), channel.device(), "device");
    }

    @Override
    BigDecimal read(Path chip) throws IOException {
        BigDecimal value = HostFile.number(chip.resolve(channel.file()));
        Path fault = chip.resolve(channel.fault());
        if (Files.exists(fault) && HostFile.number(fault).signum() != 0) {
            throw new IOException(fault + " says that the value is wrong");
        }
        return value;
    }

    @Override
    public String toString() {
        return channel.file() + " of hwmon chip " + channel.chip();
    }
}
