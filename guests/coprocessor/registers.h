/* The registers of the clock and power unit: 32 bits each, little-endian, by their offset. README.md describes them. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    UNIT_ID = 0x000,
    UNIT_STARTS = 0x004,
    OSCILLATORS = 0x010,
    PLL_INPUT = 0x014,
    PLL = 0x018,
    GATES = 0x020,
    UART0 = 0x030,
    UART1 = 0x034,
    SPI0 = 0x038,
    SPI1 = 0x03c,
    I2C0 = 0x040,
    AUDIO = 0x044,
    DISPLAY = 0x048,
    MMC0 = 0x04c,
    TIMERS = 0x050,
    POWER_CONTROL = 0x080,
    POWER_STATUS = 0x084,
    RESET_CONTROL = 0x0a0,
    RESET_PULSES = 0x0a4, /* and one each for the resets behind the first */
    TEMPERATURE = 0x0c0,
    INPUT_VOLTAGE = 0x0c4,
    SUPPLY_CONTROL = 0x0d0,
    SUPPLY_LEVEL = 0x0d4,
    UNIT_BYTES = 0x1000
};

/* The bytes "SCPU". */
#define UNIT_IS_SET_UP 0x55504353u

/*
 * Maps the registers, and resets them: what is left of an earlier start is gone, but UNIT_STARTS goes on counting. False:
 * there is no second ivshmem device, or it has no room for them.
 */
bool registers_start(void);

uint32_t registers_read(unsigned reg);
void registers_write(unsigned reg, uint32_t value);

#endif
