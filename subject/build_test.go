package subject

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestStepFailed: a stream of progress has failed if one of its steps has.
func TestStepFailed(t *testing.T) {
	const status = "/moby.buildkit.v1.Control/Status"
	for _, c := range []struct {
		path     string
		dir      wire.Dir
		messages []string
		want     string
	}{
		{status, wire.ToClient, []string{`{"vertexes":[{"name":"[2/3] RUN make","completed":"x"}]}`}, ""},
		{status, wire.ToClient, []string{`{}`, `{"vertexes":[{"name":"a"},{"name":"[2/3] RUN make","error":"exit code: 2"},{"name":"b","error":"other"}]}`, `{"vertexes":[{"name":"c","error":"third"}]}`}, "[2/3] RUN make: exit code: 2"},
		{status, wire.ToClient, []string{`{"vertexes":[{"name":"a","error":"rpc error: context canceled"},{"name":"b","error":"exit code: 2"}]}`}, "b: exit code: 2"},
		{status, wire.ToClient, []string{`{"vertexes":[{"name":"a","error":"context canceled"}]}`}, ""},
		{status, wire.ToClient, []string{`{"vertexes":[{"error":"exit code: 2"}]}`}, "exit code: 2"},
		{status, wire.ToClient, []string{`{"logs":[{"msg":"\"error\"","error":"x"}]}`}, ""},
		{status, wire.ToServer, []string{`{"vertexes":[{"name":"a","error":"b"}]}`}, ""},
		{"/moby.buildkit.v1.Control/Solve", wire.ToClient, []string{`{"vertexes":[{"name":"a","error":"b"}]}`}, ""},
	} {
		x := &wire.Exchange{Request: &wire.Request{Stream: 1, Target: c.path}, Response: &wire.Response{Status: 200}, State: wire.StateDone}
		r := NewReader()
		for i, m := range c.messages {
			r.Learn(&wire.Message{Meta: wire.Meta{Dir: c.dir}, Kind: wire.KindGRPC, Index: i, Data: []byte(m)}, x)
		}
		if r.Learn(x, x); x.Outcome.Error != c.want || x.Failed() != (c.want != "") {
			t.Errorf("%s %q: got %q", c.path, c.messages, x.Outcome.Error)
		}
	}
}
