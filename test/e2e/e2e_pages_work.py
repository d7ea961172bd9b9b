#!/usr/bin/env python3
"""The pages of shops and couriers, in a real browser before a gateway that only pretends (pages_fake.py)."""
import sys

from pages_fake import now
from pages_world import REFUSED, run_cases
from tap import case, equal, eventually


# ---- who cooks

@case
def a_shop_accepts_cooks_and_consents_by_keyboard_alone(world):
    screen, fake = world.screen, world.fake
    fake.orders.clear(), fake.tickets.clear()
    screen.open("/shop/")
    screen.tab_to("아이디")
    screen.browser.tell("type", "jiwoo")
    screen.tab_to("비밀번호")
    screen.browser.tell("type", "lantern-tide-quartz-47")
    screen.press("Enter")
    screen.sees("지금은 주문이 없습니다.")
    first, second = world.order(), world.order()
    screen.sees("떡볶이 × 2", "참치 김밥 × 1", "분 남음")
    eventually(lambda: screen.run("document.title.startsWith('(2) ')"))
    number = fake.orders[first]["orderNum"][-6:]
    screen.key(f"수락: 주문 {number}")
    eventually(lambda: fake.tickets[first]["status"] == "ACCEPTED")
    equal(fake.tickets[first]["minutes"], 20)
    eventually(lambda: screen.run("document.activeElement.textContent") == number, why="the focus is lost")
    screen.press("Tab")
    equal(screen.focused(), f"준비 시작: 주문 {number}")
    screen.key(f"준비 시작: 주문 {number}")
    eventually(lambda: fake.tickets[first]["status"] == "COOKING")
    with fake.changes:
        fake.tickets[first].update(cancelAsked=True, answerBy=now(5), version=50)
        fake.settle(first)
    screen.sees("손님이 취소를 요청했습니다.")
    screen.key(f"취소 거부: 주문 {number}")
    eventually(lambda: not fake.tickets[first]["cancelAsked"])
    screen.key(f"준비 완료: 주문 {number}")
    screen.sees("배달원 대기")
    screen.key(f"거절: 주문 {fake.orders[second]['orderNum'][-6:]}")
    screen.key("재료가 떨어짐")
    screen.sees("거절함")
    screen.key("끝난 주문 치우기 (1)")
    screen.sees_no("거절함")
    screen.key("오늘")
    screen.sees("₩284,500", "6 %", "12분")
    screen.key("영업 종료")
    screen.key("영업 종료")
    screen.sees("영업을 끝냈습니다.")
    equal(fake.stores[world.store]["open"], False)
    screen.key("영업 시작")
    screen.sees("영업을 시작했습니다.")
    screen.key("자동 수락 켜기")
    screen.sees("이제 새 주문을 자동으로 수락합니다.")
    equal(fake.stores[world.store]["autoAccept"], True)
    screen.key("자동 수락 끄기")
    screen.sees("이제 새 주문을 직접 수락합니다.")
    equal(fake.stores[world.store]["autoAccept"], False)
    screen.is_clean()


@case
def a_shop_sees_what_a_product_was_called_when_it_was_ordered(world):
    screen, fake = world.screen, world.fake
    fake.orders.clear(), fake.tickets.clear(), fake.jobs.clear()
    del fake.tickets[world.order()]["lines"][1]["name"]  # as of an order that was made before names were told
    name, fake.products[world.rice]["name"] = fake.products[world.rice]["name"], "새 이름"
    try:
        world.as_owner()
        screen.sees(f"{name} × 2", f"{fake.products[world.rolls]['name']} × 1")
        screen.sees_no("새 이름")
    finally:
        fake.products[world.rice]["name"] = name
    screen.is_clean()


@case
def nothing_moves_when_something_new_comes(world):
    screen, fake = world.screen, world.fake
    fake.orders.clear(), fake.tickets.clear(), fake.jobs.clear()
    first, second = world.order(), world.order()
    world.as_owner()
    number = fake.orders[second]["orderNum"][-6:]
    where = f"[...document.querySelectorAll('h3')].find(one => one.textContent === '{number}').getBoundingClientRect().top"
    screen.sees(number)
    before = screen.run(where)
    world.order()
    screen.sees("새 주문 1건")
    equal(screen.run(where), before)
    with fake.changes:
        fake.end(first, "canceled_by_customer")
    screen.sees("취소됨")
    screen.sees(number)
    equal(screen.run(where), before, "one that has ended goes when it is cleared, not before")
    screen.is_clean()


