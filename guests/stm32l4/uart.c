/* USART1, that of the board's ST-LINK: PB6 transmits, PB7 receives; 8 data bits, no parity, 1 stop bit. Bytes are received
 * by interrupt into a ring, which holds more than the agent may have under way: whatever the firmware is doing, none is lost.
 *
 * QEMU's model of the USART does not tell its line when a byte was read. The next one comes when QEMU looks at the line by
 * itself: at the end of a timer, or when one is set. Hence time_set_again. */
#include "registers.h"
#include "system.h"

enum { UE = 1 << 0, RE = 1 << 2, TE = 1 << 3, RXNEIE = 1 << 5, TXEIE = 1 << 7 };   /* CR1 */
enum { ERRORS = 0xf, RXNE = 1 << 5, TXE = 1 << 7 };                               /* ISR; ERRORS in ICR too */
enum { INTERRUPT = 37, RING = 2048 };

static uint8_t ring[RING];
static volatile uint32_t head, tail; /* written by the interrupt; by the main loop */

void uart_start(uint32_t baud)
{
	/* Alternate function 7 on both pins. */
	GPIOB_AFRL = (GPIOB_AFRL & 0x00ffffffu) | 0x77000000u;
	GPIOB_MODER = (GPIOB_MODER & ~0xf000u) | 0xa000u;
	USART_BRR = (CORE_HZ + baud / 2) / baud;
	USART_CR1 = UE | RE | TE | RXNEIE;
	NVIC_ISER(INTERRUPT / 32) = 1u << INTERRUPT % 32;
}

void uart_interrupt(void)
{
	uint32_t state = USART_ISR;

	if ((state & RXNE) != 0) {
		uint8_t byte = (uint8_t)USART_RDR;
		if (head - tail < RING) {
			ring[head % RING] = byte;
			head++;
		}
		time_set_again();
	}
	USART_ICR = state & ERRORS; /* the checks of the frames notice what went wrong */
	if ((state & TXE) != 0)
		USART_CR1 &= ~(uint32_t)TXEIE;
}

size_t uart_receive(uint8_t *bytes, size_t room)
{
	size_t count = 0;

	while (count < room && tail != head) {
		bytes[count++] = ring[tail % RING];
		tail++;
	}
	return count;
}

bool uart_takes(void) { return (USART_ISR & TXE) != 0; }

void uart_transmit(uint8_t byte) { USART_TDR = byte; }

/* With interrupts masked, one that comes after the last look ends wfi all the same. */
void uart_sleep(bool until_it_takes)
{
	__asm__ volatile("cpsid i" ::: "memory");
	if (until_it_takes)
		USART_CR1 |= TXEIE;
	if (head == tail)
		__asm__ volatile("wfi" ::: "memory");
	__asm__ volatile("cpsie i" ::: "memory");
}
