/* The console: a PL011. */
#include "uart.h"

#include <stdarg.h>
#include <string.h>

#include "fdt.h"
#include "gic.h"
#include "mmio.h"
#include "mmu.h"

#define DATA 0x00
#define FLAGS 0x18
#define LINE_CONTROL 0x2c
#define CONTROL 0x30
#define INTERRUPT_MASK 0x38
#define INTERRUPT_CLEAR 0x44

#define FLAG_RECEIVE_EMPTY (1u << 4)
#define FLAG_TRANSMIT_FULL (1u << 5)
#define LINE_8_BITS_FIFO (3u << 5 | 1u << 4)
#define CONTROL_ON (1u << 0 | 1u << 8 | 1u << 9)
#define INTERRUPT_RECEIVE (1u << 4)
#define INTERRUPT_RECEIVE_TIMEOUT (1u << 6)

#define BUFFER 1024 /* a power of two */

static uintptr_t uart;
static unsigned interrupt;
static char typed[BUFFER];
static unsigned typed_in, typed_out;

bool uart_start(void)
{
    struct fdt_node node;
    uint64_t address, bytes;

    if (!fdt_find("compatible", "arm,pl011", 0, &node) || !fdt_reg(&node, 0, &address, &bytes)
        || !mmu_map(address, bytes, MMU_DEVICE))
        return false;
    uart = address;
    interrupt = fdt_interrupt(&node, 0);
    write32(uart + INTERRUPT_MASK, 0);
    write32(uart + LINE_CONTROL, LINE_8_BITS_FIFO);
    write32(uart + CONTROL, CONTROL_ON);
    return true;
}

/* Moves what was typed out of the UART, as far as there is room: the rest waits there, with the interrupt off. */
static void receive(void *unused)
{
    (void)unused;
    while (!(read32(uart + FLAGS) & FLAG_RECEIVE_EMPTY)) {
        if (typed_in - typed_out == BUFFER) {
            write32(uart + INTERRUPT_MASK, 0);
            return;
        }
        typed[typed_in++ % BUFFER] = (char)read32(uart + DATA);
    }
    write32(uart + INTERRUPT_CLEAR, INTERRUPT_RECEIVE | INTERRUPT_RECEIVE_TIMEOUT);
}

void uart_interrupts(void)
{
    gic_enable(interrupt, GIC_LEVEL, receive, 0);
    write32(uart + INTERRUPT_MASK, INTERRUPT_RECEIVE | INTERRUPT_RECEIVE_TIMEOUT);
}

int uart_take(void)
{
    if (typed_in == typed_out) {
        if (!uart)
            return -1;
        receive(0);
        write32(uart + INTERRUPT_MASK, INTERRUPT_RECEIVE | INTERRUPT_RECEIVE_TIMEOUT);
        if (typed_in == typed_out)
            return -1;
    }
    return (unsigned char)typed[typed_out++ % BUFFER];
}

void uart_put(char character)
{
    if (!uart)
        return;
    while (read32(uart + FLAGS) & FLAG_TRANSMIT_FULL)
        ;
    write32(uart + DATA, (unsigned char)character);
}

/* What stands between '%' and the letter. */
struct field {
    bool left, wide;
    char pad;
    int width;
};

static const char *read_field(const char *format, struct field *field)
{
    field->left = *format == '-';
    format += field->left;
    field->pad = *format == '0' ? '0' : ' ';
    for (field->width = 0; *format >= '0' && *format <= '9'; format++)
        field->width = field->width * 10 + *format - '0';
    field->wide = *format == 'l';
    return format + field->wide;
}

static void put_text(const struct field *field, const char *text, size_t length)
{
    int missing = field->width - (int)length;

    for (; !field->left && missing > 0; missing--)
        uart_put(field->pad);
    while (length-- > 0)
        uart_put(*text++);
    for (; missing > 0; missing--)
        uart_put(' ');
}

static void put_number(const struct field *field, uint64_t value, unsigned base, bool negative)
{
    char digits[24], *end = digits + sizeof(digits), *at = end;

    do
        *--at = "0123456789abcdef"[value % base];
    while (value /= base);
    if (negative)
        *--at = '-';
    put_text(field, at, end - at);
}

static void put_signed(const struct field *field, int64_t value)
{
    put_number(field, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, value < 0);
}

static void put_line_end(void)
{
    uart_put('\r');
    uart_put('\n');
}

void print(const char *format, ...)
{
    struct field field;
    va_list arguments;
    const char *text;
    char one;

    va_start(arguments, format);
    for (; *format; format++) {
        if (*format == '\n') {
            put_line_end();
            continue;
        }
        if (*format != '%') {
            uart_put(*format);
            continue;
        }
        format = read_field(format + 1, &field);
        switch (*format) {
        case 's':
            text = va_arg(arguments, const char *);
            put_text(&field, text, strlen(text));
            break;
        case 'c':
            one = (char)va_arg(arguments, int);
            put_text(&field, &one, 1);
            break;
        case 'd':
            put_signed(&field, field.wide ? va_arg(arguments, int64_t) : va_arg(arguments, int));
            break;
        default: /* u, x */
            put_number(&field, field.wide ? va_arg(arguments, uint64_t) : va_arg(arguments, unsigned),
                       *format == 'x' ? 16 : 10, false);
            break;
        }
    }
    va_end(arguments);
}
