// documents.mjs FILE - prints a YAML file's documents as one JSON array.
import fs from 'node:fs';
import * as yaml from 'js-yaml';

const text = fs.readFileSync(process.argv[2], 'utf8');
console.log(JSON.stringify(yaml.loadAll(text).filter((document) => document !== null)));
