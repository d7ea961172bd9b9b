/* events_test.c - what must hold for every type of event of every service. */
#include "protocol/events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/catalog.h"
#include "protocol/order.h"
#include "protocol/store.h"
#include "tool/core/mem.h"
#include "tool/encoder/field_walk.h"
#include "tool/encoder/fill_test.h"

static bool ends_in(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

/* What has happened; of what waits it is that it waits. */
static bool is_told_of(const char *name)
{
    static const char *const ENDS[] = {"ed", "withdrawn", "picked_up", "waiting"};

    for (size_t i = 0; i < ARRAY_LEN(ENDS); i++)
        if (ends_in(name, ENDS[i]))
            return true;
    return false;
}

static void names_are_unique_and_of_the_right_shape(void **state)
{
    (void)state;
    for (size_t i = 0; event_type_at(i); i++) {
        const struct event_type *type = event_type_at(i);
        const char *dot = strchr(type->name, '.');

        for (size_t before = 0; before < i; before++)
            assert_string_not_equal(event_type_at(before)->name, type->name);
        assert_true(strlen(type->name) <= EVENT_NAME_MAX);
        assert_int_equal(strspn(type->name, "abcdefghijklmnopqrstuvwxyz0123456789_."),
                         strlen(type->name));
        assert_true(dot && dot > type->name && dot[1] && !strchr(dot + 1, '.'));
        if (!is_told_of(type->name))
            fail_msg("%s is no past tense", type->name);
        assert_non_null(type->summary);
    }
}

static void keys_are_required_ids_and_the_rest_fits(void **state)
{
    (void)state;
    for (size_t i = 0; event_type_at(i); i++) {
        const struct descriptor *d = event_type_at(i)->data;
        char json[EVENT_DATA_MAX + 1];
        void *data = mem_alloc(1, d->size);
        struct json_out o;
        bool found = false;

        for (struct field_walk w = field_walk(d); field_walk_next(&w);)
            found |= w.field->kind == FIELD_UUID && w.field->flags & FIELD_REQUIRED &&
                     w.base + w.field->offset == event_type_at(i)->key;
        if (!found)
            fail_msg("%s: its key is no required UUID", event_type_at(i)->name);
        fill_message(d, data, true, 0);
        json_out_init(&o, json, sizeof(json));
        encode(d, data, &o);
        if (o.overflow)
            fail_msg("%s: longer than any event may be", event_type_at(i)->name);
        free(data);
    }
}

/* What is called so is no person. */
static bool is_of_a_thing(const struct event_type *type, const char *member)
{
    return strcmp(member, "name") == 0 &&
           (type->data == ORDER_CREATED.data || type == &CATALOG_PRODUCT_CHANGED ||
            type == &STORE_OPENED || type == &STORE_CLOSED);
}

/* Of people. */
static void nothing_personal_is_in_them(void **state)
{
    static const char *const PERSONAL[] = {"name", "email", "phone", "loginId", "password"};

    (void)state;
    for (size_t i = 0; event_type_at(i); i++) {
        for (struct field_walk w = field_walk(event_type_at(i)->data); field_walk_next(&w);) {
            assert_int_equal(w.field->flags & FIELD_SECRET, 0);
            for (size_t k = 0; k < ARRAY_LEN(PERSONAL); k++)
                if (strcmp(w.field->name, PERSONAL[k]) == 0 &&
                    !is_of_a_thing(event_type_at(i), w.field->name))
                    fail_msg("%s tells the %s", event_type_at(i)->name, PERSONAL[k]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_unique_and_of_the_right_shape),
        cmocka_unit_test(keys_are_required_ids_and_the_rest_fits),
        cmocka_unit_test(nothing_personal_is_in_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
