/* schema_test.c - the schema printed from the rows never refuses what decode() accepts: whoever
 * keeps to decode() keeps to the published schema. */
#include "tool/encoder/schema.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "tool/core/mem.h"
#include "tool/encoder/sample_test.h"

static size_t code_points(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static bool within(const json_t *schema, const char *low, const char *high, long long value)
{
    const json_t *min = json_object_get(schema, low), *max = json_object_get(schema, high);

    return (!min || value >= json_integer_value(min)) && (!max || value <= json_integer_value(max));
}

static bool text_allowed(const json_t *schema, const char *text)
{
    const char *pattern = json_string_value(json_object_get(schema, "pattern"));
    const json_t *names = json_object_get(schema, "enum");
    bool found = names == NULL;
    json_t *name;
    size_t i;

    json_array_foreach (names, i, name) {
        found = found || strcmp(json_string_value(name), text) == 0;
    }
    if (pattern) {
        regex_t re;
        assert_int_equal(regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB), 0);
        found = found && regexec(&re, text, 0, NULL, 0) == 0;
        regfree(&re);
    }
    return found && within(schema, "minLength", "maxLength", (long long)code_points(text));
}

static bool allowed(const json_t *schema, json_t *value);

static bool object_allowed(const json_t *schema, json_t *value)
{
    json_t *properties = json_object_get(schema, "properties"), *member;
    const char *name;
    size_t i;

    json_array_foreach (json_object_get(schema, "required"), i, member) {
        if (!json_object_get(value, json_string_value(member)))
            return false;
    }
    json_object_foreach (value, name, member) {
        json_t *known = json_object_get(properties, name);
        if (!known ? json_is_false(json_object_get(schema, "additionalProperties"))
                   : !allowed(known, member))
            return false;
    }
    return true;
}

static bool list_allowed(const json_t *schema, json_t *value)
{
    json_t *item;
    size_t i;

    json_array_foreach (value, i, item) {
        if (!allowed(json_object_get(schema, "items"), item))
            return false;
    }
    return within(schema, "minItems", "maxItems", (long long)json_array_size(value));
}

/* As much of JSON Schema as the encoder writes. */
static bool allowed(const json_t *schema, json_t *value)
{
    const char *type = json_string_value(json_object_get(schema, "type"));

    if (strcmp(type, "object") == 0)
        return json_is_object(value) && object_allowed(schema, value);
    if (strcmp(type, "array") == 0)
        return json_is_array(value) && list_allowed(schema, value);
    if (strcmp(type, "string") == 0)
        return json_is_string(value) && text_allowed(schema, json_string_value(value));
    if (strcmp(type, "integer") == 0)
        return json_is_integer(value) &&
               within(schema, "minimum", "maximum", json_integer_value(value));
    assert_string_equal(type, "boolean");
    return json_is_boolean(value);
}

static json_t *schema_of(const struct descriptor *d, unsigned flags)
{
    struct json_out o;
    char text[8192];
    json_t *schema;

    json_out_init(&o, text, sizeof(text));
    encode_schema_as(d, flags, &o);
    assert_false(o.overflow);
    schema = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(schema);
    return schema;
}

/* A small generator of our own: the same mutations on every machine. */
static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16;
}

static void mutate(char *json, unsigned *seed)
{
    static const char BYTES[] = "\"{}[]:,0159-truefalsnAZaz\xc3\xa9\\ ";
    size_t len = strlen(json);

    for (unsigned n = 1 + next_random(seed) % 2; n > 0; n--) {
        size_t at = next_random(seed) % len;
        if (next_random(seed) % 2)
            json[at] = BYTES[next_random(seed) % (sizeof(BYTES) - 1)];
        else
            memmove(json + at, json + at + 1, len-- - at);
    }
}

static void whatever_is_decoded_keeps_the_schema(void **state)
{
    json_t *schema = schema_of(&SAMPLE, SCHEMA_REQUEST);
    unsigned seed = 1, accepted = 0;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct problem problem = {.status = ST_OK};
        struct sample got;
        char json[sizeof(SAMPLE_FULL)];

        strcpy(json, SAMPLE_FULL);
        if (i > 0)
            mutate(json, &seed);
        if (decode(&SAMPLE, json, strlen(json), &got, &problem) != ST_OK)
            continue;
        json_t *value = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
        if (!value || !allowed(schema, value))
            fail_msg("decoded, but not by the schema: %s", json);
        json_decref(value);
        accepted++;
    }
    assert_true(accepted > 100);
    json_decref(schema);
}

static void the_schema_refuses_what_decode_refuses_by_bounds(void **state)
{
    static const char HEAD[] = "{\"id\":\"" SAMPLE_ID "\",\"name\":\"a\",";
    static const char *const tails[] = {
        "\"x\":1}",
        "\"amount\":6}",
        "\"amount\":1.5}",
        "\"urgent\":1}",
        "\"items\":[]}",
        "\"items\":[1]}",
        "\"tags\":[{}]}",
        "\"tags\":[\"T-1\",\"T-2\",\"T-3\",\"T-4\"]}",
        "\"colour\":\"purple\"}",
        "\"address\":{}}",
        "\"note\":\"123456789\"}",
    };
    json_t *schema = schema_of(&SAMPLE, SCHEMA_REQUEST);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        char json[256];
        snprintf(json, sizeof(json), "%s%s", HEAD, tails[i]);
        json_t *value = json_loads(json, 0, NULL);
        if (allowed(schema, value))
            fail_msg("the schema allows %s", json);
        json_decref(value);
    }
    json_decref(schema);
}

static void each_use_has_its_form(void **state)
{
    json_t *request = schema_of(&SAMPLE, SCHEMA_REQUEST);
    json_t *body = schema_of(&SAMPLE, SCHEMA_REQUEST | SCHEMA_BODY);
    json_t *reply = schema_of(&SAMPLE, 0);
    json_t *nothing = schema_of(NULL, SCHEMA_REQUEST);
    json_t *secret = json_object_get(json_object_get(request, "properties"), "secret");

    (void)state;
    assert_true(json_is_true(json_object_get(secret, "writeOnly")));
    assert_string_equal(json_string_value(json_object_get(secret, "description")),
                        "4 to 32 bytes of UTF-8.");
    assert_int_equal(json_integer_value(json_object_get(secret, "minLength")), 1);
    assert_int_equal(json_array_size(json_object_get(request, "required")), 2);
    assert_int_equal(json_array_size(json_object_get(body, "required")), 1);
    assert_null(json_object_get(json_object_get(body, "properties"), "id"));
    assert_null(json_object_get(reply, "additionalProperties"));
    secret = json_object_get(json_object_get(reply, "properties"), "secret");
    assert_null(json_object_get(secret, "writeOnly"));
    assert_int_equal(json_object_size(json_object_get(nothing, "properties")), 0);
    json_decref(request);
    json_decref(body);
    json_decref(reply);
    json_decref(nothing);
}

static void a_rule_shows_its_example(void **state)
{
    json_t *schema = schema_of(&SAMPLE_ITEM, SCHEMA_REQUEST);
    json_t *sku = json_object_get(json_object_get(schema, "properties"), "sku");
    json_t *examples = json_object_get(sku, "examples");

    (void)state;
    assert_int_equal(json_array_size(examples), 1);
    assert_string_equal(json_string_value(json_array_get(examples, 0)), SAMPLE_SKU_RULE.example);
    json_decref(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_decoded_keeps_the_schema),
        cmocka_unit_test(the_schema_refuses_what_decode_refuses_by_bounds),
        cmocka_unit_test(each_use_has_its_form),
        cmocka_unit_test(a_rule_shows_its_example),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
