package strace

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// noon is the time of tests in which lines have none.
var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// told is what taps were shown.
type told struct {
	t     testing.TB
	lines []string
	conns []*wire.Conn
	bytes [2]int
}

// tap notes what a connection says; it fails the test if it is not used as taps are.
type tap struct {
	*told
	conn  *wire.Conn
	last  time.Time
	eof   [2]bool
	ended bool
}

func (o *told) tap(c *wire.Conn) wire.Tap {
	o.conns = append(o.conns, c)
	o.lines = append(o.lines, fmt.Sprintf("%d open %v > %v", c.ID, c.Client, c.Server))
	return &tap{told: o, conn: c, last: c.Start}
}

func (p *tap) Chunk(c wire.Chunk) {
	switch {
	case p.ended:
		p.t.Error("a chunk behind the end")
	case len(c.Data) == 0 && c.Lost == 0 && !c.EOF:
		p.t.Error("a chunk of nothing")
	case c.Time.Before(p.last):
		p.t.Errorf("time goes from %v to %v", p.last, c.Time)
	case p.eof[c.Dir]:
		p.t.Error("a chunk behind the end of its direction")
	case c.Conn != p.conn:
		p.t.Error("a chunk of another connection")
	}
	p.last, p.eof[c.Dir] = c.Time, c.EOF
	p.bytes[c.Dir] += len(c.Data)
	line := fmt.Sprintf("%d %c", p.conn.ID, "><"[c.Dir])
	if c.Lost != 0 {
		line += fmt.Sprintf(" lost %d", c.Lost)
	}
	if len(c.Data) > 0 {
		line += fmt.Sprintf(" %.120q", c.Data)
	}
	if len(c.Data) > 120 {
		line += fmt.Sprintf("… %d", len(c.Data))
	}
	if c.EOF {
		line += " eof"
	}
	p.lines = append(p.lines, line)
	clear(c.Data) // whoever reads it again will notice
}

func (p *tap) End(t time.Time, err error) {
	if p.ended || t.Before(p.last) {
		p.t.Errorf("ended %v, at %v behind %v", p.ended, t, p.last)
	}
	p.ended = true
	line := fmt.Sprintf("%d end", p.conn.ID)
	if err != nil {
		line += " " + err.Error()
	}
	p.lines = append(p.lines, line)
}

// readAll reads a text, and returns what was told, with the remarks.
func readAll(t testing.TB, text io.Reader, o Options) (*told, Stats, error) {
	t.Helper()
	got := &told{t: t}
	if o.Recognize == nil {
		o.Recognize = decode.Recognize
	}
	now := noon
	o.Now = func() time.Time { return now }
	stats, err := Read(context.Background(), text, o, got.tap)
	for _, r := range stats.Remarks() {
		got.lines = append(got.lines, "remark: "+r)
	}
	if err != nil {
		got.lines = append(got.lines, "error: "+err.Error())
	}
	return got, stats, err
}

// check reads lines, and fails the test if something else is told than want.
func check(t *testing.T, text string, want ...string) {
	t.Helper()
	got, _, err := readAll(t, strings.NewReader(text), Options{})
	if err != nil && !errors.Is(err, ErrNone) && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	if g, w := strings.Join(got.lines, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}
