// Package about writes and reads, as JSON, what an exchange is about and what became
// of it: in JSON lines and in HAR files it is the same.
package about

import (
	"github.com/socktrace/socktrace/internal/jsontext"
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

// Note is what Write has written, for encoding/json.
type Note struct {
	Subject struct {
		Type      string `json:"type"`
		ID        string `json:"id"`
		Name      string `json:"name"`
		Container string `json:"container"`
	} `json:"subject"`
	Details [][2]string `json:"details"`
	GRPC    *struct {
		Requests  int64 `json:"requests"`
		Responses int64 `json:"responses"`
	} `json:"grpc"`
	Error      string `json:"error"`
	ExitCode   *int64 `json:"exit_code"`
	ClientLeft bool   `json:"client_left"`
}

// Messages returns how many messages of gRPC there were, by direction; nil if it
// was none.
func (n *Note) Messages() *[2]int64 {
	if n.GRPC == nil {
		return nil
	}
	return &[2]int64{n.GRPC.Requests, n.GRPC.Responses}
}

// About returns what the note tells; nil if that is nothing.
func (n *Note) About() *wire.About {
	a := &wire.About{
		Subject: wire.Subject(n.Subject),
		Outcome: wire.Outcome{Error: n.Error, Exit: n.ExitCode, Left: n.ClientLeft},
	}
	for _, d := range n.Details {
		a.Details = append(a.Details, wire.Detail{Name: d[0], Value: d[1]})
	}
	if a.Subject == (wire.Subject{}) && a.Details == nil && a.Outcome == (wire.Outcome{}) {
		return nil
	}
	return a
}
