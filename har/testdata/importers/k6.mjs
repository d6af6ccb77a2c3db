// Converts a document to a script for k6, and lets Node parse the script.

import harToK6 from 'har-to-k6';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

// What har-to-k6 refuses though HAR 1.2 allows it, and no file can say in
// another way. Such entries are left out, and named.
const limits = [
  /undefined variable/, // it takes ${x} in any text for a variable of its own
  /URI malformed/, // it decodes queryString and params, which are decoded already: 100% is an error
];

// k6 returns the importer that is har-to-k6.
export function k6() {
  return async ({ text }) => {
    const { entries, refused } = await split(text);
    const doc = JSON.parse(text);
    doc.log.entries = doc.log.entries.filter((_, i) => entries.has(i));
    const { main, warnings } = await convert(doc);
    const complaints = await parse(main);
    const calls = main.match(/^ *response = http\.\w+\(/gm)?.length ?? 0;
    if (calls !== entries.size) complaints.push(`the script has ${calls} requests, the file ${entries.size}`);
    complaints.push(...refused.filter(reason => !isLimit(reason)));
    const notes = [...refused.filter(isLimit).map(reason => `beyond har-to-k6: ${reason}`), ...warnings];
    return { summary: [`${calls} requests`, ...notes].join('; '), complaints };
  };
}

function isLimit(reason) {
  return limits.some(limit => limit.test(reason));
}

// split returns the indices of the entries that can be converted, and why the
// others cannot. har-to-k6 seldom says where it failed: only if it did are they
// tried one by one.
async function split(text) {
  const { log } = JSON.parse(text);
  const entries = new Set(log.entries.keys()), refused = [];
  const failure = await convert(JSON.parse(text)).then(() => undefined, error => error);
  if (failure === undefined) return { entries, refused };
  for (const [i, entry] of log.entries.entries()) {
    const { method, url } = entry.request;
    await convert(structuredClone({ log: { ...log, entries: [entry] } })).catch(error => {
      refused.push(`${method} ${url}: ${error}`);
      entries.delete(i);
    });
  }
  if (refused.length === 0) throw failure;
  return { entries, refused };
}

// convert changes doc. Warnings are returned each once, without the number of
// the entry.
async function convert(doc) {
  const { warn } = console;
  const warnings = new Set();
  console.warn = message => warnings.add(message.replace(/ \(\d+\)/, ''));
  try {
    const { main } = await harToK6.liHARToK6Script(doc);
    return { main, warnings };
  } finally {
    console.warn = warn;
  }
}

async function parse(script) {
  const dir = await mkdtemp(join(tmpdir(), 'har-k6-'));
  try {
    const file = join(dir, 'script.mjs');
    await writeFile(file, script);
    await promisify(execFile)(process.execPath, ['--check', file]);
    return [];
  } catch (error) {
    return [`the script does not parse: ${error.stderr ?? error}`];
  } finally {
    await rm(dir, { recursive: true });
  }
}
