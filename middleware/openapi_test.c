/* openapi_test.c - the document, over routes of every shape. */
#include "middleware/openapi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "middleware/openapi_at_test.h"
#include "protocol/auth.h"
#include "protocol/operations.h"
#include "protocol/user.h"
#include "tool/core/mem.h"
#include "tool/encoder/schema.h"

struct thing_query {
    int64_t limit;
    char after[64], word[16], note[16];
};

static const struct field THING_QUERY_FIELDS[] = {
    FIELD(struct thing_query, limit, "limit", FIELD_INT, FIELD_IN_QUERY, .min = 1, .max = 100,
          .doc = "How many."),
    FIELD(struct thing_query, after, "after", FIELD_TEXT, FIELD_IN_QUERY | FIELD_REQUIRED,
          .doc = "Where to go on."),
    FIELD(struct thing_query, note, "note", FIELD_TEXT, 0, .doc = "In the body."),
};

static const struct descriptor THING_QUERY =
    DESCRIPTOR(struct thing_query, "ThingQuery", THING_QUERY_FIELDS, "Which things.");

static const struct operation THING_LIST = {
    .subject = "thing.list", .summary = "List things", .request = &THING_QUERY};

struct thing {
    char name[16], secret[16];
};

static const struct field THING_FIELDS[] = {
    FIELD(struct thing, name, "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Which."),
    FIELD(struct thing, secret, "secret", FIELD_TEXT, FIELD_SECRET, .doc = "What it hides."),
};

static const struct descriptor THING = DESCRIPTOR(struct thing, "Thing", THING_FIELDS, "A thing.");

static const struct operation THING_PUT = {.subject = "thing.put",
                                           .summary = "Put a thing",
                                           .request = &THING,
                                           .reply = &THING,
                                           .pending = "Not decided yet."};

static const struct operation THING_PATCH = {
    .subject = "thing.patch",
    .summary = "Change a thing",
    .request = &THING,
    .access = {.kind = ACCESS_ROLE, .roles = "keeper"}
};

static const struct operation THING_DROP = {
    .subject = "thing.drop", .summary = "Drop a thing", .access = {.kind = ACCESS_CALLER}};

/* clang-format off */
static const struct openapi_route ROUTES[] = {
    {.method = "PATCH", .path = "/things/{name}", .op = &THING_PATCH, .success_status = 200,
     .bearer = true, .body = true, .etag = true},
    {.method = "DELETE", .path = "/things/{name}", .op = &THING_DROP, .success_status = 204, .bearer = true,
     .fresh = true},
    {.method = "PUT", .path = "/things/{name}", .op = &THING_PUT, .success_status = 200, .body = true},
    {.method = "PUT", .path = "/old/things/{name}", .op = &THING_PUT, .success_status = 200, .body = true},
    {.method = "PUT", .path = "/later/things/{name}", .op = &THING_PUT, .success_status = 202, .body = true},
    {.method = "POST", .path = "/things", .op = &THING_LIST, .success_status = 200, .body = true},
    {.method = "GET", .path = "/welcome", .summary = "Say hello", .success_status = 200},
    {.method = "GET", .path = "/docs", .summary = "These pages", .success_status = 200, .media_type = "text/html"},
    {.method = "GET", .path = "/health", .summary = "Well?", .success_status = 200, .or_503 = true},
    {.method = "POST", .path = "/signup", .op = &AUTH_SIGNUP, .success_status = 201, .body = true,
     .prefer = true, .idempotency_key = true, .location = true},
    {.method = "GET", .path = "/signups/{sagaId}", .op = &AUTH_SIGNUP_STATUS, .success_status = 200},
    {.method = "POST", .path = "/login", .op = &AUTH_LOGIN, .success_status = 200, .body = true},
    {.method = "GET", .path = "/users/{userId}", .op = &USER_GET, .success_status = 200, .bearer = true, .etag = true,
     .live = true},
    {.method = "GET", .path = "/.well-known/jwks.json", .op = &AUTH_JWKS, .success_status = 200, .etag = true},
    {.method = "DELETE", .path = "/welcome", .summary = "Say goodbye", .success_status = 204},
};
/* clang-format on */

