/* arena.h - one block of memory per hashing thread, kept between hashes. Only argon2.c and its
 * measurements call it; arena.c says how libsodium comes to use it. */
#ifndef TOOL_CRYPTO_ARENA_H
#define TOOL_CRYPTO_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/** Gives the calling thread an arena of size bytes at least, not yet backed by memory: the first
 * hash does that. One a thread. False, with errno, when there is no address space. */
bool arena_init(size_t size);
/** Zeroes what hashes left behind; free when there is nothing. Not while a hash runs. */
void arena_wipe(void);
/** Wipes and gives back; does nothing in a thread without an arena. */
void arena_fini(void);

#endif
