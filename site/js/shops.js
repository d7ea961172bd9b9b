// shops.js - what can be ordered: stores, what one sells, and the basket.
import {get, Problem} from '/js/ask.js';
import {basket, countOf, emptyBasket, isOfAnother, keepBasket, LINES_MAX, pieces, put, QUANTITY_MAX, setQuantity} from '/js/basket.js';
import {choose, el} from '/js/dom.js';
import {pager} from '/js/list.js';
import {say} from '/js/page.js';
import {between, empty, link, openBadge, p, price, row, span} from '/js/parts.js';
import {money, sum, t} from '/js/texts.js';

const FEW = 5; // left: it is said how many

function onBasket(view, act) {
    window.addEventListener('basket', act, {signal: view.signal});
}

// At the lower edge, always: it says what is in the basket and leads there, and nothing moves when that changes.
function basketBar() {
    const {lines} = basket();
    const inside = lines.length === 0 ? span('soft', t('basket.empty')) : [
        span('', t('basket.count', {n: pieces()}), ' · ', price(sum(lines), 'money strong')),
        link('button go', 'basket', t('basket.show')),
    ];
    return el('div', {class: 'bar', 'data-key': 'bar'}, between(inside));
}

// ---- stores

function storeCard(store) {
    return el('a', {class: 'card', href: `#/shops/${store.storeId}`}, between(el('h2', {}, store.name), ' ', openBadge(store)));
}

// Where no shop is registered, or none can be asked for, there are goods all the same.
export async function shopsView(view) {
    const goods = notice => goodsView(view, {title: t('shops'), notice, members: {available: true}});
    const show = () => view.show(t('shops'), list.rows(), basketBar());
    let list;
    try {
        list = await pager(view, '/stores', {}, {row: storeCard, then: show});
    } catch (problem) {
        if (!(problem instanceof Problem) || problem.status === 0 || problem.status === 429)
            throw problem;
        return goods(t('shops.away'));
    }
    if (list.isEmpty)
        return goods(null);
    onBasket(view, show);
    show();
}

// ---- goods

function stepper(product, quantity) {
    const most = Math.min(QUANTITY_MAX, product.available ?? QUANTITY_MAX);
    // Where the button is gone with the last one, the focus goes to what took its place.
    const change = to => event => {
        const cell = event.currentTarget.parentNode.parentNode;
        setQuantity(product.productId, to);
        say(t('basket.now', {name: product.name, n: to}));
        if (to === 0)
            (cell.isConnected ? cell.querySelector('button') : document.querySelector('h1'))?.focus();
    };
    const isMost = quantity >= most;
    const button = (key, text, onclick, off) =>
        el('button', {type: 'button', 'aria-label': t(key, {name: product.name}), 'aria-disabled': off && 'true', onclick}, text);
    return el('div', {class: 'stepper', role: 'group', 'aria-label': t('quantity.of', {name: product.name})},
        button('less.of', '−', change(quantity - 1), false), span('', quantity),
        button('more.of', '+', isMost ? () => say(t('basket.most', {n: most})) : change(quantity + 1), isMost));
}

// Whether goods of that store may come into the basket: where there are others in it, somebody has to say so, and these are gone.
export async function makeRoom(storeId) {
    if (!isOfAnother(storeId))
        return true;
    const anew = {value: 'new', look: 'go', text: t('basket.other.new')}, keep = {value: '', text: t('basket.other.keep')};
    if (await choose(t('basket.other'), p('', t('basket.other.why')), anew, keep) !== anew.value)
        return false;
    emptyBasket();
    return true;
}

async function add(product, storeName) {
    if (!await makeRoom(product.storeId))
        return;
    if (basket().lines.length >= LINES_MAX)
        return say(t('basket.full', {n: LINES_MAX}));
    put(product, storeName);
    say(t('basket.now', {name: product.name, n: 1}));
}

function stock({available}) {
    if (available === 0)
        return span('badge bad', t('sold.out'));
    return available <= FEW ? span('badge warn', t('left', {n: available})) : null;
}

// From the button that puts it in to the stepper the focus goes on: both are the control of the same product.
function control(product, storeName) {
    const quantity = countOf(product.productId);
    if (quantity > 0)
        return stepper(product, quantity);
    if (product.available === 0)
        return null;
    const onclick = async event => {
        const cell = event.currentTarget.parentNode;
        await add(product, storeName);
        cell.querySelector('button:last-child')?.focus();
    };
    return el('button', {type: 'button', 'aria-label': t('put.name', {name: product.name}), onclick}, t('put'));
}

function productRow(product, storeName) {
    return el('div', {class: 'card product'},
        el('div', {}, el('h2', {}, product.name), row(price(product.price), stock(product))),
        el('div', {}, control(product, storeName)));
}

async function goodsView(view, {title, notice, members, storeName = null, head}) {
    const show = () => view.show(title, head, notice && p('notice', notice), list.rows(), basketBar());
    const list = await pager(view, '/products', members,
        {row: product => productRow(product, storeName), then: show, empty: p('empty', t('goods.none'))});
    onBasket(view, show);
    show();
}

// Of a store that cannot be asked about now its goods are shown all the same.
export async function menuView(view) {
    const {storeId} = view.params;
    const store = await get(`/stores/${storeId}`, view.signal).catch(problem => {
        if (!(problem instanceof Problem) || problem.status === 0)
            throw problem;
        return null;
    });
    return goodsView(view, {
        title: store?.name ?? t('goods'), storeName: store?.name ?? null, members: {storeId, sort: 'name'},
        head: store && row(openBadge(store)), notice: store?.open === false && t('store.closed.why'),
    });
}

// ---- the basket

function basketLine(line) {
    return el('li', {class: 'card', 'data-key': line.productId}, el('div', {class: 'product'},
        el('div', {}, el('h2', {}, line.name), price(line.price, 'money soft')), el('div', {}, stepper(line, line.quantity))),
        line.note && p('notice', line.note));
}

export function totalRow(lines) {
    return el('div', {class: 'row between total', 'data-key': 'total'}, span('', t('total')), price(sum(lines)));
}

export function basketView(view) {
    const show = () => {
        const {lines, storeName} = basket();
        if (lines.length === 0)
            return view.show(t('basket'), empty(p('', t('basket.empty')), link('button', '', t('shops.to'))));
        view.show(t('basket'), storeName && p('soft', storeName), el('ul', {class: 'list'}, lines.map(basketLine)), totalRow(lines),
            row(link('button go', 'checkout', t('checkout'))));
    };
    onBasket(view, show);
    show();
}

// Notes what has changed since it was put in: prices, and how many there are.
export async function renewBasket(signal) {
    const now = basket();
    const lines = await Promise.all(now.lines.map(async line => {
        const product = await get(`/products/${line.productId}`, signal).catch(problem => {
            if (problem.status !== 404)
                throw problem;
            return null;
        });
        const note = !product ? t('product.gone')
            : product.price.amount !== line.price.amount ? t('price.now', {before: money(line.price), now: money(product.price)})
            : product.available >= line.quantity ? null
            : product.available ? t('left.now', {n: product.available}) : t('sold.out');
        return {...line, ...product && {price: product.price, available: product.available}, note};
    }));
    keepBasket({...now, lines});
}
