/* dbc_statement_test.c - what columns may be read as, and statements of any number and size. */
#include <stdio.h>
#include <string.h>

#include "test/tool/dbc/dbc_fixture.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"

enum kind { KIND_INT, KIND_TEXT, KIND_DATE, KIND_TIME };

static const char *const KIND_NAMES[] = {"an integer", "a text", "a date", "a time"};

/* Reads the one column of sql as a number, whatever it is. */
static enum status read_as(struct dbc_conn *conn, const char *sql, enum kind kind, int64_t *out)
{
    struct dbc_stmt *s = dbc_prepare(conn, sql);
    struct call call = test_call();
    enum status st = dbc_execute(s, &call);
    char text[32] = "";
    int32_t days = 0;

    *out = 0;
    if (st == ST_OK && dbc_next(s)) {
        if (kind == KIND_INT)
            dbc_col_int(s, out);
        else if (kind == KIND_TIME)
            dbc_col_time(s, out);
        else if (kind == KIND_DATE)
            dbc_col_date(s, &days);
        else
            dbc_col_text(s, text, sizeof(text));
    }
    st = dbc_done(s, st);
    if (kind == KIND_DATE)
        *out = days;
    if (kind == KIND_TEXT)
        *out = (int64_t)strlen(text);
    return st;
}

static void a_column_is_read_as_what_it_is_or_not_at_all(void **state)
{
    static const struct {
        const char *sql;
        enum kind kind;
        enum status want;
        int64_t value;
    } cases[] = {
        {"SELECT CAST(19.99 AS DECIMAL(10,2))",                    KIND_INT,  ST_INTERNAL, 0          },
        {"SELECT CAST(-0.50 AS DECIMAL(10,2))",                    KIND_INT,  ST_INTERNAL, 0          },
        {"SELECT AVG(n) FROM (SELECT 1 AS n UNION SELECT 2) AS t", KIND_INT,  ST_INTERNAL, 0          },
        {"SELECT SUM(n) FROM (SELECT 1 AS n UNION SELECT 2) AS t", KIND_INT,  ST_OK,       3          },
        {"SELECT CAST(-42 AS DECIMAL(20,0))",                      KIND_INT,  ST_OK,       -42        },
        {"SELECT CAST('9223372036854775808' AS DECIMAL(30,0))",    KIND_INT,  ST_INTERNAL, 0          },
        {"SELECT CAST(1.5 AS DOUBLE)",                             KIND_INT,  ST_INTERNAL, 0          },
        {"SELECT CAST(1.5 AS FLOAT)",                              KIND_INT,  ST_INTERNAL, 0          },
        {"SELECT TIME '10:11:12'",                                 KIND_INT,  ST_INTERNAL, 0          },
        {"SELECT DATE '2026-01-31'",                               KIND_INT,  ST_INTERNAL, 0          },
        {"SELECT DATE '2026-01-31'",                               KIND_DATE, ST_OK,       20484      },
        {"SELECT DATE '1969-12-31'",                               KIND_DATE, ST_OK,       -1         },
        {"SELECT DATE '0001-01-01'",                               KIND_DATE, ST_OK,       -719162    },
        {"SELECT CAST('1970-01-02 00:00:01' AS DATETIME(6))",      KIND_DATE, ST_INTERNAL, 0          },
        {"SELECT CAST('1970-01-02 00:00:01' AS DATETIME(6))",      KIND_TIME, ST_OK,       86401000000},
        {"SELECT DATE '1970-01-02'",                               KIND_TIME, ST_INTERNAL, 0          },
        {"SELECT 'seven'",                                         KIND_INT,  ST_INTERNAL, 0          },
        {"SELECT 'seven'",                                         KIND_TEXT, ST_OK,       5          },
        {"SELECT 7",                                               KIND_TEXT, ST_INTERNAL, 0          },
        {"SELECT CAST(18446744073709551615 AS UNSIGNED)",          KIND_INT,  ST_INTERNAL, 0          },
        {"SELECT CAST(9223372036854775807 AS UNSIGNED)",           KIND_INT,  ST_OK,       INT64_MAX  },
        {"SELECT NULL",                                            KIND_INT,  ST_OK,       0          },
        {"SELECT CAST(NULL AS DOUBLE)",                            KIND_INT,  ST_INTERNAL, 0          },
        {"SELECT CAST(NULL AS DATE)",                              KIND_DATE, ST_OK,       0          },
    };
    struct dbc_conn *conn = dbc_taken(*state);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t value;
        enum status got = read_as(conn, cases[i].sql, cases[i].kind, &value);
        if (got != cases[i].want || value != cases[i].value)
            fail_msg("%s as %s: %s %lld", cases[i].sql, KIND_NAMES[cases[i].kind], status_name(got),
                     (long long)value);
    }
    dbc_give(((struct dbc_fixture *)*state)->pool, conn);
}

