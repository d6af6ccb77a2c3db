package decode

// Options says how much a decoder does, and how much memory it may use. The
// zero value decodes heads and framing and keeps no content. Content codings
// are removed only for those who see what is inside: with Messages or KeepBody.
type Options struct {
	// Messages asks for Message events: JSON values, frames, text. Without
	// it bodies are only measured.
	Messages bool
	// Transient lets the decoder use the memory of events again as soon as
	// emit has returned, or, for what is part of an exchange, as soon as it
	// has returned for its Exchange event: nobody may keep them longer. Fresh
	// memory, which is not in the processor's cache, is most of what a small
	// exchange costs.
	Transient bool
	// MaxMessage bounds one JSON value or WebSocket message in memory; 0 is
	// 1 MiB.
	MaxMessage int
	// KeepBody is how many bytes of each body are kept for its Body and
	// Exchange events; with Messages, at least Preview bytes are.
	KeepBody int64
	// Budget, if not nil, bounds what the decoders of all connections keep of
	// bodies, unfinished messages and decompressors together. What finds it
	// spent is cut, or not decoded.
	Budget *Budget
	// Digest asks for the SHA-256 of binary bodies; it needs Messages or
	// KeepBody.
	Digest bool
	// Operation, if not nil, names what a request asks for. It is called
	// once a request.
	Operation func(method, target string) string
	// Docker, if not nil, is what the decoders of all connections have
	// learned about containers.
	Docker *Docker
}

// Preview is how much of a body is kept for a look at its beginning.
const Preview = 64

func (o Options) maxMessage() int {
	if o.MaxMessage > 0 {
		return o.MaxMessage
	}
	return 1 << 20
}
