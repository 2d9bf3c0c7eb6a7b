/* From reset to main: the vector table, and memory as C wants it. */
#include "registers.h"
#include "system.h"

extern uint32_t _stack_top[], _data[], _data_end[], _data_from[], _bss[], _bss_end[];

void reset(void);

/* Something that must not happen has happened: begin anew, as the other side notices by another nonce. */
static void fault(void)
{
	SCB_AIRCR = 0x05fa0004;
	for (;;) {
	}
}

void reset(void)
{
	uint32_t *from = _data_from;

	for (uint32_t *to = _data; to != _data_end; to++)
		*to = *from++;
	for (uint32_t *to = _bss; to != _bss_end; to++)
		*to = 0;
	main();
	fault();
}

enum { CORE = 16, USART1 = 37, USART2 = 38, INTERRUPTS = 82 };

union vector {
	const uint32_t *stack;
	void (*handler)(void);
};

__attribute__((section(".vectors"), used)) static const union vector vectors[CORE + INTERRUPTS] = {
	[0] = {.stack = _stack_top},
	[1] = {.handler = reset},
	[2] = {.handler = fault}, /* NMI */
	[3] = {.handler = fault}, /* HardFault; the four that follow are parts of it, as they are not enabled */
	[15] = {.handler = time_interrupt},
	[CORE + USART1] = {.handler = line_interrupt},
	[CORE + USART2] = {.handler = console_interrupt},
};
