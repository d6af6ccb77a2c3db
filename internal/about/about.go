// Package about writes and reads, as JSON, what an exchange is about and what became
// of it: in JSON lines and in HAR files it is the same.
package about

import (
	"encoding/json"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/rpcstatus"
	"github.com/socktrace/socktrace/wire"
)

// Write writes what is known of x, as members of the object in w.
func Write(w *jsontext.Writer, x *wire.Exchange) {
	if s := &x.Subject; s.Type != "" {
		w.Open("subject", '{')
		w.String("type", s.Type)
		w.Optional("id", s.ID)
		w.Optional("name", s.Name)
		w.Optional("container", s.Container)
		w.Close('}')
	}
	if len(x.Details) > 0 {
		w.Open("details", '[')
		for _, d := range x.Details {
			w.Pair(d.Name, d.Value)
		}
		w.Close(']')
	}
	if g, is := x.GRPC(); is {
		w.Open("grpc", '{')
		w.String("method", g.Method)
		w.Optional("status", g.Status)
		w.Optional("message", g.Message)
		if doc, ok := rpcstatus.JSON(g.Details); ok {
			w.JSON("details", doc)
		}
		if g.Timeout > 0 {
			w.Millis("timeout_ms", g.Timeout)
		}
		w.Int("requests", g.Messages[wire.ToServer])
		w.Int("responses", g.Messages[wire.ToClient])
		w.Close('}')
	}
	w.Optional("error", x.Outcome.Error)
	if code := x.Outcome.Exit; code != nil {
		w.Int("exit_code", *code)
	}
	w.Flag("client_left", x.Outcome.Left)
}

// Note is what Write has written, for encoding/json. A member that is none of these
// tells nothing; the others do.
type Note struct {
	Subject    loosely[subject]             `json:"subject"`
	Details    loosely[[]loosely[[]string]] `json:"details"`
	GRPC       loosely[*grpc]               `json:"grpc"`
	Error      loosely[string]              `json:"error"`
	ExitCode   loosely[*int64]              `json:"exit_code"`
	ClientLeft loosely[bool]                `json:"client_left"`
}

type subject struct {
	Type      string `json:"type"`
	ID        string `json:"id"`
	Name      string `json:"name"`
	Container string `json:"container"`
}

type grpc struct {
	Requests  int64 `json:"requests"`
	Responses int64 `json:"responses"`
}

// loosely is a value that is zero where the JSON says something else than a T.
type loosely[T any] struct{ V T }

// UnmarshalJSON reads what can be read.
func (l *loosely[T]) UnmarshalJSON(b []byte) error {
	var v T
	if json.Unmarshal(b, &v) == nil {
		l.V = v
	}
	return nil
}

// Messages returns how many messages of gRPC there were, by direction; nil if it
// was none.
func (n *Note) Messages() *[2]int64 {
	g := n.GRPC.V
	if g == nil {
		return nil
	}
	return &[2]int64{g.Requests, g.Responses}
}

// About returns what the note tells; nil if that is nothing.
func (n *Note) About() *wire.About {
	a := &wire.About{
		Subject: wire.Subject(n.Subject.V),
		Outcome: wire.Outcome{Error: n.Error.V, Exit: n.ExitCode.V, Left: n.ClientLeft.V},
	}
	for _, d := range n.Details.V {
		if d := d.V; len(d) == 2 {
			a.Details = append(a.Details, wire.Detail{Name: d[0], Value: d[1]})
		}
	}
	if a.Subject == (wire.Subject{}) && a.Details == nil && a.Outcome == (wire.Outcome{}) {
		return nil
	}
	return a
}
