/* descriptor.h - a message described once: decoding, validation, encoding, JSON Schema, OpenAPI and
 * discovery metadata all follow from these rows. */
#ifndef TOOL_ENCODER_DESCRIPTOR_H
#define TOOL_ENCODER_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/core/given.h"
#include "tool/core/json_out.h"
#include "tool/core/problem.h"
#include "tool/core/rule.h"

/* kind: C type of the member, JSON on the wire */
enum field_kind {
    FIELD_TEXT,  /* char[size], JSON string */
    FIELD_UUID,  /* struct uuid, JSON string */
    FIELD_TIME,  /* int64_t wall microseconds, JSON string RFC 3339 UTC */
    FIELD_INT,   /* int64_t, JSON integer within min..max */
    FIELD_BOOL,  /* bool */
    FIELD_MONEY, /* struct money, JSON {"amount":12900,"currency":"KRW"}: whole minor units within
                    min..max, a currency of ISO 4217 */
    FIELD_DATE, /* int32_t days since 1970-01-01, JSON string "2026-12-24"; the zero value is a day:
                   where that may be asked for, an optional one needs .given */
    FIELD_CURSOR, /* char[size], JSON string: where a list goes on, base64url that only its service
                     can read (page.h, tool/page) */
    FIELD_JSON,   /* char[size], JSON object that is handed on as it is: nobody here knows its
                     members */
    FIELD_ENUM,   /* int, an index into names[] (NULL-terminated), JSON string */
    FIELD_OBJECT, /* embedded struct, described by item */
    FIELD_LIST,   /* struct[max] + size_t count at count_offset, items described by item: objects,
                     or plain values where item is .bare */
    FIELD_INLINE, /* embedded struct, described by item, whose members travel at this level: the row
                     has no name and no flags of its own */
};

enum field_flag {
    FIELD_REQUIRED = 1, /* absent is an error; without it: the zero value means absent, and is left
                           out when encoding, unless the descriptor has .given */
    FIELD_SECRET = 2,   /* passwords, tokens: never logged, "writeOnly" in schemas of requests */
    FIELD_IN_PATH = 4,  /* travels in the URL's path on HTTP, in the body on NATS */
    FIELD_IN_QUERY = 8, /* travels in the URL's query on HTTP, in the body on NATS, typed by kind */
    FIELD_NULLABLE =
        16, /* may be null, which is the zero value and, where the descriptor has .given,
               a bit; without the bit, zero is written as null. Others: null is an error */
    FIELD_IN_HEADER =
        32, /* travels in a header on HTTP, "Shop-Id" for shopId, in the body on NATS */
    FIELD_ELSEWHERE =
        FIELD_IN_PATH | FIELD_IN_QUERY | FIELD_IN_HEADER, /* not in the body on HTTP */
};

struct field {
    const char *name; /* camelCase */
    enum field_kind kind;
    size_t offset, size; /* offsetof, sizeof the member */
    unsigned flags;
    const struct rule *rule;       /* FIELD_TEXT; NULL = only what fits */
    const struct descriptor *item; /* FIELD_OBJECT, FIELD_LIST, FIELD_INLINE */
    const char *const *names;      /* FIELD_ENUM */
    long long min, max;            /* FIELD_INT and amount of FIELD_MONEY, both 0 = any; FIELD_LIST:
                                      number of items, max required */
    size_t count_offset;           /* FIELD_LIST */
    long long fallback;            /* FIELD_INT: its value when it is absent; of a patch: not used.
                                      A zero that min and max forbid is written as absent */
    const char *doc;               /* one sentence for OpenAPI; NULL = none */
};

struct descriptor {
    const char *name; /* schema name in OpenAPI, "SignupRequest" */
    const char *doc;
    const struct field *fields;
    size_t n_fields;
    size_t size;  /* sizeof the struct */
    size_t given; /* offsetof its struct given, never the first member; 0 = has none. Then decoding
                     marks what was there, and what is marked is written, whatever its value */
    bool patch;   /* a merge patch (RFC 7396): members that are required may be left out, but not be
                     null; those of the path are still required. A nested object is replaced whole,
                     unless it is described by a patch itself */
    bool bare; /* of items alone: its one row is the value itself, ["cancel","pay"], and has a name
                  for people only */
};

/* clang-format off */
/* type, member, "wireName", KIND, flags, then designated extras: .rule = &X, .doc = "..." */
#define FIELD(type, member, wire, kind_, flags_, ...)                                              \
    {.name = (wire), .kind = (kind_), .offset = offsetof(type, member),                            \
     .size = sizeof(((type *)0)->member), .flags = (flags_), __VA_ARGS__}
/* type, "Name", rows, "A sentence.", then: .given = offsetof(type, given), or .bare = true */
#define DESCRIPTOR(type, name_, fields_, ...)                                                      \
    {.name = (name_), .fields = (fields_), .n_fields = sizeof(fields_) / sizeof((fields_)[0]),     \
     .size = sizeof(type), .doc = __VA_ARGS__}
/* The rows of what is patched, and its key; type has a struct given. */
#define PATCH_OF(type, name_, fields_, doc_)                                                       \
    DESCRIPTOR(type, name_, fields_, doc_, .given = offsetof(type, given), .patch = true)
/* clang-format on */

enum { DECODE_DEPTH_MAX = 32 };

/** Reads one JSON object into out (d->size bytes, zeroed first). Refused, naming each wrong field
 * in problem: not UTF-8, not an object, empty, deeper than 32, a member twice, U+0000, anything
 * after the end, unknown members, missing or null required ones, wrong types, broken rules.
 * Fields that were right are filled in even when others are wrong. Wipes its own copies of secrets.
 * ST_OK | ST_INVALID */
enum status decode(const struct descriptor *d, const char *json, size_t len, void *out,
                   struct problem *problem);
/** As decode, but members it does not know are skipped at every depth, and optional ones may be
 * null: for what another release may have written: replies, requests between services, what is
 * stored. */
enum status decode_lenient(const struct descriptor *d, const char *json, size_t len, void *out,
                           struct problem *problem);
/** Appends the JSON object to o; o->overflow says when it did not fit. d NULL writes {}. JSON
 * Schemas are schema.h's. */
void encode(const struct descriptor *d, const void *value, struct json_out *o);
/** Writes the RFC 9457 body: type, title, status, detail, instance, requestId, code, errors.
 * instance and request_id may be NULL (left out). */
void encode_problem(const struct problem *p, const char *instance, const char *request_id,
                    struct json_out *o);
/** Reads such a body back, members it does not know are skipped; http is the number beside it.
 * Always fills p. */
void decode_problem(const char *json, size_t len, int http, struct problem *p);

#endif
