#!/usr/bin/env python3
"""The pages on a real stack, in a real browser: small, as `make up` serves them, and whole from an order to its end."""
import contextlib
import sys

import browser
import tap
from screen import Screen
from shop import Shop
from stack import PASSWORD, Stack, sanitizers_are_silent
from tap import case, equal, eventually

FIRST_PAGE_BYTES = 60 * 1024


class World:
    def __init__(self, stack, b):
        self.stack, self.shop = stack, Shop(stack)
        self.screen = Screen(b, f"http://127.0.0.1:{stack.port}")
        self.goods = self.shop.product(price=6500, on_hand=5)


@case
def the_first_page_is_small_and_from_here_alone(world):
    screen = world.screen
    screen.open("/")
    screen.sees(world.goods["name"]) if "가게 목록을 지금 볼 수 없어" in screen.text() else screen.sees("가게")
    _, asked = screen.browser.seen()
    eventually(lambda: all(one.bytes for one in screen.browser.seen()[1] if one.status == 200))
    total = sum(one.bytes for one in screen.browser.seen()[1])
    assert 0 < total <= FIRST_PAGE_BYTES, f"{total} bytes: {asked}"
    screen.is_clean("404")


@case
def somebody_signs_up_orders_watches_and_cancels(world):
    screen, person = world.screen, world.stack.person()
    screen.open("/#/signup")
    for name, member in (("아이디", "loginId"), ("비밀번호", "password"), ("이름", "name"), ("이메일", "email"), ("전화번호", "phone")):
        screen.fill(name, person[member])
    screen.press("Enter")
    screen.sees("가입했습니다")
    screen.run(f"location.hash = '#/shops/{world.goods['storeId']}'")
    screen.click(f"{world.goods['name']} 담기")
    screen.run("location.hash = '#/checkout'")
    screen.fill("받을 주소", "부산 해운대구 달맞이길 62번길 7")
    screen.click("결제하고 주문하기", times=2)
    screen.sees("결제했고, 가게에 전했습니다.")
    screen.sees("실시간", where="header")
    equal(world.shop.available(world.goods), 4)
    screen.click("주문 취소")
    screen.click("취소하기")
    screen.sees("취소됨", "환불 금액: ₩6,500")
    eventually(lambda: world.shop.available(world.goods) == 5)
    screen.run("location.hash = '#/orders'")
    screen.sees("₩6,500", "취소됨")
    screen.is_clean("Failed to load resource")


@case
def who_logs_in_elsewhere_is_told_what_is_wrong(world):
    screen, person = world.screen, world.stack.person()
    equal(world.stack.signup(person).status, 201)
    screen.open("/courier/")
    screen.login(person["loginId"], "not-the-password-at-all")
    screen.sees("아이디나 비밀번호가 맞지 않습니다.")
    screen.login(person["loginId"], PASSWORD)
    screen.sees("배달원 계정이 아닙니다.")
    screen.is_clean("Failed to load resource")


@case
def what_is_told_is_in_the_document(world):
    sanitizers_are_silent(world.stack)


def main():
    if why := browser.missing():
        print(f"1..1\nok 1 - pages on a stack # SKIP {why}")
        return 0
    stack = Stack()
    stack.up()
    with contextlib.closing(browser.Browser()) as b:
        return tap.run(World(stack, b))


if __name__ == "__main__":
    sys.exit(main())
