// dom.js - elements from values, and pages that change without moving what somebody is at. Text stays text: nothing here makes
// markup of it.

// el('button', {class: 'go', onclick: act}, 'Order'); an attribute that is false, null or undefined is not there.
export function el(name, attributes = {}, ...inside) {
    const element = document.createElement(name);
    element.handlers = {};
    for (const [key, value] of Object.entries(attributes)) {
        if (key.startsWith('on'))
            element[key] = element.handlers[key] = value;
        else if (value !== false && value !== null && value !== undefined)
            element.setAttribute(key, value === true ? '' : value);
    }
    element.append(...listed(inside));
    return element;
}

function listed(inside) {
    return inside.flat(9).filter(one => one !== null && one !== undefined && one !== false && one !== '');
}

const keyOf = node => node.dataset?.key;
const isAlike = (a, b) => a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

function become(old, wanted) {
    if (old.nodeType !== Node.ELEMENT_NODE) {
        if (old.data !== wanted.data)
            old.data = wanted.data;
        return;
    }
    for (const {name} of [...old.attributes])
        if (!wanted.hasAttribute(name) && name !== 'open')
            old.removeAttribute(name);
    for (const {name, value} of wanted.attributes)
        if (old.getAttribute(name) !== value)
            old.setAttribute(name, value);
    for (const key of Object.keys({...old.handlers, ...wanted.handlers}))
        old[key] = wanted.handlers?.[key] ?? null;
    old.handlers = wanted.handlers;
    show(old, ...wanted.childNodes);
}

// Makes the children of parent be like these. What is alike (the same element, by data-key where it has one) is kept, and with it
// the focus, what was typed and what was opened; a node that is there already stays as it is. What is gone goes first: behind it nothing
// has to move, which would take the focus away.
export function show(parent, ...inside) {
    const all = listed(inside).map(one => one instanceof Node ? one : document.createTextNode(one));
    const keys = new Set(all.map(keyOf));
    const byKey = new Map();
    for (const node of [...parent.childNodes].filter(keyOf)) {
        if (keys.has(keyOf(node)))
            byKey.set(keyOf(node), node);
        else
            node.remove();
    }
    let at = parent.firstChild;
    for (const wanted of all) {
        let same = wanted.parentNode === parent ? wanted : keyOf(wanted) ? byKey.get(keyOf(wanted)) : at;
        if (same && same !== wanted && !isAlike(same, wanted))
            same = null;
        if (same !== at || !same)
            parent.insertBefore(same ?? wanted, at);
        else
            at = at.nextSibling;
        if (same && same !== wanted)
            become(same, wanted);
    }
    while (at) {
        const gone = at;
        at = at.nextSibling;
        gone.remove();
    }
}

// Does act, which changes a list: what gets smaller keeps its height, so that what is below does not slip under the finger.
export function still(act) {
    const items = () => [...document.querySelectorAll('li[data-key]')];
    const height = item => item.getBoundingClientRect().height;
    const before = new Map(items().map(item => [item.dataset.key, height(item)]));
    act();
    for (const item of items())
        if (before.get(item.dataset.key) > height(item))
            item.style.minHeight = `${before.get(item.dataset.key)}px`;
}

// Whether a click is the rest of a double one: what it was meant for may be gone, and another button be in its place by now.
export const isRest = event => event.detail > 1;

// A dialog that says something and waits for one of its answers, {value, text, look}: resolves to its value, '' when it was closed. The
// focus is at the answer whose value is '', which changes nothing.
export function choose(title, inside, ...choices) {
    return new Promise(done => {
        const name = 'dialog-title', why = 'dialog-why';
        const close = value => event => {
            if (isRest(event))
                return;
            dialog.close(value);
            done(value); // at once: the event comes a little later
        };
        const dialog = el('dialog', {'aria-labelledby': name, 'aria-describedby': why, onclose: () => { dialog.remove(); done(dialog.returnValue); }},
            el('h2', {id: name}, title), el('div', {id: why}, inside),
            el('div', {class: 'row'}, choices.map(({value, text, look}) =>
                el('button', {type: 'button', class: look, autofocus: value === '', onclick: close(value)}, text))));
        document.body.append(dialog);
        dialog.showModal();
    });
}

// Resolves after so long, or at once when signal is aborted or wake() is called: pause(ms, {signal, on: [window, 'online']}).
export function pause(ms, {signal, on} = {}) {
    return new Promise(done => {
        const end = () => {
            clearTimeout(timer);
            signal?.removeEventListener('abort', end);
            on?.[0].removeEventListener(on[1], end);
            done();
        };
        const timer = setTimeout(end, signal?.aborted ? 0 : ms);
        signal?.addEventListener('abort', end);
        on?.[0].addEventListener(on[1], end);
    });
}
