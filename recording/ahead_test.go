package recording

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
)

// closed is a reader that can be closed, once.
type closed struct {
	io.Reader
	t    *testing.T
	over bool
}

func (c *closed) Read(b []byte) (int, error) {
	if c.over {
		c.t.Error("read when it was closed")
	}
	return c.Reader.Read(b)
}

func (c *closed) Close() error {
	c.over = true
	return errClosed
}

var errClosed = errors.New("closed")

// TestAhead: what is read ahead is what there is, with its end, also if that is an error.
func TestAhead(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	fill := rand.NewChaCha8([32]byte{1})
	broken := errors.New("broken")
	for range 50 {
		data := make([]byte, r.IntN(3*aheadPieces*aheadBytes)>>r.IntN(12))
		_, _ = fill.Read(data)
		var in io.Reader = bytes.NewReader(data)
		var want error
		if r.IntN(2) == 0 {
			in, want = io.MultiReader(in, iotest.ErrReader(broken)), broken
		}
		if r.IntN(2) == 0 {
			in = iotest.DataErrReader(in)
		}
		c := &closed{Reader: in, t: t}
		a := readAhead(c)
		got, err := io.ReadAll(a)
		if !bytes.Equal(got, data) || err != want {
			t.Errorf("%d bytes, %v; want %d, %v", len(got), err, len(data), want)
		}
		if n, err := a.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Errorf("behind the end: %d, %v", n, err)
		}
		if err := a.Close(); err != errClosed {
			t.Errorf("close: %v", err)
		}
	}
}

// TestAheadClosed: who has read enough closes, and nothing is read any more.
func TestAheadClosed(t *testing.T) {
	for reads := range 12 {
		a := readAhead(&closed{Reader: rand.NewChaCha8([32]byte{}), t: t})
		b := make([]byte, aheadBytes)
		for range reads {
			if _, err := a.Read(b); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.Close(); err != errClosed {
			t.Errorf("close: %v", err)
		}
	}
}
