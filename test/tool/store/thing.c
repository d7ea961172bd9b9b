/* thing.c - see thing.h. */
#include "test/tool/store/thing.h"

#include "tool/core/mem.h"

static void lower_case(const char *from, char *to)
{
    for (; *from; from++)
        *to++ = *from >= 'A' && *from <= 'Z' ? (char)(*from - 'A' + 'a') : *from;
    *to = '\0';
}

static const char *const STATES[] = {"NEW", "OLD", "GONE", NULL};

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct thing, id,         "id",         COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct thing, code,       "code",       COLUMN_TEXT, COLUMN_UNIQUE),
    COLUMN(struct thing, label,      "label",      COLUMN_TEXT, 0),
    COLUMN(struct thing, label,      "label_key",  COLUMN_TEXT, COLUMN_UNIQUE, .form = lower_case),
    COLUMN(struct thing, owner,      "owner",      COLUMN_UUID, 0),
    COLUMN(struct thing, seat,       "seat",       COLUMN_INT,  0),
    COLUMN(struct thing, amount,     "amount",     COLUMN_INT,  0),
    COLUMN(struct thing, rank,       "rank",       COLUMN_INT,  COLUMN_NULLABLE,
           .has = offsetof(struct thing, has_rank)),
    COLUMN(struct thing, on,         "on",         COLUMN_BOOL, 0),
    COLUMN(struct thing, state,      "state",      COLUMN_ENUM, 0, .names = STATES),
    COLUMN(struct thing, due_us,     "due_at",     COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct thing, day,        "day",        COLUMN_DATE, 0),
    COLUMN(struct thing, note,       "note",       COLUMN_TEXT, COLUMN_NULLABLE, .length = 8),
    COLUMN(struct thing, holder,     "holder",     COLUMN_UUID, COLUMN_NULLABLE | COLUMN_ASIDE),
    COLUMN(struct thing, version,    "version",    COLUMN_INT,  COLUMN_VERSION),
    COLUMN(struct thing, created_us, "created_at", COLUMN_TIME, COLUMN_CREATED),
    COLUMN(struct thing, updated_us, "updated_at", COLUMN_TIME, COLUMN_UPDATED),
};
/* clang-format on */

static const struct unique_key UNIQUES[] = {
    {"owner_seat", {"owner", "seat"}}
};

const struct table THING_TABLE =
    TABLE(struct thing, COLUMNS, "thing", .uniques = UNIQUES, .n_uniques = ARRAY_LEN(UNIQUES));

const char THING_DDL[] =
    "CREATE TABLE store.thing ("
    " id BINARY(16) NOT NULL, code VARCHAR(8) NOT NULL, label VARCHAR(32) NOT NULL,"
    " label_key VARCHAR(32) NOT NULL, owner BINARY(16) NOT NULL, seat BIGINT NOT NULL,"
    " amount BIGINT NOT NULL, `rank` INT NULL, `on` BOOLEAN NOT NULL, state VARCHAR(8) NOT NULL,"
    " due_at DATETIME(6) NULL, day DATE NOT NULL, note VARCHAR(8) NULL,"
    " holder BINARY(16) NULL, version BIGINT NOT NULL,"
    " created_at DATETIME(6) NOT NULL, updated_at DATETIME(6) NOT NULL,"
    " more TEXT NULL COMMENT 'of a later release',"
    " PRIMARY KEY (id), UNIQUE KEY code (code), UNIQUE KEY label_key (label_key),"
    " UNIQUE KEY owner_seat (owner, seat), KEY by_state (state, amount, id)"
    ") ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin";

struct thing thing_made(uint8_t id, const char *code, const char *label)
{
    struct thing thing = {.id = {{id}}, .seat = id, .amount = id * 100, .day = id};

    TEXT_COPY(thing.code, code);
    TEXT_COPY(thing.label, label);
    return thing;
}

void thing_assert_equal(const struct thing *want, const struct thing *got)
{
    assert_memory_equal(&want->id, &got->id, sizeof(want->id));
    assert_string_equal(want->code, got->code);
    assert_string_equal(want->label, got->label);
    assert_memory_equal(&want->owner, &got->owner, sizeof(want->owner));
    assert_int_equal(want->seat, got->seat);
    assert_int_equal(want->amount, got->amount);
    assert_int_equal(want->has_rank, got->has_rank);
    assert_int_equal(want->has_rank ? want->rank : 0, got->rank);
    assert_int_equal(want->on, got->on);
    assert_int_equal(want->state, got->state);
    assert_int_equal(want->due_us, got->due_us);
    assert_int_equal(want->day, got->day);
    assert_string_equal(want->note, got->note);
    assert_memory_equal(&want->holder, &got->holder, sizeof(want->holder));
    assert_int_equal(want->version, got->version);
    assert_int_equal(want->created_us, got->created_us);
    assert_int_equal(want->updated_us, got->updated_us);
}
