/* store.c - stores: lists of them, one, making, changing, opening and closing one; see store.h. */
#include "protocol/store.h"

#include "tool/encoder/page.h"

/* clang-format off */
static const struct field STORE_FIELDS[] = {
    FIELD(struct store_row, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED, .doc = "Its id."),
    FIELD(struct store_row, owner_id, "ownerId", FIELD_UUID, FIELD_REQUIRED, .doc = "Whose it is."),
    FIELD(struct store_row, name, "name", FIELD_TEXT, FIELD_REQUIRED, .rule = &STORE_NAME_RULE, .doc = "What it is called."),
    FIELD(struct store_row, open, "open", FIELD_BOOL, FIELD_REQUIRED, .doc = "Whether it takes orders now."),
    FIELD(struct store_row, auto_accept, "autoAccept", FIELD_BOOL, FIELD_REQUIRED, .doc = "Accepts every ticket at once."),
    FIELD(struct store_row, approve_unanswered, "approveUnanswered", FIELD_BOOL, FIELD_REQUIRED,
          .doc = "A cancellation that it does not answer in time is approved; else it is refused."),
    FIELD(struct store_row, version, "version", FIELD_INT, FIELD_REQUIRED, .min = 1, .max = INT64_MAX,
          .doc = "1, and one more with each change; the ETag."),
};
static const struct descriptor STORE = DESCRIPTOR(struct store_row, "Store", STORE_FIELDS, "Who sells.");

static const struct field FILTER_FIELDS[] = {
    FIELD(struct store_filter, open, "open", FIELD_BOOL, FIELD_IN_QUERY, .doc = "Only those that take orders now, or that do not."),
    FIELD(struct store_filter, owner_id, "ownerId", FIELD_UUID, FIELD_IN_QUERY, .doc = "Only those of that person."),
    FIELD(struct store_filter, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
};
static const struct descriptor FILTER = DESCRIPTOR(struct store_filter, "StoreFilter", FILTER_FIELDS, "Which stores.",
                                                   .given = offsetof(struct store_filter, given));

static const struct descriptor PAGE = PAGE_OF(struct store_page, "StorePage", &STORE, "Stores, by name.");

static const struct operation_error LIST_ERRORS[] = {PAGE_ERROR, {ST_OK, NULL, NULL}};

const struct operation STORE_LIST = {
    .subject = "store.list",
    .summary = "List stores",
    .request = &FILTER,
    .reply = &PAGE,
    .idempotent = true,
    .cacheable = true,
    .errors = LIST_ERRORS,
};

static const struct field QUERY_FIELDS[] = {
    FIELD(struct store_query, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Which one."),
};
static const struct descriptor QUERY = DESCRIPTOR(struct store_query, "StoreQuery", QUERY_FIELDS, "A store by its id.");

static const struct operation_error GET_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "There is none of that id."},
    {ST_OK, NULL, NULL},
};

const struct operation STORE_GET = {
    .subject = "store.get",
    .summary = "Read a store",
    .request = &QUERY,
    .reply = &STORE,
    .idempotent = true,
    .cacheable = true,
    .errors = GET_ERRORS,
};

static const struct field FORM_FIELDS[] = {
    FIELD(struct store_form, store_id, "storeId", FIELD_UUID, 0, .doc = "Its id, where it has one already."),
    FIELD(struct store_form, owner_id, "ownerId", FIELD_UUID, FIELD_REQUIRED, .doc = "Whose it is: the id of an account."),
    FIELD(struct store_form, name, "name", FIELD_TEXT, FIELD_REQUIRED, .rule = &STORE_NAME_RULE, .doc = "What it is called."),
    FIELD(struct store_form, auto_accept, "autoAccept", FIELD_BOOL, 0, .doc = "True: it accepts every ticket at once."),
    FIELD(struct store_form, approve_unanswered, "approveUnanswered", FIELD_BOOL, 0,
          .doc = "True: a cancellation that it does not answer in time is approved."),
};
static const struct descriptor FORM =
    DESCRIPTOR(struct store_form, "StoreForm", FORM_FIELDS, "A store to be made; it is open from then on.");

static const struct operation_error CREATE_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "You have not the role admin."},
    {ST_CONFLICT, "store_exists", "There is one of that id."},
    OPERATION_ONCE_BY_KEY,
    {ST_OK, NULL, NULL},
};

const struct operation STORE_CREATE = {
    .subject = "store.create",
    .summary = "Make a store",
    .request = &FORM,
    .reply = &STORE,
    .access = {.kind = ACCESS_ROLE, .roles = "admin"},
    .errors = CREATE_ERRORS,
};

static const struct field OPENING_FIELDS[] = {
    FIELD(struct store_opening, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Which one."),
    FIELD(struct store_opening, open, "open", FIELD_BOOL, FIELD_REQUIRED, .doc = "Whether it takes orders from now on."),
};
static const struct descriptor OPENING =
    DESCRIPTOR(struct store_opening, "StoreOpening", OPENING_FIELDS, "A store that opens or closes.");

static const struct operation_error OPENING_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "The store is another's, whether there is such a store or not."},
    {ST_NOT_FOUND, "not_found", "There is none of that id."},
    {ST_OK, NULL, NULL},
};

const struct operation STORE_OPENING = {
    .subject = "store.opening",
    .summary = "Open or close a store",
    .request = &OPENING,
    .reply = &STORE,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = OPENING_ERRORS,
};

/* The same patch twice is the patch once. */

static const struct field PATCH_FIELDS[] = {
    FIELD(struct store_patch, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Which one."),
    FIELD(struct store_patch, name, "name", FIELD_TEXT, FIELD_REQUIRED, .rule = &STORE_NAME_RULE, .doc = "What it is called."),
    FIELD(struct store_patch, auto_accept, "autoAccept", FIELD_BOOL, FIELD_REQUIRED,
          .doc = "Whether it accepts by itself what comes from now on."),
    FIELD(struct store_patch, approve_unanswered, "approveUnanswered", FIELD_BOOL, FIELD_REQUIRED,
          .doc = "Whether a cancellation that it does not answer in time is approved."),
};
static const struct descriptor PATCH = PATCH_OF(struct store_patch, "StorePatch", PATCH_FIELDS, "What is to be another.");

static const struct operation_error UPDATE_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "The store is another's, whether there is such a store or not."},
    {ST_NOT_FOUND, "not_found", "There is none of that id."},
    {ST_STALE, "precondition_failed", "It is another version than If-Match names."},
    {ST_OK, NULL, NULL},
};

const struct operation STORE_UPDATE = {
    .subject = "store.update",
    .summary = "Change a store",
    .request = &PATCH,
    .reply = &STORE,
    .access = {.kind = ACCESS_CALLER},
    .errors = UPDATE_ERRORS,
};
/* clang-format on */
