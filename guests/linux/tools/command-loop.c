/*
 * command-loop: process 1 of the guest in test mode. Runs the commands that a test harness writes
 * to the console, several at once if it likes, and prints each one's output and exit status when
 * it has ended. The protocol is in ../README.md.
 *
 * Not a shell script, because busybox's read loses what it has read of a line when a child ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS "/run/jobs/" /* ID: the output so far; ID.pid: the process and its session */
#define MAX_ID 64

struct job {
	struct job *next;
	pid_t pid;
	int output;
	char id[MAX_ID + 1];
};

static struct job *jobs;
static sigset_t signals;

static __attribute__((noreturn)) void end(int how)
{
	sync();
	reboot(how);
	_exit(1); /* the kernel panics then, and reboots */
}

static void path_of(char path[static 128], const char *id, const char *suffix)
{
	snprintf(path, 128, JOBS "%s%s", id, suffix);
}

static void print_block(const char *id, int status, const char *output, size_t size)
{
	printf("@@BEGIN %s\n", id);
	fwrite(output, 1, size, stdout);
	if (size > 0 && output[size - 1] != '\n')
		putchar('\n');
	printf("@@DONE %s %d %zu\n", id, status, size);
	fflush(stdout);
}

/* A line that starts no command is answered too, so that the harness does not wait for ever. */
static __attribute__((format(printf, 3, 4)))
void refuse(const char *id, int status, const char *format, ...)
{
	char text[256];
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	print_block(id, status, text, n < (int)sizeof(text) ? n : (int)sizeof(text) - 1);
}

static void start(const char *id, const char *command)
{
	char path[128], text[16];
	struct job *job = calloc(1, sizeof(*job));
	int fd;

	if (!job) {
		refuse(id, 125, "out of memory");
		return;
	}
	strcpy(job->id, id);
	path_of(path, id, "");
	job->output = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	job->pid = job->output < 0 ? -1 : fork();
	if (job->pid < 0) {
		refuse(id, 125, "%s: %s", path, strerror(errno));
		free(job);
		return;
	}
	if (job->pid == 0) {
		setsid();
		fd = open("/dev/null", O_RDONLY);
		dup2(fd, 0);
		dup2(job->output, 1);
		dup2(job->output, 2);
		sigprocmask(SIG_UNBLOCK, &signals, NULL);
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	path_of(path, id, ".pid");
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	(void)!write(fd, text, snprintf(text, sizeof(text), "%d\n", job->pid));
	close(fd);
	job->next = jobs;
	jobs = job;
}

static void line(char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
	struct job *job;

	if (!*text)
		return;
	if (length == 0 || length > MAX_ID || text[length] != ' ') {
		refuse("bad-line", 2, "not 'ID COMMAND', with an ID of 1 to %d letters, digits, _ and -: %s", MAX_ID, text);
		return;
	}
	text[length] = '\0';
	for (job = jobs; job; job = job->next) {
		if (!strcmp(job->id, text)) {
			refuse("bad-line", 2, "%s is still running", text);
			return;
		}
	}
	start(text, text + length + 1);
}

static void ended(struct job *job, int status)
{
	char path[128], *output;
	off_t size = lseek(job->output, 0, SEEK_END);
	ssize_t n;

	/* Gone before the report, after which the harness may use the ID again. */
	path_of(path, job->id, ".pid");
	unlink(path);
	path_of(path, job->id, "");
	unlink(path);
	output = malloc(size + 1);
	n = output ? pread(job->output, output, size, 0) : 0;
	print_block(job->id, WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), output, n > 0 ? n : 0);
	free(output);
	close(job->output);
	free(job);
}

/* Orphans of the jobs come here too, as process 1 is their last parent. */
static void collect(void)
{
	struct job **at, *job;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (at = &jobs; (job = *at) && job->pid != pid; at = &job->next)
			;
		if (job) {
			*at = job->next;
			ended(job, status);
		}
	}
}

static void read_signal(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return;
	switch (info.ssi_signo) { /* the last three are what busybox's halt, poweroff and reboot send */
	case SIGCHLD: collect(); break;
	case SIGUSR1: end(RB_HALT_SYSTEM);
	case SIGUSR2: end(RB_POWER_OFF);
	case SIGTERM: end(RB_AUTOBOOT);
	}
}

static void read_input(void)
{
	static char *text;
	static size_t size, room;
	char *newline;
	ssize_t n;

	if (room - size < 4096 && !(text = realloc(text, room += 65536)))
		end(RB_POWER_OFF);
	n = read(0, text + size, room - size - 1);
	if (n == 0 || (n < 0 && errno != EINTR))
		end(RB_POWER_OFF); /* the console is gone */
	if (n < 0)
		return;
	size += n;
	while ((newline = memchr(text, '\n', size))) {
		*newline = '\0';
		line(text);
		size -= newline + 1 - text;
		memmove(text, newline + 1, size);
	}
}

int main(void)
{
	struct pollfd polled[2] = { { .fd = 0, .events = POLLIN }, { .events = POLLIN } };

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGUSR1);
	sigaddset(&signals, SIGUSR2);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	polled[1].fd = signalfd(-1, &signals, SFD_CLOEXEC);

	print_block("ready", 0, "", 0);
	for (;;) {
		if (poll(polled, 2, -1) < 0)
			continue;
		if (polled[1].revents)
			read_signal(polled[1].fd);
		if (polled[0].revents)
			read_input();
	}
}
