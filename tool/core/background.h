/* background.h - for threads that compute for milliseconds on end beside others that need a core
 * for microseconds. */
#ifndef TOOL_CORE_BACKGROUND_H
#define TOOL_CORE_BACKGROUND_H

/** Puts the calling thread behind all others: a tenth of a contended core (nice 10), in long slices
 * that whoever wakes up cuts short (a slice is Linux 6.12; older kernels know the niceness only).
 * Idle cores are still used in full. Cannot fail; what the kernel does not know is left out. */
void background_thread(void);

#endif
