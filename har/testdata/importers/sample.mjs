// A recording of docker by hand, with one entry of each kind: what is read by
// all importers, and what the self-test then spoils.

const start = Date.UTC(2026, 0, 2, 3, 4, 5);

// sample returns a new document.
export function sample() {
  return {
    log: {
      version: '1.2',
      creator: { name: 'har-importers', version: '1' },
      pages: [{
        startedDateTime: at(0), id: 'page-1', title: 'docker (pid 4711) via /run/docker.sock',
        pageTimings: { onContentLoad: -1, onLoad: -1 },
      }],
      entries: [ping(), list(), create(), archive(), attach(), events(), webSocket(), failed()],
    },
  };
}

function at(ms) {
  return new Date(start + ms).toISOString().replace('Z', '250Z');
}

// entry returns one with all that must be there; what is given overrides it.
function entry(n, { method = 'GET', path, query = [], request = {}, response = {}, content = {}, ...rest }) {
  const search = query.length ? `?${new URLSearchParams(query.map(({ name, value }) => [name, value]))}` : '';
  return {
    pageref: 'page-1', startedDateTime: at(10 * n), time: 4.5, connection: '1', _connectionId: '1', _resourceType: 'fetch',
    request: {
      method, url: `http://api.moby.localhost/v1.47${path}${search}`, httpVersion: 'HTTP/1.1', cookies: [],
      headers: [{ name: 'Host', value: 'api.moby.localhost' }], queryString: query, headersSize: 120, bodySize: 0, ...request,
    },
    response: {
      status: 200, statusText: 'OK', httpVersion: 'HTTP/1.1', cookies: [],
      headers: [{ name: 'Content-Type', value: content.mimeType ?? 'text/plain' }],
      content: { size: Buffer.byteLength(content.text ?? ''), mimeType: 'text/plain', ...content },
      redirectURL: '', headersSize: 90, bodySize: content.size ?? Buffer.byteLength(content.text ?? ''), ...response,
    },
    cache: {},
    timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0.25, wait: 4, receive: 0.25 },
    _socktrace: { target: '/run/docker.sock', state: 'done' },
    ...rest,
  };
}

function ping() {
  return entry(0, { path: '/_ping', content: { text: 'OK' }, comment: 'SystemPing' });
}

function list() {
  const text = JSON.stringify([{ Id: 'c0ffee', Names: ['/wéb'], Labels: { note: 'a\u2028b\u202ec </script>' } }]);
  const query = [{ name: 'all', value: '1' }, { name: 'filters', value: '{"status":{"running":true}}' }];
  return entry(1, { path: '/containers/json', query, content: { text, mimeType: 'application/json' }, comment: 'ContainerList' });
}

function create() {
  const posted = '{"Image":"busybox","Cmd":["echo","`$x`\u2028"]}\n';
  return entry(2, {
    method: 'POST', path: '/containers/create',
    request: {
      headers: [{ name: 'Content-Type', value: 'application/json' }], bodySize: posted.length,
      postData: { mimeType: 'application/json', text: posted },
    },
    response: { status: 201, statusText: 'Created' },
    content: { text: '{"Id":"c0ffee","Warnings":[]}\n', mimeType: 'application/json' },
  });
}

function archive() {
  const bytes = Buffer.from([0x1f, 0x8b, 0, 0xff, 0xfe, 0x80, 0x0a]);
  const content = { text: bytes.toString('base64'), encoding: 'base64', size: bytes.length, mimeType: 'application/x-tar' };
  return entry(3, { path: '/containers/c0ffee/archive', query: [{ name: 'path', value: '/etc' }], content });
}

function attach() {
  return entry(4, {
    method: 'POST', path: '/containers/c0ffee/attach', query: [{ name: 'stream', value: '1' }], _resourceType: 'other',
    request: { postData: { mimeType: '', text: '' } },
    response: { status: 101, statusText: 'UPGRADED' },
    _streamMessages: [{ type: 'receive', time: start / 1000, data: 'hello\n', channel: 'stdout' }],
  });
}

function events() {
  return entry(5, {
    path: '/stream', content: { text: 'data: one\n\ndata: two\n\n', mimeType: 'text/event-stream' }, _resourceType: 'eventsource',
    _eventSourceMessages: ['one', 'two'].map(data => ({ time: start / 1000, eventName: 'message', eventId: '', data })),
  });
}

function webSocket() {
  return entry(6, {
    path: '/containers/c0ffee/attach/ws', _resourceType: 'websocket',
    response: { status: 101, statusText: 'Switching Protocols' },
    _webSocketMessages: [{ type: 'receive', time: start / 1000, opcode: 1, data: 'hello' }],
  });
}

function failed() {
  return entry(7, {
    path: '/info', content: { mimeType: 'x-unknown' },
    response: {
      status: 0, statusText: '', headers: [], headersSize: -1, bodySize: -1, _error: 'connection closed',
    },
  });
}
