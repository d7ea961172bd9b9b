// shop.js - the page of who has a shop: whether it is open, and what has been ordered of it.
import {accountView, loginView, signupView} from '/js/account.js';
import {all, ask, get, query, who} from '/js/ask.js';
import {choose, el, still} from '/js/dom.js';
import {poll} from '/js/follow.js';
import {actButton} from '/js/form.js';
import {nameBook, productName} from '/js/names.js';
import {say, start} from '/js/page.js';
import {empty, facts, openBadge, p} from '/js/parts.js';
import {addTexts, money, t} from '/js/texts.js';
import {SHOP} from '/js/texts-shop.js';
import {ticketCard} from '/js/ticket.js';

const MINUTES_SHOWN_MS = 20000; // how old those that are left may be
const OPEN = ['RECEIVED', 'ACCEPTED', 'COOKING', 'READY']; // states of tickets that are looked at
const ENDED_MAX = 50; // a page that is open all day does not grow with it
addTexts(SHOP);

// ---- one's shops

async function shopsView(view) {
    const stores = await all(query('/stores', {ownerId: who().userId}), view.signal);
    if (stores.length === 1)
        return location.replace(`#/stores/${stores[0].storeId}`);
    const nothing = empty(p('', t('shops.none')), p('', t('shops.none.why')), el('code', {}, who().userId));
    const card = store => el('li', {}, el('a', {class: 'card', href: `#/stores/${store.storeId}`}, el('h2', {}, store.name)));
    view.show(t('shops'), stores.length ? el('ul', {class: 'list'}, stores.map(card)) : nothing);
}

// ---- what was ordered

// The tickets that are worked on, and what has become of those that were, in the order they were ordered in.
async function readTickets(path, known, signal) {
    const lists = await Promise.all(OPEN.map(status => all(query(path, {status}), signal)));
    const now = new Map(lists.flat().map(ticket => [ticket.orderId, ticket]));
    const gone = [...known.values()].filter(ticket => OPEN.includes(ticket.status) && !now.has(ticket.orderId));
    for (const ticket of await Promise.all(gone.map(({orderId}) => get(`${path}/${orderId}`, signal))))
        now.set(ticket.orderId, ticket);
    return [...now.values()].sort((a, b) => a.orderNum < b.orderNum ? -1 : 1);
}

function openingRow(store, change) {
    const yes = {value: 'close', look: 'stop', text: t('close')}, no = {value: '', text: t('keep.open')};
    const act = async () => {
        const wanted = !store.open;
        if (!wanted && await choose(t('close.title'), p('', t('close.why')), yes, no) !== yes.value)
            return;
        change((await ask('PUT', `/stores/${store.storeId}/opening`, {body: {open: wanted}})).data);
        say(t(wanted ? 'opened' : 'closed'));
    };
    return el('div', {class: 'card row between', 'data-key': 'opening'}, openBadge(store),
        actButton(t(store.open ? 'close' : 'open'), {class: store.open ? 'stop' : 'go'}, act));
}

function autoRow(store, change) {
    const act = async () => {
        change((await ask('PATCH', `/stores/${store.storeId}`, {body: {autoAccept: !store.autoAccept}})).data);
        say(t(store.autoAccept ? 'auto.ended' : 'auto.begun'));
    };
    return el('div', {class: 'card row between', 'data-key': 'auto'}, p('', t(store.autoAccept ? 'auto.is' : 'auto.is.not')),
        actButton(t(store.autoAccept ? 'auto.end' : 'auto.begin'), {}, act));
}

// Asked for when somebody wants to see it.
function today(storeId) {
    const place = el('div');
    const minutes = n => n === undefined ? '–' : t('minutes', {n});
    const load = async event => {
        if (!event.currentTarget.open)
            return;
        const day = await get(query('/dashboards/summary', {storeId})).catch(() => null);
        place.replaceChildren(day ? facts('numbers', [t('today.orders'), day.orders], [t('today.revenue'), day.revenue.map(money).join(', ') || '–'],
            [t('today.canceled'), `${day.cancelRate} %`], [t('today.accept'), minutes(day.acceptMinutes)],
            [t('today.cook'), minutes(day.cookMinutes)], [t('today.deliver'), minutes(day.deliverMinutes)]) : p('soft', t('failed.title')));
    };
    return el('details', {class: 'card', ontoggle: load}, el('summary', {}, t('today')), place);
}

async function ticketsView(view) {
    const {storeId} = view.params;
    const path = `/stores/${storeId}/tickets`;
    const known = new Map(), named = nameBook(productName, () => show());
    const sums = today(storeId);
    let store = await get(`/stores/${storeId}`, view.signal), loaded = false;

    const is = now => {
        store = now;
        show();
    };
    const nameOf = productId => named(productId) ?? t('product.unnamed');
    const took = ticket => {
        if (!(known.get(ticket.orderId)?.version > ticket.version))
            known.set(ticket.orderId, ticket);
    };
    // What the shop does with a ticket: the answer is the ticket as it is then; where it is refused, it has changed, and is read again.
    const act = async (ticket, verb, body) => {
        try {
            took((await ask('POST', `${path}/${ticket.orderId}/${verb}`, {body})).data);
            show();
        } catch (problem) {
            tickets.nudge();
            throw problem;
        }
    };
    const clear = () => {
        for (const ticket of known.values())
            if (!OPEN.includes(ticket.status))
                known.delete(ticket.orderId);
        show();
    };
    function show() {
        const shown = [...known.values()], ended = shown.filter(ticket => !OPEN.includes(ticket.status)).length;
        const waiting = shown.filter(ticket => ticket.status === 'RECEIVED' || ticket.cancelAsked).length;
        still(() => view.show(store.name, openingRow(store, is),
            el('div', {class: 'row between', 'data-key': 'head'}, el('h2', {}, t('tickets', {n: shown.length - ended})),
                el('button', {type: 'button', 'aria-disabled': ended === 0 && 'true', onclick: clear}, t('clear', {n: ended}))),
            shown.length ? el('ul', {class: 'list', 'data-key': 'tickets'}, shown.map(ticket => ticketCard(ticket, {nameOf, act}))) :
                p('empty', t(loaded ? 'tickets.none' : 'loading')), sums, autoRow(store, is)));
        if (waiting && !view.signal.aborted)
            document.title = `(${waiting}) ${document.title}`;
    }
    const told = now => {
        const fresh = now.filter(ticket => !known.has(ticket.orderId)).length;
        now.forEach(took);
        for (const {orderId} of [...known.values()].filter(ticket => !OPEN.includes(ticket.status)).slice(0, -ENDED_MAX))
            known.delete(orderId);
        if (loaded && fresh)
            say(t('tickets.new', {n: fresh}));
        loaded = true;
        show();
    };
    show();
    const tickets = poll(signal => readTickets(path, known, signal), {signal: view.signal, line: view.line, hidden: true, told});
    const clock = setInterval(show, MINUTES_SHOWN_MS);
    view.signal.addEventListener('abort', () => clearInterval(clock));
    await tickets.done;
}

start({name: 'shop', home: ['stores/'], login: loginView,
    nav: () => [{path: '', text: t('shops')}, {path: 'account', text: who() ? t('account') : t('login')}],
    routes: [
        {path: '', view: shopsView, login: true},
        {path: 'stores/:storeId', view: ticketsView, login: true},
        {path: 'account', view: accountView, login: true},
        {path: 'signup', view: signupView},
    ]});
