// Loads a document the way the Network panel of Chrome does, and compares the
// requests which the panel would show with the entries of the file.

import { loadDevTools } from './devtools.mjs';

// Half a microsecond: what is left of a time in seconds since 1970 as a float.
const precision = 0.001;

// chrome returns the importer: a function of a file's text that returns how much
// was loaded and what is wrong.
export async function chrome() {
  const devtools = await loadDevTools();
  return async ({ text }) => {
    // The importer changes what it is given.
    const doc = JSON.parse(text);
    const { log } = new devtools.HARRoot(JSON.parse(text));
    const requests = devtools.Importer.requestsFromHARLog(log);
    const entries = inOrderOfStart(doc.log.entries);
    const complaints = comparePages(doc.log, requests, devtools);
    if (requests.length !== entries.length) {
      complaints.push(`${requests.length} requests of ${entries.length} entries`);
    }
    for (const [i, request] of requests.entries()) {
      const found = [...compareRequest(entries[i], request, devtools), ...await compareBodies(entries[i], request),
        ...compareMessages(entries[i], request), ...compareTimes(entries[i], request)];
      const where = `${entries[i].request.method} ${entries[i].request.url}`;
      complaints.push(...found.map(complaint => `${where}: ${complaint}`));
    }
    return { summary: `${requests.length} requests`, complaints };
  };
}

// The importer sorts by start too, to the millisecond; both sorts are stable.
function inOrderOfStart(entries) {
  return [...entries].sort((a, b) => new Date(a.startedDateTime) - new Date(b.startedDateTime));
}

function* differences(pairs) {
  for (const [what, got, want] of pairs) {
    if (got !== want) yield `${what} is ${brief(got)}, in the file ${brief(want)}`;
  }
}

function brief(value) {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}… (${text.length} characters)` : text;
}

function comparePages(log, requests, { PageLoad }) {
  const complaints = [];
  const loads = new Set(requests.map(request => PageLoad.forRequest(request)).filter(Boolean));
  const used = new Set(log.entries.map(entry => entry.pageref).filter(Boolean));
  if (loads.size !== used.size) complaints.push(`${loads.size} page loads for ${used.size} pages in use`);
  for (const load of loads) {
    for (const name of ['startTime', 'contentLoadTime', 'loadTime']) {
      if (!Number.isFinite(load[name])) complaints.push(`the ${name} of a page is ${load[name]}`);
    }
  }
  return complaints;
}

function* compareRequest(entry, request, { ResourceType }) {
  const { request: asked, response: answered } = entry;
  const version = answered.httpVersion.toLowerCase();
  yield* differences([
    ['the method', request.requestMethod, asked.method],
    ['the URL', request.url(), asked.url],
    ['the status', request.statusCode, answered.status],
    ['the status text', request.statusText, answered.statusText],
    ['the protocol', request.protocol, version === 'http/2.0' ? 'h2' : version],
    ['the number of request fields', request.requestHeaders().length, asked.headers.length],
    ['the number of response fields', request.responseHeaders.length, answered.headers.length],
    ['the number of request cookies', request.includedRequestCookies().length, asked.cookies.length],
    ['the number of response cookies', request.responseCookies.length, answered.cookies.length],
    ['the connection', request.connectionId, entry._connectionId ?? ''],
  ]);
  if (!request.parsedURL.isValid) yield 'the URL is not one to Chrome';
  if (entry._resourceType === undefined) return;
  if (!ResourceType.fromName(entry._resourceType)) {
    yield `_resourceType ${brief(entry._resourceType)} is unknown`;
  } else if (request.resourceType().name() !== entry._resourceType) {
    yield `the type is ${request.resourceType().name()}, in the file ${entry._resourceType}`;
  }
}

async function compareBodies(entry, request) {
  const { request: { postData }, response: { content, headersSize, bodySize, _transferSize } } = entry;
  const shown = await request.requestContentData();
  if (shown.error) return [`no content: ${shown.error}`];
  // Without a body the panel shows the size of the head.
  const size = content.size > 0 ? content.size : Math.max(headersSize, 0) + Math.max(bodySize, 0);
  const transferred = Math.max(_transferSize ?? headersSize + bodySize, 0);
  return [...differences([
    ['the size', request.resourceSize, size],
    ['the size on the wire', request.transferSize, transferred],
    ['the content', shown.isEmpty ? '' : contentOf(shown), content.text ?? ''],
    ['the posted text', await request.requestFormData(), postData ? postData.text : null],
  ])];
}

function contentOf(shown) {
  return shown.createdFromBase64 ? shown.base64 : shown.text;
}

function* compareMessages(entry, request) {
  const { _webSocketMessages: frames = [], _eventSourceMessages: events } = entry;
  yield* differences([['the number of WebSocket messages', request.frames().length, frames.length]]);
  if (events) {
    yield* differences([['the number of events', request.eventSourceMessages().length, events.length]]);
  } else if (hasEvents(entry.response) && request.eventSourceMessages().length === 0) {
    yield `none of the events in the body, which is ${entry.response.content.mimeType}`;
  }
}

// Without _eventSourceMessages Chrome looks for events in the body, if its type
// is to the letter that of event streams.
function hasEvents({ headers, content: { text, encoding } }) {
  const type = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  return /^text\/event-stream\b/i.test(type) && encoding === undefined && /^data:.*\r?\n\r?\n/m.test(text ?? '');
}

function* compareTimes(entry, request) {
  const times = { startTime: request.startTime, endTime: request.endTime, duration: request.duration, ...request.timing };
  for (const [name, value] of Object.entries(times)) {
    // A time of a service worker can be absent.
    if (value !== undefined && !Number.isFinite(value)) yield `${name} is ${value}`;
  }
  for (const message of [...request.frames(), ...request.eventSourceMessages()]) {
    if (!Number.isFinite(message.time)) yield `the time of a message is ${message.time}`;
  }
  const duration = request.duration * 1000;
  if (Math.abs(duration - entry.time) > precision) {
    yield `it takes ${duration.toFixed(6)} ms, in the file ${entry.time} ms`;
  }
  if (Math.abs(request.startTime * 1000 - new Date(entry.startedDateTime)) > precision) {
    yield `it starts at ${request.startTime}, in the file at ${entry.startedDateTime}`;
  }
}
