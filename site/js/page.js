// page.js - what all pages have: the frame, the ways in it (#/orders/17), what is said aloud, and what is shown when something does not work.
import {Problem, who} from '/js/ask.js';
import {el, pause, show} from '/js/dom.js';
import {changeLanguage, has, otherLanguage, t} from '/js/texts.js';

const PAGES = [['customer', '/'], ['shop', '/shop/'], ['courier', '/courier/']];
const SAID_MS = 8000;
const SLOW_MS = 200; // until it is said that something is loaded
const main = el('main', {id: 'main', tabindex: '-1'});
const header = el('header');
const footer = el('footer');
const said = el('p', {id: 'said', role: 'status'});
const offline = el('p', {id: 'offline', role: 'status', hidden: true});
const line = el('span', {id: 'line', role: 'status'});
let page, current;

// ---- what is said

let quiet;

// To who sees and to who hears. It floats, so nothing moves.
export function say(text) {
    clearTimeout(quiet);
    said.textContent = text;
    quiet = setTimeout(() => { said.textContent = ''; }, SAID_MS);
}

export function explain(problem) {
    const known = has(`error.${problem.code}`) ? problem.code : problem.status >= 500 ? 'internal' : 'refused';
    const text = t(`error.${known}`, {why: problem.message});
    return problem.retryAfterS ? `${text} ${t('error.after', {n: problem.retryAfterS})}` : text;
}

function sayLine(state) {
    line.className = state;
    line.textContent = state ? t(`line.${state}`) : '';
}

// ---- the frame

function isHere(path) {
    const here = location.hash.slice(2);
    return path ? here === path || here.startsWith(path + '/') : here === '' || page.home.some(one => here.startsWith(one));
}

function frame() {
    const other = otherLanguage();
    const toOther = () => { const typed = typedNow(); changeLanguage(); enter(false, typed); };
    const language = el('button', {class: 'plain', type: 'button', lang: other.lang, onclick: toOther}, other.name);
    const links = page.nav().map(({path, text}) =>
        el('li', {}, el('a', {href: '#/' + path, 'aria-current': isHere(path) && 'page'}, text)));
    const icon = el('img', {src: '/icon.svg', alt: '', width: 28, height: 28});
    const skip = event => { event.preventDefault(); main.focus(); };
    show(header, el('a', {class: 'skip', href: '#main', onclick: skip}, t('skip')),
        el('div', {}, el('a', {class: 'brand', href: '#/'}, icon, t(`app.${page.name}`)), line, language,
            el('nav', {'aria-label': t('nav')}, el('ul', {}, links))));
    const others = PAGES.filter(([name]) => name !== page.name);
    show(footer, el('ul', {}, others.map(([name, href]) => el('li', {}, el('a', {href}, t(`app.${name}`)))),
        el('li', {}, el('a', {href: '/docs'}, t('docs')))));
    offline.textContent = t('offline');
    offline.hidden = navigator.onLine;
}

// Of a number in the frame that is another one now.
export function frameChanged() {
    frame();
}

// ---- ways

function routeOf(path) {
    for (const route of page.routes) {
        const names = [];
        const pattern = route.path.replace(/:(\w+)/g, (_, name) => { names.push(name); return '([\\w-]+)'; }); // ids, and nothing else
        const match = new RegExp(`^${pattern}$`).exec(path);
        if (match)
            return {...route, params: Object.fromEntries(names.map((name, i) => [name, match[i + 1]]))};
    }
    return null;
}

// ---- what somebody is at while the language changes

const placeOf = ({type, id, name, value}) => type === 'radio' ? `${name}=${value}` : id;
const fields = () => [...main.querySelectorAll('input, select, textarea')];

// {place: the field as it is}.
function typedNow() {
    return new Map(fields().map(field => [placeOf(field), {value: field.value, checked: field.checked}]));
}

// Each once: what is shown later is not what was typed before.
function typeAgain(typed) {
    for (const field of fields()) {
        const kept = typed.get(placeOf(field));
        typed.delete(placeOf(field));
        if (kept)
            Object.assign(field, kept);
    }
}

// What a view is given: what it is about, where it shows, and for how long; once it is left it shows nothing any more.
function makeView(params, focus, typed) {
    const stop = new AbortController();
    const view = {
        params, signal: stop.signal, shown: false,
        leave: () => stop.abort(),
        line: state => !stop.signal.aborted && sayLine(state),
        show(title, ...inside) {
            if (stop.signal.aborted)
                return;
            document.title = `${title} · Hanok`;
            main.removeAttribute('aria-busy');
            show(main, el('h1', {tabindex: '-1'}, title), ...inside);
            typeAgain(typed);
            if (focus && !view.shown)
                main.firstChild.focus();
            view.shown = true;
        },
    };
    return view;
}

async function run(view, route) {
    pause(SLOW_MS, {signal: view.signal}).then(() => {
        if (current === view && !view.shown) {
            main.setAttribute('aria-busy', 'true');
            show(main, el('p', {class: 'empty'}, t('loading')));
        }
    });
    try {
        const act = route.login && !who() ? page.login : route.view;
        await act(view);
    } catch (problem) {
        failed(view, problem);
    }
}

function failed(view, problem) {
    if (view.signal.aborted)
        return;
    if (!(problem instanceof Problem))
        reportError(problem);
    if (problem.status === 401)
        return void page.login(view);
    view.line('');
    const why = problem instanceof Problem ? explain(problem) : t('error.internal');
    const retry = el('button', {class: 'go', type: 'button', onclick: () => enter(true)}, t('again'));
    view.show(t(problem.status === 404 ? 'gone.title' : 'failed.title'), el('p', {class: 'notice bad', role: 'alert'}, why),
        el('div', {class: 'row'}, retry));
    if (problem.status === 0)
        pause(3600000, {signal: view.signal, on: [window, 'online']}).then(() => !view.signal.aborted && again());
}

function enter(focus, typed = new Map()) {
    current?.leave();
    document.querySelector('dialog')?.close();
    sayLine('');
    const route = routeOf(location.hash.slice(2)) ?? routeOf('');
    current = makeView(route.params, focus, typed);
    show(main);
    frame();
    if (focus)
        window.scrollTo(0, 0);
    run(current, route);
}

// The same view once more: as somebody else, or because it failed.
export function again() {
    enter(false);
}

export function go(path) {
    if (location.hash === '#/' + path)
        enter(true);
    else
        location.hash = '#/' + path;
}

// page: {name, nav: () => [{path, text}], home: [paths that belong to the first link], routes: [{path, view, login}], login: view}.
// path: 'orders/:orderId'; view(view): shows, and may go on until view.signal is aborted.
export function start(given) {
    page = given;
    document.body.replaceChildren(header, main, footer, said, offline);
    window.addEventListener('hashchange', () => enter(true));
    window.addEventListener('session', () => enter(true));
    window.addEventListener('online', () => { frame(); say(t('online')); });
    window.addEventListener('offline', frame);
    enter(false);
}
