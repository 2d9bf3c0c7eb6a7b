/* Two USARTs, 8 data bits, no parity, 1 stop bit. Bytes are received by interrupt into a ring, which holds more than the
 * other side may have under way: whatever the firmware is doing, none is lost.
 *
 * USART1 is that of the board's ST-LINK: PB6 transmits, PB7 receives. USART2 is on PA2 and PA3.
 *
 * QEMU's model of the USART does not tell its line when a byte was read. The next one comes when QEMU looks at the line by
 * itself: at the end of a timer, or when one is set. Hence time_set_again. */
#include "registers.h"
#include "system.h"

enum { UE = 1 << 0, RE = 1 << 2, TE = 1 << 3, RXNEIE = 1 << 5, TXEIE = 1 << 7 };   /* CR1 */
enum { ERRORS = 0xf, RXNE = 1 << 5, TXE = 1 << 7 };                               /* ISR; ERRORS in ICR too */
enum { RING = 2048, FUNCTION = 7, ALTERNATE = 2 };

static const struct {
	uint32_t address, interrupt, port, pin; /* it transmits on this pin, and receives on the next one */
} uarts[UARTS] = {
	[LINE] = {.address = 0x40013800, .interrupt = 37, .port = 1, .pin = 6},
	[CONSOLE] = {.address = 0x40004400, .interrupt = 38, .port = 0, .pin = 2},
};

static struct {
	uint8_t ring[RING];
	volatile uint32_t head, tail; /* written by the interrupt; by the main loop */
} came[UARTS];

void uart_start(enum uart which, uint32_t baud)
{
	uint32_t address = uarts[which].address, port = uarts[which].port, pin = uarts[which].pin;

	GPIO_AFRL(port) = (GPIO_AFRL(port) & ~(0xffu << 4 * pin)) | (FUNCTION * 0x11u) << 4 * pin;
	GPIO_MODER(port) = (GPIO_MODER(port) & ~(0xfu << 2 * pin)) | (ALTERNATE * 5u) << 2 * pin;
	USART_BRR(address) = (CORE_HZ + baud / 2) / baud;
	USART_CR1(address) = UE | RE | TE | RXNEIE;
	NVIC_ISER(uarts[which].interrupt / 32) = 1u << uarts[which].interrupt % 32;
}

static void interrupt(enum uart which)
{
	uint32_t address = uarts[which].address, state = USART_ISR(address);

	if ((state & RXNE) != 0) {
		uint8_t byte = (uint8_t)USART_RDR(address);
		if (came[which].head - came[which].tail < RING) {
			came[which].ring[came[which].head % RING] = byte;
			came[which].head++;
		}
		time_set_again();
	}
	USART_ICR(address) = state & ERRORS; /* the checks of the frames notice what went wrong */
	if ((state & TXE) != 0)
		USART_CR1(address) &= ~(uint32_t)TXEIE;
}

void line_interrupt(void) { interrupt(LINE); }

void console_interrupt(void) { interrupt(CONSOLE); }

size_t uart_receive(enum uart which, uint8_t *bytes, size_t room)
{
	size_t count = 0;

	while (count < room && came[which].tail != came[which].head) {
		bytes[count++] = came[which].ring[came[which].tail % RING];
		came[which].tail++;
	}
	return count;
}

bool uart_takes(enum uart which) { return (USART_ISR(uarts[which].address) & TXE) != 0; }

void uart_transmit(enum uart which, uint8_t byte) { USART_TDR(uarts[which].address) = byte; }

/* With interrupts masked, one that comes after the last look ends wfi all the same. */
void uart_sleep(bool until_line_takes)
{
	__asm__ volatile("cpsid i" ::: "memory");
	if (until_line_takes)
		USART_CR1(uarts[LINE].address) |= TXEIE;
	if (came[LINE].head == came[LINE].tail && came[CONSOLE].head == came[CONSOLE].tail)
		__asm__ volatile("wfi" ::: "memory");
	__asm__ volatile("cpsie i" ::: "memory");
}
