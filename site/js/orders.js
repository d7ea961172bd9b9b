// orders.js - orders one has made: the list of them, and one as it comes nearer.
import {ask, get, once} from '/js/ask.js';
import {keepBasket} from '/js/basket.js';
import {METHODS} from '/js/checkout.js';
import {choose, el} from '/js/dom.js';
import {follow} from '/js/follow.js';
import {actButton, makeForm} from '/js/form.js';
import {pager} from '/js/list.js';
import {nameBook, storeName} from '/js/names.js';
import {go, say} from '/js/page.js';
import {between, empty, facts, link, p, price, span} from '/js/parts.js';
import {makeRoom} from '/js/shops.js';
import {dateTime, has, money, t, time, times, word} from '/js/texts.js';

const WAIT_S = 10;
const LOOKS = {CONFIRMED: 'good', COMPLETED: 'good', AWAITING_PAYMENT: 'warn', CANCEL_PENDING: 'warn', REJECTED: 'bad', CANCELED: 'bad'}; // of badges
const ENDED = ['REJECTED', 'CANCELED', 'COMPLETED'];
// The steps of the dashboard's times, in their order, and from which of its states on each is done.
const STEPS = ['ordered', 'paid', 'accepted', 'cooked', 'pickedUp', 'delivered'];
const STATES = {ORDERED: 1, PAYMENT_DEFERRED: 1, ACCEPTED: 3, COOKING: 3, COOKED: 4, DELIVERY_STARTED: 4, PICKED_UP: 5, DELIVERED: 6};

function numbered({orderNum}) {
    return t('order.number', {number: orderNum.slice(-6)});
}

function badge(order) {
    return span(`badge ${LOOKS[order.status] ?? ''}`, word('order', order.status));
}

// ---- the list

export async function ordersView(view) {
    const nameOf = nameBook(storeName, () => show());
    const row = order => el('a', {class: 'card', href: `#/orders/${order.orderId}`},
        between(el('h2', {}, nameOf(order.storeId) ?? numbered(order)), badge(order)),
        between(span('soft', dateTime(order.createdAt)), price(order.total, 'money soft')));
    const show = () => view.show(t('orders'), list.rows());
    const list = await pager(view, '/orders', {}, {row, then: show,
        empty: empty(p('', t('orders.none')), link('button', '', t('shops.to')))});
    show();
}

// ---- one

// How far it is, by the order and, once that is known, by the dashboard: how many steps are done, when, and how it ended if it came to nothing.
function progress(order, board) {
    const times = {ordered: order.createdAt, ...board?.times};
    const end = {REJECTED: 'rejected', CANCELED: 'canceled'}[order.status];
    if (end)
        return {done: STEPS.filter(step => times[step]).length, times, end, at: times.canceled ?? order.updatedAt};
    const paid = ['CONFIRMED', 'COMPLETED', 'CANCEL_PENDING'].includes(order.status) ? 2 : 1;
    return {done: order.status === 'COMPLETED' ? 6 : Math.max(paid, STATES[board?.status] ?? 0), times};
}

function steps(order, board) {
    const {done, times, end, at} = progress(order, board);
    const shown = end ? STEPS.slice(0, done) : STEPS;
    const mark = at => at && span('small soft', time(at));
    return el('ol', {class: 'steps', 'aria-label': t('steps')},
        shown.map((step, i) => el('li', {class: i < done ? 'done' : i === done ? 'now' : null, 'aria-current': i === done && 'step'},
            span('', t(`step.${step}`)), mark(i < done && times[step]))),
        end && el('li', {class: 'bad', 'aria-current': 'step'}, span('', t(`step.${end}`)), mark(at)));
}

function sentence(order, board) {
    if (order.cancelAsked && !ENDED.includes(order.status)) // that it was asked stays true
        return t('say.cancel_asked');
    if (order.status === 'CONFIRMED' && board && has(`say.${board.status}`))
        return t(`say.${board.status}`);
    const reason = order.reason && (has(`reason.${order.reason}`) ? t(`reason.${order.reason}`) : order.reason);
    return t(`say.${order.status}`, {time: order.payment.payBy && time(order.payment.payBy), reason: reason ?? ''});
}

function state(order, board) {
    const refunded = order.status === 'CANCELED' && board?.paymentStatus === 'ORDER_CANCELED';
    const now = board && order.status === 'CONFIRMED' ? word('board', board.status) : word('order', order.status);
    return el('section', {class: 'card', 'aria-label': t('state'), 'data-key': 'state'},
        el('div', {'aria-live': 'polite'}, p('big', now), p('', sentence(order, board)), refunded && p('', t('say.refunded'))), steps(order, board));
}

