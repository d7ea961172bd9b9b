#!/usr/bin/env python3
"""The page of who orders, in a real browser before a gateway that only pretends (pages_fake.py), so that everything can go wrong."""
import sys

from pages_fake import now
from pages_world import REFUSED, run_cases
from tap import case, equal, eventually


# ---- who orders

@case
def somebody_signs_up_orders_and_watches_it_come_by_keyboard_alone(world):
    screen, fake = world.screen, world.fake
    screen.open("/")
    screen.press("Tab")
    equal(screen.focused(), "본문으로 건너뛰기")
    screen.key("남구 골목 분식 영업 중")
    screen.sees("떡볶이", "품절", "3개 남음")
    screen.key("떡볶이 담기")
    equal(screen.focused(), "떡볶이 하나 더")
    screen.press("Enter")
    screen.sees("₩13,000", where=".bar")
    screen.key("장바구니 보기")
    screen.key("주문하기")
    screen.key("회원 가입")
    for name, text in (("아이디", "minseo"), ("비밀번호", "short"), ("이름", "이민서"), ("이메일", "m@example.org"), ("전화번호", "010-1111-2222")):
        screen.tab_to(name)
        screen.browser.tell("type", text)
    screen.press("Enter")
    screen.sees("8자 이상이고 짐작하기 어려워야 합니다.")
    equal(screen.focused(), "비밀번호")
    screen.press("Control+a")
    screen.browser.tell("type", "lantern-tide-quartz-47")
    screen.press("Enter")
    screen.sees("남구 골목 분식")
    screen.key("장바구니 (2)")
    screen.key("주문하기")
    screen.tab_to("받을 주소")
    screen.browser.tell("type", "부산 해운대구 달맞이길 62번길 7")
    screen.key("결제하고 주문하기")
    screen.sees("가게 확인 대기", "실시간", "₩13,000")
    order_id = list(fake.orders)[-1]
    equal(fake.orders[order_id]["lines"][0]["quantity"], 2)
    with fake.changes:
        fake.tickets[order_id]["status"] = "COOKING"
        fake.orders[order_id]["_times"]["accepted"] = now()
        fake.settle(order_id)
    screen.sees("가게에서 준비하고 있습니다.")
    screen.key("주문 취소")
    screen.sees("주문을 취소할까요?")
    screen.key("취소하기")
    screen.sees("가게에 취소를 요청했습니다. 가게가 동의하면")
    with fake.changes:
        fake.end(order_id, "canceled_with_consent")
    screen.sees("가게가 취소에 동의했습니다.", "결제한 금액은 전부 돌려드립니다.")
    screen.is_clean(REFUSED)


@case
def a_double_click_orders_once(world):
    screen, fake = world.screen, world.fake
    before = len(fake.orders)
    world.with_basket()
    world.fill_address()
    screen.click("결제하고 주문하기", times=2)
    screen.sees("가게 확인 대기")
    equal(len(fake.orders) - before, 1)
    screen.run("history.back()")
    screen.sees("장바구니가 비어 있습니다.")
    screen.is_clean()


@case
def an_order_whose_answer_is_lost_is_placed_once(world):
    screen, fake = world.screen, world.fake
    before, asked = len(fake.orders), len(fake.asked)
    world.with_basket()
    world.fill_address()
    fake.break_next("POST", "/orders", times=1000)
    screen.click("결제하고 주문하기")
    screen.sees("두 번 주문되지 않습니다.")
    fake.broken.clear()
    screen.sees("가게 확인 대기")
    equal(len(fake.orders) - before, 1)
    keys = [key for method, path, key in fake.asked[asked:] if (method, path) == ("POST", "/orders")]
    equal((len(keys) > 1, len(set(keys))), (True, 1))
    screen.is_clean(REFUSED)


