package strace

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/socktrace/socktrace/decode"
)

// FuzzRead reads anything: it must end, without a panic, within its bounds, and use its
// taps as they are to be used.
func FuzzRead(f *testing.F) {
	for _, text := range logs(f) {
		f.Add(text)
	}
	for _, line := range []string{dial, ask, answer, "1 close_range(3, ~0U, CLOSE_RANGE_UNSHARE) = 0\n", "[pid 3] <... read resumed>\"\\1\"..., 5) = 4\n"} {
		f.Add([]byte(line))
		f.Add([]byte(dial + line + ask + answer))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := &told{t: t}
		r := newReader(Options{MaxSockets: 8, MaxHeld: 1 << 16, Recognize: decode.Recognize}, got.tap)
		err := r.read(context.Background(), bytes.NewReader(text))
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Error(err)
		}
		if len(r.tasks) > 8 || r.threads.Len() != len(r.tasks) || r.sockets.Len() > 8 || r.entries > 8*perSocket || r.entries < 0 || r.held > 4<<16 {
			t.Errorf("%d threads, %d sockets, %d bytes", len(r.tasks), r.sockets.Len(), r.held)
		}
		if r.finish(); r.held != 0 {
			t.Errorf("%d bytes are held in the end", r.held)
		}
		r.stats.Remarks()
		for _, o := range got.conns {
			_ = o.Client.String() + o.Server.String()
		}
	})
}

// FuzzLine takes apart anything: all that it returns is of the text.
func FuzzLine(f *testing.F) {
	for _, text := range logs(f) {
		for line := range bytes.Lines(text) {
			f.Add(bytes.TrimSuffix(line, []byte("\n")))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		l := parseLine(text)
		args, rest, ok := split(nil, l.args)
		n := len(rest)
		for _, a := range args {
			n += len(a)
			unquote(nil, a)
			parseDescriptor(a)
			parseAddress(a)
		}
		if n > len(text) {
			t.Errorf("%d bytes of %d", n, len(text))
		}
		if ok {
			parseResult(rest)
		}
		Recognize(text)
	})
}
