/* states_chart_test.c - the charts of docs/shop.md are those of the tables. With --record it writes
 * them there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/delivery_state.h"
#include "model/order_state.h"
#include "model/payment_state.h"
#include "model/ticket_state.h"
#include "tool/core/mem.h"

#define PAGE "docs/shop.md"

enum { CHART_MAX = 8192 };

static const struct states *const SHOWN[] = {&ORDER_STATES, &PAYMENT_STATES, &TICKET_STATES,
                                             &DELIVERY_STATES};

/* The page, its chart from one byte to another. */
struct page {
    char *text;
    size_t from, to;
};

static struct page read_page(void)
{
    struct page page = {0};
    size_t size = 0, len;
    FILE *file = fopen(PAGE, "r"), *copy = open_memstream(&page.text, &size);

    assert_non_null(file);
    for (char chunk[4096]; (len = fread(chunk, 1, sizeof(chunk), file)) > 0;)
        fwrite(chunk, 1, len, copy);
    fclose(copy);
    fclose(file);
    return page;
}

static void find_chart(struct page *page, const char *name)
{
    char before[128];
    const char *found, *end;

    snprintf(before, sizeof(before), "<!-- chart of %s -->\n```mermaid\n", name);
    found = strstr(page->text, before);
    if (!found)
        fail_msg(PAGE " has no chart of %s", name);
    page->from = (size_t)(found - page->text) + strlen(before);
    end = strstr(page->text + page->from, "```\n");
    assert_non_null(end);
    page->to = (size_t)(end - page->text);
}

static const char *chart_of(const struct states *states, char buf[CHART_MAX])
{
    assert_string_not_equal(states_chart(states, buf, CHART_MAX), "");
    return buf;
}

static void states_chart_is_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(SHOWN); i++) {
        struct page page = read_page();
        char chart[CHART_MAX];

        find_chart(&page, SHOWN[i]->name);
        page.text[page.to] = '\0';
        if (strcmp(page.text + page.from, chart_of(SHOWN[i], chart)) != 0)
            fail_msg(PAGE ": the chart of %s is another; this program prints it with --record",
                     SHOWN[i]->name);
        free(page.text);
    }
}

static void record(const struct states *states)
{
    struct page page = read_page();
    char chart[CHART_MAX];
    FILE *file;

    find_chart(&page, states->name);
    file = fopen(PAGE, "w");
    assert_non_null(file);
    fprintf(file, "%.*s%s%s", (int)page.from, page.text, chart_of(states, chart),
            page.text + page.to);
    assert_int_equal(fclose(file), 0);
    free(page.text);
}

static void record_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(SHOWN); i++)
        record(SHOWN[i]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(states_chart_is_as_the_table_says)};
    const struct CMUnitTest recording[] = {cmocka_unit_test(record_all)};

    return argc == 2 && strcmp(argv[1], "--record") == 0
               ? cmocka_run_group_tests(recording, NULL, NULL)
               : cmocka_run_group_tests(tests, NULL, NULL);
}