@case
def a_reload_in_the_middle_of_an_order_goes_on_with_it(world):
    screen, fake = world.screen, world.fake
    before = len(fake.orders)
    world.with_basket()
    world.fill_address()
    fake.break_next("POST", "/orders", times=1000)
    screen.click("결제하고 주문하기")
    screen.sees("두 번 주문되지 않습니다.")
    screen.browser.tell("reload")
    screen.sees("두 번 주문되지 않습니다.")
    fake.broken.clear()
    screen.sees("가게 확인 대기")
    equal(len(fake.orders) - before, 1)
    equal(screen.run("Object.keys(sessionStorage).filter(key => key.startsWith('hanok.once.'))"), [])
    screen.is_clean(REFUSED)


@case
def an_order_of_long_ago_is_not_placed_by_itself(world):
    screen, fake = world.screen, world.fake
    before = len(fake.orders)
    for comes_back in ("Date.now = () => later", "0"):
        world.with_basket()
        world.fill_address()
        fake.break_next("POST", "/orders", times=1000, before=True)
        screen.click("결제하고 주문하기")
        screen.sees("두 번 주문되지 않습니다.")
        screen.run(f"const later = Date.now() + 11 * 60000; {comes_back}")
        if comes_back == "0":
            screen.run("for (const [key, kept] of Object.entries(sessionStorage)) { const sent = JSON.parse(kept); sent.atMs -= 11 * 60000; sessionStorage.setItem(key, JSON.stringify(sent)); }")
            screen.browser.tell("reload")
        screen.sees("보낸 지 오래되어 다시 보내지 않았습니다.")
        fake.broken.clear()
        equal((len(fake.orders), screen.run("Object.keys(sessionStorage)")), (before, []))
    screen.fill("받을 주소", "부산 해운대구 달맞이길 62번길 7")
    screen.click("결제하고 주문하기")
    screen.sees("가게 확인 대기")
    equal(len(fake.orders) - before, 1)
    screen.is_clean(REFUSED, "net::ERR_")


def log_out(screen):
    screen.run("location.hash = '#/account'")
    screen.click("로그아웃")
    screen.sees("로그아웃했습니다.")
    screen.sees_no("로그아웃")  # what is said may be of the time before


@case
def an_order_that_has_no_answer_is_nobody_elses(world):
    screen, fake = world.screen, world.fake
    other = fake.person("next")
    before = len(fake.orders)
    world.with_basket()
    world.fill_address()
    fake.break_next("POST", "/orders", times=1000, before=True)
    screen.click("결제하고 주문하기")
    screen.sees("두 번 주문되지 않습니다.")
    log_out(screen)
    fake.broken.clear()
    screen.run("location.hash = '#/orders'")
    screen.login("next")
    screen.sees("아직 주문한 적이 없습니다.")
    screen.run("location.hash = '#/checkout'")
    screen.sees("결제하고 주문하기")
    equal([order["userId"] for order in list(fake.orders.values())[before:] if order["userId"] == other], [])
    log_out(screen)
    screen.run("location.hash = '#/orders'")
    screen.login("seoyeon")
    screen.sees("가게 확인 대기")
    equal(len(fake.orders) - before, 1)
    screen.is_clean(REFUSED, "net::ERR_")


@case
def what_is_refused_is_said_where_it_is_wrong(world):
    screen, fake = world.screen, world.fake
    before = len(fake.orders)
    world.with_basket()
    screen.click("결제하고 주문하기")
    screen.sees("입력해 주세요.")
    equal(screen.focused(), "받을 주소")
    world.fill_address()
    fake.products[world.rice]["price"]["amount"] = 7000
    screen.click("결제하고 주문하기")
    screen.sees("그사이 가격이 바뀌었습니다.", "가격이 바뀌었습니다: ₩6,500 → ₩7,000")
    screen.click("거절되는 시험 카드")
    screen.click("결제하고 주문하기")
    screen.sees("카드사가 결제를 거절했습니다.")
    screen.click("시험 카드")
    fake.products[world.rice].update(available=0)
    screen.click("결제하고 주문하기")
    screen.sees("그사이 품절되었거나", "품절")
    equal(len(fake.orders), before)
    fake.products[world.rice].update(available=99)
    screen.click("결제하고 주문하기")
    screen.sees("가게 확인 대기")
    fake.products[world.rice]["price"]["amount"] = 6500
    screen.is_clean(REFUSED)


