package har

import "github.com/socktrace/socktrace/wire"

// aboutNote is what an exchange is about, and what became of it, in the member
// _socktrace.
type aboutNote struct {
	Subject struct {
		Type      string `json:"type"`
		ID        string `json:"id"`
		Name      string `json:"name"`
		Container string `json:"container"`
	} `json:"subject"`
	Details    [][2]string `json:"details"`
	Error      string      `json:"error"`
	ExitCode   *int64      `json:"exit_code"`
	ClientLeft bool        `json:"client_left"`
}

// about writes what the exchange is about, as JSON lines have it.
func (o *object) about(e *entry) {
	if s := &e.Subject; s.Type != "" {
		o.Open("subject", '{')
		o.String("type", s.Type)
		o.Optional("id", s.ID)
		o.Optional("name", s.Name)
		o.Optional("container", s.Container)
		o.Close('}')
	}
	if len(e.Details) > 0 {
		o.Open("details", '[')
		for _, d := range e.Details {
			o.Pair(d.Name, d.Value)
		}
		o.Close(']')
	}
	o.Optional("error", e.Outcome.Error)
	if code := e.Outcome.Exit; code != nil {
		o.Int("exit_code", *code)
	}
	o.Flag("client_left", e.Outcome.Left)
}

// restore gives x what the note tells.
func (n *aboutNote) restore(x *wire.Exchange) {
	x.Subject = wire.Subject(n.Subject)
	for _, d := range n.Details {
		x.Details = append(x.Details, wire.Detail{Name: d[0], Value: d[1]})
	}
	x.Outcome = wire.Outcome{Error: n.Error, Exit: n.ExitCode, Left: n.ClientLeft}
}

// aboutOf returns what is told of x; nil if that is nothing.
func aboutOf(x *wire.Exchange) *wire.About {
	if x.Subject == (wire.Subject{}) && len(x.Details) == 0 && x.Outcome == (wire.Outcome{}) {
		return nil
	}
	return &wire.About{Subject: x.Subject, Details: x.Details, Outcome: x.Outcome}
}
