/* payment_memory_test.c - payments over memory. */
#include <string.h>

#include "test/cmd/payment/payment_contract.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/outbox/memory/outbox_memory.h"

/* Whatever becomes of a payment, each of its versions is said, by one event. */
static void each_version_of_a_payment_is_said(void **state)
{
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000);
    struct outbox_row *said = mem_alloc(16, sizeof(*said));
    struct refund_made made;
    size_t n;

    assert_status(ST_OK, world_refund(w, &p, "a", 400, &made));
    assert_status(ST_OK, world_cancel(w, &p));
    world_sweep(w, &p, 1);
    world_expect(w, &p, PAYMENT_IS_ORDER_CANCELED);
    n = outbox_memory_said(w->p->outbox, &p.order_id, said, 16);
    assert_int_equal(8, n); /* asked authorized, asked captured, asked refunded, asked canceled */
    for (size_t i = 0; i < n; i++) {
        struct payment_event event;
        struct problem problem = {.status = ST_OK};
        assert_status(ST_OK,
                      decode(&PAYMENT_EVENT, said[i].json, strlen(said[i].json), &event, &problem));
        assert_int_equal(i + 1, event.version);
    }
    assert_string_equal("payment.canceled", said[n - 1].type);
    free(said);
}

static void all_there_is_can_be_exported(void **state)
{
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000);
    struct export_query query = {.type = "payment.authorized", .limit = 10};
    struct export_page *page = MEM_NEW(struct export_page);

    assert_status(ST_OK, world_ask(w, &PAYMENT_EXPORT, "", NULL, &query, page));
    assert_int_equal(1, page->n);
    assert_true(uuid_equal(page->items[0].key, p.order_id));
    assert_non_null(strstr(page->items[0].data, "\"status\":\"CAPTURED\""));
    free(page);
}

static void the_table_of_states_is_in_order(void **state)
{
    char text[256];

    (void)state;
    if (states_fault(&PAYMENT_STATES, text, sizeof(text)))
        fail_msg("%s", text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_memory, world_memory_end)
    const struct CMUnitTest tests[] = {
        TEST(each_version_of_a_payment_is_said),
        TEST(all_there_is_can_be_exported),
        cmocka_unit_test(the_table_of_states_is_in_order),
    };

    log_set_fd(-1);
    return payment_contract(world_memory, world_memory_end) +
           payment_money_contract(world_memory, world_memory_end) +
           payment_books_contract(world_memory, world_memory_end) +
           payment_store_contract(world_memory, world_memory_end) +
           cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
