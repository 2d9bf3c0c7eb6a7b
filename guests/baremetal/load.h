/* Many messages at once: whether each gets the reply that belongs to it, and how fast. */
#ifndef LOAD_H
#define LOAD_H

#include <stdint.h>

/*
 * Sends `count` messages, up to `depth` of them in flight, and prints one line:
 *
 *   load sent N ok N wrong N timeout N restarted N us N
 *
 * wrong: a reply came, but not the right one; restarted: the session ended under the message. `sent` is less than
 * `count` if there was no session for a minute.
 */
void load_run(uint32_t count, uint32_t depth);

#endif
