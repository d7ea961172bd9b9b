/* stored_message_test.c - base64 and headers as JetStream gives them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/ctl/stored_message.h"

static void base64_is_read_or_refused(void **state)
{
    static const struct {
        const char *text, *bytes; /* NULL: it is none */
    } cases[] = {
        {"",         ""     },
        {"Zg==",     "f"    },
        {"Zm8=",     "fo"   },
        {"Zm9v",     "foo"  },
        {"Zm9vYmE=", "fooba"},
        {"Zm9",      NULL   },
        {"Zg==Zg==", NULL   },
        {"Z===",     NULL   },
        {"Zg=a",     NULL   },
        {"Zm9-",     NULL   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t len = 0;
        char *bytes = stored_bytes(cases[i].text, &len);
        if (!bytes != !cases[i].bytes || (bytes && strcmp(bytes, cases[i].bytes) != 0))
            fail_msg("%s: %s", cases[i].text, bytes ? bytes : "(none)");
        assert_true(!bytes || len == strlen(cases[i].bytes));
        free(bytes);
    }
}

static void headers_are_an_object(void **state)
{
    static const char TEXT[] =
        "NATS/1.0\r\nce-id: 17\r\nno header\r\nce-type:  a.b\r\nEmpty:\r\n\r\n";
    json_t *headers = stored_headers(TEXT, strlen(TEXT));

    (void)state;
    assert_int_equal(json_object_size(headers), 3);
    assert_string_equal(json_string_value(json_object_get(headers, "ce-id")), "17");
    assert_string_equal(json_string_value(json_object_get(headers, "ce-type")), "a.b");
    assert_string_equal(json_string_value(json_object_get(headers, "Empty")), "");
    json_decref(headers);
    headers = stored_headers("", 0);
    assert_int_equal(json_object_size(headers), 0);
    json_decref(headers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_is_read_or_refused),
        cmocka_unit_test(headers_are_an_object),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