static int build(void **state)
{
    size_t len;
    char *text = openapi_build(ROUTES, ARRAY_LEN(ROUTES), "1.2.3", &len);
    const char *file = getenv("OPENAPI_OUT"); /* to look at it, or for another's validator */
    FILE *out = file ? fopen(file, "w") : NULL;

    assert_int_equal(strlen(text), len);
    if (out) {
        fwrite(text, 1, len, out);
        fclose(out);
    }
    *state = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(*state);
    free(text);
    return 0;
}

static const char *text_at(json_t *value, const char *key)
{
    const char *text = json_string_value(json_object_get(value, key));
    return text ? text : "";
}

static void every_route_is_an_operation_with_its_own_id(void **state)
{
    json_t *ids = json_object(), *item, *operation;
    const char *path, *method;

    json_object_foreach (AT(*state, "paths"), path, item) {
        json_object_foreach (item, method, operation) {
            assert_true(text_at(operation, "summary")[0] != '\0');
            json_object_set(ids, text_at(operation, "operationId"), operation);
        }
    }
    assert_int_equal(json_object_size(ids), ARRAY_LEN(ROUTES));
    assert_non_null(json_object_get(ids, "authSignupStatus"));
    assert_non_null(json_object_get(ids, "getDocs"));
    assert_int_equal(json_object_size(AT(*state, "paths", "/welcome")), 2);
    assert_string_equal(text_at(AT(*state, "info"), "version"), "1.2.3");
    json_decref(ids);
}

/* "#/components/kind/name" */
static json_t *follow(json_t *document, const char *ref)
{
    static const char PREFIX[] = "#/components/";
    char kind[32];

    assert_memory_equal(ref, PREFIX, strlen(PREFIX));
    ref += strlen(PREFIX);
    snprintf(kind, sizeof(kind), "%.*s", (int)strcspn(ref, "/"), ref);
    return AT(document, "components", kind, ref + strlen(kind) + 1);
}

static void check_refs(json_t *document, json_t *value)
{
    const char *key;
    json_t *child;
    size_t i;

    json_array_foreach (value, i, child) {
        check_refs(document, child);
    }
    json_object_foreach (value, key, child) {
        check_refs(document, child);
        if (strcmp(key, "$ref") == 0 && !follow(document, json_string_value(child)))
            fail_msg("%s leads nowhere", json_string_value(child));
    }
}

static void every_reference_leads_somewhere(void **state)
{
    check_refs(*state, *state);
}

static void a_signup_shows_body_headers_and_codes(void **state)
{
    json_t *op = AT(*state, "paths", "/signup", "post");
    json_t *both =
        AT(op, "responses", "409", "content", "application/problem+json", "schema", "allOf");
    json_t *codes = AT(json_array_get(both, 1), "properties", "code", "enum");

    assert_string_equal(
        text_at(AT(op, "requestBody", "content", "application/json", "schema"), "$ref"),
        "#/components/schemas/SignupRequest");
    assert_int_equal(json_array_size(AT(op, "parameters")), 2);
    assert_non_null(AT(op, "responses", "201", "headers", "Location"));
    assert_int_equal(json_array_size(codes), 3);
    assert_non_null(AT(op, "responses", "422"));
    assert_non_null(AT(op, "responses", "429", "headers", "Retry-After"));
    assert_non_null(AT(op, "responses", "415"));
    assert_null(AT(op, "responses", "401"));
    assert_true(json_is_true(AT(*state, "components", "schemas", "SignupRequest", "properties",
                                "password", "writeOnly")));
}

static void a_protected_path_shows_its_parameter_and_scheme(void **state)
{
    json_t *op = AT(*state, "paths", "/users/{userId}", "get");
    json_t *parameter = json_array_get(AT(op, "parameters"), 0);

    assert_string_equal(text_at(parameter, "name"), "userId");
    assert_string_equal(text_at(json_object_get(parameter, "schema"), "format"), "uuid");
    assert_non_null(json_object_get(json_array_get(AT(op, "security"), 0), "bearer"));
    assert_non_null(AT(op, "responses", "304", "headers", "ETag"));
    assert_non_null(AT(op, "responses", "401", "headers", "WWW-Authenticate"));
    assert_null(AT(op, "requestBody"));
    assert_null(AT(*state, "components", "schemas", "UserQuery"));
}

