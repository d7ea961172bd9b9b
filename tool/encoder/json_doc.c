/* json_doc.c - see json_doc.h. */
#include "tool/encoder/json_doc.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "tool/encoder/descriptor.h"

enum { NAME_SHOWN_MAX = 40 };

static const char INVALID[] = "invalid_request";

static void free_wiped(void *memory)
{
    if (memory)
        explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

/* A document may hold passwords and tokens, and jansson copies them into its values as well as into
 * the buffers of its parser: wiping whatever it frees reaches every copy. Before main, because the
 * setting is the whole process's and must not change under a running thread. */
__attribute__((constructor)) static void wipe_what_jansson_frees(void)
{
    json_set_alloc_funcs(malloc, free_wiped);
}

static size_t skip_space(const char *json, size_t len, size_t at)
{
    while (at < len &&
           (json[at] == ' ' || json[at] == '\t' || json[at] == '\n' || json[at] == '\r'))
        at++;
    return at;
}

/* How deep brackets nest outside of strings, whether the text is JSON or not: jansson's own limit
 * is fixed when it is built. */
static bool too_deep(const char *json, size_t len)
{
    bool in_string = false;
    int depth = 0;

    for (size_t i = 0; i < len; i++) {
        char c = json[i];
        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (in_string)
            continue;
        else if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']')
            depth--;
        if (depth > DECODE_DEPTH_MAX)
            return true;
    }
    return false;
}

static bool is_escaped(const char *json, size_t at)
{
    size_t backslashes = 0;

    while (backslashes < at && json[at - 1 - backslashes] == '\\')
        backslashes++;
    return backslashes % 2 == 1;
}

/* The member's name whose closing quote is at that offset, as it was sent, cut where it is long. */
static const char *name_before(const char *json, size_t closing, int *shown)
{
    size_t opening = closing - 1;

    while (opening > 0 && (json[opening] != '"' || is_escaped(json, opening)))
        opening--;
    const char *name = json + opening + 1;
    size_t n = closing - opening - 1;
    if (n > NAME_SHOWN_MAX)
        for (n = NAME_SHOWN_MAX; n > 0 && ((unsigned char)name[n] & 0xC0) == 0x80;)
            n--;
    *shown = (int)n;
    return name;
}

/* jansson's own words quote the text around the error, which may be a password: only its code and
 * its position are used. */
static void explain(const char *json, const json_error_t *error, struct problem *problem)
{
    size_t at = error->position > 0 ? (size_t)error->position : 1;
    const char *name;
    int shown;

    switch ((int)json_error_code(error)) {
    case json_error_invalid_utf8:
        problem_set(problem, ST_INVALID, INVALID, "The body is not UTF-8 at byte %zu.",
                    (size_t)error->position + 1);
        return;
    case json_error_premature_end_of_input:
        problem_set(problem, ST_INVALID, INVALID, "The body ends before its JSON does.");
        return;
    case json_error_null_character:
    case json_error_null_byte_in_key:
        problem_set(problem, ST_INVALID, INVALID, "The body holds U+0000 at byte %zu.", at);
        return;
    case json_error_duplicate_key:
        name = name_before(json, at - 1, &shown);
        problem_set(problem, ST_INVALID, INVALID,
                    "The member \"%.*s\" is there twice, at byte %zu.", shown, name, at);
        return;
    case json_error_numeric_overflow:
        problem_set(problem, ST_INVALID, INVALID, "A number is out of range at byte %zu.", at);
        return;
    default:
        problem_set(problem, ST_INVALID, INVALID, "The body is not JSON near byte %zu.", at);
    }
}

json_t *json_doc_load(const char *json, size_t len, struct problem *problem)
{
    size_t start = skip_space(json, len, 0);
    const char *nul = len > 0 ? memchr(json, '\0', len) : NULL;
    json_error_t error;
    json_t *doc = NULL;

    if (start == len) {
        problem_set(problem, ST_INVALID, INVALID, "The body is empty.");
        return NULL;
    }
    if (nul) {
        problem_set(problem, ST_INVALID, INVALID, "The body holds U+0000 at byte %zu.",
                    (size_t)(nul - json) + 1);
        return NULL;
    }
    if (json[start] != '{') {
        problem_set(problem, ST_INVALID, INVALID, "The body must be a JSON object.");
        return NULL;
    }
    if (too_deep(json, len)) {
        problem_set(problem, ST_INVALID, INVALID, "The body is nested deeper than %d levels.",
                    DECODE_DEPTH_MAX);
        return NULL;
    }
    doc = json_loadb(json, len, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);
    if (!doc) {
        explain(json, &error, problem);
    } else {
        size_t end = skip_space(json, len, (size_t)error.position);
        if (end < len) {
            problem_set(problem, ST_INVALID, INVALID,
                        "There is something after the end of the body, at byte %zu.", end + 1);
            json_decref(doc);
            doc = NULL;
        }
    }
    explicit_bzero(&error, sizeof(error));
    return doc;
}