@case
def a_shop_sees_more_orders_than_a_page_of_them_holds(world):
    screen, fake = world.screen, world.fake
    fake.orders.clear(), fake.tickets.clear(), fake.jobs.clear()
    oldest, *_ = [world.order() for _ in range(101)]
    world.as_owner()
    screen.sees("주문 101건", fake.orders[oldest]["orderNum"][-6:])
    screen.is_clean()


@case
def a_page_that_is_open_all_day_does_not_grow_with_it(world):
    screen, fake = world.screen, world.fake
    fake.orders.clear(), fake.tickets.clear(), fake.jobs.clear()
    world.as_owner()
    for _ in range(2):
        orders = [world.order() for _ in range(40)]
        number = fake.orders[orders[-1]]["orderNum"][-6:]
        screen.sees("주문 40건", number)
        last = f"수락: 주문 {number}"
        screen.run(f"document.querySelector('[aria-label=\"{last}\"]').focus()")
        for order_id in orders[:-1]:
            with fake.changes:
                fake.end(order_id, "canceled_by_customer")
        screen.sees("주문 1건")
        equal(screen.focused(), last)
        with fake.changes:
            fake.end(orders[-1], "canceled_by_customer")
        screen.sees("주문 0건")
    screen.sees("끝난 주문 치우기 (50)")
    world.as_courier()
    for _ in range(2):
        fake.jobs.clear()
        for _ in range(40):
            order_id = world.order()
            fake.jobs[order_id] = {"orderId": order_id, "storeId": world.store, "status": "WAITING", "ready": True, "actions": [], "createdAt": now(), "version": 1}
            fake.settle(order_id)
        screen.sees("기다리는 배달 40건")
        fake.jobs.clear()
        screen.sees("기다리는 배달 0건")
    screen.sees("사라진 배달 치우기 (50)")
    screen.is_clean()


# ---- who brings it

@case
def a_courier_takes_picks_up_and_delivers_by_keyboard_alone(world):
    screen, fake = world.screen, world.fake
    fake.orders.clear(), fake.tickets.clear(), fake.jobs.clear()
    orders = [world.order() for _ in range(2)]
    for order_id in orders:
        fake.tickets[order_id]["status"] = "COOKING"
        fake.jobs[order_id] = {"orderId": order_id, "storeId": world.store, "status": "WAITING", "ready": False, "createdAt": now(), "version": 1}
        fake.settle(order_id)
    world.as_courier()
    screen.sees("기다리는 배달 2건", "남구 골목 분식")
    fake.jobs[orders[1]].update(status="STARTED", courierId="another")
    screen.sees("다른 배달원이 맡음")
    screen.key("배달 맡기: 남구 골목 분식")
    screen.sees("배달을 맡았습니다.", "부산 해운대구 달맞이길 62번길 7", "박보배", "준비되면 언제까지 받을지")
    eventually(lambda: screen.run("document.activeElement.closest('[aria-labelledby=mine]')?.querySelector('h3') === document.activeElement"), why="the focus is lost")
    assert "가게에서 받음: 남구 골목 분식" not in screen.names(), "what is not ready is picked up"
    with fake.changes:
        fake.jobs[orders[0]]["ready"] = True
        fake.settle(orders[0])
    screen.sees("준비 완료")
    screen.key("가게에서 받음: 남구 골목 분식")
    screen.key("배달 완료: 남구 골목 분식")
    screen.sees("배달을 마쳤습니다.", "끝낸 배달 1건")
    screen.sees_no("달맞이길")
    screen.is_clean()


