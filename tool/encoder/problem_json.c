/* problem_json.c - problems as RFC 9457 bodies, and back. */
#include <string.h>

#include "tool/core/call.h"
#include "tool/core/mem.h"
#include "tool/encoder/schema.h"

/* A problem as it is on the wire. */
struct problem_body {
    char type[64];
    char title[64];
    int64_t status;
    char detail[PROBLEM_DETAIL_MAX + 1];
    char instance[1024];
    char request_id[CALL_REQUEST_ID_MAX + 1];
    char code[PROBLEM_CODE_MAX + 1];
    struct problem_error errors[PROBLEM_ERRORS_MAX];
    size_t n_errors;
};

static const struct field ERROR_FIELDS[] = {
    FIELD(struct problem_error, field, "field", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Which one, as \"email\" or \"items[3].price\"."),
    FIELD(struct problem_error, reason, "reason", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "What is wrong with it."),
};

static const struct descriptor ERROR =
    DESCRIPTOR(struct problem_error, "ProblemError", ERROR_FIELDS, "One wrong field.");

static const struct field BODY_FIELDS[] = {
    FIELD(struct problem_body, type, "type", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Always about:blank: code says which problem it is."),
    FIELD(struct problem_body, title, "title", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "The kind of problem, for a person."),
    FIELD(struct problem_body, status, "status", FIELD_INT, FIELD_REQUIRED, .min = 100, .max = 599,
          .doc = "The HTTP status."),
    FIELD(struct problem_body, detail, "detail", FIELD_TEXT, 0,
          .doc = "What went wrong this time, for a person."),
    FIELD(struct problem_body, instance, "instance", FIELD_TEXT, 0, .doc = "The path asked for."),
    FIELD(struct problem_body, request_id, "requestId", FIELD_TEXT, 0,
          .doc = "The X-Request-Id under which the logs know it."),
    FIELD(struct problem_body, code, "code", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Which problem it is, for a program; stable."),
    FIELD(struct problem_body, errors, "errors", FIELD_LIST, 0, .item = &ERROR,
          .max = PROBLEM_ERRORS_MAX, .count_offset = offsetof(struct problem_body, n_errors),
          .doc = "Every wrong field of the request."),
};

const struct descriptor PROBLEM_BODY =
    DESCRIPTOR(struct problem_body, "Problem", BODY_FIELDS, "Why it was refused (RFC 9457).");

/* A status has its own code; where several share one HTTP status, the code tells them apart. */
static enum status status_of(int http, const char *code)
{
#define X(name, http_, code_, title)                                                               \
    if (http == http_ && strcmp(code, code_) == 0)                                                 \
        return name;
    STATUS_LIST(X)
#undef X
    return status_from_http(http);
}

void encode_problem(const struct problem *p, const char *instance, const char *request_id,
                    struct json_out *o)
{
    struct problem_body body = {.type = "about:blank", .status = status_http(p->status)};

    TEXT_COPY(body.title, status_title(p->status));
    TEXT_COPY(body.detail, p->detail);
    TEXT_COPY(body.code, p->code[0] != '\0' ? p->code : status_code(p->status));
    if (instance)
        TEXT_COPY(body.instance, instance);
    if (request_id)
        TEXT_COPY(body.request_id, request_id);
    body.n_errors = p->n_errors;
    memcpy(body.errors, p->errors, p->n_errors * sizeof(p->errors[0]));
    encode(&PROBLEM_BODY, &body, o);
}

void decode_problem(const char *json, size_t len, int http, struct problem *p)
{
    struct problem_body body;
    struct problem ignored = {.status = ST_OK};

    /* Whatever could be read is worth having, and the number is there in any case. */
    decode_lenient(&PROBLEM_BODY, json, len, &body, &ignored);
    *p =
        (struct problem){.status = status_of(http, body.code), .n_errors = (unsigned)body.n_errors};
    TEXT_COPY(p->code, body.code[0] != '\0' ? body.code : status_code(p->status));
    TEXT_COPY(p->detail, body.detail);
    memcpy(p->errors, body.errors, body.n_errors * sizeof(p->errors[0]));
}
