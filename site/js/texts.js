// texts.js - the words of the pages, [Korean, English], and numbers, money and times as these languages write them. In an English text
// "one | many" is chosen by the value n.
import {COMMON} from '/js/texts-common.js';

const LANGUAGES = ['ko', 'en'];
const NAMES = ['한국어', 'English'];
const KEPT = 'hanok.language';
const table = {...COMMON};

// The one that was chosen, else the first of the browser's that is known.
const wished = [localStorage.getItem(KEPT), ...navigator.languages].map(one => LANGUAGES.indexOf(one?.slice(0, 2)));
let language = wished.find(index => index >= 0) ?? 0;
document.documentElement.lang = LANGUAGES[language];

export function addTexts(more) {
    Object.assign(table, more);
}

export function languageNow() {
    return LANGUAGES[language];
}

// The other one: {lang, name}.
export function otherLanguage() {
    return {lang: LANGUAGES[1 - language], name: NAMES[1 - language]};
}

export function changeLanguage() {
    language = 1 - language;
    localStorage.setItem(KEPT, LANGUAGES[language]);
    document.documentElement.lang = LANGUAGES[language];
}

export function has(key) {
    return Object.hasOwn(table, key);
}

// t('basket.count', {n: 2}).
export function t(key, values = {}) {
    if (!has(key)) {
        reportError(new Error(`no text is called ${key}`));
        return key;
    }
    const texts = table[key];
    const forms = texts[language].split(' | ');
    const text = forms.length > 1 && values.n !== 1 ? forms[1] : forms[0];
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// What a word of the protocol is called; itself when it is not known.
export function word(kind, value) {
    return has(`${kind}.${value}`) ? t(`${kind}.${value}`) : value;
}

// ISO 4217's digits behind the point where they are not 2. Not what browsers know, which is CLDR's: of some currencies that differs.
const DIGITS = {};
for (const [digits, codes] of [
    [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
    [3, 'BHD IQD JOD KWD LYD OMR TND'],
    [4, 'CLF UYW'],
])
    for (const code of codes.split(' '))
        DIGITS[code] = digits;

// {"amount":1275,"currency":"USD"} is $12.75. Whole minor units: the point is put in by hand, no fraction is ever computed.
export function money({amount, currency}) {
    const digits = DIGITS[currency] ?? 2;
    const whole = String(Math.abs(amount)).padStart(digits + 1, '0');
    const text = digits ? `${whole.slice(0, -digits)}.${whole.slice(-digits)}` : whole;
    const options = {style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits};
    return new Intl.NumberFormat(languageNow(), options).format((amount < 0 ? '-' : '') + text);
}

export function times(price, quantity) {
    return {...price, amount: price.amount * quantity};
}

// Of lines with a price and a quantity, in one currency.
export function sum(lines) {
    return {amount: lines.reduce((amount, line) => amount + line.price.amount * line.quantity, 0), currency: lines[0].price.currency};
}

export function time(text) {
    return new Intl.DateTimeFormat(languageNow(), {hour: 'numeric', minute: '2-digit'}).format(new Date(text));
}

export function dateTime(text) {
    const options = {month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit'};
    return new Intl.DateTimeFormat(languageNow(), options).format(new Date(text));
}
