// names.js - what stores and products are called, asked for once.
import {get, Problem} from '/js/ask.js';

const asked = new Map();

// null when it is not known; asked for again then.
function nameOf(path) {
    if (!asked.has(path))
        asked.set(path, get(path).then(found => found.name, problem => {
            if (!(problem instanceof Problem))
                throw problem;
            if (problem.status !== 404)
                asked.delete(path);
            return null;
        }));
    return asked.get(path);
}

// name(id) as far as it is known, null until then; changed() is called when it is.
export function nameBook(nameOf, changed) {
    const names = new Map();
    return id => {
        if (!names.has(id)) {
            names.set(id, null);
            nameOf(id).then(name => {
                names.set(id, name);
                if (name)
                    changed();
            }, () => names.delete(id));
        }
        return names.get(id) ?? null;
    };
}

export const storeName = storeId => nameOf(`/stores/${storeId}`);
export const productName = productId => nameOf(`/products/${productId}`);
