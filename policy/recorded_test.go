package policy

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

// played has a sink see a recorded session as it does in the program, and returns what it wrote.
func played(t *testing.T, session *transcript.Session, o Options) (text string, s *Sink) {
	t.Helper()
	var out bytes.Buffer
	s = New(&out, o)
	book := flow.New(flow.Options{
		Mask: redact.New(redact.Options{}).Event, Learn: subject.NewReader().Learn,
		Failed: func(_ string, err error) { t.Error(err) }, Still: true, Unhurried: true,
	})
	outlet := book.Add("the rules", s, flow.Delivery{})
	var numbers wire.Numbers
	do := decode.Options{Needs: book.Needs(), MaxMessage: 1 << 20, Numbers: &numbers, Terminals: decode.NewTerminals()}
	for _, c := range session.Conns {
		conn := c.Wire(numbers.Next(), time.Unix(1<<30, 0))
		d := decode.New(conn, do, book.Of(conn))
		d.Open()
		c.Play(conn, d)
	}
	book.Close()
	if err := outlet.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String(), s
}

// TestRecorded: the rules of a recorded session, in all forms, deny nothing of it, but what they
// say that they do; and without any one of their rules they do.
func TestRecorded(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/captures/*.txt")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d sessions, %v", len(files), err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		session, err := transcript.Parse(file, b)
		if err != nil {
			t.Fatal(err)
		}
		_, s := played(t, session, Options{})
		for _, u := range s.account.seen.Operations {
			seen[u.Name()] = true
		}
		if len(s.account.seen.Operations) == 0 {
			if s.account.seen.Requests > s.account.seen.HTTP2 {
				t.Errorf("%s: nothing was seen", file)
			}
			continue // there are no rules to read
		}
		for _, p := range Proxies() {
			for _, form := range p.Forms {
				text, _ := played(t, session, Options{Proxy: p, Form: form})
				r, err := ReadRules(file, []byte(text), p)
				if err != nil {
					t.Fatal(err)
				}
				denials, s := played(t, session, Options{Rules: r})
				if s.Denied() {
					t.Errorf("%s for %s as %s: %s\n%s", file, p.Name, form, denials, text)
				}
			}
			compareFewer(t, file, session, p)
		}
	}
	for _, want := range []string{"Session", "GRPC", "ContainerArchive", "PutContainerArchive", "ImageCreate", "ContainerAttach", "SecretCreate"} {
		if !seen[want] {
			t.Errorf("%s is in no session", want)
		}
	}
}

// compareFewer takes one rule away after the other: each is needed.
func compareFewer(t *testing.T, file string, session *transcript.Session, p *Proxy) {
	t.Helper()
	_, s := played(t, session, Options{})
	form := p.Forms[len(p.Forms)-1]
	text := s.account.seen.Rules(p, form)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		rule := strings.TrimSpace(line)
		if rule == "" || rule[0] == '#' || rule[0] == '!' || strings.HasSuffix(rule, "=0") || strings.HasSuffix(rule, ":") || strings.Contains(rule, "bindmount") {
			continue
		}
		with := lines[i]
		lines[i] = "" // unless it is one that is on unasked
		if name, ok := strings.CutSuffix(rule, "=1"); ok {
			lines[i] = name + "=0"
		}
		fewer := strings.Join(lines, "\n")
		lines[i] = with
		r, err := ReadRules(file, []byte(fewer), p)
		if err != nil {
			continue // it was the only one
		}
		if _, s := played(t, session, Options{Rules: r}); !s.Denied() {
			if _, s := played(t, session, Options{Rules: older(r)}); !s.Denied() {
				t.Errorf("%s for %s: nothing needs %s", file, p.Name, rule)
			}
		}
	}
}
