#!/usr/bin/env python3
"""Writes stores.csv, items.csv and products.csv from the Korean food data of PyPI's mimesis (MIT, see LICENSES): twelve shops,
240 products made of 300 items. There is no randomness but a digest of names, so that it writes the same bytes again.

    pip download --no-deps mimesis==22.2.0 && deploy/demo/make_data.py mimesis-22.2.0-py3-none-any.whl
"""
import csv
import hashlib
import json
import os
import sys
import uuid
import zipfile
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
MAIN, ASIDE, SETS = 15, 10, 5  # of each shop: items that are products by themselves, those that go with them; sets of both
LAST_ONES = 2  # on hand of one item in 25
# Marks of somebody, or nothing to eat.
LEFT_OUT = {"신라면", "짜파게티", "빅맥", "와퍼", "마약김밥", "물", "맥콜", "활명수", "부처의 손", "양귀비씨", "사탕"}


class Shop(NamedTuple):
    """words: in what the names of its food end; besides: what else it sells; prices in minor units: from, to, in steps of."""
    name: str
    city: str
    category: str
    currency: str
    prices: tuple
    food: str
    words: str
    besides: str
    aside: str
    automatic: bool = False


SHOPS = (
    Shop("온기 국밥", "전주시", "soups", "KRW", (7000, 16000, 500), "dishes", "국밥 탕 국 찌개", "", "rice"),
    Shop("골목 분식", "남구", "snacks", "KRW", (2500, 9000, 500), "dishes", "김밥 떡볶이 라볶이 순대 만두 어묵 핫바 튀김 쫄면 김말이", "주먹밥 라면 떡꼬치 토스트",
         "juices"),
    Shop("화덕 고깃집", "안동시", "grill", "KRW", (12000, 42000, 1000), "dishes", "갈비 구이 불고기 삼겹살 곱창 껍데기 족발 보쌈", "너비아니 산적 수육",
         "rice"),
    Shop("면의 정석", "춘천시", "noodles", "KRW", (6500, 14000, 500), "dishes", "국수 냉면 면", "수제비 옹심이", "teas"),
    Shop("바삭 치킨", "수원시", "chicken", "KRW", (9000, 24000, 1000), "dishes", "치킨 닭", "닭강정 닭갈비 닭꼬치 닭볶음탕 닭죽 닭백숙 버팔로윙 핫도그 감자튀김 고구마전 샐러드 떡꼬치", "sodas"),
    Shop("청운각", "부평구", "chinese", "KRW", (6000, 32000, 1000), "dishes", "짜장면 짬뽕 탕수육 잡채 딤섬 양장피 난자완스 라조기 경장육사 마파두부",
         "짜장밥 군만두 물만두 울면 칠리새우 양꼬치", "teas"),
    Shop("달 빵집", "강릉시", "bakery", "KRW", (1800, 9500, 100), "dishes", "빵 케익 케이크 파이 도넛 스콘 와플 카스테라", "", "coffees"),
    Shop("연잎 찻집", "보성군", "tearoom", "KRW", (4500, 12000, 500), "drinks", "차", "", "sweets"),
    Shop("햇살 과일", "영천시", "fruit", "KRW", (3000, 39000, 1000), "fruits", "", "", "juices", True),
    Shop("도쿄 골목집", "도쿄", "japanese", "JPY", (380, 2400, 10), "dishes", "스시 라멘 우동 돈가스 돈까스 덮밥 카레 타코야키 샤브샤브 스키야키 부타나베 오므라이스",
         "", "teas"),
    Shop("뉴욕 식당", "뉴욕", "western", "USD", (350, 3900, 5), "dishes", "파스타 스파게티 피자 버거 스테이크 스튜 스프 샐러드 샌드위치 오믈렛 라자냐 타코",
         "", "sodas"),
    Shop("쿠웨이트 향신료", "쿠웨이트", "spices", "KWD", (275, 9995, 5), "spices", "", "", "vegetables", True),
)
ASIDES = {
    "rice": ("dishes", "김치 깍두기 동치미 나물 무침 생채 장아찌 조림 쌀밥 보리밥 조밥 콩밥 현미밥 찰밥"),
    "juices": ("drinks", "주스 에이드 우유 스무디 쉐이크"),
    "teas": ("drinks", "차"),
    "sodas": ("drinks", "콜라 사이다 에이드 주스 탄산수 음료 루트비어 진저에일"),
    "coffees": ("drinks", "커피 라떼 카푸치노 에스프레소 아메리카노 마끼야또 프라페 코코아 핫초코 밀크티 우유"),
    "sweets": ("dishes", "떡 약과 유과 약식 양갱 경단 송편 화전 엿 인절미 백설기 절편 곶감 강냉이"),
    "vegetables": ("vegetables", ""),
}


