/* calls.h - what tests of anything that takes a struct call share: a call, ids and names, a status
 * that is asserted by name, a race. */
#ifndef TEST_SUPPORT_CALLS_H
#define TEST_SUPPORT_CALLS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/call.h"
#include "tool/core/uuid.h"

/** The system's clock, whose wall clock somebody has set: read it as &clock.base. */
struct test_clock {
    struct clock base;
    int64_t ahead_us; /* below 0: it is behind */
};
struct test_clock test_clock(void);

/** A call with time enough for a slow machine. */
struct call test_call(void);
struct uuid test_uuid(void);
/** "PREFIX" and a number no other test has; buf is returned. */
char *test_name(const char *prefix, char *buf, size_t size);

/** Fails the test when got is not want, by name. */
#define assert_status(want, got) test_assert_status((want), (got), __FILE__, __LINE__)
void test_assert_status(enum status want, enum status got, const char *file, int line);

enum { TEST_THREADS_MAX = 16, TEST_RACERS_MAX = 64 };
/** Runs fn(arg, i) in n threads (TEST_RACERS_MAX at most) at once and waits for all. */
void test_race(int n, void (*fn)(void *arg, int i), void *arg);

#endif
