/* proxy_header_test.c - whose connection a proxy says it is. */
#include "tool/http/proxy_header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define V4 "\xc6\x33\x64\x07\x0a\0\0\x01\x30\x39\x01\xbb" /* 198.51.100.7:12345 to 10.0.0.1:443 */
#define V6                                                                                         \
    "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07"                                                   \
    "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x30\x39\x01\xbb"
#define OF(text) text, sizeof(text) - 1

static void a_header_tells_whose_it_is(void **state)
{
    static const struct {
        const char *why, *bytes;
        size_t len;
        const char *want; /* NULL = it is none */
    } cases[] = {
        {"TCP over IPv4",                    OF(SIGNATURE "\x21\x11\0\x0c" V4),                                          "198.51.100.7"},
        {"TCP over IPv6",                    OF(SIGNATURE "\x21\x21\0\x24" V6),                                          "2001:db8::7" },
        {"with more behind",                 OF(SIGNATURE "\x21\x11\0\x10" V4 "\x04\0\x01x"),                            "198.51.100.7"},
        {"the proxy itself",                 OF(SIGNATURE "\x20\0\0\0"),                                                 ""            },
        {"the proxy itself, with addresses", OF(SIGNATURE "\x20\x11\0\x0c" V4),                                          ""            },
        {"not said",                         OF(SIGNATURE "\x21\0\0\x02xx"),                                             ""            },
        {"a socket of a file",               OF(SIGNATURE "\x21\x31\0\0"),                                               ""            },
        {"UDP",                              OF(SIGNATURE "\x21\x12\0\x0c" V4),                                          NULL          },
        {"too short",                        OF(SIGNATURE "\x21\x11\0\x0b\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b"),
         NULL                                                                                                                          },
        {"too short for IPv6",               OF(SIGNATURE "\x21\x21\0\x0c" V4),                                          NULL          },
        {"a family of later",                OF(SIGNATURE "\x21\x41\0\0"),                                               NULL          },
        {"a command of later",               OF(SIGNATURE "\x22\x11\0\x0c" V4),                                          NULL          },
        {"version 1",                        OF("PROXY TCP4 198.51.100.7 10.0.0.1 1 2\r\n"),                             NULL          },
        {"version 3",                        OF(SIGNATURE "\x31\x11\0\x0c" V4),                                          NULL          },
        {"HTTP",                             OF("GET / HTTP/1.1\r\n\r\n"),                                               NULL          },
        {"longer than any",                  OF(SIGNATURE "\x21\x11\xff\xff" V4),                                        NULL          },
    };
    char address[PROXY_ADDRESS_MAX + 1];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const uint8_t *bytes = (const uint8_t *)cases[i].bytes;
        size_t len = proxy_header_length(bytes);
        bool ok = len > 0;

        if (ok && len != cases[i].len)
            fail_msg("%s: %zu bytes", cases[i].why, len);
        ok = ok && proxy_header_read(bytes, len, address);
        if (ok != (cases[i].want != NULL) || (ok && strcmp(address, cases[i].want) != 0))
            fail_msg("%s: %d %s", cases[i].why, ok, address);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_tells_whose_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
