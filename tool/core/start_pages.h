/* start_pages.h - what a program reads only once: relocations and symbols of its libraries, the
 * code that sets them up. It stays mapped as if it were in use. */
#ifndef TOOL_CORE_START_PAGES_H
#define TOOL_CORE_START_PAGES_H

/** Lets go of all pages that program and libraries have only for reading and running, and of free
 * memory of the heap. What is needed again comes back from the kernel's page cache, 64 KB at a
 * time, a microsecond each. Any thread, at any time, while others run; some 0.1 ms. */
void start_pages_release(void);

#endif
