/* cursor.c - see cursor.h. The bytes: MAC, digest of the request, id, number, text. */
#include "tool/page/cursor.h"

#include <assert.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/crypto/digest.h"
#include "tool/encoder/field_walk.h"
#include "tool/encoder/patch.h"

enum { NUMBER_LEN = 8, REQUEST_MAX = 16 * 1024 };
enum { ASKED_AT = DIGEST_TAG_LEN, ID_AT = ASKED_AT + DIGEST_TAG_LEN, NUMBER_AT = ID_AT + 16 };
enum { TEXT_AT = NUMBER_AT + NUMBER_LEN, SEALED_MAX = TEXT_AT + CURSOR_TEXT_MAX };

static_assert((SEALED_MAX * 4 + 2) / 3 <= PAGE_CURSOR_MAX, "the longest fits");

void cursor_key_init(struct cursor_key *key, const char *secret)
{
    digest_derive(secret, "hanok cursor", key->bytes);
}

/* limit may change from page to page. */
static bool is_place(const struct field *f)
{
    return f->kind == FIELD_CURSOR || (f->kind == FIELD_INT && strcmp(f->name, "limit") == 0);
}

/* Of all that was asked but the place, under the key, so that it tells nothing. */
static void digest_request(const struct cursor_key *key, const struct descriptor *d,
                           const void *request, uint8_t digest[DIGEST_TAG_LEN])
{
    char *copy = mem_alloc(1, d->size), *json = mem_alloc(1, REQUEST_MAX);
    struct json_out o;

    memcpy(copy, request, d->size);
    for (struct field_walk w = field_walk(d); field_walk_next(&w);)
        if (is_place(w.field)) {
            memset(copy + w.base + w.field->offset, 0, w.field->size);
            if (d->given)
                given_unset(d, copy, w.base + w.field->offset);
        }
    json_out_init(&o, json, REQUEST_MAX);
    json_out_open(&o, '[');
    json_out_text(&o, d->name);
    encode(d, copy, &o);
    json_out_close(&o, ']');
    ASSERT(!o.overflow);
    digest_tag(key->bytes, json, o.len, digest);
    free(copy);
    free(json);
}

static struct field_walk cursor_of(const struct descriptor *d)
{
    for (struct field_walk w = field_walk(d); field_walk_next(&w);)
        if (w.field->kind == FIELD_CURSOR)
            return w;
    ASSERT(false); /* asked for a list whose request has no cursor */
    return field_walk(d);
}

static enum status forged(const struct call *call, const struct field *f)
{
    return problem_field(call->problem, f->name, "must be a cursor as it was answered");
}

enum status cursor_open(const struct cursor_key *key, const struct call *call,
                        const struct descriptor *d, const void *request, struct cursor *out,
                        bool *is_set)
{
    const struct field_walk w = cursor_of(d);
    const char *text = (const char *)request + w.base + w.field->offset;
    uint8_t sealed[SEALED_MAX], tag[DIGEST_TAG_LEN];
    size_t len = 0;

    *out = (struct cursor){0};
    *is_set = text[0] != '\0';
    if (!*is_set)
        return ST_OK;
    if (!digest_from_b64url(text, sealed, sizeof(sealed), &len) || len < TEXT_AT)
        return forged(call, w.field);
    digest_tag(key->bytes, sealed + ASKED_AT, len - ASKED_AT, tag);
    if (!digest_equal(tag, sealed, sizeof(tag)))
        return forged(call, w.field);
    digest_request(key, d, request, tag);
    if (!digest_equal(tag, sealed + ASKED_AT, sizeof(tag)))
        return call_fail(call, ST_INVALID, "cursor_mismatch",
                         "The cursor is of this list asked with other members.");
    memcpy(out->id.b, sealed + ID_AT, sizeof(out->id.b));
    memcpy(&out->number, sealed + NUMBER_AT, NUMBER_LEN);
    memcpy(out->text, sealed + TEXT_AT, len - TEXT_AT);
    return ST_OK;
}

void cursor_seal(const struct cursor_key *key, const struct descriptor *d, const void *request,
                 const struct cursor *last, char text[PAGE_CURSOR_MAX + 1])
{
    uint8_t sealed[SEALED_MAX];
    size_t len = TEXT_AT + strlen(last->text);

    digest_request(key, d, request, sealed + ASKED_AT);
    memcpy(sealed + ID_AT, last->id.b, sizeof(last->id.b));
    memcpy(sealed + NUMBER_AT, &last->number, NUMBER_LEN);
    memcpy(sealed + TEXT_AT, last->text, len - TEXT_AT);
    digest_tag(key->bytes, sealed + ASKED_AT, len - ASKED_AT, sealed);
    digest_b64url(sealed, len, text, PAGE_CURSOR_MAX + 1);
}