static void only_what_can_be_waited_for_is_a_stream_too(void **state)
{
    json_t *user = AT(*state, "paths", "/users/{userId}", "get");
    json_t *keys = AT(*state, "paths", "/.well-known/jwks.json", "get");

    assert_int_equal(json_array_size(AT(user, "parameters")), 3);
    assert_non_null(AT(user, "responses", "200", "content", "text/event-stream"));
    assert_int_equal(json_array_size(AT(keys, "parameters")), 1);
    assert_null(AT(keys, "responses", "200", "content", "text/event-stream"));
}

static void query_members_are_parameters_and_not_in_the_body(void **state)
{
    json_t *op = AT(*state, "paths", "/things", "post");
    json_t *limit = json_array_get(AT(op, "parameters"), 0);
    json_t *after = json_array_get(AT(op, "parameters"), 1);
    json_t *body = AT(*state, "components", "schemas", "ThingQuery");

    assert_int_equal(json_array_size(AT(op, "parameters")), 2);
    assert_string_equal(text_at(limit, "name"), "limit");
    assert_string_equal(text_at(limit, "in"), "query");
    assert_true(json_is_false(json_object_get(limit, "required")));
    assert_int_equal(json_integer_value(AT(limit, "schema", "maximum")), 100);
    assert_string_equal(text_at(after, "name"), "after");
    assert_true(json_is_true(json_object_get(after, "required")));
    assert_int_equal(json_object_size(AT(body, "properties")), 1);
    assert_non_null(AT(body, "properties", "note"));
    assert_int_equal(json_array_size(AT(body, "required")), 0);
    assert_non_null(AT(op, "responses", "400"));
}

static void what_is_sent_and_read_has_a_schema_for_each(void **state)
{
    json_t *op = AT(*state, "paths", "/things/{name}", "put");
    json_t *sent = AT(*state, "components", "schemas", "ThingBody", "properties");
    json_t *read = AT(*state, "components", "schemas", "Thing", "properties");

    assert_string_equal(
        text_at(AT(op, "requestBody", "content", "application/json", "schema"), "$ref"),
        "#/components/schemas/ThingBody");
    assert_string_equal(
        text_at(AT(op, "responses", "200", "content", "application/json", "schema"), "$ref"),
        "#/components/schemas/Thing");
    assert_int_equal(json_object_size(sent), 1);
    assert_true(json_is_true(AT(sent, "secret", "writeOnly")));
    assert_int_equal(json_object_size(read), 2);
    assert_null(AT(read, "secret", "writeOnly"));
}

static void what_may_be_undecided_shows_its_202(void **state)
{
    json_t *answers = AT(*state, "paths", "/things/{name}", "put", "responses");
    json_t *only = AT(*state, "paths", "/later/things/{name}", "put", "responses", "202");

    assert_string_equal(text_at(AT(answers, "202"), "description"), "Not decided yet.");
    assert_non_null(AT(answers, "202", "content", "application/json", "schema", "$ref"));
    assert_string_equal(text_at(only, "description"), "A thing. Not decided yet.");
    assert_null(AT(*state, "paths", "/signup", "post", "responses", "202"));
}

static void a_patch_shows_its_types_and_its_condition(void **state)
{
    json_t *op = AT(*state, "paths", "/things/{name}", "patch");
    json_t *if_match = json_array_get(AT(op, "parameters"), 1);

    assert_int_equal(json_object_size(AT(op, "requestBody", "content")), 2);
    assert_non_null(AT(op, "requestBody", "content", "application/merge-patch+json", "schema"));
    assert_string_equal(text_at(if_match, "$ref"), "#/components/parameters/IfMatch");
    assert_non_null(AT(op, "responses", "412"));
    assert_non_null(AT(op, "responses", "200", "headers", "ETag"));
    assert_null(AT(op, "responses", "304"));
}

static void who_may_ask_is_the_operations_word(void **state)
{
    json_t *role = AT(*state, "paths", "/things/{name}", "patch");
    json_t *caller = AT(*state, "paths", "/things/{name}", "delete");

    assert_non_null(json_object_get(json_array_get(AT(role, "security"), 0), "bearer"));
    assert_non_null(AT(role, "responses", "401"));
    assert_non_null(strstr(text_at(AT(role, "responses", "403"), "description"), "role"));
    assert_null(strstr(text_at(AT(role, "responses", "401"), "description"), "session"));
    assert_non_null(strstr(text_at(AT(caller, "responses", "401"), "description"), "session"));
    assert_null(AT(caller, "responses", "403"));
}

