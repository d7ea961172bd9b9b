/* routes_help_test.c - what --routes-help prints is what the head of routes.conf says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/gateway/routing.h"

static const char SHIPPED[] = "deploy/gateway/routes.conf";

static char *help(void)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    routing_help(out);
    fclose(out);
    return text;
}

static void the_routes_we_ship_begin_with_it(void **state)
{
    FILE *file = fopen(SHIPPED, "re");
    char *text = help(), shipped[256], wanted[256];

    (void)state;
    assert_non_null(file);
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        int len = (int)strcspn(line, "\n");

        snprintf(wanted, sizeof(wanted), "#%s%.*s\n", len > 0 ? " " : "", len, line);
        assert_non_null(fgets(shipped, sizeof(shipped), file));
        assert_string_equal(shipped, wanted);
    }
    assert_non_null(fgets(shipped, sizeof(shipped), file));
    assert_string_equal(shipped, "\n");
    fclose(file);
    free(text);
}

static void it_says_values_defaults_and_what_they_do(void **state)
{
    static const char *const lines[] = {
        ("\n  auth=none|bearer|fresh bearer: an access token is checked first, fresh: its session "
         "too (none)\n"),
        ("\n  body=none|required     required: a JSON body is wanted (required for POST, PUT "
         "and PATCH, else none)\n"),
        ("\n  cache=WHO[,SECONDS]    who may keep it: no-store, private or public,SECONDS (private "
         "where a GET has an ETag, else no-store)\n"),
        "\n  cors NAME key=value ...\n",
        "\n  origins=ORIGIN,...     of the pages, or * for all, not with credentials\n",
        "\n  location=/x/{member}   Location, filled in from the reply\n",
        ("\n  rate=CLASS             how many requests a client may send: by which of the classes "
         "below (none)\n"),
        "\n  rate NAME REQUESTS/SECONDS burst=N\n",
        "\n  rate NAME.ROLE REQUESTS/SECONDS burst=N\n",
        "\n  timeout=1..60000       milliseconds the service has, or seconds as 2s (5000)\n",
        "\n/welcome, /health, /openapi.json, /asyncapi.json and /docs are the gateway's own.\n",
    };
    char *text = help();

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        if (!strstr(text, lines[i]))
            fail_msg("it lacks%s in\n%s", lines[i], text);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_routes_we_ship_begin_with_it),
        cmocka_unit_test(it_says_values_defaults_and_what_they_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
