// parts.js - small things that pages are made of.
import {el} from '/js/dom.js';
import {money, t} from '/js/texts.js';

export const row = (...inside) => el('div', {class: 'row'}, ...inside);
export const between = (...inside) => el('div', {class: 'row between'}, ...inside);
export const span = (look, ...inside) => el('span', {class: look}, ...inside);
export const p = (look, ...inside) => el('p', {class: look}, ...inside);
export const price = (value, look = 'money') => span(look, money(value));
export const link = (look, path, text) => el('a', {class: look, href: '#/' + path}, text);
export const empty = (...inside) => el('div', {class: 'empty'}, ...inside);

export function openBadge({open}) {
    return span(open ? 'badge good' : 'badge', t(open ? 'store.open' : 'store.closed'));
}

// A list of names and what they stand for: [name, value] each.
export function facts(look, ...rows) {
    return el('dl', {class: look}, rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}
