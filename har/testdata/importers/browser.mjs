// Lets a real Chromium ask for what is in a document; Playwright answers from
// the document, as it does in tests of web pages (routeFromHAR).

import { chromium } from 'playwright-core';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// executable is the path of the browser.
export const executable = process.env.CHROMIUM || '/usr/bin/chromium';

// The most requests for one file; they are taken from all over it.
const most = 100;

// How many milliseconds Playwright has for an answer: it never gives one if the
// document has what Chromium does not take.
const timeout = 5000;

// No name is looked up: what the document does not answer must fail.
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND'];

// browser starts Chromium and returns the importer, which has close.
export async function browser() {
  const running = await chromium.launch({ executablePath: executable, headless: true, args });
  return Object.assign(file => load(running, file), { close: () => running.close() });
}

async function load(running, { text }) {
  const { log } = JSON.parse(text);
  const { plain, unasked, invalid } = askable(log.entries);
  const entries = plain.filter((_, i) => i % Math.ceil(plain.length / most) === 0);
  const dir = await mkdtemp(join(tmpdir(), 'har-browser-'));
  const context = await running.newContext();
  const complaints = invalid.map(url => `${url} is no URL to a browser`);
  // Playwright does not say to whom it failed to answer, and the page waits.
  const unanswered = error => {
    complaints.push(`Playwright: ${error.message}`);
    void context.close();
  };
  process.on('unhandledRejection', unanswered);
  try {
    const file = join(dir, 'session.har');
    await writeFile(file, text);
    await context.routeFromHAR(file, { url: '**/*', notFound: 'abort' });
    const page = await context.newPage();
    for (const entry of entries) {
      if (!page.isClosed()) complaints.push(...await ask(page, entry));
    }
    const others = unasked.length ? `; no browser writes ${unasked.join(' ')}` : '';
    return { summary: `${entries.length} of ${plain.length} plain GET requests${others}`, complaints };
  } finally {
    await context.close();
    process.off('unhandledRejection', unanswered);
    await rm(dir, { recursive: true });
  }
}

// askable returns the entries which a page can ask for by URL alone: answered
// GET requests with one answer in the document. A URL that a browser writes in
// another way cannot be asked for.
function askable(entries) {
  const byURL = new Map();
  for (const entry of entries) byURL.set(entry.request.url, [...byURL.get(entry.request.url) ?? [], entry]);
  const plain = [], unasked = [], invalid = [];
  for (const [url, all] of byURL) {
    if (!URL.canParse(url)) {
      invalid.push(url);
      continue;
    }
    const gets = all.filter(({ request }) => request.method === 'GET');
    if (gets.length === 0 || !gets.every(entry => same(entry, gets[0])) || !answered(gets[0])) continue;
    if (new URL(url).href === url) plain.push(gets[0]);
    else unasked.push(url);
  }
  return { plain, unasked, invalid };
}

function answered({ response: { status } }) {
  return status >= 200 && status <= 299;
}

function same(a, b) {
  return a.response.status === b.response.status && body(a).equals(body(b));
}

function body({ response: { content } }) {
  return Buffer.from(content.text ?? '', content.encoding === 'base64' ? 'base64' : 'utf8');
}

// ask lets a page of the same origin fetch the URL of an entry.
async function ask(page, entry) {
  const { request: { url }, response: { status } } = entry;
  try {
    await visit(page, new URL(url).origin);
    const got = await page.evaluate(fetchBase64, { url, timeout });
    const complaints = [];
    if (got.status !== status) complaints.push(`GET ${url}: status ${got.status}, in the file ${status}`);
    const bytes = Buffer.from(got.base64, 'base64'), want = body(entry);
    if (!bytes.equals(want)) complaints.push(`GET ${url}: a body of ${bytes.length} bytes, in the file ${want.length}, or others`);
    return complaints;
  } catch (error) {
    return [`GET ${url}: ${error.message.split('\n', 1)}`];
  }
}

// visit opens an empty page of an origin, which is not in the document.
async function visit(page, origin) {
  const blank = `${origin}/har-importers-blank`;
  if (page.url() === blank) return;
  await page.route(blank, route => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto(blank);
}

// fetchBase64 runs in the page.
async function fetchBase64({ url, timeout }) {
  const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(timeout) });
  const bytes = new Uint8Array(await response.arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return { status: response.status, base64: btoa(binary) };
}
