#!/usr/bin/env python3
"""What all pages say and how they look, in every state of them, before a gateway that only pretends (pages_fake.py). With
SCREENSHOTS=FOLDER they are put there, as docs/pages.md shows them."""
import os
import re
import sys

from pages_fake import now
from pages_world import REFUSED, run_cases
from stack import ROOT
from tap import case, equal, eventually

SCREENSHOTS = os.environ.get("SCREENSHOTS")


# ---- words

@case
def every_text_is_there_in_both_languages(world):
    world.screen.open()
    tables = world.screen.run("Promise.all(['common', 'customer', 'shop', 'courier'].map(name => import(`/js/texts-${name}.js`)))"
                              ".then(all => all.map(one => Object.values(one)[0]))")
    texts = {key: both for table in tables for key, both in table.items()}
    equal([key for key, both in texts.items() if len(both) != 2 or not all(both)], [])
    equal([key for key, (ko, en) in texts.items() if set(re.findall(r"\{(\w+)\}", ko)) - set(re.findall(r"\{(\w+)\}", en))], [])
    source = ""
    for name in sorted(set(os.listdir(f"{ROOT}/site/js")) - {f"texts-{app}.js" for app in ("common", "customer", "shop", "courier")}):
        with open(f"{ROOT}/site/js/{name}", encoding="utf-8") as f:
            source += f.read()
    equal(sorted(key for key in re.findall(r"\bt\('([\w.]+)'", source) if key not in texts), [])
    used = set(re.findall(r"'([\w.]+)'", source))
    families = tuple(set(re.findall(r"`([\w.]+\.)\$\{", source)) | {f"{kind}." for kind in re.findall(r"\bword\('(\w+)'", source)})
    equal(sorted(key for key in texts if key not in used and not key.startswith(families)), [], "said by nobody")


@case
def what_any_route_may_refuse_with_has_words(world):
    with open(f"{ROOT}/middleware/openapi_refusals.c", encoding="utf-8") as f:
        codes = set(re.findall(r'add\(all, 4\d\d, "(\w+)"|add\(all, 504, "(\w+)"', f.read()))
    codes = {code for both in codes for code in both if code} - {"precondition_failed", "unsupported_media_type"}  # pages do not ask so
    world.screen.open()
    equal(world.screen.run(f"import('/js/texts.js').then(({{has}}) => {sorted(codes)}.filter(code => !has('error.' + code)))"), [])


@case
def what_an_order_may_have_come_to_nothing_for_has_words(world):
    with open(f"{ROOT}/usecase/order/place_refusal.c", encoding="utf-8") as f:
        reasons = re.findall(r'^    \{"(\w+)",', f.read(), re.M) + ["deadline_exceeded", "payment_expired", "store_no_answer"]
    world.screen.open()
    equal(world.screen.run(f"import('/js/texts-customer.js').then(({{CUSTOMER}}) => {reasons}.filter(reason => !CUSTOMER['reason.' + reason]))"), [])


@case
def the_language_is_the_browsers_and_can_be_changed(world):
    screen = world.screen
    screen.open("/")
    screen.sees("남구 골목 분식", "영업 중", "영업 종료")
    equal(screen.run("document.documentElement.lang"), "ko")
    screen.click("English")
    screen.sees("Shops", "Open", "Closed")
    equal(screen.run("document.documentElement.lang"), "en")
    screen.browser.tell("reload")
    screen.sees("Shops")
    screen.open("/", locale="en-US")
    screen.sees("Shops")
    screen.is_clean()


@case
def what_was_typed_is_there_in_the_other_language(world):
    screen = world.screen
    world.with_basket()
    world.fill_address()
    screen.click("거절되는 시험 카드")
    screen.click("English")
    screen.sees("Address")
    equal(screen.run("[document.getElementById('field-address').value, document.querySelector('[name=method]:checked').value]"),
          ["부산 해운대구 달맞이길 62번길 7", "tok_declined"])
    screen.click("한국어")
    screen.run("location.hash = '#/basket'")
    screen.run("location.hash = '#/checkout'")
    eventually(lambda: screen.run("document.getElementById('field-address')?.value") == "")  # another visit begins anew
    screen.is_clean()


@case
def amounts_are_written_as_the_currency_is(world):
    world.screen.open()
    written = world.screen.run("import('/js/texts.js').then(({money}) => [[12900, 'KRW'], [1275, 'USD'], [5, 'USD'], [1234, 'KWD'], [-900719925474099, 'JPY'], [1250, 'HUF'], [9007199254740991, 'USD']]"
                               ".map(([amount, currency]) => money({amount, currency}).replace(/\\s/g, ' ')))")
    equal(written, ["₩12,900", "US$12.75", "US$0.05", "KWD 1.234", "-JP¥900,719,925,474,099", "HUF 12.50", "US$90,071,992,547,409.91"])


@case
def passwords_are_masked_and_left_to_password_managers(world):
    screen = world.screen
    for path, kind in (("account", "current-password"), ("signup", "new-password")):
        screen.open("/#/" + path)
        screen.sees("비밀번호")
        equal(screen.run("(one => [one.type, one.autocomplete, one.onpaste])(document.querySelector('[name=password]'))"), ["password", kind, None])
        equal(screen.run("document.querySelector('[name=loginId]').autocomplete"), "username")


