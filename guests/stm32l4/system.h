/* What the parts of the firmware offer each other. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scmi_platform.h"

#ifndef BAUD
#define BAUD 115200
#endif

/* The core, the buses and USART1 run at 16 MHz, from HSI16, for ever. */
#define CORE_HZ 16000000u

int main(void);

/* time.c: SysTick. Milliseconds since the start, in steps of ten; wraps around. */
void time_start(void);
uint32_t time_now(void);
void time_interrupt(void);
/* Stops SysTick and lets it go on where it was. */
void time_set_again(void);

/* uart.c: USART1 is the line to the other side of SCMI, USART2 a console for people and tests, which not all have. */
enum uart { LINE, CONSOLE, UARTS };
void uart_start(enum uart which, uint32_t baud);
void line_interrupt(void);
void console_interrupt(void);
/* Takes up to `room` bytes that have come. */
size_t uart_receive(enum uart which, uint8_t *bytes, size_t room);
/* Whether the transmitter takes a byte, and gives it one. If it does not, its interrupt says when it does. */
bool uart_takes(enum uart which);
void uart_transmit(enum uart which, uint8_t byte);
/* Sleeps until an interrupt, unless bytes have come. */
void uart_sleep(bool until_line_takes);

/* line.c: one turn of the line. What came goes to `take`; what `next` says goes out, as far as the line takes it. Sleeps until
 * an interrupt if there is nothing to do. */
void line_turn(void (*take)(const uint8_t *bytes, size_t count), size_t (*next)(uint8_t *bytes, size_t room));

/* nonce.c: 32 bits that are another number at each start, never 0. Before clocks_start, when SysTick runs. */
uint32_t nonce(void);

/* clocks.c: the clocks, as tables and callbacks of the platform library. */
enum { CLOCK_COUNT_MAX = 96 };
/* Sets the tree up: CORE_HZ for the core, and everything off that nobody needs. `platform` is told of changed rates; NULL
 * where nobody asks for changes. The context of the callbacks; NULL: hardware does not follow. */
void *clocks_start(struct scmi_platform *platform);
const struct scmi_clock *clocks_table(uint32_t *count);
/* What an agent may do with each. */
const struct scmi_view *clocks_view(void);
extern const struct scmi_platform_driver clocks_driver;

#endif
