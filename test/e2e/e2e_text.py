#!/usr/bin/env python3
"""What people type, in any script and from any keyboard: addresses, passwords, names."""
import sys
import unicodedata

from stack import run_cases
from tap import case, equal, eventually


def apart(text):
    """As some keyboards send it."""
    return unicodedata.normalize("NFD", text)


def refused(reply, *fields):
    equal((reply.status, reply.code), (400, "invalid_request"), repr(reply))
    equal(sorted(error["field"] for error in reply.json()["errors"]), sorted(fields), repr(reply))


@case
def an_address_has_one_account_however_it_is_written(stack):
    for first, again in (("ИВАН@example.org", "иван@example.org"), ("É@example.org", "é@example.org"), ("josé@example.org", apart("JOSÉ@example.org")),
                         ("a@bücher.example", "a@BÜCHER.example"), ("b@bücher.example", "b@xn--bcher-kva.example"),
                         ("한@빛.한국", apart("한@빛.한국"))):
        equal(stack.signup(stack.person(email=first)).status, 201, first)
        reply = stack.signup(stack.person(email=again))
        equal((reply.status, reply.code), (409, "email_taken"), again)
    equal(stack.signup(stack.person(email="jose@example.org")).status, 201)


@case
def a_password_is_the_same_from_every_keyboard(stack):
    for i, password in enumerate(("해가뜨는집의창문", apart("해가뜨는집의창문"), "crème brûlée à la carte", "뷁쀍쵉" * 14)):
        person = stack.person(password=password)
        equal(stack.signup(person).status, 201, password)
        for spelled in (password, apart(password), unicodedata.normalize("NFC", password), password.replace(" ", "\u00a0")):
            equal(stack.login(person, password=spelled).status, 200, f"{i}: {spelled}")
        equal(stack.login(person, password=password[::-1]).status, 401)


@case
def a_hash_of_before_is_of_the_password_as_typed_and_is_renewed(stack):
    """The hash is another account's, which has that password as it was typed: as it is made, of the same bytes in both forms."""
    composed, typed = "해가뜨는집의창문", apart("해가뜨는집의창문")
    person = stack.person(password=composed)
    equal(stack.signup(person).status, 201)
    before = stack.sql(f"select password_hash from hanok_auth.user where login_id = '{person['loginId']}'")[0][0]
    argon2 = hash_of(stack, typed)
    if argon2 is None:
        return
    stack.sql(f"update hanok_auth.user set password_hash = '{argon2}' where login_id = '{person['loginId']}'")
    equal(stack.login(person, password=composed).status, 401)
    equal(stack.login(person, password=typed).status, 200)
    now = stack.sql(f"select password_hash from hanok_auth.user where login_id = '{person['loginId']}'")[0][0]
    assert now not in (before, argon2)
    equal(stack.login(person, password=composed).status, 200)


def hash_of(stack, password):
    """Argon2id by another library, when there is one."""
    try:
        import ctypes
        import ctypes.util
        sodium = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
    except OSError:
        return None
    out = ctypes.create_string_buffer(128)
    text = password.encode()
    equal(sodium.crypto_pwhash_str(out, text, ctypes.c_ulonglong(len(text)), ctypes.c_ulonglong(2), ctypes.c_size_t(19456 * 1024)), 0)
    return out.value.decode()


@case
def a_password_that_is_the_person_is_weak(stack):
    kim = {"name": "Kim Cheolsu", "email": "cheolsu.kim@hanbit-soft.example", "phone": "+82 10-1234-5678"}
    for password in ("kimcheolsu", "cheolsu.kim", "hanbit-soft", "+821012345678", "010-1234-5678", "안녕하세요", "비밀번호", "가가가가가가가"):
        refused(stack.signup(stack.person(password=password, **kim)), "password")


@case
def so_is_a_new_one(stack):
    kim = stack.person(name="Kim Cheolsu", email="cheolsu.kim@hanbit-soft.example", phone="+82 10-1234-5678")
    equal(stack.signup(kim).status, 201)
    user_id, bearer = stack.token_of(kim)
    for password in ("cheolsu.kim", "hanbit-soft", "010-1234-5678"):
        refused(stack.request("PUT", f"/users/{user_id}/password", {"currentPassword": kim["password"], "newPassword": password}, bearer), "newPassword")
    changed = stack.request("PUT", f"/users/{user_id}/password", {"currentPassword": kim["password"], "newPassword": apart("뷁쀍쵉의창문")}, bearer)
    equal(changed.status, 204, repr(changed))
    equal(stack.login(kim, password="뷁쀍쵉의창문").status, 200)


@case
def what_nobody_can_see_is_refused(stack):
    for name in (" ", "\u200b", "\u3164", "\u2800", "\u200e", "a\u202eb", "a\u2028b", "a\ufdd0"):
        refused(stack.signup(stack.person(name=name)), "name")
    for email in ("\u200b@example.org", "a\u202e@example.org", "a@\u3164", "a\u00a0b@example.org", "a@\ufeff.example"):
        refused(stack.signup(stack.person(email=email)), "email")
    for name in ("👩‍👩‍👧", "می‌خواهم", "김 하나"):
        equal(stack.signup(stack.person(name=name)).status, 201, name)


@case
def more_wrong_fields_than_fit_are_said_to_be_there(stack):
    reply = stack.signup({f"unknown{i}": 1 for i in range(40)})
    equal((reply.status, len(reply.json()["errors"])), (400, 16))
    assert "more" in reply.json()["detail"], reply.json()
    reply = stack.signup(stack.person(**{"가" * 40: 1}))
    equal([error["field"] for error in reply.json()["errors"]], ["가" * 21])


@case
def an_address_of_before_gets_the_key_of_today(stack):
    person = stack.person()
    equal(stack.signup(person).status, 201)
    stack.sql(f"""set names utf8mb4; update hanok_user.user_inform set email = 'ÄÖ@example.org', email_key = 'ÄÖ@example.org'
                  where email_key = '{person['email']}'; update hanok_user.job_lease set free_at = now(6) where name = 'rekey_emails'""")
    eventually(lambda: stack.sql("set names utf8mb4; select count(*) from hanok_user.user_inform where email_key = 'äö@example.org'") == [["1"]], 120)
    reply = stack.signup(stack.person(email="äÖ@example.org"))
    equal((reply.status, reply.code), (409, "email_taken"))


if __name__ == "__main__":
    sys.exit(run_cases())
