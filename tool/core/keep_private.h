/* keep_private.h - what a program knows (passwords, keys, tokens) stays in its memory. */
#ifndef TOOL_CORE_KEEP_PRIVATE_H
#define TOOL_CORE_KEEP_PRIVATE_H

/** From now on a crash leaves no core file, whatever limit the program was started with, and no
 * other process of the same user may read this one's memory or environment or attach to it; root
 * still may. Call first in main. Builds without optimization, made to be looked into by a debugger,
 * stay open. */
void keep_private(void);

#endif
