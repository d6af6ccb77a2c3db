// Package anomaly lists what may be wrong with traffic.
package anomaly

import "github.com/socktrace/socktrace/internal/plural"

// The codes of Anomaly events. Each has a sentence in Sentences.
const (
	NotHTTP          = "not-http"
	BadRequestLine   = "bad-request-line"
	BadStatusLine    = "bad-status-line"
	BadField         = "bad-field"
	SpaceBeforeColon = "space-before-colon"
	Fold             = "obsolete-fold"
	BareLF           = "bare-lf"
	HeadTooLarge     = "head-too-large"
	BothLengths      = "both-lengths"
	BadLength        = "bad-content-length"
	BadTransfer      = "bad-transfer-coding"
	BadChunkSize     = "bad-chunk-size"
	BadChunkEnd      = "bad-chunk-end"
	Incomplete       = "incomplete"
	EarlyEnd         = "early-end"
	NoRequest        = "response-without-request"
	AnswerNotFound   = "answer-not-found"
	Unasked          = "unasked-upgrade"
	HeldTooLong      = "held-too-long"
	TooManyOpen      = "too-many-open"
	BadJSON          = "bad-json"
	Mislabelled      = "mislabelled"
	BadFrame         = "bad-frame-header"
	BadCoding        = "bad-coding"
	Bomb             = "coding-bomb"
	NotDecoded       = "not-decoded"
	BadWebSocket     = "bad-websocket"
	BadGRPC          = "bad-grpc"
	BadProxy         = "bad-proxy-header"
	BadArchive       = "bad-archive"
	UnsafeArchive    = "unsafe-archive"
	ManyEntries      = "many-entries"
	Refused          = "proxy-refused"
	BadHTTP2         = "bad-http2"
	BadHead          = "malformed-head"
	BadHPACK         = "bad-hpack"
	UnknownFields    = "unknown-fields"
	GoneAway         = "goaway"
	NotProcessed     = "not-processed"
	BadTLS           = "bad-tls"
	TLSAlert         = "tls-alert"
	Spent            = "memory-spent"
	Lost             = "lost"
	Panic            = "decoder-panic"
)

// Sentences says what each code means.
var Sentences = map[string]string{
	NotHTTP:          "the bytes are not HTTP/1",
	BadRequestLine:   "the request line is malformed (RFC 9112, section 3)",
	BadStatusLine:    "the status line is malformed (RFC 9112, section 4)",
	BadField:         "a field line has no colon or forbidden characters (RFC 9112, section 5)",
	SpaceBeforeColon: "there is white space between a field name and its colon (RFC 9112, section 5.1)",
	Fold:             "a field value is folded over several lines (RFC 9112, section 5.2)",
	BareLF:           "a line ends in LF without CR (RFC 9112, section 2.2)",
	HeadTooLarge:     "a head or a line is longer than the decoder keeps",
	BothLengths:      "a message has both Transfer-Encoding and Content-Length (RFC 9112, section 6.1)",
	BadLength:        "Content-Length is not one number (RFC 9112, section 6.3)",
	BadTransfer:      "Transfer-Encoding does not end in chunked, or is not allowed (RFC 9112, section 6.1)",
	BadChunkSize:     "a chunk size is not a hexadecimal number, or too large (RFC 9112, section 7.1)",
	BadChunkEnd:      "a chunk is not followed by a line end (RFC 9112, section 7.1)",
	Incomplete:       "the connection ended within a message (RFC 9112, section 8)",
	EarlyEnd:         "another message begins where a body should go on (RFC 9112, section 6.3)",
	NoRequest:        "a response came that no request asked for, or nobody can tell which one did",
	AnswerNotFound:   "the answer to a request is among bytes that were not understood or not captured, or nobody can tell which one it is",
	Unasked:          "the daemon changed the protocol without being asked to (RFC 9110, section 15.2.2)",
	HeldTooLong:      "the client sent much behind an upgrade that is not answered yet",
	TooManyOpen:      "the client sent many requests without waiting for an answer",
	BadJSON:          "a body that should be JSON is not",
	Mislabelled:      "a body or stream is not what its type says it is",
	BadFrame:         "a stream that should be multiplexed has a malformed frame header",
	BadCoding:        "a body is not in the content coding that it is labelled with, or ends within it (RFC 9110, section 8.4)",
	Bomb:             "a body decodes to far more than it was sent as; the rest of it is not decoded",
	NotDecoded:       "a body or stream is not decoded: the memory for it is spent",
	BadWebSocket:     "a WebSocket frame breaks the protocol (RFC 6455, section 5)",
	BadGRPC:          "a message of gRPC does not begin as it should, or cannot be decompressed",
	BadProxy:         "a header of the PROXY protocol does not say whose the connection is as it should",
	BadArchive:       "an archive is malformed, or ends too early (POSIX.1-2017, pax)",
	UnsafeArchive:    "an archive has a name or a link that leads out of the folder that it is unpacked to",
	ManyEntries:      "an archive has very many entries: the rest of them are only counted",
	Refused:          "a SOCKS proxy did not connect its client (RFC 1928, section 6)",
	BadHTTP2:         "a frame breaks the rules of HTTP/2 (RFC 9113, sections 4 to 6)",
	BadHead:          "a head of HTTP/2 is malformed (RFC 9113, section 8)",
	BadHPACK:         "a head of HTTP/2 cannot be decompressed (RFC 7541)",
	UnknownFields:    "some fields are not known, in this direction: they refer to heads of HTTP/2 that were not seen (RFC 7541, section 2.2)",
	GoneAway:         "a peer ends the connection because of an error (RFC 9113, section 6.8)",
	NotProcessed:     "the daemon has said that it would not look at the request (RFC 9113, section 6.8)",
	BadTLS:           "a record or a handshake breaks the rules of TLS, or cannot be decrypted (RFC 8446)",
	TLSAlert:         "a peer ends TLS because of an error (RFC 8446, section 6.2)",
	Spent:            "a part was left out: the memory for what is held of all connections is spent",
	Lost:             "bytes of the traffic were not captured",
	Panic:            "the decoder failed; the rest of the connection is shown as raw bytes",
}

// Fault is what is wrong with something. The zero value says that nothing is.
type Fault struct {
	Code   string
	Detail string // what was found, in words; quotes at most a line of the traffic
}

// Missing says that n bytes of something are not there.
func Missing(n int64, of string) string {
	return plural.Of(n, "byte") + " of " + of + " " + plural.Verb(n, "is", "are") + " missing"
}
