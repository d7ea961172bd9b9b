// validate.mjs FILE - checks an AsyncAPI document with AsyncAPI's own parser; prints a line a complaint.
import fs from 'node:fs';
import {Parser} from '@asyncapi/parser';

const WARNING = 1; // and 0 is an error; what is below are hints and matters of taste
const {document, diagnostics} = await new Parser().parse(fs.readFileSync(process.argv[2], 'utf8'));
const complaints = diagnostics.filter((one) => one.severity <= WARNING);

for (const one of complaints) console.log(`${one.path.join('/')}: ${one.message}`);
if (document) console.log(`${document.version()}: ${document.allMessages().all().map((one) => one.name()).sort().join(' ')}`);
process.exit(complaints.length || !document ? 1 : 0);
