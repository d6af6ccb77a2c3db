// Package har records exchanges as HAR 1.2, and reads HAR files of any program.
//
// Its goals, in order: a recording loses nothing, neither when the process is
// killed nor when it is read back; every program that knows HAR loads it; it
// costs little, and memory does not grow with it.
//
// # What a file looks like
//
//	{"log":{"version":"1.2","creator":{…},"entries":[
//	{…},
//	{…}
//	],"pages":[{…}]}}
//
// There is one entry a line, in the order in which exchanges ended, and one page
// for each client process. Sockets have no scheme that importers accept, so
// URLs are http, with the host of the request.
//
// Beside the members of HAR 1.2 an entry has those that browsers and other
// programs have agreed on (_webSocketMessages, _trailers, _transferSize, …), and
//
//   - _streamMessages: the messages of an upgraded connection, of multiplexed
//     output, of a stream of JSON documents. They are like _webSocketMessages,
//     with a channel (stdin, stdout, stderr, systemerr, terminal, json, raw)
//     instead of an opcode. A single document is in the body alone;
//   - _socktrace: all that HAR has no place for. What was sent exactly (target,
//     versions), where (offsets in bytes, per direction), when (nanoseconds
//     since startedDateTime), by whom (peer, server), and how it was
//     understood. Private names within HAR's objects are _truncated, _rest,
//     _line, _name, _base64 and _content.
//
// A long exchange has several entries, its parts, each with the messages since
// the one before (_socktrace.part); the last tells how it ended.
//
// # Whole at every moment
//
// A file is valid JSON after every call of Event, and what Event has returned
// for is in it: an entry is written over what followed the entries before, in
// one write, with a new end of the document. Of a compressed file the same is
// true of its one gzip member. A kernel may cut a write short, at the border of
// a page, when it kills the process within it; Read gives back all entries
// before that.
package har
