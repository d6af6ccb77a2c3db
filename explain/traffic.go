package explain

import "github.com/socktrace/socktrace/dockerapi"

// shapes are what bodies, or streams in their place, consist of, in words.
var shapes = [...]string{
	dockerapi.NoBody:      "",
	dockerapi.JSON:        "a JSON document",
	dockerapi.JSONStream:  "JSON documents, as they come",
	dockerapi.Multiplexed: "output in frames that tell stdout from stderr; raw with a terminal",
	dockerapi.Tar:         "a tar archive",
	dockerapi.Text:        "text",
	dockerapi.Hijack:      "a stream both ways, in place of HTTP",
	dockerapi.WebSocket:   "a WebSocket",
	dockerapi.H2C:         "HTTP/2, in place of HTTP/1",
	dockerapi.Stream:      "frames of HTTP/2",
	dockerapi.Raw:         "bytes",
}

// describe says of e what the table of dockerapi says; op may be nil.
func describe(e *Entry, op *dockerapi.Operation) {
	if op == nil {
		return
	}
	e.Sends, e.Answers = shapes[op.RequestBody], shapes[op.Response]
	e.AnswerFields, e.Gone = op.Answers(), op.Gone()
	for _, a := range op.Arguments() {
		if a.Field {
			e.Fields = append(e.Fields, a)
		} else {
			e.Parameters = append(e.Parameters, a)
		}
	}
	if op.Carries != "" && op.RequestBody == dockerapi.Tar {
		e.Sends += ": " + op.Carries
	}
	if op.Carries != "" && op.Response == dockerapi.Tar {
		e.Answers += ": " + op.Carries
	}
	if op.BodyIf != "" {
		e.Sends += ", with " + op.BodyIf
	}
	const until = "until something happens, or the client leaves"
	switch op.Waiting {
	case dockerapi.Waits:
		e.Lasts = until
	case dockerapi.Follows:
		e.Lasts = until + ", with follow=1"
	case dockerapi.Streams:
		e.Lasts = until + ", unless stream=0"
	}
}
