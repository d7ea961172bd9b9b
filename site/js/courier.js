// courier.js - the page of who brings orders: jobs nobody has yet, and one's own.
import {accountView, loginView, signupView} from '/js/account.js';
import {ask, get, hasRole, query, who} from '/js/ask.js';
import {choose, el, still} from '/js/dom.js';
import {poll} from '/js/follow.js';
import {actButton} from '/js/form.js';
import {nameBook, storeName} from '/js/names.js';
import {say, start} from '/js/page.js';
import {between, empty, facts, p, row, span} from '/js/parts.js';
import {addTexts, t, time, word} from '/js/texts.js';
import {COURIER} from '/js/texts-courier.js';

const CARRIED = ['STARTED', 'PICKED_UP'];
const SEEN_MAX = 50;
const GONE_MAX = 50; // a page that is open all day does not grow with it
addTexts(COURIER);

// One that one carries, with the address; as it was where somebody else has it by now, which the next list says.
async function readWhole(job, signal) {
    try {
        return await get(`/deliveries/${job.orderId}`, signal);
    } catch (problem) {
        if (problem.status !== 404)
            throw problem;
        return job;
    }
}

// {waiting, mine}; of what one carries with the address.
async function readJobs(signal) {
    const list = status => get(query('/deliveries', {status, limit: SEEN_MAX}), signal);
    const [waiting, all] = await Promise.all([list('WAITING'), list()]);
    const own = all.items.filter(job => job.courierId === who()?.userId);
    const whole = job => CARRIED.includes(job.status) ? readWhole(job, signal) : job;
    return {waiting: waiting.items, mine: await Promise.all(own.map(whole))};
}

function addressOf({deliverTo}) {
    if (!deliverTo)
        return p('soft', t('address.later'));
    return facts('', [t('address'), span('big', deliverTo.address)],
        [t('to'), [deliverTo.name, ' · ', el('a', {href: `tel:${deliverTo.phone}`}, deliverTo.phone)]]);
}

async function giveBack(act) {
    const yes = {value: 'yes', look: 'stop', text: t('do.give_back')}, no = {value: '', text: t('keep')};
    if (await choose(t('give.back.title'), p('', t('give.back.why')), yes, no) === yes.value)
        await act('give-back');
}

// What comes once it is ready has its place before: nothing moves then, and no other button is where one was.
function jobCard(job, name, act) {
    const button = (action, look, does) => {
        const label = t('do.of', {action: t(`do.${action}`), name});
        return job.actions.includes(action) && actButton(t(`do.${action}`), {class: look, 'data-key': action, 'aria-label': label}, does);
    };
    const verb = action => button(action, 'go', () => act(action));
    const pickup = job.pickupBy ? t('pickup.by', {time: time(job.pickupBy)}) : job.ready ? '' : t('pickup.later');
    const cooked = span(job.ready ? 'badge good' : 'badge warn', t(job.ready ? 'is.ready' : 'is.not.ready'));
    return el('li', {class: 'card', 'data-key': job.orderId},
        between(el('h3', {tabindex: '-1'}, name), row(['WAITING', 'STARTED'].includes(job.status) && cooked, span('badge', word('delivery', job.status)))),
        p('soft small', t('since', {time: time(job.createdAt)})), job.status === 'STARTED' && p('note', pickup),
        CARRIED.includes(job.status) && addressOf(job),
        row(button('give_back', '', () => giveBack(act)), verb('start'), verb('pickup'), verb('complete')));
}

// A job that went to somebody else stays where it is until the list is made anew: what is below does not slip under the finger.
function merge(seen, waiting) {
    const now = new Map(waiting.map(job => [job.orderId, job]));
    for (const orderId of seen.keys())
        seen.set(orderId, now.get(orderId) ?? {...seen.get(orderId), status: 'GONE', actions: []});
    for (const [orderId, job] of now)
        seen.set(orderId, job);
    for (const {orderId} of [...seen.values()].filter(job => job.status === 'GONE').slice(0, -GONE_MAX))
        seen.delete(orderId);
}

