/* The line to the other side of SCMI: between USART1 and who makes messages of its bytes. */
#include "system.h"

void line_turn(void (*take)(const uint8_t *bytes, size_t count), size_t (*next)(uint8_t *bytes, size_t room))
{
	static uint8_t output[64];
	static size_t waiting, at;
	uint8_t bytes[64];
	size_t count, sent;

	while ((count = uart_receive(LINE, bytes, sizeof bytes)) > 0)
		take(bytes, count);
	if (at == waiting) {
		at = 0;
		waiting = next(output, sizeof output);
	}
	/* One byte at a time: the transmitter has room for no more. */
	for (sent = 0; at < waiting && uart_takes(LINE); sent++)
		uart_transmit(LINE, output[at++]);
	if (sent == 0)
		uart_sleep(at < waiting);
}
