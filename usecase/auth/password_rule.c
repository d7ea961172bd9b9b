/* password_rule.c - see password_rule.h. */
#include "usecase/auth/password_rule.h"

#include <string.h>

#include "model/account.h"
#include "tool/core/mem.h"
#include "tool/crypto/password.h"
#include "tool/text/text.h"

enum { WORDS_MAX = 64, TEXT_MAX = 8192, ONE_MAX = TEXT_FOLD_GROWTH * PROFILE_NAME_BYTES_MAX };
enum { PHONE_TAIL = 7 }; /* what is left of a number without its prefixes, at least */

static const char PUNCTUATION[] = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/* What somebody is known by, case folded. */
struct words {
    const char *list[WORDS_MAX + 1]; /* NULL-terminated */
    char text[TEXT_MAX];             /* where they stand */
    size_t n, used;
};

static void add(struct words *w, const char *text, size_t len)
{
    if (len < 2 || w->n == WORDS_MAX || len >= TEXT_MAX - w->used)
        return;
    memcpy(w->text + w->used, text, len);
    w->text[w->used + len] = '\0';
    w->list[w->n++] = w->text + w->used;
    w->used += len + 1;
}

static bool fold(const char *text, size_t len, char folded[ONE_MAX + 1])
{
    char given[ONE_MAX + 1], opaque[ONE_MAX + 1];

    if (len > ONE_MAX)
        return false;
    memcpy(given, text, len);
    given[len] = '\0';
    return text_opaque(given, opaque, sizeof(opaque)) && text_fold(opaque, folded, ONE_MAX + 1);
}

static void add_whole(struct words *w, const char *text)
{
    char folded[ONE_MAX + 1];

    if (fold(text, strlen(text), folded))
        add(w, folded, strlen(folded));
}

/* The whole, its parts, and those joined. */
static void add_all(struct words *w, const char *text, size_t len)
{
    char folded[ONE_MAX + 1], joined[ONE_MAX + 1];
    size_t n = 0;

    if (!fold(text, len, folded))
        return;
    add(w, folded, strlen(folded));
    for (const char *part = folded; *part != '\0';) {
        size_t whole = strcspn(part, PUNCTUATION);
        memcpy(joined + n, part, whole);
        n += whole;
        add(w, part, whole);
        part += whole;
        part += strspn(part, PUNCTUATION);
    }
    add(w, joined, n);
}

/* Behind the @ the last label says nothing of the person. */
static void add_email(struct words *w, const char *email)
{
    const char *at = strrchr(email, '@'), *last;

    if (!at) /* not read */
        return;
    add_whole(w, email);
    add_whole(w, at + 1);
    add_all(w, email, (size_t)(at - email));
    last = strrchr(at, '.');
    add_all(w, at + 1, last ? (size_t)(last - at - 1) : strlen(at + 1));
}

/* As it is dialled from abroad, and from home: a country's code has 1 to 3 digits. */
static void add_phone(struct words *w, const char *phone)
{
    char home[PROFILE_PHONE_RAW_MAX + 2];

    phone += *phone == '+';
    add(w, phone, strlen(phone));
    for (size_t code = 1; code <= 3 && strlen(phone) > code + PHONE_TAIL; code++) {
        home[0] = '0';
        text_copy(home + 1, sizeof(home) - 1, phone + code);
        add(w, home, strlen(home));
    }
}

/* Digits, with what people put between and before them, that end as the number does. */
static bool is_phone(const char *password, const char *phone)
{
    char digits[PASSWORD_MAX + 1];
    size_t n = 0, len = strlen(phone), same = 0;

    if (password[strspn(password, "0123456789 +-()./")] != '\0')
        return false;
    for (; *password != '\0' && n < PASSWORD_MAX; password++)
        if (*password >= '0' && *password <= '9')
            digits[n++] = *password;
    while (same < n && same < len && digits[n - 1 - same] == phone[len - 1 - same])
        same++;
    return same >= PHONE_TAIL;
}

bool password_is_weak(const char *password, const char *login_id, const struct person *person)
{
    struct words *w = MEM_NEW(struct words);
    bool weak;

    add(w, "hanok", strlen("hanok"));
    add_all(w, login_id, strlen(login_id));
    if (person) {
        add_all(w, person->name, strlen(person->name));
        add_email(w, person->email);
        add_phone(w, person->phone);
    }
    weak = password_strength_bits(password, w->list) < PASSWORD_BITS_MIN ||
           (person && is_phone(password, person->phone));
    free(w);
    return weak;
}
