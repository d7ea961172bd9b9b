// basket.js - what somebody wants, kept in the browser: goods of one store.
const KEPT = 'hanok.basket';
export const LINES_MAX = 20, QUANTITY_MAX = 99;
const NOTHING = {storeId: null, storeName: null, lines: []};

// {storeId, storeName, lines: [{productId, name, price, quantity, available, note?}]}
export function basket() {
    return JSON.parse(localStorage.getItem(KEPT) ?? 'null') ?? NOTHING;
}

function keep(changed) {
    localStorage.setItem(KEPT, JSON.stringify(changed.lines.length ? changed : NOTHING));
    window.dispatchEvent(new Event('basket'));
}

export function emptyBasket() {
    keep(NOTHING);
}

export function keepBasket(changed) {
    keep(changed);
}

export function countOf(productId) {
    return basket().lines.find(line => line.productId === productId)?.quantity ?? 0;
}

export function pieces() {
    return basket().lines.reduce((n, line) => n + line.quantity, 0);
}

// 0 takes it out.
export function setQuantity(productId, quantity) {
    const now = basket();
    const lines = now.lines.map(line => line.productId === productId ? {...line, quantity, note: undefined} : line);
    keep({...now, lines: lines.filter(line => line.quantity > 0)});
}

// Whether goods of another store are in it.
export function isOfAnother(storeId) {
    const now = basket();
    return now.lines.length > 0 && now.storeId !== storeId;
}

export function put({productId, storeId, name, price, available}, storeName) {
    const now = basket();
    keep({storeId, storeName, lines: [...now.lines, {productId, name, price, quantity: 1, available}]});
}

window.addEventListener('storage', ({key}) => key === KEPT && window.dispatchEvent(new Event('basket'))); // another tab
