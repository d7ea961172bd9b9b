// schema.mjs FILE - checks a YAML file's documents against the Kubernetes API; prints a line a complaint.
// Two published models complement each other: the JSON schemas of kubernetes-models know what is required,
// and ranges; the classes of @kubernetes/client-node know which fields there are.
import fs from 'node:fs';
import {createRequire} from 'node:module';
import * as yaml from 'js-yaml';

const require = createRequire(import.meta.url);
const complaints = [];

const SCALARS = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  IntOrString: (value) => typeof value === 'string' || Number.isInteger(value),
  Date: (value) => typeof value === 'string' || value instanceof Date,
  any: () => true,
};

async function fieldsOf(className) {
  const module = await import(`@kubernetes/client-node/dist/gen/models/${className}.js`);
  return new Map(module[className].getAttributeTypeMap().map((field) => [field.baseName, field.type]));
}

// type: a scalar's name, "Array<T>", "{ [key: string]: T; }", or the name of a class.
async function walk(value, type, path) {
  const element = /^Array<(.*)>$/.exec(type) ?? /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (type in SCALARS) {
    if (!SCALARS[type](value)) complaints.push(`${path}: must be ${type}, is ${JSON.stringify(value)}`);
    return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== type.startsWith('Array<')) {
    complaints.push(`${path}: must be ${type}, is ${JSON.stringify(value)}`);
    return;
  }
  const fields = element ? null : await fieldsOf(type);
  for (const [key, inner] of Object.entries(value)) {
    const innerType = element ? element[1] : fields.get(key);
    if (innerType) await walk(inner, innerType, `${path}.${key}`);
    else complaints.push(`${path}.${key}: there is no such field`);
  }
}

function required(document, path) {
  const {[document.kind]: Model} = require(`kubernetes-models/${document.apiVersion}/${document.kind}`);
  // kustomize wraps long lines of base64, which the API takes and this model does not.
  if (document.kind === 'Secret') document = JSON.parse(JSON.stringify(document).replaceAll('\\n', ''));
  try {
    new Model(document).validate();
  } catch (error) {
    complaints.push(`${path}: ${error.message}`);
  }
}

async function check(document) {
  const path = `${document?.kind} ${document?.metadata?.name}`;
  const version = String(document?.apiVersion).split('/').pop();
  try {
    required(document, path);
    await walk(document, version[0].toUpperCase() + version.slice(1) + document.kind, path);
  } catch (error) {
    if (!/MODULE_NOT_FOUND|PATH_NOT_EXPORTED/.test(error.code)) throw error;
    complaints.push(`${path}: there is no ${document.kind} in ${document.apiVersion}`);
  }
}

for (const document of yaml.loadAll(fs.readFileSync(process.argv[2], 'utf8'))) await check(document);
for (const complaint of complaints) console.log(complaint);
process.exit(complaints.length ? 1 : 0);
