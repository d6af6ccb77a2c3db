#!/usr/bin/env node
// Loads HAR files in the programs that people open them with, or in the code of
// theirs that does it:
//
//	schema      har-validator: the published schema of HAR 1.2
//	readers     rules of programs which cannot be run here: Firefox, Safari, ...
//	chrome      the Network panel of Chrome's DevTools, from its own source
//	k6          har-to-k6, which makes a load test of a recording
//	browser     a real Chromium that Playwright answers from the file
//
// It says for each file and importer what was loaded, and ends with 1 after any
// complaint. --self-test shows first that each of them can complain.
//
//	npm ci && node check.mjs [--self-test] [--no-IMPORTER]... [FILE.har[.gz]]...
//
// CHROMIUM is the path of the browser (/usr/bin/chromium).

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { browser, executable } from './browser.mjs';
import { chrome } from './chrome.mjs';
import { k6 } from './k6.mjs';
import { readers, schema } from './schema.mjs';
import { selfTest } from './selftest.mjs';

const importers = { schema, readers, chrome, k6, browser };

// The most complaints of one importer about one file that are printed.
const printed = 20;

function usage(message) {
  const flags = Object.keys(importers).map(name => `[--no-${name}]`).join(' ');
  console.error(`${message}\nusage: node check.mjs [--self-test] ${flags} FILE.har[.gz]...`);
  process.exit(2);
}

function commandLine() {
  const names = ['self-test', ...Object.keys(importers).map(name => `no-${name}`)];
  const options = Object.fromEntries(names.map(name => [name, { type: 'boolean' }]));
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length === 0 && !values['self-test']) usage('no file is given');
    return { flags: values, files: positionals };
  } catch (error) {
    return usage(error.message);
  }
}

// start returns the importers that are not left out, by name, ready to be called.
async function start(flags) {
  const started = {};
  for (const [name, make] of Object.entries(importers)) {
    if (flags[`no-${name}`]) console.error(`*** ${name} is left out: nothing is said about it.`);
    else started[name] = await make();
  }
  return started;
}

async function read(path) {
  const data = await readFile(path);
  const gzipped = data[0] === 0x1f && data[1] === 0x8b;
  const text = new TextDecoder('utf-8', { fatal: true }).decode(gzipped ? gunzipSync(data) : data);
  JSON.parse(text);
  return { path, text };
}

// load returns the complaints of one importer about one file.
async function load(importer, file) {
  try {
    return await importer(file);
  } catch (error) {
    return { complaints: [`${error.name}: ${error.message}`] };
  }
}

// report prints what became of a file in one importer and returns whether it is
// well.
function report(path, name, { summary, complaints }) {
  if (complaints.length === 0) {
    console.log(`${path}: ${name} ok (${summary})`);
    return true;
  }
  console.log(`${path}: ${name} COMPLAINS (${complaints.length})`);
  for (const complaint of complaints.slice(0, printed)) console.log(`\t${complaint}`);
  if (complaints.length > printed) console.log(`\tand ${complaints.length - printed} more`);
  return false;
}

async function checkFile(path, started) {
  let file;
  try {
    file = await read(path);
  } catch (error) {
    return report(path, 'json', { complaints: [error.message] });
  }
  let well = report(path, 'json', { summary: `${file.text.length} characters`, complaints: [] });
  for (const [name, importer] of Object.entries(started)) {
    well = report(path, name, await load(importer, file)) && well;
  }
  return well;
}

const { flags, files } = commandLine();
if (!flags['no-browser'] && !existsSync(executable)) {
  usage(`no browser at ${executable}: install Debian's chromium, set CHROMIUM, or say --no-browser`);
}
const started = await start(flags);
try {
  let well = !flags['self-test'] || await selfTest(started, load);
  for (const path of files) well = await checkFile(path, started) && well;
  process.exitCode = well ? 0 : 1;
} finally {
  await started.browser?.close();
}
