/* sample_test.h - one message with a field of every kind, for the tests and fuzz targets here. */
#ifndef TOOL_ENCODER_SAMPLE_TEST_H
#define TOOL_ENCODER_SAMPLE_TEST_H

#include "tool/core/money.h"
#include "tool/core/uuid.h"
#include "tool/encoder/descriptor.h"

struct sample_item {
    char sku[9];
    int64_t price;
};

struct sample_tag {
    char text[9];
};

struct sample_address {
    char city[33];
    bool gift;
};

struct sample_extent {
    int64_t width;
    char unit[5];
};

struct sample {
    struct uuid id;
    char name[17];
    char secret[33];
    char note[9];
    int64_t amount, anything;
    bool urgent;
    int colour;
    int64_t at_us;
    struct sample_address address;
    struct sample_item items[3];
    size_t n_items;
    struct sample_tag tags[3];
    size_t n_tags;
    struct sample_extent extent; /* inline */
    struct money cost;
    int32_t day;
    char cursor[33];
    char anything_else[33]; /* JSON */
};

static const char *const SAMPLE_COLOURS[] = {"red", "green", "blue", NULL};

static const struct rule SAMPLE_NAME_RULE = {
    .min = 1, .max = 4, .reason = "must be 1 to 4 characters"};
static const struct rule SAMPLE_SECRET_RULE = {.min = 4,
                                               .max = 32,
                                               .unit = RULE_BYTES,
                                               .reason = "must be 4 to 32 bytes",
                                               .control_allowed = true};
static const struct rule SAMPLE_SKU_RULE = {.min = 2,
                                            .max = 8,
                                            .pattern = "^[A-Z]+-[0-9]+$",
                                            .reason = "must be letters, -, digits",
                                            .example = "A-1"};

static const struct field SAMPLE_ITEM_FIELDS[] = {
    FIELD(struct sample_item, sku, "sku", FIELD_TEXT, FIELD_REQUIRED, .rule = &SAMPLE_SKU_RULE),
    FIELD(struct sample_item, price, "price", FIELD_INT, FIELD_REQUIRED, .min = 1, .max = 1000),
};
static const struct descriptor SAMPLE_ITEM =
    DESCRIPTOR(struct sample_item, "SampleItem", SAMPLE_ITEM_FIELDS, "One thing.");

static const struct field SAMPLE_TAG_FIELDS[] = {
    FIELD(struct sample_tag, text, "tag", FIELD_TEXT, FIELD_REQUIRED, .rule = &SAMPLE_SKU_RULE,
          .doc = "A word."),
};
static const struct descriptor SAMPLE_TAG =
    DESCRIPTOR(struct sample_tag, "SampleTag", SAMPLE_TAG_FIELDS, "A tag.", .bare = true);

static const struct field SAMPLE_ADDRESS_FIELDS[] = {
    FIELD(struct sample_address, city, "city", FIELD_TEXT, FIELD_REQUIRED, .doc = "A city."),
    FIELD(struct sample_address, gift, "gift", FIELD_BOOL, 0, .doc = "Wrapped."),
};
static const struct descriptor SAMPLE_ADDRESS =
    DESCRIPTOR(struct sample_address, "SampleAddress", SAMPLE_ADDRESS_FIELDS, "Where to.");

static const struct field SAMPLE_EXTENT_FIELDS[] = {
    FIELD(struct sample_extent, width, "width", FIELD_INT, 0, .min = 0, .max = 100),
    FIELD(struct sample_extent, unit, "unit", FIELD_TEXT, 0, .doc = "Of what."),
};
static const struct descriptor SAMPLE_EXTENT =
    DESCRIPTOR(struct sample_extent, "SampleExtent", SAMPLE_EXTENT_FIELDS, "How wide.");

static const struct field SAMPLE_FIELDS[] = {
    FIELD(struct sample, id, "id", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Which."),
    FIELD(struct sample, name, "name", FIELD_TEXT, FIELD_REQUIRED, .rule = &SAMPLE_NAME_RULE,
          .doc = "What it is called."),
    FIELD(struct sample, secret, "secret", FIELD_TEXT, FIELD_SECRET, .rule = &SAMPLE_SECRET_RULE),
    FIELD(struct sample, note, "note", FIELD_TEXT, 0, .doc = "No rule."),
    FIELD(struct sample, amount, "amount", FIELD_INT, 0, .min = -5, .max = 5),
    FIELD(struct sample, anything, "anything", FIELD_INT, 0, .doc = "No bounds."),
    FIELD(struct sample, urgent, "urgent", FIELD_BOOL, 0, .doc = "In a hurry."),
    FIELD(struct sample, colour, "colour", FIELD_ENUM, 0, .names = SAMPLE_COLOURS),
    FIELD(struct sample, at_us, "at", FIELD_TIME, 0, .doc = "When."),
    FIELD(struct sample, address, "address", FIELD_OBJECT, 0, .item = &SAMPLE_ADDRESS),
    FIELD(struct sample, items, "items", FIELD_LIST, 0, .item = &SAMPLE_ITEM, .min = 1, .max = 3,
          .count_offset = offsetof(struct sample, n_items)),
    FIELD(struct sample, tags, "tags", FIELD_LIST, 0, .item = &SAMPLE_TAG, .max = 3,
          .count_offset = offsetof(struct sample, n_tags)),
    FIELD(struct sample, extent, "", FIELD_INLINE, 0, .item = &SAMPLE_EXTENT),
    FIELD(struct sample, cost, "cost", FIELD_MONEY, 0, .min = 0, .max = MONEY_MAX),
    FIELD(struct sample, day, "day", FIELD_DATE, 0, .doc = "Which day."),
    FIELD(struct sample, cursor, "cursor", FIELD_CURSOR, 0, .doc = "Go on there."),
    FIELD(struct sample, anything_else, "else", FIELD_JSON, 0, .doc = "Whatever."),
};
static const struct descriptor SAMPLE =
    DESCRIPTOR(struct sample, "Sample", SAMPLE_FIELDS, "A bit of everything.");

#define SAMPLE_ID "0197f3a0-1234-7abc-8def-0123456789ab"

/* Every member, right. */
static const char SAMPLE_FULL[] =
    "{\"id\":\"" SAMPLE_ID "\",\"name\":\"na\\u00efv\",\"secret\":\"p\\nss\",\"note\":\"hello\","
    "\"amount\":-5,\"anything\":9223372036854775807,\"urgent\":true,\"colour\":\"blue\","
    "\"at\":\"2026-01-31T12:34:56.123456Z\",\"address\":{\"city\":\"Seoul\",\"gift\":true},"
    "\"items\":[{\"sku\":\"A-1\",\"price\":1},{\"sku\":\"BC-23\",\"price\":1000}],"
    "\"tags\":[\"T-1\",\"T-2\"],"
    "\"width\":100,\"unit\":\"cm\","
    "\"cost\":{\"amount\":12900,\"currency\":\"KRW\"},\"day\":\"2026-12-24\","
    "\"cursor\":\"AZaz09_-\",\"else\":{\"a\":[1,{\"b\":\"\xc3\xaf\"}]}}";

#endif
