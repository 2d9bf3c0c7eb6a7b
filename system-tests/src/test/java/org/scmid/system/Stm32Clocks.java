// What QEMU's monitor must say of each clock of its STM32L4x5, by what messages say.
package org.scmid.system;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.ToLongFunction;

/**
 * The frequencies that QEMU's model of the reset and clock control must show, and what it shows otherwise than hardware: see
 * {@link Stm32ModelTest} for its faults.
 */
final class Stm32Clocks {
    private static final String RCC = "stm32l4x5-rcc@40021000 ";
    private static final int WRONG_PRESCALERS = 12;

    private final IntSupplier configuration;

    /**
     * @param configuration reads the register CFGR
     */
    Stm32Clocks(IntSupplier configuration) {
        this.configuration = configuration;
    }

    /** What is expected in Hz, or {@link BoardModelTest#ANYTHING}, by the monitor's names. */
    Map<String, ToLongFunction<ClockStates>> expectations() {
        var expected = new TreeMap<String, ToLongFunction<ClockStates>>();
        oscillators(expected);
        devices(expected);
        outputs(expected);
        return expected;
    }

    private static void oscillators(Map<String, ToLongFunction<ClockStates>> expected) {
        Map.of("msi_rc", "msi", "hsi16_rc", "hsi", "hse", "hse", "lsi_rc", "lsi", "lse_crystal", "lse")
                .forEach((input, clock) -> expected.put(RCC + input, states -> states.output(clock)));
    }

    private void devices(Map<String, ToLongFunction<ClockStates>> expected) {
        Map.of(
                        "armv7m cpuclk", "hclk",
                        "armv7m refclk", "systick",
                        "stm32l4x5-usart@40013800 clk", "usart1",
                        "stm32l4x5-usart@40004400 clk", "usart2",
                        "stm32l4x5-usart@40004800 clk", "usart3",
                        "stm32l4x5-uart@40004c00 clk", "uart4",
                        "stm32l4x5-uart@40005000 clk", "uart5",
                        "stm32l4x5-lpuart@40008000 clk", "lpuart1",
                        "stm32l4x5-syscfg@40010000 clk", "syscfg")
                .forEach((device, clock) ->
                        expected.put(device, states -> wrongPrescaler(states, clock) * states.output(clock)));
        for (char port = 'a'; port <= 'h'; port++) {
            String gpio = "gpio" + port;
            expected.put(
                    "stm32l4x5-gpio@" + Integer.toHexString(0x48000000 + 0x400 * (port - 'a')) + " clk",
                    states -> states.isEnabled(gpio) ? states.output("sysclk") : 0);
        }
    }

    private void outputs(Map<String, ToLongFunction<ClockStates>> expected) {
        for (String clock : new String[] {
            "usart1", "usart2", "usart3", "uart4", "uart5", "lpuart1", "i2c1", "i2c2", "i2c3", "lptim1", "lptim2",
            "swpmi1", "dfsdm1", "sai1", "sai2", "adc", "clk48", "lsco", "mco", "rtc", "lcd", "tim2", "tim3", "tim4",
            "tim5", "tim6", "tim7", "wwdg", "spi2", "spi3", "can1", "dac1", "opamp", "syscfg", "fw", "sdmmc1", "tim1",
            "spi1", "tim8", "tim15", "tim16", "tim17"
        }) {
            expected.put(RCC + clock + "-out", states -> input(states, clock));
        }
        for (String clock : new String[] {
            "dma1", "dma2", "flash", "crc", "tsc", "gpioa", "gpiob", "gpioc", "gpiod", "gpioe", "gpiof", "gpiog",
            "gpioh", "otgfs", "aes", "rng", "fmc", "qspi", "pwr"
        }) {
            expected.put(RCC + clock + "-out", states -> states.output("sysclk"));
        }
        for (String ofTheCore : new String[] {"cortex-fclk-out", "cortex-refclk-out"}) {
            expected.put(RCC + ofTheCore, states -> wrongPrescaler(states, "hclk") * states.output("hclk"));
        }
    }

    private long input(ClockStates states, String clock) {
        String parent = states.parent(clock);
        if (parent.isEmpty()) {
            return clock.equals("mco") ? BoardModelTest.ANYTHING : 0;
        }
        return wrongPrescaler(states, parent) * states.output(parent);
    }

    /** What the model's HCLK is too fast by, for a clock that runs from it. */
    private int wrongPrescaler(ClockStates states, String clock) {
        int prescaler = configuration.getAsInt() >>> 4 & 0xf;
        return prescaler >= WRONG_PRESCALERS && states.isBelow(clock, "hclk") ? 2 : 1;
    }
}
