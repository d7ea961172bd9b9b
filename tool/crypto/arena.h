/* arena.h - one block of memory per hashing thread, kept between hashes. Only argon2.c and its
 * measurements call it; arena.c says how libsodium comes to use it. */
#ifndef TOOL_CRYPTO_ARENA_H
#define TOOL_CRYPTO_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/** Gives the calling thread an arena of size bytes at least, not yet backed by memory: the first
 * hash does that. One a thread. False, with errno, when there is no address space. */
bool arena_init(size_t size);
/** Zeroes what hashes left behind; free when there is nothing. Not while a hash runs. 19 MiB take
 * 0.15 ms, 3 % of a hash: so not after each one (the next writes over all of it anyway), but when a
 * thread has no next one. */
void arena_wipe(void);
/** Gives the memory back to the kernel, which zeroes what it gives anew; the arena stays, and the
 * next hash has its pages made, which costs it some milliseconds. Not while a hash runs. */
void arena_release(void);
/** Wipes and gives back; does nothing in a thread without an arena. */
void arena_fini(void);

#endif
