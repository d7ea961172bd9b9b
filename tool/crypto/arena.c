/* arena.c - Argon2id without a new mapping per hash.
 *
 * libsodium maps its working memory (19 MiB at our cost) anew for every hash and unmaps it after:
 * the kernel zeroes and wires 4,864 small pages each time, close to half of the time of a hash. It
 * has no allocator hook, so programs link it statically with --wrap=mmap --wrap=munmap, and its
 * calls land here. A thread with an arena gets that one mapping from it, over and over: no page
 * faults, and huge pages, so hardly a TLB miss in Argon2's random reads. Whatever else asks for
 * memory (other threads, other shapes, costs above the arena's) goes to the kernel as before.
 * libc's own mappings and those of shared libraries never come by: the linker wraps only what is
 * linked in.
 *
 * munmap was also the wipe. Here the next hash overwrites the whole block, and a thread that runs
 * out of work calls arena_wipe, and arena_release once it has had none for a while. */
#include "tool/crypto/arena.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "tool/core/assert.h"

static const size_t HUGE_PAGE = (size_t)2 << 20;

/* The linker's names for the C library's own, and for those that take their place. */
void *__real_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset);
int __real_munmap(void *addr, size_t len);
void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset);
int __wrap_munmap(void *addr, size_t len);

static _Thread_local struct {
    unsigned char *base; /* NULL = this thread has none */
    size_t size, dirty;  /* bytes; the first `dirty` may hold what a hash wrote */
    bool lent;
} arena;

static size_t round_up(size_t n)
{
    return (n + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
}

bool arena_init(size_t size)
{
    size_t want = round_up(size), whole = want + HUGE_PAGE;
    unsigned char *raw, *base;

    ASSERT(!arena.base && size > 0);
    raw = __real_mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (raw == MAP_FAILED)
        return false;
    /* Cut to a multiple of huge pages at both ends; a huge page must start at one. */
    base = raw + (round_up((uintptr_t)raw) - (uintptr_t)raw);
    if (base > raw)
        __real_munmap(raw, (size_t)(base - raw));
    __real_munmap(base + want, whole - want - (size_t)(base - raw));
    /* Both are wishes: without huge pages it is a little slower, no more. */
    (void)madvise(base, want, MADV_HUGEPAGE);
    (void)madvise(base, want, MADV_DONTDUMP);
    arena.base = base;
    arena.size = want;
    return true;
}

void arena_wipe(void)
{
    ASSERT(!arena.lent);
    if (arena.dirty == 0)
        return;
    explicit_bzero(arena.base, arena.dirty);
    arena.dirty = 0;
}

void arena_release(void)
{
    ASSERT(!arena.lent);
    if (!arena.base)
        return;
    arena_wipe(); /* should the kernel refuse */
    (void)madvise(arena.base, arena.size, MADV_DONTNEED);
}

void arena_fini(void)
{
    if (!arena.base)
        return;
    arena_wipe();
    __real_munmap(arena.base, arena.size);
    arena.base = NULL;
    arena.size = 0;
}

void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
    bool fits = arena.base && !arena.lent && len > 0 && len <= arena.size;

    /* Not zeroed, unlike a new mapping; Argon2's first pass writes each block before it reads it.
     */
    if (!fits || addr || !(flags & MAP_ANONYMOUS) || !(flags & MAP_PRIVATE) ||
        prot != (PROT_READ | PROT_WRITE))
        return __real_mmap(addr, len, prot, flags, fd, offset);
    arena.lent = true;
    if (len > arena.dirty)
        arena.dirty = len;
    return arena.base;
}

int __wrap_munmap(void *addr, size_t len)
{
    if (!arena.lent || addr != arena.base)
        return __real_munmap(addr, len);
    arena.lent = false;
    return 0;
}
