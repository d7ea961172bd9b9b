/* asyncapi_test.c - the document of events, over types of two services. */
#include "middleware/asyncapi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "protocol/events.h"
#include "tool/core/mem.h"

struct order_event {
    struct uuid order_id;
};

static const struct field ORDER_FIELDS[] = {
    FIELD(struct order_event, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED, .doc = "Which."),
};
static const struct descriptor ORDER =
    DESCRIPTOR(struct order_event, "OrderEvent", ORDER_FIELDS, "An order.");
static const struct event_type PLACED = {"order.placed", "An order was placed", &ORDER, 0};
static const struct event_type DROPPED = {"order.dropped", "An order was dropped", &ORDER, 0};

static const struct event_type *type_at(size_t i)
{
    static const struct event_type *const TYPES[] = {&PLACED, &DROPPED, NULL};

    return TYPES[i];
}

static json_t *document_of(asyncapi_type_fn type)
{
    size_t len;
    char *text = asyncapi_build(type, "1.2.3", &len);
    json_t *document = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(document);
    assert_int_equal(strlen(text), len);
    free(text);
    return document;
}

/* By a path of keys between slashes: names here have dots. */
static json_t *at(json_t *value, const char *path)
{
    char key[128];

    for (const char *from = path; *from; from += strcspn(from, "/"), from += *from == '/') {
        snprintf(key, sizeof(key), "%.*s", (int)strcspn(from, "/"), from);
        value = json_object_get(value, key);
        if (!value)
            fail_msg("%s: there is no %s", path, key);
    }
    return value;
}

static void check_refs(json_t *document, json_t *value)
{
    const char *key, *ref = json_string_value(json_object_get(value, "$ref"));
    json_t *child;
    size_t i;

    if (ref) {
        assert_memory_equal(ref, "#/", 2);
        at(document, ref + 2);
    }
    json_object_foreach (value, key, child) {
        check_refs(document, child);
    }
    json_array_foreach (value, i, child) {
        check_refs(document, child);
    }
}

static void assert_text(json_t *document, const char *path, const char *want)
{
    assert_string_equal(json_string_value(at(document, path)), want);
}

static void a_type_is_a_channel_an_operation_and_a_message(void **state)
{
    json_t *d = document_of(type_at), *all;

    (void)state;
    assert_text(d, "asyncapi", "3.0.0");
    assert_text(d, "info/version", "1.2.3");
    assert_text(d, "channels/order.placed/address", "event.order.placed.{partition}");
    assert_text(d, "channels/order.placed/messages/order.placed/$ref",
                "#/components/messages/order.placed");
    assert_text(d, "operations/order.dropped/action", "send");
    assert_text(d, "operations/order.dropped/channel/$ref", "#/channels/order.dropped");
    assert_text(d, "components/messages/order.placed/payload/$ref",
                "#/components/schemas/OrderEvent");
    assert_text(d, "components/schemas/OrderEvent/properties/orderId/format", "uuid");
    all = at(d, "components/messages/order.placed/headers/allOf");
    assert_int_equal(json_array_size(all), 2);
    assert_text(json_array_get(all, 1), "properties/ce-type/const", "order.placed");
    json_decref(d);
}

static void data_of_one_name_is_described_once_and_partitions_are_listed(void **state)
{
    json_t *d = document_of(type_at), *numbers = at(d, "components/parameters/partition/enum");

    (void)state;
    assert_int_equal(json_object_size(at(d, "components/schemas")), 2);
    assert_int_equal(json_array_size(numbers), EVENT_PARTITIONS);
    assert_string_equal(json_string_value(json_array_get(numbers, 7)), "07");
    json_decref(d);
}

static void every_type_of_the_house_is_there_and_every_reference_leads_somewhere(void **state)
{
    json_t *d = document_of(event_type_at);
    size_t n = 0;

    (void)state;
    check_refs(d, d);
    for (; event_type_at(n); n++)
        at(at(d, "operations"), event_type_at(n)->name);
    assert_int_equal(json_object_size(at(d, "channels")), n);
    json_decref(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_type_is_a_channel_an_operation_and_a_message),
        cmocka_unit_test(data_of_one_name_is_described_once_and_partitions_are_listed),
        cmocka_unit_test(every_type_of_the_house_is_there_and_every_reference_leads_somewhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
