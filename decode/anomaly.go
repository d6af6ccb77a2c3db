package decode

import "github.com/socktrace/socktrace/wire"

// The codes of Anomaly events. Each has a sentence in Codes.
const (
	codeNotHTTP          = "not-http"
	codeBadRequestLine   = "bad-request-line"
	codeBadStatusLine    = "bad-status-line"
	codeBadField         = "bad-field"
	codeSpaceBeforeColon = "space-before-colon"
	codeFold             = "obsolete-fold"
	codeBareLF           = "bare-lf"
	codeHeadTooLarge     = "head-too-large"
	codeBothLengths      = "both-lengths"
	codeBadLength        = "bad-content-length"
	codeBadTransfer      = "bad-transfer-coding"
	codeBadChunkSize     = "bad-chunk-size"
	codeBadChunkEnd      = "bad-chunk-end"
	codeIncomplete       = "incomplete"
	codeNoRequest        = "response-without-request"
	codeUnasked          = "unasked-upgrade"
	codeHeldTooLong      = "held-too-long"
	codeTooManyOpen      = "too-many-open"
	codeBadJSON          = "bad-json"
	codeBadFrame         = "bad-frame-header"
	codeBadCoding        = "bad-coding"
	codeBomb             = "coding-bomb"
	codeNotDecoded       = "not-decoded"
	codeBadWebSocket     = "bad-websocket"
	codeLost             = "lost"
	codePanic            = "decoder-panic"
)

// Codes says what each anomaly code means.
var Codes = map[string]string{
	codeNotHTTP:          "the bytes are not HTTP/1",
	codeBadRequestLine:   "the request line is malformed (RFC 9112, section 3)",
	codeBadStatusLine:    "the status line is malformed (RFC 9112, section 4)",
	codeBadField:         "a field line has no colon or forbidden characters (RFC 9112, section 5)",
	codeSpaceBeforeColon: "there is white space between a field name and its colon (RFC 9112, section 5.1)",
	codeFold:             "a field value is folded over several lines (RFC 9112, section 5.2)",
	codeBareLF:           "a line ends in LF without CR (RFC 9112, section 2.2)",
	codeHeadTooLarge:     "a head or a line is longer than the decoder keeps",
	codeBothLengths:      "a message has both Transfer-Encoding and Content-Length (RFC 9112, section 6.1)",
	codeBadLength:        "Content-Length is not one number (RFC 9112, section 6.3)",
	codeBadTransfer:      "Transfer-Encoding does not end in chunked, or is not allowed (RFC 9112, section 6.1)",
	codeBadChunkSize:     "a chunk size is not a hexadecimal number, or too large (RFC 9112, section 7.1)",
	codeBadChunkEnd:      "a chunk is not followed by a line end (RFC 9112, section 7.1)",
	codeIncomplete:       "the connection ended within a message (RFC 9112, section 8)",
	codeNoRequest:        "a response came that no request asked for",
	codeUnasked:          "the daemon changed the protocol without being asked to (RFC 9110, section 15.2.2)",
	codeHeldTooLong:      "the client sent much behind an upgrade that is not answered yet",
	codeTooManyOpen:      "the client sent many requests without waiting for an answer",
	codeBadJSON:          "a body that should be JSON is not",
	codeBadFrame:         "a stream that should be multiplexed has a malformed frame header",
	codeBadCoding:        "a body is not in the content coding that it is labelled with, or ends within it (RFC 9110, section 8.4)",
	codeBomb:             "a body decodes to far more than it was sent as; the rest of it is not decoded",
	codeNotDecoded:       "a body or stream is not decoded: the memory for it is spent",
	codeBadWebSocket:     "a WebSocket frame breaks the protocol (RFC 6455, section 5)",
	codeLost:             "bytes of the traffic were not captured",
	codePanic:            "the decoder failed; the rest of the connection is shown as raw bytes",
}

// anomaly reports what is wrong with the bytes at off of h.
func (d *Conn) anomaly(h *half, ex *exchange, off int64, code, detail string) {
	d.emit(&wire.Anomaly{Meta: d.meta(h, ex, off, off), Code: code, Detail: detail})
}