@case
def each_page_names_the_scripts_it_needs_so_that_they_come_at_once(world):
    for path in ("/", "/shop/", "/courier/"):
        world.screen.open(path)
        world.screen.sees("로그인")
        named = world.screen.run("[...document.querySelectorAll('link[rel=modulepreload], script[src]')].map(one => new URL(one.href || one.src).pathname).sort()")
        came = world.screen.run("[...new Set(performance.getEntriesByType('resource').map(one => new URL(one.name).pathname).filter(one => one.endsWith('.js')))].sort()")
        equal(named, came, path)


# ---- how it looks

def states(world):
    """(name, how to get there) of each page and state of it."""
    screen, fake = world.screen, world.fake
    fake.orders.clear(), fake.tickets.clear(), fake.jobs.clear()
    new, cooking, asked, unpaid = world.order(), world.order(), world.order(), world.order(status="AWAITING_PAYMENT")
    rejected = world.order(status="REJECTED", reason="payment_declined")
    for order_id, status in ((cooking, "COOKING"), (asked, "ACCEPTED")):
        fake.tickets[order_id].update(status=status, cancelAsked=order_id == asked, answerBy=now(5))
        fake.orders[order_id]["_times"]["accepted"] = now()
        fake.settle(order_id)
    mine = world.order()
    for order_id, more in ((cooking, {"status": "WAITING"}), (mine, {"status": "STARTED", "courierId": world.courier, "startedAt": now(), "pickupBy": now(20)})):
        fake.jobs[order_id] = {"orderId": order_id, "storeId": world.store, "ready": order_id == mine, "createdAt": now(), "version": 1, **more}
        fake.settle(order_id)

    def at(path, *texts):
        def go():
            screen.run(f"location.hash = '#/{path}'")
            screen.sees(*texts)
        return go
    return {
        "customer": [("shops", at("", "남구 골목 분식")), ("menu", at(f"shops/{world.store}", "떡볶이")), ("basket-empty", at("basket", "장바구니가 비어")),
                     ("menu-added", lambda: (at(f"shops/{world.store}", "떡볶이")(), screen.click("떡볶이 담기"), screen.sees("₩6,500", where=".bar"))),
                     ("basket", at("basket", "합계")), ("checkout", at("checkout", "시험 카드")),
                     ("checkout-wrong", lambda: (screen.click("결제하고 주문하기"), screen.sees("입력해 주세요."))), ("orders", at("orders", "확정")),
                     ("order", at(f"orders/{cooking}", "준비하고")), ("order-asked", at(f"orders/{asked}", "요청했습니다")), ("order-unpaid", at(f"orders/{unpaid}", "결제하기")),
                     ("order-rejected", at(f"orders/{rejected}", "거절했습니다")),
                     ("cancel", lambda: (at(f"orders/{new}", "주문 취소")(), screen.click("주문 취소"), screen.sees("취소할까요?"))),
                     ("gone", at("orders/none", "찾을 수 없습니다")), ("account", at("account", "seoyeon@example.org"))],
        "shop": [("tickets", at(f"stores/{world.store}", "분 남음", "취소를 요청")),
                 ("reject", lambda: (screen.click(f"거절: 주문 {fake.orders[new]['orderNum'][-6:]}"), screen.sees("주문을 거절할까요?")))],
        "courier": [("jobs", at("", "내 배달 1건", "달맞이길")),
                    ("give-back", lambda: (screen.click("배달 반납: 남구 골목 분식"), screen.sees("배달을 반납할까요?")))],
    }


@case
def pages_are_whole_for_everybody_in_both_schemes(world):
    screen = world.screen
    who = {"customer": world.as_customer, "shop": world.as_owner, "courier": world.as_courier}
    wrong = []
    for scheme in ("light", "dark"):
        screen.open("/#/account", colorScheme=scheme)
        screen.sees("로그인하세요")
        wrong += screen.barriers(f"login, {scheme}")
        screen.run("location.hash = '#/signup'")
        screen.sees("이메일")
        wrong += screen.barriers(f"signup, {scheme}")
        for app, pages in states(world).items():
            who[app](colorScheme=scheme, deviceScaleFactor=2 if SCREENSHOTS else 1)
            screen.sees("로그아웃" if app == "customer" else "주문" if app == "shop" else "배달")
            for name, go in pages:
                go()
                wrong += screen.barriers(f"{app} {name}, {scheme}")
                if SCREENSHOTS:
                    screen.run("document.querySelector('#said').textContent = ''; window.scrollTo(0, 0)")
                    screen.browser.tell("shoot", os.path.join(os.path.abspath(SCREENSHOTS), f"{app}-{name}-{scheme}.png"))
            screen.is_clean(REFUSED)
    equal(wrong, [])


@case
def who_wants_no_motion_sees_none(world):
    order_id = world.order()
    for wish, moves in (("no-preference", True), ("reduce", False)):
        world.as_customer(f"orders/{order_id}", reducedMotion=wish)
        world.screen.sees("가게 확인 대기")
        equal(world.screen.run("document.getAnimations().length > 0"), moves, wish)


@case
def pages_fit_a_small_phone_and_letters_of_twice_the_size(world):
    screen = world.screen
    for app, pages in states(world).items():
        {"customer": world.as_customer, "shop": world.as_owner, "courier": world.as_courier}[app](viewport={"width": 320, "height": 640})
        screen.sees("로그아웃" if app == "customer" else "주문" if app == "shop" else "배달")
        for name, go in pages:
            go()
            for size in ("100%", "200%"):
                screen.run(f"document.documentElement.style.fontSize = '{size}'")
                wide = screen.run("document.documentElement.scrollWidth")
                assert wide <= 320, f"{app} {name} at {size} is {wide} wide"
            screen.run("document.documentElement.style.fontSize = ''")


if __name__ == "__main__":
    sys.exit(run_cases())
