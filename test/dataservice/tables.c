/* tables.c - rows made from nothing but a table's description go into its store and come back. */
#include "test/dataservice/tables.h"

#include <stdio.h>
#include <string.h>

#include "dataservice/auth/account_store.h"
#include "dataservice/auth/identity_store.h"
#include "dataservice/auth/session_store.h"
#include "dataservice/user/profile_store.h"
#include "dataservice/audit/trail_store.h"
#include "dataservice/capacity/hold_store.h"
#include "dataservice/catalog/catalog_tables.h"
#include "dataservice/payment/payment_store.h"
#include "dataservice/order/order_store.h"
#include "dataservice/dashboard/dashboard_store.h"
#include "dataservice/store/store_tables.h"
#include "dataservice/delivery/delivery_store.h"
#include "tool/core/mem.h"
#include "tool/store/table_row.h"
#include "tool/store/value.h"
#include "tool/throttle/attempt.h"

const struct house_table HOUSE_TABLES[] = {
    {"auth",      &ACCOUNT_TABLE          },
    {"auth",      &ATTEMPT_TABLE          },
    {"auth",      &SESSION_TABLE          },
    {"auth",      &IDENTITY_TABLE         },
    {"catalog",   &PRODUCT_TABLE          },
    {"catalog",   &PRODUCT_ITEM_TABLE     },
    {"catalog",   &ITEM_TABLE             },
    {"catalog",   &MOVEMENT_TABLE         },
    {"catalog",   &STORE_OPEN_TABLE       },
    {"catalog",   &RESERVED_TABLE         },
    {"catalog",   &HOLD_TABLE             },
    {"catalog",   &ORDER_COPY_TABLE       },
    {"user",      &PROFILE_TABLE          },
    {"audit",     &TRAIL_TABLE            },
    {"payment",   &PAYMENT_TABLE          },
    {"payment",   &OPERATION_TABLE        },
    {"payment",   &LEDGER_TABLE           },
    {"payment",   &WEBHOOK_TABLE          },
    {"payment",   &DIFFERENCE_TABLE       },
    {"payment",   &STORE_OWNER_TABLE      },
    {"order",     &ORDER_TABLE            },
    {"order",     &ORDER_LINE_TABLE       },
    {"order",     &ORDER_ADDRESS_TABLE    },
    {"order",     &ORDER_HISTORY_TABLE    },
    {"store",     &STORE_TABLE            },
    {"store",     &TICKET_TABLE           },
    {"store",     &TICKET_LINE_TABLE      },
    {"delivery",  &DELIVERY_TABLE         },
    {"dashboard", &DASHBOARD_TABLE        },
    {"dashboard", &DASHBOARD_NEXT_TABLE   },
    {"dashboard", &DASHBOARD_SHOP_TABLE   },
    {"dashboard", &DASHBOARD_REBUILD_TABLE},
};
const size_t HOUSE_TABLES_N = ARRAY_LEN(HOUSE_TABLES);

struct table house_table_alone(size_t i)
{
    struct table alone = *HOUSE_TABLES[i].table;

    alone.reads = NULL;
    alone.n_reads = 0;
    return alone;
}

enum { SET_BY_STORE = COLUMN_VERSION | COLUMN_CREATED | COLUMN_UPDATED, ROWS = 9 };

struct row {
    _Alignas(max_align_t) char bytes[TABLE_ROW_MAX];
};

/* As many characters as the column allows, of more than one byte where they fit; the first one
 * tells rows apart. */
static void fill_text(const struct column *c, unsigned n, char *out)
{
    size_t len = (size_t)snprintf(out, c->size, "%u", n % 10);

    for (int left = column_length(c) - 1; left > 0; left--) {
        bool wide = c->size - 1 - len >= 4 + (size_t)(left - 1);
        len += (size_t)snprintf(out + len, c->size - len, "%s", wide ? "🏠" : "x");
    }
}

static void fill_member(const struct column *c, unsigned n, char *row)
{
    int64_t wide = n;
    int32_t narrow = (int32_t)n;
    unsigned names = 0;
    char *member = row + c->offset;

    switch (c->kind) {
    case COLUMN_UUID:
        memset(member, (int)n + 1, c->size);
        break;
    case COLUMN_TEXT:
        fill_text(c, n, member);
        break;
    case COLUMN_ENUM:
        while (c->names[names])
            names++;
        narrow = (int32_t)(n % names);
        memcpy(member, &narrow, sizeof(narrow));
        break;
    case COLUMN_BOOL:
        *(bool *)member = n % 2;
        break;
    case COLUMN_INT:
    case COLUMN_TIME:
    case COLUMN_DATE:
        memcpy(member, c->size == sizeof(wide) ? (void *)&wide : (void *)&narrow, c->size);
    }
    if (c->has)
        *(bool *)(row + c->has) = true;
}

static struct row made(const struct table *t, unsigned n)
{
    struct row row = {{0}};

    for (size_t i = 0; i < t->n_columns; i++)
        if (!(t->columns[i].flags & SET_BY_STORE) && !t->columns[i].form)
            fill_member(&t->columns[i], n, row.bytes);
    return row;
}