static void a_reply_without_a_body_has_no_content(void **state)
{
    assert_null(AT(*state, "paths", "/welcome", "delete", "responses", "204", "content"));
}

static void what_can_be_unwell_shows_its_503(void **state)
{
    json_t *answers = AT(*state, "paths", "/health", "get", "responses");

    assert_non_null(AT(answers, "503", "content", "application/json"));
    assert_non_null(AT(answers, "503", "headers", "Retry-After"));
}

/* As if each were behind a route of its own, with a body and without. */
static void all_operations_of_the_house_fit_into_one_document(void **state)
{
    struct openapi_route routes[512];
    static char paths[512][32];
    size_t n = 0, len;

    (void)state;
    for (size_t i = 0; OPERATIONS[i] && n + 1 < ARRAY_LEN(routes); i++, n += 2) {
        snprintf(paths[n], sizeof(paths[n]), "/op/%zu", i);
        routes[n] = (struct openapi_route){.method = "POST",
                                           .path = paths[n],
                                           .op = OPERATIONS[i],
                                           .success_status = 200,
                                           .body = true};
        routes[n + 1] = routes[n];
        routes[n + 1].method = "GET";
        routes[n + 1].body = false;
    }
    char *text = openapi_build(routes, n, "1", &len);
    json_t *document = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(document);
    check_refs(document, document);
    json_decref(document);
    free(text);
}

/* Whatever has one name is one schema. */
static void check_name(const struct descriptor *d, const struct descriptor *other)
{
    if (d && other && d != other && strcmp(d->name, other->name) == 0)
        fail_msg("two messages are called %s", d->name);
}

static void messages_of_one_name_are_one_message(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++) {
        const struct operation *a = OPERATIONS[i];

        check_name(a->request, a->reply);
        check_name(a->request, &PROBLEM_BODY);
        check_name(a->reply, &PROBLEM_BODY);
        for (size_t k = i + 1; OPERATIONS[k]; k++) {
            check_name(a->request, OPERATIONS[k]->request);
            check_name(a->request, OPERATIONS[k]->reply);
            check_name(a->reply, OPERATIONS[k]->request);
            check_name(a->reply, OPERATIONS[k]->reply);
        }
    }
}

static void a_large_document_fits_as_well(void **state)
{
    enum { MANY = 300 };
    struct openapi_route *routes = mem_alloc(MANY, sizeof(*routes));
    char(*paths)[32] = mem_alloc(MANY, sizeof(*paths));
    size_t len;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        snprintf(paths[i], sizeof(paths[i]), "/signup/%d", i);
        routes[i] = ROUTES[7];
        routes[i].path = paths[i];
    }
    char *text = openapi_build(routes, MANY, "1", &len);
    json_t *document = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    assert_int_equal(json_object_size(json_object_get(document, "paths")), MANY);
    json_decref(document);
    free(text);
    free(paths);
    free(routes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_an_operation_with_its_own_id),
        cmocka_unit_test(every_reference_leads_somewhere),
        cmocka_unit_test(a_signup_shows_body_headers_and_codes),
        cmocka_unit_test(a_protected_path_shows_its_parameter_and_scheme),
        cmocka_unit_test(only_what_can_be_waited_for_is_a_stream_too),
        cmocka_unit_test(query_members_are_parameters_and_not_in_the_body),
        cmocka_unit_test(what_is_sent_and_read_has_a_schema_for_each),
        cmocka_unit_test(what_may_be_undecided_shows_its_202),
        cmocka_unit_test(a_patch_shows_its_types_and_its_condition),
        cmocka_unit_test(who_may_ask_is_the_operations_word),
        cmocka_unit_test(a_reply_without_a_body_has_no_content),
        cmocka_unit_test(what_can_be_unwell_shows_its_503),
        cmocka_unit_test(all_operations_of_the_house_fit_into_one_document),
        cmocka_unit_test(messages_of_one_name_are_one_message),
        cmocka_unit_test(a_large_document_fits_as_well),
    };

    return cmocka_run_group_tests(tests, build, drop);
}
