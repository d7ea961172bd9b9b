// list.js - a list that comes page by page: what is there stays where it is, the rest is asked for by a button.
import {get, query} from '/js/ask.js';
import {el} from '/js/dom.js';
import {actButton} from '/js/form.js';
import {t} from '/js/texts.js';

// Loads the first page; then() is called whenever there is more to show. rows(): the elements, of row(item) each, and the button.
export async function pager(view, path, members, {row, then, empty}) {
    let items = [], cursor;
    const load = async () => {
        const page = await get(query(path, {limit: 20, ...members, cursor}), view.signal);
        items = [...items, ...page.items];
        cursor = page.nextCursor;
    };
    const more = async () => {
        const first = items.length;
        await load();
        then();
        document.querySelector(`[data-row="${first}"] :is(a, button)`)?.focus();
    };
    const numbered = (element, i) => {
        element.dataset.row = i;
        return element;
    };
    await load();
    return {
        isEmpty: items.length === 0,
        rows: () => items.length === 0 ? empty : [
            el('ul', {class: 'list'}, items.map((item, i) => numbered(el('li', {}, row(item)), i))),
            cursor && el('div', {class: 'row', 'data-key': 'more'}, actButton(t('more'), {}, more)),
        ],
    };
}
