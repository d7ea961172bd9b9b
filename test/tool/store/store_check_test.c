/* store_check_test.c - every slip between a description and a schema is named. */
#include <stdio.h>
#include <string.h>

#include "test/tool/store/thing_server.h"
#include "tool/core/mem.h"
#include "tool/store/mysql/store_check.h"

struct said {
    size_t n;
    char text[1024];
};

static void hear(void *arg, const char *slip, bool wider)
{
    struct said *said = arg;
    size_t len = strlen(said->text);

    said->n += !wider;
    snprintf(said->text + len, sizeof(said->text) - len, "%s%s\n", slip, wider ? " (wider)" : "");
}

static enum status check(struct thing_server *w, struct said *said)
{
    struct call call = test_call();

    *said = (struct said){0};
    return store_check(w->pool, &call, &THING_TABLE, hear, said);
}

static void alter(struct thing_server *w, const char *how)
{
    char sql[256];

    snprintf(sql, sizeof(sql), "ALTER TABLE store.thing %s", how);
    assert_true(mariadb_server_sql(&w->server, sql));
}

static void a_schema_as_described_has_no_slip(void **state)
{
    struct said said;

    assert_status(ST_OK, check(*state, &said));
    assert_int_equal(0, said.n);
}

static void each_slip_is_named(void **state)
{
    static const struct {
        const char *slip, *back, *want;
    } cases[] = {
        {"RENAME COLUMN amount TO sum",                                  "RENAME COLUMN sum TO amount",
         "thing.sum is not described and has no default\n"
         "thing.amount is no column of the table\n"                                                                                                                                                    },
        {"MODIFY seat DECIMAL(10,2) NOT NULL",                           "MODIFY seat BIGINT NOT NULL",
         "thing.seat is of the type decimal\n"                                                                                                                                                         },
        {"MODIFY `rank` BIGINT NULL",                                    "MODIFY `rank` INT NULL",
         "thing.rank is bigint, wider than its member (wider)\n"                                                                                                                                       },
        {"MODIFY `rank` INT NOT NULL",                                   "MODIFY `rank` INT NULL",                 "thing.rank cannot be NULL\n"                                                       },
        {"MODIFY day DATE NULL",                                         "MODIFY day DATE NOT NULL",               "thing.day may be NULL\n"                                                           },
        {"MODIFY day DATETIME NOT NULL",                                 "MODIFY day DATE NOT NULL",
         "thing.day is of the type datetime\n"                                                                                                                                                         },
        {"MODIFY label VARCHAR(33) NOT NULL",                            "MODIFY label VARCHAR(32) NOT NULL",
         "thing.label holds 33 characters, described are 32 (wider)\n"                                                                                                                                 },
        {"MODIFY label VARCHAR(31) NOT NULL",                            "MODIFY label VARCHAR(32) NOT NULL",
         "thing.label holds 31 characters, described are 32\n"                                                                                                                                         },
        {"MODIFY note VARCHAR(19) NULL",                                 "MODIFY note VARCHAR(8) NULL",
         "thing.note holds 19 characters, described are 8 (wider)\n"                                                                                                                                   },
        {"MODIFY label VARCHAR(32) COLLATE utf8mb4_general_ci NOT NULL",
         "MODIFY label VARCHAR(32) NOT NULL",                                                                      "thing.label has the collation utf8mb4_general_ci, not a binary one\n"              },
        {"MODIFY state VARCHAR(3) NOT NULL",                             "MODIFY state VARCHAR(8) NOT NULL",
         "thing.state holds 3 characters, a name of it has 4\n"                                                                                                                                        },
        {"MODIFY created_at DATETIME(3) NOT NULL",                       "MODIFY created_at DATETIME(6) NOT NULL",
         "thing.created_at has 3 digits of a second, not 6\n"                                                                                                                                          },
        {"MODIFY owner BINARY(20) NOT NULL",                             "MODIFY owner BINARY(16) NOT NULL",
         "thing.owner has 20 bytes, not 16\n"                                                                                                                                                          },
        {"DROP KEY code",                                                "ADD UNIQUE KEY code (code)",             "thing.code has no unique key code\n"                                               },
        {"DROP KEY code, ADD UNIQUE KEY code (code(4))",
         "DROP KEY code, ADD UNIQUE KEY code (code)",                                                              "thing has the unique key code over (code()), described is (code)\n"                },
        {"DROP KEY owner_seat, ADD UNIQUE KEY owner_seat (seat, owner)",
         "DROP KEY owner_seat, ADD UNIQUE KEY owner_seat (owner, seat)",                                           "thing has the unique key owner_seat over (seat,owner), described is (owner,seat)\n"},
        {"ADD UNIQUE KEY more (day)",                                    "DROP KEY more",
         "thing has a unique key more (day) that is not described\n"                                                                                                                                   },
        {"DROP PRIMARY KEY",                                             "ADD PRIMARY KEY (id)",                   "thing.id has no unique key PRIMARY\n"                                              },
        {"ADD later INT NOT NULL",                                       "DROP later",
         "thing.later is not described and has no default\n"                                                                                                                                           },
        {"ADD later INT NOT NULL DEFAULT 0",                             "DROP later",                             ""                                                                                  },
        {"RENAME TO store.elsewhere",                                    NULL,                                     "thing is no table of this schema\n"                                                },
    };
    struct said said;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum status got;
        alter(*state, cases[i].slip);
        got = check(*state, &said);
        if (strcmp(said.text, cases[i].want) != 0 || got != (said.n ? ST_INVALID : ST_OK))
            fail_msg("%s: %s %s", cases[i].slip, status_name(got), said.text);
        if (cases[i].back)
            alter(*state, cases[i].back);
    }
}

static void a_database_that_is_away_is_no_slip(void **state)
{
    struct thing_server *w = *state;
    struct said said;

    mariadb_server_stop(&w->server);
    assert_status(ST_UNAVAILABLE, check(w, &said));
    assert_int_equal(0, said.n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schema_as_described_has_no_slip), cmocka_unit_test(each_slip_is_named),
        cmocka_unit_test(a_database_that_is_away_is_no_slip), /* and does not come back */
    };

    return cmocka_run_group_tests(tests, thing_server_set_up, thing_server_tear_down);
}
