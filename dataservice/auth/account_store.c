/* account_store.c - see account_store.h. */
#include "dataservice/auth/account_store.h"

#include <string.h>

#include "tool/core/mem.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct account, id,            "id",            COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct account, login_id,      "login_id",      COLUMN_TEXT, COLUMN_UNIQUE),
    COLUMN(struct account, password_hash, "password_hash", COLUMN_TEXT, 0),
    COLUMN(struct account, status,        "status",        COLUMN_ENUM, 0, .names = ACCOUNT_STATUS_NAMES),
    COLUMN(struct account, created_us,    "created_at",    COLUMN_TIME, COLUMN_CREATED),
    COLUMN(struct account, updated_us,    "updated_at",    COLUMN_TIME, COLUMN_UPDATED),
};
/* clang-format on */

const struct table ACCOUNT_TABLE = TABLE(struct account, COLUMNS, "user");

struct status_change {
    enum account_status from, to;
};

static enum status change_status(void *row, const struct call *call, void *arg)
{
    const struct status_change *change = arg;
    struct account *account = row;

    (void)call;
    if (account->status != change->from && account->status != change->to)
        return ST_CONFLICT;
    account->status = change->to;
    return ST_OK;
}

enum status account_change_status(struct store *accounts, struct transaction *tx,
                                  const struct call *call, struct uuid id, enum account_status from,
                                  enum account_status to)
{
    struct status_change change = {from, to};

    return store_change(accounts, tx, call, &id,
                        &(struct store_change){.fn = change_status, .arg = &change}, NULL);
}

struct password_change {
    const char *old_hash, *new_hash;
};

static enum status change_password(void *row, const struct call *call, void *arg)
{
    const struct password_change *change = arg;
    struct account *account = row;

    (void)call;
    if (strcmp(account->password_hash, change->old_hash) != 0)
        return ST_STALE;
    return TEXT_COPY(account->password_hash, change->new_hash) ? ST_OK : ST_INTERNAL;
}

enum status account_change_password(struct store *accounts, struct transaction *tx,
                                    const struct call *call, struct uuid id, const char *old_hash,
                                    const char *new_hash)
{
    struct password_change change = {old_hash, new_hash};
    enum status st =
        store_change(accounts, tx, call, &id,
                     &(struct store_change){.fn = change_password, .arg = &change}, NULL);

    return st == ST_NOT_FOUND ? ST_STALE : st;
}

static enum status is_in_status(void *row, const struct call *call, void *arg)
{
    (void)call;
    return ((struct account *)row)->status == *(enum account_status *)arg ? ST_OK : ST_CONFLICT;
}

enum status account_remove(struct store *accounts, struct transaction *tx, const struct call *call,
                           struct uuid id, enum account_status status)
{
    enum status st = store_remove(accounts, tx, call, &id, is_in_status, &status);

    return st == ST_NOT_FOUND ? ST_OK : st;
}
