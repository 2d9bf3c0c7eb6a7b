/* What the service tells without being asked: notifications and delayed responses. */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdint.h>

/* Prints an event and remembers it. */
void events_take(uint32_t header, const void *payload, uint32_t length);

/* Prints the last ones again, each as a line that begins with "past", and how many there were since the start. */
void events_print(void);

#endif