@case
def an_address_may_be_typed_in_two_lines(world):
    screen = world.screen
    world.with_basket()
    screen.fill("받을 주소", "부산 해운대구 달맞이길 62번길 7\n203호")
    screen.click("결제하고 주문하기")
    screen.sees("가게 확인 대기")
    screen.is_clean()


@case
def one_basket_is_of_one_shop(world):
    screen, fake = world.screen, world.fake
    other = fake.product(world.closed, "막국수", 9000)
    world.with_basket(f"shops/{world.closed}")
    screen.sees("지금은 영업하지 않아")
    screen.click("막국수 담기")
    screen.sees("한 번에 한 가게에서만")
    screen.press("Escape")
    screen.sees("₩6,500", where=".bar")
    screen.click("막국수 담기")
    screen.click("비우고 새로 담기")
    screen.sees("₩9,000", where=".bar")
    screen.click("막국수 하나 빼기")
    screen.sees("장바구니가 비어 있습니다.", where=".bar")
    equal(screen.focused(), "막국수 담기")
    del fake.products[other]
    screen.is_clean()


@case
def a_cancel_says_what_it_means(world):
    screen, fake = world.screen, world.fake
    order_id = world.order()
    world.as_customer(f"orders/{order_id}")
    screen.click("주문 취소")
    screen.click("그대로 두기")
    screen.click("주문 취소")
    screen.click("취소하기")
    screen.sees("환불 금액: ₩17,500", "주문이 취소되었습니다.")
    eventually(lambda: screen.run("document.activeElement.tagName") == "H1", why="the focus is lost")
    late = world.order()
    with fake.changes:
        fake.tickets[late]["status"] = "READY"
        fake.settle(late)
    screen.run(f"location.hash = '#/orders/{late}'")
    screen.click("주문 취소")
    screen.click("취소하기")
    screen.sees("이미 준비가 끝나 취소할 수 없습니다.")
    screen.is_clean(REFUSED)


@case
def a_question_is_answered_by_who_has_read_it(world):
    screen, fake, order_id = world.screen, world.fake, world.order()
    world.as_customer(f"orders/{order_id}")
    screen.click("주문 취소")
    screen.sees("주문을 취소할까요?")
    equal(screen.focused(), "그대로 두기")
    equal(screen.run("document.getElementById(document.querySelector('dialog').getAttribute('aria-describedby')).textContent.includes('환불')"), True)
    screen.click_rest("취소하기")
    screen.sees("주문을 취소할까요?")
    screen.key("그대로 두기")
    screen.sees_no("주문을 취소할까요?", where="body")
    equal((screen.focused(), fake.count("DELETE", f"/orders/{order_id}")), ("주문 취소", 0))
    screen.is_clean()


@case
def an_order_that_waits_for_its_payment_is_paid(world):
    screen = world.screen
    order_id = world.order(status="AWAITING_PAYMENT")
    world.as_customer(f"orders/{order_id}")
    screen.sees("카드사에 물어볼 수 없었습니다.")
    screen.click("거절되는 시험 카드")
    screen.click("₩17,500 결제하기")
    screen.sees("카드사가 결제를 거절했습니다.")
    screen.click("시험 카드")
    screen.click("₩17,500 결제하기")
    screen.sees("결제: 승인됨")
    screen.sees_no("결제하기")
    screen.is_clean(REFUSED)


@case
def an_order_is_whole_where_there_is_no_dashboard_and_shops_where_there_are_no_stores(world):
    screen, fake = world.screen, world.fake
    fake.missing = {"stores", "dashboards"}
    screen.open("/")
    screen.sees("가게 목록을 지금 볼 수 없어", "떡볶이")
    order_id = world.order()
    world.as_customer(f"orders/{order_id}")
    screen.sees("주문 확정", "결제했고, 가게에 전했습니다.")
    with fake.changes:
        fake.orders[order_id]["status"] = "COMPLETED"
        fake.settle(order_id)
    screen.sees("도착했습니다.")
    screen.click("같은 것을 다시 담기")
    screen.sees("참치 김밥", "₩17,500")
    fake.missing = set()
    stores, fake.stores = fake.stores, {}
    screen.open("/")
    screen.sees("참치 김밥")
    screen.sees_no("지금 볼 수 없어")
    fake.stores = stores
    screen.is_clean(REFUSED)