static void a_date_goes_and_comes(void **state)
{
    static const int32_t DAYS[] = {-719162, -1, 0, 1, 20484, 2932896};
    struct dbc_conn *conn = dbc_taken(*state);
    struct call call = test_call();

    for (size_t i = 0; i < ARRAY_LEN(DAYS); i++) {
        struct dbc_stmt *s = dbc_prepare(conn, "SELECT CAST(? AS DATE)");
        int32_t days = 7;
        dbc_bind_date(s, DAYS[i]);
        assert_status(ST_OK, dbc_execute(s, &call));
        assert_true(dbc_next(s));
        dbc_col_date(s, &days);
        assert_status(ST_OK, dbc_done(s, ST_OK));
        assert_int_equal(DAYS[i], days);
    }
    dbc_give(((struct dbc_fixture *)*state)->pool, conn);
}

static void a_connection_runs_more_statements_than_it_keeps(void **state)
{
    struct dbc_conn *conn = dbc_taken(*state);
    char sql[64];

    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 200; i++) {
            int64_t value;
            snprintf(sql, sizeof(sql), "SELECT %d", i);
            assert_status(ST_OK, read_as(conn, sql, KIND_INT, &value));
            assert_int_equal(i, value);
        }
    /* And the server keeps no more of them than the connection. */
    assert_in_range(dbc_select_int(*state, conn,
                                   "SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM"
                                   " information_schema.GLOBAL_STATUS WHERE"
                                   " VARIABLE_NAME = 'Prepared_stmt_count'",
                                   NULL),
                    1, 100);
    dbc_give(((struct dbc_fixture *)*state)->pool, conn);
}

/* The loop above writes every text at one address; this one has two texts of one length, both in
 * use, and one text in use twice. */
static void statements_in_use_do_not_meet(void **state)
{
    static const char *const TEXTS[] = {"SELECT 1", "SELECT 2", "SELECT 1"};
    struct dbc_conn *conn = dbc_taken(*state);
    struct dbc_stmt *s[ARRAY_LEN(TEXTS)];
    struct call call = test_call();
    char sql[16];

    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        TEXT_COPY(sql, TEXTS[i]);
        s[i] = dbc_prepare(conn, sql);
        assert_status(ST_OK, dbc_execute(s[i], &call));
    }
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        int64_t value = 0;
        assert_true(dbc_next(s[i]));
        dbc_col_int(s[i], &value);
        assert_int_equal(TEXTS[i][7] - '0', value);
        assert_status(ST_OK, dbc_done(s[i], ST_OK));
    }
    dbc_give(((struct dbc_fixture *)*state)->pool, conn);
}

static void a_statement_has_as_many_parameters_and_columns_as_it_needs(void **state)
{
    enum { N = 200 };
    char sql[32 + N * 20] = "SELECT CAST(? AS SIGNED)";
    struct dbc_conn *conn = dbc_taken(*state);
    struct call call = test_call();
    size_t len = strlen(sql);
    struct dbc_stmt *s;

    for (int i = 1; i < N; i++)
        len += (size_t)snprintf(sql + len, sizeof(sql) - len, ", CAST(? AS SIGNED)");
    s = dbc_prepare(conn, sql);
    for (int i = 0; i < N; i++)
        dbc_bind_int(s, i);
    assert_status(ST_OK, dbc_execute(s, &call));
    assert_true(dbc_next(s));
    for (int i = 0; i < N; i++) {
        int64_t value = -1;
        dbc_col_int(s, &value);
        assert_int_equal(i, value);
    }
    assert_status(ST_OK, dbc_done(s, ST_OK));
    dbc_give(((struct dbc_fixture *)*state)->pool, conn);
}

static void null_can_be_told_from_nothing(void **state)
{
    struct dbc_conn *conn = dbc_taken(*state);
    struct dbc_stmt *s =
        dbc_prepare(conn, "SELECT CAST(NULL AS CHAR(3)), '', CAST(NULL AS DATE), 0");
    static const bool NULLS[] = {true, false, true, false};
    struct call call = test_call();
    char text[4];
    int32_t days;
    int64_t n;

    assert_status(ST_OK, dbc_execute(s, &call));
    assert_true(dbc_next(s));
    for (size_t i = 0; i < ARRAY_LEN(NULLS); i++) {
        assert_int_equal(NULLS[i], dbc_col_null(s));
        if (i < 2)
            dbc_col_text(s, text, sizeof(text));
        else if (i == 2)
            dbc_col_date(s, &days);
        else
            dbc_col_int(s, &n);
    }
    assert_status(ST_OK, dbc_done(s, ST_OK));
    dbc_give(((struct dbc_fixture *)*state)->pool, conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_read_as_what_it_is_or_not_at_all),
        cmocka_unit_test(a_date_goes_and_comes),
        cmocka_unit_test(a_connection_runs_more_statements_than_it_keeps),
        cmocka_unit_test(statements_in_use_do_not_meet),
        cmocka_unit_test(a_statement_has_as_many_parameters_and_columns_as_it_needs),
        cmocka_unit_test(null_can_be_told_from_nothing),
    };

    return cmocka_run_group_tests(tests, dbc_fixture_set_up, dbc_fixture_tear_down);
}