static const void *key_of(const struct column *c, const struct row *row)
{
    return row->bytes + c->offset;
}

static void assert_same(const struct table *t, const struct row *want, const struct row *got)
{
    struct row a, b;

    table_copy(t, want->bytes, a.bytes);
    table_copy(t, got->bytes, b.bytes);
    assert_memory_equal(a.bytes, b.bytes, t->row_size);
}

static void fill_store(struct store *s, const struct call *call, struct row rows[ROWS])
{
    for (unsigned i = 0; i < ROWS; i++) {
        rows[i] = made(s->table, i);
        assert_status(ST_OK, store_insert(s, NULL, call, rows[i].bytes, NULL));
    }
}

static void remove_all(struct store *s, const struct call *call, const struct row rows[ROWS])
{
    const struct column *key = table_unique(s->table, NULL);
    struct row out;

    for (size_t i = 0; i < ROWS; i++) {
        assert_status(ST_OK, store_remove(s, NULL, call, key_of(key, &rows[i]), NULL, NULL));
        assert_status(ST_NOT_FOUND,
                      store_find(s, NULL, call, NULL, key_of(key, &rows[i]), out.bytes));
    }
}

static void rows_come_back_by_every_unique_column(struct store *s, const struct call *call)
{
    const struct table *t = s->table;
    struct row rows[ROWS], got;

    fill_store(s, call, rows);
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct column *c = &t->columns[i];
        for (size_t k = 0; c->flags & (COLUMN_KEY | COLUMN_UNIQUE) && k < ROWS; k++) {
            const char *taken = NULL;
            struct row twin = made(t, 20 + (unsigned)k);
            assert_status(ST_OK,
                          store_find(s, NULL, call, c->name, key_of(c, &rows[k]), got.bytes));
            assert_same(t, &rows[k], &got);
            memcpy(twin.bytes + c->offset, key_of(c, &rows[k]), c->size);
            /* made() repeats its first letters every ten rows: others may be taken too */
            assert_status(ST_CONFLICT, store_insert(s, NULL, call, twin.bytes, &taken));
            assert_non_null(taken);
        }
    }
    remove_all(s, call, rows);
}

static void pages_have_all_rows(struct store *s, const struct call *call)
{
    const struct table *t = s->table;
    const struct column *key = table_unique(t, NULL);
    struct row rows[ROWS], last;
    char *page = mem_alloc(4, t->row_size);

    fill_store(s, call, rows);
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct column *c = &t->columns[i];
        struct store_list list = {.sort = c->name};
        size_t n = 4, seen = 0;
        if (c->flags & COLUMN_NULLABLE || c->form)
            continue;
        while (n == 4) {
            assert_status(ST_OK, store_list(s, NULL, call, &list, 4, page, &n));
            seen += n;
            if (n > 0)
                memcpy(last.bytes, page + (n - 1) * t->row_size, t->row_size);
            list.after_sort = key_of(c, &last);
            list.after_key = key_of(key, &last);
        }
        assert_int_equal(ROWS, seen);
    }
    free(page);
    remove_all(s, call, rows);
}

static void every_column_can_be_changed(struct store *s, const struct call *call)
{
    const struct table *t = s->table;
    const struct column *key = table_unique(t, NULL);
    struct row rows[ROWS], got;

    fill_store(s, call, rows);
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct column *c = &t->columns[i];
        struct row other = made(t, 9);
        if (c->flags & (SET_BY_STORE | COLUMN_KEY))
            continue;
        assert_status(ST_OK, store_patch(s, NULL, call, key_of(key, &rows[0]),
                                         table_version(t, rows[0].bytes), other.bytes, &c->offset,
                                         1, got.bytes, NULL));
        rows[0] = got;
        assert_status(ST_OK, store_find(s, NULL, call, NULL, key_of(key, &got), got.bytes));
        assert_same(t, &rows[0], &got);
        assert_memory_equal(other.bytes + c->offset, got.bytes + c->offset, c->size);
    }
    remove_all(s, call, rows);
}

static void for_each(void **state, void (*fn)(struct store *, const struct call *))
{
    struct store *const *stores = *state;

    for (size_t i = 0; i < HOUSE_TABLES_N; i++) {
        struct call call = test_call();
        print_message("%s.%s\n", HOUSE_TABLES[i].service, HOUSE_TABLES[i].table->name);
        fn(stores[i], &call);
    }
}

static void a_table_s_rows_come_back_by_every_unique_column(void **state)
{
    for_each(state, rows_come_back_by_every_unique_column);
}
static void a_table_s_pages_have_all_rows(void **state)
{
    for_each(state, pages_have_all_rows);
}
static void a_table_s_every_column_can_be_changed(void **state)
{
    for_each(state, every_column_can_be_changed);
}

int tables_contract(struct store *const stores[])
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_table_s_rows_come_back_by_every_unique_column, (void *)stores),
        cmocka_unit_test_prestate(a_table_s_pages_have_all_rows, (void *)stores),
        cmocka_unit_test_prestate(a_table_s_every_column_can_be_changed, (void *)stores),
    };

    return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
