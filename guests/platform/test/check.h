/* Tests in sentences: one line each, and an exit status. For one file that includes it. */
#ifndef CHECK_H
#define CHECK_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint32_t check_failures, check_tests, check_failed_tests;

#define CHECK(condition) check(condition, #condition, __LINE__)
#define RUN(test) run(#test, test)

static bool check(bool good, const char *condition, int line)
{
	if (!good && check_failures < 5)
		printf("    line %d: not so: %s\n", line, condition);
	check_failures += !good;
	return good;
}

static void run(const char *name, void (*test)(void))
{
	check_failures = 0;
	test();
	check_tests++;
	check_failed_tests += check_failures > 0;
	printf("%s  ", check_failures == 0 ? "ok    " : "FAILED");
	for (; *name != 0; name++)
		putchar(*name == '_' ? ' ' : *name);
	putchar('\n');
	fflush(stdout);
}

static int summary(void)
{
	printf("%" PRIu32 " tests, %" PRIu32 " failed\n", check_tests, check_failed_tests);
	return check_failed_tests == 0 ? 0 : 1;
}

#endif
