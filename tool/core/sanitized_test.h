/* sanitized_test.h - whether this program is built with a sanitizer, which looks for other mistakes
 * than a test does and takes five to fifty times as long; for tests of what has one thread, which
 * try less then. */
#ifndef TOOL_CORE_SANITIZED_TEST_H
#define TOOL_CORE_SANITIZED_TEST_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

#endif
