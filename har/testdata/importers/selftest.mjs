// Proves that the importers can complain: a good document passes all of them,
// and each of these bad ones is refused by those named, for the reason given.

import { sample } from './sample.mjs';

const bad = [
  ['no cache', ({ entries: [entry] }) => delete entry.cache, { schema: /cache/, readers: /Firefox/ }],
  ['an empty content', ({ entries: [{ response }] }) => { response.content = {}; }, { schema: /size/, chrome: /NaN/ }],
  ['no response', ({ entries: [entry] }) => delete entry.response, { schema: /response/, chrome: /Error/ }],
  ['no timings', ({ entries: [entry] }) => delete entry.timings, { schema: /timings/, chrome: /Error/ }],
  ['no time', ({ entries: [entry] }) => delete entry.time, { schema: /time/, chrome: /NaN/ }],
  ['no bodySize', ({ entries: [{ response }] }) => delete response.bodySize, { schema: /bodySize/, chrome: /NaN/ }],
  ['send: null', ({ entries: [{ timings }] }) => { timings.send = null; }, { schema: /send/, readers: /Safari/ }],
  ['blocked left out', ({ entries: [{ timings }] }) => delete timings.blocked, { readers: /Safari/ }],
  ['a path as address', ({ entries: [entry] }) => { entry.serverIPAddress = '/run/docker.sock'; }, { schema: /serverIPAddress/ }],
  ['a connection number', ({ entries: [entry] }) => { entry.connection = 5; }, { schema: /connection/ }],
  ['no statusText', ({ entries: [{ response }] }) => delete response.statusText, { schema: /statusText/ }],
  ['no redirectURL', ({ entries: [{ response }] }) => delete response.redirectURL, { schema: /redirectURL/ }],
  ['a relative URL', ({ entries: [{ request }] }) => { request.url = '/v1.47/info'; }, { schema: /url/, k6: /URL/i }],
  ['a fragment', ({ entries: [{ request }] }) => { request.url += '#x'; }, { readers: /fragment/ }],
  ['postData without text', log => delete posted(log).text, { readers: /mitmproxy/, chrome: /undefined/ }],
  ['postData without mimeType', log => delete posted(log).mimeType, { schema: /mimeType/, k6: /TypeError/ }],
  ['a cookie with a date of HTTP', ({ entries: [{ response }] }) => {
    response.cookies.push({ name: 'a', value: 'b', expires: 'Fri, 02 Jan 2026 03:04:05 GMT' });
  }, { schema: /expires/ }],
  ['_initiator: null', ({ entries: [entry] }) => { entry._initiator = null; }, { chrome: /object/ }],
  ['no pageTimings', ({ pages: [page] }) => delete page.pageTimings, { schema: /pageTimings/, chrome: /object/ }],
  ['no onLoad', ({ pages: [page] }) => delete page.pageTimings.onLoad, { chrome: /loadTime .* NaN/ }],
  ['an empty list of pages', log => { log.pages = []; }, { readers: /Safari/, chrome: /page loads/ }],
  ['no creator', log => delete log.creator, { schema: /creator/, chrome: /object/ }],
  ['no pages', log => delete log.pages, { readers: /Firefox/, chrome: /page loads/ }],
  ['an unknown page', ({ entries: [entry] }) => { entry.pageref = 'page-2'; }, { readers: /page-2/, chrome: /page loads/ }],
  ['HTTP/2 as Chrome shows it', ({ entries: [{ response }] }) => { response.httpVersion = 'h2'; }, { readers: /HTTP Toolkit/ }],
  ['a time below the sum', ({ entries: [entry] }) => { entry.time = 1; }, { chrome: /takes/ }],
  ['a date nobody reads', ({ entries: [entry] }) => { entry.startedDateTime = 'now'; }, { schema: /startedDateTime/, chrome: /date/i }],
  ['an unknown type', ({ entries: [entry] }) => { entry._resourceType = 'socket'; }, { chrome: /_resourceType/ }],
  ['an event without id', log => delete log.entries.find(isEvents)._eventSourceMessages[0].eventId, { chrome: /number of events/ }],
  ['events of a type with a parameter', log => {
    const events = log.entries.find(isEvents);
    delete events._eventSourceMessages;
    events.response.content.mimeType += '; charset=utf-8';
  }, { chrome: /none of the events/ }],
  ['a message without opcode', log => delete log.entries.find(isWebSocket)._webSocketMessages[0].opcode, { chrome: /number of WebSocket/ }],
  ['an unknown encoding', log => { binary(log).encoding = 'gzip'; }, { readers: /base64 alone/ }],
  ['broken base64', log => { binary(log).text = '!!'; }, { readers: /not base64/ }],
  ['a status no browser takes', log => { log.entries[0].response.status = 200.5; }, { schema: /status/, browser: /status/i }],
  ['a body elsewhere', ({ entries: [{ response }] }) => { response.content._file = '../x'; }, { browser: /_ping/ }],
  ['a field no browser takes', ({ entries: [{ response }] }) => {
    response.headers.push({ name: 'a b', value: 'c' });
  }, { browser: /_ping/ }],
];

const posted = log => log.entries.find(entry => entry.request.postData).request.postData;
const binary = log => log.entries.find(entry => entry.response.content.encoding).response.content;
const isEvents = entry => entry._eventSourceMessages;
const isWebSocket = entry => entry._webSocketMessages;

// selfTest prints what is not as it should be and returns whether all is.
export async function selfTest(started, load) {
  const failures = [];
  for (const [name, importer] of Object.entries(started)) {
    const { complaints } = await load(importer, file(sample()));
    failures.push(...complaints.map(complaint => `${name} refuses a good document: ${complaint}`));
    failures.push(...await refusals(name, importer, load));
  }
  for (const failure of failures) console.log(`self-test: ${failure}`);
  if (failures.length === 0) console.log(`self-test: ok (a good document, ${bad.length} bad ones)`);
  return failures.length === 0;
}

function file(doc) {
  return { path: 'sample', text: JSON.stringify(doc) };
}

async function refusals(name, importer, load) {
  const failures = [];
  for (const [what, spoil, expected] of bad) {
    if (!expected[name]) continue;
    const doc = sample();
    spoil(doc.log);
    const { complaints } = await load(importer, file(doc));
    if (!complaints.some(complaint => expected[name].test(complaint))) {
      failures.push(`${what}: ${name} says ${JSON.stringify(complaints)}, expected ${expected[name]}`);
    }
  }
  return failures;
}
