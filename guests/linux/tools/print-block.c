/*
 * print-block NAME STATUS: prints its standard input as a block that a program can find in what the
 * console says (see ../README.md):
 *
 *   @@BEGIN NAME
 *   the input, and a newline if its last byte is none
 *   @@DONE NAME STATUS bytes-of-the-input
 */
#include <stdio.h>

int main(int argc, char **argv)
{
	size_t size = 0;
	int last = '\n', c;

	if (argc != 3) {
		fputs("usage: print-block NAME STATUS\n", stderr);
		return 2;
	}
	printf("@@BEGIN %s\n", argv[1]);
	for (; (c = getchar()) != EOF; size++)
		putchar(last = c);
	if (last != '\n')
		putchar('\n');
	printf("@@DONE %s %s %zu\n", argv[1], argv[2], size);
	return fflush(stdout) ? 1 : 0;
}
