// What the host's files are read as, and what is said about those that cannot be read.
package org.scmid.platform.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.config.sensor.HostChannel;
import org.scmid.testing.HandLoop;

class HostQuantityTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private FakeSys sys;

    @BeforeEach
    void makeSys() {
        sys = new FakeSys(folder);
    }

    private HostQuantity quantity(HostChannel channel) {
        return new Host(folder, new TaskQueue(), new HandLoop()).quantity(channel);
    }

    private HostQuantity chip(String name, @Nullable String device) {
        return quantity(new HostChannel.Hwmon(name, device, "temp1_input", "temp1_fault"));
    }

    private HostQuantity iio(String channel, String type) {
        return quantity(new HostChannel.Iio("adc", null, channel, type));
    }

    private HostQuantity zone(String zone) {
        return quantity(new HostChannel.ThermalZone(zone));
    }

    private static void assertReads(String expected, HostQuantity quantity) throws IOException {
        assertEquals(0, new BigDecimal(expected).compareTo(quantity.read()), () -> "value of " + quantity);
    }

    private static String problemOf(HostQuantity quantity) {
        return String.valueOf(assertThrows(IOException.class, quantity::read).getMessage());
    }

    private static void assertSays(HostQuantity quantity, String... words) {
        String problem = problemOf(quantity);
        for (String word : words) {
            assertTrue(problem.contains(word), () -> "`" + word + "` in: " + problem);
        }
    }

    // ---- hwmon

    @Test
    void aChipIsFoundByItsNameAndReadEachTime() throws IOException {
        sys.chip(0, "acpitz", "thermal_zone0");
        Path chip = sys.chip(3, "k10temp", "0000:00:18.3");
        FakeSys.write(chip, "temp1_input", -1250);
        HostQuantity temperature = chip("k10temp", null);
        assertReads("-1250", temperature);
        FakeSys.write(chip, "temp1_input", 61000);
        assertReads("61000", temperature);
    }

    @Test
    void aChipThatIsNotThereIsMissedWithThoseThatAre() throws IOException {
        assertSays(chip("k10temp", null), "the host has no hwmon chip", "class/hwmon is not there");
        Path chip = sys.chip(0, "nvme", "nvme0");
        assertSays(chip("k10temp", null), "no hwmon chip k10temp; it has nvme");
        sys.remove(chip);
        assertSays(chip("k10temp", null), "no hwmon chip k10temp; it has none at all");
    }

    @Test
    void ofSeveralChipsOfOneNameTheDeviceSaysWhich() throws IOException {
        FakeSys.write(sys.chip(0, "nvme", "0000:01:00.0"), "temp1_input", 1);
        FakeSys.write(sys.chip(1, "nvme", "0000:02:00.0"), "temp1_input", 2);
        assertSays(
                chip("nvme", null),
                "the host has 2 of hwmon chip nvme",
                "write `device:` with one of 0000:01:00.0, 0000:02:00.0");
        assertReads("2", chip("nvme", "0000:02:00.0"));
        assertSays(
                chip("nvme", "0000:03:00.0"),
                "no hwmon chip nvme belongs to 0000:03:00.0; it belongs to 0000:01:00.0, 0000:02:00.0");
    }

    @Test
    void aChipThatComesBackUnderAnotherNumberIsFoundAgain() throws IOException {
        HostQuantity temperature = chip("usb", null);
        assertSays(temperature, "is not there");
        Path chip = sys.chip(4, "usb", "1-1");
        FakeSys.write(chip, "temp1_input", 1);
        assertReads("1", temperature);
        sys.remove(chip);
        assertSays(temperature, "no hwmon chip usb");
        FakeSys.write(sys.chip(4, "other", "1-2"), "temp1_input", 99);
        FakeSys.write(sys.chip(5, "usb", "1-1"), "temp1_input", 2);
        assertReads("2", temperature);
    }

    @Test
    void aValueThatTheChipCallsFaultyIsNone() throws IOException {
        Path chip = sys.chip(0, "lm90", "0-004c");
        FakeSys.write(chip, "temp1_input", 127000);
        FakeSys.write(chip, "temp1_fault", 1);
        HostQuantity temperature = chip("lm90", null);
        assertSays(temperature, "temp1_fault says that the value is wrong");
        FakeSys.write(chip, "temp1_fault", 0);
        assertReads("127000", temperature);
    }

    @Test
    void aFileThatIsNotThereIsNamed() throws IOException {
        sys.chip(0, "lm90", "0-004c");
        assertSays(chip("lm90", null), "hwmon0/temp1_input");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hot", "1 2", "1e9", "0x10", "1.", "+5", "123456789012345678901"})
    void whatIsNoNumberIsShown(String content) throws IOException {
        FakeSys.write(sys.chip(0, "lm90", "0-004c"), "temp1_input", content);
        assertSays(chip("lm90", null), "temp1_input holds `" + content + "`, which is not a number");
    }

    // ---- IIO

    @Test
    void aProcessedValueIsTakenAsItIs() throws IOException {
        Path adc = sys.iio(0, "adc", "1-0048");
        FakeSys.write(adc, "in_temp_input", "23500.5");
        FakeSys.write(adc, "in_temp_raw", 1);
        FakeSys.write(adc, "in_temp_scale", 7);
        assertReads("23500.5", iio("in_temp", "in_temp"));
    }

    @Test
    void theOffsetIsAddedToARawValueBeforeItIsScaled() throws IOException {
        Path adc = sys.iio(0, "adc", "1-0048");
        FakeSys.write(adc, "in_voltage0_raw", 1000);
        HostQuantity voltage = iio("in_voltage0", "in_voltage");
        assertReads("1000", voltage);
        FakeSys.write(adc, "in_voltage0_scale", "0.439453125");
        assertReads("439.453125", voltage);
        FakeSys.write(adc, "in_voltage0_offset", -2);
        assertReads("438.57421875", voltage);
    }

    @Test
    void scaleAndOffsetOfAllChannelsCountIfTheChannelHasNone() throws IOException {
        Path adc = sys.iio(0, "adc", "1-0048");
        FakeSys.write(adc, "in_accel_x_raw", 10);
        FakeSys.write(adc, "scale", 2);
        HostQuantity acceleration = iio("in_accel_x", "in_accel");
        assertReads("20", acceleration);
        FakeSys.write(adc, "in_scale", 3);
        assertReads("30", acceleration);
        FakeSys.write(adc, "in_accel_scale", 4);
        assertReads("40", acceleration);
        FakeSys.write(adc, "in_accel_x_scale", 5);
        FakeSys.write(adc, "in_accel_offset", 1);
        assertReads("55", acceleration);
    }

    @Test
    void aDifferentialChannelHasTheScaleOfSuchChannels() throws IOException {
        Path adc = sys.iio(0, "adc", "1-0048");
        FakeSys.write(adc, "in_voltage0-voltage1_raw", -5);
        FakeSys.write(adc, "in_voltage_scale", 2);
        FakeSys.write(adc, "in_voltage-voltage_scale", 3);
        assertReads("-15", iio("in_voltage0-voltage1", "in_voltage-voltage"));
    }

    @Test
    void anIioDeviceIsFoundByNameOrLabelAndByItsParent() throws IOException {
        Path first = sys.iio(0, "ads1015", "1-0048");
        Path second = sys.iio(1, "ads1015", "1-0049");
        FakeSys.write(first, "in_temp_input", 1);
        FakeSys.write(second, "in_temp_input", 2);
        FakeSys.write(second, "label", "battery");
        assertReads("2", quantity(new HostChannel.Iio("battery", null, "in_temp", "in_temp")));
        assertReads("1", quantity(new HostChannel.Iio("ads1015", "1-0048", "in_temp", "in_temp")));
        assertSays(
                quantity(new HostChannel.Iio("ads1015", null, "in_temp", "in_temp")),
                "the host has 2 of IIO device ads1015",
                "write `parent:` with one of 1-0048, 1-0049");
    }

    // ---- Thermal zones

    @Test
    void aThermalZoneIsFoundByItsTypeOrByItsFolder() throws IOException {
        FakeSys.write(sys.zone(0, "acpitz"), "temp", 1);
        FakeSys.write(sys.zone(1, "cpu-thermal"), "temp", 48312);
        FakeSys.write(sys.zone(2, "acpitz"), "temp", 3);
        assertReads("48312", zone("cpu-thermal"));
        assertReads("3", zone("thermal_zone2"));
        assertSays(zone("acpitz"), "the host has 2 of thermal zone acpitz", "write thermal_zone0 instead of the name");
        assertSays(zone("gpu"), "no thermal zone gpu; it has acpitz, cpu-thermal");
    }
}
