// A channel of a device of the host's IIO.
package org.scmid.platform.host;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.sensor.HostChannel;

/**
 * A channel of a device of {@code /sys/bus/iio/devices}: its {@code _input}, or (raw + offset) x scale. Scale and offset
 * are the channel's own, or those of all channels of its type, direction or device; without them they are 1 and 0. They
 * are read each time, since somebody may change them.
 */
final class IioQuantity extends HostQuantity {
    private final HostDevices devices;
    private final HostChannel.Iio channel;
    private final List<String> owners;

    IioQuantity(Path sys, HostChannel.Iio channel) {
        this.devices = new HostDevices(
                sys.resolve("bus/iio/devices"), "iio:device", "IIO device", List.of("name", "label"), false);
        this.channel = channel;
        String direction = channel.type().substring(0, channel.type().indexOf('_'));
        this.owners = List.of(channel.channel() + "_", channel.type() + "_", direction + "_", "");
    }

    @Override
    Path locate() throws IOException {
        return devices.find(channel.device(), channel.parent(), "parent");
    }

    @Override
    BigDecimal read(Path device) throws IOException {
        Path processed = device.resolve(channel.channel() + "_input");
        if (Files.exists(processed)) {
            return HostFile.number(processed);
        }
        BigDecimal value = HostFile.number(device.resolve(channel.channel() + "_raw"));
        BigDecimal offset = shared(device, "offset");
        BigDecimal scale = shared(device, "scale");
        if (offset != null) {
            value = value.add(offset);
        }
        return scale == null ? value : value.multiply(scale);
    }

    private @Nullable BigDecimal shared(Path device, String attribute) throws IOException {
        for (String owner : owners) {
            Path file = device.resolve(owner + attribute);
            if (Files.exists(file)) {
                return HostFile.number(file);
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return channel.channel() + " of IIO device " + channel.device();
    }
}