function goods(order) {
    const item = line => el('li', {class: 'row between'}, span('', `${line.name ?? t('product.unnamed')} × ${line.quantity}`),
        price(times(line.unitPrice, line.quantity)), line.note && span('badge warn', line.note));
    return el('section', {class: 'card', 'aria-label': t('goods'), 'data-key': 'goods'}, el('ul', {class: 'list'}, order.lines.map(item)),
        el('div', {class: 'row between total'}, span('', t('total')), price(order.total)),
        p('soft', t('payment.is', {status: word('payment', order.payment.status)})));
}

function about(order) {
    const list = el('ul', {class: 'list small'});
    const item = entry => el('li', {class: 'row between'}, span('', word('order', entry.to)), span('soft', dateTime(entry.at)));
    const load = async event => {
        if (!event.currentTarget.open)
            return;
        const {items} = await get(`/orders/${order.orderId}/history`).catch(() => ({items: []}));
        list.replaceChildren(...items.map(item));
    };
    return el('details', {class: 'card', ontoggle: load}, el('summary', {}, t('about')),
        facts('small', [t('order.num'), order.orderNum], [t('order.at'), dateTime(order.createdAt)]), list);
}

// ---- what may be done with it

async function cancel(order, view, told) {
    const what = order.status === 'AWAITING_PAYMENT' ? 'cancel.unpaid' : 'cancel.paid';
    const yes = {value: 'cancel', look: 'stop', text: t('cancel.do')}, no = {value: '', text: t('cancel.keep')};
    if (await choose(t('cancel.title'), p('', t(what)), yes, no) !== yes.value)
        return;
    const {data} = await ask('DELETE', `/orders/${order.orderId}`, {wait: WAIT_S, signal: view.signal});
    if (data.status !== 'CANCELED')
        say(t(data.cancelAsked ? 'cancel.asked' : 'cancel.pending'));
    else
        say(data.refund?.amount ? t('cancel.refund', {money: money(data.refund)}) : t('cancel.done'));
    told(await get(`/orders/${order.orderId}`));
}

function payForm(order, view, told) {
    const path = `/orders/${order.orderId}`;
    const {form} = makeForm({
        fields: [{name: 'method', choices: METHODS}],
        submit: t('pay', {money: money(order.total)}),
        async act({method}) {
            const trying = () => say(t('pay.busy'));
            await once(`pay.${order.orderId}`, `${path}/payment`, {method}, {wait: WAIT_S, signal: view.signal, trying});
            told(await get(path));
        },
    });
    form.classList.add('card');
    form.setAttribute('aria-label', t('pay.title'));
    form.dataset.key = 'pay';
    return form;
}

// What was ordered goes into the basket once more.
function reorder(order, name) {
    const lines = order.lines.map(({productId, name: called, unitPrice, quantity}) =>
        ({productId, name: called ?? t('product.unnamed'), price: unitPrice, quantity}));
    return actButton(t('reorder'), {}, async () => {
        if (!await makeRoom(order.storeId))
            return;
        keepBasket({storeId: order.storeId, storeName: name, lines});
        go('basket');
    });
}

function actions(order, name, pay, act) {
    const mayCancel = order.actions.includes('cancel') && !order.cancelAsked;
    pay.hidden = !order.actions.includes('pay');
    return [pay, el('div', {class: 'row', 'data-key': 'actions'}, mayCancel && actButton(t('cancel'), {class: 'stop', 'data-key': 'cancel'}, act),
        ENDED.includes(order.status) && reorder(order, name))];
}

export async function orderView(view) {
    const {orderId} = view.params;
    let order = await get(`/orders/${orderId}`, view.signal), board = null, name = null, following = false;
    const told = now => {
        if (now.version >= order.version)
            order = now;
        show();
    };
    const pay = payForm(order, view, told), more = about(order);
    function show() {
        view.show(name ?? numbered(order), state(order, board),
            actions(order, name, pay, () => cancel(order, view, told)), goods(order), more);
        if (!following && !['PENDING', 'AWAITING_PAYMENT', 'PAYING', 'REJECTED'].includes(order.status)) {
            following = true;
            // Where there is no dashboard the order alone says how far it is.
            const toldBoard = now => { board = now; show(); };
            follow(`/dashboards/${orderId}`, {signal: view.signal, missing: true, told: toldBoard}).catch(() => {});
        }
    }
    show();
    storeName(order.storeId).then(found => { name = found; show(); }, () => {});
    await follow(`/orders/${orderId}`, {signal: view.signal, line: view.line, told});
}
