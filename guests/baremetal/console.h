/* The command console: one line in, one line (or a list that ends with one) out. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdbool.h>

/* Prints who the service is and what clocks there are, and "ready"; false if the session ended meanwhile. */
bool console_greet(void);

/* Runs at most one line that has been typed completely; true if there was one. */
bool console_turn(void);

#endif
