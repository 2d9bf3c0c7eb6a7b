/* The machine as a whole: from the loader to a program that has memory, interrupts, time, a console and PCI. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdint.h>

/* What the program is: start.S calls it, with a stack and an empty bss. `device_tree` is what the loader has passed. */
void main(uintptr_t device_tree);

/* Finds everything in the device tree and sets it up. `greeting` is the first line of output. Call once, first. */
void machine_start(uintptr_t device_tree, const char *greeting);

/* Says why, and turns the machine off. */
_Noreturn void machine_stop(const char *reason);

#endif