@case
def nothing_moves_when_a_job_is_ready(world):
    screen, fake = world.screen, world.fake
    fake.orders.clear(), fake.tickets.clear(), fake.jobs.clear()
    mine, waits = world.order(), world.order()
    for order_id, more in ((mine, {"status": "STARTED", "courierId": world.courier, "startedAt": now()}), (waits, {"status": "WAITING"})):
        fake.jobs[order_id] = {"orderId": order_id, "storeId": world.store, "ready": False, "createdAt": now(), "version": 1, **more}
        fake.settle(order_id)
    world.as_courier()
    where = "[...document.querySelectorAll('[data-key=give_back], [data-key=start]')].map(one => (at => [at.left, at.top])(one.getBoundingClientRect()))"
    screen.sees("내 배달 1건", "기다리는 배달 1건", "달맞이길")
    before = screen.run(where)
    equal(len(before), 2)
    with fake.changes:
        fake.jobs[mine].update(ready=True, pickupBy=now(30), version=2)
        fake.settle(mine)
    screen.sees("까지 가게에서 받아 주세요.")
    assert "가게에서 받음: 남구 골목 분식" in screen.names()
    equal(screen.run(where), before)
    screen.is_clean()


@case
def the_rest_of_a_double_click_does_not_do_what_comes_next(world):
    screen, fake = world.screen, world.fake
    fake.orders.clear(), fake.tickets.clear(), fake.jobs.clear()
    order_id = world.order()
    number = fake.orders[order_id]["orderNum"][-6:]
    world.as_owner()
    screen.click(f"수락: 주문 {number}")
    screen.click(f"준비 시작: 주문 {number}")
    screen.click_rest(f"준비 완료: 주문 {number}")
    screen.sees("준비 중")
    equal(fake.tickets[order_id]["status"], "COOKING")
    screen.click(f"준비 완료: 주문 {number}")
    screen.sees("배달원 대기")
    screen.is_clean()


@case
def two_couriers_want_the_same_and_one_hears_so(world):
    screen, fake = world.screen, world.fake
    fake.jobs.clear()
    order_id = world.order()
    fake.jobs[order_id] = {"orderId": order_id, "storeId": world.store, "status": "WAITING", "ready": True, "actions": [], "createdAt": now(), "version": 1}
    fake.settle(order_id)
    world.as_courier()
    screen.sees("기다리는 배달 1건")
    fake.jobs[order_id]["courierId"] = "another"
    screen.click("배달 맡기: 남구 골목 분식")
    screen.sees("다른 배달원이 먼저 맡았습니다.")
    screen.open("/courier/")
    screen.login("seoyeon")
    screen.sees("배달원 계정이 아닙니다.")
    screen.is_clean(REFUSED)


@case
def a_job_that_is_somebody_elses_by_now_takes_no_other_with_it(world):
    screen, fake = world.screen, world.fake
    fake.jobs.clear()
    jobs = [world.order() for _ in range(2)]
    for order_id in jobs:
        fake.jobs[order_id] = {"orderId": order_id, "storeId": world.store, "status": "STARTED", "courierId": world.courier, "ready": True,
                               "createdAt": now(), "startedAt": now(), "version": 2}
        fake.settle(order_id)
    fake.break_next("GET", f"/deliveries/{jobs[0]}", status=404)
    world.as_courier()
    screen.sees("내 배달 2건", "부산 해운대구 달맞이길 62번길 7")
    screen.is_clean(REFUSED)


@case
def what_is_not_picked_up_in_time_is_for_another(world):
    screen, fake = world.screen, world.fake
    fake.orders.clear(), fake.tickets.clear(), fake.jobs.clear()
    order_id = world.order()
    fake.tickets[order_id]["status"] = "READY"
    fake.jobs[order_id] = {"orderId": order_id, "storeId": world.store, "status": "STARTED", "ready": True, "courierId": world.courier,
                           "startedAt": now(), "pickupBy": now(30), "createdAt": now(), "version": 2}
    fake.settle(order_id)
    world.as_courier()
    screen.sees("내 배달 1건", "까지 가게에서 받아 주세요.")
    with fake.changes:
        for member in ("courierId", "startedAt", "pickupBy"):
            del fake.jobs[order_id][member]
        fake.jobs[order_id].update(status="WAITING", version=3)
        fake.settle(order_id)
    screen.sees("제시간에 받지 않은 배달은 다른 배달원에게 넘어갑니다.", "기다리는 배달 1건")
    screen.sees("제시간에 받지 않음")  # where it was, so that nothing moves
    screen.key("배달 맡기: 남구 골목 분식")
    screen.sees("배달을 맡았습니다.", "달맞이길")
    screen.sees_no("제시간에 받지 않음")
    screen.is_clean()


if __name__ == "__main__":
    sys.exit(run_cases())
