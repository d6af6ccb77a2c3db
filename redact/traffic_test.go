package redact_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

// maskedInCaptures is what is masked in sessions of real clients with a real
// daemon: sessions of BuildKit, archives, what is typed, and two secrets.
var maskedInCaptures = []string{
	"bkit 1.2 request.query.session response.body.aux",
	"bkit 2.1 request.headers.X-Docker-Expose-Session-Sharedkey request.headers.X-Docker-Expose-Session-Uuid",
	"bkit 3.3 response.body.data",
	"bksess 1.2 request.headers.x-docker-expose-session-uuid",
	"bksess 2.1 response.body.data",
	"bksess 2.2 response.body.data",
	"buildleg 1.2 request.body",
	"cpin 1.3 request.body",
	"cpout 1.2 response.body",
	"grpcsess 2.2 request.headers.x-docker-expose-session-uuid",
	"grpcsess 3.3 response.body.data",
	"n_runt 2.1 request.stdin",
	"n_secret 1.2 request.body.Data",
	"pullauth 1.2 request.headers.X-Registry-Auth",
	"runi 2.1 request.stdin",
	"runit 2.1 request.stdin",
}

// TestOrdinaryTraffic: whatever is not in that list comes out as it went in.
func TestOrdinaryTraffic(t *testing.T) {
	var got []string
	for _, s := range tracetest.Captures(t) {
		for _, x := range maskedExchanges(t, s.Session) {
			got = append(got, fmt.Sprintf("%s %d.%d %s", s.Name, x.Conn.ID, x.Exchange, strings.Join(x.Masked, " ")))
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, maskedInCaptures) {
		t.Errorf("masked:\n%s", strings.Join(got, "\n"))
	}
}

// TestOddTraffic: of the transcripts that decoders are tested with, only what
// is typed and archives are masked, folded lines that nobody can tell, and, since it is
// shown decoded, why a call has failed.
func TestOddTraffic(t *testing.T) {
	for _, s := range tracetest.Load(t, filepath.Join("..", "decode", "testdata", "transcripts", "*.txt")) {
		for _, x := range maskedExchanges(t, s.Session) {
			for _, name := range x.Masked {
				if !slices.Contains([]string{"request.stdin", "request.body", "response.body", "request.raw", "response.raw", "request.headers", "request.body.data", "response.body.data",
					"response.headers.grpc-status-details-bin", "response.trailers.grpc-status-details-bin"}, name) {
					t.Errorf("%s %d.%d: %s", s.Name, x.Conn.ID, x.Exchange, name)
				}
			}
		}
	}
}

// maskedExchanges returns the exchanges of a session in which something was
// masked, and what connections have outside of theirs as one with the number 0. Events that name nothing must be those that went in.
func maskedExchanges(t *testing.T, s *transcript.Session) (all []*wire.Exchange) {
	t.Helper()
	r := redact.New(redact.Options{})
	for i, c := range s.Conns {
		conn := c.Wire(i+1, time.Time{})
		o := decode.Options{
			Needs:     wire.Needs{Fields: true, Sizes: true, Messages: true, Body: 1 << 20, Keeps: true},
			Terminals: decode.NewTerminals(),
		}
		book := tracetest.Booked(func(ev wire.Event) {
			if x, ok := ev.(*wire.Exchange); ok && len(x.Masked) > 0 {
				all = append(all, x)
			}
		})
		c.Play(conn, decode.New(conn, o, func(ev wire.Event) {
			after := r.Event(ev)
			book(after)
			if m, ok := after.(*wire.Message); ok && m.Exchange == 0 && len(m.Masked) > 0 {
				all = addMasked(all, m)
			}
			if _, end := ev.(*wire.End); end {
				return
			}
			if _, anomaly := ev.(*wire.Anomaly); after != ev && !anomaly && !strings.Contains(tracetest.Dump(after), "masked=") {
				t.Errorf("changed without a word:\n%s\n%s", tracetest.Dump(ev), tracetest.Dump(after))
			}
		}))
	}
	return all
}

// addMasked notes what is masked of m, which belongs to no exchange.
func addMasked(all []*wire.Exchange, m *wire.Message) []*wire.Exchange {
	i := slices.IndexFunc(all, func(x *wire.Exchange) bool { return x.Conn == m.Conn && x.Exchange == 0 })
	if i < 0 {
		return append(all, &wire.Exchange{Meta: wire.Meta{Conn: m.Conn}, Masked: m.Masked})
	}
	for _, name := range m.Masked {
		if x := all[i]; !slices.Contains(x.Masked, name) {
			x.Masked = append(slices.Clone(x.Masked), name)
		}
	}
	return all
}
