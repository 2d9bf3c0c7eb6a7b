// A guest's sensors, in hwmon and in IIO, say what the registers say.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.system.WholeBoard.ACCELERATION;
import static org.scmid.system.WholeBoard.CONSUMPTION;
import static org.scmid.system.WholeBoard.CURRENT;
import static org.scmid.system.WholeBoard.SUPPLY;
import static org.scmid.system.WholeBoard.TEMPERATURE;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag(LinuxGuest.TESTS)
@Tag(LinuxGuest.SAMPLE)
@ExtendWith(WholeBoard.Shared.class)
final class SensorsTest {
    private static final String ACCELEROMETER = "/sys/bus/iio/devices/iio:device0/";

    private final TestBoard board;
    private final LinuxGuest guest;

    SensorsTest(WholeBoard whole) {
        board = whole.board();
        guest = whole.guest();
    }

    /** hwmon counts milli-degrees, millivolts and milliamperes, but microwatts. */
    @ParameterizedTest
    @CsvSource({
        "board-temperature, temp, 0x200, 253, 25300",
        "board-temperature, temp, 0x200, 0xff9c, -10000",
        "board-temperature, temp, 0x200, 1005, 100500",
        "supply-voltage, in, 0x204, 1650, 3300",
        "supply-current, curr, 0x208, 420, 420",
        "consumption, power, 0x20c, 1386, 1386000",
    })
    void hwmonShowsEachSensorByItsNameWithTheValueThatItsRegisterHas(
            String name, String type, String register, String raw, long shown) {
        assertTrue(List.of(TEMPERATURE, SUPPLY, CURRENT, CONSUMPTION).contains(Integer.decode(register)));
        board.setRegister(Integer.decode(register), Integer.decode(raw));
        String label = guest.run("grep -lx " + name + " /sys/class/hwmon/hwmon*/*_label")
                .output()
                .strip();
        assertTrue(label.matches("/sys/class/hwmon/hwmon\\d+/" + type + "\\d+_label"), label + guest.complaints());
        assertEquals(Long.toString(shown), guest.read(label.replace("_label", "_input")));
    }

    @Test
    void iioReadsTheAxesOfAnAccelerometerWithTheirScale() {
        setAcceleration(12, -345, 9807);
        assertEquals("accelerometer", guest.read(ACCELEROMETER + "name"), guest.complaints());
        assertEquals("12", guest.read(ACCELEROMETER + "in_accel_x_raw"));
        assertEquals("-345", guest.read(ACCELEROMETER + "in_accel_y_raw"));
        assertEquals("9807", guest.read(ACCELEROMETER + "in_accel_z_raw"));
        assertEquals("0.001000000", guest.read(ACCELEROMETER + "in_accel_x_scale"));

        setAcceleration(-12, 0, -32768);
        assertEquals("-12", guest.read(ACCELEROMETER + "in_accel_x_raw"));
        assertEquals("-32768", guest.read(ACCELEROMETER + "in_accel_z_raw"));
    }

    @Test
    void iioSetsTheUpdateInterval() {
        assertEquals(
                "100.000000 10.000000 1.000000",
                guest.read(ACCELEROMETER + "in_accel_sampling_frequency_available"),
                "10 ms, 100 ms, 1 s");
        guest.write("10", ACCELEROMETER + "in_accel_sampling_frequency");
        assertEquals("10.000000", guest.read(ACCELEROMETER + "in_accel_sampling_frequency"));
        guest.write("100", ACCELEROMETER + "in_accel_sampling_frequency");
        assertEquals("100.000000", guest.read(ACCELEROMETER + "in_accel_sampling_frequency"));
    }

    @Test
    void iiosBufferIsFilledByContinuousUpdatesWithTimestamps() {
        setAcceleration(1, -2, 3);
        guest.write("100", ACCELEROMETER + "in_accel_sampling_frequency");
        guest.run("cd " + ACCELEROMETER + " && for channel in scan_elements/*_en; do echo 1 > $channel; done"
                        + " && echo 64 > buffer/length && echo 1 > buffer/enable")
                .ok();
        // A sample is the three axes and the time, 64 bits each.
        int[] words = guest.run("dd if=/dev/iio:device0 bs=32 count=4 2>/dev/null | hexdump -v -e '1/4 \"%08x \"'")
                .words();
        guest.write("0", ACCELEROMETER + "buffer/enable");
        assertEquals(4 * 8, words.length, guest.complaints());
        long before = 0;
        for (int sample = 0; sample < 4; sample++) {
            assertEquals(1, wide(words, sample, 0));
            assertEquals(-2, wide(words, sample, 1));
            assertEquals(3, wide(words, sample, 2));
            long time = wide(words, sample, 3);
            assertTrue(time > before, "sample " + sample + " is from " + time + ", the one before from " + before);
            before = time;
        }
    }

    private void setAcceleration(int x, int y, int z) {
        board.setRegister(ACCELERATION, x & 0xffff);
        board.setRegister(ACCELERATION + 4, y & 0xffff);
        board.setRegister(ACCELERATION + 8, z & 0xffff);
    }

    private static long wide(int[] words, int sample, int index) {
        int low = (sample * 4 + index) * 2;
        return (words[low] & 0xffff_ffffL) | ((long) words[low + 1] << 32);
    }
}
