/* The time, by the core's SysTick. */
#include "registers.h"
#include "system.h"

enum { MILLISECONDS = 10, ON_CORE_CLOCK_WITH_INTERRUPT = 7 };

static volatile uint32_t now;

void time_start(void)
{
	SYST_RVR = CORE_HZ / 1000 * MILLISECONDS - 1;
	SYST_CVR = 0;
	SYST_CSR = ON_CORE_CLOCK_WITH_INTERRUPT;
}

void time_set_again(void)
{
	SYST_CSR = 0;
	SYST_CSR = ON_CORE_CLOCK_WITH_INTERRUPT;
}

void time_interrupt(void) { now += MILLISECONDS; }

uint32_t time_now(void) { return now; }
