// Holds a document against the published schema of HAR 1.2, and against what
// readers ask for beyond it that cannot be run here.

import validator from 'har-validator';

// schema returns the importer that is har-validator.
export function schema() {
  return async ({ text }) => {
    const doc = JSON.parse(text);
    const complaints = await validator.har(doc).then(() => [], invalid);
    return { summary: `${doc.log?.entries?.length ?? 0} entries`, complaints };
  };
}

function invalid({ errors }) {
  return errors.map(({ dataPath, message, params }) => `${dataPath || 'the document'} ${message} ${JSON.stringify(params)}`);
}

// readers returns the importer that has the rules of programs with a window
// only. Each is given with whom it hurts.
export function readers() {
  return async ({ text }) => {
    const { log } = JSON.parse(text);
    const complaints = [];
    if (!Array.isArray(log.pages)) complaints.push('no array of pages: Firefox does not load it');
    if (log.entries.length > 0 && !log.pages?.[0]?.startedDateTime) complaints.push('no start of the first page: Safari does not load it');
    const pages = new Set(log.pages?.map(page => page.id));
    for (const [i, entry] of log.entries.entries()) {
      complaints.push(...[...rules(entry, pages)].map(complaint => `entry ${i}: ${complaint}`));
    }
    return { summary: `${log.entries.length} entries`, complaints };
  };
}

const versions = /^(HTTP\/)?[\d.]+$|^h3$/i;

function* rules(entry, pages) {
  const { request, response, timings } = entry;
  if (!pages.has(entry.pageref)) yield `no page ${entry.pageref}: PerfCascade and sitespeed.io do not show it`;
  if (entry.cache === undefined) yield 'no cache: Firefox does not load it';
  for (const version of [request.httpVersion, response.httpVersion]) {
    if (!versions.test(version)) yield `httpVersion ${version}: HTTP Toolkit does not load it`;
  }
  for (const name of ['blocked', 'dns', 'connect', 'ssl', 'send', 'wait', 'receive']) {
    if (typeof timings[name] !== 'number') yield `no timings.${name}: Safari computes NaN`;
  }
  if (request.postData && request.postData.text === undefined) yield 'no postData.text: mitmproxy does not load it';
  if (request.url.includes('#')) yield 'a fragment in the URL: HAR 1.2 has none';
  yield* base64(response.content);
}

// Programs skip what is not base64 without a word.
function* base64({ encoding, text = '' }) {
  if (encoding === undefined) return;
  if (encoding !== 'base64') yield `content.encoding ${encoding}: all know base64 alone`;
  else if (Buffer.from(text, 'base64').toString('base64') !== text) yield 'content.text is not base64';
}
