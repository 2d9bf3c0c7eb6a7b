/* The console: a PL011 as the loader left it, and formatted output on it. */
#ifndef UART_H
#define UART_H

#include <stdbool.h>

/* Finds the UART in the device tree. False: there is none, and output goes nowhere. */
bool uart_start(void);

/* Interrupts the CPU when something was typed; after gic_start. */
void uart_interrupts(void);

/* The next character that was typed, or -1. */
int uart_take(void);

void uart_put(char character);

/* Like printf, with %s, %c, %d, %u, %x, a width, '-' and '0' before it, and 'l' for 64 bits. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
