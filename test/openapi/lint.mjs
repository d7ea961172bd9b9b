// lint.mjs FILE - checks an OpenAPI document by the recommended rules of redocly and spectral; prints a line a complaint.
import fs from 'node:fs';
import {createConfig, lint} from '@redocly/openapi-core';
import spectralCore from '@stoplight/spectral-core';
import parsers from '@stoplight/spectral-parsers';
import rulesets from '@stoplight/spectral-rulesets';

const file = process.argv[2];
const config = await createConfig({extends: ['recommended-strict']});
const complaints = (await lint({ref: file, config})).map((one) => `redocly: ${one.location[0].pointer}: ${one.message}`);

const spectral = new spectralCore.Spectral();
spectral.setRuleset({extends: [[rulesets.oas, 'recommended']]});
for (const one of await spectral.run(new spectralCore.Document(fs.readFileSync(file, 'utf8'), parsers.Json, file)))
  complaints.push(`spectral: ${one.path.join('/')}: ${one.message}`);

for (const complaint of complaints) console.log(complaint);
process.exit(complaints.length ? 1 : 0);