def number(*words):
    return int.from_bytes(hashlib.sha256("/".join(map(str, words)).encode()).digest()[:8], "big")


def some(food, words, count, *key, without=()):
    """So many names that end in one of the words, any without words: which, a digest says."""
    names = [name for name in food if name not in LEFT_OUT and name not in without]
    wanted = [name for name in names if not words or name.endswith(tuple(words.split()))]
    return sorted(wanted, key=lambda name: number(name, *key))[:count]


def price(shop, name):
    low, high, step = shop.prices
    return low + number(name, shop.name, "price") % ((high - low) // step + 1) * step


def stock(at, name, number_of_shop):
    return LAST_ONES if at == 7 else 20 + number(name, number_of_shop, "stock") % 181


def shelves(shop, food):
    """The names of its items: what is sold alone, and what goes with it."""
    named = [name for name in shop.besides.split() if name in food[shop.food]]
    alone = some(food[shop.food], shop.words, MAIN, shop.name)
    alone += [name for name in named if name not in alone][:MAIN - len(alone)]
    kind, words = ASIDES[shop.aside]
    aside = some(food[kind], words, ASIDE, shop.name, "aside", without=alone)
    if (len(set(alone)), len(set(aside))) != (MAIN, ASIDE):
        sys.exit(f"{shop.name}: {len(alone)} and {len(aside)} items")
    return alone, aside


def products(shop, skus, alone, aside):
    """Each thing by itself, and sets: one of those with two of what goes with it, so that products share items."""
    low, _, step = shop.prices
    for name in alone:
        yield name, price(shop, name), f"{skus[name]}:1"
    for at in range(SETS):
        name, with_it = alone[3 * at], aside[2 * at:2 * at + 2]
        times = 2 if at == SETS - 1 else 1
        amount = times * price(shop, name) + sum(max(step, low // 3 // step * step) for _ in with_it)
        made_of = [f"{skus[name]}:{times}", *(f"{skus[one]}:1" for one in with_it)]
        yield f"{name}{' 2인' if times == 2 else ''} 세트 ({', '.join(with_it)})", amount, " ".join(made_of)


def write(name, head, rows):
    with open(os.path.join(HERE, name), "w", encoding="utf-8", newline="") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def main():
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        food = json.loads(wheel.read("mimesis/datasets/ko/food.json"))
    stores, items, sold = [], [], []
    for at, shop in enumerate(SHOPS, 1):
        alone, aside = shelves(shop, food)
        code = f"{shop.category.upper()[:4]}{at:02}"
        skus = {name: f"{code}-{n:02}" for n, name in enumerate(alone + aside, 1)}
        stores.append((uuid.uuid5(uuid.NAMESPACE_OID, f"hanok demo {code}"), code, shop.name if shop.city in shop.name else f"{shop.city} {shop.name}", shop.category, shop.currency,
                       int(shop.automatic)))
        items += [(code, sku, name, stock(n, name, at)) for n, (name, sku) in enumerate(skus.items())]
        sold += [(code, *row) for row in products(shop, skus, alone, aside)]
    write("stores.csv", ("store_id", "code", "name", "category", "currency", "auto_accept"), stores)
    write("items.csv", ("store", "sku", "name", "on_hand"), items)
    write("products.csv", ("store", "name", "price", "items"), sold)


if __name__ == "__main__":
    main()
