#!/usr/bin/env python3
"""The pages on a real stack, in a real browser: small, as `make up` serves them, and whole from an order to its end."""
import contextlib
import sys

import browser
import tap
from screen import Screen
from shop import Shop, plain
from stack import PASSWORD, Stack, sanitizers_are_silent
from tap import case, equal, eventually

FIRST_PAGE_BYTES = 60 * 1024


class World:
    """screen is the customer's, work of who cooks and who carries."""

    def __init__(self, stack, mine, theirs):
        self.stack, self.shop = stack, Shop(stack)
        self.screen, self.work = (Screen(b, f"http://127.0.0.1:{stack.port}") for b in (mine, theirs))
        self.goods = self.shop.product(price=6500, on_hand=5)

    def comes_in(self, screen, path, user_id):
        screen.open(path)
        screen.login(self.shop.persons[user_id]["loginId"])

    def orders(self):
        """The short number of what somebody new orders on the page."""
        screen = self.screen
        self.comes_in(screen, "/#/account", self.shop.somebody()[0])
        screen.sees("로그아웃")
        screen.run(f"location.hash = '#/shops/{self.goods['storeId']}'")
        screen.click(f"{self.goods['name']} 담기")
        screen.run("location.hash = '#/checkout'")
        screen.fill("받을 주소", "부산 해운대구 달맞이길 62번길 7")
        screen.click("결제하고 주문하기")
        screen.sees("결제했고, 가게에 전했습니다.")
        order_id = screen.run("location.hash.split('/')[2]")
        return self.stack.sql(f"select order_num from hanok_order.orders where id = x'{plain(order_id)}'")[0][0][-6:]


@case
def the_first_page_is_small_and_from_here_alone(world):
    screen = world.screen
    screen.open("/")
    screen.sees("국밥", "영업 중")
    _, asked = screen.browser.seen()
    eventually(lambda: all(one.bytes for one in screen.browser.seen()[1] if one.status == 200))
    total = sum(one.bytes for one in screen.browser.seen()[1])
    assert 0 < total <= FIRST_PAGE_BYTES, f"{total} bytes: {asked}"
    screen.is_clean()


@case
def delivery_front_end(world):
    screen = world.screen
    for path, text in (("/", "국밥"), ("/shop", "계속하려면 로그인하세요."), ("/courier", "계속하려면 로그인하세요.")):
        screen.open(path)
        screen.sees(text)
        equal(screen.run("location.pathname"), path.rstrip("/") + "/")
        screen.is_clean()


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
def an_order_goes_from_the_page_to_the_door(world):
    screen, work, number = world.screen, world.work, world.orders()
    world.comes_in(work, "/shop/", world.shop.owner_id)
    work.sees(number, f"{world.goods['name']} × 1")
    work.click(f"수락: 주문 {number}")
    screen.sees("가게가 주문을 받았습니다.")
    work.click(f"준비 시작: 주문 {number}")
    screen.sees("가게에서 준비하고 있습니다.")
    work.click(f"준비 완료: 주문 {number}")
    work.sees("배달원 대기")
    world.comes_in(work, "/courier/", world.shop.somebody("courier")[0])
    work.sees("국밥")
    name = next(one for one in work.names() if one.startswith("배달 맡기: "))[len("배달 맡기: "):]
    work.click(f"배달 맡기: {name}")
    work.sees("부산 해운대구 달맞이길 62번길 7")
    work.click(f"가게에서 받음: {name}")
    screen.sees("배달원이 가지고 오고 있습니다.")
    work.click(f"배달 완료: {name}")
    work.sees("배달을 마쳤습니다.")
    screen.sees("배달 완료", "도착했습니다.")
    for one in (screen, work):
        one.is_clean("Failed to load resource")


@case
def a_cancel_is_asked_for_and_agreed_to(world):
    screen, work, number = world.screen, world.work, world.orders()
    world.comes_in(work, "/shop/", world.shop.owner_id)
    work.click(f"수락: 주문 {number}")
    work.sees("수락함")
    screen.click("주문 취소")
    screen.click("취소하기")
    screen.sees("가게에 취소를 요청했습니다.")
    work.sees("손님이 취소를 요청했습니다.")
    work.click(f"취소 동의: 주문 {number}")
    screen.sees("취소됨", "동의했습니다.")
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
    with contextlib.closing(browser.Browser()) as mine, contextlib.closing(browser.Browser()) as theirs:
        return tap.run(World(stack, mine, theirs))


if __name__ == "__main__":
    sys.exit(main())