@case
def a_way_that_leads_nowhere_leads_to_the_shops(world):
    for path in ("/#/orders/%E0%A4%A", "/#/orders/..%2Fusers", "/#/nothing/here"):
        world.screen.open(path)
        world.screen.sees("남구 골목 분식")
        world.screen.is_clean()


# ---- who logs in

@case
def a_token_that_ends_is_changed_and_a_session_that_ends_is_said(world):
    screen, fake = world.screen, world.fake
    world.as_customer("orders")
    screen.sees("₩17,500")
    access = screen.run("JSON.parse(localStorage['hanok.customer.session']).accessToken")
    del fake.tokens[access]
    refreshed = fake.count("POST", "/refresh")
    screen.browser.tell("reload")
    screen.sees("₩17,500")
    equal(fake.count("POST", "/refresh") - refreshed, 1)
    fake.tokens.clear()
    screen.browser.tell("reload")
    screen.sees("계속하려면 로그인하세요.")
    screen.login("seoyeon", "wrong")
    screen.sees("아이디나 비밀번호가 맞지 않습니다.")
    screen.login("seoyeon")
    screen.sees("₩17,500")
    log_out(screen)
    equal(screen.run("[Object.keys(localStorage), Object.keys(sessionStorage)]"), [[], []])
    screen.is_clean(REFUSED)


@case
def a_signup_whose_answer_is_lost_is_not_somebody_elses(world):
    screen, fake = world.screen, world.fake
    screen.open("/#/signup")
    for name, text in (("아이디", "haneul"), ("비밀번호", "lantern-tide-quartz-47"), ("이름", "강하늘"), ("이메일", "h@example.org"), ("전화번호", "010-3333-4444")):
        screen.fill(name, text)
    fake.break_next("POST", "/signup", times=1000)
    screen.press("Enter")
    screen.sees("서버에 닿지 않습니다.")
    fake.broken.clear()
    screen.click("회원 가입")
    screen.sees("가입했습니다.")
    screen.is_clean(REFUSED, "net::ERR_")


# ---- what is lost

@case
def a_stream_that_is_lost_is_found_again(world):
    screen, fake = world.screen, world.fake
    order_id = world.order()
    world.as_customer(f"orders/{order_id}")
    screen.sees("실시간", where="header")
    screen.sees("가게 확인 대기")
    fake.die()
    screen.sees("다시 연결하는 중…", where="header")
    with fake.changes:
        fake.tickets[order_id]["status"] = "ACCEPTED"
        fake.settle(order_id)
    fake.rise()
    screen.sees("실시간", where="header")
    screen.sees("가게가 주문을 받았습니다.")
    screen.is_clean(REFUSED, "net::ERR_")


@case
def who_is_offline_is_told_so_and_goes_on_by_himself(world):
    screen = world.screen
    world.as_customer("orders")
    screen.sees("₩17,500")
    screen.browser.tell("offline", True)
    screen.sees("인터넷에 연결되어 있지 않습니다.")
    screen.run("location.hash = '#/account'")
    screen.sees("서버에 닿지 않습니다.")
    screen.browser.tell("offline", False)
    screen.sees("seoyeon@example.org")
    screen.sees_no("인터넷에 연결되어 있지 않습니다.", where="body")
    screen.is_clean(REFUSED, "net::ERR_")


@case
def a_service_that_is_down_is_said_and_asked_again_by_a_button(world):
    screen, fake = world.screen, world.fake
    fake.break_next("GET", "/orders", status=503)
    world.as_customer("orders")
    screen.sees("지금은 볼 수 없습니다")
    screen.click("다시 시도")
    screen.sees("₩17,500")
    screen.is_clean(REFUSED)


if __name__ == "__main__":
    sys.exit(run_cases())
