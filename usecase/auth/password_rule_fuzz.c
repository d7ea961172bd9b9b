/* password_rule_fuzz.c - any password of anybody: it is weak or not, and who he is only makes it
 * weaker. */
#include <stdint.h>
#include <string.h>

#include "tool/core/assert.h"
#include "usecase/auth/password_rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Up to the next line feed. */
static void take(const uint8_t **data, size_t *size, char *out, size_t room)
{
    const uint8_t *end = memchr(*data, '\n', *size);
    size_t len = end ? (size_t)(end - *data) : *size;
    size_t kept = len < room - 1 ? len : room - 1;

    memcpy(out, *data, kept);
    out[kept] = '\0';
    len += end != NULL;
    *data += len;
    *size -= len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct person person;
    char password[65], login_id[33]; /* longer ones take their time */

    take(&data, &size, password, sizeof(password));
    take(&data, &size, login_id, sizeof(login_id));
    take(&data, &size, person.name, sizeof(person.name));
    take(&data, &size, person.email, sizeof(person.email));
    take(&data, &size, person.phone, sizeof(person.phone));
    if (password_is_weak(password, login_id, NULL))
        ASSERT(password_is_weak(password, login_id, &person));
    return 0;
}
