/* String functions, byte by byte: messages are short. */
#include <string.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	char *t = to;
	const char *f = from;

	while (bytes-- > 0)
		*t++ = *f++;
	return to;
}

void *memset(void *to, int value, size_t bytes)
{
	char *t = to;

	while (bytes-- > 0)
		*t++ = (char)value;
	return to;
}
