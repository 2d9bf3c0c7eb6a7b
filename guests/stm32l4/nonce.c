/* The number of this start. */
#include "registers.h"
#include "scmi_line.h"
#include "system.h"

enum { GENERATOR_ON = 1 << 2, DATA_READY = 1, SAMPLES = 256, PATIENCE = 4096 };
enum { CLK48_FROM_MSI = 3 << 26, RNG_ENABLE = 1 << 18 };

/* What was left in memory: at first whatever the memory held, then the number of the start before. */
__attribute__((section(".noinit"))) static uint32_t before[8];

/* Random bits, if the generator has any; QEMU has no generator. It runs from MSI, which the core runs from after a reset. */
static uint32_t generated(void)
{
	uint32_t bits = 0;

	RCC(RCC_CCIPR) = CLK48_FROM_MSI;
	RCC(RCC_AHB2ENR) = RNG_ENABLE;
	RNG_CR = GENERATOR_ON;
	for (int i = 0; i < PATIENCE && bits == 0; i++) {
		if ((RNG_SR & DATA_READY) != 0)
			bits = RNG_DR;
	}
	RNG_CR = 0;
	RCC(RCC_AHB2ENR) = 0;
	return bits;
}

uint32_t nonce(void)
{
	uint32_t mixed = scmi_line_crc32(0, before, sizeof before), word = generated();

	mixed = scmi_line_crc32(mixed, &word, sizeof word);
	/* And when this is, by a counter that an emulator drives by the host's time. */
	for (int i = 0; i < SAMPLES; i++) {
		word = SYST_CVR;
		mixed = scmi_line_crc32(mixed, &word, sizeof word);
	}
	if (mixed == 0)
		mixed = 1;
	for (unsigned i = sizeof before / sizeof before[0] - 1; i > 0; i--)
		before[i] = before[i - 1];
	before[0] = mixed;
	return mixed;
}