async function jobsView(view) {
    if (!hasRole('courier'))
        return view.show(t('jobs'), empty(p('', t('no.courier')), p('', t('no.courier.why')), el('code', {}, who().loginId)));
    const seen = new Map(), carriedOnce = new Set(), named = nameBook(storeName, () => show());
    const lost = new Map(); // what was one's own, and was not picked up in time
    let mine = [], loaded = false;
    const nameOf = ({storeId}) => named(storeId) ?? t('store.unnamed');
    const act = job => async verb => {
        try {
            const {data} = await ask('POST', `/deliveries/${job.orderId}/${verb}`);
            seen.delete(job.orderId);
            mine = [...mine.filter(one => one.orderId !== job.orderId), {...job, ...data}];
            say(t(`done.${verb}`));
            show();
        } finally {
            jobs.nudge();
        }
    };
    const card = job => jobCard(job, nameOf(job), act(job));
    const anew = () => {
        seen.forEach((job, orderId) => job.status === 'GONE' && seen.delete(orderId));
        carriedOnce.clear();
        lost.clear();
        mine = mine.filter(job => job.status !== 'LAPSED');
        show();
    };
    // One that was canceled on its way, or lapsed, stays where it was too, until it is cleared.
    const isShown = job => [...CARRIED, 'LAPSED'].includes(job.status) || job.status === 'CANCELED' && carriedOnce.has(job.orderId);
    function show() {
        const carried = mine.filter(isShown).sort((a, b) => a.startedAt < b.startedAt ? -1 : 1);
        const gone = [...seen.values(), ...carried].filter(job => ['GONE', 'CANCELED', 'LAPSED'].includes(job.status)).length;
        const open = [...seen.values()].filter(job => job.status !== 'GONE').length;
        still(() => view.show(t('jobs'),
            el('section', {class: 'list', 'aria-labelledby': 'mine', 'data-key': 'mine'},
                el('h2', {id: 'mine'}, t('mine', {n: carried.length})),
                carried.length ? el('ul', {class: 'list'}, carried.map(card)) : p('soft', t('mine.none'))),
            el('section', {class: 'list', 'aria-labelledby': 'waiting', 'data-key': 'waiting'},
                between(el('h2', {id: 'waiting'}, t('waiting', {n: open})),
                    el('button', {type: 'button', 'aria-disabled': gone === 0 && 'true', onclick: anew}, t('anew', {n: gone}))),
                seen.size ? el('ul', {class: 'list'}, [...seen.values()].map(card))
                    : p('empty', t(loaded ? 'waiting.none' : 'loading'))),
            done()));
    }
    const done = () => {
        const items = mine.filter(job => job.status === 'DELIVERED');
        const item = job => el('li', {class: 'row between'}, span('', nameOf(job)), span('soft', time(job.deliveredAt)));
        return items.length > 0 && el('details', {class: 'card', 'data-key': 'done'},
            el('summary', {}, t('delivered', {n: items.length})), el('ul', {}, items.map(item)));
    };
    show();
    const jobs = poll(readJobs, {signal: view.signal, line: view.line, told(now) {
        const own = new Set(now.mine.map(job => job.orderId));
        const isOlder = job => now.waiting.find(one => one.orderId === job.orderId)?.version < job.version; // asked before it was taken
        const lapsed = mine.filter(job => job.status === 'STARTED' && !own.has(job.orderId) && !isOlder(job));
        lapsed.forEach(job => lost.set(job.orderId, {...job, status: 'LAPSED', actions: []}));
        own.forEach(orderId => lost.delete(orderId));
        const fresh = now.waiting.filter(job => !seen.has(job.orderId) && !lost.has(job.orderId)).length;
        merge(seen, now.waiting.filter(job => !own.has(job.orderId)));
        mine = [...now.mine, ...lost.values()];
        for (const {orderId} of mine.filter(job => CARRIED.includes(job.status))) {
            seen.delete(orderId);
            carriedOnce.add(orderId);
        }
        if (lapsed.length)
            say(t('lapsed'));
        else if (loaded && fresh)
            say(t('waiting.new', {n: fresh}));
        loaded = true;
        show();
    }});
    await jobs.done;
}

start({name: 'courier', home: [], login: loginView,
    nav: () => [{path: '', text: t('jobs')}, {path: 'account', text: who() ? t('account') : t('login')}],
    routes: [
        {path: '', view: jobsView, login: true},
        {path: 'account', view: accountView, login: true},
        {path: 'signup', view: signupView},
    ]});
